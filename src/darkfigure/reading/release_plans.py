"""Files that say what a release holds, in YAML or JSON: its tables as questions, when it is out,
who sees it before, what is said of methods and quality.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.intelligence.documents import read_document
from darkfigure.publication.embargo import minute_in_london
from darkfigure.publication.release import Access, Head
from darkfigure.reading.written_fields import ASKED, known_fields, listed, word, yes_or_no

MOST, MOST_TABLES = 200_000, 60
_NEEDED = ("series", "edition", "title", "summary", "publisher", "contact", "licence", "out")
_HEAD = (*_NEEDED, "methods", "quality", "revisions", "address", "language")
_FIELDS = (*_HEAD, "tables", "access", "scheduled")
_TABLE = ("code", "title", "ask", "notes", *ASKED)
_ACCESS = ("post", "since", "why")
#: What stands in an address: small letters, digits and hyphens.
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class PlannedTable:
    """A table that a release is to hold: its code and title, the measure asked for and how."""

    code: str
    title: str
    ask: str
    asked: Mapping[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a release is to hold. `scheduled` says whether its revisions were announced."""

    head: Head
    tables: tuple[PlannedTable, ...]
    access: tuple[Access, ...]
    scheduled: bool


def read_plan(text: str, name: str) -> Plan:
    """A plan from YAML or JSON.

    Raises ReturnRefused with the line where it is neither, Unreadable for a field that it does not
    have or that is not as it should be: each says where.
    """
    if len(text) > MOST:
        raise Unreadable(f"{name} is longer than {MOST:,} characters: no plan needs more.")
    fields = read_document(text, name)
    if not isinstance(fields, dict):
        raise Unreadable(f"{name} does not hold fields. Write series: ..., and tables: below it.")
    known_fields(fields, _FIELDS, name)
    missing = [field for field in _NEEDED if not fields.get(field)]
    if missing:
        raise Unreadable(f"{name} says nothing of {', '.join(missing)}.")
    tables = fields.get("tables")
    if not isinstance(tables, list) or not 0 < len(tables) <= MOST_TABLES:
        raise Unreadable(
            f"{name} has no list of 1 to {MOST_TABLES} tables: write tables: and - code: ..."
        )
    planned = tuple(_table(table, f"{name}, table {at}") for at, table in enumerate(tables, 1))
    codes = [table.code for table in planned]
    if twice := [code for code in codes if codes.count(code) > 1]:
        raise Unreadable(f"{name}: two tables are called {twice[0]}.")
    return Plan(
        _head(fields, name),
        planned,
        tuple(
            access_of(entry, f"{name}, access {at}")
            for at, entry in enumerate(listed(fields.get("access"), f"{name}, access"), 1)
        ),
        yes_or_no(fields.get("scheduled", False), f"{name}, scheduled"),
    )


def _head(fields: Mapping[str, Any], name: str) -> Head:
    said = {field: word(fields[field], f"{name}, {field}") for field in _NEEDED}
    for field in ("series", "edition"):
        said[field] = _code(said[field], f"{name}, {field}")
    address = word(fields.get("address") or "", f"{name}, address")
    if address and not re.fullmatch(r"https://[^\s/]+(/[^\s]*)?/", address):
        raise Unreadable(f"{name}, address: write one as https://figures.example.org/.")
    return Head(
        **{field: said[field] for field in _NEEDED[:-1]},
        out_at=minute_in_london(said["out"]),
        methods=_paragraphs(fields.get("methods"), f"{name}, methods"),
        quality=_paragraphs(fields.get("quality"), f"{name}, quality"),
        revisions=word(fields.get("revisions") or "", f"{name}, revisions"),
        address=address,
        language=word(fields.get("language") or "en", f"{name}, language"),
    )


def _table(entry: object, where: str) -> PlannedTable:
    if not isinstance(entry, dict):
        raise Unreadable(f"{where} does not hold fields. Write - code: and ask: what is asked.")
    known_fields(entry, _TABLE, where)
    for field in ("code", "title", "ask"):
        if not entry.get(field):
            raise Unreadable(f"{where} has no {field}.")
    asked = {
        field: _words(entry[field], f"{where}, {field}")
        if field in ("by", "where")
        else word(entry[field], f"{where}, {field}")
        for field in ASKED
        if entry.get(field) is not None
    }
    return PlannedTable(
        _code(word(entry["code"], f"{where}, code"), f"{where}, code"),
        word(entry["title"], f"{where}, title"),
        word(entry["ask"], f"{where}, ask"),
        asked,
        _paragraphs(entry.get("notes"), f"{where}, notes"),
    )


def access_of(entry: object, where: str) -> Access:
    """A post that sees something before it is out, since when and why. Raises Unreadable."""
    if not isinstance(entry, dict):
        raise Unreadable(f"{where} does not hold fields. Write - post:, since: and why:.")
    known_fields(entry, _ACCESS, where)
    said = {field: word(entry.get(field) or "", f"{where}, {field}") for field in _ACCESS}
    if missing := [field for field, word in said.items() if not word]:
        raise Unreadable(f"{where} says nothing of {', '.join(missing)}.")
    return Access(said["post"], minute_in_london(said["since"]), said["why"])


def _code(text: str, where: str) -> str:
    if not _CODE.fullmatch(text) or len(text) > 60:
        raise Unreadable(
            f"{where}: {text!r} stands in an address; write small letters, digits and hyphens, as "
            "referrals-2009-q1."
        )
    return text


def _words(value: object, where: str) -> list[str]:
    if isinstance(value, list):
        return [word(item, where) for item in value]
    return [part.strip() for part in word(value, where).split(",") if part.strip()]


def _paragraphs(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(word(item, where) for item in value)
    return tuple(part.strip() for part in str(value or "").split("\n\n") if part.strip())
