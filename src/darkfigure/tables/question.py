"""A question to the data: which measure, cut how, kept to what, as known on which day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from typing import Any

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.period import Period, of_days, parse_day, parse_period
from darkfigure.basis.saying import say
from darkfigure.basis.statement import DIMENSIONS, TIME_CUTS
from darkfigure.codes import codes_for, includes, nearest, read_combined
from darkfigure.tables.measures import Measure, measure_named

#: The two kinds of evidence.
STATEMENTS, CASES = "statements", "cases"


@dataclass(frozen=True, order=True)
class Condition:
    """A value that a dimension must have: exactly (`DIM=VALUE`), or alone or combined with others
    (`DIM~VALUE`).
    """

    dimension: str
    code: str
    inclusive: bool = False

    def holds_for(self, stored: str) -> bool:
        """Whether a stored value meets the condition."""
        return includes(stored, self.code) if self.inclusive else stored == self.code

    def __str__(self) -> str:
        return f"{self.dimension}{'~' if self.inclusive else '='}{self.code}"


@dataclass(frozen=True)
class Question:
    """What a user asks of the data.

    `by` are dimensions, `cut` at most one way of cutting time; `where` keeps to some values;
    `period` keeps to statements that lie wholly in it, or to events in it; `evidence` says whether
    figures are taken from statements or counted from case records, `rule` by which rule; `as_at` is
    the day as known on which the answer is wanted, that day included. Asked strictly, what is not
    whole is given no bounds.
    """

    measure: Measure
    as_at: date
    by: tuple[str, ...] = ()
    cut: str = ""
    where: tuple[Condition, ...] = ()
    period: Period | None = None
    unit: str = ""
    evidence: str = STATEMENTS
    rule: str = ""
    strict: bool = False

    def canonical(self) -> dict[str, object]:
        """The question as plain data, the same for every way of typing it."""
        counted = (
            {"evidence": self.evidence, "rule": self.rule or None}
            if self.evidence != STATEMENTS
            else {}
        )
        return {
            "measure": self.measure.code,
            "by": [*self.by, *([self.cut] if self.cut else [])],
            "where": [str(condition) for condition in self.where],
            "period": f"{self.period.start}..{self.period.end}" if self.period else None,
            "unit": self.unit or None,
            **counted,
            **({"strict": True} if self.strict else {}),
        }

    @cached_property
    def id(self) -> str:
        """Ten hexadecimal digits that name this question as at its day."""
        text = json.dumps({**self.canonical(), "as_at": self.as_at.isoformat()}, sort_keys=True)
        return sha256(text.encode()).hexdigest()[:10]


def ask(
    measure: str,
    as_at: date,
    *,
    by: Iterable[str] = (),
    where: Iterable[str] = (),
    period: str | None = None,
    unit: str | None = None,
    evidence: str = STATEMENTS,
    rule: str | None = None,
    strict: bool = False,
) -> Question:
    """Build a question from words.

    `by` holds dimensions and at most one of period, month, quarter, year, financial_year; `where`
    holds DIM=VALUE or DIM~VALUE; `period` any form `parse_period` reads. Raises UnknownName or
    Unreadable, saying what would be right.
    """
    asked = measure_named(measure)
    names = [_dimension(asked, name) for name in by if name.strip()]
    cuts = [name for name in names if name in TIME_CUTS]
    if len(cuts) > 1:
        raise UnknownName(f"Time can be cut one way at a time, not by {' and '.join(cuts)}.")
    if evidence not in (STATEMENTS, CASES):
        raise UnknownName(
            f"{evidence!r} is no kind of evidence. Known are {STATEMENTS} and {CASES}."
        )
    if rule and evidence != CASES:
        raise UnknownName(
            "A counting rule can be chosen only where records are counted: add --evidence cases."
        )
    if unit and unit not in asked.units:
        raise UnknownName(
            f"{asked.code} is counted in {' or '.join(asked.units)}, not in {unit!r}."
        )
    return Question(
        measure=asked,
        as_at=as_at,
        by=tuple(dict.fromkeys(name for name in names if name not in TIME_CUTS)),
        cut=cuts[0] if cuts else "",
        where=tuple(sorted({_condition(asked, text) for text in where})),
        period=parse_period(period) if period else None,
        unit=unit or "",
        evidence=evidence,
        rule=rule or "",
        strict=strict,
    )


def from_words(
    measure: str,
    today: date,
    *,
    by: str | Iterable[str] | None = None,
    where: Iterable[str] | None = None,
    period: str | None = None,
    unit: str | None = None,
    as_at: str | None = None,
    evidence: str | None = None,
    rule: str | None = None,
    strict: bool = False,
) -> Question:
    """Build a question from the words of a command line, a form or an address.

    What is blank is not given. `by` may hold several dimensions, separated by commas; without
    `as_at` the question is as at `today`. Raises as `ask`.
    """
    parts = [by] if isinstance(by, str) else list(by or ())
    return ask(
        measure,
        past_day(as_at, today) if as_at and as_at.strip() else today,
        by=[name for part in parts for name in part.split(",")],
        where=[text for text in where or () if text.strip()],
        period=(period or "").strip() or None,
        unit=(unit or "").strip() or None,
        evidence=(evidence or "").strip() or STATEMENTS,
        rule=(rule or "").strip() or None,
        strict=strict,
    )


def past_day(text: str, today: date) -> date:
    """A day as known on which something is asked. Raises Unreadable for one to come: what will be
    known then is not known.
    """
    day = parse_day(text)
    if day > today:
        raise Unreadable(
            f"{day} is to come: what will be known then cannot be said. Ask as known on {today} or "
            "a day before."
        )
    return day


def asked_again(canonical: Mapping[str, Any], as_at: date) -> Question:
    """The question that `Question.canonical` wrote down; its time named by its days."""
    asked = ask(
        canonical["measure"],
        as_at,
        by=canonical["by"],
        where=canonical["where"],
        period=canonical["period"],
        unit=canonical["unit"],
        evidence=canonical.get("evidence", STATEMENTS),
        rule=canonical.get("rule"),
        strict=bool(canonical.get("strict")),
    )
    period = asked.period
    return replace(asked, period=of_days(period.start, period.end)) if period else asked


def _dimension(measure: Measure, text: str) -> str:
    name = text.strip().lower().replace("-", "_")
    if name in TIME_CUTS or name in measure.dimensions:
        return name
    known = [*measure.dimensions, *TIME_CUTS]
    if name in DIMENSIONS:
        has = ", ".join(measure.dimensions) or "no dimension"
        raise UnknownName(
            f"{measure.code} is not held by {name}; it is held by {has}, and by time "
            f"({', '.join(TIME_CUTS)})."
        )
    raise UnknownName(f"{text!r} is not a dimension. {nearest(name, known)}")


def _condition(measure: Measure, text: str) -> Condition:
    name, value, inclusive = _parted(text)
    name = _dimension(measure, name)
    if name in TIME_CUTS:
        raise UnknownName(f"Keep to a time with --period FROM..TO, not with {text!r}.")
    return _resolved(name, value, inclusive=inclusive)


def any_condition(text: str) -> Condition:
    """A condition that stands for itself, whatever is counted: DIM=VALUE. Raises UnknownName."""
    name, value, inclusive = _parted(text)
    name = name.strip().lower().replace("-", "_")
    if name not in DIMENSIONS:
        raise UnknownName(f"{name!r} is not a dimension. {nearest(name, DIMENSIONS)}")
    return _resolved(name, value, inclusive=inclusive)


def _parted(text: str) -> tuple[str, str, bool]:
    places = [place for place in (text.find("="), text.find("~")) if place > 0]
    if not places:
        raise UnknownName(
            f"{text!r} is not a condition. Write DIMENSION=VALUE, or DIMENSION~VALUE to "
            "include "
            "combinations."
        )
    cut = min(places)
    return text[:cut], text[cut + 1 :].strip(), text[cut] == "~"


def _resolved(name: str, value: str, *, inclusive: bool) -> Condition:
    code = read_combined(name, value)
    if code is None:
        codes_for(name).resolve(value)
    return Condition(name, str(code), inclusive=inclusive)


#: No name in an address is longer.
_LONGEST = 20


def only_known(
    given: Iterable[tuple[str, Sequence[object]]],
    known: Iterable[str],
    several: Sequence[str] = ("where",),
) -> None:
    """Refuse names in an address that are none of those known, and what is said twice where one is
    meant: neither is what was asked. Raises UnknownName with the nearest; what came is shown where
    it is nearly one of those known, else not: it may be anything. `several` may be said more than
    once.
    """
    names = sorted(set(known))
    for name, values in given:
        if not names:
            raise UnknownName(str(say("problems.no_parameter")))
        if name not in names:
            right = nearest(name, names)
            if get_close_matches(name, names, 1) and len(name) <= _LONGEST:
                raise UnknownName(str(say("problems.misspelt_parameter", name=name, right=right)))
            raise UnknownName(str(say("problems.unknown_parameter", right=right)))
        if len(values) > 1 and name not in several:
            raise UnknownName(str(say("problems.parameter_twice", name=name)))
