"""Small counts of persons kept out of what leaves the house: counts from records under a threshold,
and so many others that none can be worked out from all that a response says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import chain, combinations

from darkfigure.basis.period import Period, of_days
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.status import CellReason, Status
from darkfigure.codes import codes_for
from darkfigure.disclosure.audiences import PUBLIC, words_for
from darkfigure.disclosure.shares import share_tells
from darkfigure.publication.answer import (
    KEPT_OUT,
    SYNTHETIC,
    THRESHOLD,
    Answer,
    Cannot,
    label_of,
    named_by_content,
)
from darkfigure.publication.atoms import atoms_of
from darkfigure.publication.worked_out import Counts, Sum, Worked, apart, nested
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import CASES, Question

#: The most that a count may be worked out to: to no less than four numbers, as 1 to 4.
WIDTH = THRESHOLD - 2
#: Of fewer no share is told.
BASE = int(words_for(PUBLIC)["base"])
PERCENT = "percent"
#: Notes of a cell that hold numbers, and those of an answer.
_COUNTING = ("cases.in_progress",)
_OTHERS_SAID = ("conflict", "conflict.part", "contradiction")


class Told(IntEnum):
    """How a count is told: as it is, as 1 to 4, or as at least 1."""

    FIGURE = 0
    RANGE = 1
    AT_LEAST = 2


def guarded(answer: Answer) -> Answer:
    """One answer, guarded by itself: see `guarded_together`."""
    return guarded_together([answer])[0]


def guarded_together(
    answers: Sequence[Answer],
    marked: Collection[int] = (),
    hide: Collection[tuple[int, int]] = (),
) -> list[Answer]:
    """Answers that go out together, with the small counts in them told as *1 to 4*, where they were
    counted from records or rest on what is `marked` (places among the answers). Further counts that
    something else gives away are in `hide`, by answer and cell.

    So many other counts are told as *at least 1* that no hidden count, and no small difference of
    two counts of which one is part of the other, can be worked out from all cells of all answers to
    within fewer than four numbers. Bounds and notes that give a small count away are left out; of a
    measure of which anything is hidden, days are those asked about, as the first and last day of an
    event may be one person's. Figures that were stated, and are public as they stand, are left
    alone. What was released before is looked at by `all_released`. Raises Unreadable where parts
    cut one another into too many.
    """
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, answer in enumerate(answers):
        if answer.question.evidence == CASES or place in marked:
            groups[_same_units(answer)].append(place)
    made = [*answers]
    for places in groups.values():
        at = {place: number for number, place in enumerate(places)}
        more = {(at[place], cell) for place, cell in hide if place in at}
        guard = _Guard([answers[place] for place in places], more)
        if guard.hides:
            for place, answer in zip(places, guard.answers(), strict=True):
                made[place] = answer
    return made


def _same_units(answer: Answer) -> tuple[object, ...]:
    """What answers share that count out of the same units."""
    asked = answer.question
    return asked.measure.code, answer.unit, asked.as_at, asked.evidence


def is_small(cell: Cell) -> bool:
    """Whether a cell tells of some persons, and of fewer than the threshold."""
    told = [number for number in (cell.value, cell.low, cell.high) if number is not None]
    return any(0 < number < THRESHOLD for number in told)


@dataclass
class _Count:
    """A cell of one of the answers: the number that was recorded, and how it is told."""

    answer: int
    cell: Cell
    recorded: float
    told: Told = Told.FIGURE
    bounds: bool = True


@dataclass
class _Guard:
    """Answers that count out of the same units, and what of them is told."""

    found: Sequence[Answer]
    hide: Collection[tuple[int, int]] = ()
    counts: list[_Count] = field(default_factory=list)

    def __post_init__(self) -> None:
        for place, answer in enumerate(self.found):
            for number, cell in enumerate(answer.cells):
                count = _Count(place, cell, recorded_in(cell, answer.unit))
                if _holds_small(cell, count.recorded):
                    count.told = _own_way(cell, count.recorded)
                elif (place, number) in self.hide:
                    count.told = Told.AT_LEAST
                self.counts.append(count)
        self._guard_lines()
        self._guard_together()
        self._guard_bounds()

    @property
    def hides(self) -> bool:
        """Whether anything is not told."""
        return any(count.told or not count.bounds for count in self.counts)

    def answers(self) -> Iterator[Answer]:
        """The answers as they are told."""
        for place, answer in enumerate(self.found):
            yield _told_answer(answer, [count for count in self.counts if count.answer == place])

    def _guard_lines(self) -> None:
        """In each row and column, and in each table, hide the smallest other of the only count that
        is hidden: sums are known elsewhere.
        """
        changed = True
        while changed:
            lines = (line for place in range(len(self.found)) for line in self._lines(place))
            lone = [line for line in lines if sum(bool(count.told) for count in line) == 1]
            more = [other for line in lone if (other := _smallest(line)) is not None]
            for count in more[:1]:
                count.told = Told.AT_LEAST
            changed = bool(more)

    def _lines(self, place: int) -> Iterator[list[_Count]]:
        """Cells of an answer that differ in some dimensions, alike in all others."""
        counts = [count for count in self.counts if count.answer == place]
        names = list(dict.fromkeys(name for count in counts for name in count.cell.dims))
        for size in range(len(names)):
            for kept in combinations(names, size):
                lines: dict[object, list[_Count]] = defaultdict(list)
                for count in counts:
                    state = count.cell.status == Status.IN_PROGRESS
                    key = (state, *(count.cell.dims.get(name) for name in kept))
                    lines[key].append(count)
                yield from lines.values()

    def _guard_together(self) -> None:
        """Hide counts until nothing small can be worked out of all that are told."""
        if not any(count.told for count in self.counts) and len(self.found) == 1:
            return
        atoms = atoms_of(self.found)
        for places in apart(atoms.members, atoms.count):
            counts = [self.counts[place] for place in places]
            if len(counts) > 1:
                _hide(counts, [atoms.members[place] for place in places])

    def _guard_bounds(self) -> None:
        """Leave out bounds that tell how many are not concluded or not known where that is hidden
        or small.
        """
        pending = {
            (count.answer, tuple(count.cell.dims.items()))
            for count in self.counts
            if count.told and count.cell.status == Status.IN_PROGRESS
        }
        unplaced = {
            str(reason)
            for count in self.counts
            if count.told
            and count.cell.status != Status.IN_PROGRESS
            and None in _values(count.cell)
            for reason in count.cell.reasons
        }
        unplaced |= {
            reason
            for count in self.counts
            for reason, number in count.cell.unknown.items()
            if 0 < number < THRESHOLD and reason != CellReason.NOT_CONCLUDED
        }
        for count in self.counts:
            cell, open_ = count.cell, _possible(count.cell)
            small = [open_, *cell.unknown.values()]
            count.bounds = bool(
                cell.status == Status.IN_PROGRESS
                or not open_
                or not (
                    (count.answer, tuple(cell.dims.items())) in pending
                    or unplaced.intersection(cell.unknown)
                    or any(0 < number < THRESHOLD for number in small)
                )
            )


def _values(cell: Cell) -> Iterable[str | None]:
    return cell.dims.values()


def recorded_in(cell: Cell, unit: str) -> float:
    """The number of units that a cell was found to hold; of a share, of its part."""
    if unit == PERCENT:
        share = next((note for note in cell.notes if note.code == "cases.share"), None)
        return float(str(share.values["part"])) if share else float(cell.value or 0)
    return float(cell.value if cell.value is not None else cell.low or 0)


def whole_in(cell: Cell) -> int | None:
    """How many units the share of a cell is of; nothing where it does not say."""
    share = next((note for note in cell.notes if note.code == "cases.share"), None)
    return int(str(share.values["whole"])) if share else None


def _possible(cell: Cell) -> float:
    """How many units could belong to a cell besides."""
    if cell.high is None:
        return 0.0
    return float(cell.high) - float(cell.value if cell.value is not None else cell.low or 0)


def _holds_small(cell: Cell, recorded: float) -> bool:
    if 0 < recorded < THRESHOLD or _share_is_small(cell):
        return True
    return cell.value is None and cell.high is not None and 0 < cell.high < THRESHOLD


def _share_is_small(cell: Cell) -> bool:
    """Whether a share tells of few: of its part, of the rest, of all."""
    share = next((note.values for note in cell.notes if note.code == "cases.share"), None)
    if share is None:
        return False
    return share_tells(float(str(share["part"])), float(str(share["whole"])), THRESHOLD, BASE)


def _own_way(cell: Cell, recorded: float) -> Told:
    """How a small count is told: as a range where no more units could belong to it."""
    most = max(recorded, cell.high or 0)
    return Told.RANGE if most < THRESHOLD else Told.AT_LEAST


def _smallest(line: Sequence[_Count]) -> _Count | None:
    others = [count for count in line if not count.told and count.recorded > 0]
    return min(others, key=lambda count: count.recorded) if others else None


def _hide(counts: Sequence[_Count], members: Sequence[Sequence[int]]) -> None:
    """Of counts that share units, hide so many that nothing small can be worked out."""
    renamed = {atom: place for place, atom in enumerate(sorted({*chain(*members)}))}
    atoms = [[renamed[atom] for atom in within] for within in members]
    recorded = [count.recorded for count in counts]
    between = [*nested(atoms, recorded, THRESHOLD - 1)]
    if not between and not any(count.told for count in counts):
        return
    bounds = Counts(atoms, len(renamed), recorded)
    for place, count in enumerate(counts):
        _tell(bounds, place, count)
    # what holds others is widened before they are
    wide = sorted(range(len(counts)), key=lambda place: -len(atoms[place]))
    open_: set[Sum] = set()
    while True:
        sought: list[Sum] = [((place, 1.0),) for place in wide if counts[place].told]
        sought += between
        unproved = [weights for weights in sought if weights not in open_]
        if not unproved:
            return
        worked = bounds.is_open(unproved[0], WIDTH)
        if worked is None or (more := _next(counts, unproved[0], worked)) is None:
            open_.add(unproved[0])
            continue
        counts[more].told = (
            Told.AT_LEAST if counts[more].told or not _is_own(counts[more]) else Told.RANGE
        )
        _tell(bounds, more, counts[more])


def _is_own(count: _Count) -> bool:
    return _holds_small(count.cell, count.recorded)


def _tell(bounds: Counts, place: int, count: _Count) -> None:
    """What anybody can know of a count by how it is told: who knows the rule, also that one that is
    not small by itself is no smaller than the threshold.
    """
    least = min(count.recorded, 1.0)
    if count.told is Told.RANGE:
        bounds.tell(place, least, THRESHOLD - 1)
    elif count.told is Told.AT_LEAST:
        bounds.tell(place, least if _is_own(count) else THRESHOLD, float("inf"))


def _next(counts: Sequence[_Count], sought: Sum, worked: Worked) -> int | None:
    """Which count is hidden, or told by less, so that a sum stays open: the smallest of those that
    it follows from, then the count itself.
    """
    own = {place for place, _ in sought} if len(sought) == 1 else set()
    binding, every = sorted(worked.binding), range(len(counts))
    for among, told in (
        (binding, Told.FIGURE),
        (own, Told.RANGE),
        (binding, Told.RANGE),
        (every, Told.FIGURE),
        (every, Told.RANGE),
    ):
        fit = [
            place for place in among if counts[place].told is told and counts[place].recorded > 0
        ]
        if fit:
            return min(fit, key=lambda place: counts[place].recorded)
    return None


def _told_answer(answer: Answer, counts: Sequence[_Count]) -> Answer:
    """An answer as it is told: nothing of it says what is hidden."""
    hidden = [each for each in counts if each.told or not each.bounds]
    cells = tuple(_told_cell(answer, each) for each in counts)
    labels = {label_of(answer.question, each.cell) for each in hidden}
    notes = [_without_numbers(note, hidden) for note in answer.notes if _kept(note, hidden)]
    if hidden:
        notes.append(KEPT_OUT)
    made = replace(
        answer,
        cells=cells,
        notes=tuple(notes),
        cannot=tuple(each for each in answer.cannot if not _tells(each, labels)),
    )
    return named_by_content(made)


def _kept(note: Saying, hidden: Sequence[_Count]) -> bool:
    return not hidden or note.code not in _OTHERS_SAID


def _without_numbers(note: Saying, hidden: Sequence[_Count]) -> Saying:
    """That some records are made up, without how many of how many."""
    share = note.values.get("share")
    if hidden and note.code == SYNTHETIC and getattr(share, "code", "") == "some_of":
        return say(SYNTHETIC, share=say("some"))
    return note


def _tells(refusal: Cannot, labels: Collection[str]) -> bool:
    return str(refusal.detail.values.get("where", "")) in labels


def _told_cell(answer: Answer, count: _Count) -> Cell:
    """A cell as it is told, for the days asked about."""
    cell, days = count.cell, _days(answer.question, count.cell)
    if answer.question.evidence != CASES:
        days = cell.period
    if not count.told and count.bounds:
        sources = tuple(source._replace(period=days) for source in cell.sources)
        return cell._replace(period=days, sources=sources)
    value = None if count.told else cell.value
    low: float | int | None = cell.low
    high: float | int | None = None
    if count.told:
        low = 1 if count.recorded > 0 else 0
        high = THRESHOLD - 1 if count.told is Told.RANGE else None
    if answer.unit == PERCENT and count.told:
        low, high = 0, 100
    return cell._replace(
        value=value,
        low=low,
        high=high,
        reasons=tuple(dict.fromkeys([*cell.reasons, CellReason.SUPPRESSED])),
        notes=tuple(note for note in cell.notes if note.code in _COUNTING),
        sources=tuple(
            source._replace(value=value, low=low, high=high, period=days, instead=None)
            for source in cell.sources
            if source.used
        ),
        unknown={},
        period=days,
    )


def _days(question: Question, cell: Cell) -> str:
    """The days that a count is for: those asked about, or the operation's; nothing else."""
    if question.cut and (label := cell.dims.get(question.cut)):
        return label
    if question.period:
        return _named(question.period)
    kept = [each.code for each in question.where if each.dimension == "operation"]
    operation = cell.dims.get("operation") or (kept[0] if kept else None)
    codes = codes_for("operation").codes
    return codes[operation].group if operation in codes else ""


def _named(period: Period) -> str:
    return of_days(period.start, period.end).label
