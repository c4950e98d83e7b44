"""Why a question has no figure at all: the true reason, and what is held nearest.

| held of the measure, standing on the day        | reason                               |
| ----------------------------------------------- | ------------------------------------ |
| nothing, ever or yet                            | no return                            |
| the same for another time only                  | no return                            |
| broken down so, the value in no row             | not known; where it is a body, no return |
| coarser, for a longer time, or in another unit  | not divided so                       |
| parts alone, which have no sum                  | not available                        |

Where several things asked must be given up, the reason is that of the one which weighs most: what
is not there at all (another time, no row) before what is not divided.
"""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.period import NO_BEGINNING, Period
from darkfigure.basis.saying import Saying, Several, Word, figure_said, quote, say, several
from darkfigure.basis.spans import until_said
from darkfigure.basis.statement import RECEIVED, Block, Role
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.nearest import SHOWN, Kind, Nearest, nearest
from darkfigure.tables.question import Question
from darkfigure.tables.unreturned import RETURNING


def why_nothing(
    question: Question, held: Sequence[Block], evidence: Evidence
) -> tuple[CellReason, Saying, tuple[Nearest, ...]]:
    """The reason that a question has no figure, as a code and in words; what is held nearest."""
    figures = [block for block in held if block.role is Role.FIGURE]
    if not figures:
        title = question.measure.title
        return CellReason.NO_RETURN, say("nothing.ever", title=title), ()
    first = min(figures, key=lambda block: (block.known_from, block.precision == RECEIVED))
    if question.as_at < first.known_from:
        code = "nothing.undated" if first.precision == RECEIVED else "nothing.yet"
        return CellReason.NO_RETURN, say(code, day=question.as_at, first=first.known_from), ()
    near = tuple(nearest(question, evidence))
    if not near:
        standing = any(block.stands_on(question.as_at) for block in figures)
        code = "nothing.reasons" if standing else "nothing.standing"
        return CellReason.NO_RETURN, say(code, day=question.as_at), ()
    return _reason(near[0]), nearest_said(question, near), near


def nearest_said(question: Question, near: Sequence[Nearest]) -> Saying:
    """What is held nearest, and why each is not the answer."""
    told = [say("nearest.one", why=_why(question, each), held=_held(each)) for each in near]
    return say("nearest.all", told=several(told, "space"))


def undivided_for(question: Question, near: Nearest) -> tuple[str, ...]:
    """The dimensions asked for by which nothing is divided of what is nearest."""
    by = question.by if Kind.BY in near.kinds else ()
    kept = [each.condition for each in near.given_up if each.condition]
    return (*by, *(each.dimension for each in kept if each not in near.divided))


def _reason(near: Nearest) -> CellReason:
    """Of what must be given up, the reason that weighs most."""
    if Kind.WHOLE in near.kinds:
        return CellReason.NOT_AVAILABLE
    if Kind.PERIOD in near.kinds and not near.crossing:
        return CellReason.NO_RETURN
    if any(condition.dimension == RETURNING for condition in near.divided):
        return CellReason.NO_RETURN
    return CellReason.NOT_KNOWN if near.divided else CellReason.NOT_DIVIDED


def _why(question: Question, near: Nearest) -> Several:
    """What of the things asked no figure has."""
    if Kind.WHOLE in near.kinds:
        names = [Word("dimension", name) for name in near.question.by]
        return several([say("nearest.parts", dimensions=several(names, "and"))])
    lacking = [_lack(question, near, each.kind) for each in near.given_up if not each.condition]
    lacking += [
        say(
            "nearest.no_row",
            dimension=Word("dimension", each.condition.dimension),
            value=codes_for(each.condition.dimension).label(each.condition.code),
        )
        if each.condition in near.divided
        else _not_by(question, near, Word("dimension", each.condition.dimension))
        for each in near.given_up
        if each.condition
    ]
    return several(lacking, "and")


def _not_by(question: Question, near: Nearest, dimension: object) -> Saying:
    """That what is held is not divided so: of another time, or in another unit, it may be."""
    period = question.period
    if question.unit and len(question.measure.units) > 1 and Kind.UNIT not in near.kinds:
        unit = Word("unit", question.unit)
        return say("nearest.not_by_in", dimension=dimension, unit=unit)
    if period is None or Kind.PERIOD in near.kinds:
        return say("nearest.not_by", dimension=dimension)
    when = until_said(period.end) if _is_unbegun(period) else period.label
    code = "nearest.not_by_until" if _is_unbegun(period) else "nearest.not_by_then"
    return say(code, dimension=dimension, period=when)


def _is_unbegun(period: Period) -> bool:
    return period.start == NO_BEGINNING


def _lack(question: Question, near: Nearest, kind: Kind) -> Saying:
    if kind is Kind.CUT:
        return _not_by(question, near, Word("dimension", question.cut))
    if kind is Kind.BY:
        names = [Word("dimension", name) for name in question.by]
        return _not_by(question, near, several(names, "or"))
    if kind is Kind.UNIT:
        kept = near.question.by or near.question.cut or near.question.where
        code = "nearest.not_in_unit_so" if kept else "nearest.not_in_unit"
        return say(code, unit=Word("unit", question.unit))
    period = question.period.label if question.period else ""
    if near.crossing:
        return say("nearest.longer", period=period)
    divided = near.question.by or near.question.cut or near.question.where
    if question.period and _is_unbegun(question.period):
        until = until_said(question.period.end)
        return say("nearest.until_so" if divided else "nearest.until", period=until)
    return say("nearest.other_time_so" if divided else "nearest.other_time", period=period)


def _held(near: Nearest) -> Saying:
    """What is held nearest: the figure, where it is one, or how many; of what, and for when."""
    question = near.question
    kept = [quote(codes_for(each.dimension).label(each.code)) for each in question.where]
    kept += [quote(codes_for("operation").label(code)) for code in near.campaigns]
    by = [
        Word("dimension", name)
        for name in (*question.by, *([question.cut] if question.cut else []))
    ]
    periods = list(dict.fromkeys(cell.period for cell in near.cells if cell.period))
    figure: object = figure_said(near.cells[0].value, near.cells[0].low, near.cells[0].high)
    if Kind.UNIT in near.kinds:
        figure = say("nearest.counted", figure=figure, unit=Word("unit", near.unit))
    return say(
        "nearest.held" if len(near.cells) == 1 else "nearest.held_several",
        figure=figure,
        count=len(near.cells),
        period=several(periods[:SHOWN], "comma"),
        kept=say("nearest.kept", values=several(kept, "comma")) if kept else "",
        by=say("nearest.by", dimensions=several(by, "and")) if by else "",
    )
