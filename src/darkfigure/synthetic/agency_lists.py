"""SYNTHETIC lists of agencies about the same made-up people, with who is who known: what linkage is
tried on.

People have names of seven origins. Agencies write them in their own order and spelling, guess ages,
mistype, know some by an alias only; a charity gives initials and year of birth. There are twins,
siblings at one address, and names that many share. The chances of each error are set here by
judgement, not measured on real lists; `QUALITIES` makes lists better or poorer than the usual ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.codes.codelist import carried

with extra("linkage"):
    from anyascii import anyascii

COLUMNS = (
    "record",
    "agency",
    "given_name",
    "family_name",
    "alias",
    "date_of_birth",
    "birth_year",
    "age",
    "sex",
    "nationality",
    "document_number",
    "reference",
    "area",
    "town",
    "met_on",
    "synthetic",
    "person",
)
#: Bodies among the areas of recorded crime that are nowhere in particular.
_NO_PLACES = ("Action Fraud", "CIFAS", "UK Finance", "Financial Fraud Action UK")
_TOWNS = 12
_FIRST = date(2017, 1, 1)
_DAYS = 2 * 365


@dataclass(frozen=True)
class _Agency:
    """How an agency lists people: the chance that it meets somebody, and how well it writes down
    what it hears.
    """

    name: str
    meets: float
    careless: float
    dob: float
    document: float
    delay: int
    initials: bool = False


_AGENCIES = (
    _Agency("police", 0.50, 1.2, 0.70, 0.25, 1),
    _Agency("home_office", 0.45, 0.5, 0.96, 0.70, 25),
    _Agency("shelter", 0.35, 1.0, 0.75, 0.10, 12),
    _Agency("council", 0.20, 0.9, 0.80, 0.05, 40),
    _Agency("charity", 0.15, 1.0, 0.00, 0.00, 60, initials=True),
)
_SIXTH = _Agency("border", 0.25, 0.8, 0.90, 0.60, 5)
#: How much more often than usual agencies err, and how much more rarely they have a date of birth
#: or a document.
QUALITIES = {"good": (0.4, 1.05), "usual": (1.0, 1.0), "poor": (1.8, 0.85)}


@dataclass(frozen=True)
class _Person:
    number: int
    origin: dict[str, Any]
    woman: bool
    given: str
    middle: str
    family: str
    born: date
    document: str
    area: str
    town: str
    met: date


@lru_cache
def _origins() -> list[dict[str, Any]]:
    text = (files("darkfigure") / "data" / "linkage" / "synthetic_people.toml").read_text(
        encoding="utf-8"
    )
    return list(tomllib.loads(text).values())


@dataclass(frozen=True)
class Population:
    """Records of lists, and how many people there are, those on no list among them."""

    records: pl.DataFrame
    people: int


def synthetic_lists(records: int, seed: int = 1) -> pl.DataFrame:
    """About `records` synthetic records of five agencies, in no order; `person` says who is who."""
    return synthetic_population(records, seed).records


def synthetic_population(
    records: int, seed: int = 1, *, lists: int = 5, quality: str = "usual"
) -> Population:
    """About `records` records of 2 to 6 agencies, in no order, kept as well as `QUALITIES` says;
    `person` says who is who.
    """
    random = Random(seed)  # noqa: S311 - nothing secret is made
    areas = [each.code for each in carried("area") if each.code not in _NO_PLACES]
    agencies = [_kept(agency, *QUALITIES[quality]) for agency in (*_AGENCIES, _SIXTH)[:lists]]
    rows: list[tuple[str | None, ...]] = []
    people = 0
    for person in _people(random, areas):
        if len(rows) >= records:
            break
        people += 1
        rows.extend(_met(person, agencies, random, areas, len(rows)))
    frame = pl.DataFrame(rows[:records], schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    return Population(frame.sample(fraction=1, shuffle=True, seed=seed), people)


def _kept(agency: _Agency, errs: float, has: float) -> _Agency:
    return replace(
        agency,
        careless=agency.careless * errs,
        dob=min(agency.dob * has, 0.99),
        document=agency.document * has,
    )


def write_lists(folder: Path, records: int, seed: int = 1) -> list[Path]:
    """The lists as CSV files, one for each agency, with who is who in the column `person`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for (agency,), part in sorted(
        synthetic_lists(records, seed).partition_by("agency", as_dict=True).items()
    ):
        path = folder / f"synthetic-{agency}.csv"
        part.write_csv(path)
        paths.append(path)
    return paths


def _people(random: Random, areas: list[str]) -> Iterator[_Person]:
    number = 0
    while True:
        number += 1
        person = _person(number, random, areas)
        yield person
        kin = random.random()
        if kin < 0.05:  # brothers and sisters, the first fifth of them twins
            number += 1
            other = _person(number, random, areas)
            given = random.choice(person.origin["women" if other.woman else "men"])
            if given != person.given:
                apart = timedelta(days=0 if kin < 0.01 else random.randint(400, 3000))
                yield replace(
                    other,
                    origin=person.origin,
                    given=given,
                    middle="",
                    family=person.family,
                    born=person.born + apart,
                    area=person.area,
                    town=person.town,
                    met=person.met,
                )


