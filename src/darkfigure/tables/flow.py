"""The flow of persons from recovery and arrest to decision and sentence, and how long each step
takes.

Every person stands at one place of each flow: what is pending, or not on record, is a place as
well.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

from darkfigure import tables
from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, Word, say
from darkfigure.tables.casebook import Casebook, Records, Table
from darkfigure.tables.counted import UNKNOWN
from darkfigure.tables.counting import concluded, is_trafficking
from darkfigure.tables.question import Condition

if TYPE_CHECKING:
    from darkfigure.tables.waiting_times import Duration


@dataclass(frozen=True)
class Step:
    """Persons who went from one stage to another."""

    start: Saying
    end: Saying
    persons: int


@dataclass(frozen=True)
class Flow:
    """Where the persons of an operation, area or time stood on a day.

    `unplaced` counts persons that a condition could not be applied to, since the record does not
    say; `marking` is the highest of the returns counted.
    """

    as_at: date
    where: tuple[Condition, ...]
    victims: tuple[Step, ...]
    suspects: tuple[Step, ...]
    durations: tuple[Duration, ...]
    unplaced: Mapping[str, int]
    synthetic: bool
    marking: Marking = Marking.PUBLIC


def _stage(name: str) -> Saying:
    return say(f"flow.stage.{name}")


RECOVERED = _stage("recovered")
ARRESTED = _stage("arrested")
REFERRED = _stage("referred")
NOT_REFERRED = _stage("not_referred")
CHARGED = _stage("charged")
CHARGED_OTHER = _stage("charged_other")
ENDED = _stage("ended")
OPEN = _stage("open")
PROSECUTED = _stage("prosecuted")
NOT_HEARD = _stage("not_heard")
CONVICTED = _stage("convicted")
CONVICTED_OTHER = _stage("convicted_other")
CLEARED = _stage("cleared")
GOING_ON = _stage("going_on")
SENTENCED = _stage("sentenced")
AWAITING = _stage("awaiting")


def flow(records: Records, as_at: date, where: Sequence[Condition] = ()) -> Flow:
    """The flow of victims and suspects as known on a day, kept to some operation, area or the
    like.
    """
    book = Casebook(records, as_at)
    recoveries, lost = _kept(book, book.standing("recovery"), where)
    arrests, unknown = _kept(book, book.standing("arrest"), where)
    return Flow(
        as_at=as_at,
        where=tuple(where),
        victims=tuple(_victims(book, recoveries)),
        suspects=tuple(_suspects(book, arrests)),
        durations=tuple(_durations(book, recoveries, arrests)),
        unplaced={
            name: count
            for name, count in (
                ("recoveries", lost),
                ("arrests", unknown),
                ("charges", _unlinked(book)),
            )
            if count
        },
        synthetic=_synthetic(book, recoveries, arrests),
        marking=max(
            (each.marking for each in records.returns() if each.known_from <= as_at),
            default=Marking.PUBLIC,
        ),
    )


def _kept(book: Casebook, table: Table, where: Sequence[Condition]) -> tuple[Table, int]:
    """The rows that certainly meet the conditions, and how many might."""
    for condition in where:
        table = book.column(table, condition.dimension)
    possible = table
    for condition in where:
        column = table[condition.dimension]
        table = table.filter(column == condition.code)
        possible = possible.filter(
            (possible[condition.dimension] == condition.code)
            | possible[condition.dimension].startswith(UNKNOWN)
        )
    if not where:
        return table, 0
    return table, _count(book, possible) - _count(book, table)


def _count(book: Casebook, table: Table) -> int:
    return int(book.records.fetch(table.agg(rows=table.count()))[0][0])


def _unlinked(book: Casebook) -> int:
    charges = book.charges()
    return _count(book, charges.filter(~charges.linked))


def _synthetic(book: Casebook, *tables: Table) -> bool:
    return any(_count(book, table.filter(table.synthetic)) for table in tables)


def _yes(condition: Any) -> Any:
    return ibis.ifelse(condition, 1, 0)


def _victims(book: Casebook, recoveries: Table) -> list[Step]:
    persons = recoveries.select("person").distinct()
    states = _decided(book)
    joined = persons.left_join(states, persons.person == states.referred)
    grouped = joined.group_by("route", "reasonable", "conclusive").agg(persons=joined.count())
    steps: Counter[tuple[Saying, Saying]] = Counter()
    for route, reasonable, conclusive, number in book.records.fetch(grouped):
        if route is None:
            steps[RECOVERED, NOT_REFERRED] += number
            continue
        steps[RECOVERED, REFERRED] += number
        steps[REFERRED, _decision("reasonable", reasonable)] += number
        if reasonable == "positive":
            steps[
                _decision("reasonable", reasonable),
                _decision("conclusive", conclusive),
            ] += number
    return [
        Step(start, end, number)
        for (start, end), number in sorted(steps.items(), key=_in_stage_order)
    ]


def _decision(stage: str, outcome: str | None) -> Saying:
    of = say(f"flow.grounds.{stage}")
    if outcome is None:
        return say("flow.stage.pending", grounds=of)
    return say("flow.stage.decided", grounds=of, outcome=Word("flow.outcome", outcome))


def _decided(book: Casebook) -> Table:
    """For each person referred: the route and the decisions that stand."""
    referrals, decisions = book.standing("referral"), book.standing("decision")
    revised = decisions.filter(decisions.revises.notnull()).select(gone="revises").distinct()
    decisions = decisions.anti_join(revised, decisions.record == revised.gone)
    reasonable, conclusive = (
        decisions.stage == "reasonable_grounds",
        decisions.stage == "conclusive_grounds",
    )
    outcomes = decisions.group_by(of=decisions.referral).agg(
        reasonable=ibis.ifelse(reasonable, decisions.outcome, None).max(),
        conclusive=ibis.ifelse(conclusive, decisions.outcome, None).max(),
    )
    joined = referrals.left_join(outcomes, referrals.record == outcomes.of)
    # A person referred twice stands where the better decision puts them: "positive" sorts after
    # "negative".
    return joined.group_by(referred=joined.person).agg(
        route=joined.route.max(),
        reasonable=joined.reasonable.max(),
        conclusive=joined.conclusive.max(),
    )


def _charge_states(book: Casebook) -> Table:
    """For each person charged: for what, and how far each kind of charge has got."""
    found, sentences = concluded(book), book.standing("sentence")
    hearings = book.standing("hearing")
    heard = hearings.select(heard="charge").distinct()
    done = sentences.select(sentenced="charge").distinct()
    found = found.left_join(heard, found.record == heard.heard)
    found = found.left_join(done, found.record == done.sentenced)
    ours = is_trafficking(found.offence)
    convicted = found.ending == "convicted"
    return found.group_by(charged=found.person).agg(
        trafficking=_yes(ours).max(),
        heard=_yes(ours & found.heard.notnull()).max(),
        convicted=_yes(ours & convicted).max(),
        convicted_other=_yes(~ours & convicted).max(),
        going_on=_yes(found.ending == "going_on").max(),
        ours_going_on=_yes(ours & (found.ending == "going_on")).max(),
        sentenced=_yes(convicted & found.sentenced.notnull()).max(),
    )


def _suspects(book: Casebook, arrests: Table) -> list[Step]:
    ended = book.standing("no_further_action").select(ended="arrest").distinct()
    joined = arrests.left_join(ended, arrests.record == ended.ended)
    persons = joined.group_by("person").agg(closed=_yes(joined.ended.notnull()).min())
    states = _charge_states(book)
    found = persons.left_join(states, persons.person == states.charged)
    names = [name for name in states.columns if name != "charged"]
    grouped = found.group_by("closed", *names).agg(persons=found.count())
    steps: Counter[tuple[Saying, Saying]] = Counter()
    for closed, *values, number in book.records.fetch(grouped):
        state = dict(zip(names, values, strict=True))
        path = [ARRESTED, *_path(state, closed=bool(closed))]
        for start, end in itertools.pairwise(path):
            steps[start, end] += number
    return [
        Step(start, end, number)
        for (start, end), number in sorted(steps.items(), key=_in_stage_order)
    ]


def _path(state: Mapping[str, int | None], *, closed: bool) -> list[Saying]:
    if state["trafficking"] is None:
        return [ENDED if closed else OPEN]
    end = [SENTENCED if state["sentenced"] else AWAITING]
    if not state["trafficking"]:
        if state["convicted_other"]:
            return [CHARGED_OTHER, CONVICTED_OTHER, *end]
        return [CHARGED_OTHER, GOING_ON if state["going_on"] else CLEARED]
    if not state["heard"]:
        return [CHARGED, NOT_HEARD]
    if state["convicted"]:
        return [CHARGED, PROSECUTED, CONVICTED, *end]
    if state["ours_going_on"]:
        return [CHARGED, PROSECUTED, GOING_ON]
    if state["convicted_other"]:
        return [CHARGED, PROSECUTED, CONVICTED_OTHER, *end]
    return [CHARGED, PROSECUTED, GOING_ON if state["going_on"] else CLEARED]


_ORDER = (
    RECOVERED,
    REFERRED,
    _decision("reasonable", "positive"),
    ARRESTED,
    CHARGED,
    CHARGED_OTHER,
    ENDED,
    OPEN,
    PROSECUTED,
    NOT_HEARD,
    CONVICTED,
    CONVICTED_OTHER,
    CLEARED,
    GOING_ON,
    SENTENCED,
    AWAITING,
)


def _told(stage: Saying) -> str:
    """By what stages stand that have no place of their own: grounds, then the decision's code."""
    grounds, outcome = stage.values.get("grounds"), stage.values.get("outcome")
    named = grounds.code if isinstance(grounds, Saying) else stage.code
    return f"{named} {outcome.code if isinstance(outcome, Word) else 'pending'}"


