"""What metadata beside a table say of its columns (CSV on the Web, W3C, 2015), for a reading to be
proposed by: nothing of it holds unless a person leaves it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_stated
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes import codes_for
from darkfigure.reading.instructions import FIGURE_WORDS, HEAD_WORDS, PERIOD, VALUE, tidy_key

#: What the name of the metadata of a table ends in.
BESIDE = "-metadata.json"
MOST_BYTES = 4 * 2**20
_CONTEXT = "http://www.w3.org/ns/csvw"
_KNOWN = (VALUE, PERIOD, *HEAD_WORDS, *FIGURE_WORDS, *DIMENSIONS)
#: Properties of statistical data (SDMX), and others, by their last part.
_PROPERTIES = {
    "obsvalue": VALUE,
    "refperiod": PERIOD,
    "timeperiod": PERIOD,
    "refarea": "area",
    "age": "age_group",
    "unitmeasure": "unit",
    "obsstatus": "status",
    "comment": "note",
}


@dataclass(frozen=True)
class Described:
    """What metadata say: of columns, by their headings, what each is; what is the same for every
    figure; texts that stand for nothing; how days and decimals are written.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    nothing: tuple[str, ...] = ()
    days: str = ""
    comma: bool = False

    def says(self, heading: str) -> str:
        """What the column under a heading is; empty where it is not said."""
        return self.columns.get(tidy_key(heading), "")


def described_beside(path: Path) -> Described | None:
    """What the metadata beside a table say; nothing where there are none, or none that can be
    read.
    """
    beside = path.with_name(path.name + BESIDE)
    try:
        if not beside.is_file() or beside.stat().st_size > MOST_BYTES:
            return None
        content = json.loads(beside.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    table = _table(content, path.name)
    return None if table is None else _described(table)


def _table(content: Any, name: str) -> dict[str, Any] | None:
    """The description of one table: the only one, or that of its name."""
    if not isinstance(content, dict) or _CONTEXT not in _texts(content.get("@context")):
        return None
    tables = content.get("tables", [content])
    for each in tables if isinstance(tables, list) else ():
        url = each.get("url") if isinstance(each, dict) else None
        if isinstance(url, str) and url.rpartition("/")[2] == name:
            return {**content, **each}
    return None


def _described(table: Mapping[str, Any]) -> Described:
    schema = table.get("tableSchema")
    listed: Any = schema.get("columns") if isinstance(schema, dict) else None
    columns = [each for each in listed if isinstance(each, dict)] if _is_list(listed) else []
    named: dict[str, str] = {}
    for column in columns:
        if is_ := _is(column):
            named |= {tidy_key(title): is_ for title in _titles(column)}
    types = [each["datatype"] for each in columns if isinstance(each.get("datatype"), dict)]
    nulls = [text for each in (table, *columns) for text in _texts(each.get("null")) if text]
    return Described(
        columns=named,
        always=dict(_always(table)),
        nothing=tuple(dict.fromkeys(nulls)),
        days=next(filter(None, map(_days, types)), ""),
        comma=any(_decimal(each) == "," for each in types),
    )


def _is_list(found: object) -> bool:
    return isinstance(found, list)


def _texts(found: Any) -> list[str]:
    """The texts of a property: one, a list of them, or some by language."""
    if isinstance(found, dict):
        found = [text for each in found.values() for text in _texts(each)]
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, str)]


def _titles(column: Mapping[str, Any]) -> list[str]:
    return [*_texts(column.get("titles")), *_texts(column.get("name"))]


def _is(column: Mapping[str, Any]) -> str:
    """What a column is, by its property or its name."""
    for text in (column.get("propertyUrl"), column.get("name")):
        if isinstance(text, str):
            last = text.replace("#", "/").rstrip("/").rpartition("/")[2].rpartition(":")[2]
            plain = tidy_key(last).replace(" ", "_")
            if is_ := _PROPERTIES.get(plain) or (plain if plain in _KNOWN else ""):
                return is_
    return ""


def _days(datatype: Mapping[str, Any]) -> str:
    """Whether days are written with the day or the month first."""
    form = datatype.get("format")
    if datatype.get("base") not in ("date", "dateTime") or not isinstance(form, str):
        return ""
    day, month = form.find("d"), form.find("M")
    if day < 0 or month < 0 or form.startswith("y"):
        return ""
    return "day first" if day < month else "month first"


def _decimal(datatype: Mapping[str, Any]) -> str:
    form = datatype.get("format")
    return str(form.get("decimalChar", "")) if isinstance(form, dict) else ""


def _always(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The source, who stated the figures and on which day, where the table says so."""
    if titles := _said(table, "title"):
        yield "source", " ".join(titles[0].split())[:300]
    for name in _said(table, "publisher"):
        if code := codes_for("agency").find_spelt(name):
            yield "stated_by", code
            break
    for day in (*_said(table, "issued"), *_said(table, "modified"), *_said(table, "date")):
        try:
            yield "stated_on", parse_stated(day).day.isoformat()
            break
        except DarkfigureError:
            continue


def _said(table: Mapping[str, Any], name: str) -> list[str]:
    """A property of Dublin Core, by any of its prefixes."""
    found: list[str] = []
    for prefix in ("dc", "dct", "dcterms", "schema"):
        value = table.get(f"{prefix}:{name}")
        if isinstance(value, dict):
            value = value.get("@value", value.get("schema:name", value))
        found += _texts(value)
    return found
