"""What a file of tables seems to be, proposed as a reading: which table, what each column is, how
surely, which of its values are known.

A proposal is values, for a command to print, a page to show, or a person to mend. What stands in a
file is given only of columns whose values are known codes, periods or figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.spoken import is_spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes.codelist import loosely
from darkfigure.reading.across import Across, find_across
from darkfigure.reading.capture_words import PERSONAL
from darkfigure.reading.column_words import (
    BY_VALUES,
    PER_CENT,
    code_of,
    heading_says,
    measure_of,
    no_counts,
    plain_heading,
    share_of,
)
from darkfigure.reading.described import Described, described_beside
from darkfigure.reading.instructions import (
    HEAD_WORDS,
    NOTHING,
    PERIOD,
    VALUE,
    Column,
    Form,
    Reading,
    without_number,
)
from darkfigure.reading.layout import is_figure
from darkfigure.reading.located import Located, tables_of
from darkfigure.reading.other_forms import Fit, asked_of, other_forms
from darkfigure.reading.seen import (
    DAYS,
    Seen,
    can_be_two,
    in_order,
    is_quarter,
    order_of_days,
)
from darkfigure.reading.sheets import Workbook, open_workbook
from darkfigure.reading.sheets.workbook import refuse
from darkfigure.reading.shorthand import ASKED, plain_mark, read_cell
from darkfigure.reading.totals import is_total_word, is_whole
from darkfigure.reading.written_days import is_written_day
from darkfigure.tables.measures import all_measures, measure_named

#: So many rows of a table are looked at, and so many different values of a column.
LOOKED_AT, MOST_VALUES = 5_000, 400
_ENOUGH = 0.6
#: So many cells tell what is over them from what is one of them.
_MANY = 20
#: What the columns of a capture history may be taken for: who keeps the lists.
_LISTING = {"", "organisation", "organisation_kind"}


@dataclass(frozen=True)
class Proposal:
    """A proposed reading of a file: its table, its columns, and what a person has to say.

    `ask` names what is missing (`measure`, `stated_on` ...); `rows` are the first rows of the
    table, empty where a column's values may not be printed. `others` are further tables;
    `described` is what metadata beside the file say; `forms` are those beside figures that the
    table plainly has, the first of which is proposed.
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
    described: Described = field(default_factory=Described)
    forms: tuple[Fit, ...] = ()


def propose(path: Path, *, sheet: str = "", name: str = "", table: int = 0) -> Proposal:
    """Look at a file and propose how to read it: the table that seems most, or the one of a number,
    counted from the top. Raises ReturnRefused where it holds none, UnknownName for a number that
    none has.
    """
    book = open_workbook(path, name)
    described = described_beside(path) or Described()
    tables = tables_of(book)
    if sheet:
        wanted = book.sheet(sheet)
        tables = [each for each in tables if each.sheet.name == wanted.name]
    if not tables:
        refuse(book.name, "no_tables", "heading_and_rows")
    if table:
        if not 0 < table <= len(tables):
            raise UnknownName(
                f"There is no table {table}: from the top there are {len(tables)} in this file."
            )
        best = tables[table - 1]
        others = tuple(each for each in tables if each is not best)
        return _told_apart(_proposed(book, best, others, bool(sheet), described), tables)
    ranked = sorted(tables, key=lambda each: (each.sheet.hidden, *_weight(each)))
    refused: ReturnRefused | None = None
    for best in ranked:
        others = tuple(each for each in tables if each is not best)
        try:
            return _proposed(book, best, others, bool(sheet), described)
        except ReturnRefused as error:  # none of its headings is known
            refused = refused or error
    raise refused or ReturnRefused(book.name, [])


def _told_apart(proposal: Proposal, tables: Sequence[Located]) -> Proposal:
    """A proposal whose reading says which of the tables of its sheet it is of: by the line over it,
    or by its place where no line of its own stands there.
    """
    here = [table for table in tables if table.sheet is proposal.table.sheet]
    titles = [line for table in here if table is not proposal.table for line in table.area.title]
    own = next((line for line in proposal.table.area.title if line not in titles), "")
    if len(here) < 2:
        return proposal
    place = 0 if own else here.index(proposal.table) + 1
    reading = replace(proposal.reading, under=own, place=place)
    return replace(proposal, reading=reading)


def _weight(table: Located) -> tuple[bool, int]:
    """The less, the sooner a table is proposed."""
    area = table.area
    rows = (area.last or area.first + LOOKED_AT) - area.first + 1
    return not area.heading_rows, -rows * len(area.columns)


