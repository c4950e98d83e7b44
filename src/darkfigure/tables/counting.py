"""Counting rules by name, and what each measure counts when the repository counts its own case
records.

A rule says what is counted once: a person, an event, a defendant by principal offence. One question
can be asked under two rules and set side by side; their figures differ because they count different
things, not because one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis

from darkfigure.basis.errors import UnknownName
from darkfigure.codes.offences import statutory_maximum, trafficking_offences
from darkfigure.tables.casebook import NOT_CONCLUDED, NOT_KNOWN, Casebook, Column, Table
from darkfigure.tables.counted import YES, Rule


@dataclass(frozen=True)
class Counting:
    """How a measure is counted under one rule.

    `rows` gives the table of what is counted, with `unit` (counted once in a cell), `record`,
    `date`, `synthetic`, `state` where some of it is not certain to count, and the columns its
    breakdowns need. `kind` names the records a cell opens to. Nought can be said only where records
    of that kind, and some of each kind in `needs`, have been returned.
    """

    kind: str
    rows: Callable[[Casebook], Table]
    unit: str
    needs: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether a unit can have several records."""
        return self.unit in ("persons", "defendants", "defendants_principal_offence")


def _rows(table: Table, unit: Column, state: Column | None = None) -> Table:
    return table.mutate(unit=unit) if state is None else table.mutate(unit=unit, state=state)


def _persons(kind: str) -> Callable[[Casebook], Table]:
    def rows(book: Casebook) -> Table:
        found = book.standing(kind)
        return _rows(found, found.person)

    return rows


def _events(kind: str) -> Callable[[Casebook], Table]:
    def rows(book: Casebook) -> Table:
        found = book.standing(kind)
        return _rows(found, _own(found))

    return rows


def _own(table: Table) -> Column:
    """A record by its agency and reference: references are an agency's own."""
    return table.agency + " " + table.record


def is_trafficking(offence: Column) -> Column:
    """Whether an offence is one of trafficking or slavery."""
    return offence.isin(sorted(trafficking_offences()))


def _arrests_for_trafficking(book: Casebook) -> Table:
    found = book.standing("arrest")
    open_or_trafficking = found.filter(found.offence.isnull() | is_trafficking(found.offence))
    return _rows(
        open_or_trafficking,
        _own(open_or_trafficking),
        ibis.ifelse(open_or_trafficking.offence.isnull(), NOT_KNOWN, YES),
    )


def _arrests_ended(book: Casebook) -> Table:
    arrests = book.standing("arrest")
    ended = book.standing("no_further_action").select(ended="arrest").distinct()
    found = arrests.semi_join(ended, arrests.record == ended.ended)
    return _rows(found, _own(found))


def _charged(book: Casebook) -> Table:
    found = book.charges()
    return _rows(found, found.person)


def _charged_with_trafficking(book: Casebook) -> Table:
    found = book.charges()
    found = found.filter(is_trafficking(found.offence))
    return _rows(found, found.person)


def _heard(book: Casebook) -> Table:
    """Trafficking charges that reached a first hearing, by the day of it."""
    charges, hearings = book.charges(), book.standing("hearing")
    hearings = hearings.filter(hearings.stage == "first_hearing")
    first = hearings.group_by(heard=hearings.charge).agg(first_day=hearings.date.min())
    found = charges.inner_join(first, charges.record == first.heard)
    return found.filter(is_trafficking(found.offence)).mutate(date=found.first_day)


def _offences_heard(book: Casebook) -> Table:
    found = _heard(book)
    return _rows(found, _own(found))


def _defendants_heard(book: Casebook) -> Table:
    found = _heard(book)
    return _rows(found, found.person)


def concluded(book: Casebook) -> Table:
    """Charges with how they ended: `ending` is convicted, ended or going_on; `date` the day of
    conviction where there is one.
    """
    charges, hearings = book.charges(), book.standing("hearing")
    ends = hearings.filter(hearings.outcome != "adjourned")
    last = ends.group_by(ended=ends.charge).agg(
        convictions=ibis.ifelse(ends.outcome == "convicted", 1, 0).sum(), last_day=ends.date.max()
    )
    found = charges.left_join(last, charges.record == last.ended)
    ending = ibis.cases(
        (found.ended.isnull(), "going_on"), (found.convictions > 0, "convicted"), else_="ended"
    )
    return found.mutate(
        ending=ending, charged_on=found.date, date=ibis.coalesce(found.last_day, found.date)
    ).drop("ended", "convictions", "last_day")


