"""Set requirements: load an edition, put its questions to agencies, see what is due, propose what
to ask next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from django.utils import timezone

from darkfigure.basis.errors import (
    DarkfigureError,
    ReturnRefused,
    UnknownName,
    Unreadable,
)
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import quote, say
from darkfigure.codes import codes_for
from darkfigure.codes.following import follows_lists
from darkfigure.intelligence.cells import CellSet, cells_of, periods_of
from darkfigure.intelligence.coverage import waiting
from darkfigure.intelligence.ledgers import Ledgers
from darkfigure.intelligence.markings import turn_away
from darkfigure.intelligence.requirement_sets import (
    RequirementSet,
    example_set,
    read_set,
)
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.gate import on_record
from darkfigure_hub.store.queries import editions, ledger_rows, outbox
from darkfigure_hub.store.queries import intelligence as store

#: Sets the package carries, by the name they can be loaded under.
EXAMPLES = ("human_trafficking", "other_threats", "trafficking_2008", "trafficking_2009")


@dataclass(frozen=True)
class Loaded:
    """An edition as loaded: questions and cells, and whether it was there already. `closed` are
    asks of an edition it follows whose questions end with it, and why.
    """

    edition: str
    questions: int
    cells: int
    already: bool
    closed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Put:
    """How many asks are new, and what is to be said of those that stood already."""

    new: int
    standing: tuple[str, ...]


def load_set(scope: Scope, name: str) -> Loaded:
    """Load an edition from a file, or one the package carries by its name. An edition once loaded
    is never changed.

    Raises ReturnRefused with every fault, NotPermitted, DarkfigureError where the edition is held
    with another text.
    """
    scope.require(Permission.SET_REQUIREMENT)
    held = example_set(name) if name in EXAMPLES else _read(scope, Path(name))
    before = earlier(scope, held)
    cells = cells_of(held, before).cells.height
    text = editions.held_text(scope, held.edition)
    if text is not None and text != held.text:
        raise DarkfigureError(
            f"{held.edition} is held already, with another text. An edition is not changed: give "
            "the new one a code of its own and "
            "say in its concordance what became of what."
        )
    if text is None:
        with logging(scope):
            editions.enter_set(held, scope.who)
            record(
                scope,
                "requirements loaded",
                {"edition": held.edition, "questions": len(held.questions)},
            )
    closed = tuple(_closed(scope, held, before)) if before and text is None else ()
    return Loaded(held.edition, len(held.questions), cells, text is not None, closed)


def _closed(scope: Scope, held: RequirementSet, before: RequirementSet) -> Iterator[str]:
    """Asks of the edition before whose questions no cell of this one reads, with the reason; the
    agency asked is to be told.
    """
    why = {
        code: f"{entry.kind}: {entry.reason}"
        for entry in held.concordance
        for code in entry.old
        if code not in held.questions
    }
    day = held.valid.start
    cells = cells_of(before, earlier(scope, before))
    read = set(cells_of(held, before).reads["question"])
    ledger = ledger_rows.ledgers(scope, lineage(scope, before))
    for ask, agency, question in (
        waiting(cells, ledger, day).select("ask", "agency", "question").iter_rows()
    ):
        if question not in read:
            yield f"{ask} to {agency} ends on {day}: {question} is {why.get(question, 'left out')}."


def earlier(scope: Scope, held: RequirementSet) -> RequirementSet | None:
    """The edition that an edition follows, where it follows one."""
    scope.require(Permission.READ_REQUIREMENTS)
    return requirement_set(scope, held.follows) if held.follows else None


def lineage(scope: Scope, held: RequirementSet) -> tuple[str, ...]:
    """An edition and those it follows: asks and replies belong to question, area and period, and
    count in every later edition that still has these.
    """
    scope.require(Permission.READ_REQUIREMENTS)
    codes, follows = [held.edition], held.follows
    while follows and follows not in codes:
        codes.append(follows)
        before = editions.set_named(scope, follows)
        follows = before.follows if before else ""
    return tuple(codes)


def _read(scope: Scope, path: Path) -> RequirementSet:
    text = _text(path)
    with on_record(scope, "edition", sha256(text.encode()).hexdigest()):
        return read_set(text, path.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(
            f"{path} cannot be read as a requirement set. Carried here are {', '.join(EXAMPLES)}."
        ) from error


def set_in_force(scope: Scope) -> RequirementSet | None:
    """The edition in force today, where one is: of several the one against which the data are
    held.
    """
    scope.require(Permission.READ_REQUIREMENTS)
    standing = editions.standing(scope, timezone.localdate())
    return min(standing, key=lambda each: not _closes_gaps(each), default=None)


def requirement_set(scope: Scope, edition: str) -> RequirementSet:
    """An edition; with nothing given, the one in force today: begun, and followed by none that has.
    Of several the one against which the data are held. Raises UnknownName.
    """
    scope.require(Permission.READ_REQUIREMENTS)
    found = editions.set_named(scope, edition) if edition else set_in_force(scope)
    if found is None:
        held = [f"{code} (from {first})" for code, _, first, _ in editions.editions(scope)]
        known = (
            ", ".join(held)
            or "none: load one with `darkfigure requirements load human_trafficking`"
        )
        said = f"{edition!r} is not held" if edition else "No edition is in force today"
        raise UnknownName(f"{said}. Editions held: {known}.")
    return found


def _closes_gaps(held: RequirementSet) -> bool:
    """Whether its questions close gaps in the data."""
    return any(question.gap_measures for question in held.questions.values())


def put_asks(
    scope: Scope,
    edition: str,
    rows: Sequence[Mapping[str, str]],
    asked_on: date,
    file: str = "asks",
) -> Put:
    """Put questions to agencies; those that stand already are not put again. Raises ReturnRefused
    with every row that cannot be asked so.
    """
    scope.require(Permission.RAISE_ASK)
    with on_record(scope, "asks", sha256(repr(rows).encode()).hexdigest()):
        turn_away([dict(row) for row in rows], file)
    held = requirement_set(scope, edition)
    problems, made = [], []
    agencies = codes_for("agency")
    for line, row in enumerate(rows, 2):
        try:
            question = held.question(row["question"])
            agency = agencies.resolve(row["agency"])
            periods = {each.label for each in periods_of(held.valid, question.cut)}
            if row["area"] not in question.areas:
                raise UnknownName(
                    f"{row['area']!r} is not an area that {question.code} is asked for."
                )
            if row["period"] not in periods:
                raise UnknownName(
                    f"{row['period']!r} is not a period of {question.code}: "
                    f"{', '.join(sorted(periods))}."
                )
            if not row.get("gateway"):
                raise Unreadable(
                    "no legal gateway is given: say under which power the agency may tell."
                )
            made.append(
                {
                    "question": question.code,
                    "area": row["area"],
                    "period": row["period"],
                    "agency": agency,
                    "due": date.fromisoformat(row["due"]),
                    "form": row.get("format") or "report",
                    "gateway": row["gateway"],
                    "cost": float(row.get("cost") or 1),
                }
            )
        except KeyError as error:
            problems.append(
                Problem(
                    say("problems.wrong.no_column", column=error),
                    say("problems.right.ask_columns"),
                    line=line,
                )
            )
        except (UnknownName, Unreadable, ValueError) as error:
            problems.append(
                Problem(
                    quote(str(error).rstrip(".")),
                    say("problems.right.mend_row"),
                    line=line,
                    rule="ask",
                )
            )
    if problems:
        raise ReturnRefused(file, problems)
    with logging(scope):
        number, standing = store.enter_asks(held.edition, made, asked_on, scope.who)
        _announce(scope, held.edition, made)
        record(scope, "asks put", {"edition": held.edition, "asks": number})
    return Put(number, tuple(_standing(scope, made, standing, asked_on)))


def _announce(scope: Scope, edition: str, made: Sequence[Mapping[str, Any]]) -> None:
    """Have the systems of the agencies told what each is asked."""
    names = store.ask_references(scope, edition)
    wanted = [(row["question"], row["agency"], row["area"], row["period"]) for row in made]
    outbox.announce_all([("ask.raised", each[1], {"ask": names[each]}) for each in wanted])


def _standing(
    scope: Scope, made: Sequence[Mapping[str, Any]], standing: Sequence[Any], day: date
) -> Iterator[str]:
    """What became of asks that were put before: they stand as they are, and where the file has
    another day for them, how that is changed.
    """
    wanted = {(row["question"], row["area"], row["period"], row["agency"]): row for row in made}
    as_is = store.asks_of(scope, [str(each) for each in standing], day)
    for each in standing:
        held = as_is[str(each)]
        due = wanted[(each.question, each.area, each.period, each.agency)]["due"]
        if due != held.due:
            yield (
                f"{each} stands already, due {held.due}; to make it {due}: "
                f"darkfigure correct ask {each} --due {due} --reason '...'"
            )


def asks_due(
    scope: Scope, edition: str, day: date, agency: str = ""
) -> list[tuple[str, str, str, str, str, date]]:
    """Asks that stand on a day without a reply or an item on their cell, first due first: what a
    calendar shows and a reminder names.
    """
    scope.require(Permission.READ_ASKS)
    held = requirement_set(scope, edition)
    code = codes_for("agency").resolve(agency) if agency else ""
    if scope.bound:
        code = scope.agency or ""
    cells = cells_of(held, earlier(scope, held))
    found = _waiting(cells, ledger_rows.ledgers(scope, lineage(scope, held)), day)
    rows = found.select("ask", "agency", "question", "area", "period", "due").rows()
    return [row for row in rows if not code or row[1] == code]


@follows_lists(maxsize=8)
def _waiting(cells: CellSet, held: Ledgers, day: date) -> pl.DataFrame:
    """What waits, once for the same ledgers: a reader who may see other rows has others."""
    return waiting(cells, held, day)
