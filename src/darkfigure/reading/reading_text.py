"""Writes a proposed reading as the text that a person edits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.reading.instructions import NOTHING, Column
from darkfigure.reading.proposal import Proposal, Seen

#: So many values that are not known are listed for a person to code.
_LISTED = 40


def text_of(proposal: Proposal) -> str:
    """A proposed reading as TOML, with what a person has to say marked so."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    reading = proposal.reading
    yield _comment(say("readings.intro", file=proposal.book.name))
    yield _comment(say("readings.is_one_of", dimensions=several(DIMENSIONS, "comma")))
    yield 'form = "figures"'
    if reading.across:
        levels = ", ".join(map(quoted, reading.across))
        told = "across" if all(reading.across) else "across_asked"
        yield f"across = [{levels}]  {_comment(say(f'readings.{told}'))}"
    if any(each.is_ in DIMENSIONS and len(each.unknown) > each.known for each in proposal.columns):
        yield f'# unknown = "keep"  {_comment(say("readings.keep"))}'
    if proposal.described.days:
        yield f"periods.days = {quoted(proposal.described.days)}"
    if proposal.described.comma:
        yield 'numbers.decimal = "comma"'
    if reading.sheet:
        yield from ("", "[table]", f"sheet = {quoted(reading.sheet)}")
    yield from ("", _comment(say("readings.always")), "[always]")
    yield from (f"{key} = {quoted(value)}" for key, value in reading.always.items())
    yield from (f'{key} = ""  {_comment(_asked(proposal, key))}' for key in proposal.ask)
    yield from ("", "[columns]")
    seen = {column.name: column for column in proposal.columns}
    yield from (_column(column, seen.get(column.name)) for column in reading.columns)
    yield from _unknown(proposal)
    if proposal.marks or proposal.described.nothing:
        yield from ("", _comment(say("readings.marks")), "[marks]")
        yield from (f'{quoted(text)} = "nothing"' for text in proposal.described.nothing)
        yield from (f'# {quoted(mark)} = "nought"' for mark in proposal.marks)


def _comment(saying: Saying) -> str:
    return f"# {saying}"


def _asked(proposal: Proposal, key: str) -> Saying:
    asked = say(f"readings.ask.{key}")
    if key != "measure" or not proposal.measures:
        return asked
    perhaps = say("readings.perhaps", names=several(proposal.measures[:3], "or"))
    return several_parts(asked, perhaps)


def several_parts(*parts: Saying) -> Saying:
    """Several things said one after another, with commas."""
    return say("problems.lines", lines=several(parts, "comma"))


def _column(column: Column, seen: Seen | None) -> str:
    is_ = quoted(column.is_)
    said = f"{{ is = {is_}, down = true }}" if column.down else is_
    sure = "" if seen is None or column.is_ == NOTHING or seen.sure >= 0.85 else _sure(seen)
    return f"{quoted(column.name)} = {said}{sure}"


def _sure(seen: Seen) -> str:
    return f"  {_comment(say('readings.sure', share=round(seen.sure * 100)))}"


def _unknown(proposal: Proposal) -> Iterator[str]:
    for column in proposal.columns:
        if column.is_ in DIMENSIONS and column.unknown and column.shown:
            yield from ("", _comment(say("readings.not_known")), f"[codes.{column.is_}]")
            yield from (f'# {quoted(text)} = ""' for text, _ in column.unknown[:_LISTED])


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
