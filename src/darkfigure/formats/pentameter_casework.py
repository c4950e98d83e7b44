"""Synthetic case returns for Operations Pentameter 1 and 2, made from a seed to agree with what was published, day by day.

No record of these operations is public. These are made up, say so on every record, and serve to show how published
figures would arise from records: counted as at any day on which something was published, they give the published figure.
Published: Home Office release 124/2008 (2 July 2008); HC Deb 17 July 2008 col 604W; HC Deb 17 December 2008 (241542);
UKHTC, UKP2 statistics, February 2009; The Guardian, 20 October 2009.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from darkfigure.codes import codes_for
from darkfigure.codes.codelist import Code
from darkfigure.formats.case_files import FORM

FIRST, RETURNS_DAY, STATED = date(2008, 7, 2), date(2008, 7, 17), "SYNTHETIC: made up to agree with published figures"
P1, P2 = "Pentameter 1", "Pentameter 2"
P1_DAYS = (date(2006, 2, 21), date(2006, 6, 30))
P2_DAYS = (date(2007, 10, 3), date(2008, 3, 31))

#: Published figures that the records are made to give.
VICTIMS_P1, ARRESTS_P1, PREMISES, RETURNED = 88, 232, 822, 31
ADULTS, MEN, GIRLS, DUPLICATES, VICTIM_FORCES = 151, 1, 13, 3, 35
ADULT_GROUPS = {"china_south_east_asia": 79, "eu": 54, "africa": 8, "other": 10}
GIRL_GROUPS = {"africa": 6, "other": 7}
LABOUR = (("female", 25), ("female", 31), ("female", 15), ("female", 16), ("male", 14))
ANNOUNCED, NEVER_HAPPENED, WOMEN, ENDED = 528, 122, 231, 102
SAID_TRAFFICKING, FIRST_ARRESTED_FOR_IT = 299, 93
CHARGED, CONVICTED, CONVICTED_OTHERWISE_ARRESTED = 67, 15, 4

#: What no source states, chosen for the example.
ERRORS_AMONG_TRAFFICKING, CHARGED_OTHERWISE_ARRESTED, CHARGED_BY_DECEMBER, CONVICTED_BY_DECEMBER = 70, 7, 41, 9
CHARGED_WITH_OTHERS, CONVICTED_OF_OTHERS, TRAFFICKING_ENDED, WITH_VICTIM, SOME_BOTH = 110, 20, 8, 52, 6

TRAFFICKING = ("court:72/1", "court:72/2", "court:72/3")
OTHER = ("court:24/17", "court:24/18", "court:24/19", "court:38/1", "court:78/10")
NATIONALITIES = {
    "china_south_east_asia": ("Chinese", "Thai", "Malaysian", "Vietnamese"),
    "eu": ("Romanian", "Lithuanian", "Polish", "Czech", "Slovak", "British"),
    "africa": ("Nigerian", "Ghanaian", "Kenyan", "Somali"),
    "other": ("Brazilian", "Albanian", "Moldovan", "Jamaican"),
}


@dataclass
class _Return:
    agency: str
    stated_on: date
    records: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, **entry: Any) -> None:
        self.records[kind].append({name: _plain(value) for name, value in entry.items() if value is not None})

    def text(self) -> str:
        head = {
            "form": FORM,
            "reported_by": self.agency,
            "stated_on": self.stated_on.isoformat(),
            "synthetic": True,
            "source": STATED,
        }
        return json.dumps({**head, "records": self.records}, indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass
class _Force:
    code: str
    area: str
    first: _Return
    second: _Return
    third: _Return

    @property
    def operation(self) -> str:
        return f"UKP2-{self.code}"


@dataclass(frozen=True)
class _Victim:
    force: _Force
    person: str
    sex: str
    age: int
    day: date

    @property
    def reference(self) -> str:
        return f"{self.force.code}:{self.person}"


@dataclass
class _Arrest:
    force: _Force
    entry: dict[str, Any]
    said_trafficking: bool
    happened: bool = True
    is_trafficking: bool = False


def write_returns(folder: Path, seed: int = 2008) -> list[Path]:
    """Write the returns as files, oldest first, and give their paths. The same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for found in sorted(_Maker(seed).make(), key=lambda each: (each.stated_on, each.agency)):
        path = folder / f"synthetic_{found.stated_on}_{found.agency.lower()}.json"
        path.write_text(found.text(), encoding="utf-8")
        paths.append(path)
    return paths


