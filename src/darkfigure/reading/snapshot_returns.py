"""The figure statements of a snapshot, taken out of it again: one submission for each return that
it holds blocks of.

Records of cases stand in it by pseudonym and are not taken in: nobody could tell them from those of
the same persons held here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import EARLIEST, LATEST, Period
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, quote, say
from darkfigure.basis.statement import BLOCK_COLUMNS, DIMENSIONS, EVERY, ROW_COLUMNS, Head, Role
from darkfigure.basis.status import Status
from darkfigure.cases.checks import Doubles, check_numbers, report_rows
from darkfigure.cases.records import KINDS
from darkfigure.cases.submission import BATCH_COLUMNS, Origin, Submission
from darkfigure.codes import SEPARATOR, codes_for
from darkfigure.codes.uncoded import is_uncoded
from darkfigure.reading.figures import NUMBERS, check_words, misfits
from darkfigure.tables.measures import all_measures
from darkfigure.tables.sense import FIGURES
from darkfigure.tables.snapshot_files import OF_FIGURES, folder_of, read_manifest
from darkfigure.tables.snapshot_schema import arrow_schema

#: What a reading that stands for a snapshot begins with.
FROM_SNAPSHOT = 'form = "snapshot"\n'
#: No text of a block or a row is longer.
LONGEST = 10_000
_ROWS = 100_000
_PRECISIONS = ("day", "month", "year", "received")
_HASH = r"^[0-9a-f]{64}$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass
class _Returned:
    """Blocks of one return, in their order, by number."""

    blocks: dict[int, dict[str, Any]] = field(default_factory=dict)


def read_snapshot(path: Path) -> Sequence[Submission]:
    """The submissions of a snapshot, oldest return first. Raises ReturnRefused where it is damaged,
    altered, or holds no statement.
    """
    folder = folder_of(path)
    if folder is None:
        _refuse(path.name, say("problems.wrong.no_snapshot"), say("problems.right.name_snapshot"))
    try:
        manifest = read_manifest(folder, _names(), verify=True)
        as_at = date.fromisoformat(manifest["as_at"])
    except Unreadable as error:
        _refuse(path.name, quote(str(error)), say("problems.right.snapshot_again"))
    except (KeyError, TypeError, ValueError):
        _refuse(path.name, say("problems.wrong.no_snapshot"), say("problems.right.name_snapshot"))
    taking = _Taking(path.name, folder, manifest, as_at)
    submissions = [taking.submission(each) for each in taking.returned()]
    if not submissions:
        _refuse(path.name, say("problems.wrong.no_statements"), say("problems.right.a_snapshot"))
    for remark in taking.left():
        for each in submissions:
            each.remark("snapshot", remark)
    return submissions


def _names() -> list[str]:
    beside = ("person_link", "requirement_editions")
    return [*OF_FIGURES, *beside, *(f"case_{kind}" for kind in KINDS)]


def _refuse(name: str, wrong: Saying, right: Saying) -> NoReturn:
    raise ReturnRefused(name, [Problem(wrong, right, rule="snapshot")])


@dataclass
class _Taking:
    """A snapshot on its way to submissions."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]
    as_at: date

    def returned(self) -> list[_Returned]:
        """Returns with their blocks, in the order in which they came there."""
        by_return: dict[tuple[Any, ...], _Returned] = {}
        for block in self.plain("blocks").iter_rows(named=True):
            if any(block[name] is None for name in _NEEDED):
                self.damaged()
            same = tuple(block[name] for name in _OF_RETURN)
            by_return.setdefault(same, _Returned()).blocks[block["id"]] = block
        return [by_return[same] for same in sorted(by_return, key=lambda each: each[0])]

    def plain(self, table: str) -> pl.DataFrame:
        """A small table whole."""
        pieces = [*self.batches(table)]
        return pl.concat(pieces) if pieces else pl.DataFrame(schema=list(OF_FIGURES[table]))

    def batches(self, table: str, ids: Sequence[int] = ()) -> Iterator[pl.DataFrame]:
        """A table in pieces; of statements those under some blocks. Raises ReturnRefused where the
        file is not what it has to be.
        """
        columns = OF_FIGURES[table]
        schema = arrow_schema(columns)
        try:
            source = pq.ParquetFile(self.folder / f"{table}.parquet")
            present = [name for name in columns if name in source.schema_arrow.names]
            groups = _groups(source, ids)
            for batch in source.iter_batches(_ROWS, row_groups=groups, columns=present):
                lacking = [name for name in columns if name not in present]
                arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
                arrays |= {
                    name: pa.nulls(batch.num_rows, schema.field(name).type) for name in lacking
                }
                cast = pa.table({name: arrays[name] for name in columns}).cast(schema)
                yield pl.DataFrame(pl.from_arrow(cast))
        except (pa.ArrowException, OSError, ValueError, KeyError):
            self.damaged()

    def damaged(self) -> NoReturn:
        """Turn the snapshot away as none of this form."""
        _refuse(
            self.name, say("problems.wrong.snapshot_form"), say("problems.right.snapshot_again")
        )

    def submission(self, of: _Returned) -> Submission:
        """The submission of one return."""
        first = next(iter(of.blocks.values()))
        kind, file = self.kinds().get(first["return_id"], "statements"), str(first["file_name"])
        submission = Submission(
            kind, file[:LONGEST], whole=first["whole"], rank=first["rank"], numbered=True
        )
        submission.origin = Origin(
            sha256=first["return_sha256"],
            marking=self.marking(first["marking"]),
            kept=self.kept(first),
            accepted=dict.fromkeys(
                (each.rule for each in FIGURES if not each.final),
                str(say("problems.remark.stood_so", content=self.content)),
            ),
        )
        received = say("problems.remark.from_snapshot", day=self.as_at, content=self.content)
        submission.remark("snapshot", received)
        numbers = {each: self.head(submission, block) for each, block in of.blocks.items()}
        submission.origin.ends.update(
            {
                number: of.blocks[each]["known_to"]
                for each, number in numbers.items()
                if number is not None and of.blocks[each]["known_to"]
            }
        )
        submission.batches = self.statements(submission, numbers)
        return submission

    def kinds(self) -> dict[int, str]:
        """The kind of file that each return was read from."""
        rows = self.plain("returns").select("id", "kind").iter_rows()
        return {number: kind for number, kind in rows if kind and len(kind) <= 40}

    @property
    def content(self) -> str:
        """The first digits of what the snapshot is known by."""
        return str(self.manifest["content"])[:16]

    def kept(self, block: Mapping[str, Any]) -> str:
        """What is kept in place of a reading: the snapshot, and which return of it."""
        return (
            f"{FROM_SNAPSHOT}content = {json.dumps(str(self.manifest['content']))}\n"
            f"as_at = {self.as_at}\nreturn = {block['return_id']}\n"
            f"received_there = {block['received_on']}\n"
        )

    def marking(self, number: int) -> Marking:
        """A marking by its number."""
        try:
            return Marking(number)
        except ValueError:
            self.damaged()

    def head(self, submission: Submission, block: Mapping[str, Any]) -> int | None:
        """The number of a block's head; nothing, with what is wrong, where it can be none here."""
        faults: list[tuple[Saying, Saying]] = []
        measure = all_measures().get(block["measure"])
        shape = frozenset(filter(None, block["shape"].split(SEPARATOR)))
        if measure is None or not shape <= set(DIMENSIONS):
            faults.append((say("problems.wrong.snapshot_measure"), say("problems.right.add_pack")))
        else:
            faults += [each[1:] for each in misfits(measure, shape, block["unit"])]
        for name, dimension in (("population", "population"), ("stated_by", "agency")):
            if block[name] not in codes_for(dimension).codes:
                wrong = say("problems.wrong.not_known", what=Word("dimension", dimension))
                faults.append((wrong, say("problems.right.add_pack")))
        if not _sound(block):
            faults.append((say("problems.wrong.snapshot_block"), _again()))
        for wrong, right in faults:
            place = f"blocks[{block['id']}]"
            submission.fault(Problem(wrong, right, column=place, rule="snapshot"))
        return None if faults else submission.head_number(_head(block, shape))

    def statements(
        self, submission: Submission, numbers: Mapping[int, int | None]
    ) -> Iterator[pl.DataFrame]:
        """The rows under blocks, each held against what any row is held against."""
        numbered = {block: number for block, number in numbers.items() if number is not None}
        doubles = Doubles()
        for batch in self.batches("statements", sorted(numbered)):
            rows = batch.filter(pl.col("block_id").is_in(list(numbered)))
            if not rows.height:
                continue
            heads = [numbered[number] for number in rows["block_id"].to_list()]
            rows = rows.with_columns(
                pl.Series("head", heads, dtype=pl.Int64),
                *(_digits(name) for name in NUMBERS),
            )
            yield _checked(submission, rows, doubles)

    def left(self) -> Iterator[Saying]:
        """What of the snapshot is not taken in, and since when it can be asked."""
        counts = {
            name: int(entry["rows"])
            for name, entry in self.manifest["tables"].items()
            if isinstance(entry.get("rows"), int)
        }
        if records := sum(counts.get(f"case_{kind}", 0) for kind in KINDS):
            yield say("problems.remark.records_left", count=records)
        if editions := counts.get("requirement_editions", 0):
            yield say("problems.remark.editions_left", count=editions)
        if since := self.manifest.get("asked_since"):
            yield say("problems.remark.snapshot_since", day=str(since)[:10])


