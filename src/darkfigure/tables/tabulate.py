"""From what was read to cells: choose among what is stated, add up without counting a day twice,
say what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from darkfigure.basis.period import bucket
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.statement import Block
from darkfigure.tables.building import CellBuilder, Rival, in_order, source_of
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.cover import Plan, Span, plan_cover
from darkfigure.tables.evidence import Number, Total
from darkfigure.tables.gathering import Gathered
from darkfigure.tables.noughts import Noughts, with_noughts
from darkfigure.tables.pieces import Key, Piece, gather, joined, piece_from, settle_twins
from darkfigure.tables.question import Question
from darkfigure.tables.remaining import Remaining, remaining
from darkfigure.tables.succession import (
    Gap,
    brought_together,
    histories,
    is_rolled_up,
)

#: Why a figure was chosen among several.
RULES = {
    name: say(f"rule.{name}") for name in ("only", "latest", "direct", "apart", "document", "order")
}


@dataclass(frozen=True)
class Contradiction:
    """A total stated without the breakdown asked, which the broken-down figures do not add up
    to.
    """

    dims: Mapping[str, str]
    total: Source
    parts: Number


@dataclass(frozen=True)
class Tabulation:
    """The cells of a question, a fingerprint of all that was read, totals that parts contradict,
    what is missing of bodies that went over into the one asked about, which of these are used, and
    what totals for longer time leave.
    """

    cells: tuple[Cell, ...]
    read: tuple[tuple[object, ...], ...]
    contradictions: tuple[Contradiction, ...] = ()
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    remaining: tuple[Remaining, ...] = ()


class Choice(NamedTuple):
    """What a cell is made of: where it belongs, the figure used, others with what each lost to, and
    the rule by which the one used was chosen.
    """

    key: Key
    used: Piece
    others: Sequence[Rival]
    rule: Saying


class _Ranked(NamedTuple):
    spans: tuple[Span, ...]
    first: tuple[Piece, ...]
    rules: tuple[Saying, ...]
    others: tuple[Rival, ...]


class _Contradicted(NamedTuple):
    key: Key
    total: Piece
    parts: Number


@dataclass(frozen=True)
class _Chosen:
    """The choices of one question, the totals they were made from, and what they contradict."""

    choices: Sequence[Choice]
    totals: Sequence[Total]
    contradicted: Sequence[_Contradicted]
    by_id: Mapping[int, Block]


def tabulate(gathered: Gathered) -> Tabulation:
    """The cells that answer a question as known on its day, from what was read for it."""
    question = gathered.question
    chosen = [_chosen(each) for _, each in gathered.before] or [_chosen(gathered)]
    choices: Sequence[Choice] = chosen[0].choices
    gaps: Sequence[Gap] = ()
    if len(chosen) > 1:
        choices, gaps = _with_former(gathered, chosen)
    build = CellBuilder(question, {choice.key.population for choice in choices})
    cells = [build.cell(*choice) for choice in choices]
    places = {choice.key: cell.id for choice, cell in zip(choices, cells, strict=True)}
    left, read = _remaining(gathered, choices)
    return Tabulation(
        tuple(in_order(question, cells)),
        (*(row for each in chosen for row in _fingerprint(each.totals, each.by_id)), *read),
        tuple(_contradiction(question, found) for each in chosen for found in each.contradicted),
        {places[gap.key]: gap for gap in gaps if gap.key in places},
        tuple(
            code
            for (former, _), each in zip(gathered.before[1:], chosen[1:], strict=True)
            if each.choices
            for code in former.codes
        ),
        left,
    )


def _remaining(
    gathered: Gathered, choices: Sequence[Choice]
) -> tuple[tuple[Remaining, ...], tuple[tuple[object, ...], ...]]:
    """What totals for longer time leave beside the figures shown, and the fingerprint of those
    read for it.
    """
    if not gathered.longer or gathered.before:
        return (), ()
    by_id = {block.id: block for block in gathered.selection.crossing}
    used = [(choice.key, choice.used) for choice in choices]
    left = remaining(gathered.question, used, gathered.longer, by_id)
    kept = {each.block for each in left}
    totals = [total for total in gathered.longer if kept.intersection(total.blocks)]
    return tuple(left), _fingerprint(totals, by_id)


def _with_former(
    gathered: Gathered, chosen: Sequence[_Chosen]
) -> tuple[Sequence[Choice], Sequence[Gap]]:
    """The choices of a body and of what it was before: added up, or side by side where each is
    asked by name.
    """
    every = [choice for each in chosen for choice in each.choices]
    if not is_rolled_up(gathered.question):
        return every, ()
    parts = [
        (former, {choice.key: choice.used for choice in each.choices})
        for (former, _), each in zip(gathered.before, chosen, strict=True)
    ]
    shared = [code for _, line in histories(gathered.question) for code in line.shared]
    brought = brought_together(parts, shared)
    alike: dict[Key, list[Choice]] = {}
    for choice in every:
        alike.setdefault(choice.key, []).append(choice)
    return [
        Choice(
            key,
            brought.pieces[key],
            [other for choice in choices for other in choice.others],
            next((choice.rule for choice in choices if choice.others), choices[0].rule),
        )
        for key, choices in alike.items()
    ], brought.gaps


def _chosen(gathered: Gathered) -> _Chosen:
    """What is used for each cell of a question, of the codes it names."""
    question, selection = gathered.question, gathered.selection
    by_id = {block.id: block for block in selection.usable}
    if gathered.collapsed:
        totals = [*gathered.totals]
        return _Chosen(_collapsed(question, totals, selection.usable), totals, [], by_id)
    totals, differing = _settled(gathered, by_id)
    found, contradicted = _drop_coarser(gather(question, totals, by_id))
    found = with_noughts(question, found, selection.usable, _buckets(question, by_id))
    ranked = {key: _ranked(periods) for key, periods in found.items()}
    plans = {key: plan_cover(each.spans) for key, each in ranked.items()}
    choices = [_choice(key, each, plans[key], differing, by_id) for key, each in ranked.items()]
    return _Chosen(choices, totals, contradicted, by_id)


def _settled(
    gathered: Gathered, by_id: Mapping[int, Block]
) -> tuple[list[Total], list[tuple[Total, Total]]]:
    """All totals by the dimensions asked, and pairs (used, not used) of twins that differ."""
    totals = [*gathered.totals]
    differing: list[tuple[Total, Total]] = []
    for series in gathered.twins:
        used, pairs = settle_twins(gathered.question, series.totals, by_id, series.shape)
        totals += used
        differing += pairs
    return totals, differing


def _drop_coarser(
    gathered: Mapping[Key, Mapping[tuple[date, date], list[Piece]]],
) -> tuple[dict[Key, dict[tuple[date, date], list[Piece]]], list[_Contradicted]]:
    """Leave out figures not broken down as asked for days that a broken-down figure covers; keep
    what they contradict.
    """
    kept: dict[Key, dict[tuple[date, date], list[Piece]]] = {}
    contradictions: list[_Contradicted] = []
    partial = any(None in key.dims for key in gathered)
    for key, periods in gathered.items():
        days = dict(periods)
        if partial and None in key.dims:
            finer = {other: gathered[other] for other in gathered if other.refines(key)}
            for span in list(days):
                if any(
                    span[0] <= end and start <= span[1]
                    for found in finer.values()
                    for start, end in found
                ):
                    found = days.pop(span)
                    contradictions += _contradicted(
                        key,
                        found,
                        [held[span] for held in finer.values() if span in held],
                    )
        if days:
            kept[key] = days
    return kept, contradictions


def _contradicted(
    key: Key, total: Sequence[Piece], parts: Sequence[Sequence[Piece]]
) -> list[_Contradicted]:
    used = min(total, key=lambda piece: piece.preference)
    added = (
        joined([min(part, key=lambda piece: piece.preference) for part in parts]) if parts else None
    )
    if added is None or added.value is None or used.value is None or added.value == used.value:
        return []
    return [_Contradicted(key, used, added.value)]


def _contradiction(question: Question, found: _Contradicted) -> Contradiction:
    dims = {
        name: value
        for name, value in zip(question.by, found.key.dims, strict=True)
        if value is not None
    }
    source = source_of(found.total.blocks[0], found.total, RULES["latest"])
    return Contradiction(dims, source, found.parts)


def _ranked(periods: Mapping[tuple[date, date], list[Piece]]) -> _Ranked:
    """For each period the piece to use, why, and those that say something else."""
    first, others, rules = [], [], []
    spans = sorted(periods)
    for span in spans:
        pieces = sorted(periods[span], key=lambda piece: piece.preference)
        first.append(pieces[0])
        rules.append(_rule(pieces))
        others += [
            Rival(piece, _rule([pieces[0], piece]), pieces[0])
            for piece in pieces[1:]
            if not piece.says_same_as(pieces[0])
        ]
    dated = [Span(*span, piece.stated_on) for span, piece in zip(spans, first, strict=True)]
    return _Ranked(tuple(dated), tuple(first), tuple(rules), tuple(others))


def _choice(
    key: Key,
    ranked: _Ranked,
    plan: Plan,
    differing: Sequence[tuple[Total, Total]],
    by_id: Mapping[int, Block],
) -> Choice:
    used = joined([ranked.first[place] for place in plan.chosen])
    kept = {ranked.spans[place][:2] for place in plan.chosen}
    others = [rival for rival in ranked.others if span_of(rival.piece) in kept]
    for place, tiles in plan.tiled:
        parts, whole = joined([ranked.first[tile] for tile in tiles]), ranked.first[place]
        if not parts.says_same_as(whole) and _used(place, tiles, plan.chosen):
            apart, kept_to = (whole, parts) if place not in plan.chosen else (parts, whole)
            others.append(Rival(apart, RULES["latest" if apart is whole else "direct"], kept_to))
    numbers = {block.id for block in used.blocks}
    for one, other in differing:
        if tuple(one.dims) == key.dims and one.blocks[0] in numbers:
            pair = [piece_from([by_id[each.blocks[0]]], each, 0) for each in (one, other)]
            others.append(Rival(pair[1], _rule(pair), pair[0]))
    rules = [ranked.rules[place] for place in plan.chosen]
    rule = others[0].rule if others else next(iter(rules), RULES["only"])
    return Choice(key, used, others, rule)


def _used(place: int, tiles: Sequence[int], chosen: Sequence[int]) -> bool:
    return place in chosen or all(tile in chosen for tile in tiles)


def span_of(piece: Piece) -> tuple[date, date]:
    """First and last day of a piece."""
    return min(block.period.start for block in piece.blocks), max(
        block.period.end for block in piece.blocks
    )


def _rule(found: Sequence[Piece]) -> Saying:
    if len(found) == 1:
        return RULES["only"]
    first, second = found[0], found[1]
    if first.stated_on != second.stated_on:
        return RULES["latest"]
    if first.extra != second.extra:
        return RULES["direct"]
    if first.extra and not _comparable(first.blocks[0].shape, second.blocks[0].shape):
        return RULES["apart"]
    return RULES["document" if first.blocks[0].rank != second.blocks[0].rank else "order"]


def _buckets(question: Question, by_id: Mapping[int, Block]) -> dict[int, str]:
    """The stretch of time each block lies in, "" where time is not cut."""
    if not question.cut:
        return dict.fromkeys(by_id, "")
    cut = {number: bucket(block.period, question.cut) for number, block in by_id.items()}
    return {number: held.label if held else "" for number, held in cut.items()}


def _comparable(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether sums over two breakdowns are of the same: sums over different ones need not be."""
    return one <= other or other <= one


