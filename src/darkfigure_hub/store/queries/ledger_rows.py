"""The three ledgers as read from the store: what was entered, laid out by the days during which it
stands, and what a cell opens to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import polars as pl
from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.ledgers import (
    ANSWERS,
    ASKS,
    CLOSURES,
    CORROBORATORS,
    EXCEPTIONS,
    ITEMS,
    KNOWN,
    REPLIES,
    Ledgers,
    Spell,
    both,
    laid_out,
)
from darkfigure.intelligence.origins import roots
from darkfigure_hub.store.models import Origin, OriginJoin
from darkfigure_hub.store.queries import taken_back

_ID = {"id": pl.Int64}
_PLACE = {"question": pl.String, "area": pl.String, "period": pl.String}
_VERSION = {"on": pl.Date, "known_from": pl.Date, "mark": pl.String}

_LINKS = """
SELECT l.id, l.item_id, r.id, i.origin_id, l.question, l.area, l.period,
    r.agency || ' ' || r.reference || '/' || i.number, r.agency, r.source_kind, l.relation,
    nullif(i.corroborated_by, ''), i.kind, i.marking, i.tlp,
    array_to_string(r.caveats || i.caveats, '; '), r.synthetic, i."on", l.known_from, ''
FROM store_itemlink l JOIN store_intelligenceitem i ON i.id = l.item_id
    JOIN store_intelligencereport r ON r.id = i.of_id
WHERE greatest(r.marking, i.marking) <= %s AND {seen}
"""
_LINK_COLUMNS = {
    **_ID,
    "item_id": pl.Int64,
    "report_id": pl.Int64,
    "origin_id": pl.Int64,
    **_PLACE,
    "item": pl.String,
    "agency": pl.String,
    "kind": pl.String,
    "relation": pl.String,
    "corroborated_by": pl.String,
    "stated_as": pl.String,
    "marking": pl.Int16,
    "tlp": pl.String,
    "caveats": pl.String,
    "synthetic": pl.Boolean,
    **_VERSION,
}
_GRADES = """
SELECT id, item_id, substr(letters, 1, 1), substr(letters, 2, 1),
    concat_ws('/', letters, nullif(action, ''), nullif(sanitisation, '')), converted_from,
    reason <> '', known_from, known_from, letters || action || sanitisation || graded_by
FROM store_itemgrade
"""
_GRADE_COLUMNS = {
    **_ID,
    "item_id": pl.Int64,
    "source": pl.String,
    "information": pl.String,
    "grade": pl.String,
    "converted_from": pl.String,
    "regraded": pl.Boolean,
    **_VERSION,
}
#: Every item that may confirm another, whoever may read it: its name and its origin say nothing.
_CORROBORATORS = """
SELECT i.id, r.id, i.origin_id, r.agency || ' ' || r.reference || '/' || i.number, r.agency,
    i."on", least(g.known_from, l.known_from), ''
FROM store_intelligenceitem i JOIN store_intelligencereport r ON r.id = i.of_id
    JOIN LATERAL (SELECT min(known_from) AS known_from FROM store_itemgrade WHERE item_id = i.id) g
        ON true
    JOIN LATERAL (SELECT min(known_from) AS known_from FROM store_itemlink WHERE item_id = i.id) l
        ON true
WHERE r.agency || ' ' || r.reference || '/' || i.number IN
    (SELECT corroborated_by FROM store_intelligenceitem WHERE corroborated_by <> '')
"""
_CORROBORATOR_COLUMNS = {
    **_ID,
    "report_id": pl.Int64,
    "origin_id": pl.Int64,
    "item": pl.String,
    "agency": pl.String,
    **_VERSION,
}
_ASKS = """
SELECT a.id, a.edition_id, a.question, a.area, a.period, 'ASK-' || a.id, a.agency, a.due,
    a.known_from, '', a.known_from, a.known_from, ''
FROM store_ask a WHERE a.edition_id = ANY(%s) AND {seen}
UNION ALL
SELECT a.id, a.edition_id, a.question, a.area, a.period, 'ASK-' || a.id, c.agency, c.due,
    a.known_from, c.reason, c.known_from, c.known_from, lpad(c.id::text, 12, '0')
FROM store_askchange c JOIN store_ask a ON a.id = c.ask_id WHERE a.edition_id = ANY(%s) AND {seen}
"""
_ASK_COLUMNS = {
    **_ID,
    "edition": pl.String,
    **_PLACE,
    "ask": pl.String,
    "agency": pl.String,
    "due": pl.Date,
    "asked_on": pl.Date,
    "reason": pl.String,
    **_VERSION,
}
_REPLIES = """
SELECT p.id, a.id, 'ASK-' || a.id, a.question, a.area, a.period,
    coalesce((SELECT c.agency FROM store_askchange c WHERE c.ask_id = a.id
        AND c.known_from <= p.known_from ORDER BY c.known_from DESC, c.id DESC LIMIT 1), a.agency),
    p.kind, nullif(p.effort, ''), p.ground, 'REPLY-' || p.id, p."on", p.known_from,
    p.kind || p.effort || p.ground || p.file_id
