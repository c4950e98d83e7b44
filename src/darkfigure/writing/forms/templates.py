"""The forms of case returns, made from the kinds of record: CSV templates, JSON with its Schema,
and a data dictionary.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from darkfigure.basis.inert import InertRecords, InertRows
from darkfigure.cases.records import (
    COMMON,
    FORM,
    KINDS,
    Field,
    FieldType,
    RecordKind,
    columns_of_file,
)
from darkfigure.codes import codes_for, codes_of_records
from darkfigure.intelligence import shapes
from darkfigure.writing.forms.reporting_examples import EXAMPLES
from darkfigure.writing.words import ENGLISH

#: Code lists longer than this are named in the dictionary, not written out.
WRITTEN_OUT = 30
_EXAMPLE_CODES = {
    "court_offence": "court:72/1",
    "area": "Essex",
    "operation": "Pentameter 2",
    "nationality": "Thai",
}
#: A finding that was made, and one that could not be.
_DEFINITIONS = {
    "recovery": {"definition": "met"},
    "referral": {"definition": "not_known", "definition_missing": "means+age"},
}
_DAYS = {
    "arrest": "2008-02-03",
    "charge": "2008-02-20",
    "decision": "2008-03-10",
    "start": "2007-10-03",
    "end": "2008-03-31",
}
_REFERENCES = {
    "operation": "Pentameter 2",
    "person": "X001",
    "referral": "NRM-0001",
    "arrest": "08/0000/1",
    "charge": "00XX0000108/1",
    "decision": "D-0001",
}


DRAFT = "https://json-schema.org/draft/2020-12/schema"


def write(folder: Path) -> list[Path]:
    """Write every form into a folder and give the paths. The examples in them are synthetic and
    load as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_template(folder, kind) for kind in KINDS.values()]
    written = {
        "cases.json": example_json(),
        "cases.schema.json": schema(),
        "report.schema.json": {"$schema": DRAFT, "title": "Intelligence report", **shapes.REPORT},
        "replies.schema.json": {"$schema": DRAFT, "title": "Replies to asks", **shapes.REPLIES},
        "asks.schema.json": {"$schema": DRAFT, "title": "Asks", **shapes.ASKS},
    }
    for name, content in written.items():
        path = folder / name
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    for name, text in EXAMPLES.items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    dictionary = folder / "dictionary.csv"
    with dictionary.open("w", newline="", encoding="utf-8") as out:
        target = InertRows(out)
        target.writerow(
            ["record_kind", "field", "type", "required", "meaning", "values", "kept_in"]
        )
        target.writerows(dictionary_rows())
    page = folder / "dictionary.md"
    page.write_text(dictionary_page(), encoding="utf-8")
    return [*paths, dictionary, page]


def _template(folder: Path, kind: RecordKind) -> Path:
    path = folder / f"cases_{kind.name}.csv"
    names = columns_of_file(kind)
    with path.open("w", newline="", encoding="utf-8") as out:
        target = InertRecords(out, names)
        target.writeheader()
        target.writerow({"record_kind": kind.name, **example(kind), **_HEAD})
    return path


_HEAD = {"stated_on": "2008-07-02", "reported_by": "essex", "synthetic": "yes"}


def example(kind: RecordKind) -> dict[str, str]:
    """A synthetic record of a kind: its reference and every field that is easily shown."""
    entry = {"record": _REFERENCES.get(kind.name, f"{kind.name[:3].upper()}-0001")}
    for field in kind.fields:
        if value := _example(kind, field):
            entry[field.name] = value
    return entry


def _example(kind: RecordKind, field: Field) -> str:
    if field.name in ("part_of", "revises", "victim"):
        return ""
    if field.name in ("definition", "definition_missing"):
        return _DEFINITIONS[kind.name].get(field.name, "")
    if field.type is FieldType.DATE:
        return _DAYS.get(field.name) or _DAYS.get(kind.name) or "2008-03-01"
    if field.type in (FieldType.PERSON, FieldType.LINK):
        return _REFERENCES[field.to]
    if field.type is FieldType.WHOLE:
        return {"age": "24", "birth_year": "1984", "months": "36"}[field.name]
    if field.type is FieldType.FLAG:
        return "yes"
    if field.type is FieldType.NAME:
        return {"given_name": "Synthetic", "family_name": "Madeup"}.get(field.name, "")
    return _EXAMPLE_CODES.get(field.codes) or next(iter(codes_for(field.codes).codes))


