"""Live references in the text of an assessment: what is asked, in which form it is shown, under
which name conditions speak of it.

    {{ ask arrests where="operation=Pentameter 2" name=arrests }}
    {{ says "fell" arrests < arrests.before }}
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from darkfigure.basis.errors import Unreadable
from darkfigure.codes import nearest


class Kind(StrEnum):
    """What a reference leads to."""

    ASK = "ask"
    BRIDGE = "bridge"
    TREND = "trend"
    ESTIMATE = "estimate"
    COVERAGE = "coverage"
    GAPS = "gaps"
    FLOW = "flow"
    JUDGEMENT = "judgement"
    KEY_JUDGEMENTS = "key_judgements"
    CHANGES = "changes"
    SOURCES = "sources"
    SAYS = "says"
    LET = "let"


class Form(StrEnum):
    """How what a reference leads to is shown. A chart always has its table with it."""

    NUMBER = "number"
    SENTENCE = "sentence"
    TABLE = "table"
    CHART = "chart"
    BOX = "box"
    TERM = "term"
    NONE = "none"


#: What a kind takes beside its subject, and the forms it has, the first where none is said.
_QUESTION = ("by", "where", "period", "unit", "evidence", "rule", "as_at")
_TAKES: Mapping[Kind, tuple[str, ...]] = {
    Kind.ASK: (*_QUESTION, "as", "name", "title"),
    Kind.BRIDGE: (*_QUESTION[:-1], "from", "as", "name", "title"),
    Kind.TREND: ("of", "from", "to", "where", "unit", "evidence", "rule", "as", "name", "title"),
    Kind.ESTIMATE: ("period", "as", "name", "title"),
    Kind.COVERAGE: ("as", "name", "title"),
    Kind.GAPS: ("title",),
    Kind.FLOW: ("where", "as", "title"),
    Kind.JUDGEMENT: ("as",),
    Kind.KEY_JUDGEMENTS: (),
    Kind.CHANGES: (),
    Kind.SOURCES: (),
}
_FORMS: Mapping[Kind, tuple[Form, ...]] = {
    Kind.ASK: (Form.NUMBER, Form.TABLE, Form.CHART, Form.NONE),
    Kind.BRIDGE: (Form.SENTENCE, Form.TABLE, Form.CHART),
    Kind.TREND: (Form.SENTENCE, Form.TABLE, Form.NONE),
    Kind.ESTIMATE: (Form.NUMBER, Form.TABLE, Form.CHART, Form.NONE),
    Kind.COVERAGE: (Form.SENTENCE, Form.TABLE, Form.CHART, Form.NONE),
    Kind.GAPS: (Form.TABLE,),
    Kind.FLOW: (Form.CHART, Form.TABLE),
    Kind.JUDGEMENT: (Form.BOX, Form.TERM),
    Kind.KEY_JUDGEMENTS: (Form.BOX,),
    Kind.CHANGES: (Form.TABLE,),
    Kind.SOURCES: (Form.TABLE,),
}
#: Kinds that say of what: the others are of their chapter, or of the whole edition.
_SUBJECT = {Kind.ASK, Kind.BRIDGE, Kind.TREND, Kind.ESTIMATE, Kind.COVERAGE, Kind.JUDGEMENT}
#: Forms that stand in a sentence; every other is a block of its own.
INLINE = frozenset({Form.NUMBER, Form.SENTENCE, Form.TERM, Form.NONE})
#: Fields that may be said several times.
_SEVERAL = ("where",)


@dataclass(frozen=True)
class Reference:
    """What stands between two pairs of braces.

    `subject` is the measure, population, requirement or judgement; `fields` what is said beside it,
    in the order of its kind. Of `says` the subject is the words shown, of `let` the name that is
    made; `condition` is what has to hold, or what the name stands for.
    """

    kind: Kind
    subject: str = ""
    form: Form = Form.NONE
    fields: tuple[tuple[str, str], ...] = ()
    name: str = ""
    condition: str = ""

    @property
    def key(self) -> str:
        """The same for every way of typing it; what is shown of it is kept under it."""
        said = [f"{field}={value}" for field, value in self.fields]
        return " | ".join([str(self.kind), self.subject, str(self.form), *said, self.condition])

    @property
    def is_inline(self) -> bool:
        """Whether it stands in a sentence."""
        return self.form in INLINE

    @property
    def is_looked_up(self) -> bool:
        """Whether it leads to something: conditions and names only speak of what is said."""
        return self.kind not in (Kind.SAYS, Kind.LET)

    def field(self, name: str) -> str:
        """What a field says; nothing where it is not there."""
        return next((value for field, value in self.fields if field == name), "")

    def all(self, name: str) -> list[str]:
        """What a field that may be said several times says."""
        return [value for field, value in self.fields if field == name]


@dataclass
class _Words:
    """The words of a reference, sorted."""

    plain: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)


def read_reference(text: str) -> Reference:
    """The reference that stands between braces. Raises Unreadable: what is wrong, and what would be
    right.
    """
    name, _, rest = text.strip().partition(" ")
    if name not in list(Kind):
        raise Unreadable(f"{name!r} is no reference. {nearest(name, list(map(str, Kind)))}")
    kind = Kind(name)
    if kind is Kind.SAYS:
        return _says(rest)
    if kind is Kind.LET:
        return _let(rest)
    words = _sorted(rest, kind)
    subject = _subject(kind, words.plain)
    given = dict(words.fields)
    return Reference(
        kind,
        subject,
        _form(kind, given.get("as", "")),
        tuple(
            (field, value)
            for field in _TAKES[kind]
            for told, value in words.fields
            if told == field and field not in ("as", "name")
        ),
        _name(given.get("name", "")) if given.get("name") else "",
    )


def _sorted(text: str, kind: Kind) -> _Words:
    try:
        parts = shlex.split(text)
    except ValueError:
        raise Unreadable(f"A quotation in {{{{ {kind} {text} }}}} is not closed.") from None
    words = _Words()
    known = _TAKES[kind]
    for part in parts:
        field, sign, value = part.partition("=")
        if not sign:
            words.plain.append(part)
            continue
        if field not in known:
            raise Unreadable(f"{kind}: {field!r} is no field. {nearest(field, known)}")
        if not value:
            raise Unreadable(f"{kind}: {field} says nothing. Write {field}= and what it is.")
        if field not in _SEVERAL and field in dict(words.fields):
            raise Unreadable(f"{kind}: {field} is said twice.")
        words.fields.append((field, value))
    return words


def _subject(kind: Kind, plain: Iterable[str]) -> str:
    said = " ".join(plain)
    if kind in _SUBJECT and not said:
        raise Unreadable(f"{kind} says nothing of what. Write {{{{ {kind} {_EXAMPLES[kind]} }}}}.")
    if kind not in (*_SUBJECT, Kind.GAPS) and said:
        raise Unreadable(f"{kind} takes no {said!r}.")
    return said


_EXAMPLES = {
    Kind.ASK: "arrests period=2008",
    Kind.BRIDGE: "arrests from=2008-12-17",
    Kind.TREND: "referrals from=2024 to=2025",
    Kind.ESTIMATE: "women_present_sexual",
    Kind.COVERAGE: "HT.1",
    Kind.JUDGEMENT: "HT-J-01",
}


def _form(kind: Kind, said: str) -> Form:
    held = _FORMS[kind]
    if not said:
        return held[0]
    if said not in list(map(str, held)):
        raise Unreadable(f"{kind} is not shown as {said!r}. {nearest(said, list(map(str, held)))}")
    return Form(said)


def _name(said: str) -> str:
    if not (said.isascii() and said.isidentifier()) or said in _WORDS:
        raise Unreadable(f"{said!r} is no name: write letters, digits and _, as arrests_2008.")
    return said


_WORDS = ("and", "or", "not", "before", "low", "high", "total", "abs")


def _says(text: str) -> Reference:
    """`says "fell" a < b`: the words in quotation marks are shown; without them nothing is."""
    rest = text.strip()
    shown = ""
    if rest[:1] in ('"', "'"):
        shown, closed, rest = rest[1:].partition(rest[0])
        if not closed:
            raise Unreadable(f"The words of {{{{ says {text} }}}} are not closed.")
    condition = rest.strip()
    if not condition:
        raise Unreadable('says gives no condition. Write {{ says "fell" arrests < before }}.')
    return Reference(Kind.SAYS, shown, Form.NONE, (), "", condition)


def _let(text: str) -> Reference:
    """`let share = a / b`: a name for what is worked out from others."""
    name, sign, worked = (part.strip() for part in text.partition("="))
    if not sign or not worked:
        raise Unreadable("let gives no name. Write {{ let share = victims / all }}.")
    return Reference(Kind.LET, _name(name), Form.NONE, (), _name(name), worked)
