"""Writing a return: its heading, its blocks and, by COPY, its rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import HEAD_COLUMNS
from darkfigure.cases.submission import Submission
from darkfigure_hub.store.models import Block, KeptReading, ReceivedFile, Return, ReturnRemark
from darkfigure_hub.store.models.statement import COPY_COLUMNS
from darkfigure_hub.store.queries.copying import copy_rows

_COUNTED = """UPDATE store_block b SET plain = n.plain, rows = n.rows
    FROM unnest(%s::bigint[], %s::boolean[], %s::bigint[]) AS n (id, plain, rows)
    WHERE b.id = n.id"""


def _entered() -> str:
    """What enters heads as blocks, in their order: the return, whole, rank, and the heads."""
    typed = [f"{each} {Block._meta.get_field(each).db_type(connection)}" for each in HEAD_COLUMNS]
    names = ", ".join(HEAD_COLUMNS)
    return f"""INSERT INTO store_block (of_id, whole, rank, plain, rows, known, {names})
        SELECT %s, %s, %s, false, 0, daterange(stated_on, known_to), {names}
        FROM jsonb_to_recordset(%s::jsonb) AS h ({", ".join(typed)}, known_to date)
        RETURNING id"""


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
        """Many heads go in as one text: of a statement with a value for each of their columns most
        of the time is spent writing it.
        """
        first, origin = len(self._blocks), self._submission.origin
        new = [
            {**head.columns(), "known_to": origin.ends.get(first + at) if origin else None}
            for at, head in enumerate(self._submission.heads[first:])
        ]
        if not new:
            return
        of = (self.written.pk, self._submission.whole, self._submission.rank)
        with connection.cursor() as cursor:
            cursor.execute(_entered(), [*of, json.dumps(new, default=str)])
            self._blocks += [number for (number,) in cursor.fetchall()]

    def finish(self, remarks: Sequence[tuple[str, str, int | None]]) -> Return:
        """Write what is known only at the end: counts, plain blocks, the return's period and
        agency, remarks.
        """
        places = range(len(self._blocks))
        plain = [place not in self._remarked for place in places]
        rows = [self._rows[place] for place in places]
        with connection.cursor() as cursor:
            cursor.execute(_COUNTED, [self._blocks, plain, rows])
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
