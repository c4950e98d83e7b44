"""Which pairs are looked at at all: rules written to be read, counted before they run, and refused
where they would explode.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.saying import Saying, say, several
from darkfigure.linkage.preparation import COMPARED

#: Pairs that one value of a rule may make, and all values of it for each record.
MOST_IN_A_BLOCK = 1_000_000
MOST_FOR_A_RECORD = 20
#: The same of a wide rule.
FEW_FOR_A_RECORD = 6


class BlockTooLarge(DarkfigureError):
    """A blocking rule that would compare too many pairs; the text suggests a better one."""


@dataclass(frozen=True)
class Rule:
    """Records that agree on all of `columns` are compared. `only` narrows it to some pairs;
    `tighter` is added where needed.

    A `wide` rule agrees on little: it is left out where it would make more than a few pairs for
    each record.
    """

    words: str
    columns: tuple[str, ...]
    only: str = ""
    tighter: tuple[str, ...] = ()
    wide: bool = False

    @property
    def sql(self) -> str:
        """The rule as an engine reads it."""
        joined = " AND ".join(f"l.{name} = r.{name}" for name in self.columns)
        return f"{joined} AND {self.only}" if self.only else joined


#: What a rule is narrowed to: pairs of which one at least gives bare initials, those of them born
#: within three years of one another, none.
BARE = "(l.brief IS NOT NULL OR r.brief IS NOT NULL)"
NEAR = f"{BARE} AND abs(l.birth_year - r.birth_year) <= 3"
NOBODY = "1 = 0"
#: The rules of a run. Each finds pairs that the others miss: a digit of the date wrong, a name in
#: another spelling, no name.
RULES: tuple[Rule, ...] = (
    Rule("same document number", ("document",)),
    Rule("quote the same reference", ("reference",)),
    Rule("same date of birth and sound of the family name", ("dob", "family_sound")),
    Rule(
        "same date of birth and sound of the given name",
        ("dob", "given_sound"),
        tighter=("sex", "nationality"),
    ),
    Rule("same date of birth and place", ("dob", "town"), tighter=("sex", "nationality")),
    Rule("same date of birth and postcode", ("dob", "postcode")),
    Rule(
        "same last names and year of birth", ("core", "birth_year"), tighter=("nationality", "area")
    ),
    Rule("same last names and area", ("core", "area"), tighter=("sex", "birth_year")),
    Rule("same first names and area", ("core_first", "area"), tighter=("sex", "birth_year")),
    Rule(
        "same last names, met within sixty days",
        ("core", "met_span"),
        tighter=("sex", "birth_year"),
    ),
    Rule(
        "same last names, met within sixty days over the turn",
        ("core", "met_span_between"),
        tighter=("sex", "birth_year"),
    ),
    Rule(
        "same sounds of both names", ("given_sound", "family_sound"), tighter=("town", "birth_year")
    ),
    Rule(
        "same postcode and sound of the given name",
        ("postcode", "given_sound"),
        tighter=("birth_year",),
    ),
    Rule(
        "same postcode and sound of the family name",
        ("postcode", "family_sound"),
        tighter=("birth_year",),
    ),
    Rule("same street and postcode", ("address", "postcode"), tighter=("birth_year",)),
    Rule(
        "same year, area and given name",
        ("birth_year", "area", "root"),
        tighter=("sex", "nationality"),
    ),
    Rule(
        "same year, area and sound of the family name",
        ("birth_year", "area", "family_sound"),
        tighter=("sex", "nationality"),
    ),
    Rule("same date of birth", ("dob",), tighter=("sex", "nationality")),
    Rule(
        "same sound of the given name and place", ("given_sound", "town"), tighter=("birth_year",)
    ),
    Rule(
        "same sound of the family name and place", ("family_sound", "town"), tighter=("birth_year",)
    ),
    Rule("same sounds of all names", ("sounds",), tighter=("area", "nationality")),
    Rule(
        "initials: same area, met near",
        ("area", "met_span"),
        only=BARE,
        tighter=("sex", "nationality"),
    ),
    Rule(
        "initials: same area, met near too",
        ("area", "met_span_between"),
        only=BARE,
        tighter=("sex", "nationality"),
    ),
    Rule(
        "initials: same area, births near",
        ("area", "birth_span"),
        only=NEAR,
        tighter=("sex", "nationality"),
    ),
    Rule(
        "initials: same area, births near too",
        ("area", "birth_span_between"),
        only=NEAR,
        tighter=("sex", "nationality"),
    ),
    Rule(
        "initials: same year of birth and nationality",
        ("birth_year", "nationality"),
        only=BARE,
        tighter=("sex", "met_span"),
    ),
    Rule(
        "initials: same initials and year of birth",
        ("initials", "birth_year"),
        only=BARE,
        tighter=("sex", "area"),
    ),
    Rule("same area, met near", ("area", "met_span"), wide=True),
    Rule("same area, met near over the turn", ("area", "met_span_between"), wide=True),
    Rule(
        "same given name, births near",
        ("given_sound", "birth_span"),
        tighter=("nationality", "area"),
        wide=True,
    ),
    Rule(
        "same family name, births near",
        ("family_sound", "birth_span"),
        tighter=("nationality", "area"),
        wide=True,
    ),
    Rule(
        "same nationality, sex, year of birth, met near",
        ("nationality", "sex", "birth_year", "met_span"),
        wide=True,
    ),
    Rule("same town, births near", ("town", "birth_span"), wide=True),
)


@dataclass(frozen=True)
class Blocked:
    """A rule as it will run, with the pairs it makes by itself and, where it was changed, why."""

    rule: Rule
    pairs: int
    largest: int
    remark: Saying | None = None


def plan_blocking(frame: pl.DataFrame, rules: Sequence[Rule] = RULES) -> list[Blocked]:
    """The rules that fit the records, each tightened or left out where it would make a block too
    large; it says so.

    `frame` is as `preparation.prepared` makes it.
    """
    found: list[Blocked] = []
    for rule in rules:
        planned = _fitted(frame, rule)
        if planned and not any(
            set(planned.rule.columns) >= set(other.rule.columns) and not other.rule.only
            for other in found
        ):
            found.append(planned)
    return found


def asked_rule(frame: pl.DataFrame, columns: Iterable[str]) -> Blocked:
    """A rule named by whoever links. Raises UnknownName for a column, BlockTooLarge with a better
    rule.
    """
    names = tuple(columns)
    for name in names:
        if name not in frame.columns or name == "id":
            known = ", ".join(each for each in COMPARED if each != "id")
            raise UnknownName(f"{name!r} cannot be blocked on. Known are {known}.")
    rule = Rule(f"same {' and '.join(names)}", names)
    pairs, largest, records = _size(frame, names)
    if largest <= MOST_IN_A_BLOCK:
        return Blocked(rule, pairs, largest)
    raise BlockTooLarge(
        f"Blocking on {' + '.join(names)} would compare {largest:,} pairs for one value alone, "
        f"which {records:,} records share "
        f"({pairs:,} pairs in all; {MOST_IN_A_BLOCK:,} for a value is the most). "
        f"{_better(frame, names)}"
    )


def _fitted(frame: pl.DataFrame, rule: Rule) -> Blocked | None:
    """A rule, tightened step by step until it fits; None where its columns are empty or it pairs
    nobody.
    """
    if any(frame[name].null_count() == frame.height for name in rule.columns):
        return None
    columns, added = (
        rule.columns,
        [name for name in rule.tighter if frame[name].null_count() < frame.height],
    )
    pairs, largest, records = _size(frame, columns)
    before = largest
    most = (FEW_FOR_A_RECORD if rule.wide else MOST_FOR_A_RECORD) * frame.height
    while largest > MOST_IN_A_BLOCK or pairs > most:
        if not added:
            return None if rule.wide else _capped(rule, columns, records)
        columns = (*columns, added.pop(0))
        pairs, largest, records = _size(frame, columns)
    if not pairs:
        return None
    more = columns[len(rule.columns) :]
    words = rule.words + (f", and the same {' and '.join(more)}" if more else "")
    remark = None
    if more:
        silent = frame.select(*rule.columns, *more).filter(
            pl.all_horizontal(pl.col(rule.columns).is_not_null())
            & pl.any_horizontal(pl.col(more).is_null())
        )
        said = say("linkage.remark.silent", number=silent.height) if silent.height else None
        remark = say(
            "linkage.remark.tightened", columns=several(more, "and"), before=before, said=said
        )
    return Blocked(replace(rule, words=words, columns=columns, tighter=()), pairs, largest, remark)


def _capped(rule: Rule, columns: tuple[str, ...], records: int) -> Blocked:
    remark = say("linkage.remark.left_out", records=records, columns=" + ".join(columns))
    return Blocked(replace(rule, columns=columns, only=NOBODY, tighter=()), 0, 0, remark)


def _size(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[int, int, int]:
    """Pairs of a rule, pairs of its largest block, and the records of that."""
    counts = frame.select(columns).drop_nulls().group_by(columns).len()["len"].cast(pl.Int64)
    if counts.is_empty():
        return 0, 0, 0
    most = int(counts.max() or 0)  # type: ignore[arg-type]
    return int((counts * (counts - 1) // 2).sum()), most * (most - 1) // 2, most


def _better(frame: pl.DataFrame, names: tuple[str, ...]) -> str:
    """The rule with the fewest columns more that fits."""
    others = [
        name
        for name in (
            "birth_year",
            "dob",
            "sounds",
            "family_sound",
            "given_sound",
            "postcode",
            "town",
            "area",
            "nationality",
        )
        if name not in names and frame[name].null_count() < frame.height
    ]
    fits = [
        (largest, pairs, name)
        for name in others
        for pairs, largest, _ in [_size(frame, (*names, name))]
        if pairs > 0 and largest <= MOST_IN_A_BLOCK
    ]
    if not fits:
        return (
            "No other column that is filled would make it small enough: these records cannot "
            "be told apart by what they say."
        )
    largest, pairs, name = max(fits, key=lambda each: each[1])
    return (
        f"Block on {' + '.join((*names, name))} instead: {pairs:,} pairs, at most {largest:,} "
        "for a value."
    )
