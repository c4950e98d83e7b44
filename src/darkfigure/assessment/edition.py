"""An edition of the yearly assessment: what it says of itself, its chapters, and what every
reference in them shows on its day, in a rendering for those who may see all and in one for anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.shown import Shown, as_data
from darkfigure.assessment.text import Chapter, Live, Place, kept_in
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.documents import read_document
from darkfigure.publication.release import Access


class Rendering(StrEnum):
    """For whom an edition is rendered."""

    RESTRICTED = "restricted"
    PUBLIC = "public"


#: What a chapter is divided into, in this order.
SECTIONS = (
    "summary",
    "scale",
    "victims",
    "offenders",
    "methods_and_routes",
    "money",
    "enablers",
    "geography",
    "response_and_effect",
    "outlook",
    "what_we_do_not_know",
    "change_since_last_edition",
    "sources",
)


@dataclass(frozen=True)
class ChapterFile:
    """A chapter as the folder names it: the threat area it is of, and its file."""

    area: str
    file: str


@dataclass(frozen=True)
class Moved:
    """What became of codes of judgements since the edition before: split, merged, moved, retired.
    Empty where a judgement is new or was closed. A rendering below its marking holds none of it.
    """

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    reason: str
    marking: Marking = Marking.PUBLIC


@dataclass(frozen=True)
class EditionHead:
    """What an edition says of itself. `as_at` is the day on which everything in it is as known;
    `requirements` the requirement set it is collated from, `previous` the edition before it. What
    was put right since it was first out is in `errata`, each with its day; `access` are the posts
    that see it before it is out.
    """

    name: str
    title: str
    as_at: date
    requirements: str
    publisher: str
    contact: str
    licence: str
    marking: Marking
    chapters: tuple[ChapterFile, ...]
    out_at: datetime
    previous: str = ""
    previous_as_at: date | None = None
    previous_requirements: str = ""
    summary: str = ""
    concordance: tuple[Moved, ...] = ()
    errata: tuple[tuple[date, str], ...] = ()
    access: tuple[Access, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Source:
    """The folder of an edition, read: its head, its chapters, their texts as typed."""

    head: EditionHead
    chapters: tuple[Chapter, ...]
    texts: Mapping[str, str]

    @cached_property
    def lives(self) -> tuple[tuple[Chapter, Live, Marking], ...]:
        """Every reference, with its chapter and the marking of where it stands."""
        return tuple(
            (chapter, live, marking) for chapter in self.chapters for live, marking in chapter.lives
        )

    @property
    def content(self) -> str:
        """The hash of its text."""
        said = json.dumps(dict(sorted(self.texts.items())), ensure_ascii=False)
        return sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Condition:
    """What a sentence says that can be checked, where, and whether it holds; `fault` says what is
    wrong with the condition itself.
    """

    place: Place
    words: str
    condition: str
    verdict: Verdict
    fault: str = ""


@dataclass(frozen=True)
class JudgementTold:
    """A judgement as it stands in an edition: by its code, what of it an edition after compares."""

    code: str
    area: str
    claim: str
    term: str
    confidence: str
    direction: str
    change: str
    reason: str
    shown: Shown
    version: int = 1
    withheld: str = ""


@dataclass(frozen=True)
class Edition:
    """An edition rendered for somebody: its text, and what each reference shows, by the reference's
    key (those that are of a chapter, by chapter and key).
    """

    source: Source
    rendering: Rendering
    values: Mapping[str, Shown]
    judgements: tuple[JudgementTold, ...] = ()
    conditions: tuple[Condition, ...] = ()
    basis: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> EditionHead:
        """What it says of itself."""
        return self.source.head

    @property
    def sees(self) -> Marking:
        """Up to which marking this rendering goes."""
        if self.rendering is Rendering.PUBLIC:
            return Marking.PUBLIC
        return self.head.marking

    @property
    def synthetic(self) -> bool:
        """Whether anything that it rests on is made up."""
        return any(shown.synthetic for shown in self.values.values()) or any(
            judgement.shown.synthetic for judgement in self.judgements
        )

    def shown(self, chapter: Chapter, live: Live) -> Shown:
        """What a reference shows. KeyError where it was not looked up."""
        return self.values[key_of(chapter, live)]

    def figures(self) -> Iterator[tuple[Chapter, Live, Shown]]:
        """Every reference that leads to something, with what it shows, as this rendering has it."""
        for chapter, live, marking in self.source.lives:
            if live.reference.is_looked_up and marking <= self.sees:
                yield chapter, live, self.shown(chapter, live)

    @cached_property
    def keys_told(self) -> frozenset[str]:
        """The keys of what this rendering shows."""
        return frozenset(key_of(chapter, live) for chapter, live, _ in self.figures())

    @property
    def texts(self) -> Mapping[str, str]:
        """Its text as typed, without the parts that are marked above this rendering: a line in
        their place says so.
        """
        chapters = {chapter.file: chapter for chapter in self.source.chapters}
        public = self.rendering is Rendering.PUBLIC
        return {
            name: _without_kept(text, chapters[name], self.sees)
            if name in chapters
            else _without_remarks(text, name)
            if public
            else text
            for name, text in self.source.texts.items()
        }

    def place_told(self, place: Place) -> Place:
        """Where something stands in the text as this rendering has it."""
        chapter = next((one for one in self.source.chapters if one.file == place.file), None)
        if chapter is None:
            return place
        before = sum(line < place.line - 1 for line in _gone(chapter, self.sees))
        return Place(place.file, place.line - before)

    @property
    def content(self) -> str:
        """The hash of all that it says: equal hashes, equal renderings."""
        values = {key: as_data(self.values[key]) for key in sorted(self.keys_told)}
        told = {
            "texts": dict(sorted(self.texts.items())),
            "rendering": self.rendering,
            "values": values,
            "judgements": [as_data(judgement.shown) for judgement in self.judgements],
        }
        return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _without_remarks(text: str, name: str) -> str:
    """The fields of a file as the public has them: without remarks, and without what became of
    judgements where that is marked.
    """
    fields: Any = read_document(text, name)
    if fields.get("concordance"):
        fields["concordance"] = [
            entry
            for entry in fields["concordance"]
            if str(entry.get("marking") or "public").lower() == "public"
        ]
    return json.dumps(fields, indent=1, ensure_ascii=False, default=str) + "\n"


def _without_kept(text: str, chapter: Chapter, sees: Marking) -> str:
    """A text without what its marked parts above what is seen hold: their first and last lines
    stay, and tell nothing of how long they are.
    """
    gone = _gone(chapter, sees)
    # The lines that Markdown has, and no others: a form feed or U+2028 ends none.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return "\n".join(line for at, line in enumerate(lines) if at not in gone) + "\n"


def _gone(chapter: Chapter, sees: Marking) -> frozenset[int]:
    """The lines of a chapter's file, from 0, that somebody does not see."""
    return frozenset(
        line
        for kept in kept_in(chapter.blocks)
        if kept.marking > sees
        for line in range(kept.lines[0] + 1, kept.lines[1])
    )


#: References that are of their chapter: the same words say something else in another.
OF_CHAPTER = frozenset({"gaps", "key_judgements", "changes", "sources"})


def key_of(chapter: Chapter, live: Live) -> str:
    """Under which key what a reference shows is kept."""
    reference = live.reference
    if reference.kind in OF_CHAPTER and not reference.subject:
        return f"{chapter.area} | {reference.key}"
    return reference.key
