"""Whether a pack agrees with the lists that stand and with itself: every disagreement at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_period
from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes.code import LABEL_IN, Code
from darkfigure.codes.codelist import CodeList, carried, fold, nearest
from darkfigure.codes.combined import SEPARATOR
from darkfigure.codes.measured import measures_said
from darkfigure.codes.pack import MEASURES, Fault, Listed, Pack, PackRefused, SaidMeasure
from darkfigure.codes.pack_files import DOMAINS, HEAD, read_pack
from darkfigure.codes.packs import FILLED, extended, packaged
from darkfigure.codes.uncoded import is_uncoded

#: Lists whose codes the rules of counting and of the law name: a pack may name them otherwise, and
#: add none.
CLOSED = frozenset(
    {
        "age_group",
        "crosswalk",
        "decision_stage",
        "definition",
        "element",
        "finding",
        "hearing_outcome",
        "hearing_stage",
        "outcome",
        "role",
        "sex",
        "victim_age_group",
    }
)
#: The longest code that is kept, where a list is kept in a column of so many signs.
LONGEST = {"agency": 40, "population": 60}
_Onward = Callable[[Code], Sequence[str]]
_MEASURE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST_UNIT = 40


def check_pack(folder: Traversable, beside: Sequence[Pack] = ()) -> Pack:
    """The pack in a folder, which agrees with those of the package and with the packs `beside` it;
    one of the same name is taken to be the pack as it was. Raises PackRefused with every fault.
    """
    faults: list[Fault] = []
    try:
        pack = read_pack(folder)
    except PackRefused as refused:
        faults, pack = [*refused.faults], refused.pack
    before = [entry for entry in beside if entry.name == pack.name]
    around = [entry for entry in beside if entry.name != pack.name]
    faults += disagreements(pack, [*packaged(), *around])
    faults += [fault for entry in before for fault in lost(entry, pack)]
    if faults:
        raise PackRefused(folder.name, faults, pack)
    return pack


def disagreements(pack: Pack, beside: Sequence[Pack]) -> Iterator[Fault]:
    """What of a pack does not agree with the lists of the package and of other packs, or with
    itself.
    """
    if pack.name in {entry.name for entry in beside}:
        wrong, right = say("packs.wrong.name_taken"), say("packs.right.other_name")
        yield Fault(HEAD, wrong, right, column="name")
    agencies = _codes_of("agency", pack, beside)
    for name, rows in pack.lists.items():
        yield from _of_list(name, rows, pack, beside)
    if not pack.lists and not pack.measures and not pack.domains:
        yield Fault(HEAD, say("packs.wrong.nothing"), say("packs.right.file"))
    yield from _of_measures(pack, beside, agencies)
    domains = {word for entry in beside for word in entry.domains}
    for word in pack.domains:
        if word in domains:
            wrong, right = say("packs.wrong.stands_otherwise"), say("packs.right.other_name")
            yield Fault(DOMAINS, wrong, right, column=word)


def lost(before: Pack, after: Pack) -> Iterator[Fault]:
    """What a pack leaves out that it held: figures may stand under it."""
    for name, codes in before.standing.items():
        for code in sorted(codes - after.standing.get(name, frozenset())):
            wrong, right = say("packs.wrong.lost", code=code), say("packs.right.lost")
            yield Fault(f"{name}.csv", wrong, right)


def lists_known() -> list[str]:
    """The names of the lists that a pack may have a table for."""
    names = (entry.name for entry in (files("darkfigure") / "data" / "codes").iterdir())
    return sorted({name.removesuffix(".csv") for name in names if name.endswith(".csv")})


def _standing(name: str, beside: Iterable[Pack]) -> list[Code]:
    listed = carried(name)
    for entry in beside:
        listed = extended(listed, entry.codes(name))
    return listed


def _codes_of(name: str, pack: Pack, beside: Iterable[Pack]) -> CodeList:
    return CodeList(name, extended(_standing(name, beside), pack.codes(name)))


def _of_list(
    name: str, rows: Sequence[Listed], pack: Pack, beside: Sequence[Pack]
) -> Iterator[Fault]:
    if name not in lists_known() or name == "crosswalk":
        names = [entry for entry in lists_known() if entry != "crosswalk"]
        yield Fault(f"{name}.csv", say("packs.wrong.no_list"), nearest(name, names))
        return
    standing = {entry.code: entry for entry in _standing(name, beside)}
    own = _codes_of(name, pack, beside).codes
    parents = _codes_of(PARENTS[name], pack, beside).codes if name in PARENTS else own
    checks = _Rows(name, standing, own, parents)
    for row in rows:
        yield from checks.of_row(row)


#: Lists whose codes are part of those of another list.
PARENTS = {"place": "area"}
#: Lists in which several codes may have a name together: of towns of one name the label says which.
SHARED = frozenset({"place"})


@dataclass
class _Rows:
    """Checks of the rows of one table, one after another."""

    name: str
    standing: Mapping[str, Code]
    all: Mapping[str, Code]
    parents: Mapping[str, Code]
    seen: dict[str, int] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.standing.values():
            for name in entry.names:
                self.named.setdefault(fold(name), entry.code)

    def of_row(self, row: Listed) -> Iterator[Fault]:
        """The faults of a row."""
        code = row.code
        if code.code in self.seen:
            wrong = say("packs.wrong.again", line=self.seen[code.code])
            yield self._fault(row, "code", wrong, say("packs.right.once"))
            return
        self.seen[code.code] = row.line
        if code.code in self.standing:
            yield from self._of_standing(row, self.standing[code.code])
        else:
            yield from self._of_new(row)
        yield from self._names(row)
        yield from self._days(row)
        yield from self._over_into(row)
        if code.parent and code.parent not in self.parents:
            wrong = say("packs.wrong.no_code", code=code.parent)
            yield self._fault(row, "parent", wrong, nearest(code.parent, self.parents))
        elif self._round(code.code, lambda entry: (entry.parent,)):
            yield self._fault(row, "parent", say("packs.wrong.round"), say("packs.right.round"))

    def _fault(self, row: Listed, column: str, wrong: Saying, right: Saying) -> Fault:
        return Fault(f"{self.name}.csv", wrong, right, row.line, column)

    def _nearest(self, text: str) -> Saying:
        return nearest(text, self.all)

    def _of_standing(self, row: Listed, standing: Code) -> Iterator[Fault]:
        """A code that stands may be given names, and what nothing is said of; nothing else."""
        for name in ("label", *FILLED):
            said, before = getattr(row.code, name), getattr(standing, name)
            if said and before and said != before:
                before_text = several(before, "comma") if isinstance(before, tuple) else str(before)
                wrong = say("packs.wrong.stands_otherwise_as", said=before_text)
                yield self._fault(row, name, wrong, say("packs.right.left_empty"))

    def _of_new(self, row: Listed) -> Iterator[Fault]:
        code = row.code.code
        if self.name in CLOSED:
            wrong = say("packs.wrong.closed")
            yield self._fault(row, "code", wrong, nearest(code, self.standing))
        if is_uncoded(code) or SEPARATOR in code or code != " ".join(code.split()):
            wrong, right = say("packs.wrong.signs"), say("packs.right.signs")
            yield self._fault(row, "code", wrong, right)
        longest = LONGEST.get(self.name, 200)
        if len(code) > longest:
            wrong, right = say("packs.wrong.long"), say("packs.right.long", count=longest)
            yield self._fault(row, "code", wrong, right)
        if not row.code.label:
            right = say("packs.right.label")
            yield self._fault(row, "label", say("packs.wrong.empty"), right)
        if self.name == "operation" and not _is_period(row.code.group):
            wrong, right = say("packs.wrong.period"), say("packs.right.period")
            yield self._fault(row, "group", wrong, right)

    def _names(self, row: Listed) -> Iterator[Fault]:
        code = row.code
        columns = [("code", code.code), ("label", code.label)]
        if self.name not in SHARED:
            columns += [("aliases", entry) for entry in code.aliases]
        columns += [(f"{LABEL_IN}{language}", label) for language, label in code.labels]
        for column, name in columns:
            other = self.named.setdefault(fold(name), code.code) if name else code.code
            if other != code.code:
                wrong = say("packs.wrong.named", name=name, code=other)
                yield self._fault(row, column, wrong, say("packs.right.named"))

    def _days(self, row: Listed) -> Iterator[Fault]:
        standing = self.all[row.code.code]
        if standing.valid_from and standing.valid_to and standing.valid_to < standing.valid_from:
            wrong = say("packs.wrong.ends_before", day=standing.valid_from)
            yield self._fault(row, "valid_to", wrong, say("packs.right.ends_before"))

    def _over_into(self, row: Listed) -> Iterator[Fault]:
        """What a code goes over into is there on the day after its last."""
        standing = self.all[row.code.code]
        if row.code.successors and standing.valid_to is None:
            wrong, right = say("packs.wrong.no_end"), say("packs.right.end")
            yield self._fault(row, "valid_to", wrong, right)
        for entry in row.code.successors:
            if entry not in self.all:
                wrong = say("packs.wrong.no_code", code=entry)
                yield self._fault(row, "successors", wrong, self._nearest(entry))
            elif standing.valid_to and not _stands(
                self.all[entry], standing.valid_to + timedelta(1)
            ):
                day = standing.valid_to + timedelta(1)
                wrong = say("packs.wrong.not_there", code=entry, day=day)
                yield self._fault(row, "successors", wrong, say("packs.right.there"))
        if self._round(row.code.code, lambda code: code.successors):
            wrong, right = say("packs.wrong.round"), say("packs.right.round")
            yield self._fault(row, "successors", wrong, right)

    def _round(self, code: str, onward: _Onward) -> bool:
        """Whether a code is come back to by what it leads to."""
        met: set[str] = set()
        ahead = [*onward(self.all[code])]
        while ahead:
            entry = ahead.pop()
            if entry == code:
                return True
            if entry in self.all and entry not in met:
                met.add(entry)
                ahead += onward(self.all[entry])
        return False


def _stands(code: Code, day: date) -> bool:
    return (code.valid_from or day) <= day <= (code.valid_to or day)


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except DarkfigureError:
        return False
    return True


def _of_measures(pack: Pack, beside: Sequence[Pack], agencies: CodeList) -> Iterator[Fault]:
    standing = measures_said(beside)
    names = {*standing, *(entry.code for entry in pack.measures)}
    named = {alias: code for code, said in standing.items() for alias in said.get("aliases", ())}
    seen: set[str] = set()
    for entry in pack.measures:
        for column, wrong, right in _of_measure(entry, standing, names, named, seen, agencies):
            file = f"{MEASURES}.csv" if entry.line else f"{MEASURES}.toml"
            place = column if entry.line else f"{entry.code}.{column}"
            yield Fault(file, wrong, right, entry.line, place)


def _of_measure(
    entry: SaidMeasure,
    standing: Mapping[str, object],
    names: set[str],
    named: dict[str, str],
    seen: set[str],
    agencies: CodeList,
) -> Iterator[tuple[str, Saying, Saying]]:
    if not _MEASURE.fullmatch(entry.code):
        yield "code", say("packs.wrong.measure"), say("packs.right.measure")
    if entry.code in standing or entry.code in named:
        yield "code", say("packs.wrong.measure_stands"), say("packs.right.other_name")
    if entry.code in seen:
        yield "code", say("packs.wrong.twice"), say("packs.right.once")
    seen.add(entry.code)
    yield from _said_of(entry.said, agencies)
    for key in ("part_of", "narrower", "shares_of"):
        value = entry.said.get(key, ())
        for name in [value] if isinstance(value, str) else value:
            if name not in names:
                yield key, say("packs.wrong.no_measure", name=name), nearest(name, names)
    for alias in entry.said.get("aliases", ()):
        if alias in names or named.setdefault(alias, entry.code) != entry.code:
            yield "aliases", say("packs.wrong.named_measure", name=alias), say("packs.right.named")


def _said_of(said: Mapping[str, Any], agencies: CodeList) -> Iterator[tuple[str, Saying, Saying]]:
    """What of a measure is missing, or names what is not there."""
    for key in ("title", "units", "definition"):
        if not said.get(key):
            yield key, say("packs.wrong.empty"), say("packs.right.of_measure")
    for unit in said.get("units", ()):
        if len(unit) > _LONGEST_UNIT:
            yield "units", say("packs.wrong.long"), say("packs.right.long", count=_LONGEST_UNIT)
    for name in said.get("dimensions", ()):
        if name not in DIMENSIONS:
            yield "dimensions", say("packs.wrong.dimension", name=name), nearest(name, DIMENSIONS)
    for holder in said.get("holders", ()):
        if holder not in agencies.codes:
            yield "holders", say("packs.wrong.no_code", code=holder), agencies.suggest(holder)