def _proposed(
    book: Workbook,
    table: Located,
    others: tuple[Located, ...],
    one_sheet: bool,
    described: Described,
) -> Proposal:
    rows = [cells for _, cells in islice(table.rows(), LOOKED_AT)]
    names = table.area.labels
    columns = [
        [cells[at - 1] if at <= len(cells) else "" for cells in rows] for at in table.area.columns
    ]
    across = find_across(table.area, columns)
    if {*across.levels} <= _LISTING and not described.columns:
        words = " ".join((*table.area.title, table.sheet.name, Path(book.name).stem))
        if forms := other_forms(names, columns, words):
            return _of_persons(book, table, others, one_sheet, tuple(forms))
    seen = [
        Seen(name, VALUE, 0.9, shown=True)
        if place in across.places
        else look(name, values, described.says(name))
        for place, (name, values) in enumerate(zip(names, columns, strict=True))
    ]
    seen = _beside(_only_one(_years_and_quarters(seen)), table, across)
    heard = (described.says(name) or heading_says(name) for name in table.area.names)
    if not across.places and not any(heard):
        if not _is_headed(table, columns):
            line = table.area.heading_rows[-1] if table.area.heading_rows else table.area.first
            refuse(book.name, "no_heading_known", "put_headings", line=line, count=len(names))
        seen = [replace(each, shown=False) for each in seen]
    seen = _withheld(seen)
    measures = _measures(book, table, seen)
    days = described.days or order_of_days(seen, columns)
    seen = seen if days else [in_order(*pair) for pair in zip(seen, columns, strict=True)]
    described = replace(described, days=days)
    reading = _reading(book, table, seen, across, others or one_sheet)
    always = dict(reading.always)
    if table.area.title:
        always["source"] = _cited(table.area.title)
    always |= {key: text for key, text in described.always.items() if not _says(seen, across, key)}
    headings = [each.name for each in seen if each.is_ == VALUE and len(seen) > 1]
    other = no_counts(" ".join((*table.area.title, *headings)))
    counted = not other or any(PER_CENT in measure_named(each).units for each in measures)
    if len(measures) == 1 and counted and not _says(seen, across, "measure"):
        always["measure"] = measures[0]
    reading = replace(reading, always=always)
    return Proposal(
        book=book,
        table=table,
        reading=reading,
        columns=tuple(seen),
        ask=(*_asked(seen, across, always), *([] if days or not can_be_two(seen) else [DAYS])),
        marks=_marks(seen, columns, across),
        rows=tuple(tuple(_shown(seen, row, table)) for row in rows[:8]),
        others=others,
        measures=tuple(measures),
        told=(*book.told, *([say("readings.no_counts", word=other)] if other else [])),
        described=described,
    )


def _is_headed(table: Located, columns: Sequence[Sequence[str]]) -> bool:
    """Whether words that are not known here plainly stand over the cells: over several columns of
    many figures or times, in none of which a line of cells would have words.
    """
    over = [
        name
        for name, values in zip(table.area.names, columns, strict=True)
        if name
        and not _is_figure_or_time(name)
        and sum(map(bool, values)) >= _MANY
        and share_of(values, _is_figure_or_time) >= 0.8
    ]
    return bool(table.area.heading_rows) and len(over) > 1


def _is_figure_or_time(text: str) -> bool:
    return is_figure(text) or _is_time(text)


def _of_persons(
    book: Workbook,
    table: Located,
    others: tuple[Located, ...],
    one_sheet: bool,
    forms: tuple[Fit, ...],
) -> Proposal:
    """A table proposed as case records or lists: nothing that stands in it is given."""
    fit = forms[0]
    named = list(zip(table.area.labels, fit.columns, strict=True))
    reading = Reading(
        name=f"{book.name}.reading.toml",
        form=fit.form,
        kind=fit.kinds[0] if len(fit.kinds) == 1 else "",
        sheet=table.sheet.name if (others or one_sheet) and table.sheet.name else "",
        columns=tuple(Column(name, is_) for name, is_ in named),
    )
    return Proposal(
        book=book,
        table=table,
        reading=reading,
        columns=tuple(Seen(name, is_, fit.sure if is_ != NOTHING else 0.4) for name, is_ in named),
        ask=(*asked_of(fit, {}), *(["kind"] if len(fit.kinds) > 1 else [])),
        marks=(),
        rows=(),
        others=others,
        told=book.told,
        forms=forms,
    )


def _cited(title: Sequence[str]) -> str:
    """What the lines over a table call it: "Table 2" alone says too little."""
    first = title[0]
    short = re.fullmatch(r"(?:table|figure|chart|sheet|tabl)\W*[\w.]{1,6}\W*", first, re.IGNORECASE)
    return " ".join(title[:3] if short else title[:1])[:300]


