"""From evidence to cells: fetch, choose among what is stated, add up without counting a day twice, say what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from darkfigure.basis.statement import Block
from darkfigure.basis.status import CellReason
from darkfigure.codes import SEPARATOR, codes_for
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.cover import Span, plan_cover
from darkfigure.tables.evidence import Evidence, Number, Total
from darkfigure.tables.pieces import Key, Piece, gather, joined, piece_from, settle_twins
from darkfigure.tables.question import Question
from darkfigure.tables.selection import Selection, can_collapse, select, twins

RULES = {
    "only": "no statement held says otherwise",
    "latest": "the latest statement is used",
    "direct": "of statements of one day, the one stated directly is used, not a sum of its parts",
    "document": "of statements of one day, the document itself is used, not a compilation that cites it",
    "order": "of statements of one day and kind, the first in order of agency code and file hash is used",
}


@dataclass(frozen=True)
class Contradiction:
    """A total stated without the breakdown asked, which the broken-down figures do not add up to."""

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
        cells = [_collapsed_cell(question, total, by_id) for total in totals]
    else:
        totals, differing = _settled_totals(question, evidence, selection.usable, by_id)
        gathered, contradictions = _drop_coarser(question, gather(question, totals, by_id))
        cells = [_cell(question, key, periods, differing, by_id) for key, periods in gathered.items()]
    cells = _without_single_population(_sorted(question, cells))
    return Tabulation(tuple(cells), selection, _fingerprint(totals, by_id), tuple(contradictions))


def _without_single_population(cells: list[Cell]) -> list[Cell]:
    """Name the population in the cells only where there are several, which must not be added up."""
    if len({cell.dims["population"] for cell in cells}) > 1:
        return cells
    return [replace(cell, dims={name: value for name, value in cell.dims.items() if name != "population"})
            for cell in cells]


def _complete(question: Question) -> Question:
    """A measure that is never summed is always cut by the periods it was stated for."""
    if question.measure.additive or question.cut:
        return question
    return replace(question, cut="period")


def _fetch(question: Question, evidence: Evidence, blocks: Sequence[Block], *, collapse: bool) -> Iterable[Total]:
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
    """Leave out figures not broken down as asked for days that a broken-down figure covers; keep what they contradict."""
    kept: dict[Key, dict[tuple[date, date], list[Piece]]] = {}
    contradictions = []
    partial = any(None in key.dims for key in gathered)
    for key, periods in gathered.items():
        days = dict(periods)
        if partial and None in key.dims:
            finer = {other: gathered[other] for other in gathered if other.refines(key)}
            for span in list(days):
                if any(span[0] <= end and start <= span[1] for found in finer.values() for start, end in found):
                    found = days.pop(span)
                    contradictions += _contradiction(question, key, found, [held[span] for held in finer.values() if span in held])
        if days:
            kept[key] = days
    return kept, contradictions


def _contradiction(
    question: Question, key: Key, total: Sequence[Piece], parts: Sequence[Sequence[Piece]]
) -> list[Contradiction]:
    used = min(total, key=lambda piece: piece.preference)
    added = joined([min(part, key=lambda piece: piece.preference) for part in parts]) if parts else None
    if added is None or added.value is None or used.value is None or added.value == used.value:
        return []
    dims = {name: value for name, value in zip(question.by, key.dims, strict=True) if value is not None}
    return [Contradiction(dims, _source(used.blocks[0], used, False, RULES["latest"]), added.value)]


def _cell(
    question: Question,
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
    plan = plan_cover(tuple(Span(*span, piece.stated_on) for span, piece in zip(spans, chosen, strict=True)))
    used = joined([chosen[place] for place in plan.chosen])
    others = [(piece, rule) for piece, rule in others
              if any(span_of(piece) == spans[place] for place in plan.chosen)]
    for place, tiles in plan.tiled:
        parts = joined([chosen[tile] for tile in tiles])
        if not parts.says_same_as(chosen[place]) and _used(place, tiles, plan.chosen):
            apart = chosen[place] if place not in plan.chosen else parts
            others.append((apart, RULES["latest" if apart is not parts else "direct"]))
    others += [
        (piece_from([by_id[other.blocks[0]]], other, 0), RULES["document"])
        for kept, other in differing if tuple(kept.dims) == key.dims and kept.blocks[0] in {b.id for b in used.blocks}
    ]
    rule = others[0][1] if others else next((rules[place] for place in plan.chosen), RULES["only"])
    return _make(question, _dims(question, key), used, others, rule)


def _used(place: int, tiles: Sequence[int], chosen: Sequence[int]) -> bool:
    return place in chosen or all(tile in chosen for tile in tiles)


def span_of(piece: Piece) -> tuple[date, date]:
    """First and last day of a piece."""
    return min(block.period.start for block in piece.blocks), max(block.period.end for block in piece.blocks)


def _rule(found: Sequence[Piece]) -> str:
    if len(found) == 1:
        return RULES["only"]
    first, second = found[0], found[1]
    if first.stated_on != second.stated_on:
        return RULES["latest"]
    if first.extra != second.extra:
        return RULES["direct"]
    return RULES["document" if first.blocks[0].rank != second.blocks[0].rank else "order"]


def _collapsed_cell(question: Question, total: Total, by_id: Mapping[int, Block]) -> Cell:
    blocks = [by_id[block] for block in total.blocks]
    piece = piece_from(blocks, total, 0)
    return _make(question, _dims(question, Key(blocks[0].population, "", tuple(total.dims))), piece, [], RULES["only"])


def _dims(question: Question, key: Key) -> dict[str, str | None]:
    dims: dict[str, str | None] = dict(zip(question.by, key.dims, strict=True))
    if question.cut:
        dims[question.cut] = key.bucket
    dims["population"] = key.population
    return dims


def _make(
    question: Question, dims: dict[str, str | None], used: Piece, others: Sequence[tuple[Piece, str]], rule: str
) -> Cell:
    sources = [_source(block, used, True, rule) for block in _headline(used.blocks)]
    sources += [_source(block, piece, False, why) for piece, why in others for block in _headline(piece.blocks)]
    return Cell(
        id=f"{question.id}-{_mark(dims)}",
        dims=dims,
        value=used.value,
        low=used.low,
        high=used.high,
        status=_status(used.blocks),
        reasons=tuple(CellReason(reason) for reason in sorted(used.reasons)),
        notes=used.notes,
        sources=tuple(sources),
        period=_period(used.blocks),
        rule=rule,
        blocks=tuple(block.id for block in used.blocks),
    )


def _mark(dims: Mapping[str, str | None]) -> str:
    return sha256(repr(sorted(dims.items())).encode()).hexdigest()[:6]


def _headline(blocks: Sequence[Block]) -> list[Block]:
    """One block for each return and day among those of a piece: a source is a document, not each of its quarters."""
    seen: dict[tuple[int, date, str], Block] = {}
    for block in blocks:
        seen.setdefault((block.return_id, block.stated_on, block.source), block)
    return list(seen.values())


def _source(block: Block, piece: Piece, used: bool, rule: str) -> Source:
    return Source(
        used=used, value=piece.value, low=piece.low, high=piece.high, stated_on=block.stated_on,
        precision=block.precision, stated_by=codes_for("agency").label(block.stated_by), source=block.source, file=block.file_name,
        return_sha256=block.return_sha256, period=_period(piece.blocks), rule="" if used else rule,
    )


def _status(blocks: Sequence[Block]) -> str:
    found = {block.status for block in blocks}
    return found.pop() if len(found) == 1 else "provisional"


def _period(blocks: Sequence[Block]) -> str:
    first = min(blocks, key=lambda block: block.period)
    last = max(blocks, key=lambda block: block.period.end)
    if (first.period.start, first.period.end) == (last.period.start, last.period.end):
        return first.period.label
    return f"{first.period.label} to {last.period.label}"


def _sorted(question: Question, cells: Iterable[Cell]) -> list[Cell]:
    """Cells in the order of the code lists; a figure that is not broken down comes after those that are."""
    orders = {name: codes_for(name).order for name in question.by}

    def rank(cell: Cell) -> tuple[object, ...]:
        places: list[object] = []
        for name, value in cell.dims.items():
            if name in orders:
                listed = [orders[name].get(part, len(orders[name])) for part in (value or "").split(SEPARATOR)]
                places.append((value is None, len(listed), listed))
            elif name == "population":
                places.append(value or "")
        return (*places[:-1], cell.dims.get(question.cut) or "", places[-1])

    return sorted(cells, key=rank)


def _fingerprint(totals: Iterable[Total], by_id: Mapping[int, Block]) -> tuple[tuple[object, ...], ...]:
    """What was read, free of the repository's own numbers, in a fixed order."""
    named = {
        block.id: (block.return_sha256, block.period.start.isoformat(), block.stated_on.isoformat(), block.stated_by)
        for block in by_id.values()
    }
    read = [
        (tuple(sorted(named[block] for block in total.blocks)), tuple(value or "" for value in total.dims),
         total.count, total.valued, total.value, total.low, total.high)
        for total in totals
    ]
    return tuple(sorted(read))
