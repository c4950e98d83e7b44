"""From evidence to cells: fetch, choose among what is stated, add up without counting a day twice,
say what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.saying import Saying, say
from darkfigure.basis.statement import Block
from darkfigure.tables.building import CellBuilder, in_order, source_of
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.cover import Span, plan_cover
from darkfigure.tables.evidence import Evidence, Number, Total
from darkfigure.tables.pieces import Key, Piece, gather, joined, piece_from, settle_twins
from darkfigure.tables.question import Question
from darkfigure.tables.selection import Selection, can_collapse, select, twins

#: Why a figure was chosen among several.
RULES = {name: say(f"rule.{name}") for name in ("only", "latest", "direct", "document", "order")}


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
    """The cells of a question, what was set aside, and a fingerprint of everything read."""

    cells: tuple[Cell, ...]
    selection: Selection
    read: tuple[tuple[object, ...], ...]
    contradictions: tuple[Contradiction, ...] = ()


def tabulate(question: Question, evidence: Evidence) -> Tabulation:
    """The cells that answer a question as known on its day."""
    question = _complete(question)
    selection = select(question, evidence.blocks(question.measure.code))
    by_id = {block.id: block for block in selection.usable}
    contradictions: list[Contradiction] = []
    if can_collapse(question, selection.usable):
        totals = list(_fetch(question, evidence, selection.usable, collapse=True))
        build = CellBuilder(question, {selection.usable[0].population})
        cells = [_collapsed_cell(build, total, by_id) for total in totals]
    else:
        totals, differing = _settled_totals(question, evidence, selection.usable, by_id)
        gathered, contradictions = _drop_coarser(question, gather(question, totals, by_id))
        build = CellBuilder(question, {key.population for key in gathered})
        cells = [_cell(build, key, periods, differing, by_id) for key, periods in gathered.items()]
    return Tabulation(
        tuple(in_order(question, cells)),
        selection,
        _fingerprint(totals, by_id),
        tuple(contradictions),
    )


def _complete(question: Question) -> Question:
    """A measure that is never summed is always cut by the periods it was stated for."""
    if question.measure.additive or question.cut:
        return question
    return replace(question, cut="period")


def _fetch(
    question: Question, evidence: Evidence, blocks: Sequence[Block], *, collapse: bool
) -> Iterable[Total]:
    return evidence.totals(blocks, question.by, question.where, question.as_at, collapse=collapse)


def _settled_totals(
    question: Question, evidence: Evidence, blocks: Sequence[Block], by_id: Mapping[int, Block]
) -> tuple[list[Total], list[tuple[Total, Total]]]:
    alone, doubled = twins(blocks)
    totals = list(_fetch(question, evidence, alone, collapse=False)) if alone else []
    differing: list[tuple[Total, Total]] = []
    shapes: dict[frozenset[str], list[Block]] = defaultdict(list)
    for block in doubled:
        shapes[block.shape].append(block)
    for shape, found in shapes.items():
        names = sorted(shape)
        rows = evidence.totals(found, names, question.where, question.as_at, collapse=False)
        used, pairs = settle_twins(question, rows, by_id, names)
        totals += used
        differing += pairs
    return totals, differing


def _drop_coarser(
    question: Question, gathered: Mapping[Key, Mapping[tuple[date, date], list[Piece]]]
) -> tuple[dict[Key, dict[tuple[date, date], list[Piece]]], list[Contradiction]]:
    """Leave out figures not broken down as asked for days that a broken-down figure covers; keep
    what they contradict.
    """
    kept: dict[Key, dict[tuple[date, date], list[Piece]]] = {}
    contradictions = []
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
                    contradictions += _contradiction(
                        question,
                        key,
                        found,
                        [held[span] for held in finer.values() if span in held],
                    )
        if days:
            kept[key] = days
    return kept, contradictions


def _contradiction(
    question: Question, key: Key, total: Sequence[Piece], parts: Sequence[Sequence[Piece]]
) -> list[Contradiction]:
    used = min(total, key=lambda piece: piece.preference)
    added = (
        joined([min(part, key=lambda piece: piece.preference) for part in parts]) if parts else None
    )
    if added is None or added.value is None or used.value is None or added.value == used.value:
        return []
    dims = {
        name: value for name, value in zip(question.by, key.dims, strict=True) if value is not None
    }
    return [Contradiction(dims, source_of(used.blocks[0], used, RULES["latest"]), added.value)]


def _cell(
    build: CellBuilder,
    key: Key,
    periods: Mapping[tuple[date, date], list[Piece]],
    differing: Sequence[tuple[Total, Total]],
    by_id: Mapping[int, Block],
) -> Cell:
    chosen, others, rules = [], [], []
    spans = sorted(periods)
    for span in spans:
        found = sorted(periods[span], key=lambda piece: piece.preference)
        chosen.append(found[0])
        rules.append(_rule(found))
        others += [(piece, rules[-1]) for piece in found[1:] if not piece.says_same_as(found[0])]
    plan = plan_cover(
        tuple(Span(*span, piece.stated_on) for span, piece in zip(spans, chosen, strict=True))
    )
    used = joined([chosen[place] for place in plan.chosen])
    others = [
        (piece, rule)
        for piece, rule in others
        if any(span_of(piece) == spans[place] for place in plan.chosen)
    ]
    for place, tiles in plan.tiled:
        parts = joined([chosen[tile] for tile in tiles])
        if not parts.says_same_as(chosen[place]) and _used(place, tiles, plan.chosen):
            apart = chosen[place] if place not in plan.chosen else parts
            others.append((apart, RULES["latest" if apart is not parts else "direct"]))
    others += [
        (piece_from([by_id[other.blocks[0]]], other, 0), RULES["document"])
        for kept, other in differing
        if tuple(kept.dims) == key.dims and kept.blocks[0] in {b.id for b in used.blocks}
    ]
    rule = others[0][1] if others else next((rules[place] for place in plan.chosen), RULES["only"])
    return build.cell(key, used, others, rule)


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
    return RULES["document" if first.blocks[0].rank != second.blocks[0].rank else "order"]


def _collapsed_cell(build: CellBuilder, total: Total, by_id: Mapping[int, Block]) -> Cell:
    blocks = [by_id[block] for block in total.blocks]
    key = Key(blocks[0].population, "", tuple(total.dims))
    return build.cell(key, piece_from(blocks, total, 0), [], RULES["only"])


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
