"""Reads case returns: a CSV file for one kind of record, or JSON for several; and says what both
look like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.cases.casework import CaseBatch, CaseSubmission
from darkfigure.cases.records import COMMON, FORM, KINDS, RecordKind, columns_of_file
from darkfigure.codes import nearest
from darkfigure.reading.delimited import batches, check_heading, heading
from darkfigure.reading.door import json_of, opened, refuse
from darkfigure.reading.unknown_names import not_known_here

REQUIRED = ["record_kind", "record", "stated_on", "reported_by"]
_HEAD = ("reported_by", "stated_on", "synthetic")
_MADE_UP = "SYNTHETIC"


def read(path: Path) -> list[CaseSubmission]:
    """One submission. Raises ReturnRefused where the file is neither form."""
    with opened(path) as source:
        start = source.read(64).lstrip(b"\xef\xbb\xbf").lstrip()
    return [_from_json(path) if start.startswith(b"{") else _from_csv(path)]


def recognises(start: str) -> bool:
    """Whether a file that begins so is a case return in JSON."""
    return start.startswith("{") and FORM in start


def _from_csv(path: Path) -> CaseSubmission:
    names = heading(path)
    check_heading(path, names, REQUIRED, names)
    kind = _kind_of(path, names)
    check_heading(
        path, names, REQUIRED, [name for name in columns_of_file(kind) if name not in REQUIRED]
    )
    submission = CaseSubmission("cases", path.name, whole=False)
    submission.tables = _csv_tables(path, submission, kind, names)
    return submission


def _kind_of(path: Path, names: list[str]) -> RecordKind:
    blank = CaseSubmission("cases", path.name, whole=False)
    first = next(batches(path, blank, names), None)
    if first is None or not first.height:
        refuse(
            path,
            say("problems.wrong.no_rows"),
            say("problems.right.send_rows"),
        )
    return _named(path, str(first["record_kind"][0] or ""))


def _named(path: Path, name: str) -> RecordKind:
    if name not in KINDS:
        problem = Problem(
            say("problems.wrong.no_kind_of_record"),
            say("problems.right.one_kind", nearest=nearest(name, KINDS)),
            line=2,
            column="record_kind",
            value=name[:40],
            rule="file",
        )
        raise ReturnRefused(path.name, [problem])
    return KINDS[name]


def _csv_tables(
    path: Path, submission: CaseSubmission, kind: RecordKind, names: list[str]
) -> Iterator[CaseBatch]:
    for rows in batches(path, submission, names):
        rows = rows.with_columns(pl.col(name).str.strip_chars() for name in names)
        for line in rows.filter(pl.col("record_kind").ne_missing(kind.name))["row"].to_list():
            submission.fault(
                Problem(
                    say("problems.wrong.another_kind"),
                    (say("problems.right.one_kind_a_file", kind=kind.name)),
                    line=line,
                    column="record_kind",
                    rule="file",
                )
            )
        yield submission.take(kind, rows)


def _from_json(path: Path) -> CaseSubmission:
    content = _loaded(path)
    # What a return says of itself is free text: kept is only that it says that it is made up.
    made_up = _MADE_UP if _MADE_UP in str(content.get("source", "")) else ""
    submission = CaseSubmission("cases", path.name, whole=False, source=made_up, as_json=True)
    given = content.get("records")
    if not isinstance(given, dict) or not given:
        refuse(
            path,
            say("problems.wrong.no_records"),
            say("problems.right.give_records"),
            column="records",
        )
    head = {name: text_of(content[name]) for name in _HEAD if name in content}
    _refuse_unknown(submission, content, ("form", "source", "records", *_HEAD), None)
    submission.tables = _json_tables(path, submission, given, head)
    return submission


def _loaded(path: Path) -> dict[str, Any]:
    content = json_of(path)
    if not isinstance(content, dict) or content.get("form") != FORM:
        refuse(
            path,
            say("problems.wrong.not_the_form", form=FORM),
            say("problems.right.say_form"),
            column="form",
        )
    return content


def _json_tables(
    path: Path, submission: CaseSubmission, given: dict[str, Any], head: dict[str, str | None]
) -> Iterator[CaseBatch]:
    if not any(given.values()):
        refuse(
            path,
            say("problems.wrong.no_records_in"),
            say("problems.right.send_rows"),
            column="records",
        )
    for name, entries in given.items():
        kind = _named(path, name)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            refuse(
                path,
                say("problems.wrong.not_a_list"),
                say("problems.right.give_list", name=name),
                column=f"records.{name}",
            )
        known = {each.name for each in (*COMMON, *kind.fields)}
        rows = []
        for number, entry in enumerate(entries, start=1):
            _refuse_unknown(submission, entry, sorted(known), f"{name}[{number}]")
            rows.append(
                {
                    **head,
                    **{key: text_of(value) for key, value in entry.items() if key in known},
                    "row": number,
                }
            )
        if rows:
            schema = {**dict.fromkeys(sorted(known), pl.String), "row": pl.Int64}
            yield submission.take(kind, pl.DataFrame(rows, schema=schema))


def _refuse_unknown(
    submission: CaseSubmission, entry: dict[str, Any], fields: Sequence[str], place: str | None
) -> None:
    """A fault for the fields of a record, or of the head, that are not known."""
    unknown = {at: name for at, name in enumerate(entry, 1) if name not in fields}
    if unknown:
        wrong, right = not_known_here(unknown, fields, sort="field")
        submission.fault(Problem(wrong, right, column=place))


def text_of(value: object) -> str | None:
    """A value of JSON as it would stand in a CSV file; nothing for null and the empty text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()