def _beside(seen: list[Seen], table: Located, across: Across) -> list[Seen]:
    """Numbers that do not stand under what the headings say across are other figures; what stands
    beside a column of figures with nothing over it are its marks.
    """
    unheaded = [not name for name in table.area.names]
    return [
        Seen(each.name, NOTHING, 0.4, shown=True, why="other figures")
        if across.places and place not in across.places and each.is_ == VALUE
        else replace(each, is_=NOTHING)
        if unheaded[place] and place and each.is_ in (NOTHING, VALUE)
        else each
        for place, each in enumerate(seen)
    ]


def look(name: str, values: Sequence[str], said: str = "") -> Seen:
    """What a column seems to be, by what is said of it, its heading and what stands under it."""
    counted = Counter(value for value in values if value)
    heading = said or heading_says(name)
    if not counted:
        return Seen(name, NOTHING, 0.9, why="empty")
    if heading in ("year", "quarter") and share_of(values, _is_more_than_a_year) >= 0.8:
        heading = PERIOD
    if heading in (PERIOD, "year", "quarter", "stated_on"):
        return _time(name, heading, counted)
    if heading in DIMENSIONS:
        return _dimension(name, heading, counted, 0.9)
    if heading == VALUE or (heading is None and share_of(values, is_figure) >= 0.8):
        share = share_of(values, is_figure)
        if said:
            return Seen(name, VALUE, 0.95, shown=share >= 0.5)
        if share >= 0.5:
            return Seen(name, VALUE, min(share, 0.95 if heading else 0.6), shown=True)
        heading = None
    if heading in HEAD_WORDS and share_of(values, is_figure) >= 0.8:
        return Seen(name, NOTHING, 0.6, shown=True, why="other figures")
    if heading is not None:
        return _word(name, heading, counted)
    if share_of(values, is_written_day) >= 0.8:
        return _time(name, PERIOD, counted, 0.7 if len(counted) > 1 else 0.5)
    if share_of(values, is_spoken_period) >= 0.8 and any(
        "/" in v or " " in v or "-" in v or len(v) == 4 for v in counted
    ):
        return _time(name, PERIOD, counted, 0.7)
    best = max(
        (_dimension(name, dimension, counted, 0.7) for dimension in BY_VALUES),
        key=lambda each: each.sure,
    )
    return best if best.sure >= _ENOUGH * 0.7 else Seen(name, NOTHING, 0.4, why="not known")


def _is_more_than_a_year(text: str) -> bool:
    return not text.isdigit() and is_spoken_period(text)


def _time(name: str, is_: str, counted: Counter[str], sure: float = 0.95) -> Seen:
    test = is_quarter if is_ == "quarter" else _is_time
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


def _is_time(text: str) -> bool:
    return is_spoken_period(text) or is_written_day(text)


def _dimension(name: str, dimension: str, counted: Counter[str], sure: float) -> Seen:
    known, unknown = 0, []
    for text, count in islice(counted.most_common(), MOST_VALUES):
        if code_of(dimension, text) is not None or is_whole(text):
            known += 1
        else:
            unknown.append((text, count))
    share = known / (known + len(unknown))
    return Seen(name, dimension, sure * share, known, tuple(unknown), shown=share >= 0.5)


def _word(name: str, is_: str, counted: Counter[str]) -> Seen:
    if is_ == "measure":
        known = sum(measure_of(text) is not None for text in counted)
        return Seen(name, is_, 0.9 if known else 0.5, known, shown=known * 2 >= len(counted))
    return Seen(name, is_, 0.9, len(counted))


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
    plain = plain_heading(name)
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
    endings = tuple(f"*{text}" for text in across.rates)
    unheaded = dict(zip(table.area.labels, (not name for name in table.area.names), strict=True))
    columns = [
        Column(each.name, each.is_, down=_is_down(table, each))
        for place, each in enumerate(seen)
        if place not in across.places
        and not (
            each.is_ == NOTHING and without_number(each.name).endswith(across.rates or ("\0",))
        )
        and not (each.is_ == NOTHING and unheaded[each.name] and _is_beside(seen, place))
    ]
    columns += [Column(text, NOTHING) for text in endings]
    return Reading(
        name=f"{book.name}.reading.toml",
        form=Form.FIGURES,
        sheet=table.sheet.name if name_sheet and table.sheet.name else "",
        columns=tuple(columns),
        across=across.levels,
        always={},
    )


def _is_beside(seen: Sequence[Seen], place: int) -> bool:
    """Whether a column without a heading stands beside one of figures, or holds nothing."""
    return seen[place].why == "empty" or (place > 0 and seen[place - 1].is_ == VALUE)


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
