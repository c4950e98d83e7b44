"""Synthetic case returns for Operations Pentameter 1 and 2, made from a seed to agree with what was
published, day by day.

No record of these operations is public. These are made up, say so on every record, and serve to
show how published figures would arise from records: counted as at any day on which something was
published, they give the published figure. Published: Home Office release 124/2008 (2 July 2008); HC
Deb 17 July 2008 col 604W; HC Deb 17 December 2008 (241542); UKHTC, UKP2 statistics, February 2009;
The Guardian, 20 October 2009.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from darkfigure.codes import Code
from darkfigure.codes.codelist import carried
from darkfigure.synthetic.prosecutions import Prosecutions
from darkfigure.synthetic.published import (
    ADULT_GROUPS,
    ANNOUNCED,
    ARRESTS_P1,
    CHARGED,
    CHARGED_OTHERWISE_ARRESTED,
    CHARGED_WITH_OTHERS,
    DUPLICATES,
    ENDED,
    ERRORS_AMONG_TRAFFICKING,
    FIRST,
    FIRST_ARRESTED_FOR_IT,
    GIRL_GROUPS,
    LABOUR,
    MEN,
    NATIONALITIES,
    NEVER_HAPPENED,
    OTHER,
    P1,
    P1_DAYS,
    P2,
    P2_DAYS,
    PREMISES,
    RETURNED,
    RETURNS_DAY,
    SAID_TRAFFICKING,
    SOME_BOTH,
    TRAFFICKING,
    VICTIM_FORCES,
    VICTIMS_P1,
    WOMEN,
)
from darkfigure.synthetic.returns import Arrest, Force, Return, Victim


def write_returns(folder: Path, seed: int = 2008) -> list[Path]:
    """Write the returns as files, oldest first, and give their paths. The same seed gives the same
    bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for found in sorted(_Maker(seed).make(), key=lambda each: (each.stated_on, each.agency)):
        path = folder / f"synthetic_{found.stated_on}_{found.agency.lower()}.json"
        path.write_text(found.text(), encoding="utf-8")
        paths.append(path)
    return paths


