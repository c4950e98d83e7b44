"""What of a snapshot is new here: its returns without the blocks that are held already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import say
from darkfigure.cases.submission import Origin, Submission
from darkfigure_hub.store.queries import held_blocks


@dataclass
class New:
    """The returns of a snapshot with what is new of them, and the returns here that have the
    rest.
    """

    submissions: list[Submission] = field(default_factory=list)
    held: set[int] = field(default_factory=set)


def what_is_new(scope: Scope, submissions: Sequence[Submission]) -> New:
    """The returns of a snapshot of which something is not held here, without what is."""
    scope.require(Permission.RECEIVE_RETURN)
    new = New()
    for submission in submissions:
        origin = submission.origin
        before = held_blocks.taken_from(origin.kept) if origin else []
        if origin is None or not before:
            new.held |= _without_held(scope, submission)
            if submission.heads or submission.problem_total:
                new.submissions.append(submission)
        new.held.update(before)
    return new


def _without_held(scope: Scope, submission: Submission) -> set[int]:
    """Take out of a submission the blocks that are held; gives the returns that hold them."""
    origin = submission.origin
    found = held_blocks.by_head(
        scope, submission.heads, whole=submission.whole, rank=submission.rank
    )
    if not found or origin is None or submission.problem_total:
        return set()
    # What may be held is compared row by row, before anything of the return is written.
    frames = [*submission.batches]
    if submission.problem_total or not frames:
        return set()
    rows = pl.concat(frames)
    alike = held_blocks.said_alike(found, rows.filter(pl.col("head").is_in(list(found))))
    if not alike:
        submission.batches = iter(frames)
        return set()
    left = [at for at in range(len(submission.heads)) if at not in alike]
    held = rows.filter(pl.col("head").is_in(list(alike))).height
    submission.batches = _renumbered(frames, left)
    submission.heads[:] = [submission.heads[at] for at in left]
    _renumber_ends(origin, left)
    submission.remark("snapshot", say("problems.remark.held_before", count=held))
    return {each.of for each in alike.values()}


def _renumbered(frames: Sequence[pl.DataFrame], left: Sequence[int]) -> Iterator[pl.DataFrame]:
    numbers = {at: number for number, at in enumerate(left)}
    for frame in frames:
        kept = frame.filter(pl.col("head").is_in(list(left)))
        if kept.height:
            yield kept.with_columns(
                pl.col("head").replace_strict(numbers, return_dtype=pl.Int64).alias("head")
            )


def _renumber_ends(origin: Origin, left: Sequence[int]) -> None:
    ends = {number: origin.ends[at] for number, at in enumerate(left) if at in origin.ends}
    origin.ends.clear()
    origin.ends.update(ends)
