"""Groups of nationalities worked out from figures by nationality, where none are held by group.

Whose nationality is not known may be of any group: such figures stand within the bounds of each,
and no group is said to be nought because of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from darkfigure.basis.statement import Block, Role, Row
from darkfigure.basis.status import CellReason
from darkfigure.codes.nationality_groups import belongs, group_of, possible_groups
from darkfigure.tables.evidence import Evidence, Total
from darkfigure.tables.question import Condition, Question

OF, GROUP = "nationality", "nationality_group"
Dims = tuple[str | None, ...]
#: A block, or None for all at once, and what a total stands under.
Place = tuple[int | None, Dims]


def of_groups(question: Question, evidence: Evidence) -> Evidence:
    """The evidence for a question about groups of nationalities: as it is where it has none, or
    where figures are held by group; else with these worked out.
    """
    named = {*question.by, *(condition.dimension for condition in question.where)}
    if GROUP not in named or not question.measure.additive:
        return evidence
    standing = [
        block
        for block in evidence.blocks(question.measure.code)
        if block.role is Role.FIGURE
        and block.stands_on(question.as_at)
        and (question.period is None or block.period.meets(question.period))
    ]
    by_group = any(GROUP in block.shape for block in standing)
    by_nationality = any(OF in block.shape for block in standing)
    return GroupedEvidence(evidence) if by_nationality and not by_group else evidence


class GroupedEvidence:
    """Evidence in which what is broken down by nationality is broken down by group as well."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def blocks(self, measure: str) -> list[Block]:
        """Every block, those by nationality as if by group too."""
        return [
            replace(block, shape=block.shape | {GROUP}) if _is_grouped(block) else block
            for block in self._evidence.blocks(measure)
        ]

    def withheld(self, measure: str) -> int:
        """How many blocks the reader may not see."""
        return self._evidence.withheld(measure)

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows added up, by group where that is asked for."""
        groups = [condition.code for condition in where if condition.dimension == GROUP]
        if GROUP not in by and not groups:
            return self._evidence.totals(blocks, by, where, as_at, collapse=collapse)
        plain = [name for name in by if name not in (GROUP, OF)]
        rest = [condition for condition in where if condition.dimension != GROUP]
        totals = self._evidence.totals(blocks, (*plain, OF), rest, as_at, collapse=collapse)
        return _Regrouped(by, plain, groups).totals(totals, collapse=collapse)

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> list[Row]:
        """The single rows of blocks; of a group those that are or may be of it."""
        groups = [condition.code for condition in where if condition.dimension == GROUP]
        rest = [condition for condition in where if condition.dimension != GROUP]
        return [
            _with_group(row)
            for row in self._evidence.rows(blocks, rest, as_at)
            if all(belongs(row.dims.get(OF, ""), group) is not False for group in groups)
        ]


def _is_grouped(block: Block) -> bool:
    return OF in block.shape and GROUP not in block.shape


def _with_group(row: Row) -> Row:
    group = group_of(row.dims[OF]) if OF in row.dims else None
    return replace(row, dims={**row.dims, GROUP: group}) if group else row


class _Regrouped:
    """Totals by nationality, and what else is asked by, on their way to totals by group."""

    def __init__(self, by: Sequence[str], plain: Sequence[str], groups: Sequence[str]) -> None:
        self._by, self._plain, self._groups = by, plain, groups

    def totals(self, totals: Iterable[Total], *, collapse: bool) -> list[Total]:
        """The totals by what is asked: what is known of each group, and beside it as possible what
        cannot be placed.
        """
        placed: dict[Place, Total] = {}
        unplaced: dict[Place, list[Total]] = {}
        for total in totals:
            *values, nationality = total.dims
            block = None if collapse else total.blocks[0]
            dims = self._dims(values, nationality)
            if dims is not None:
                key = (block, dims)
                placed[key] = _plus(placed[key], total) if key in placed else _under(total, dims)
            elif nationality is not None and self._is_possible(nationality):
                for may_be in self._possible(values, nationality):
                    unplaced.setdefault((block, may_be), []).append(total)
        for key, open_totals in unplaced.items():
            for total in open_totals:
                if total.high or total.highs < total.count:
                    placed[key] = _may_hold(placed.get(key), total, key[1])
        return list(placed.values())

    def _dims(self, values: Sequence[str | None], nationality: str | None) -> Dims | None:
        """Where a total of a nationality stands; None where it is of no group asked about, or of
        none that can be said.
        """
        if nationality is None:
            return None if self._groups else self._told(values, None, None)
        if not all(belongs(nationality, group) for group in self._groups):
            return None
        group = group_of(nationality)
        return (
            None if GROUP in self._by and group is None else self._told(values, group, nationality)
        )

    def _is_possible(self, nationality: str) -> bool:
        """Whether a nationality that has no place may be of every group asked about."""
        return OF not in self._by and all(
            belongs(nationality, group) is not False for group in self._groups
        )

    def _possible(self, values: Sequence[str | None], nationality: str) -> Iterable[Dims]:
        """Every place that a total without one may be of."""
        if GROUP not in self._by:
            return [self._told(values, None, None)]
        may_be = possible_groups(nationality)
        return [self._told(values, group, None) for group in sorted(may_be)]

    def _told(
        self, values: Sequence[str | None], group: str | None, nationality: str | None
    ) -> Dims:
        by_name = {**dict(zip(self._plain, values, strict=True)), GROUP: group, OF: nationality}
        return tuple([by_name[name] for name in self._by])


def _under(total: Total, dims: Dims) -> Total:
    return replace(total, dims=dims)


def _plus(one: Total, other: Total) -> Total:
    """Two totals of one place added up."""
    return replace(
        one,
        blocks=sorted({*one.blocks, *other.blocks}),
        **{
            name: getattr(one, name) + getattr(other, name)
            for name in ("count", "valued", "value", "lows", "low", "highs", "high")
        },
        reasons=sorted({*one.reasons, *other.reasons}),
        note="",
    )


def _may_hold(total: Total | None, unplaced: Total, dims: Dims) -> Total:
    """A total that may hold another besides: none of it, or all."""
    possible = replace(
        unplaced,
        dims=dims,
        valued=0,
        value=0,
        lows=unplaced.count,
        low=0,
        reasons=sorted({*unplaced.reasons, str(CellReason.NOT_KNOWN)}),
        note="",
    )
    return possible if total is None else _plus(total, possible)
