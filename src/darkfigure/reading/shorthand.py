"""What stands in the cell of a published table: a figure, bounds, or why there is none.

The marks are those of the Government Analysis Function ("Symbols in tables", analysisfunction.civil
service.gov.uk) and what is used beside them. A mark that means one thing here and another there (a
dash, a star, two dots) is read only as the file's reading says; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from darkfigure.basis.status import CellReason, Status


class Meaning(NamedTuple):
    """What a mark says: a reason why there is no figure, nought, or how settled the figure is.

    `note` is a code of the wording `problems.mark`, for what neither says.
    """

    reason: str = ""
    status: str = ""
    value: str = ""
    note: str = ""


#: Marks with one meaning, whoever publishes.
KNOWN: dict[str, Meaning] = {
    **{str(reason): Meaning(str(reason)) for reason in CellReason},
    "[c]": Meaning(CellReason.SUPPRESSED),
    "[x]": Meaning(CellReason.NOT_AVAILABLE),
    "[z]": Meaning(CellReason.NOT_APPLICABLE),
    "n/a": Meaning(CellReason.NOT_APPLICABLE),
    "not applicable": Meaning(CellReason.NOT_APPLICABLE),
    "not available": Meaning(CellReason.NOT_AVAILABLE),
    "not collected": Meaning(CellReason.NOT_COLLECTED),
    "not known": Meaning(CellReason.NOT_KNOWN),
    "unknown": Meaning(CellReason.NOT_KNOWN),
    "not held": Meaning(CellReason.NOT_HELD),
    "held elsewhere": Meaning(CellReason.HELD_ELSEWHERE),
    "exempt": Meaning(CellReason.EXEMPT),
    "suppressed": Meaning(CellReason.SUPPRESSED),
    "withheld": Meaning(CellReason.WITHHELD),
    "[p]": Meaning(status=Status.PROVISIONAL),
    "p": Meaning(status=Status.PROVISIONAL),
    "(p)": Meaning(status=Status.PROVISIONAL),
    "[r]": Meaning(status=Status.REVISED),
    "r": Meaning(status=Status.REVISED),
    "(r)": Meaning(status=Status.REVISED),
    "[e]": Meaning(note="estimated"),
    "[u]": Meaning(note="low_reliability"),
    "[b]": Meaning(note="break"),
    "[f]": Meaning(note="forecast"),
    "[w]": Meaning(CellReason.NOT_AVAILABLE),
    "[low]": Meaning(note="low"),
}
#: Marks that mean different things in different tables: a reading says which.
ASKED = ("-", "..", ":", ".", "*", "~", "x", "c", "z", "na", "nil", "none", "#")
#: What a reading may say a mark means, by the word it uses.
MEANINGS: dict[str, Meaning] = {
    "nought": Meaning(value="0"),
    **{str(reason): Meaning(str(reason)) for reason in CellReason},
    **{str(status): Meaning(status=str(status)) for status in Status},
    "nothing": Meaning(),
}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[ ,'’]\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+", re.ASCII)
_CONTINENTAL = re.compile(r"[-+]?(?:\d{1,3}(?:[ .'’]\d{3})+|\d+)(?:,\d+)?", re.ASCII)
_BRACKETED_MINUS = re.compile(r"\((\d[\d ,]*(?:\.\d+)?)\)", re.ASCII)
_POWER = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,3}", re.ASCII)
_LESS = re.compile(
    r"(?:<|fewer than|less than|under|below|up to but not including)\s*(\d{1,15})", re.ASCII
)
_AT_MOST = re.compile(
    r"(?:<=|≤|up to|at most|no more than|(\d{1,15}) or (?:fewer|less))\s*(\d{0,15})", re.ASCII
)
_MORE = re.compile(r"(?:>|more than|over|above)\s*(\d{1,15})", re.ASCII)
_AT_LEAST = re.compile(r"(?:>=|≥|at least|(\d{1,15})\s*(?:\+|or more))\s*(\d{0,15})", re.ASCII)
_BETWEEN = re.compile(r"(?:between\s+)?(\d{1,15})\s*(?:-|to|and)\s*(\d{1,15})", re.ASCII)
_NOTE = r"(?:note )?\d{1,2}(?:, ?(?:note )?\d{1,2})*"
_FOOT = rf"\[{_NOTE}\]|\({_NOTE}\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\*{{1,3}}|[†‡~^§]"
_MARK_BEHIND = re.compile(
    rf"(?P<rest>.*?\S)\s*(?P<mark>\[[a-z]{{1,3}}\]|(?<=[\d%])\s*\(?[pre]\)?|{_FOOT})"
)
_FOOTNOTE = re.compile(_FOOT)


@dataclass(frozen=True)
class Shorthand:
    """How a file writes its cells: what its marks mean, its decimal sign, and the least that a
    suppressed count can be.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    comma: bool = False
    least: int = 0
    low_below: str = ""


