"""Every table of an edition as an OpenDocument workbook, one a sheet, with chapter and notes."""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.assessment.edition import Edition
from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.writing import registry
from darkfigure.writing.releases.as_ods import book_of
from darkfigure.writing.releases.workbook import Sheet
from darkfigure.writing.words import Words

NAME = "annex.ods"


def workbook_of(edition: Edition) -> bytes:
    """The tables of a rendering as a workbook; the same edition is the same bytes."""
    words = registry.words_of("answer", edition.head.language)
    return book_of(edition.head, _sheets(edition, words))


def _sheets(edition: Edition, words: Words) -> list[Sheet]:
    head = edition.head
    marking = words.text(f"edition.marking.{edition.sees.name}")
    lines = [
        head.title,
        *([words.text("edition.synthetic_face")] if edition.synthetic else []),
        *([head.summary] if head.summary else []),
        words.text("edition.as_known", day=head.as_at),
        words.text("edition.marking_is", marking=marking),
        words.text(
            "edition.published",
            publisher=head.publisher, licence=head.licence, contact=head.contact,
        ),
    ]  # fmt: skip
    tables = [
        _sheet(number, chapter, shown, table, words)
        for number, (chapter, shown, table) in enumerate(_tables(edition), 1)
    ]
    contents = Sheet(
        words.text("release.book.contents"),
        (words.text("release.book.contents_title"), words.text("release.book.one_table")),
        (words.text("release.book.worksheet"), words.text("release.book.title")),
        tuple((sheet.name, sheet.lines[0]) for sheet in tables),
        tuple((number, sheet.name) for number, sheet in enumerate(tables)),
    )
    return [Sheet(words.text("release.book.cover"), tuple(lines)), contents, *tables]


def _tables(edition: Edition) -> Iterator[tuple[str, Shown, Tabled]]:
    """The tables of the text, each once, with the title of the chapter it stands in first."""
    seen = set()
    for chapter, _, shown in edition.figures():
        if shown.table and shown.is_told and id(shown) not in seen:
            seen.add(id(shown))
            yield chapter.title, shown, shown.table


def _sheet(number: int, chapter: str, shown: Shown, table: Tabled, words: Words) -> Sheet:
    lines = [
        words.text("release.book.table", number=number, title=table.title),
        words.text("release.book.one_table"),
        words.text("edition.in_chapter", title=chapter),
        *([words.text("release.book.made_up")] if shown.synthetic else []),
        *table.notes,
        *shown.notes,
        *shown.claims,
        *(words.text("release.book.source", sources=source) for source in shown.sources),
    ]
    rows = tuple(
        tuple(_number(value) if at in table.figures else value for at, value in enumerate(row))
        for row in table.rows
    )
    name = words.text("release.book.sheet", number=number)
    return Sheet(name, tuple(lines), table.heads, rows)


def _number(text: str) -> str | int | float:
    """A figure as a number where it is one."""
    plain = text.replace(",", "").removeprefix("+")
    try:
        return int(plain) if plain.lstrip("-").isdecimal() else float(plain)
    except ValueError:
        return text
