"""Evidence held in memory: submissions received one after another, for notebooks and as the measure
of the store.

It keeps the rules of correction in the plainest form: a whole block replaces the block before it,
any other statement replaces the same series stated earlier by the same body.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

import polars as pl

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import Block, Head, Row, row_from
from darkfigure.cases.submission import Submission
from darkfigure.tables.evidence import Total
from darkfigure.tables.extent import Extent, what_is_left_out
from darkfigure.tables.question import Condition


@dataclass
class _Held:
    """A block with its rows; `ended` and `closed` are days on which they stood no longer where they
    came from.
    """

    block: Block
    rows: list[Row]
    ended: date | None = None
    closed: Mapping[int, date] = field(default_factory=dict)


class MemoryEvidence:
    """Statements in memory, readable as `darkfigure.tables.evidence.Evidence`."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._returns = 0

    def receive(
        self,
        submission: Submission,
        *,
        received_on: date,
        content: str = "",
        extent: Extent | None = None,
    ) -> None:
        """Take in a submission whole, or raise ReturnRefused and take nothing.

        `content` is the hash of the file; without it the file's name stands in. A table that leaves
        out cells of one held is refused, unless `extent` says what it is.
        """
        frames = list(submission.batches)
        if submission.problem_total:
            raise ReturnRefused(submission.file_name, submission.problems, submission.problem_total)
        extent = extent or (Extent.WHOLE if submission.origin else None)
        submission.whole = submission.whole and extent is not Extent.PART
        before = len(self._held)
        self._take_in(submission, frames, received_on, content)
        if submission.whole and extent is None:
            self._refuse_parts(submission, before)
        self._settle()

    def _refuse_parts(self, submission: Submission, before: int) -> None:
        """Raise ReturnRefused, as if nothing had come, where a table leaves out cells of the one
        before it: it may be a part.
        """
        arrived = {table.block.matter for table in self._held[before:]}
        tables = [
            (table.block, table.rows) for table in self._held if table.block.matter in arrived
        ]
        if parts := what_is_left_out(tables, self._returns):
            del self._held[before:]
            self._returns -= 1
            raise ReturnRefused(submission.file_name, [part.problem for part in parts], len(parts))

    def _take_in(
        self,
        submission: Submission,
        frames: Sequence[pl.DataFrame],
        received_on: date,
        content: str,
    ) -> None:
        self._returns += 1
        digest = content or sha256(submission.file_name.encode()).hexdigest()
        digest = submission.origin.sha256 if submission.origin else digest
        rows = pl.concat(frames) if frames else pl.DataFrame()
        for number, head in enumerate(submission.heads):
            block = _block(
                len(self._held) + 1, self._returns, digest, head, submission, received_on
            )
            found = [
                row_from(block, entry)
                for entry in rows.filter(pl.col("head") == number).iter_rows(named=True)
            ]
            ended = submission.origin.ends.get(number) if submission.origin else None
            closed = {row.row: row.closed for row in found if row.closed}
            self._held.append(_Held(block, found, ended, closed))

    def _settle(self) -> None:
        """Work out anew which blocks and rows still stand, from the days they were stated on
        alone.
        """
        groups: dict[tuple[object, ...], list[_Held]] = defaultdict(list)
        for held in self._held:
            groups[held.block.matter].append(held)
        for group in groups.values():
            wholes = sorted({held.block.stated_on for held in group if held.block.whole})
            stated: dict[tuple[tuple[str, str], ...], set[date]] = defaultdict(set)
            for held in group:
                for row in held.rows:
                    if not held.block.whole:
                        stated[tuple(sorted(row.dims.items()))].add(held.block.stated_on)
            for held in group:
                later = (day for day in wholes if day > held.block.stated_on)
                until = min(filter(None, (next(later, None), held.ended)), default=None)
                held.block = replace(held.block, known_to=until)
                held.rows = [
                    replace(
                        row,
                        block=held.block,
                        closed=min(
                            (
                                day
                                for day in (
                                    *stated[tuple(sorted(row.dims.items()))],
                                    *_given(held, row),
                                )
                                if day > held.block.stated_on
                            ),
                            default=None,
                        ),
                    )
                    for row in held.rows
                ]

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure."""
        return [held.block for held in self._held if held.block.measure == measure]

    def withheld(self, measure: str) -> int:  # noqa: ARG002 - evidence elsewhere may withhold
        """Nothing is withheld in memory."""
        return 0

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> list[Row]:
        """The single rows of blocks."""
        wanted = {block.id for block in blocks}
        return [
            row
            for held in self._held
            if held.block.id in wanted
            for row in held.rows
            if (as_at is None or row.closed is None or as_at < row.closed) and _meets(row, where)
        ]

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows added up by the dimensions given."""
        groups: dict[tuple[int, tuple[str | None, ...]], list[Row]] = defaultdict(list)
        for row in self.rows(blocks, where, as_at):
            groups[
                (0 if collapse else row.block.id, tuple(row.dims.get(name) for name in by))
            ].append(row)
        return [_total(dims, rows) for (_, dims), rows in groups.items()]


def _given(held: _Held, row: Row) -> Iterable[date]:
    """The day on which a row was closed where it came from, if it was."""
    return [held.closed[row.row]] if row.row in held.closed else []


def _meets(row: Row, where: Sequence[Condition]) -> bool:
    return all(condition.holds_for(row.dims.get(condition.dimension, "")) for condition in where)


def _total(dims: tuple[str | None, ...], rows: Sequence[Row]) -> Total:
    values = [row.value for row in rows if row.value is not None]
    lows = [
        low for row in rows if (low := row.low if row.low is not None else row.value) is not None
    ]
    highs = [
        high
        for row in rows
        if (high := row.high if row.high is not None else row.value) is not None
    ]
    return Total(
        blocks=sorted({row.block.id for row in rows}),
        dims=dims,
        count=len(rows),
        valued=len(values),
        value=sum(values),
        lows=len(lows),
        low=sum(lows),
        highs=len(highs),
        high=sum(highs),
        reasons=sorted({row.reason for row in rows if row.reason}),
        note=rows[0].note if len(rows) == 1 else "",
    )


def _block(
    number: int, return_id: int, digest: str, head: Head, submission: Submission, received_on: date
) -> Block:
    return Block(
        **vars(head),
        id=number,
        return_id=return_id,
        return_sha256=digest,
        file_name=submission.file_name,
        whole=submission.whole,
        rank=submission.rank,
        marking=submission.origin.marking if submission.origin else Marking.PUBLIC,
        known_from=head.stated_on,
        known_to=None,
        received_on=received_on,
    )
