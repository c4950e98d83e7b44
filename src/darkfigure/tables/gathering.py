"""Everything of the evidence that a question needs, read once; nothing after this asks for more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from darkfigure.basis.statement import Block, Role, Row
from darkfigure.codes import COMBINING, SEPARATOR
from darkfigure.codes.succession import has_history
from darkfigure.tables.evidence import Evidence, Total, collapsed
from darkfigure.tables.question import Condition, Question
from darkfigure.tables.selection import Selection, can_collapse, select, twins
from darkfigure.tables.succession import Former, formers
from darkfigure.tables.undivided import breakdowns_that_fail
from darkfigure.tables.unreturned import Unreturned, what_is_lacking


@dataclass(frozen=True)
class Series:
    """Totals of twin blocks of one breakdown, by every dimension of it: each series counts once."""

    shape: tuple[str, ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class Gathered:
    """What was read for a question.

    `totals` are by the dimensions asked, over all blocks at once where `collapsed`; `twins` are of
    blocks about the same matter, stated by one body on one day. `more_combined` are conditions
    under whose combinations more is counted; `narrower` are narrower measures of which figures are
    held; `unsaid` are rows that say a thing is not known, `reasons` the rows of blocks in which
    some figure is missing; `longer` are totals for longer time than it is cut by; `unreturned` is
    what bodies did not return, for which `totals` hold places without a figure; `breakdowns` what
    is stated of breakdowns that fail; `campaigns` are those that figures are of where the question
    names none; `before` is what was read of what the body asked about was before, the body itself
    first, where it has a history.
    """

    question: Question
    selection: Selection
    collapsed: bool
    totals: tuple[Total, ...]
    twins: tuple[Series, ...]
    held: tuple[Block, ...]
    withheld: int
    narrower: tuple[str, ...]
    more_combined: tuple[Condition, ...]
    unsaid: tuple[Row, ...]
    reasons: tuple[Row, ...]
    longer: tuple[Total, ...] = ()
    unreturned: tuple[Unreturned, ...] = ()
    breakdowns: tuple[Row, ...] = ()
    campaigns: tuple[str, ...] = ()
    before: tuple[tuple[Former, Gathered], ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing was found that could make a cell."""
        return not self.totals and not any(series.totals for series in self.twins)


def gather_evidence(question: Question, evidence: Evidence) -> Gathered:
    """Read what a question needs: of a body that others went over into, of these too."""
    gathered = _gathered(question, evidence)
    if not any(has_history(each.dimension, each.code) for each in question.where):
        return gathered
    first, *rest = formers(question)
    others = [(former, _gathered(former.question, evidence)) for former in rest]
    every = [gathered, *(each for _, each in others)]
    return replace(
        gathered,
        before=((first, gathered), *others),
        reasons=tuple({(r.block.id, r.row): r for each in every for r in each.reasons}.values()),
        unreturned=tuple(dict.fromkeys(piece for each in every for piece in each.unreturned)),
    )


def _gathered(question: Question, evidence: Evidence) -> Gathered:
    """Read what a question needs, of the codes it names. A measure that is never summed is cut by
    its own periods.
    """
    measure = question.measure
    if not measure.additive and not question.cut:
        question = replace(question, cut="period")
    held = evidence.blocks(measure.code)
    wider = evidence.blocks(measure.part_of) if measure.part_of else []
    selection = select(question, held)
    at_once = can_collapse(question, selection.usable)
    alone, doubled = ([*selection.usable], []) if at_once else twins(selection.usable)
    totals = _totals(question, evidence, alone, collapse=at_once) if alone else ()
    series = tuple(_series(question, evidence, doubled))
    campaigns = tuple(_campaigns(question, evidence, selection.usable))
    blank = not totals and not any(each.totals for each in series)
    silent = held if blank else selection.undivided
    lacking = {
        number for total in _every(totals, series) if total.reasons for number in total.blocks
    }
    missing = what_is_lacking(question, selection.usable, held, evidence)
    return Gathered(
        question=question,
        selection=selection,
        collapsed=at_once,
        totals=_beside(totals, missing.totals, collapse=at_once),
        longer=() if blank else _longer(question, evidence, selection.longer),
        unreturned=missing.pieces,
        breakdowns=breakdowns_that_fail(question, held, evidence),
        campaigns=campaigns,
        twins=series,
        held=tuple(held),
        withheld=evidence.withheld(measure.code),
        narrower=tuple(name for name in measure.narrower if blank and evidence.blocks(name)),
        more_combined=tuple(_more_combined(question, evidence, selection)),
        unsaid=tuple(
            row
            for row in evidence.rows(_figures(question, [*wider, *silent]), (), question.as_at)
            if row.value is None and row.reason and _is_of(question, row)
        ),
        reasons=tuple(
            evidence.rows([block for block in held if block.id in lacking], (), question.as_at)
        )
        if lacking
        else (),
    )