#: What every block has to say, and by what the blocks of a return are told.
_NEEDED = [name for name in BLOCK_COLUMNS if name != "known_to"]
_OF_RETURN = ("return_id", "return_sha256", "file_name", "whole", "rank", "marking")


def _again() -> Saying:
    return say("problems.right.snapshot_again")


def _groups(source: pq.ParquetFile, ids: Sequence[int]) -> list[int]:
    """The parts of a file that may hold rows under some blocks."""
    every = range(source.num_row_groups)
    if not ids:
        return list(every)
    at = source.schema_arrow.names.index("block_id")
    near = []
    for number in every:
        bounds = source.metadata.row_group(number).column(at).statistics
        least, most = (None, None) if bounds is None else (bounds.min, bounds.max)
        if least is None or most is None or (most >= ids[0] and least <= ids[-1]):
            near.append(number)
    return near


def _sound(block: Mapping[str, Any]) -> bool:
    """Whether what a block says of itself can be so."""
    texts = [str(block[name]) for name, kind in BLOCK_COLUMNS.items() if kind == "string"]
    ends, days = block["known_to"], ("period_start", "period_end", "stated_on")
    return (
        all(len(text) <= LONGEST for text in texts)
        and not pl.Series(texts).str.contains(_CONTROL).any()
        and bool(pl.Series([block["return_sha256"]]).str.contains(_HASH).all())
        and all(EARLIEST <= block[name].year <= LATEST for name in days)
        and block["period_start"] <= block["period_end"]
        and block["status"] in {str(each) for each in Status}
        and block["role"] in {str(each) for each in Role}
        and block["precision"] in _PRECISIONS
        and block["rank"] in (0, 1)
        and bool(block["source"])
        and block["known_from"] == block["stated_on"]
        and (ends is None or ends > block["stated_on"])
    )