def example_json() -> dict[str, Any]:
    """A synthetic return in JSON, with one record of each kind."""
    head: dict[str, Any] = {
        "form": FORM,
        "reported_by": "essex",
        "stated_on": "2008-07-02",
        "synthetic": True,
    }
    return {
        **head,
        "source": "SYNTHETIC example",
        "records": {name: [example(kind)] for name, kind in KINDS.items()},
    }


def schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the JSON form."""
    kinds = {
        name: {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["record"],
                "properties": {each.name: _property(each) for each in (*COMMON, *kind.fields)},
            },
        }
        for name, kind in KINDS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Darkfigure case return",
        "type": "object",
        "required": ["form", "records"],
        "additionalProperties": False,
        "properties": {
            "form": {"const": FORM},
            "reported_by": _property(COMMON[2]),
            "stated_on": {"type": "string", "format": "date"},
            "synthetic": {"type": "boolean"},
            "source": {"type": "string"},
            "records": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": kinds,
            },
        },
    }


def _property(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"description": ENGLISH.say(field.meaning)}
    if field.type is FieldType.DATE:
        return {**found, "type": "string", "format": "date"}
    if field.type is FieldType.WHOLE:
        return {**found, "type": ["integer", "string"]}
    if field.type is FieldType.FLAG:
        return {**found, "type": ["boolean", "string"]}
    return {**found, "type": "string"}


def dictionary_rows() -> list[list[str]]:
    """The data dictionary: a row for each field of each kind."""
    rows = []
    for kind in KINDS.values():
        rows.append(
            [
                kind.name,
                "record",
                "reference",
                "yes",
                f"The reference: {ENGLISH.say(kind.reference)}.",
                "",
                "record",
            ]
        )
        rows += [[kind.name, *_described(each)] for each in (*COMMON[1:], *kind.fields)]
    return rows


def _described(field: Field) -> list[str]:
    required = "yes" if field.required or field.name in ("stated_on", "reported_by") else ""
    kept = "identity" if field.type is FieldType.NAME else "record"
    return [
        field.name,
        ENGLISH.text(f"records.type.{field.type}"),
        required,
        ENGLISH.say(field.meaning),
        _values(field),
        kept,
    ]


def _values(field: Field) -> str:
    if field.to:
        return f"the reference of a record of kind {field.to}"
    if field.type is FieldType.WHOLE:
        return f"{field.least} to {field.most}"
    if not field.codes:
        return ""
    codes = list(codes_of_records(field.codes).codes)
    return (
        ", ".join(codes)
        if len(codes) <= WRITTEN_OUT
        else f"code list {field.codes}, {len(codes):,} entries"
    )


def dictionary_page() -> str:
    """The data dictionary to be read."""
    lines = [
        "# Case returns: data dictionary",
        "",
        (
            'A return is a CSV file for one kind of record, or one JSON file for several (`"form": '
            f'"{FORM}"`). Every row has:'
        ),
        "",
        *(f"- `{each.name}`: {ENGLISH.say(each.meaning)}" for each in COMMON),
        "",
        (
            "A correction is the whole record again under the same reference, with a later "
            "`stated_on` and a `change_reason`."
        ),
        "Fields of identity are kept apart from all else and are in no figure, snapshot or export.",
    ]
    for kind in KINDS.values():
        lines += ["", f"## {ENGLISH.say(kind.title)} (`{kind.name}`)", ""]
        lines += [f"Reference: {ENGLISH.say(kind.reference)}.", ""]
        lines += ["| field | type | needed | meaning | values |", "| --- | --- | --- | --- | --- |"]
        for each in kind.fields:
            name, how, required, meaning, values, kept = _described(each)
            lines.append(
                f"| `{name}` | {how} | {required} | "
                f"{meaning}{' (identity)' if kept == 'identity' else ''} | {values} |"
            )
    return "\n".join(lines) + "\n"
