"""What a workbook of a release holds, whatever its form: a cover, contents, notes, one
table a sheet.

As the Government Analysis Function asks (Making spreadsheets accessible): a title in the first
cell, no merged or empty cells, shorthand in place of missing figures and explained, units in
headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.publication.embargo import said_in_london
from darkfigure.publication.release import (
    Mark,
    Release,
    ReleasedCell,
    ReleasedTable,
    labels_of,
)
from darkfigure.writing.words import ENGLISH, Words

Shown = str | int | float
#: What stands where a bound does not exist.
NOT_APPLICABLE = "z"
#: A column is as wide as its longest word, within these bounds, in centimetres.
_NARROWEST, _WIDEST, _LETTER = 2.5, 14.0, 0.26


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, lines above its table (the first is its title), headings and rows.

    `links` says for a line or a row, by its number from 0, which sheet it leads to.
    """

    name: str
    lines: tuple[str, ...]
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()
    links: tuple[tuple[int, str], ...] = ()

    @property
    def figures(self) -> frozenset[int]:
        """The columns that hold figures, shorthand in place of some of them."""
        return frozenset(
            at for row in self.rows for at, value in enumerate(row) if not isinstance(value, str)
        )

    @property
    def code(self) -> str:
        """What its table is called, where programs ask for it."""
        return self.name.lower()


def sheets_of(release: Release, words: Words = ENGLISH) -> list[Sheet]:
    """The sheets of a release."""
    numbered = [*enumerate(release.tables, 1)]
    notes = _numbered_notes(release)
    tables = [_table_sheet(number, table, notes, words) for number, table in numbered]
    return [
        _cover(release, words),
        _contents(release, tables, words),
        _notes(release, notes, words),
        *tables,
    ]


def _numbered_notes(release: Release) -> dict[str, int]:
    """Every note of every table, once each, from 1."""
    texts = dict.fromkeys(note for table in release.tables for note in table.notes)
    return {text: number for number, text in enumerate(texts, 1)}


def _cover(release: Release, words: Words) -> Sheet:
    head = release.head
    lines = [
        head.title,
        *([words.text("release.book.made_up")] if release.synthetic else []),
        head.summary,
        words.text("release.book.version", edition=head.edition, version=release.version),
        words.text("release.book.published", time=said_in_london(head.out_at)),
        words.text("release.book.publisher", publisher=head.publisher),
        words.text("release.book.contact", contact=head.contact),
        words.text("release.book.licence", licence=head.licence),
        words.text("release.book.address", address=release.identifier),
        words.text("release.book.cite", citation=release.citation),
    ]
    if release.corrects is not None:
        lines.append(
            words.text("release.book.corrects", version=release.corrects, reason=release.reason)
        )
    if head.revisions:
        lines.append(words.text("release.book.revisions", policy=head.revisions))
    for name, paragraphs in (("methods", head.methods), ("quality", head.quality)):
        if paragraphs:
            lines += [words.text(f"release.book.{name}"), *paragraphs]
    return Sheet(words.text("release.book.cover"), tuple(lines))


def _contents(release: Release, tables: Sequence[Sheet], words: Words) -> Sheet:
    notes = words.text("release.book.notes")
    rows = [(notes, words.text("release.book.notes_title"))]
    rows += [(sheet.name, table.title) for sheet, table in zip(tables, release.tables, strict=True)]
    return Sheet(
        words.text("release.book.contents"),
        (words.text("release.book.contents_title"), words.text("release.book.one_table")),
        (words.text("release.book.worksheet"), words.text("release.book.title")),
        tuple(rows),
        tuple((number, name) for number, (name, _) in enumerate(rows)),
    )


def _notes(release: Release, notes: dict[str, int], words: Words) -> Sheet:
    marks = sorted({mark for table in release.tables for mark in marks_of(table)})
    rows = [(f"[{mark}]", words.text(f"release.mark.{mark}")) for mark in marks]
    rows += [(f"[note {number}]", text) for text, number in notes.items()]
    rows += [
        (words.text("claims.title"), f"{table.measure_title}: {claim}")
        for table in {table.measure: table for table in release.tables}.values()
        for claim in table.cannot_bear
    ]
    return Sheet(
        words.text("release.book.notes"),
        (words.text("release.book.notes_title"), words.text("release.book.one_table")),
        (words.text("release.book.note"), words.text("release.book.note_text")),
        tuple(rows),
    )