def _in_stage_order(item: tuple[tuple[Saying, Saying], int]) -> tuple[int, int, str]:
    (start, end), _ = item
    last = len(_ORDER)
    return (
        _ORDER.index(start) if start in _ORDER else last,
        _ORDER.index(end) if end in _ORDER else last,
        _told(end),
    )


def _durations(book: Casebook, recoveries: Table, arrests: Table) -> list[Duration]:
    charges, hearings = concluded(book), book.standing("hearing")
    ours = charges.semi_join(arrests, charges.person == arrests.person)
    ours = ours.filter(is_trafficking(ours.offence))
    first = hearings.filter(hearings.stage == "first_hearing")
    first = first.group_by(of=first.charge).agg(heard=first.date.min())
    sentences = book.standing("sentence")
    sentenced = sentences.group_by(of=sentences.charge).agg(sentenced=sentences.date.min())
    heard = ours.left_join(first, ours.record == first.of).drop("of")
    ended = ibis.ifelse(heard.ending == "going_on", None, heard.date)
    convicted = ours.filter(ours.ending == "convicted")
    convicted = convicted.left_join(sentenced, convicted.record == sentenced.of)
    steps = [
        ("referral", _to_referral(book, recoveries)),
        ("charge", _to_decision(book, arrests)),
        (
            "hearing",
            heard.select(start=heard.charged_on, end=heard.heard),
        ),
        (
            "end",
            heard.filter(heard.heard.notnull()).select(start="heard", end=ended),
        ),
        (
            "sentence",
            convicted.select(start=convicted.date, end=convicted.sentenced),
        ),
    ]
    steps += _to_grounds(book, recoveries)
    found = [
        _duration(name, book.records.fetch(table.select("start", "end")), book.as_at)
        for name, table in steps
    ]
    return [each for each in found if each is not None]


