"""What is filed late, taken back, corrected, joined and carried over: as known on every day."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.ledgers import Spell, Version, standing
from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.writing.coverage.coverage_page import coverage_page
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.file_report import regrade_item, submit_replies, submit_report
from darkfigure_hub.flows.measure_coverage import measure_coverage, open_cell, open_cells
from darkfigure_hub.flows.name_origins import join_origins, list_origins
from darkfigure_hub.flows.set_requirements import asks_due, load_set, put_asks
from darkfigure_hub.flows.settle_cell import accept_answer, close_without_answer
from darkfigure_hub.flows.take_back import correct_ask, history, withdraw
from darkfigure_hub.store.models import Ask, AskReply, LogEntry, ReceivedFile
from darkfigure_hub.store.queries import ledger_rows, taken_back
from support import run
from support_reporting import ASKED, HELD, LATER, PLACE, START, file_of, replies, report, status

pytestmark = pytest.mark.django_db
CELL = "HT.6.4/Kent/2026 Q2"
BACK = date(2026, 7, 1)
DAY = timedelta(days=1)


@pytest.fixture
def edition(operator):
    return load_set(operator, "human_trafficking").edition


@pytest.fixture
def asked(operator, edition):
    put_asks(operator, edition, [ASKED], START)
    return edition


def filed(operator, folder, data, on=HELD, edition=""):
    return submit_report(operator, file_of(folder, data), edition, on)


def replied(operator, folder, kind, on, known, **more):
    data = {**replies(kind, "ASK-1", **more), "on": str(on)}
    data["replies"][0]["ask"] = str(Ask.objects.order_by("id").first())
    return submit_replies(operator, file_of(folder, data), known)


def at(scope, edition, day):
    found = measure_coverage(scope, edition, LATER, day)
    return found.cells.filter(*(pl.col(name) == value for name, value in PLACE.items())).row(
        0, named=True
    )


# --- order of arrival


def test_an_older_reply_filed_last_changes_nothing(operator, asked, tmp_path):
    replied(operator, tmp_path, "nil_searched", "2026-07-10", date(2026, 7, 12), effort="thorough")
    before = at(operator, asked, date(2026, 7, 15))
    replied(operator, tmp_path, "refused", "2026-07-05", date(2026, 7, 18), ground="cost")
    assert before["status"] == "N2"
    assert at(operator, asked, date(2026, 7, 15)) == before
    assert status(operator, asked)["status"] == "N2"


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_store_lays_out_what_the_rule_says_in_any_order(operator, asked, tmp_path, number):
    """Random histories of replies, taken back and given back, entered in two orders."""
    chance = random.Random(7)
    kept = ReceivedFile.objects.create(sha256="0" * 64, name="synthetic", size=1)
    (ask,) = Ask.objects.all()
    asks = [
        Ask(
            **{
                f.attname: getattr(ask, f.attname)
                for f in Ask._meta.concrete_fields
                if f.name != "id"
            }
        )
        for _ in range(number)
    ]
    asks = Ask.objects.bulk_create(asks)
    wanted = []
    rows = []
    for each in asks:
        for place in range(chance.randrange(1, 5)):
            on = START + timedelta(days=chance.randrange(8))
            known = on + timedelta(days=chance.randrange(5))
            kind = chance.choice(["nil_searched", "refused", "not_held", "items"])
            rows.append((each, on, known, kind, f"{place}"))
    chance.shuffle(rows)
    made = AskReply.objects.bulk_create(
        AskReply(
            ask=each, kind=kind, ground=ground, on=on, known_from=known, file=kept,
            signed_off_by="role", received_at="2026-08-01T00:00Z", synthetic=True,
        )
        for each, on, known, kind, ground in rows
    )  # fmt: skip
    away = {}
    for row, entered in zip(rows, made, strict=True):
        if chance.random() < 0.4:
            first = row[2] + timedelta(days=chance.randrange(4))
            name = taken_back.take_back("reply", entered.pk, str(entered), "x", "me", first)
            until = None
            if chance.random() < 0.5:
                until = first + timedelta(days=chance.randrange(4))
                event = taken_back.standing_event("reply", entered.pk)
                assert str(event) == name
                taken_back.undo(event, "y", "me", until)
            away[entered.pk] = [Spell(first, until)]
    ledger = ledger_rows.ledgers(operator, [asked])
    days = [START + timedelta(days=number) for number in range(20)]
    by_ask = {}
    for row, entered in zip(rows, made, strict=True):
        by_ask.setdefault(row[0].pk, []).append((row, entered))
    for each in asks:
        own = by_ask[each.pk]
        versions = [Version(row[1], row[2], row[3] + row[4] + kept.sha256) for row, _ in own]
        spells = standing(versions, [away.get(entered.pk, ()) for _, entered in own])
        for day in days:
            wanted += [
                (str(each), day, row[3], row[1])
                for (row, _), held in zip(own, spells, strict=True)
                if any(spell.has(day) for spell in held)
            ]
    kept_days = pl.DataFrame({"day": days})
    found = ledger.replies.join(kept_days, how="cross").filter(
        (pl.col("known_from") <= pl.col("day"))
        & (pl.col("known_to").is_null() | (pl.col("known_to") > pl.col("day")))
    )
    assert sorted(found.select("ask", "day", "kind", "on").rows()) == sorted(wanted)


# --- taken back


def test_an_item_taken_back_is_gone_from_its_day_and_stands_again(operator, asked, tmp_path):
    filed(operator, tmp_path, report(grade="1AP"))
    withdraw(operator, "item", "kent SYN-1/1", "synthetic reason", BACK)
    assert at(operator, asked, BACK - DAY)["status"] == "N3"
    assert at(operator, asked, BACK)["status"] == "N1"
    withdraw(operator, "item", "kent SYN-1/1", "taken back wrongly", BACK + 2 * DAY, undo=True)
    assert [at(operator, asked, BACK + number * DAY)["status"] for number in range(4)] == [
        "N1", "N1", "N3", "N3",
    ]  # fmt: skip
    assert [(row.kind, row.undoes != "") for row in history(operator)] == [
        ("item", False),
        ("item", True),
    ]
    assert LogEntry.objects.filter(action="taken back").count() == 2


def test_taking_back_needs_a_reason_a_thing_held_and_a_day_that_may_be(operator, asked, tmp_path):
    filed(operator, tmp_path, report())
    for kind, name, reason, day, words in [
        ("item", "kent SYN-1/1", " ", BACK, "Say why"),
        ("item", "kent SYN-9/1", "x", BACK, "is no item held"),
        ("thing", "kent SYN-1/1", "x", BACK, "cannot be taken back"),
        ("item", "kent SYN-1/1", "x", HELD - DAY, "known before is not changed"),
        ("link", "kent SYN-1/1", "x", BACK, "by its item and its cell"),
        ("grade", "kent SYN-1/1", "x", BACK, "no grade before"),
        ("reply", "REPLY-99999999999999999999", "x", BACK, "is no reply held"),
    ]:
        with pytest.raises(DarkfigureError, match=words):
            withdraw(operator, kind, name, reason, day)
    with pytest.raises(DarkfigureError, match="is not taken back"):
        withdraw(operator, "item", "kent SYN-1/1", "x", BACK, undo=True)
    withdraw(operator, "item", "kent SYN-1/1", "x", BACK)
    with pytest.raises(DarkfigureError, match="taken back already"):
        withdraw(operator, "item", "kent SYN-1/1", "x", BACK)
    with pytest.raises(NotPermitted):
        withdraw(for_public("test"), "item", "kent SYN-1/1", "x", BACK)


def test_everything_that_is_filed_can_be_taken_back(operator, asked, tmp_path):
    filed(operator, tmp_path, report(grade="1AP"))
    regrade_item(operator, "kent SYN-1/1", "3EP", "worthless", BACK)
    assert at(operator, asked, BACK)["e_for"] == 0
    withdraw(operator, "grade", "kent SYN-1/1", "regraded the wrong one", BACK + DAY)
    assert at(operator, asked, BACK + DAY)["e_for"] > 0.2
    withdraw(operator, "link", "kent SYN-1/1", "other cell", BACK + 2 * DAY, cell=CELL)
    assert at(operator, asked, BACK + 2 * DAY)["status"] == "N1"
    withdraw(operator, "link", "kent SYN-1/1", "right cell", BACK + 3 * DAY, cell=CELL, undo=True)
    withdraw(operator, "report", "kent SYN-1", "all of it", BACK + 4 * DAY)
    assert [at(operator, asked, BACK + at_ * DAY)["status"] for at_ in (3, 4)] == ["N3", "N1"]
    replied(operator, tmp_path, "nil_searched", "2026-07-06", BACK + 5 * DAY, effort="thorough")
    assert at(operator, asked, BACK + 5 * DAY)["status"] == "N2"
    withdraw(operator, "reply", str(AskReply.objects.get()), "of another ask", BACK + 6 * DAY)
    assert at(operator, asked, BACK + 6 * DAY)["status"] == "N1"
    withdraw(operator, "ask", str(Ask.objects.get()), "asked elsewhere", BACK + 7 * DAY)
    assert at(operator, asked, BACK + 7 * DAY)["status"] == "N0"
    place = ("HT.6.4", "Kent", "2026 Q2")
    given = {"stated_by": "analyst", "confidence": "high", "lapses_on": None}
    made = accept_answer(operator, asked, place, on=BACK + 8 * DAY, **given)
    assert at(operator, asked, BACK + 8 * DAY)["status"] == "N5"
    withdraw(operator, "answer", made, "of another cell", BACK + 9 * DAY)
    assert at(operator, asked, BACK + 9 * DAY)["status"] == "N0"
    closed = close_without_answer(operator, asked, place, "unlawful", BACK + 10 * DAY)
    assert at(operator, asked, BACK + 10 * DAY)["status"] == "Z"
    withdraw(operator, "closure", closed, "lawful after all", BACK + 11 * DAY)
    assert at(operator, asked, BACK + 11 * DAY)["status"] == "N0"


def test_who_relied_on_what_is_taken_back_is_named(operator, asked, tmp_path):
    filed(operator, tmp_path, report(grade="1AP"))
    confirmed = report("SYN-2", "surrey", "2BP", origin="two", corroborated_by="kent SYN-1/1")
    filed(operator, tmp_path, confirmed)
    answer = accept_answer(
        operator, asked, ("HT.6.4", "Kent", "2026 Q2"), stated_by="analyst", confidence="high",
        on=BACK, lapses_on=None, rests_on=("kent SYN-1/1",),
    )  # fmt: skip
    done = withdraw(operator, "report", "kent SYN-1", "synthetic reason", BACK)
    assert done.told == (
        f"{answer} rests on kent SYN-1/1",
        "surrey SYN-2/1 rests on kent SYN-1/1",
    )


def test_a_correction_moves_the_item_from_its_day(operator, asked, tmp_path):
    filed(operator, tmp_path, report(grade="1AP"))
    moved = report("SYN-2", links=[{**PLACE, "area": "Essex", "relation": "supports"}])
    moved["items"][0]["corrects"] = "SYN-1/1"
    done = filed(operator, tmp_path, moved, BACK)
    assert done.notes == (f"kent SYN-2/1 stands in place of kent SYN-1/1 from {BACK}.",)
    assert [at(operator, asked, day)["status"] for day in (BACK - DAY, BACK)] == ["N3", "N1"]
    (event,) = history(operator)
    assert (event.named, event.corrected_by) == ("kent SYN-1/1", "kent SYN-2/1")
    for name in ("SYN-9/1", "surrey SYN-1/1", "kent SYN-1/1"):
        again = report("SYN-3", corrects=name)
        with pytest.raises(ReturnRefused, match="what it corrects is no item or report held"):
            filed(operator, tmp_path, again, BACK)
    whole = {**report("SYN-4"), "corrects": "SYN-2"}
    assert "in place of kent SYN-2 from" in " ".join(filed(operator, tmp_path, whole, BACK).notes)


# --- asks


def test_an_ask_gets_more_time_and_a_successor(operator, asked, tmp_path):
    (name,) = map(str, Ask.objects.all())
    more = put_asks(operator, asked, [{**ASKED, "due": "2026-12-14"}], BACK)
    assert (more.new, len(more.standing)) == (0, 1)
    assert "stands already, due 2026-07-15; to make it 2026-12-14" in more.standing[0]
    told = correct_ask(operator, name, "more time", BACK, due=date(2026, 12, 14))
    assert told == f"{name}: due 2026-12-14, was 2026-07-15."
    due = {day: asks_due(operator, asked, day) for day in (BACK - DAY, BACK)}
    assert [rows[0][5].isoformat() for rows in due.values()] == ["2026-07-15", "2026-12-14"]
    correct_ask(operator, name, "taken over", BACK + DAY, agency="surrey")
    assert [row[1] for row in asks_due(operator, asked, BACK + DAY)] == ["surrey"]
    with pytest.raises(ReturnRefused, match="surrey"):
        replied(operator, tmp_path, "not_held", "2026-07-10", LATER)
    replied(operator, tmp_path, "not_held", "2026-07-10", LATER, agency="surrey")
    assert asks_due(operator, asked, LATER) == []
    for reason, change, words in [
        ("", {"due": LATER}, "Say why"),
        ("x", {}, "nothing changes"),
        ("x", {"agency": "nobody at all"}, "nobody"),
    ]:
        with pytest.raises(DarkfigureError, match=words):
            correct_ask(operator, name, reason, LATER, **change)
    with pytest.raises(UnknownName, match="no ask that stands"):
        correct_ask(operator, "ASK-77777", "x", LATER, due=LATER)


def test_a_reply_is_that_of_the_agency_it_was_asked_of(operator, asked, tmp_path):
    """What one agency said is no reply of the one that the ask is put to afterwards."""
    (name,) = map(str, Ask.objects.all())
    replied(operator, tmp_path, "not_held", "2026-06-30", HELD + 30 * DAY)
    assert asks_due(operator, asked, LATER) == []
    correct_ask(operator, name, "taken over", LATER, agency="surrey")
    assert asks_due(operator, asked, LATER - DAY) == []
    assert [row[1] for row in asks_due(operator, asked, LATER)] == ["surrey"]
    found = at(operator, asked, LATER)
    assert (found["asked"], found["replied"]) == (1, 0)
    rows = open_cell(operator, asked, CELL, LATER)["replies"]
    assert [row["agency"] for row in rows] == ["kent"]
    replied(operator, tmp_path, "not_held", "2026-07-20", LATER + DAY, agency="surrey")
    assert asks_due(operator, asked, LATER + DAY) == []


def test_items_announced_and_not_sent_are_said_to_be(operator, asked, tmp_path):
    replied(operator, tmp_path, "items", "2026-07-10", LATER)
    opened = open_cell(operator, asked, CELL, LATER)
    assert opened["cell"]["status"] == "N1"
    assert opened["replies"][0]["kind"] == "items announced, none filed"
    filed(operator, tmp_path, report())
    assert open_cell(operator, asked, CELL, LATER)["replies"][0]["kind"] == "items"


def test_an_ask_withdrawn_can_be_put_anew(operator, asked):
    withdraw(operator, "ask", str(Ask.objects.get()), "asked elsewhere", BACK)
    assert asks_due(operator, asked, BACK) == []
    assert put_asks(operator, asked, [ASKED], BACK).new == 1
    assert len(asks_due(operator, asked, BACK)) == 1


def test_an_item_on_the_cell_replies_to_the_ask(operator, asked, tmp_path):
    filed(operator, tmp_path, report())
    assert asks_due(operator, asked, LATER) == []
    (opened,) = open_cells(operator, asked).values()
    assert len(opened["items"]) == 1


# --- sense


@pytest.mark.parametrize(
    ("change", "item", "words"),
    [
        ({"submitted_on": "2026-06-06"}, {}, "still to come"),
        ({}, {"on": "2026-06-03"}, "must come before"),
        ({}, {"event_on": "2026-06-02"}, "must come before"),
        ({}, {"marking": "OFFICIAL-SENSITIVE"}, "marked higher than its report"),
        ({}, {"corroborated_by": "somebody else"}, "not named as an item"),
        ({}, {"corroborated_by": "KENT syn-1/7"}, "confirms itself"),
        ({}, {"links": [{**PLACE, "relation": each} for each in ("supports", "refutes")]}, "two"),
        ({}, {"tlp": "PINK"}, "tlp"),
    ],
)
def test_a_report_that_cannot_be_so_is_refused(operator, asked, tmp_path, change, item, words):
    with pytest.raises(ReturnRefused, match=words):
        filed(operator, tmp_path, {**report(**item), **change})


def test_replies_that_cannot_be_so_are_refused(operator, asked, tmp_path):
    for on, known, words in [
        ("2026-07-21", LATER, "still to come"),
        ("2026-03-31", LATER, "older than its ask"),
    ]:
        with pytest.raises(ReturnRefused, match=words):
            replied(operator, tmp_path, "not_held", on, known)
    twice = replies("not_held", str(Ask.objects.get()))
    twice["replies"] *= 2
    with pytest.raises(ReturnRefused, match="replied to twice"):
        submit_replies(operator, file_of(tmp_path, twice), LATER)


def test_an_answer_rests_on_what_is_held_and_says_something(operator, asked, tmp_path):
    filed(operator, tmp_path, report())
    given = {"stated_by": "analyst", "confidence": "high", "on": BACK}
    place = ("HT.6.4", "Kent", "2026 Q2")
    for where, more, words in [
        (place, {"rests_on": ("essex SYN-NOWHERE/7",)}, "is no item held"),
        (place, {"rests_on": ("E9",)}, "no estimate of the series"),
        (place, {"lapses_on": BACK}, "cannot lapse"),
        (("HT.6.4", "Kent", "2099 Q9"), {}, "is not a period"),
        (("HT.6.4", "Essex", "2026 Q2"), {"rests_on": ("kent SYN-1/1",)}, "says nothing of"),
        (("HT.1.1", "Kent", "2026 Q2"), {}, "asks for a quantity"),
    ]:
        with pytest.raises(DarkfigureError, match=words):
            accept_answer(operator, asked, where, **{"lapses_on": None, **given, **more})


# --- origins and marks


def test_one_origin_in_any_spelling_is_one(operator, asked, tmp_path):
    spelt = ["Synthetic Night Log 7", "synthetic night log 7.", "SYNTHETIC-NIGHT LOG  7"]
    for number, origin in enumerate(spelt):
        agency = ("kent", "surrey", "essex")[number]
        filed(operator, tmp_path, report(f"SYN-{number}", agency, "1AP", origin=origin))
    found = status(operator, asked)
    assert (found["status"], found["origins"]) == ("N3", 1)
    with pytest.raises(ReturnRefused, match="no origin of this number"):
        filed(operator, tmp_path, report("SYN-11", "essex", "1AP", origin="ORIGIN-999"))
    with pytest.raises(NotPermitted):
        list_origins(for_public("test"))


def test_the_agency_s_own_name_is_no_origin_beside_it(operator, asked, tmp_path):
    filed(operator, tmp_path, report("SYN-1", "kent", "1AP", origin="KENT"))
    filed(operator, tmp_path, report("SYN-2", "kent", "1AP"))
    assert status(operator, asked)["origins"] == 1


def test_origins_joined_are_one_from_that_day_on(operator, asked, tmp_path):
    filed(operator, tmp_path, report("SYN-1", "kent", "1AP", origin="first shelter"))
    filed(operator, tmp_path, report("SYN-2", "surrey", "1AP", origin="other house"))
    one, two = (each.reference for each in list_origins(operator))
    join_origins(operator, two, one, "the same house", BACK)
    assert [at(operator, asked, day)["origins"] for day in (BACK - DAY, BACK)] == [2, 1]
    assert [at(operator, asked, day)["status"] for day in (BACK - DAY, BACK)] == ["N4", "N3"]
    with pytest.raises(DarkfigureError, match="are one already"):
        join_origins(operator, one, two, "again", BACK)
    confirmed = report("SYN-3", "essex", "2BP", origin=two, corroborated_by="kent SYN-1/1")
    with pytest.raises(ReturnRefused, match="comes from the same origin"):
        filed(operator, tmp_path, confirmed, BACK)


def test_b_counts_once_what_confirms_it_has_come_in_whichever_order(operator, asked, tmp_path):
    confirmed = report("SYN-2", "surrey", "2BP", origin="two", corroborated_by="kent SYN-1/1")
    done = filed(operator, tmp_path, confirmed)
    assert done.notes == ("Item 1 counts as C until kent SYN-1/1 is held.",)
    before = at(operator, asked, BACK)["e_for"]
    elsewhere = [{**PLACE, "area": "Essex", "relation": "supports"}]
    filed(operator, tmp_path, report("SYN-1", "kent", "1AP", origin="one", links=elsewhere), BACK)
    assert at(operator, asked, BACK - DAY)["e_for"] == before < at(operator, asked, BACK)["e_for"]
    withdraw(operator, "item", "kent SYN-1/1", "synthetic reason", BACK + DAY)
    assert at(operator, asked, BACK + DAY)["e_for"] == before


def test_marks_of_items_are_kept_shown_and_heeded(operator, asked, tmp_path):
    first = {"number": 1, "marking": "OFFICIAL", "tlp": "TLP:RED", "caveat": "SYNTHETIC EYES"}
    data = {**report(grade="1AP", **first), "marking": "OFFICIAL-SENSITIVE", "tlp": "AMBER"}
    data["caveats"] = ["do not copy"]
    second = {**data["items"][0], "number": 2, "marking": "", "tlp": "", "caveat": ""}
    data["items"].append({name: value for name, value in second.items() if value})
    filed(operator, tmp_path, data)
    rows = open_cell(operator, asked, CELL, LATER)["items"]
    marks = [(row["marking"], row["tlp"], row["caveats"]) for row in rows]
    assert marks == [
        ("OFFICIAL", "TLP:RED", "do not copy; SYNTHETIC EYES"),
        ("OFFICIAL-SENSITIVE", "TLP:AMBER", "do not copy"),
    ]
    page = coverage_page(
        measure_coverage(operator, asked, LATER), example_set(), open_cells(operator, asked)
    )
    assert "<strong>OFFICIAL-SENSITIVE</strong>" in page
    assert "SYNTHETIC EYES" not in page
    assert "(TLP:RED): 1." in page
    reader = replace(operator, sees=Marking.OFFICIAL)
    assert status(reader, asked)["status"] == "W"
    (withheld,) = open_cell(reader, asked, CELL, LATER)["items"]
    assert withheld == {"item": "2 withheld", "marking": "OFFICIAL-SENSITIVE", "tlp": ""}


# --- editions


def test_asks_and_replies_go_on_in_an_edition_that_follows(operator, asked, tmp_path):
    replied(operator, tmp_path, "nil_searched", "2026-07-10", date(2026, 7, 12), effort="thorough")
    put_asks(operator, asked, [{**ASKED, "area": "Essex", "agency": "essex"}], START)
    text = SET.format(edition="syn-b", follows="nir-2026", code="HT.6.4", concordance="")
    path = tmp_path / "next.yaml"
    path.write_text(text, encoding="utf-8")
    done = load_set(operator, str(path))
    assert done.closed == ()
    assert status(operator, "syn-b")["status"] == "N2"
    assert [row[3] for row in asks_due(operator, "syn-b", LATER)] == ["Essex"]
    ended = SET.format(edition="syn-c", follows="nir-2026", code="HT.6.9", concordance=RETIRED)
    path.write_text(ended, encoding="utf-8")
    done = load_set(operator, str(path))
    ends = [each.partition(" ")[2] for each in done.closed]
    assert sorted(ends) == [
        f"to {agency} ends on 2026-04-01: HT.6.4 is retired: synthetic."
        for agency in ("essex", "kent")
    ]
    assert asks_due(operator, "syn-c", LATER) == []


def test_an_edition_taken_back_is_no_longer_the_default(operator, edition):
    withdraw(operator, "edition", edition, "loaded by mistake", timezone.localdate())
    with pytest.raises(UnknownName, match="No edition is in force"):
        asks_due(operator, "", LATER)


SET = """# SYNTHETIC
edition: {edition}
title: "SYNTHETIC"
valid: {{from: 2026-04-01, to: 2027-03-31}}
follows: {follows}
areas: [{{code: HT, title: "Synthetic"}}]
requirements:
  - code: HT.6
    area: HT
    title: "Synthetic"
    text: "SYNTHETIC?"
    decision: "none"
    customer: "nobody"
    owner: "nobody"
    priority: 3
    half_life: 1
    questions:
      - code: {code}
        text: "SYNTHETIC?"
        answer: existence
        accept: "two origins"
        domain: {{areas: [Kent, Essex], period: quarter}}
{concordance}
"""
RETIRED = 'concordance: [{kind: retired, from: [HT.6.4], to: [], reason: "synthetic"}]'


# --- commands


@pytest.mark.long
def test_the_program_takes_back_corrects_and_names(tmp_path):
    def program(*words, **given):
        return run(*words, home=tmp_path / "home", **given)

    program("requirements", "load", "human_trafficking")
    asks = tmp_path / "asks.csv"
    asks.write_text(",".join(ASKED) + "\n" + ",".join(ASKED.values()) + "\n", encoding="utf-8")
    program("requirements", "ask", asks, "--on", "2026-04-01")
    data = report(origin="Synthetic Alba Madeup 1")
    program("report", "submit", file_of(tmp_path, data), "--on", "2026-06-05")
    text = program("coverage", "--cell", CELL).stdout
    assert "origin=ORIGIN-1" in text
    assert "Madeup" not in text
    assert "Synthetic Alba Madeup 1" in program("origins", "list").stdout
    words = ("withdraw", "item", "kent SYN-1/1", "--reason", "synthetic", "--on", "2026-07-01")
    assert "TAKEN-1: kent SYN-1/1 taken back" in program(*words).stdout
    assert (
        json.loads(program("withdraw", "--format", "json").stdout)["taken_back"][0]["kind"]
        == "item"
    )
    due = ("--due", "2026-12-14", "--reason", "more time", "--on", "2026-07-01")
    assert "due 2026-12-14, was 2026-07-15" in program("correct", "ASK-1", *due).stdout
    assert "ASK-1" in program("requirements", "due", "--as-at", "2026-07-02").stdout
    closed = program("report", "close", CELL, "--why", "unlawful", "--on", "2026-07-03").stdout
    assert "CLOSURE-1" in closed
    refused = program("withdraw", "item", "kent SYN-9/1", "--reason", "x", check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    program("stop")
