"""Writing a return: its heading, its blocks and, by COPY, its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db.backends.postgresql.psycopg_any import DateRange

from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import Head
from darkfigure.cases.submission import Submission
from darkfigure_hub.store.models import Block, KeptReading, ReceivedFile, Return, ReturnRemark
from darkfigure_hub.store.models.statement import COPY_COLUMNS
from darkfigure_hub.store.queries.copying import copy_rows


class Writer:
    """Writes one submission as a return, batch by batch, within the caller's transaction."""

    def __init__(
        self,
        submission: Submission,
        file: ReceivedFile,
        *,
        received_at: datetime,
        received_by: str,
        marking: Marking,
        reading: KeptReading | None = None,
        compartment: int | None = None,
    ) -> None:
        self._submission = submission
        self._blocks: list[int] = []
        self._rows: Counter[int] = Counter()
        self._remarked: set[int] = set()
        self.written = Return.objects.create(
            file=file,
            part=submission.file_name.partition("#")[2],
            kind=submission.kind,
            received_at=received_at,
            received_by=received_by,
            marking=marking,
            reading=reading,
            compartment_id=compartment,
            rows=0,
        )

    def write(self, batch: pl.DataFrame) -> None:
        """Write the blocks that are new in a batch, then its rows."""
        self._write_blocks()
        for head, count in batch["head"].value_counts().iter_rows():
            self._rows[head] += count
        bare = pl.all_horizontal(
            pl.col("value").is_not_null(),
            pl.col("low", "high", "reason", "note", "change_reason").is_null(),
        )
        self._remarked.update(batch.filter(~bare)["head"].unique().to_list())
        numbers = pl.Series(self._blocks, dtype=pl.Int64)
        columns = (*COPY_COLUMNS, "closed") if self._submission.origin else COPY_COLUMNS
        rows = batch.with_columns(
            block_id=numbers.gather(batch["head"]), wall=pl.lit(self.written.wall)
        )
        filled = [name for name in columns if rows[name].null_count() < rows.height]
        copy_rows("store_statement", rows.select(filled))

    def _write_blocks(self) -> None:
        new = self._submission.heads[len(self._blocks) :]
        first = len(self._blocks)
        made = Block.objects.bulk_create(
            [self._block(head, first + at) for at, head in enumerate(new)], batch_size=1000
        )
        self._blocks += [block.pk for block in made]

    def _block(self, head: Head, number: int) -> Block:
        origin = self._submission.origin
        return Block(
            of=self.written,
            **head.columns(),
            whole=self._submission.whole,
            rank=self._submission.rank,
            known=DateRange(head.stated_on, origin.ends.get(number) if origin else None),
        )

    def finish(self, remarks: Sequence[tuple[str, str, int | None]]) -> Return:
        """Write what is known only at the end: counts, plain blocks, the return's period and
        agency, remarks.
        """
        plain = [block for head, block in enumerate(self._blocks) if head not in self._remarked]
        Block.objects.filter(id__in=plain).update(plain=True)
        counted = [Block(id=self._blocks[head], rows=count) for head, count in self._rows.items()]
        Block.objects.bulk_update(counted, ["rows"], batch_size=1000)
        ReturnRemark.objects.bulk_create(
            [
                ReturnRemark(of=self.written, rule=rule, text=text, line=line)
                for rule, text, line in remarks
            ]
        )
        heads = self._submission.heads
        agencies = {head.stated_by for head in heads}
        self.written.rows = sum(self._rows.values())
        self.written.agency = agencies.pop() if len(agencies) == 1 else ""
        if heads:
            self.written.period = DateRange(
                min(h.period.start for h in heads), max(h.period.end for h in heads), "[]"
            )
        self.written.save()
        return self.written