def _to_referral(book: Casebook, recoveries: Table) -> Table:
    referrals = book.standing("referral")
    held = referrals.group_by(referred=referrals.person).agg(end=referrals.date.min())
    starts = recoveries.group_by("person").agg(start=recoveries.date.min())
    # Before any referral was returned, nothing is known about waiting for one.
    return starts.left_join(held, starts.person == held.referred).filter(
        ibis.literal(bool(book.records.fetch(held.select("referred").limit(1))))
    )


def _to_grounds(book: Casebook, recoveries: Table) -> list[tuple[str, Table]]:
    referrals, decisions = book.standing("referral"), book.standing("decision")
    referrals = referrals.semi_join(recoveries, referrals.person == recoveries.person)
    steps = []
    for stage, name in (("reasonable_grounds", "reasonable"),):
        held = decisions.filter(decisions.stage == stage)
        held = held.group_by(of=held.referral).agg(end=held.date.min())
        joined = referrals.left_join(held, referrals.record == held.of)
        steps.append((name, joined.select(start=joined.date, end=joined.end)))
    positive = decisions.filter(
        (decisions.stage == "reasonable_grounds") & (decisions.outcome == "positive")
    )
    positive = positive.semi_join(referrals, positive.referral == referrals.record)
    conclusive = decisions.filter(decisions.stage == "conclusive_grounds")
    conclusive = conclusive.group_by(of=conclusive.referral).agg(end=conclusive.date.min())
    joined = positive.left_join(conclusive, positive.referral == conclusive.of)
    return [
        *steps,
        ("conclusive", joined.select(start=joined.date, end=joined.end)),
    ]


def _to_decision(book: Casebook, arrests: Table) -> Table:
    ended, charges = book.standing("no_further_action"), book.standing("charge")
    closed = ended.group_by(closed=ended.arrest).agg(closed_on=ended.date.min())
    charged = charges.group_by(charged=charges.arrest).agg(charged_on=charges.date.min())
    joined = arrests.left_join(closed, arrests.record == closed.closed)
    joined = joined.left_join(charged, joined.record == charged.charged)
    return joined.select(start=joined.date, end=ibis.least(joined.closed_on, joined.charged_on))


def _duration(name: str, rows: Sequence[tuple[date, date | None]], as_at: date) -> Duration | None:
    waits = [((end or as_at) - start).days for start, end in rows]
    ended = np.array([end is not None for _, end in rows])
    if not waits or not ended.any():
        return None
    days = np.array(waits)
    return tables.waiting_times.kaplan_meier(say(f"flow.wait.{name}"), days[ended], days[~ended])
