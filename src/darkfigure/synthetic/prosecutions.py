"""Synthetic charges, hearings and sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from darkfigure.synthetic.published import (
    CHARGED_BY_DECEMBER,
    CONVICTED,
    CONVICTED_BY_DECEMBER,
    CONVICTED_OF_OTHERS,
    CONVICTED_OTHERWISE_ARRESTED,
    OTHER,
    TRAFFICKING,
    TRAFFICKING_ENDED,
    WITH_VICTIM,
)
from darkfigure.synthetic.returns import Arrest, Force, Return, Victim


class Prosecutions:
    """Charges, hearings and sentences as the prosecutor returns them: first without, then with the
    arrest they came from.
    """

    def __init__(
        self,
        forces: Sequence[Force],
        victims: Sequence[Victim],
        returns: tuple[Return, Return],
        chance: random.Random,
    ) -> None:
        self.forces = forces
        self.victims = victims
        self.before, self.after = returns
        self.chance = chance

    def make(self, trafficking: Sequence[Arrest], others: Sequence[Arrest]) -> None:
        """Charge both groups; convict as published."""
        otherwise = list(trafficking[-CONVICTED_OTHERWISE_ARRESTED:])
        convicted = [*trafficking[: CONVICTED - CONVICTED_OTHERWISE_ARRESTED], *otherwise]
        ended = trafficking[20 : 20 + TRAFFICKING_ENDED]
        for number, arrest in enumerate(trafficking):
            early = number < CHARGED_BY_DECEMBER
            place = convicted.index(arrest) if arrest in convicted else None
            outcome = (
                "convicted" if place is not None else "discontinued" if arrest in ended else None
            )
            in_time = early and place is not None and place < CONVICTED_BY_DECEMBER
            victim = self._victim(arrest) if number < WITH_VICTIM else None
            self._charge(
                arrest,
                number,
                TRAFFICKING,
                outcome,
                early=early,
                heard_early=in_time,
                victim=victim,
            )
            if place is not None:
                self._with_others(arrest, number, place, early=early, heard_early=in_time)
        for number, arrest in enumerate(others, start=len(trafficking)):
            outcome = "convicted" if number - len(trafficking) < CONVICTED_OF_OTHERS else None
            self._charge(
                arrest, number, OTHER[1:], outcome, early=number % 2 == 0, flagged=number % 3 == 0
            )

    def _victim(self, arrest: Arrest) -> str:
        same = [victim for victim in self.victims if victim.force is arrest.force] or self.victims
        return self.chance.choice(same).reference

    def _with_others(
        self, arrest: Arrest, number: int, place: int, *, early: bool, heard_early: bool
    ) -> None:
        """Some of those convicted of trafficking are convicted of other offences too, which may
        carry more.
        """
        if place % 3 == 0:
            self._charge(
                arrest,
                number,
                ("court:38/1",),
                "convicted",
                early=early,
                heard_early=heard_early,
                count=2,
                months=30 + place * 4,
            )

    def _charge(
        self,
        arrest: Arrest,
        number: int,
        offences: Sequence[str],
        outcome: str | None,
        *,
        early: bool,
        heard_early: bool = False,
        victim: str | None = None,
        flagged: bool = True,
        count: int = 1,
        months: int | None = None,
    ) -> None:
        urn = f"{10 + self.forces.index(arrest.force)}UK{number + 1:04}08/{count}"
        day = arrest.entry["date"] + timedelta(days=self.chance.randint(1, 120))
        entry = {
            "record": urn,
            "person": f"D{number + 1:04}",
            "date": day,
            "offence": self.chance.choice(offences),
            "flagged": flagged,
        }
        linked = {
            **entry,
            "arrest": arrest.entry["record"],
            "operation": arrest.force.operation,
            "victim": victim,
        }
        if early:
            # The prosecutor's first return names neither the arrest nor the operation.
            self.before.add("charge", **entry)
            self.after.add("charge", **linked, change_reason="late_return")
        else:
            self.after.add("charge", **linked)
        self._hearings(
            urn,
            day,
            outcome,
            self.before if early else self.after,
            self.before if heard_early else self.after,
            months,
        )

    def _hearings(
        self,
        urn: str,
        charged: date,
        outcome: str | None,
        first: Return,
        last: Return,
        months: int | None,
    ) -> None:
        heard = charged + timedelta(days=self.chance.randint(1, 28))
        first.add(
            "hearing",
            record=f"{urn}/H1",
            charge=urn,
            date=heard,
            stage="first_hearing",
            outcome="adjourned",
        )
        if outcome is None:
            return
        # What the prosecutor returns has happened by then.
        latest = (last.stated_on - heard).days - 8
        tried = heard + timedelta(days=self.chance.randint(min(30, latest - 1), min(240, latest)))
        last.add(
            "hearing", record=f"{urn}/H2", charge=urn, date=tried, stage="trial", outcome=outcome
        )
        if outcome == "convicted" and not urn.endswith("000508/1"):
            length = months if months is not None else self.chance.randint(12, 60)
            last.add(
                "sentence",
                record=f"{urn}/S",
                charge=urn,
                date=tried + timedelta(days=7),
                disposal="immediate_custody",
                months=length,
            )
