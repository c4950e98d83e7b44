"""Reports and replies kept as tables (text or spreadsheet): a line for each item and what it says,
or for each reply; what is of the whole report stands in each line, or in the first alone.

They become the same document that YAML and JSON are, and are checked as that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.intelligence.shapes import ITEM, LINK, REPLIES, REPLY, REPORT
from darkfigure.reading.door import is_packed, text_of
from darkfigure.reading.located import Located, tables_of
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.sheets.workbook import refuse
from darkfigure.reading.unknown_names import not_known_here

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
#: What an item and the whole report both have is the item's; of the report it is written so.
_OF_REPORT = "report_"
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
Line = tuple[int, dict[str, str]]


def document_text(path: Path) -> str:
    """The text of a report or of replies, as JSON where the file is a table. Raises
    ReturnRefused.
    """
    if not (is_packed(path) or path.suffix.lower() in TABLES):
        return text_of(path)
    tables = tables_of(open_workbook(path))
    if not tables:
        refuse(path.name, "no_tables", "heading_and_rows")
    lines = _lines(tables[0])
    names = list(dict.fromkeys(name for _, line in lines for name in line))
    made = _replies(lines) if "ask" in names else _report(lines, path.name)
    known = _known_replies() if "ask" in names else _known_report()
    if unknown := {at: name for at, name in enumerate(names, 1) if name not in known}:
        wrong, right = not_known_here(unknown, known, sort="column")
        raise ReturnRefused(path.name, [Problem(wrong, right, rule="columns")])
    return json.dumps(made, ensure_ascii=False)


def _lines(table: Located) -> list[Line]:
    area = table.area
    names = ["_".join(name.lower().split()) for name in area.names]
    return [
        (
            number,
            {
                name: cells[at - 1] if at <= len(cells) else ""
                for at, name in zip(area.columns, names, strict=True)
                if name
            },
        )
        for number, cells in table.rows()
    ]


def _fields(shape: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The fields of a shape that hold one value."""
    properties: dict[str, Mapping[str, Any]] = shape["properties"]
    return {
        name: each for name, each in properties.items() if each["type"] not in ("array", "object")
    }


def _head(shape: Mapping[str, Any], of: Mapping[str, Any]) -> dict[str, str]:
    """The columns of what is said of the whole, with the field of each."""
    return {(_OF_REPORT + name if name in _fields(of) else name): name for name in _fields(shape)}


def _known_report() -> list[str]:
    return [*_head(REPORT, ITEM), "source_kind", *_fields(ITEM), *_fields(LINK)]


def _known_replies() -> list[str]:
    return [*_head(REPLIES, REPLY), *_fields(REPLY)]


def _of_all(lines: Sequence[Line], columns: Mapping[str, str]) -> dict[str, Any]:
    """What is said of the whole: the first value of each column."""
    made: dict[str, Any] = {}
    for column, name in columns.items():
        value = next((line[column] for _, line in lines if line.get(column)), "")
        if value:
            made[name] = _YES.get(value.lower(), value) if name == "synthetic" else value
    return made


def _report(lines: Sequence[Line], file: str) -> dict[str, Any]:
    head = _head(REPORT, ITEM)
    made = _of_all(lines, head)
    for column, name in head.items():
        values = {line[column] for _, line in lines if line.get(column)}
        if len(values) > 1:
            wrong, right = say("problems.wrong.not_one_report"), say("problems.right.one_report")
            raise ReturnRefused(file, [Problem(wrong, right, column=name, rule="report")])
    if kind := next((line["source_kind"] for _, line in lines if line.get("source_kind")), ""):
        made["source"] = {"kind": kind}
    items: dict[str, dict[str, Any]] = {}
    for at, (_, line) in enumerate(lines):
        key = line.get("number") or (str(at + 1) if "number" not in line else "")
        item = items.setdefault(key, {})
        for name, field in _fields(ITEM).items():
            if value := line.get(name):
                item[name] = _number(value) if field["type"] == "integer" else value
        item.setdefault("number", _number(key))
        link = {name: line[name] for name in _fields(LINK) if line.get(name)}
        if link:
            item.setdefault("links", []).append(link)
    return {**made, "items": list(items.values())}


def _replies(lines: Sequence[Line]) -> dict[str, Any]:
    replies = [{name: line[name] for name in _fields(REPLY) if line.get(name)} for _, line in lines]
    return {**_of_all(lines, _head(REPLIES, REPLY)), "replies": replies}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
