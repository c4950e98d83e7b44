"""Writes a proposed reading as the text that a person edits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.records import COMMON, KINDS
from darkfigure.reading.instructions import NOTHING, Column, Form, Reading
from darkfigure.reading.other_forms import is_of_names
from darkfigure.reading.proposal import Proposal
from darkfigure.reading.seen import DAYS, Seen
from darkfigure.reading.terms import OF_LISTS

#: What of case records may be the same for all.
_OF_ALL = ("stated_on", "reported_by")
#: So many values that are not known are listed for a person to code.
_LISTED = 40


def text_of(proposal: Proposal) -> str:
    """A proposed reading as TOML, with what a person has to say marked so."""
    lines = _lines if proposal.reading.form is Form.FIGURES else _lines_of_persons
    return "\n".join(lines(proposal)) + "\n"


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
    if DAYS in proposal.ask:
        yield f'periods.days = ""  {_comment(say("readings.ask.days"))}'
    if proposal.described.days:
        yield f"periods.days = {quoted(proposal.described.days)}"
    if proposal.described.comma:
        yield 'numbers.decimal = "comma"'
    yield from _table(reading)
    yield from ("", _comment(say("readings.always")), "[always]")
    yield from (f"{key} = {quoted(value)}" for key, value in reading.always.items())
    asked = (key for key in proposal.ask if key != DAYS)
    yield from (f'{key} = ""  {_comment(_asked(proposal, key))}' for key in asked)
    yield from ("", "[columns]")
    seen = {column.name: column for column in proposal.columns}
    yield from (_column(column, seen.get(column.name)) for column in reading.columns)
    yield from _unknown(proposal)
    if proposal.marks or proposal.described.nothing:
        yield from ("", _comment(say("readings.marks")), "[marks]")
        yield from (f'{quoted(text)} = "nothing"' for text in proposal.described.nothing)
        yield from (f'# {quoted(mark)} = "nought"' for mark in proposal.marks)


def _table(reading: Reading) -> Iterator[str]:
    """Which table of a file it is, where that has to be said."""
    said = [
        *([f"sheet = {quoted(reading.sheet)}"] if reading.sheet else []),
        *([f"under = {quoted(reading.under)}"] if reading.under else []),
        *([f"place = {reading.place}"] if reading.place else []),
    ]
    yield from ("", "[table]", *said) if said else ()


def _lines_of_persons(proposal: Proposal) -> Iterator[str]:
    """A reading of case records or lists."""
    reading, fit = proposal.reading, proposal.forms[0]
    yield _comment(say("readings.intro", file=proposal.book.name))
    yield from (_comment(each) for each in told_of_forms(proposal))
    yield f"form = {quoted(reading.form)}"
    if reading.form is Form.CASES:
        yield f"kind = {quoted(reading.kind)}"
        known = [field.name for field in (*COMMON, *KINDS[fit.kinds[0]].fields)]
    else:
        known = [name for name in OF_LISTS if name != NOTHING]
    yield from _table(reading)
    if reading.form is Form.CASES:
        yield from ("", _comment(say("readings.always_records")), "[always]")
        yield from (f"{key} = {quoted(value)}" for key, value in reading.always.items())
        yield from (
            f'{key} = ""  {_comment(say(f"readings.ask_records.{key}"))}'
            for key in proposal.ask
            if key in _OF_ALL
        )
    yield from ("", _comment(say("readings.is_field", names=several(known, "comma"))), "[columns]")
    yield from (_column(column, None) for column in reading.columns)
    needed = [key for key in proposal.ask if key not in (*_OF_ALL, "kind")]
    if needed:
        yield _comment(say("readings.needed", names=several(needed, "comma")))


def told_of_forms(proposal: Proposal) -> Iterator[Saying]:
    """What a table that is none of figures seems to be, how surely, and what else it may be."""
    for place, fit in enumerate(proposal.forms):
        way = "is" if not place else "may_be"
        kinds = several([say(f"records.kind.{kind}") for kind in fit.kinds], "or")
        said = {"kinds": kinds} if fit.kinds else {}
        yield say(f"readings.{way}.{fit.form}", share=round(fit.sure * 100), **said)
        if len(fit.kinds) > 1:
            yield say("readings.which_kind", names=several(fit.kinds, "or"))
    if proposal.forms and is_of_names(proposal.forms[0]):
        yield say("readings.may_be.link")


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
