"""Judgements in the repository: drafted on what is held, reviewed, approved, withdrawn, resolved,
each by another; asked about a past day, what was known then. All synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.ach import Consistency, Row
from darkfigure.intelligence.indicators import read_condition
from darkfigure.intelligence.judgements import (
    Assumption,
    Change,
    CitedFigure,
    CitedItem,
    Comment,
    Criterion,
    Direction,
    Indicator,
    Moved,
    Standing,
)
from darkfigure.intelligence.scoring import Outcome
from darkfigure.intelligence.yardstick import Term
from darkfigure_hub.flows.ask_in_words import question_written
from darkfigure_hub.flows.file_report import submit_report
from darkfigure_hub.flows.judge import (
    approve_judgement,
    comment_on_judgement,
    draft_judgement,
    judgement_history,
    judgements_as_at,
    resolve_judgement,
    review_judgement,
    send_back_judgement,
    withdraw_judgement,
)
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.models import JudgementEvent, JudgementVersion, LogEntry
from darkfigure_hub.store.queries import judgements as store
from judgements_drawn import SOUND
from support_reporting import file_of, report

pytestmark = pytest.mark.django_db
KNOWN, REVIEWED, APPROVED = date(2026, 7, 1), date(2026, 7, 8), date(2026, 7, 15)
TODAY = date(2026, 11, 20)
ARRESTS = "victims_recovered --by operation"


@pytest.fixture(scope="module")
def filled(operator, django_db_setup, django_db_blocker, tmp_path_factory):
    """A set and two reports, once for all tests here."""
    folder = tmp_path_factory.mktemp("judging")
    whole = transaction.atomic()
    whole._from_testcase = True  # deeds that commit by themselves may be within it
    with django_db_blocker.unblock(), whole:
        load_set(operator, "human_trafficking")
        for reference, origin in (("SYN-1", "SYNTHETIC-a"), ("SYN-2", "SYNTHETIC-b")):
            made = file_of(folder, report(reference, origin=origin), f"{reference}.json")
            submit_report(operator, made, "", date(2026, 6, 5))
        secret = report("SYN-3") | {"marking": "OFFICIAL-SENSITIVE"}
        submit_report(operator, file_of(folder, secret, "3.json"), "", date(2026, 6, 5))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def people(operator, filled):
    """Author, reviewer, releaser."""
    return [replace(operator, who=f"operator:{name}") for name in ("ann", "ben", "cyn")]


ITEMS = tuple(CitedItem(f"kent SYN-{at}", 1) for at in (1, 2))
WRITTEN = replace(
    SOUND,
    requirements=("HT.6.4",),
    known=KNOWN,
    horizon=date(2026, 9, 30),
    items_for=ITEMS[:1],
    items_against=ITEMS[1:],
    figures=(CitedFigure(ARRESTS, date(2026, 6, 1)),),
    assumptions=(
        Assumption("Forces go on.", "No arrest is made.", ARRESTS, read_condition("< 1")),
    ),
    rows=(
        Row(ITEMS[0].name, (("A", Consistency.CONSISTENT), ("B", Consistency.NEUTRAL))),
        Row(ITEMS[1].name, (("A", Consistency.INCONSISTENT), ("B", Consistency.CONSISTENT))),
    ),
)
CHANGED = replace(
    WRITTEN,
    term=Term.HIGHLY_LIKELY,
    known=date(2026, 8, 1),
    change=Change(Moved.KNOW_MORE, "Kent reports it too.", Criterion.SOURCE_BASE, ITEMS[0].name),
)


def approved(people, written=WRITTEN, *, on=(REVIEWED, APPROVED)):
    """A judgement that stands."""
    author, reviewer, releaser = people
    made = draft_judgement(author, written, TODAY)
    review_judgement(reviewer, made.judgement.name, on[0], TODAY)
    return approve_judgement(releaser, made.judgement.name, made.content, on[1], TODAY)


def test_what_is_cited_is_looked_up_as_it_was_known(people):
    made = draft_judgement(people[0], WRITTEN, TODAY).judgement
    (item,) = made.items_for
    assert (item.grade, item.day) == ("2CP", date(2026, 6, 1))
    assert item.origin.startswith("ORIGIN-")
    assert item.origin != made.items_against[0].origin
    assert made.figures[0].says
    assert (made.name, made.author, made.status) == ("HT-J-01/v1", "operator:ann", Standing.DRAFTED)
    (held,), withheld = judgements_as_at(people[1], KNOWN, drafts=True)
    assert (held, withheld) == (made, 0)


def test_three_persons_make_one_that_stands(people):
    author, reviewer, releaser = people
    made = draft_judgement(author, WRITTEN, TODAY)
    with pytest.raises(DarkfigureError, match="Another than who drafted it reviews"):
        review_judgement(author, "HT-J-01", REVIEWED, TODAY)
    with pytest.raises(DarkfigureError, match="is drafted: this is done with one that is reviewed"):
        approve_judgement(releaser, "HT-J-01", made.content, APPROVED, TODAY)
    review_judgement(reviewer, "HT-J-01", REVIEWED, TODAY)
    for same in (author, reviewer):
        with pytest.raises(DarkfigureError, match="Another than who drafted it and who reviewed"):
            approve_judgement(same, "HT-J-01", made.content, APPROVED, TODAY)
    for read in ("", made.content[:7], "0" * 64):
        with pytest.raises(DarkfigureError, match="look at it once more"):
            approve_judgement(releaser, "HT-J-01", read, APPROVED, TODAY)
    held = approve_judgement(releaser, "HT-J-01", made.content[:8], APPROVED, TODAY)
    assert held.standing() == Standing.APPROVED
    (judged,), _ = judgements_as_at(author, TODAY)
    assert [judged.author, judged.reviewer, judged.releaser] == [each.who for each in people]
    done = LogEntry.objects.filter(action__startswith="judgement").values_list("action", flat=True)
    assert list(done.order_by("id"))[-3:] == [
        "judgement drafted", "judgement reviewed", "judgement approved",
    ]  # fmt: skip


def test_three_persons_and_one_review_stand_in_the_database_too(people):
    made = draft_judgement(people[0], WRITTEN, TODAY)
    number = JudgementVersion.objects.get(code="HT-J-01").pk
    review_judgement(people[1], made.judgement.name, REVIEWED, TODAY)
    review = JudgementEvent.objects.get(of=number, kind="reviewed").pk
    for entry in (
        {"kind": "approved", "by": people[0].who, "after_id": review},
        {"kind": "approved", "by": people[1].who, "after_id": review},
        {"kind": "approved", "by": people[2].who},
        {"kind": "reviewed", "by": people[2].who},
        {"kind": "withdrawn", "by": people[2].who, "why": "short"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            JudgementEvent.objects.create(of_id=number, known_from=APPROVED, **entry)


def test_asked_about_a_past_day_only_what_was_known_then(people):
    approved(people)
    approved(people, CHANGED, on=(date(2026, 8, 5), date(2026, 8, 9)))
    withdraw_judgement(people[2], "HT-J-01", "Kent took it back.", date(2026, 10, 1), TODAY)

    def terms(day):
        return [(each.version, each.term) for each in judgements_as_at(people[0], day)[0]]

    day_before = timedelta(days=1)
    assert terms(APPROVED - day_before) == []
    assert terms(APPROVED) == terms(date(2026, 8, 8)) == [(1, Term.LIKELY)]
    assert terms(date(2026, 8, 9)) == terms(date(2026, 9, 30)) == [(2, Term.HIGHLY_LIKELY)]
    assert terms(date(2026, 10, 1)) == terms(TODAY) == []
    (held,), _ = judgements_as_at(people[0], REVIEWED, drafts=True)
    assert (held.status, held.releaser) == (Standing.REVIEWED, "")
    versions = judgement_history(people[0], "HT-J-01")
    assert [[event.kind for event in each.events] for each in versions] == [
        ["drafted", "reviewed", "approved"], ["drafted", "reviewed", "approved", "withdrawn"],
    ]  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_days_judgements_are_not_changed_by_what_comes_after(people, data):
    """Whatever is done next, in any order, every day before it says what it said."""
    days = [KNOWN + timedelta(days=at) for at in range(0, 120, 7)]
    with transaction.atomic():
        author, reviewer, releaser = people
        content = draft_judgement(author, WRITTEN, TODAY).content
        said, on = {}, KNOWN
        for _ in range(5):
            on += timedelta(days=data.draw(st.integers(1, 20)))
            deed = data.draw(st.sampled_from(["review", "back", "approve", "withdraw", "again"]))
            try:
                if deed == "review":
                    review_judgement(reviewer, "HT-J-01", on, TODAY)
                elif deed == "back":
                    send_back_judgement(reviewer, "HT-J-01", "Not so as it is.", on, TODAY)
                elif deed == "approve":
                    approve_judgement(releaser, "HT-J-01", content, on, TODAY)
                elif deed == "withdraw":
                    withdraw_judgement(releaser, "HT-J-01", "It did not hold.", on, TODAY)
                else:
                    written = replace(CHANGED, claim=f"As of {on}.", known=on)
                    content = draft_judgement(author, written, TODAY).content
            except DarkfigureError:
                pass
            now = {each: judgements_as_at(author, each, drafts=True) for each in days}
            assert all(now[each] == was for each, was in said.items() if each < on)
            said = now
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"known": TODAY + timedelta(days=1)}, "is to come"),
        ({"requirements": ("HT.99.9",)}, "no question of a set in force"),
        ({"items_for": (CitedItem("kent SYN-9", 1),)}, "is no item that was known and stood"),
        ({"known": date(2026, 6, 4)}, "is no item that was known and stood on 2026-06-04"),
        ({"items_for": (CitedItem("kent SYN-3", 1),)}, "is marked OFFICIAL-SENSITIVE: mark"),
        ({"items_for": (replace(ITEMS[0], grade="1AP"),)}, "its grade is 2CP as known of"),
        ({"figures": (CitedFigure("arrestz", KNOWN),)}, "arrests"),
        (
            {"figures": (CitedFigure("arrests --period 1950", KNOWN),)},
            "figures 1 has no answer as at",
        ),
        ({"figures": (CitedFigure(ARRESTS, KNOWN, "abc"),)}, "is answered by .*, not by"),
        ({"comments": (Comment("nobody at all", "Not so."),)}, "is no agency"),
        ({"area": "QQ"}, "area: .* is no threat area of a set in force .*HT"),
        (
            {"indicators": (Indicator("x", "arrestz", read_condition("> 1")),)},
            "indicators 1: .*arrestz",
        ),
        (
            {"assumptions": (Assumption("x", "y", "arrestz", read_condition("> 1")),)},
            "assumptions 1: .*arrestz",
        ),
        ({"change": Change(Moved.NO_CHANGE, "x")}, "1 fault found; nothing was kept"),
        ({"requirements": ("HT.6.4",), "resolution": ""}, "Write resolution: what evidence"),
    ],
)
def test_what_cannot_be_drafted_is_refused_and_nothing_is_kept(people, changes, said):
    before = JudgementVersion.objects.count()
    with pytest.raises((DarkfigureError, UnknownName, Unreadable), match=said):
        draft_judgement(people[0], replace(WRITTEN, **changes), TODAY)
    assert JudgementVersion.objects.count() == before


def test_a_dry_run_keeps_nothing_and_the_same_is_not_drafted_twice(people):
    assert not draft_judgement(people[0], WRITTEN, TODAY, dry_run=True).kept
    draft_judgement(people[0], WRITTEN, TODAY)
    with pytest.raises(DarkfigureError, match="says this already"):
        draft_judgement(people[0], WRITTEN, TODAY)


def test_one_that_is_sent_back_is_drafted_anew_and_the_older_one_is_over(people):
    author, reviewer, releaser = people
    made = draft_judgement(author, WRITTEN, TODAY)
    with pytest.raises(Unreadable, match="Say why"):
        send_back_judgement(reviewer, "HT-J-01", "no", REVIEWED, TODAY)
    send_back_judgement(reviewer, "HT-J-01", "Say what would change it.", REVIEWED, TODAY)
    with pytest.raises(DarkfigureError, match="is sent back"):
        review_judgement(reviewer, "HT-J-01", REVIEWED, TODAY)
    mended = draft_judgement(author, replace(WRITTEN, would_change="A census."), TODAY)
    assert mended.judgement.name == "HT-J-01/v2"
    with pytest.raises(DarkfigureError, match="is sent back"):
        approve_judgement(releaser, made.judgement.name, made.content, APPROVED, TODAY)
    review_judgement(reviewer, "HT-J-01", REVIEWED, TODAY)
    draft_judgement(author, replace(WRITTEN, would_change="A better census."), TODAY)
    with pytest.raises(DarkfigureError, match="HT-J-01/v3 was drafted in the place of HT-J-01/v2"):
        approve_judgement(releaser, "HT-J-01/v2", mended.content, APPROVED, TODAY)


def test_a_day_for_what_is_done_lies_after_what_was_done_and_has_come(people):
    draft_judgement(people[0], WRITTEN, TODAY)
    for day in (KNOWN - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Unreadable, match="is no day for this"):
            review_judgement(people[1], "HT-J-01", day, TODAY)


def test_what_rests_on_an_item_that_was_taken_back_is_not_approved(people, operator):
    made = draft_judgement(people[0], WRITTEN, TODAY)
    review_judgement(people[1], "HT-J-01", REVIEWED, TODAY)
    withdraw(operator, "report", "kent SYN-2", "synthetic reason", date(2026, 7, 10))
    with pytest.raises(DarkfigureError, match="rests on what was taken back: kent SYN-2/1"):
        approve_judgement(people[2], "HT-J-01", made.content, APPROVED, TODAY)


def test_an_agencys_comment_stands_beside_it_and_is_frozen_with_it(people):
    made = draft_judgement(people[0], WRITTEN, TODAY)
    said = ("kent", "We record them otherwise since May.")
    comment_on_judgement(people[0], "HT-J-01", *said, REVIEWED, TODAY)
    review_judgement(people[1], "HT-J-01", REVIEWED, TODAY)
    approve_judgement(people[2], "HT-J-01", made.content, APPROVED, TODAY)
    (judged,), _ = judgements_as_at(people[0], TODAY)
    assert judged.comments == (Comment(*said),)
    with pytest.raises(DarkfigureError, match="is approved"):
        comment_on_judgement(people[0], "HT-J-01", *said, TODAY, TODAY)


RESOLVED = (Outcome.CAME_TRUE, "The figure of the fourth quarter.")


def test_it_is_resolved_after_its_horizon_by_another_with_evidence(people):
    approved(people)
    after = date(2026, 10, 1)
    for who, outcome, on, said in (
        (people[1], RESOLVED, date(2026, 9, 30), "is open until 2026-09-30"),
        (people[0], RESOLVED, after, "Another than who drafted it"),
        (people[1], (Outcome.DID_NOT, "no"), after, "Say why"),
    ):
        with pytest.raises(DarkfigureError, match=said):
            resolve_judgement(who, "HT-J-01", *outcome, on, TODAY)
    seen = {"direction": Direction.STABLE}
    resolve_judgement(people[1], "HT-J-01", *RESOLVED, after, TODAY, **seen)
    later = (Outcome.DID_NOT, "The figure was corrected since.")
    held = resolve_judgement(people[2], "HT-J-01", *later, date(2026, 11, 1), TODAY)
    assert held.event("resolved").said["outcome"] == "did_not"
    assert held.event("resolved", date(2026, 10, 31)).said == {
        "outcome": "came_true", "direction": "stable",
    }  # fmt: skip
    assert held.standing() == Standing.APPROVED


def test_what_was_not_approved_or_cannot_be_told_is_not_resolved(people):
    made = replace(WRITTEN, horizon=None, resolution="No source will ever tell.")
    approved(people, made)
    with pytest.raises(DarkfigureError, match="is never scored"):
        resolve_judgement(people[1], "HT-J-01", *RESOLVED, TODAY, TODAY)
    draft_judgement(people[0], replace(WRITTEN, code="HT-J-02"), TODAY)
    with pytest.raises(DarkfigureError, match="was never approved"):
        resolve_judgement(people[1], "HT-J-02", *RESOLVED, TODAY, TODAY)


def test_what_is_marked_above_ones_sight_is_counted_and_not_shown(people):
    approved(people)
    above = replace(WRITTEN, code="HT-J-02", marking=Marking.OFFICIAL_SENSITIVE)
    approved(people, above)
    reader = replace(people[0], sees=Marking.OFFICIAL)
    judged, withheld = judgements_as_at(reader, TODAY)
    assert ([each.code for each in judged], withheld) == (["HT-J-01"], 1)
    with pytest.raises(UnknownName, match="is no judgement"):
        judgement_history(reader, "HT-J-02")
    assert store.withheld_judgements(reader, KNOWN - timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("permission", "deed"),
    [
        (Permission.DRAFT_JUDGEMENT, lambda who: draft_judgement(who, WRITTEN, TODAY)),
        (Permission.REVIEW_JUDGEMENT, lambda who: review_judgement(who, "x", TODAY, TODAY)),
        (
            Permission.APPROVE_JUDGEMENT,
            lambda who: approve_judgement(who, "x", "x", TODAY, TODAY),
        ),
        (
            Permission.RESOLVE_JUDGEMENT,
            lambda who: resolve_judgement(who, "x", *RESOLVED, TODAY, TODAY),
        ),
        (Permission.READ_JUDGEMENT, lambda who: judgements_as_at(who, TODAY)),
    ],
)
def test_each_takes_its_permission(operator, permission, deed):
    without = replace(operator, permissions=operator.permissions - {permission})
    with pytest.raises(NotPermitted, match="is not permitted to"):
        deed(without)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("arrests", {}),
        ("arrests --period 2008", {"period": "2008"}),
        ("arrests period=2008 --by operation", {"period": "2008", "by": ["operation"]}),
        ("arrests --where 'operation=Pentameter 2'", {"where": ["operation=pentameter_2"]}),
    ],
)
def test_a_question_is_written_in_a_line(text, canonical):
    asked = question_written(text, KNOWN).canonical()
    assert asked["measure"] == "arrests"
    assert question_written(text, KNOWN).as_at == KNOWN
    for name in ("period", "by", "where"):
        assert bool(asked[name]) == (name in canonical)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("arrests --periods 2008", "no option here"),
        ("arrests --period", "given and empty"),
        ("arrests --period 2008 --period 2009", "said twice"),
        ("arrests --where 'a=b", "is not closed"),
        ("arrests,victims_recovered", "asks several things"),
    ],
)
def test_what_is_no_question_in_a_line_is_refused(text, said):
    with pytest.raises(Unreadable, match=said):
        question_written(text, KNOWN)
