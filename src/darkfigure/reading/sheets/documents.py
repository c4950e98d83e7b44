"""Tables in JSON: a list of records, or one record a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, ReturnRefused
from darkfigure.basis.saying import say
from darkfigure.intelligence.documents import read_document
from darkfigure.reading.sheets.text import text_in
from darkfigure.reading.sheets.workbook import (
    NumberedRow,
    Sheet,
    Workbook,
    checked,
    refuse,
    text_of_cell,
)

MOST_BYTES = 256 * 2**20
Records = list[tuple[int, dict[str, Any]]]


def read(path: Path, name: str) -> Workbook:
    """The tables of a JSON file: each list of records in it is a sheet."""
    if path.stat().st_size > MOST_BYTES:
        refuse(name, "too_large", "as_csv", most=MOST_BYTES // 1024)
    text = text_in(path.read_bytes(), name).text
    lines = _by_line(text, name)
    lists = {"": lines} if lines is not None else _lists(text, name)
    if not lists:
        refuse(name, "no_list", "list_of_records")
    sheets = tuple(
        Sheet(key, lambda found=found: checked(_rows(found), name), typed=True)  # type: ignore[misc]
        for key, found in lists.items()
    )
    one_a_line = lines is not None
    form = say("problems.form.json_lines") if one_a_line else say("problems.form.json")
    return Workbook(name, form, sheets)


def _by_line(text: str, name: str) -> Records | None:
    """Records one a line; nothing where the text is one document."""
    lines = [(at, line) for at, line in enumerate(re.split(r"\r\n|\r|\n", text), 1) if line.strip()]
    if len(lines) < 2 or not all(line.strip()[:1] == "{" for _, line in lines[:5]):
        return None
    found = []
    for at, line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            if at == lines[0][0]:
                return None
            refuse(name, "no_record", "list_of_records", line=at)
        if not isinstance(record, dict):
            refuse(name, "no_record", "list_of_records", line=at)
        found.append((at, record))
    return found


def _lists(text: str, name: str) -> dict[str, Records]:
    try:
        content = read_document(text, name)
    except ReturnRefused:
        raise
    except (DarkfigureError, ValueError, RecursionError):
        refuse(name, "no_json", "commas")
    if isinstance(content, list):
        content = {"": content}
    if isinstance(content, dict) and {"question", "cells", "basis"} <= set(content):
        return {"": _own_answer(content)}
    if not isinstance(content, dict):
        return {}
    return {
        str(key): [(at, dict(each)) for at, each in enumerate(value, 1)]
        for key, value in content.items()
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
    }


def _own_answer(content: dict[str, Any]) -> Records:
    """An answer of Darkfigure's own in JSON, under the columns of its CSV."""
    found: Records = []
    for at, cell in enumerate(content["cells"], 1):
        used = [each for each in cell.get("sources", ()) if each.get("used")]
        record = {
            "line": "figure",
            **{name: value for name, value in cell["dims"].items() if value is not None},
            "measure": content["question"]["measure"],
            **{name: cell.get(name) for name in ("value", "low", "high", "status", "period")},
            "unit": content.get("unit"),
            "reasons": " | ".join(cell.get("reasons", ())),
            "notes": " | ".join(cell.get("notes", ())),
            "rule": cell.get("rule"),
            "stated_on": max((each["stated_on"] for each in used), default=""),
            "stated_by": " | ".join(dict.fromkeys(each["stated_by"] for each in used)),
            "sources": " | ".join(
                dict.fromkeys(
                    f"{each['stated_by']} {each['stated_on']}: {each['source']}" for each in used
                )
            ),
            "cell": cell.get("id"),
        }
        found.append((at, record))
    return found


def _rows(records: Records) -> Iterator[NumberedRow]:
    names = list(dict.fromkeys(key for _, record in records for key in record))
    yield 0, names
    for at, record in records:
        yield at, [_cell(record.get(name)) for name in names]


def _cell(value: Any) -> str:
    return (
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict | list)
        else text_of_cell(value)
    )
