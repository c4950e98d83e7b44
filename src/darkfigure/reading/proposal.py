"""What a file of tables seems to be, proposed as a reading: which table, what each column is, how
surely, which of its values are known.

A proposal is values, for a command to print, a page to show, or a person to mend. What stands in a
file is given only of columns whose values are known codes, periods or figures.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.saying import Saying
from darkfigure.basis.spoken import is_spoken_period, spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for, read_combined
from darkfigure.codes.codelist import loosely
from darkfigure.reading.capture_words import PERSONAL
from darkfigure.reading.instructions import (
    FIGURE_WORDS,
    HEAD_WORDS,
    NOTHING,
    PERIOD,
    VALUE,
    Column,
    Form,
    Reading,
)
from darkfigure.reading.layout import is_figure
from darkfigure.reading.located import Located, tables_of
from darkfigure.reading.sheets import Workbook, open_workbook
from darkfigure.reading.sheets.workbook import refuse
from darkfigure.reading.shorthand import ASKED, plain_mark, read_cell
from darkfigure.reading.totals import is_total_word
from darkfigure.tables.measures import all_measures, measure_named

#: So many rows of a table are looked at, and so many different values of a column.
LOOKED_AT, MOST_VALUES = 5_000, 400
#: Dimensions that a column is held against by its values alone, longest lists last.
_BY_VALUES = tuple(
    name for name in DIMENSIONS if name not in ("operation", "victim_age_group", "location")
)
_ENOUGH = 0.6


@dataclass(frozen=True)
class Seen:
    """A column of a table as it seems: what it is, how sure (0 to 1), and its values: those known,
    and those not known, with how often they stand. `shown` says that its values may be printed.
    """

    name: str
    is_: str
    sure: float
    known: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    shown: bool = False
    why: str = ""


@dataclass(frozen=True)
class Proposal:
    """A proposed reading of a file: its table, its columns, and what a person has to say.

    `ask` names what is missing (`measure`, `stated_on` ...); `rows` are the first rows of the
    table, empty where a column's values may not be printed. `others` are further tables.
    """

    book: Workbook
    table: Located
    reading: Reading
    columns: tuple[Seen, ...]
    ask: tuple[str, ...]
    marks: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    others: tuple[Located, ...] = ()
    measures: tuple[str, ...] = field(default=())
    told: tuple[Saying, ...] = ()


def propose(path: Path, *, sheet: str = "", name: str = "") -> Proposal:
    """Look at a file and propose how to read it. Raises ReturnRefused where it holds no table."""
    book = open_workbook(path, name)
    tables = tables_of(book)
    if sheet:
        wanted = book.sheet(sheet)
        tables = [each for each in tables if each.sheet.name == wanted.name]
    if not tables:
        refuse(book.name, "no_tables", "heading_and_rows")
    best = max(tables, key=lambda each: (not each.sheet.hidden, _weight(each)))
    others = tuple(each for each in tables if each is not best)
    return _proposed(book, best, others, bool(sheet))


def _weight(table: Located) -> tuple[bool, int]:
    area = table.area
    rows = (area.last or area.first + LOOKED_AT) - area.first + 1
    return bool(area.heading_rows), rows * len(area.columns)


def _proposed(
    book: Workbook, table: Located, others: tuple[Located, ...], one_sheet: bool
) -> Proposal:
    rows = [cells for _, cells in islice(table.rows(), LOOKED_AT)]
    names = table.area.names
    columns = [
        [cells[at - 1] if at <= len(cells) else "" for cells in rows] for at in table.area.columns
    ]
    across = _across(table, columns)
    seen = [
        Seen(name, VALUE, 0.9, shown=True) if place in across.places else look(name, values)
        for place, (name, values) in enumerate(zip(names, columns, strict=True))
    ]
    seen = _only_one(_years_and_quarters(seen))
    if not across.places and not any(_by_heading(name) for name in names):
        line = table.area.heading_rows[-1] if table.area.heading_rows else table.area.first
        refuse(book.name, "no_heading_known", "put_headings", line=line, count=len(names))
    seen = _withheld(seen)
    measures = _measures(book, table, seen)
    reading = _reading(book, table, seen, across, others or one_sheet)
    always = dict(reading.always)
    if table.area.title:
        always["source"] = table.area.title[0][:300]
    if len(measures) == 1 and not _says(seen, across, "measure"):
        always["measure"] = measures[0]
    reading = replace(reading, always=always)
    return Proposal(
        book=book,
        table=table,
        reading=reading,
        columns=tuple(seen),
        ask=_asked(seen, across, always),
        marks=_marks(seen, columns, across),
        rows=tuple(tuple(_shown(seen, row, table)) for row in rows[:8]),
        others=others,
        measures=tuple(measures),
        told=book.told,
    )


@dataclass(frozen=True)
class Across:
    """Which columns hold figures of what stands in their headings, and what each row of the heading
    says.
    """

    places: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()


def _across(table: Located, columns: Sequence[Sequence[str]]) -> Across:
    figures = [
        place
        for place, values in enumerate(columns)
        if _share(values, is_figure) >= 0.75 and not _is_time(table.area.names[place], values)
    ]
    if not figures:
        return Across()
    depth = max((len(table.area.headings[place]) for place in figures), default=0)
    levels, all_said = [], False
    for level in range(depth):
        texts = [_level(table.area.headings[place], level, depth) for place in figures]
        what = _what(texts)
        levels.append(what)
        all_said = all_said or what != NOTHING
    if not all_said:
        return Across()
    kept = [
        place for place in figures if _says_something(table.area.headings[place], levels, depth)
    ]
    enough = len(kept) > 1 or (kept and PERIOD in levels)
    return Across(tuple(kept), tuple(levels)) if enough else Across()


def _level(levels: Sequence[str], at: int, depth: int) -> str:
    padded = [
        "",
    ] * (depth - len(levels)) + list(levels)
    return padded[at]


def _says_something(texts: Sequence[str], levels: Sequence[str], depth: int) -> bool:
    for at, what in enumerate(levels):
        text = _level(texts, at, depth)
        if what != NOTHING and text and _is(what, text):
            return True
    return False


def _is(what: str, text: str) -> bool:
    if what == PERIOD:
        return is_spoken_period(text) or bool(re.fullmatch(r"Q[1-4]", text, re.IGNORECASE))
    if what == "measure":
        return _measure(text) is not None
    return _code(what, text) is not None or is_total_word(text)


def _what(texts: Sequence[str]) -> str:
    """What the headings of a row over columns of figures say: periods, values of a dimension,
    measures, or nothing.
    """
    distinct = [text for text in dict.fromkeys(texts) if text]
    if not distinct:
        return NOTHING
    for what in (PERIOD, *_BY_VALUES, "measure"):
        counted = [text for text in distinct if not is_total_word(text)]
        known = sum(_is(what, text) for text in counted)
        if counted and known >= max(1, 0.6 * len(counted)) and (known > 1 or what == PERIOD):
            return what
    return NOTHING


def _share(values: Sequence[str], test: object) -> float:
    filled = [value for value in values if value]
    if not filled or not callable(test):
        return 0.0
    return sum(bool(test(value)) for value in filled) / len(filled)


def _is_time(name: str, values: Sequence[str]) -> bool:
    """Whether a column of numbers says years, quarters or periods."""
    if _by_heading(name) in (PERIOD, "year", "quarter"):
        return True
    if _by_heading(name) is not None:
        return False
    filled = [value for value in values if value]
    years = all(re.fullmatch(r"(19|20)\d\d", value) for value in filled)
    return bool(filled) and years and len(set(filled)) < 120 and "year" in loosely(name)


@lru_cache(1)
def _vocabulary() -> tuple[dict[str, str], tuple[tuple[str, str], ...], frozenset[str]]:
    text = (files("darkfigure") / "data" / "readings" / "columns.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    by_name = {_plain(name): is_ for is_, names in content["headings"].items() for name in names}
    for is_ in (*HEAD_WORDS, *FIGURE_WORDS, PERIOD, VALUE, *DIMENSIONS):
        by_name.setdefault(_plain(is_), is_)
    words = tuple((word, is_) for is_, words in content["words"].items() for word in words)
    return by_name, words, frozenset(_plain(name) for name in content["nothing"]["headings"])


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s]|_", " ", name.casefold()).split())


def _by_heading(name: str) -> str | None:
    """What a heading says that its column is; nothing where it is not known."""
    by_name, words, nothing = _vocabulary()
    plain = _plain(re.sub(r"\s*[\[(].*?[\])]\s*$", "", name))
    if any(map(is_spoken_period, name.split(" / "))):
        return None
    if plain in by_name:
        return by_name[plain]
    if plain in nothing:
        return NOTHING
    for word, is_ in words:
        if plain.startswith(_plain(word)):
            return is_
    return None


def look(name: str, values: Sequence[str]) -> Seen:
    """What a column seems to be, by its heading and by what stands under it."""
    counted = Counter(value for value in values if value)
    heading = _by_heading(name)
    if not counted:
        return Seen(name, NOTHING, 0.9, why="empty")
    if heading in ("year", "quarter") and _share(values, _is_more_than_a_year) >= 0.8:
        heading = PERIOD
    if heading in (PERIOD, "year", "quarter", "stated_on"):
        return _time(name, heading, counted)
    if heading in DIMENSIONS:
        return _dimension(name, heading, counted, 0.9)
    if heading == VALUE or (heading is None and _share(values, is_figure) >= 0.8):
        share = _share(values, is_figure)
        if heading == VALUE and share < 0.5:
            return Seen(name, NOTHING, 0.3, why="no figures")
        return Seen(name, VALUE, min(share, 0.95 if heading else 0.6), shown=True)
    if heading is not None:
        return _word(name, heading, counted)
    if _share(values, is_spoken_period) >= 0.8 and any(
        "/" in v or " " in v or "-" in v or len(v) == 4 for v in counted
    ):
        return _time(name, PERIOD, counted, 0.7)
    best = max(
        (_dimension(name, dimension, counted, 0.7) for dimension in _BY_VALUES),
        key=lambda each: each.sure,
    )
    return best if best.sure >= _ENOUGH * 0.7 else Seen(name, NOTHING, 0.4, why="not known")


def _is_more_than_a_year(text: str) -> bool:
    return not text.isdigit() and is_spoken_period(text)


def _time(name: str, is_: str, counted: Counter[str], sure: float = 0.95) -> Seen:
    test = _is_quarter if is_ == "quarter" else is_spoken_period
    unknown = [
        (text, count)
        for text, count in counted.items()
        if not test(text) and not is_total_word(text)
    ]
    good = len(counted) - len(unknown)
    share = good / len(counted)
    if share < 0.5 and is_ != "stated_on":
        return Seen(name, NOTHING, 0.3, why="no periods")
    return Seen(name, is_, sure * max(share, 0.5), good, tuple(unknown), shown=share >= 0.5)


def _is_quarter(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:q(?:uarter)?\s*)?[1-4]|[a-z]{3,9}\s*(?:-|to)\s*[a-z]{3,9}", text.casefold()
        )
    )


def _dimension(name: str, dimension: str, counted: Counter[str], sure: float) -> Seen:
    known, unknown = 0, []
    for text, count in islice(counted.most_common(), MOST_VALUES):
        if _code(dimension, text) is not None or is_total_word(text):
            known += 1
        else:
            unknown.append((text, count))
    share = known / (known + len(unknown))
    return Seen(name, dimension, sure * share, known, tuple(unknown), shown=share >= 0.5)


def _word(name: str, is_: str, counted: Counter[str]) -> Seen:
    if is_ == "measure":
        known = sum(_measure(text) is not None for text in counted)
        return Seen(name, is_, 0.9 if known else 0.5, known, shown=known * 2 >= len(counted))
    return Seen(name, is_, 0.9, len(counted))


def _code(dimension: str, text: str) -> str | None:
    return read_combined(dimension, text) or codes_for(dimension).find_spelt(text)


def _measure(text: str) -> str | None:
    try:
        return measure_named(text).code
    except UnknownName:
        pass
    plain = loosely(text)
    found = [each.code for each in all_measures().values() if loosely(each.title) == plain]
    return found[0] if len(found) == 1 else None


def _only_one(seen: list[Seen]) -> list[Seen]:
    """Of columns that seem to be the same, the surest; the others are nothing (figures may be in
    several).
    """
    best: dict[str, int] = {}
    for at, each in enumerate(seen):
        if each.is_ in (NOTHING, VALUE):
            continue
        if each.is_ not in best or each.sure > seen[best[each.is_]].sure:
            best[each.is_] = at
    result = [
        each
        if each.is_ in (NOTHING, VALUE) or best[each.is_] == at
        else Seen(each.name, NOTHING, 0.4, shown=each.shown, why="twice")
        for at, each in enumerate(seen)
    ]
    values = [at for at, each in enumerate(result) if each.is_ == VALUE and each.sure != 0.9]
    if any(result[at].sure >= 0.9 for at in values):
        for at in values:
            if result[at].sure < 0.9:
                result[at] = Seen(result[at].name, NOTHING, 0.4, shown=True, why="other figures")
    return result


def _years_and_quarters(seen: list[Seen]) -> list[Seen]:
    """A column of periods beside one of quarters says the year."""
    if not any(each.is_ == "quarter" for each in seen) or any(each.is_ == "year" for each in seen):
        return seen
    return [replace(each, is_="year") if each.is_ == PERIOD else each for each in seen]


def _withheld(seen: list[Seen]) -> list[Seen]:
    """Beside columns of names and births no value that is not known is shown."""
    if not any(is_personal(each.name) for each in seen):
        return seen
    return [
        replace(each, shown=each.shown and not each.unknown and not is_personal(each.name))
        for each in seen
    ]


def is_personal(name: str) -> bool:
    """Whether a heading is one under which lists have names, births or numbers of persons."""
    plain = _plain(name)
    return plain in PERSONAL or plain.replace(" ", "_") in PERSONAL


def _says(seen: Sequence[Seen], across: Across, is_: str) -> bool:
    return is_ in across.levels or any(each.is_ == is_ for each in seen)


def _measures(book: Workbook, table: Located, seen: Sequence[Seen]) -> list[str]:
    """The measures that a table may be of, best first: by the words of its title, its sheet and the
    heading of its figures, and by the dimensions it has.
    """
    words = set(
        loosely(
            " ".join(
                (
                    *table.area.title,
                    table.sheet.name,
                    Path(book.name).stem.replace("_", " "),
                    *(each.name for each in seen if each.is_ == VALUE),
                )
            )
        ).split()
    )
    dimensions = {each.is_ for each in seen if each.is_ in DIMENSIONS}
    scored = []
    for measure in all_measures().values():
        names = [
            measure.title,
            measure.code.replace("_", " "),
            *(a.replace("_", " ") for a in measure.aliases),
        ]
        score = max(_overlap(words, loosely(name).split()) for name in names)
        if score and dimensions <= set(measure.dimensions):
            scored.append((score, measure.code))
    if not scored:
        return []
    best = max(scored)[0]
    return [code for score, code in scored if score == best] if best >= 0.6 else []


def _overlap(words: set[str], name: Sequence[str]) -> float:
    counted = [word for word in name if len(word) > 2]
    if not counted:
        return 0.0
    stems = {word.rstrip("s") for word in words}
    return sum(word.rstrip("s") in stems for word in counted) / len(counted)


def _reading(
    book: Workbook, table: Located, seen: Sequence[Seen], across: Across, name_sheet: object
) -> Reading:
    columns = [
        Column(each.name, each.is_, down=_is_down(table, each))
        for place, each in enumerate(seen)
        if place not in across.places
    ]
    return Reading(
        name=f"{book.name}.reading.toml",
        form=Form.FIGURES,
        sheet=table.sheet.name if name_sheet and table.sheet.name else "",
        columns=tuple(columns),
        across=across.levels,
        always={},
    )


def _is_down(table: Located, column: Seen) -> bool:
    """Whether a column of labels is written once for several rows."""
    at = table.column(column.name)
    if column.is_ not in (*DIMENSIONS, PERIOD, "year", "measure") or at is None:
        return False
    cells = [row[at - 1] if at <= len(row) else "" for _, row in islice(table.rows(), LOOKED_AT)]
    empty = sum(not cell for cell in cells)
    return bool(cells) and bool(cells[0]) and 0 < empty < len(cells) and empty >= len(cells) * 0.2


def _asked(seen: Sequence[Seen], across: Across, always: dict[str, str]) -> tuple[str, ...]:
    has_year = any(each.is_ == "year" for each in seen)
    return tuple(
        is_
        for is_ in ("measure", PERIOD, "stated_on", "stated_by", "source")
        if not always.get(is_) and not _says(seen, across, is_) and not (is_ == PERIOD and has_year)
    )


def _marks(
    seen: Sequence[Seen], columns: Sequence[Sequence[str]], across: Across
) -> tuple[str, ...]:
    """The marks in columns of figures whose meaning a person has to say."""
    found = {
        plain_mark(value)
        for place, (each, values) in enumerate(zip(seen, columns, strict=True))
        if each.is_ == VALUE or place in across.places
        for value in set(values)
        if value and read_cell(value).asked
    }
    return tuple(sorted(found & set(ASKED)))


def _shown(seen: Sequence[Seen], row: Sequence[str], table: Located) -> Iterator[str]:
    for each, at in zip(seen, table.area.columns, strict=True):
        cell = row[at - 1] if at <= len(row) else ""
        yield cell if each.shown else ("…" if cell else "")


def period_taken(text: str) -> str:
    """What a text was taken to mean, as days; empty where it says no period."""
    try:
        period = spoken_period(text).period
    except DarkfigureError:
        return ""
    return f"{period.start} to {period.end}"