FROM store_askreply p JOIN store_ask a ON a.id = p.ask_id
WHERE a.edition_id = ANY(%s) AND {seen}
"""
_REPLY_COLUMNS = {
    **_ID,
    "ask_id": pl.Int64,
    "ask": pl.String,
    **_PLACE,
    "agency": pl.String,
    "kind": pl.String,
    "effort": pl.String,
    "ground": pl.String,
    "reply": pl.String,
    **_VERSION,
}
_ANSWERS = """
SELECT id, question, area, period, lapses_on, low, high, confidence,
    array_to_string(rests_on, ', '), accepted_on, known_from,
    coalesce(low::text, '') || '..' || coalesce(high::text, '') || confidence || stated_by
FROM store_givenanswer WHERE {seen}
"""
_ANSWER_COLUMNS = {
    **_ID,
    **_PLACE,
    "lapses_on": pl.Date,
    "low": pl.Float64,
    "high": pl.Float64,
    "confidence": pl.String,
    "rests_on": pl.String,
    **_VERSION,
}
_CLOSURES = """
SELECT id, question, area, period, why, known_from, known_from, '' FROM store_cellclosure
WHERE {seen}
"""
_CLOSURE_COLUMNS = {**_ID, **_PLACE, "why": pl.String, **_VERSION}
_EXCEPTIONS = """
SELECT e.id, 'ASK-' || a.id, e.until, e.known_from, e.known_from, lpad(e.id::text, 12, '0')
FROM store_lateexception e JOIN store_ask a ON a.id = e.ask_id
WHERE a.edition_id = ANY(%s) AND {seen}
"""
_EXCEPTION_COLUMNS = {**_ID, "ask": pl.String, "until": pl.Date, **_VERSION}
#: Rows that carry no marking are seen by whoever may see the edition they are read for.
_EDITION_SEEN = (
    "EXISTS (SELECT 1 FROM store_requirementedition WHERE code = ANY(%s) AND marking <= %s)"
)
_WITHHELD = "SELECT question, area, period, marking, number FROM gate.withheld_places(%s)"


@dataclass(frozen=True)
class Frames:
    """Asks, replies, items by link and grade, answers and closures, with all that a cell opens
    to.
    """

    asks: pl.DataFrame
    replies: pl.DataFrame
    items: pl.DataFrame
    answers: pl.DataFrame
    closures: pl.DataFrame
    exceptions: pl.DataFrame


#: Rows as they are read: what is worked out of the same rows is worked out once.
Rows = tuple[tuple[Any, ...], ...]


class Entered(NamedTuple):
    """What was entered and the reader may see: what is taken back, what origins are called, what
    was joined to what, and rows.
    """

    back: tuple[tuple[str, str, tuple[Spell, ...]], ...]
    names: tuple[tuple[int, str], ...]
    joins: tuple[tuple[int, int, date], ...]
    links: Rows
    grades: Rows
    asks: Rows
    replies: Rows
    answers: Rows
    closures: Rows
    exceptions: Rows


#: What is taken back, by kind.
Back = Mapping[str, taken_back.Away]


def ledgers(scope: Scope, editions: Sequence[str]) -> Ledgers:
    """Every row of the ledgers that the reader may see; asks and replies are those of all
    `editions` (an edition and those it follows). Reads no log. Of the same rows these are the same
    ledgers, so that what is worked out of them can be kept by them.
    """
    return _ledgers(_entered(scope, editions), _read(_CORROBORATORS))


def frames_of(scope: Scope, editions: Sequence[str]) -> Frames:
    """What was entered and the reader may see, each row for the days during which it stands."""
    entered = _entered(scope, editions)
    return _frames(entered, _away_of(entered), _roots(entered))


def _entered(scope: Scope, editions: Sequence[str]) -> Entered:
    sees, chain = int(scope.sees), list(editions)
    seen = [chain, sees]
    back = taken_back.all_away()
    joins = OriginJoin.objects.order_by("known_from", "id")
    return Entered(
        back=tuple(
            (kind, target, tuple(spells))
            for kind, held in back.items()
            for target, spells in held.items()
        ),
        names=tuple(
            (each.pk, f"agency {each.agency}" if each.agency else str(each)) for each in _origins()
        ),
        joins=tuple((each.origin_id, each.into_id, each.known_from) for each in joins),
        links=_read(_LINKS, [sees, *seen]),
        grades=_read(_GRADES),
        asks=_read(_ASKS, [chain, *seen, chain, *seen]),
        replies=_read(_REPLIES, [chain, *seen]),
        answers=_read(_ANSWERS, seen),
        closures=_read(_CLOSURES, seen),
        exceptions=_read(_EXCEPTIONS, [chain, *seen]),
    )


@lru_cache(maxsize=8)
def _ledgers(entered: Entered, corroborators: Rows) -> Ledgers:
    back, called = _away_of(entered), _roots(entered)
    frames = _frames(entered, back, called)
    return Ledgers(
        asks=frames.asks.select(list(ASKS)),
        replies=frames.replies.select(list(REPLIES)),
        items=frames.items.select(list(ITEMS)),
        answers=frames.answers.with_columns(accepted_on="on").select(list(ANSWERS)),
        closures=frames.closures.select(list(CLOSURES)),
        corroborators=_corroborators(corroborators, called, back),
        exceptions=frames.exceptions.select(list(EXCEPTIONS)),
    )


def _frames(entered: Entered, back: Back, called: pl.DataFrame) -> Frames:
    links = _frame(entered.links, _LINK_COLUMNS)
    links = laid_out(
        links, ["id"], _away(back, links, link="id", item="item_id", report="report_id")
    )
    grades = _frame(entered.grades, _GRADE_COLUMNS)
    standing = laid_out(grades, ["item_id"], _away(back, grades, grade="id"))
    asks, replies = _frame(entered.asks, _ASK_COLUMNS), _frame(entered.replies, _REPLY_COLUMNS)
    answers = _frame(entered.answers, _ANSWER_COLUMNS)
    closures = _frame(entered.closures, _CLOSURE_COLUMNS)
    exceptions = _frame(entered.exceptions, _EXCEPTION_COLUMNS)
    return Frames(
        asks=laid_out(asks, ["id"], _away(back, asks, ask="id", edition="edition")),
        replies=laid_out(replies, ["ask_id", "agency"], _away(back, replies, reply="id")),
        items=_named(both(links, standing.drop("id", "on", "mark"), "item_id"), called),
        answers=laid_out(answers, list(_PLACE), _away(back, answers, answer="id")),
        closures=laid_out(closures, ["id"], _away(back, closures, closure="id")),
        exceptions=laid_out(exceptions, ["ask"], {}),
    )


def _corroborators(rows: Rows, called: pl.DataFrame, back: Back) -> pl.DataFrame:
    held = _frame(rows, _CORROBORATOR_COLUMNS)
    standing = laid_out(held, ["id"], _away(back, held, item="id", report="report_id"))
    return _named(standing, called).select(list(CORROBORATORS))


def _away_of(entered: Entered) -> dict[str, taken_back.Away]:
    found: dict[str, taken_back.Away] = {}
    for kind, target, spells in entered.back:
        found.setdefault(kind, {})[target] = list(spells)
    return found


def _away(back: Back, rows: pl.DataFrame, **columns: str) -> dict[int, list[Spell]]:
    """The spells for which each row is taken back, itself or with what it belongs to: kinds with
    the column that holds their number or code.
    """
    spells_of: dict[int, list[Spell]] = {}
    for kind, column in columns.items():
        for target, spells in back.get(kind, {}).items():
            key = target if rows.schema[column] == pl.String else int(target)
            for each in rows.filter(pl.col(column) == key)["id"].unique().to_list():
                spells_of.setdefault(each, []).extend(spells)
    return spells_of


def _roots(entered: Entered) -> pl.DataFrame:
    """What each origin is taken to be, by days."""
    called = roots(dict(entered.names), entered.joins)
    columns = {"origin_id": pl.Int64, "origin": pl.String, **KNOWN}
    return pl.DataFrame(called, schema=columns, orient="row")


def _origins() -> list[Origin]:
    return list(Origin.objects.order_by("id"))


def _named(rows: pl.DataFrame, called: pl.DataFrame) -> pl.DataFrame:
    """Rows with the origin each is taken to have, by days; none where it is the agency's own."""
    own = rows.filter(pl.col("origin_id").is_null()).with_columns(origin=pl.lit(None, pl.String))
    others = both(rows.filter(pl.col("origin_id").is_not_null()), called, "origin_id")
    return pl.concat([own, others.select(own.columns)])


def withheld_places(scope: Scope) -> pl.DataFrame:
    """The places of items that the reader may not see, with their marks and how many there are."""
    columns = {**_PLACE, "marking": pl.Int64, "number": pl.Int64}
    return _frame(_read(_WITHHELD, [int(scope.sees)]), columns)


def _frame(rows: Rows, columns: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(columns), orient="row")


def _read(query: str, values: Sequence[Any] = ()) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{seen}", _EDITION_SEEN), list(values))
        return tuple(cursor.fetchall())