def _head(block: Mapping[str, Any], shape: frozenset[str]) -> Head:
    period = Period(
        block["period_start"], block["period_end"], block["period_label"], block["period_exact"]
    )
    return Head(
        period=period,
        shape=shape,
        role=Role(block["role"]),
        **{
            name: block[name]
            for name in (
                "measure",
                "unit",
                "population",
                "stated_on",
                "precision",
                "stated_by",
                "stated_as",
                "source",
                "status",
            )
        },
    )


def _digits(name: str) -> pl.Expr:
    """A number as text, without needless noughts."""
    text = pl.col(name).cast(pl.String)
    return text.str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".").alias(name)


def _checked(submission: Submission, rows: pl.DataFrame, doubles: Doubles) -> pl.DataFrame:
    heads = pl.DataFrame(
        [
            (
                number,
                head.measure,
                str(head.role),
                all_measures()[head.measure].may_be_negative or head.role is Role.CHANGE,
                sum(1 << at for at, name in enumerate(DIMENSIONS) if name in head.shape),
            )
            for number, head in enumerate(submission.heads)
        ],
        schema=["head", "measure", "role", "may_be_negative", "mask"],
        orient="row",
    )
    rows = rows.join(heads, on="head", how="left", maintain_order="left")
    for name in NUMBERS:
        rows = check_numbers(submission, rows, name, may_be_negative=pl.col("may_be_negative"))
    rows = check_words(submission, rows)
    for name in DIMENSIONS:
        _check_codes(submission, rows, name)
    _check_shape(submission, rows)
    wrong = say("problems.wrong.statement_twice")
    again = doubles.find(rows, ["head", "row"])
    report_rows(submission, again, "statements", "double", wrong, _again())
    return rows.select(*BATCH_COLUMNS, "closed")


def _check_codes(submission: Submission, rows: pl.DataFrame, name: str) -> None:
    """Report rows with a code that is none here, as of a pack that is not added."""
    codes = codes_for(name).codes
    bad = [
        code
        for code in rows[name].unique().to_list()
        if code is not None
        and code != EVERY
        and not is_uncoded(code)
        and not all(part in codes for part in code.split(SEPARATOR))
    ]
    if bad:
        faulty = rows.filter(pl.col(name).is_in(bad)).select("row", value=pl.col(name))
        wrong, right = say("problems.wrong.snapshot_code"), say("problems.right.add_pack")
        report_rows(submission, faulty, name, "code", wrong, right)


def _check_shape(submission: Submission, rows: pl.DataFrame) -> None:
    """Report rows that are not broken down as their block is, whose words are no text, or that end
    before they begin.
    """
    mask = pl.sum_horizontal(
        pl.col(name).is_not_null().cast(pl.Int64) * (1 << at) for at, name in enumerate(DIMENSIONS)
    )
    texts = [name for name, kind in ROW_COLUMNS.items() if kind == "string"]
    words = pl.any_horizontal(
        (pl.col(name).str.contains(_CONTROL) | (pl.col(name).str.len_chars() > LONGEST)).fill_null(
            False
        )
        for name in texts
    )
    bad = rows.filter((mask != pl.col("mask")) | words | pl.col("row").is_null())
    wrong = say("problems.wrong.snapshot_row")
    faulty = bad.select(pl.col("row").fill_null(0), value=pl.lit(None, pl.String))
    report_rows(submission, faulty, "statements", "snapshot", wrong, _again())
