"""The folder of an edition: `edition.yaml`, which says what it is, and a file of Markdown for each
chapter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import ChapterFile, Edition, EditionHead, Moved, Source
from darkfigure.assessment.frozen import comparison_from, from_data
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_day
from darkfigure.codes import nearest
from darkfigure.intelligence.documents import read_document
from darkfigure.publication.embargo import minute_in_london
from darkfigure.reading.door import text_of
from darkfigure.reading.edition_text import read_chapter
from darkfigure.reading.release_plans import access_of
from darkfigure.reading.written_fields import known_fields, listed, word

HEAD = "edition.yaml"
MOST, MOST_CHAPTERS = 2_000_000, 60
_NEEDED = ("edition", "title", "as_at", "requirements", "publisher", "contact", "licence", "out")
_FIELDS = (
    *_NEEDED,
    "marking",
    "chapters",
    "previous",
    "summary",
    "concordance",
    "errata",
    "access",
    "language",
)
_CHAPTER = ("area", "file")
_PREVIOUS = ("edition", "as_at", "requirements")
_CONCORDANCE = ("kind", "old", "new", "reason", "marking")
_KINDS = ("split", "merged", "moved", "reworded", "retired")
#: What stands in an address: small letters, digits and hyphens.
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Pages of every edition beside its chapters.
PAGES = ("assessment", "changes", "index", "judgements", "summary")
_FILE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.md")


def read_folder(folder: Path) -> Source:
    """An edition from its folder. Raises Unreadable, with the file and where in it."""
    if not (folder / HEAD).is_file():
        raise Unreadable(
            f"{folder} holds no {HEAD}. `darkfigure edition new {folder}` begins an edition."
        )
    texts = {HEAD: text_of(folder / HEAD, MOST)}
    head = read_head(texts[HEAD], HEAD)
    for chapter in head.chapters:
        if not (folder / chapter.file).is_file():
            raise Unreadable(f"{HEAD}, chapters: {folder / chapter.file} is not there.")
        texts[chapter.file] = text_of(folder / chapter.file, MOST)
    return from_texts(texts)


def from_texts(texts: Mapping[str, str]) -> Source:
    """An edition from the texts of its files, by their names."""
    head = read_head(texts[HEAD], HEAD)
    chapters = tuple(
        read_chapter(texts[chapter.file], chapter.file, chapter.area) for chapter in head.chapters
    )
    return Source(head, chapters, dict(texts))


def thawed(body: bytes) -> tuple[Edition, Compared | None]:
    """The edition that a file `edition.json` holds, and what it is compared with. Raises Unreadable
    where it holds none.
    """
    try:
        data = json.loads(body)["frozen"]
        edition = from_data(data, from_texts(data["texts"]))
        return edition, comparison_from(data["against"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(
            "The file holds no edition: an edition is frozen in edition.json, as it was released."
        ) from error


def read_head(text: str, name: str) -> EditionHead:
    """What an edition says of itself, from YAML or JSON. Raises Unreadable, with the field."""
    fields = read_document(text, name)
    if not isinstance(fields, dict):
        raise Unreadable(f"{name} does not hold fields. Write edition: ..., and chapters: below.")
    known_fields(fields, _FIELDS, name)
    if missing := [field for field in _NEEDED if not fields.get(field)]:
        raise Unreadable(f"{name} says nothing of {', '.join(missing)}.")
    chapters = listed(fields.get("chapters"), f"{name}, chapters")
    if not 0 < len(chapters) <= MOST_CHAPTERS:
        raise Unreadable(f"{name} has no list of 1 to {MOST_CHAPTERS} chapters.")
    said = {field: word(fields[field], f"{name}, {field}") for field in _NEEDED}
    as_at = _day(said["as_at"], f"{name}, as_at")
    previous = _previous(fields.get("previous"), f"{name}, previous", as_at)
    return EditionHead(
        name=_address(said["edition"], f"{name}, edition"),
        title=said["title"],
        as_at=as_at,
        requirements=said["requirements"],
        publisher=said["publisher"],
        contact=said["contact"],
        licence=said["licence"],
        marking=_marking(word(fields.get("marking") or "official", name), f"{name}, marking"),
        chapters=_chapters(chapters, name),
        out_at=_minute(said["out"], f"{name}, out"),
        previous=previous[0],
        previous_as_at=previous[1],
        previous_requirements=previous[2],
        summary=word(fields.get("summary") or "", f"{name}, summary"),
        concordance=tuple(
            _moved(entry, f"{name}, concordance {at}")
            for at, entry in enumerate(listed(fields.get("concordance"), f"{name}, concordance"), 1)
        ),
        errata=tuple(
            _erratum(entry, f"{name}, errata {at}")
            for at, entry in enumerate(listed(fields.get("errata"), f"{name}, errata"), 1)
        ),
        access=tuple(
            access_of(entry, f"{name}, access {at}")
            for at, entry in enumerate(listed(fields.get("access"), f"{name}, access"), 1)
        ),
        language=word(fields.get("language") or "en", f"{name}, language"),
    )


def _chapters(entries: list[object], name: str) -> tuple[ChapterFile, ...]:
    found = []
    for at, entry in enumerate(entries, 1):
        where = f"{name}, chapter {at}"
        fields = _mapping(entry, where, "area: HT and file: trafficking.md")
        known_fields(fields, _CHAPTER, where)
        area, file = (word(fields.get(field) or "", f"{where}, {field}") for field in _CHAPTER)
        if not area or not _FILE.fullmatch(file):
            raise Unreadable(
                f"{where}: write area: and file:, the file as small letters, digits and hyphens "
                "that end in .md."
            )
        if file.removesuffix(".md") in PAGES:
            raise Unreadable(
                f"{where}, file: {file} would be a page that every edition has already. Call it "
                "otherwise, as trafficking.md."
            )
        found.append(ChapterFile(area, file))
    for field in _CHAPTER:
        said = [getattr(chapter, field) for chapter in found]
        if twice := next((each for each in said if said.count(each) > 1), None):
            raise Unreadable(f"{name}: two chapters have the {field} {twice}.")
    return tuple(found)


def _previous(entry: object, where: str, as_at: date) -> tuple[str, date | None, str]:
    if entry is None:
        return "", None, ""
    fields = _mapping(entry, where, "edition:, as_at: and requirements:")
    known_fields(fields, _PREVIOUS, where)
    said = {field: word(fields.get(field) or "", f"{where}, {field}") for field in _PREVIOUS}
    if missing := [field for field, told in said.items() if not told]:
        raise Unreadable(f"{where} says nothing of {', '.join(missing)}.")
    day = _day(said["as_at"], f"{where}, as_at")
    if day >= as_at:
        raise Unreadable(f"{where}, as_at: {day} is not before {as_at}, the day of this edition.")
    return _address(said["edition"], f"{where}, edition"), day, said["requirements"]


def _moved(entry: object, where: str) -> Moved:
    fields = _mapping(entry, where, "kind:, old:, new: and reason:")
    known_fields(fields, _CONCORDANCE, where)
    kind = word(fields.get("kind") or "", f"{where}, kind")
    if kind not in _KINDS:
        raise Unreadable(f"{where}, kind: {kind!r} is none. {nearest(kind, _KINDS)}")
    old, new = (
        tuple(
            word(code, f"{where}, {field}")
            for code in listed(fields.get(field), f"{where}, {field}")
        )
        for field in ("old", "new")
    )
    reason = word(fields.get("reason") or "", f"{where}, reason")
    if not old or not reason or (kind != "retired" and not new):
        raise Unreadable(f"{where}: write what codes it is of (old, new) and why (reason).")
    marking = _marking(word(fields.get("marking") or "public", where), f"{where}, marking")
    return Moved(kind, old, new, reason, marking)


def _erratum(entry: object, where: str) -> tuple[date, str]:
    fields = _mapping(entry, where, "on: and says:")
    known_fields(fields, ("on", "says"), where)
    said = word(fields.get("says") or "", f"{where}, says")
    if not said:
        raise Unreadable(f"{where} says nothing. Write says: what was put right.")
    return _day(word(fields.get("on") or "", f"{where}, on"), f"{where}, on"), said


def _mapping(entry: object, where: str, right: str) -> Mapping[Any, Any]:
    if not isinstance(entry, dict):
        raise Unreadable(f"{where} does not hold fields. Write {right}.")
    return entry


def _day(text: str, where: str) -> date:
    try:
        return parse_day(text)
    except Unreadable as error:
        raise Unreadable(f"{where}: {error}") from error


def _minute(text: str, where: str) -> datetime:
    try:
        return minute_in_london(text)
    except Unreadable as error:
        raise Unreadable(f"{where}: {error}") from error


def _address(text: str, where: str) -> str:
    if not _NAME.fullmatch(text) or len(text) > 60:
        raise Unreadable(
            f"{where}: {text!r} stands in an address; write small letters, digits and hyphens, as "
            "2009."
        )
    return text


def _marking(text: str, where: str) -> Marking:
    name = text.upper().replace("-", "_").replace(" ", "_")
    if name not in Marking.__members__:
        shown = [each.name.lower().replace("_", "-") for each in Marking]
        raise Unreadable(f"{where}: {text!r} is no marking. {nearest(text, shown)}")
    return Marking[name]