def _convictions(keep: Callable[[Table], Column], *, personal: bool) -> Callable[[Casebook], Table]:
    def rows(book: Casebook) -> Table:
        found = concluded(book)
        found = found.filter((found.ending != "ended") & keep(found))
        unit = found.person if personal else _own(found)
        return _rows(found, unit, ibis.ifelse(found.ending == "convicted", YES, NOT_CONCLUDED))

    return rows


def sentenced(book: Casebook) -> Table:
    """Convictions with their sentence: `severity` ranks the disposal, null where there is none
    yet.
    """
    charges, sentences = concluded(book), book.standing("sentence")
    held = sentences.select(
        sentenced_for=sentences.charge,
        disposal=sentences.disposal,
        months=sentences.months,
        severity=ibis.cases(
            *((sentences.disposal == name, rank) for rank, name in enumerate(SEVERITY)), else_=-1
        ),
        sentence_day=sentences.date,
    )
    return charges.filter(charges.ending == "convicted").left_join(
        held, charges.record == held.sentenced_for
    )


#: Disposals from the lightest to the heaviest.
SEVERITY = (
    "otherwise_dealt_with",
    "absolute_discharge",
    "conditional_discharge",
    "fine",
    "community_sentence",
    "suspended_sentence",
    "immediate_custody",
)


def _principal(book: Casebook) -> Table:
    """One row for each defendant in a set of proceedings: the conviction that carries most.

    Of several that carry as much it is that of the lowest number, as charges are numbered; where
    they have none, the first charged. References are in no order that means anything.
    """
    found = sentenced(book)
    most = [(found.offence == code, years) for code, years in sorted(statutory_maximum().items())]
    found = found.mutate(
        proceedings=found.record.re_replace("/.*$", ""),
        maximum=ibis.cases(*most, else_=0),
        numbered=found.record.re_search("^[^/]*(/[0-9]{1,3})?$"),
        number=found.record.re_replace("^[^/]*", ""),
    )
    together = ibis.window(group_by=[found.person, found.proceedings])
    ranked = found.mutate(
        unsentenced=ibis.ifelse(found.severity.isnull(), 1, 0).max().over(together),
        place=ibis.row_number().over(
            ibis.window(
                group_by=[found.person, found.proceedings],
                order_by=[
                    ibis.coalesce(found.severity, -1).desc(),
                    ibis.coalesce(found.months, 0).desc(),
                    found.maximum.desc(),
                    ibis.ifelse(found.numbered, 0, 1),
                    ibis.ifelse(found.numbered, found.number, ""),
                    found.charged_on,
                    found.offence,
                    ibis.coalesce(found.area, ""),
                    found.agency,
                    found.record,
                ],
            )
        ),
    )
    return ranked.filter((ranked.place == 0) & is_trafficking(ranked.offence))


def _principal_convictions(book: Casebook) -> Table:
    found = _principal(book)
    decided = _rows(found, found.person, ibis.ifelse(found.unsentenced == 1, NOT_CONCLUDED, YES))
    pending = _convictions(lambda table: is_trafficking(table.offence), personal=True)(book)
    pending = pending.filter(pending.state == NOT_CONCLUDED)
    shared = [name for name in pending.columns if name in decided.columns]
    return decided.select(shared).union(pending.select(shared))


def _principal_sentences(book: Casebook) -> Table:
    found = _principal(book)
    return _rows(
        found, found.person, ibis.ifelse(found.unsentenced == 1, NOT_CONCLUDED, YES)
    ).mutate(outcome=found.disposal)


def _referrals(route: str, *, personal: bool) -> Callable[[Casebook], Table]:
    def rows(book: Casebook) -> Table:
        found = book.standing("referral")
        found = found.filter(found.route == route)
        # A report under the Duty to Notify may be anonymous: the report stands for the person.
        return _rows(found, ibis.coalesce(found.person, _own(found)) if personal else _own(found))

    return rows


def _decisions(stage: str) -> Callable[[Casebook], Table]:
    def rows(book: Casebook) -> Table:
        decisions, referrals = book.standing("decision"), book.standing("referral")
        revised = decisions.filter(decisions.revises.notnull()).select(gone="revises").distinct()
        found = decisions.filter(decisions.stage == stage)
        found = found.anti_join(revised, found.record == revised.gone)
        held = referrals.select(
            referred="record",
            person="person",
            age_group="age_group",
            exploitation="exploitation",
            operation="operation",
            definition="definition",
        )
        joined = found.left_join(held, found.referral == held.referred).drop("referred")
        return _rows(joined, _own(joined))

    return rows


