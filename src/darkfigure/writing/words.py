"""Words for what travels as a value: sentences of a catalogue, filled and joined, in a language.

A language is a folder of `data/wording` with a file for each subject, read when it is first spoken
of. The codes of a subject begin with its name; those of answers stand without. What a language does
not have is said in English.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from numbers import Real
from typing import Any, cast

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.saying import QUOTED, Saying, Several, Stated, Word
from darkfigure.basis.status import CellReason, ChangeReason
from darkfigure.codes import nearest

FALLBACK = "en"
#: The subject whose codes stand without its name.
ANSWERS = "answers"
Catalogue = Mapping[str, str]


def languages(subject: str = "") -> list[str]:
    """The languages that a catalogue is held for, of any subject or of one, English first."""
    held = [
        each.name
        for each in _folder().iterdir()
        if each.is_dir() and (not subject or each.joinpath(f"{subject}.toml").is_file())
    ]
    return sorted(held, key=lambda name: (name != FALLBACK, name))


@lru_cache
def words_in(language: str) -> Words:
    """The words of a language. Raises UnknownName where no catalogue is held for it."""
    known = languages()
    if language not in known:
        raise UnknownName(f"No words are held in {language!r}. {nearest(language, known)}")
    return Words(language)


def is_draft(language: str) -> bool:
    """Whether the words of a language are a draft, and say so on the face of an answer."""
    return bool(words_in(language).text("page.draft"))


def catalogue(language: str) -> Catalogue:
    """Every sentence of a language by its code."""
    return {
        code: sentence
        for subject in (ANSWERS, *subjects(language))
        for code, sentence in _sentences(language, subject).items()
    }


@lru_cache
def subjects(language: str) -> tuple[str, ...]:
    """The subjects that a language has words for, beside answers."""
    held = (each.name.removesuffix(".toml") for each in _folder().joinpath(language).iterdir())
    return tuple(sorted(name for name in held if name != ANSWERS))


@lru_cache
def _sentences(language: str, subject: str) -> Catalogue:
    """The sentences of one subject by code."""
    found: dict[str, str] = {}
    text = _folder().joinpath(language, f"{subject}.toml").read_text(encoding="utf-8")
    _flatten(tomllib.loads(text), "" if subject == ANSWERS else f"{subject}.", found)
    return found


def _holding(language: str, code: str) -> Catalogue:
    """The sentences among which a code stands, if anywhere."""
    subject = code.partition(".")[0]
    return _sentences(language, subject if subject in subjects(language) else ANSWERS)


def _folder() -> Any:
    return files("darkfigure.data").joinpath("wording")


def _flatten(table: Mapping[str, Any], before: str, into: dict[str, str]) -> None:
    for name, value in table.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{before}{name}.", into)
        else:
            into[before + name] = value


def _english(number: float) -> str:
    return "one" if number == 1 else "other"


def _welsh(number: float) -> str:
    return {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}.get(int(number), "other")


#: The plural forms of a language, as Unicode's Common Locale Data Repository names them.
PLURALS = {"en": _english, "cy": _welsh}


class Words(string.Formatter):
    """Says sayings in one language."""

    def __init__(self, language: str = FALLBACK) -> None:
        super().__init__()
        self.language = language

    def text(self, code: str, /, **given: object) -> str:
        """The sentence of a code, filled. KeyError where no catalogue has it."""
        return self.vformat(self._sentence(code, given), (), given)

    def say(self, saying: Saying | Several | str | None) -> str:
        """A saying in words; text as it stands, nothing for None."""
        return self._shown(saying)

    def brief(self, saying: Saying) -> str:
        """A saying as told in the middle of an answer: without its source, where it has one and
        says something else besides.
        """
        if saying.code == QUOTED:
            return str(saying.values.get("brief", saying.values["text"]))
        short = f"{saying.code}.brief"
        told = self.text(short, **saying.values) if self.has(short) else ""
        return told or self.say(saying)

    def has(self, code: str) -> bool:
        """Whether there are words for a code, here or in English."""
        return any(code in _holding(each, code) for each in (self.language, FALLBACK))

    def day(self, day: date, precision: str = "day") -> str:
        """A day, no more of it than its source gives."""
        if precision == "year":
            return str(day.year)
        return self.text(
            "day.month" if precision == "month" else "day.day",
            day=str(day.day),
            month=self.text(f"month.{day.month}"),
            year=str(day.year),
        )

    def stated(self, stated: Stated) -> str:
        """When something was stated, for the middle of a sentence."""
        day = self.day(stated.day, stated.precision)
        known = stated.precision if self.has(f"stated.{stated.precision}") else "day"
        return self.text(f"stated.{known}", day=day)

    def reason(self, reason: CellReason | ChangeReason | str) -> str:
        """A reason as a reader should see it."""
        return self.text(f"reason.{reason}")

    def word(self, kind: str, code: str) -> str:
        """A word of a closed vocabulary: its code, spaced, where the catalogue has none."""
        known = f"{kind}.{code}"
        return self.text(known) if self.has(known) else code.replace("_", " ")

    def joined(self, things: Sequence[object], joint: str) -> str:
        """Things one after another."""
        return self.text(f"joint.{joint}").join(filter(None, map(self._shown, things)))

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in a sentence; `lower` and `capital` change its letters, `first` the first, `day`
        keeps the day, and a number is written as asked.
        """
        if format_spec and isinstance(value, Real):
            return format(cast(float, value), format_spec)
        if format_spec == "day" and isinstance(value, Stated):
            return self.day(value.day, "day" if value.precision == "received" else value.precision)
        shown = self._shown(value)
        if format_spec == "lower":
            return shown.lower()
        if format_spec == "first":
            return shown[:1].upper() + shown[1:]
        return shown.capitalize() if format_spec == "capital" else shown

    def _sentence(self, code: str, given: Mapping[str, object]) -> str:
        for language in (self.language, FALLBACK):
            held = _holding(language, code)
            if code in held:
                return held[code]
            count = given.get("count")
            if isinstance(count, Real):
                plural = PLURALS[language](cast(float, count))
                if found := held.get(f"{code}.{plural}") or held.get(f"{code}.other"):
                    return found
        raise KeyError(code)

    def _shown(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, Saying):
            if value.code == QUOTED:
                return str(value.values["text"])
            return self.text(value.code, **value.values).rstrip()
        if isinstance(value, Several):
            return self.joined(value.things, value.joint)
        if isinstance(value, Stated):
            return self.stated(value)
        if isinstance(value, Word):
            return self.word(*value)
        if isinstance(value, CellReason | ChangeReason):
            return self.reason(value)
        if isinstance(value, date):
            return self.day(value)
        return f"{value:,}" if isinstance(value, Real) else str(value)


ENGLISH = words_in(FALLBACK)


def in_english(saying: Saying) -> str:
    """A saying as the library says it where it is simply printed."""
    return ENGLISH.say(saying)