def has_bounds(table: ReleasedTable) -> bool:
    """Whether any figure of a table is told by its bounds."""
    return any((cell.low, cell.high) != (cell.value, cell.value) for cell in table.cells)


def marks_of(table: ReleasedTable) -> list[str]:
    """The shorthand that a table uses."""
    used = [str(mark) for cell in table.cells for mark in cell.marks]
    if has_bounds(table) and any(None in (cell.low, cell.high) for cell in table.cells):
        used.append(NOT_APPLICABLE)
    return [*dict.fromkeys(used)]


def _table_sheet(number: int, table: ReleasedTable, notes: dict[str, int], words: Words) -> Sheet:
    refers = " ".join(f"[note {notes[note]}]" for note in table.notes)
    title = words.text("release.book.table", number=number, title=table.title)
    lines = [f"{title} {refers}".strip(), words.text("release.book.one_table")]
    if table.synthetic:
        lines.append(words.text("release.book.made_up"))
    lines.append(words.text("release.book.as_at", day=table.as_at.isoformat()))
    if refers:
        lines.append(words.text("release.book.some_notes"))
    if marks := marks_of(table):
        said = [
            words.text(
                "release.book.mark_said", mark=mark, meaning=words.text(f"release.mark.{mark}")
            )
            for mark in marks
        ]
        lines.append(words.text("release.book.shorthand", marks="; ".join(said)))
    if table.sources:
        lines.append(words.text("release.book.source", sources="; ".join(table.sources)))
    return Sheet(
        words.text("release.book.sheet", number=number),
        tuple(lines),
        headings_of(table, words),
        tuple(row_of(table, cell, words) for cell in table.cells),
    )


def headings_of(table: ReleasedTable, words: Words = ENGLISH) -> tuple[str, ...]:
    """The headings of a table: dimensions, the figure with its unit, bounds, marks and
    reasons where there are any.
    """
    unit = table.unit_title
    return (
        *(dimension.title for dimension in table.dimensions),
        words.text("release.book.figure", unit=unit),
        *(
            words.text(f"release.book.{end}", unit=unit)
            for end in ("low", "high")
            if has_bounds(table)
        ),
        *([words.text("release.book.marks")] if _beside(table) else []),
        *([words.text("release.book.reason")] if _has_reasons(table) else []),
    )


def row_of(table: ReleasedTable, cell: ReleasedCell, words: Words = ENGLISH) -> tuple[Shown, ...]:
    """The row of a cell; nothing in it is empty."""
    none = f"[{NOT_APPLICABLE}]"
    figure = cell.value if cell.value is not None else f"[{_instead(cell)}]"
    beside = " ".join(f"[{mark}]" for mark in cell.marks if cell.value is not None)
    why = words.joined(cell.reasons, "comma") if cell.reasons else ""
    return (
        *labels_of(table, cell),
        figure,
        *(none if end is None else end for end in (cell.low, cell.high) if has_bounds(table)),
        *([beside or none] if _beside(table) else []),
        *([why or none] if _has_reasons(table) else []),
    )


def _instead(cell: ReleasedCell) -> str:
    missing = (Mark.CONFIDENTIAL, Mark.NOT_AVAILABLE)
    return next((mark for mark in cell.marks if mark in missing), Mark.NOT_AVAILABLE)


def _beside(table: ReleasedTable) -> bool:
    return any(cell.marks and cell.value is not None for cell in table.cells)


def _has_reasons(table: ReleasedTable) -> bool:
    return any(cell.reasons for cell in table.cells)


def widths_of(sheet: Sheet) -> list[float]:
    """How wide each column is, in centimetres."""
    if not sheet.headings:
        return [_WIDEST + 6]
    columns = zip(sheet.headings, *sheet.rows, strict=True)
    return [
        min(max(max(len(str(value)) for value in column) * _LETTER, _NARROWEST), _WIDEST)
        for column in columns
    ]