def _collapsed(
    question: Question, totals: Sequence[Total], usable: Sequence[Block]
) -> list[Choice]:
    """Choices of totals over all blocks at once. Whole tables that leave a value out say nought of
    it, so its total rests on them too.
    """
    noughts = Noughts(question, usable)
    together: dict[frozenset[int], list[Block]] = {}
    choices = []
    for total in totals:
        numbers = noughts.of(total.dims) | frozenset(total.blocks)
        if numbers not in together:
            together[numbers] = [block for block in usable if block.id in numbers]
        blocks = together[numbers]
        key = Key(blocks[0].population, "", tuple(total.dims))
        choices.append(Choice(key, piece_from(blocks, total, 0), [], RULES["only"]))
    return choices


def _fingerprint(
    totals: Iterable[Total], by_id: Mapping[int, Block]
) -> tuple[tuple[object, ...], ...]:
    """What was read, free of the repository's own numbers, in a fixed order."""
    documents: dict[tuple[int, ...], tuple[object, ...]] = {}
    read = []
    for total in totals:
        ids = tuple(total.blocks)
        if ids not in documents:
            cited = {
                (by_id[number].return_sha256, by_id[number].stated_on.isoformat()) for number in ids
            }
            documents[ids] = tuple(sorted(cited))
        dims = tuple([value or "" for value in total.dims])
        read.append(
            (dims, total.count, total.valued, total.value, total.low, total.high, documents[ids])
        )
    read.sort()
    return tuple(read)