def _person(number: int, random: Random, areas: list[str]) -> _Person:
    origin = random.choice(_origins())
    woman = random.random() < 0.6
    sex = "women" if woman else "men"
    family = random.choice(origin["families"])
    if "parts" in origin and random.random() < 0.8:
        family = "".join(random.choice(part) for part in origin["parts"])
    area = random.choice(areas)
    return _Person(
        number,
        origin,
        woman,
        random.choice(origin[sex]),
        random.choice(origin.get(f"middles_{sex}", [""])),
        family,
        date(2017, 6, 1) - timedelta(days=int(random.triangular(12 * 365, 60 * 365, 24 * 365))),
        f"{random.choice('ABCEGKLN')}{random.randint(1_000_000, 9_999_999)}",
        area,
        f"Synthetown {areas.index(area) * _TOWNS + random.randrange(_TOWNS)}",
        _FIRST + timedelta(days=random.randrange(_DAYS)),
    )


def _met(
    person: _Person, agencies: Sequence[_Agency], random: Random, areas: list[str], made: int
) -> Iterator[tuple[str | None, ...]]:
    known_as = (
        random.choice(person.origin["women" if person.woman else "men"])
        if random.random() < 0.05
        else ""
    )
    quoted = ""
    for agency in agencies:
        times = (random.random() < agency.meets) + (random.random() < agency.meets * 0.05)
        for _ in range(times):
            made += 1
            reference = f"{agency.name[:2].upper()}{made:07d}"
            yield _record(person, agency, random, areas, reference, quoted, known_as)
            if agency.name == "police":
                quoted = reference


def _record(
    person: _Person,
    agency: _Agency,
    random: Random,
    areas: list[str],
    reference: str,
    quoted: str,
    known_as: str,
) -> tuple[str | None, ...]:
    met = person.met + timedelta(days=random.randint(0, agency.delay))
    given, family, alias = _names(person, agency, random, known_as)
    dob, year, age = _birth(person, agency, random, met)
    document = None
    if random.random() < agency.document:
        document = (
            _mistyped(person.document, random)
            if random.random() < 0.05 * agency.careless
            else person.document
        )
    sex = person.woman if random.random() > 0.01 else not person.woman
    nationality = person.origin["nationality"]
    if random.random() < 0.06:
        nationality = None if random.random() < 0.8 else random.choice(_origins())["nationality"]
    elsewhere = random.random() < 0.12
    return (
        reference,
        agency.name,
        given,
        family,
        alias,
        dob,
        year,
        age,
        ("F" if sex else "M") if random.random() < 0.97 else None,
        nationality,
        document,
        quoted if quoted and agency.name == "home_office" and random.random() < 0.3 else None,
        random.choice(areas) if elsewhere else person.area,
        None if elsewhere or agency.initials or random.random() < 0.2 else person.town,
        met.isoformat(),
        "yes",
        str(person.number),
    )


def _names(
    person: _Person, agency: _Agency, random: Random, known_as: str
) -> tuple[str | None, str | None, str | None]:
    given, family, alias = person.given, person.family, None
    if known_as and random.random() < 0.5:
        given, alias = (known_as, None) if random.random() < 0.5 else (given, known_as)
    if agency.initials:
        return given[0], family[0], alias
    given = _spelt(given, person, agency, random)
    family = _spelt(family, person, agency, random)
    if person.middle and random.random() < 0.55:
        given = f"{person.middle} {given}"
    if random.random() < person.origin["swap"] * agency.careless:
        given, family = family, given
    if random.random() < 0.7:
        given, family = _without_accents(given), _without_accents(family)
    return (
        (None if random.random() < 0.01 else given),
        (None if random.random() < 0.02 else family),
        alias,
    )


@lru_cache(maxsize=100_000)
def _without_accents(text: str) -> str:
    return anyascii(text)


def _spelt(name: str, person: _Person, agency: _Agency, random: Random) -> str:
    if random.random() < 0.18 * agency.careless:
        fits = [pair for pair in person.origin["spellings"] if pair[0] in name]
        if fits:
            written, heard = random.choice(fits)
            name = name.replace(written, heard, 1) or name
    if random.random() < 0.06 * agency.careless:
        name = _mistyped(name, random)
    return name


def _mistyped(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    kind = random.randrange(4)
    letter = random.choice("0123456789" if text[at].isdigit() else "aeioutnrsl")
    if kind == 0 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 2 and at:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + letter + text[at + 1 :]


def _birth(
    person: _Person, agency: _Agency, random: Random, met: date
) -> tuple[str | None, str | None, str | None]:
    """Date of birth, year alone, or age alone, as an agency has it."""
    born = person.born
    if random.random() < 0.05 * agency.careless:  # a false age given
        born = born.replace(
            year=born.year + random.choice((-3, -2, -1, 1, 2, 3)), day=min(born.day, 28)
        )
    if random.random() >= agency.dob:
        if agency.initials:
            return None, str(born.year), None
        age = (met - born).days // 365 + (
            random.choice((-2, -1, 1, 2)) if random.random() < 0.4 else 0
        )
        return None, None, str(age)
    slip = random.random() / agency.careless
    if slip < 0.06:
        born = born.replace(month=1, day=1)
    elif slip < 0.09 and born.day <= 12:
        born = born.replace(month=born.day, day=born.month)
    text = born.isoformat()
    if 0.09 <= slip < 0.12:
        at = random.choice([3, 5, 6, 8, 9])
        text = text[:at] + random.choice("0123456789") + text[at + 1 :]
    return text, None, None