class _Maker:
    """Makes the returns, subject after subject, each from a chance of its own so that one does not
    shift another.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        chance = self._chance("forces")
        listed = [code for code in carried("agency") if code.group == "police force"]
        self.forces = [self._force(code, chance) for code in listed]
        self.registry = Return("UKHTC", FIRST)
        self.departures = Return("UKHTC", RETURNS_DAY)
        self.prosecutor = (Return("CPS", date(2008, 12, 5)), Return("CPS", date(2009, 2, 20)))
        self.victims: list[Victim] = []
        self.arrests: list[Arrest] = []

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self._seed} {name}")  # noqa: S311 - made-up records, not secrets

    @staticmethod
    def _force(code: Code, chance: random.Random) -> Force:
        area = next(each.code for each in carried("area") if _slug(each.code) == code.code)
        second = date(2008, 10, 1) + timedelta(days=chance.randrange(60))
        third = date(2009, 1, 12) + timedelta(days=chance.randrange(44))
        returns = (Return(code.code, day) for day in (FIRST, second, third))
        return Force(code.code, area, *returns)

    def make(self) -> list[Return]:
        """All returns that hold anything."""
        self._operations()
        self._first_campaign()
        self._recoveries()
        self._premises()
        self._arrests()
        self._departures()
        self._outcomes()
        made = [self.registry, self.departures, *self.prosecutor]
        made += [each for force in self.forces for each in (force.first, force.second, force.third)]
        return [each for each in made if each.records]

    def _operations(self) -> None:
        for name, (start, end) in ((P1, P1_DAYS), (P2, P2_DAYS)):
            self.registry.add(
                "operation", record=name, campaign=name, lead_agency="UKHTC", start=start, end=end
            )
        for force in self.forces:
            self.registry.add(
                "operation",
                record=force.operation,
                campaign=P2,
                part_of=P2,
                lead_agency=force.code,
                start=P2_DAYS[0],
                end=P2_DAYS[1],
                areas=force.area,
            )

    def _first_campaign(self) -> None:
        chance = self._chance("first campaign")
        for number in range(1, VICTIMS_P1 + 1):
            person = f"P1-V{number:03}"
            self.registry.add("person", record=person, sex="female")
            day = _day_in(chance, P1_DAYS)
            self.registry.add(
                "recovery", record=f"P1-R{number:03}", person=person, date=day, operation=P1
            )
        for number in range(1, ARRESTS_P1 + 1):
            person = f"P1-S{number:03}"
            self.registry.add("person", record=person)
            day = _day_in(chance, P1_DAYS)
            self.registry.add(
                "arrest", record=f"06/P1/{number:04}", person=person, date=day, operation=P1
            )

    def _recoveries(self) -> None:
        chance = self._chance("recoveries")
        forces = chance.sample(self.forces, VICTIM_FORCES)
        groups = [group for group, number in ADULT_GROUPS.items() for _ in range(number)]
        chance.shuffle(groups)
        people = [
            ("male" if place < MEN else "female", chance.randint(18, 45), g)
            for place, g in enumerate(groups)
        ]
        girls = [group for group, number in GIRL_GROUPS.items() for _ in range(number)]
        people += [("female", chance.randint(14, 17), group) for group in girls]
        doubled = [
            ("female", chance.randint(18, 40), "china_south_east_asia") for _ in range(DUPLICATES)
        ]
        for place, (sex, age, group) in enumerate([*people, *doubled]):
            force = forces[place] if place < VICTIM_FORCES else chance.choice(forces)
            self._recovery(
                force,
                chance,
                (sex, age, chance.choice(NATIONALITIES[group])),
                double=place >= len(people),
            )
        for sex, age in LABOUR:
            force = chance.choice(forces)
            person, entry = self._recovered(
                force, force.second, chance, (sex, age, chance.choice(NATIONALITIES["other"]))
            )
            force.second.add("recovery", **entry, exploitation="labour_or_domestic")
            self.victims.append(Victim(force, person, sex, age, entry["date"]))

    def _recovery(
        self, force: Force, chance: random.Random, who: tuple[str, int, str], *, double: bool
    ) -> None:
        person, entry = self._recovered(force, force.first, chance, who)
        force.first.add("recovery", **entry)
        # The first return did not say what for; the second does.
        force.second.add("recovery", **entry, exploitation="sexual", change_reason="late_return")
        if double:
            gone = {"record": entry["record"], "action": "withdraw", "change_reason": "duplicate"}
            force.third.add("recovery", **gone)
        else:
            self.victims.append(Victim(force, person, who[0], who[1], entry["date"]))

    def _recovered(
        self, force: Force, into: Return, chance: random.Random, who: tuple[str, int, str]
    ) -> tuple[str, dict[str, Any]]:
        sex, age, nationality = who
        day = _day_in(chance, P2_DAYS)
        number = len(force.first.records["recovery"]) + len(force.second.records["recovery"]) + 1
        person = f"V{number:03}"
        into.add(
            "person",
            record=person,
            sex=sex,
            nationality=nationality,
            birth_year=day.year - age,
            given_name=f"Synthetic{number}",
            family_name=f"Madeup-{force.code}",
        )
        into.add(
            "role",
            record=f"RV{number:03}",
            person=person,
            role="victim",
            operation=force.operation,
            start=day,
        )
        entry = {
            "record": f"R{number:03}/08",
            "person": person,
            "date": day,
            "operation": force.operation,
            "area": force.area,
            "age": age,
            "location": "uk",
        }
        return person, entry

    def _premises(self) -> None:
        chance = self._chance("premises")
        for number in range(PREMISES):
            force = self.forces[number] if number < len(self.forces) else chance.choice(self.forces)
            kinds = ("brothel", "private", "massage_parlour", "workplace")
            force.first.add(
                "premises",
                record=f"M{len(force.first.records['premises']) + 1:03}",
                date=_day_in(chance, P2_DAYS),
                operation=force.operation,
                area=force.area,
                premises_kind=chance.choices(kinds, (5, 3, 2, 1))[0],
            )

    def _arrests(self) -> None:
        chance = self._chance("arrests")
        kept = ANNOUNCED - NEVER_HAPPENED
        sexes = ["female"] * WOMEN + ["male"] * (kept - WOMEN)
        chance.shuffle(sexes)
        sexes += [chance.choice(("female", "male")) for _ in range(NEVER_HAPPENED)]
        ages = [
            18,
            67,
            *(min(67, max(18, round(chance.gauss(34, 10)))) for _ in range(ANNOUNCED - 2)),
        ]
        trafficking = self._said_trafficking(chance, kept)
        # An exploited person may be a suspect as well.
        both = [victim for victim in self.victims if victim.sex == "female" and victim.age >= 18][
            :SOME_BOTH
        ]
        for number, (sex, age, (said, so)) in enumerate(zip(sexes, ages, trafficking, strict=True)):
            force = self.forces[number] if number < len(self.forces) else chance.choice(self.forces)
            day, person = _day_in(chance, P2_DAYS), f"S{number + 1:03}"
            if sex == "female" and number >= len(self.forces) and both:
                victim = both.pop()
                force, person, age, day = victim.force, victim.person, victim.age, victim.day
            else:
                force.first.add(
                    "person",
                    record=person,
                    sex=sex,
                    birth_year=day.year - age,
                    given_name=f"Synthetic{number}",
                )
            self._arrest(
                force, chance, number, (person, age, day), said=said, so=so, happened=number < kept
            )

    def _arrest(
        self,
        force: Force,
        chance: random.Random,
        number: int,
        who: tuple[str, int, date],
        *,
        said: bool,
        so: bool,
        happened: bool,
    ) -> None:
        person, age, day = who
        entry = {
            "record": f"08/{100 + self.forces.index(force)}/{number + 1:04}",
            "person": person,
            "date": day,
            "operation": force.operation,
            "area": force.area,
            "age": age,
        }
        force.first.add("arrest", **entry)
        force.first.add(
            "role",
            record=f"RS{number + 1:04}",
            person=person,
            role="suspect",
            operation=force.operation,
            start=day,
        )
        first = chance.choice(TRAFFICKING if said else OTHER)
        force.second.add("arrest", **entry, offence=first, change_reason="late_return")
        if not happened:
            gone = {
                "record": entry["record"],
                "action": "withdraw",
                "change_reason": "recorded_in_error",
            }
            force.third.add("arrest", **gone)
        elif said and not so:
            force.third.add(
                "arrest", **entry, offence=chance.choice(OTHER), change_reason="reclassified"
            )
        self.arrests.append(Arrest(force, entry, said, happened, so))

    @staticmethod
    def _said_trafficking(chance: random.Random, kept: int) -> list[tuple[bool, bool]]:
        """For each arrest, whether it was said to be for trafficking, and whether it was."""
        remained = SAID_TRAFFICKING - ERRORS_AMONG_TRAFFICKING
        real = [(True, True)] * FIRST_ARRESTED_FOR_IT + [(True, False)] * (
            remained - FIRST_ARRESTED_FOR_IT
        )
        real += [(False, False)] * (kept - remained)
        errors = [(True, False)] * ERRORS_AMONG_TRAFFICKING
        errors += [(False, False)] * (NEVER_HAPPENED - ERRORS_AMONG_TRAFFICKING)
        chance.shuffle(real)
        return real + errors

    def _departures(self) -> None:
        chance = self._chance("departures")
        for number, victim in enumerate(
            chance.sample(self.victims[: -len(LABOUR)], RETURNED), start=1
        ):
            self.departures.add(
                "voluntary_return",
                record=f"VR{number:03}",
                person=victim.reference,
                date=_day_in(chance, (date(2008, 4, 7), date(2008, 7, 11))),
                operation=victim.force.operation,
            )

    def _outcomes(self) -> None:
        chance = self._chance("outcomes")
        real = [each for each in self.arrests if each.happened]
        chance.shuffle(real)
        real.sort(key=lambda each: not each.is_trafficking)
        cut = CHARGED - CHARGED_OTHERWISE_ARRESTED
        charged = [
            *real[:cut],
            *real[FIRST_ARRESTED_FOR_IT : FIRST_ARRESTED_FOR_IT + CHARGED_OTHERWISE_ARRESTED],
        ]
        taken = {id(each) for each in charged}
        rest = [each for each in real if id(each) not in taken]
        for each in rest[-ENDED:]:
            each.force.third.add(
                "no_further_action",
                record=f"N{each.entry['record']}",
                arrest=each.entry["record"],
                date=each.entry["date"] + timedelta(days=chance.randint(20, 200)),
                crime_outcome="15",
            )
        Prosecutions(self.forces, self.victims, self.prosecutor, chance).make(
            charged, rest[:CHARGED_WITH_OTHERS]
        )


def _slug(area: str) -> str:
    plain = "City of London" if area.startswith("London") else area
    return plain.lower().replace(" ", "-")


def _day_in(chance: random.Random, days: tuple[date, date]) -> date:
    return days[0] + timedelta(days=chance.randrange((days[1] - days[0]).days + 1))
