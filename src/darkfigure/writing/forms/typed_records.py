"""Case records typed one by one: the fields of a kind as somebody fills them in, and the
return made of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.inert import InertRecords, plain
from darkfigure.cases.records import KINDS, Field, FieldType, RecordKind, columns_of_file
from darkfigure.codes import codes_for
from darkfigure.writing.words import ENGLISH, Words

#: Lists of more codes than this are typed and checked, not chosen from.
CHOSEN_FROM = 60
#: What a return says once for every record of it.
HEAD = ("stated_on", "reported_by", "synthetic")


@dataclass(frozen=True)
class TypedField:
    """A field as it is filled in: what it is called and means; codes with their labels to
    choose from.
    """

    name: str
    label: str
    help: str
    type: FieldType
    required: bool
    choices: Sequence[tuple[str, str]] = ()


def fields_of(kind: RecordKind, words: Words = ENGLISH) -> list[TypedField]:
    """The fields of a kind, its reference first."""
    reference = TypedField("record", words.say(kind.reference), "", FieldType.NAME, required=True)
    return [reference, *(_typed(field, words) for field in kind.fields)]


def _typed(field: Field, words: Words) -> TypedField:
    label = field.name.replace("_", " ")
    choices: list[tuple[str, str]] = []
    if field.type is FieldType.CODE:
        codes = codes_for(field.codes).codes
        if len(codes) <= CHOSEN_FROM:
            choices = [(code, each.label) for code, each in codes.items()]
    return TypedField(
        field.name,
        label[0].upper() + label[1:],
        words.say(field.meaning),
        field.type,
        field.required,
        choices,
    )


def with_record(
    kind: str, head: Mapping[str, str], values: Mapping[str, str], before: bytes = b""
) -> str:
    """A return of a kind with one more record. `before` is the return so far.

    Raises Unreadable where that is no return of the kind that was typed here.
    """
    names = columns_of_file(KINDS[kind])
    rows = _rows(names, before) if before else []
    told = {name: values.get(name, "") for name in names}
    rows.append({**told, **{name: head.get(name, "") for name in HEAD}, "record_kind": kind})
    made = io.StringIO()
    target = InertRecords(made, names)
    target.writeheader()
    for row in rows:
        target.writerow(row)
    return made.getvalue()


def typed_kind(content: bytes) -> str:
    """The kind of record that a return holds which was typed here; nothing of any other file."""
    for kind in KINDS:
        heading = ",".join(columns_of_file(KINDS[kind]))
        if content.startswith(heading.encode() + b"\n"):
            return kind
    return ""


def _rows(names: Sequence[str], before: bytes) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(before.decode("utf-8")))
    if reader.fieldnames != list(names):
        raise Unreadable("This return came as a file: put a mended file in its place.")
    return [{name: plain(row[name] or "") for name in names} for row in reader]