@dataclass(frozen=True)
class Cell:
    """What a cell says. Numbers are text, so that no digit is lost. `asked` is a mark whose meaning
    the file's reading has to say; `bad` says that the cell could not be read.
    """

    value: str = ""
    low: str = ""
    high: str = ""
    reason: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()
    asked: str = ""
    bad: bool = False


EMPTY = Cell()


def plain_mark(text: str) -> str:
    """A cell as it is compared: one kind of dash, single spaces, small letters."""
    return _SPACES.sub(" ", text.translate(_DASHES)).strip().lower()


def read_cell(text: str, how: Shorthand = Shorthand()) -> Cell:
    """What a cell says; `EMPTY` where nothing stands in it."""
    plain = plain_mark(text)
    if not plain:
        return EMPTY
    meant = _meant(plain, how)
    if meant is not None:
        return meant
    number = _number(plain, how)
    if number is not None:
        return Cell(value=number)
    bounds = _bounds(plain, how)
    if bounds is not None:
        return bounds
    return _marked(plain, how)


def _meant(plain: str, how: Shorthand) -> Cell | None:
    if plain in how.marks:
        return _of(MEANINGS[how.marks[plain]])
    if plain == "[low]":
        return Cell(low="0", high=how.low_below, reason=CellReason.SUPPRESSED, notes=("low",))
    if plain in ("[p]", "p", "(p)", "[r]", "r", "(r)", "[e]", "[u]", "[b]", "[f]"):
        return Cell(bad=True)  # how settled a figure is, and no figure
    if plain in KNOWN:
        return _of(KNOWN[plain])
    return Cell(asked=plain) if plain in ASKED else None


def _of(meaning: Meaning) -> Cell:
    notes = (meaning.note,) if meaning.note else ()
    return Cell(value=meaning.value, reason=meaning.reason, status=meaning.status, notes=notes)


def _number(plain: str, how: Shorthand) -> str | None:
    text = plain.removesuffix("%").strip().removeprefix("£").strip()
    if match := _BRACKETED_MINUS.fullmatch(text):
        if len(match[1]) > 2:  # (12) behind nothing is a footnote, not minus twelve
            text = "-" + match[1]
        else:
            return None
    if how.comma:
        if not _CONTINENTAL.fullmatch(text):
            return None
        text = re.sub(r"[ .'’]", "", text).replace(",", ".")
    elif _POWER.fullmatch(text):
        text = _without_power(text)
    elif _NUMBER.fullmatch(text):
        text = re.sub(r"[ ,'’]", "", text)
    else:
        return None
    return _tidied(text)


def _without_power(text: str) -> str:
    number = float(text)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.6f}"


def _tidied(text: str) -> str:
    sign = "-" if text.startswith("-") else ""
    whole, _, rest = text.lstrip("+-").partition(".")
    rest = rest.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{sign if whole != '0' or rest else ''}{whole}{'.' + rest if rest else ''}"


def _bounds(plain: str, how: Shorthand) -> Cell | None:
    text = plain.replace(",", "") if not how.comma else plain
    reason = CellReason.SUPPRESSED
    if match := _LESS.fullmatch(text):
        if int(match[1]) <= how.least:
            return Cell(bad=True)
        return Cell(low=str(how.least), high=str(int(match[1]) - 1), reason=reason)
    if (match := _AT_MOST.fullmatch(text)) and (most := match[1] or match[2]):
        return Cell(low=str(min(how.least, int(most))), high=most, reason=reason)
    if match := _MORE.fullmatch(text):
        return Cell(low=str(int(match[1]) + 1), reason=reason)
    if (match := _AT_LEAST.fullmatch(text)) and (least := match[1] or match[2]):
        return Cell(low=least, reason=reason)
    if (match := _BETWEEN.fullmatch(text)) and int(match[1]) <= int(match[2]):
        return Cell(low=match[1], high=match[2], reason=reason)
    return None


def _marked(plain: str, how: Shorthand) -> Cell:
    """A figure with marks behind it."""
    match = _MARK_BEHIND.fullmatch(plain)
    if not match:
        return Cell(bad=True)
    rest, mark = read_cell(match["rest"], how), plain_mark(match["mark"])
    if rest.bad or rest == EMPTY or rest.asked:
        return rest if rest.asked else Cell(bad=True)
    if _FOOTNOTE.fullmatch(mark) and mark not in how.marks:
        return _with(rest, notes=("footnote",))
    meaning = MEANINGS[how.marks[mark]] if mark in how.marks else KNOWN.get(mark)
    if meaning is None or meaning.value or meaning.reason:
        return Cell(bad=True)
    return _with(rest, status=meaning.status, notes=(meaning.note,) if meaning.note else ())


def _with(cell: Cell, *, status: str = "", notes: tuple[str, ...] = ()) -> Cell:
    return Cell(
        cell.value,
        cell.low,
        cell.high,
        cell.reason,
        status or cell.status,
        (*cell.notes, *notes),
    )
