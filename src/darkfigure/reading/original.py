"""The row of a received file that a statement stands on, shown as it came."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from darkfigure.basis.place import PACKED, letters, place_of
from darkfigure.basis.saying import say
from darkfigure.cases.records import KINDS, FieldType, RecordKind, references_of
from darkfigure.codes import codes_for
from darkfigure.reading.decoding import separator
from darkfigure.reading.delimited import nth_record
from darkfigure.reading.instructions import Reading
from darkfigure.reading.layout import find_areas, named
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.sources import nrm_form
from darkfigure.reading.terms import NOTHING, tidy_key
from darkfigure.reading.worded import headings_in

#: What is shown in place of a value that the reading does not take.
NOT_READ = "not read"
#: Whether what stands under a heading is shown.
Takes = Callable[[str], bool]


def everything(_: str) -> bool:
    """Every column is shown: a file of a kind that names all its columns itself."""
    return True


def taken_by(reading: Reading) -> Takes:
    """Which columns a reading takes as parts of statements: those that it says are something, says
    words of, or takes rows by; where figures stand across, those that it does not name.
    """
    named = [*reading.only, *reading.means]
    named += [name for texts in reading.worded.values() for name in headings_in(texts)]
    keys = set(map(tidy_key, named))

    def takes(heading: str) -> bool:
        if tidy_key(heading) in keys:
            return True
        things = reading.things_of(heading)
        return any(is_ != NOTHING for is_ in things) if things else bool(reading.across and heading)

    return takes


def original_row(
    name: PurePath, pieces: Iterator[bytes], line: int, place: str, takes: Takes = everything
) -> list[tuple[str, str]]:
    """Field names and values of a row. `pieces` are the bytes of the file; `place` names the spot
    in an answer. What stands in a column that the reading does not `take` is not shown, nor is its
    heading: the column is named by its number.
    """
    content = iter(pieces)
    first = next(content, b"")
    whole = _again(first, content)
    if name.suffix == ".json" and not _is_table(first, line):
        return _from_answers(b"".join(whole), place)
    if _is_plain(first) and line < PACKED:
        names, record = nth_record(whole, first.startswith(b"\x1f\x8b"), line)
        headings = named([(heading,) for heading in names])
        cells = zip(headings, record, strict=False)
        return [
            ("line", str(line)),
            *(_shown(takes, head, at, text) for at, (head, text) in enumerate(cells, 1)),
        ]
    return _from_sheet(name, whole, line, takes)


def _shown(takes: Takes, heading: str, at: int, text: str) -> tuple[str, str]:
    """A cell under its heading, or that it is not read."""
    if takes(heading):
        return heading, text
    return str(say("files.column", number=letters(at))), NOT_READ


def _is_table(first: bytes, line: int) -> bool:
    return line >= PACKED or b'"answers"' not in first[:4096]


def _is_plain(first: bytes) -> bool:
    """Whether a file is text in UTF-8 with commas, unpacked or gzip."""
    if first.startswith(b"\x1f\x8b"):
        return True
    heading = first[:4096].splitlines()[0] if first else b""
    try:
        return separator(heading.decode("utf-8-sig")) == "," and not first.startswith(b"PK")
    except UnicodeDecodeError:
        return False


def _from_sheet(
    name: PurePath, pieces: Iterator[bytes], row: int, takes: Takes
) -> list[tuple[str, str]]:
    """The row of a sheet, each cell under its heading; the cell that a statement stands on last."""
    place = place_of(row)
    with TemporaryDirectory(prefix="darkfigure-source-") as folder:
        path = Path(folder) / f"file{name.suffix[:10]}"
        with path.open("wb") as kept:
            kept.writelines(pieces)
        sheet = open_workbook(path).sheets[place.sheet - 1]
        areas = [area for area in find_areas(sheet.rows()) if area.first <= place.line]
        cells = next((list(cells) for at, cells in sheet.rows() if at == place.line), [])
    headed = dict(zip(areas[-1].columns, areas[-1].names, strict=True)) if areas else {}
    every = takes is everything
    shown = [("sheet", sheet.name)] if sheet.name else []
    shown.append(("line", str(place.line)))
    for at, cell in enumerate(cells, 1):
        if cell:
            head = headed.get(at) or (letters(at) if every else "")
            shown.append(_shown(takes, head, at, cell))
    if 0 < place.column <= len(cells):
        shown.append((f"cell {letters(place.column)}{place.line}", cells[place.column - 1]))
    return shown


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _from_answers(content: bytes, place: str) -> list[tuple[str, str]]:
    """The sentence or table row of a parliamentary answer: "ID, lead", "ID, table row 2, ..."."""
    answer_id, _, where = place.partition(", ")
    entry: dict[str, Any] = next(
        entry for entry in json.loads(content)["answers"] if entry["id"] == answer_id
    )
    shown = [("answer", answer_id), ("date", str(entry["date"])), ("place", where)]
    if found := re.match(r"table row (\d+)", where):
        table = entry["table"]
        row = table["rows"][int(found[1]) - 1]
        notes = [(f"footnote {mark}", text) for mark, text in table.get("footnotes", {}).items()]
        return [
            *shown,
            *((str(name), str(cell)) for name, cell in zip(table["columns"], row, strict=False)),
            *notes,
        ]
    if found := re.search(r"sentence (\d+)", where):
        return [*shown, ("text", entry["after"][int(found[1]) - 1])]
    return [*shown, ("text", str(entry.get("lead", "")))]


def original_record(
    name: PurePath,
    pieces: Iterator[bytes],
    kind: str,
    row: int,
    *,
    references: bool = False,
    reading: Reading | None = None,
) -> list[tuple[str, str]]:
    """The fields of a case record as it came, those of identity left out, and without `references`
    those that hold an agency's reference. `row` is its line, or its number in JSON; `reading` says
    which columns are which fields, where the file was read by one.
    """
    hidden = {field.name for field in KINDS[kind].identity}
    if not references:
        hidden |= _references(KINDS[kind])
    if name.suffix == ".json":
        content = json.loads(b"".join(pieces))
        if "submissions" in content:
            entry, coded = content["submissions"][row - 1], nrm_form.coded()
            return [
                ("submission", str(row)),
                *(
                    (key, str(entry[key]))
                    for key in entry
                    if key in coded or (references and key == "reference")
                ),
            ]
        entry = content["records"][kind][row - 1]
        found = [("place", f"{kind}[{row}]"), *((key, str(value)) for key, value in entry.items())]
    else:
        takes = everything if reading is None else taken_by(reading)
        found = original_row(name, pieces, row, "", takes)
    operations = codes_for("operation")

    def seen(key: str, value: str) -> bool:
        fields = {*(reading.things_of(key) if reading else ()), key}
        named_operation = "operation" in fields and operations.find(value) is not None
        return not fields & hidden or named_operation

    return [(key, value) for key, value in found if value and seen(key, value)]


def _references(kind: RecordKind) -> set[str]:
    persons = {field.name for field in kind.fields if field.type is FieldType.PERSON}
    return {"record", *persons, *references_of(kind)}