_TRAFFICKING = _convictions(lambda table: is_trafficking(table.offence), personal=True)

_COURT = ("hearing",)

#: For each measure, the ways it can be counted from case records; the first is meant where no rule
#: is named.
COUNTED: dict[str, dict[Rule, Counting]] = {
    "victims_recovered": {
        Rule.PERSONS: Counting("recovery", _persons("recovery"), "persons"),
        Rule.EVENTS: Counting("recovery", _events("recovery"), "recoveries"),
    },
    "victims_identified": {Rule.PERSONS: Counting("recovery", _persons("recovery"), "persons")},
    "arrests": {
        Rule.EVENTS: Counting("arrest", _events("arrest"), "arrests"),
        Rule.PERSONS: Counting("arrest", _persons("arrest"), "persons"),
    },
    "arrests_for_trafficking": {
        Rule.EVENTS: Counting("arrest", _arrests_for_trafficking, "arrests")
    },
    "arrests_no_further_action": {
        Rule.EVENTS: Counting("arrest", _arrests_ended, "percent", ("no_further_action",))
    },
    "premises_visited": {Rule.EVENTS: Counting("premises", _events("premises"), "premises")},
    "voluntary_returns": {
        Rule.PERSONS: Counting("voluntary_return", _persons("voluntary_return"), "persons")
    },
    "charged": {Rule.PERSONS: Counting("charge", _charged, "persons")},
    "charged_with_trafficking": {
        Rule.PERSONS: Counting("charge", _charged_with_trafficking, "persons")
    },
    "convictions": {
        Rule.PERSONS: Counting("charge", _TRAFFICKING, "persons", _COURT),
        Rule.EVENTS: Counting(
            "charge",
            _convictions(lambda table: is_trafficking(table.offence), personal=False),
            "convictions",
            _COURT,
        ),
        Rule.PRINCIPAL_OFFENCE: Counting(
            "charge", _principal_convictions, "defendants_principal_offence", _COURT
        ),
        Rule.ANY_OFFENCE: Counting("charge", _TRAFFICKING, "defendants", _COURT),
        Rule.FLAGGED_CASES: Counting(
            "charge", _convictions(lambda table: table.flagged, personal=True), "defendants", _COURT
        ),
    },
    "offences_first_hearing": {
        Rule.OFFENCES_FIRST_HEARING: Counting("charge", _offences_heard, "offences", _COURT)
    },
    "defendants_proceeded_against": {
        Rule.ANY_OFFENCE: Counting("charge", _defendants_heard, "defendants", _COURT)
    },
    "defendants_found_guilty": {
        Rule.PRINCIPAL_OFFENCE: Counting(
            "charge", _principal_convictions, "defendants_principal_offence", _COURT
        )
    },
    "defendants_sentenced": {
        Rule.PRINCIPAL_OFFENCE: Counting(
            "charge", _principal_sentences, "defendants_principal_offence", ("sentence",)
        )
    },
    "nrm_referrals": {
        Rule.PERSONS: Counting("referral", _referrals("nrm", personal=True), "persons")
    },
    "duty_to_notify_reports": {
        Rule.EVENTS: Counting("referral", _referrals("duty_to_notify", personal=False), "reports")
    },
    "reasonable_grounds_decisions": {
        Rule.EVENTS: Counting("decision", _decisions("reasonable_grounds"), "decisions")
    },
    "conclusive_grounds_decisions": {
        Rule.EVENTS: Counting("decision", _decisions("conclusive_grounds"), "decisions")
    },
}


def counting_for(measure: str, rule: str = "", unit: str = "") -> tuple[Rule, Counting]:
    """The rule and way of counting. Raises UnknownName where case records do not give the measure,
    or not so.
    """
    ways = COUNTED.get(measure)
    if ways is None:
        raise UnknownName(
            f"{measure} is not counted from case records. Those counted so are "
            f"{', '.join(COUNTED)}; for this one, ask "
            "with --evidence statements."
        )
    if rule:
        if rule not in list(ways):
            raise UnknownName(
                f"{measure} is not counted by {rule!r}. Its rules are {', '.join(ways)}."
            )
        return Rule(rule), ways[Rule(rule)]
    for name, way in ways.items():
        if unit in ("", way.unit):
            return name, way
    first = next(iter(ways))
    return first, ways[first]