class _Maker:
    """Makes the returns, subject after subject, each from a chance of its own so that one does not shift another."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        chance = self._chance("forces")
        listed = [code for code in codes_for("agency").codes.values() if code.group == "police force"]
        self.forces = [self._force(code, chance) for code in listed]
        self.registry = _Return("UKHTC", FIRST)
        self.departures = _Return("UKHTC", RETURNS_DAY)
        self.prosecutor = (_Return("CPS", date(2008, 12, 5)), _Return("CPS", date(2009, 2, 20)))
        self.victims: list[_Victim] = []
        self.arrests: list[_Arrest] = []

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self._seed} {name}")  # noqa: S311 - made-up records, not secrets

    @staticmethod
    def _force(code: Code, chance: random.Random) -> _Force:
        area = next(each.code for each in codes_for("area").codes.values() if _slug(each.code) == code.code)
        second = date(2008, 10, 1) + timedelta(days=chance.randrange(60))
        third = date(2009, 1, 12) + timedelta(days=chance.randrange(44))
        returns = (_Return(code.code, day) for day in (FIRST, second, third))
        return _Force(code.code, area, *returns)

    def make(self) -> list[_Return]:
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
            self.registry.add("operation", record=name, campaign=name, lead_agency="UKHTC", start=start, end=end)
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
            self.registry.add("recovery", record=f"P1-R{number:03}", person=person, date=day, operation=P1)
        for number in range(1, ARRESTS_P1 + 1):
            person = f"P1-S{number:03}"
            self.registry.add("person", record=person)
            day = _day_in(chance, P1_DAYS)
            self.registry.add("arrest", record=f"06/P1/{number:04}", person=person, date=day, operation=P1)

    def _recoveries(self) -> None:
        chance = self._chance("recoveries")
        forces = chance.sample(self.forces, VICTIM_FORCES)
        groups = [group for group, number in ADULT_GROUPS.items() for _ in range(number)]
        chance.shuffle(groups)
        people = [("male" if place < MEN else "female", chance.randint(18, 45), g) for place, g in enumerate(groups)]
        girls = [group for group, number in GIRL_GROUPS.items() for _ in range(number)]
        people += [("female", chance.randint(14, 17), group) for group in girls]
        doubled = [("female", chance.randint(18, 40), "china_south_east_asia") for _ in range(DUPLICATES)]
        for place, (sex, age, group) in enumerate([*people, *doubled]):
            force = forces[place] if place < VICTIM_FORCES else chance.choice(forces)
            self._recovery(force, chance, (sex, age, chance.choice(NATIONALITIES[group])), double=place >= len(people))
        for sex, age in LABOUR:
            force = chance.choice(forces)
            person, entry = self._recovered(force, force.second, chance, (sex, age, chance.choice(NATIONALITIES["other"])))
            force.second.add("recovery", **entry, exploitation="labour_or_domestic")
            self.victims.append(_Victim(force, person, sex, age, entry["date"]))

    def _recovery(self, force: _Force, chance: random.Random, who: tuple[str, int, str], *, double: bool) -> None:
        person, entry = self._recovered(force, force.first, chance, who)
        force.first.add("recovery", **entry)
        # The first return did not say what for; the second does.
        force.second.add("recovery", **entry, exploitation="sexual", change_reason="late_return")
        if double:
            gone = {"record": entry["record"], "action": "withdraw", "change_reason": "duplicate"}
            force.third.add("recovery", **gone)
        else:
            self.victims.append(_Victim(force, person, who[0], who[1], entry["date"]))

    def _recovered(
        self, force: _Force, into: _Return, chance: random.Random, who: tuple[str, int, str]
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
        into.add("role", record=f"RV{number:03}", person=person, role="victim", operation=force.operation, start=day)
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
        ages = [18, 67, *(min(67, max(18, round(chance.gauss(34, 10)))) for _ in range(ANNOUNCED - 2))]
        trafficking = self._said_trafficking(chance, kept)
        # An exploited person may be a suspect as well.
        both = [victim for victim in self.victims if victim.sex == "female" and victim.age >= 18][:SOME_BOTH]
        for number, (sex, age, (said, so)) in enumerate(zip(sexes, ages, trafficking, strict=True)):
            force = self.forces[number] if number < len(self.forces) else chance.choice(self.forces)
            day, person = _day_in(chance, P2_DAYS), f"S{number + 1:03}"
            if sex == "female" and number >= len(self.forces) and both:
                victim = both.pop()
                force, person, age, day = victim.force, victim.person, victim.age, victim.day
            else:
                force.first.add(
                    "person", record=person, sex=sex, birth_year=day.year - age, given_name=f"Synthetic{number}"
                )
            self._arrest(force, chance, number, (person, age, day), said=said, so=so, happened=number < kept)

    def _arrest(
        self, force: _Force, chance: random.Random, number: int, who: tuple[str, int, date], *, said: bool, so: bool, happened: bool
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
            "role", record=f"RS{number + 1:04}", person=person, role="suspect", operation=force.operation, start=day
        )
        first = chance.choice(TRAFFICKING if said else OTHER)
        force.second.add("arrest", **entry, offence=first, change_reason="late_return")
        if not happened:
            gone = {"record": entry["record"], "action": "withdraw", "change_reason": "recorded_in_error"}
            force.third.add("arrest", **gone)
        elif said and not so:
            force.third.add("arrest", **entry, offence=chance.choice(OTHER), change_reason="reclassified")
        self.arrests.append(_Arrest(force, entry, said, happened, so))

    @staticmethod
    def _said_trafficking(chance: random.Random, kept: int) -> list[tuple[bool, bool]]:
        """For each arrest, whether it was said to be for trafficking, and whether it was."""
        remained = SAID_TRAFFICKING - ERRORS_AMONG_TRAFFICKING
        real = [(True, True)] * FIRST_ARRESTED_FOR_IT + [(True, False)] * (remained - FIRST_ARRESTED_FOR_IT)
        real += [(False, False)] * (kept - remained)
        errors = [(True, False)] * ERRORS_AMONG_TRAFFICKING
        errors += [(False, False)] * (NEVER_HAPPENED - ERRORS_AMONG_TRAFFICKING)
        chance.shuffle(real)
        return real + errors

    def _departures(self) -> None:
        chance = self._chance("departures")
        for number, victim in enumerate(chance.sample(self.victims[: -len(LABOUR)], RETURNED), start=1):
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
        charged = [*real[:cut], *real[FIRST_ARRESTED_FOR_IT : FIRST_ARRESTED_FOR_IT + CHARGED_OTHERWISE_ARRESTED]]
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
        _Prosecutions(self, chance).make(charged, rest[:CHARGED_WITH_OTHERS])


class _Prosecutions:
    """Charges, hearings and sentences as the prosecutor returns them: first without, then with the arrest they came from."""

    def __init__(self, maker: _Maker, chance: random.Random) -> None:
        self.maker = maker
        self.chance = chance
        self.before, self.after = maker.prosecutor

    def make(self, trafficking: Sequence[_Arrest], others: Sequence[_Arrest]) -> None:
        """Charge both groups; convict as published."""
        otherwise = list(trafficking[-CONVICTED_OTHERWISE_ARRESTED:])
        convicted = [*trafficking[: CONVICTED - CONVICTED_OTHERWISE_ARRESTED], *otherwise]
        ended = trafficking[20 : 20 + TRAFFICKING_ENDED]
        for number, arrest in enumerate(trafficking):
            early = number < CHARGED_BY_DECEMBER
            place = convicted.index(arrest) if arrest in convicted else None
            outcome = "convicted" if place is not None else "discontinued" if arrest in ended else None
            in_time = early and place is not None and place < CONVICTED_BY_DECEMBER
            victim = self._victim(arrest) if number < WITH_VICTIM else None
            self._charge(arrest, number, TRAFFICKING, outcome, early=early, heard_early=in_time, victim=victim)
            if place is not None:
                self._with_others(arrest, number, place, early=early, heard_early=in_time)
        for number, arrest in enumerate(others, start=len(trafficking)):
            outcome = "convicted" if number - len(trafficking) < CONVICTED_OF_OTHERS else None
            self._charge(arrest, number, OTHER[1:], outcome, early=number % 2 == 0, flagged=number % 3 == 0)

    def _victim(self, arrest: _Arrest) -> str:
        same = [victim for victim in self.maker.victims if victim.force is arrest.force] or self.maker.victims
        return self.chance.choice(same).reference

    def _with_others(self, arrest: _Arrest, number: int, place: int, *, early: bool, heard_early: bool) -> None:
        """Some of those convicted of trafficking are convicted of other offences too, which may carry more."""
        if place % 3 == 0:
            self._charge(
                arrest, number, ("court:38/1",), "convicted", early=early, heard_early=heard_early, count=2, months=30 + place * 4
            )

    def _charge(
        self,
        arrest: _Arrest,
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
        urn = f"{10 + self.maker.forces.index(arrest.force)}UK{number + 1:04}08/{count}"
        day = arrest.entry["date"] + timedelta(days=self.chance.randint(1, 120))
        entry = {
            "record": urn,
            "person": f"D{number + 1:04}",
            "date": day,
            "offence": self.chance.choice(offences),
            "flagged": flagged,
        }
        linked = {**entry, "arrest": arrest.entry["record"], "operation": arrest.force.operation, "victim": victim}
        if early:
            # The prosecutor's first return names neither the arrest nor the operation.
            self.before.add("charge", **entry)
            self.after.add("charge", **linked, change_reason="late_return")
        else:
            self.after.add("charge", **linked)
        self._hearings(urn, day, outcome, self.before if early else self.after, self.before if heard_early else self.after, months)

    def _hearings(
        self, urn: str, charged: date, outcome: str | None, first: _Return, last: _Return, months: int | None
    ) -> None:
        heard = charged + timedelta(days=self.chance.randint(1, 28))
        first.add("hearing", record=f"{urn}/H1", charge=urn, date=heard, stage="first_hearing", outcome="adjourned")
        if outcome is None:
            return
        # What the prosecutor returns has happened by then.
        latest = (last.stated_on - heard).days - 8
        tried = heard + timedelta(days=self.chance.randint(min(30, latest - 1), min(240, latest)))
        last.add("hearing", record=f"{urn}/H2", charge=urn, date=tried, stage="trial", outcome=outcome)
        if outcome == "convicted" and not urn.endswith("000508/1"):
            length = months if months is not None else self.chance.randint(12, 60)
            last.add(
                "sentence", record=f"{urn}/S", charge=urn, date=tried + timedelta(days=7), disposal="immediate_custody", months=length
            )


def _slug(area: str) -> str:
    plain = "City of London" if area.startswith("London") else area
    return plain.lower().replace(" ", "-")


def _day_in(chance: random.Random, days: tuple[date, date]) -> date:
    return days[0] + timedelta(days=chance.randrange((days[1] - days[0]).days + 1))
