"""What stands in the text of a reading, taken key by key; what is not right is gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.statement import EVERY
from darkfigure.codes import codes_for, nearest


class Given:
    """What stands in a reading, taken key by key; what is not right is gathered."""

    def __init__(self, content: dict[str, Any], known: Iterable[str]) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.of_figures = content.get("form", "figures") == "figures"
        self.check_keys((), content, known)

    def fault(self, place: str, wrong: Saying, right: Saying) -> None:
        """Note what is wrong at a place."""
        self.problems.append(Problem(wrong, right, column=place, rule="reading"))

    def check_keys(
        self, under: Sequence[str], table: Mapping[str, Any], known: Iterable[str]
    ) -> None:
        """Note the keys of a table that are not known."""
        listed = sorted(known)
        for key in table:
            if key not in listed:
                place = ".".join((*under, key))
                self.fault(place, say("problems.wrong.reading_key"), nearest(key, listed))

    def one_of(self, place: str, value: object, known: Sequence[str], default: str) -> str:
        """A value that is one of several."""
        if value in known:
            return str(value)
        right = say("problems.right.one_of", known=several(filter(None, known), "comma"))
        self.fault(place, say("problems.wrong.reading_not_one_of"), right)
        return default

    def table(self, key: str, known: Iterable[str] | None = None) -> dict[str, Any]:
        """A table under a key, empty where there is none."""
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self.not_a(key, "table")
            return {}
        if known is not None:
            self.check_keys((key,), found, known)
        return found

    def not_a(self, place: str, what: str) -> None:
        """Note that something is not of the type it has to be."""
        wrong = say("problems.wrong.reading_not_a", what=Word("toml", what))
        self.fault(place, wrong, say("problems.right.as_toml"))

    def text(self, table: Mapping[str, Any], key: str, *under: str) -> str:
        """A text; a day or a number counts as one."""
        found = table.get(key, "")
        if isinstance(found, date | int | float) and not isinstance(found, bool):
            return str(found)
        if not isinstance(found, str):
            self.not_a(".".join((*under, key)), "text")
            return ""
        return found

    def flag(self, key: str) -> bool | None:
        """True, false or not said."""
        found = self.content.get(key)
        if found is not None and not isinstance(found, bool):
            self.not_a(key, "flag")
            return None
        return found

    def check_code(self, place: str, dimension: str, code: str) -> None:
        """Note a code that is none of its dimension; "" is the whole, `EVERY` each value."""
        codes = codes_for(dimension)
        if code and code != EVERY and codes.find(code) is None:
            what = Word("dimension", dimension)
            wrong = say("problems.wrong.reading_no_code", code=code, what=what)
            self.fault(place, wrong, codes.suggest(code))