def _campaigns(question: Question, evidence: Evidence, usable: Sequence[Block]) -> Iterable[str]:
    """The campaigns that figures are of, where they are added up or stand without their names."""
    named = {*question.by, *(each.dimension for each in question.where)}
    if "operation" in named or not usable:
        return []
    if not all("operation" in block.shape for block in usable):
        return []
    totals = evidence.totals(usable, ("operation",), question.where, question.as_at, collapse=True)
    return sorted({total.dims[0] for total in totals if total.dims[0] and total.valued})


def _every(totals: Sequence[Total], series: Sequence[Series]) -> Iterable[Total]:
    return [*totals, *(total for each in series for total in each.totals)]


def _totals(
    question: Question, evidence: Evidence, blocks: Sequence[Block], *, collapse: bool
) -> tuple[Total, ...]:
    by, where = question.by, question.where
    return tuple(evidence.totals(blocks, by, where, question.as_at, collapse=collapse))


def _longer(question: Question, evidence: Evidence, blocks: Sequence[Block]) -> tuple[Total, ...]:
    return _totals(question, evidence, blocks, collapse=False) if blocks else ()


def _beside(
    totals: Sequence[Total], without: Sequence[Total], *, collapse: bool
) -> tuple[Total, ...]:
    if not without:
        return tuple(totals)
    return tuple(collapsed([*totals, *without]) if collapse else [*totals, *without])


def _series(question: Question, evidence: Evidence, blocks: Sequence[Block]) -> Iterable[Series]:
    shapes: dict[frozenset[str], list[Block]] = defaultdict(list)
    for block in blocks:
        shapes[block.shape].append(block)
    for shape, alike in shapes.items():
        names = tuple(sorted(shape))
        rows = evidence.totals(alike, names, question.where, question.as_at, collapse=False)
        yield Series(names, tuple(rows))


def _more_combined(
    question: Question, evidence: Evidence, selection: Selection
) -> Iterable[Condition]:
    """The conditions kept to exactly of which combinations hold more."""
    for condition in question.where:
        if (
            condition.dimension not in COMBINING
            or condition.inclusive
            or SEPARATOR in condition.code
        ):
            continue
        others = [other for other in question.where if other != condition]
        wider = [*others, Condition(condition.dimension, condition.code, inclusive=True)]
        exact, combined = (
            sum(
                total.count
                for total in evidence.totals(
                    selection.usable, (), where, question.as_at, collapse=True
                )
            )
            for where in (question.where, wider)
        )
        if combined > exact:
            yield condition


def _is_of(question: Question, row: Row) -> bool:
    """Whether what a row says is of what a question asks: of no value of a dimension that it does
    not speak of, and of none that it does not keep to. What is never added up stands side by side.
    """
    kept = {each.dimension: each for each in question.where}
    if not question.measure.additive:
        return all(each.holds_for(row.dims.get(name, each.code)) for name, each in kept.items())
    return all(
        name in question.by if name not in kept else kept[name].holds_for(value)
        for name, value in row.dims.items()
        if value is not None
    )


def _figures(question: Question, blocks: Sequence[Block]) -> list[Block]:
    """Blocks of figures standing on the question's day, for the time it asks about."""
    return [
        block
        for block in blocks
        if block.role is Role.FIGURE
        and block.stands_on(question.as_at)
        and (question.period is None or block.period.meets(question.period))
    ]
