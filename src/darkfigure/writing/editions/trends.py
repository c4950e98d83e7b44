"""A trend as an edition shows it: how many bodies returned in both periods, who in one alone."""

from __future__ import annotations

from dataclasses import replace

from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.publication.trends import Trend
from darkfigure.tables.intervals import Bounded, difference
from darkfigure.writing.wording import (
    amount,
    claims_beneath,
    column_title,
    dim_words,
    face_of,
    is_synthetic,
    source_lines,
    title_of,
)
from darkfigure.writing.words import ENGLISH, Words


def trend_shown(trend: Trend, title: str = "", words: Words = ENGLISH) -> Shown:
    """A trend as a sentence and as a table: its bodies, their sum, those that are left out."""
    asked, (then, now) = trend.last.question, periods_of(trend)
    of_all = title_of(replace(asked, period=None, by=()), words)
    heading = title or words.text("edition.trend.caption", title=of_all, then=then, now=now)
    left_out = _left_out(trend, words)
    ends = (trend.first, trend.last)
    notes = [line for end in ends for line in (*face_of(end, words), *map(words.say, end.notes))]
    return Shown(
        said=words.text(
            "edition.trend.said",
            closing=_said(trend.after, words), opening=_said(trend.before, words),
            count=trend.in_both, then=then, now=now,
            first=trend.in_both + len(trend.ceased), last=trend.in_both + len(trend.began),
        ),
        title=heading,
        **trend.after._asdict(),
        table=Tabled(
            f"{heading}. {words.text('edition.as_at', day=asked.as_at)}",
            (column_title(trend.of, words), then, now, words.text("edition.trend.change")),
            _rows(trend, words),
            (1, 2, 3),
            left_out,
        ),
        sources=tuple(dict.fromkeys(line for end in ends for line in source_lines(end, words))),
        notes=tuple(dict.fromkeys((*left_out, *notes))),
        claims=tuple(claims_beneath(trend.last, words)),
        as_at=asked.as_at,
        question=heading,
        basis=f"{trend.first.basis} {trend.last.basis}",
        answer=trend.last.id,
        marking=trend.marking,
        synthetic=is_synthetic(*ends),
    )  # fmt: skip


def periods_of(trend: Trend) -> tuple[str, str]:
    """The labels of its two periods."""
    first, last = (answer.question.period for answer in (trend.first, trend.last))
    return (first.label if first else "", last.label if last else "")


def _rows(trend: Trend, words: Words) -> tuple[tuple[str, ...], ...]:
    """A row for each body that returned in both periods, and their sum."""
    rows = [
        (dim_words(trend.of, body, words), *_moved(before, trend.now[body], words))
        for body, before in trend.then.items()
    ]
    whole = words.text("edition.trend.both", count=trend.in_both)
    return (*rows, (whole, *_moved(trend.before, trend.after, words)))


def _moved(before: Bounded, after: Bounded, words: Words) -> tuple[str, str, str]:
    change = difference(after, before)
    moved = f"{change.value:+,}" if change.exact and change.value else _said(change, words)
    return _said(before, words), _said(after, words), moved


def _left_out(trend: Trend, words: Words) -> tuple[str, ...]:
    """Who returned in one of the periods alone, and is not counted."""
    then, now = periods_of(trend)
    return tuple(
        words.text(
            f"edition.trend.{name}",
            bodies=words.joined([dim_words(trend.of, code, words) for code in codes], "comma"),
            then=then, now=now,
        )
        for name, codes in (("ceased", trend.ceased), ("began", trend.began))
        if codes
    )  # fmt: skip


def _said(figure: Bounded, words: Words) -> str:
    return amount(*figure, (), words)
