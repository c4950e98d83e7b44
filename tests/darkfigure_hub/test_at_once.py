"""Two people do the same thing at once: one does it, the other is told, and nothing is doubled or
half done. All synthetic.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.cases.records import FORM
from darkfigure.linkage import DecisionKind
from darkfigure.reading import release_plans
from darkfigure.synthetic.linked_returns import write_linked_returns
from darkfigure_hub.access import verify
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows import release_figures
from darkfigure_hub.flows.appoint import Proposal, approve_appointment, propose_appointment
from darkfigure_hub.flows.decide_link import agree_link, decide_link, withdraw_link
from darkfigure_hub.flows.dispose import (
    carry_out_disposal,
    end_hold,
    hold_thing,
    number_of,
    propose_disposal,
    show_disposal,
    withdraw_disposal,
)
from darkfigure_hub.flows.enquire import (
    Opening,
    change_enquiry,
    close_enquiry,
    open_enquiry,
    release_enquiry,
    show_enquiry,
)
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.submit import draft_submission, release_submission, show_submission
from darkfigure_hub.store.models import (
    IntelligenceReport,
    LinkDecision,
    LogEntry,
    Release,
    Response,
    Return,
)
from support import at_once, people, statement, statement_file
from support_reporting import file_of, report

PART = {"ask": "victims_recovered", "period": "2024"}
DESK = for_account("account:910001", Role.ANSWERS_DESK, "centre", 2, "test")
RELEASER = for_account("account:910002", Role.RELEASE_OFFICER, "centre", 2, "test")
OFFICER = for_account("account:900001", Role.REPORTING_OFFICER, "kent", 2, "test")
SUPERVISOR = for_account("account:900002", Role.AGENCY_SUPERVISOR, "kent", 2, "test")
WANTED = Proposal("cem@example.org", "Cem Invented", "kent", "reporting_officer")


@pytest.fixture(autouse=True)
def there(apart):
    people(900_001, 900_002)


def administrator(number):
    return for_account(f"account:{number}", Role.ADMINISTRATOR, "NCA", 0, "test")


def drafted(operator, folder, kind):
    """A draft of figures, or of a report, whole."""
    if kind == "report":
        load_set(operator, "human_trafficking")
        path = file_of(folder, report())
    else:
        row = statement(period="2024", value=12, stated_by="Kent", stated_on="2026-02-01")
        path = statement_file(folder / "own.csv", row)
    return draft_submission(OFFICER, kind, path.name, path.read_bytes())


@pytest.mark.parametrize(("kind", "made"), [("return", Return), ("report", IntelligenceReport)])
def test_one_draft_is_released_once(operator, tmp_path, kind, made):
    number = drafted(operator, tmp_path, kind)
    digest = show_submission(SUPERVISOR, number)[0].sha256
    others = [replace(SUPERVISOR, who=f"account:{each}") for each in (21, 22, 23)]
    before = made.objects.count()
    found = at_once(*(lambda by=each: release_submission(by, number, digest) for each in others))
    refused = [each for each in found if isinstance(each, DarkfigureError)]
    assert len(refused) == 2
    assert all("was released meanwhile" in str(each) for each in refused)
    assert made.objects.count() == before + 1


def test_one_proposal_is_approved_or_ended_once(apart):
    number = propose_appointment(administrator(900_001), WANTED)
    deeds = [lambda: approve_appointment(administrator(900_002), number)] * 2
    found = at_once(*deeds, lambda: propose_appointment(administrator(900_003), WANTED))
    refused = [each for each in found if isinstance(each, DarkfigureError)]
    assert len(refused) == 2
    assert "already" in str(found[2])


def test_a_draft_is_mended_and_released_at_once(apart, tmp_path):
    path = statement_file(
        tmp_path / "own.csv",
        statement(period="2023", value=7, stated_by="Kent", stated_on="2026-02-01"),
    )
    number = draft_submission(OFFICER, "return", path.name, path.read_bytes())
    digest = show_submission(SUPERVISOR, number)[0].sha256
    released, mended = at_once(
        lambda: release_submission(SUPERVISOR, number, digest),
        lambda: draft_submission(
            OFFICER, "return", path.name, path.read_bytes() + b"\n", replaces=number
        ),
    )
    assert isinstance(released, DarkfigureError) != isinstance(mended, DarkfigureError)
    state = show_submission(OFFICER, number)[0].state
    assert state == ("discarded" if isinstance(released, DarkfigureError) else "released")


@pytest.fixture
def enquiry(operator, tmp_path):
    """A request of one part that has a figure, and its content as it was read."""
    row = statement(period="2024", value=412, stated_on="2025-02-01", source="SYNTHETIC")
    receive_return(operator, statement_file(tmp_path / "figures.csv", row), marking=0)
    number = open_enquiry(DESK, Opening(date(2026, 3, 2), text="synthetic"))
    change_enquiry(DESK, number, digest_of(number), [PART])
    return number


def digest_of(number):
    return show_enquiry(DESK, number, draft=False).held.sha256


def test_one_of_two_edits_of_one_request_is_kept_and_the_other_is_told(enquiry):
    digest = digest_of(enquiry)
    edits = [{**PART, "period": year} for year in ("2022", "2023", "2024..2025")]
    found = at_once(
        *(lambda put=each: change_enquiry(DESK, enquiry, digest, [put]) for each in edits)
    )
    kept = [edit for edit, came in zip(edits, found, strict=True) if came is None]
    assert [*show_enquiry(DESK, enquiry, draft=False).parts] == kept
    assert len(kept) == 1
    told = [str(each) for each in found if each is not None]
    assert all("changed by somebody else since you opened it" in each for each in told)


def test_one_response_is_released_once(enquiry):
    seal = show_enquiry(RELEASER, enquiry).seal
    before = Response.objects.count()
    releasers = [replace(RELEASER, who=f"account:{910_002 + each}") for each in range(2)]
    found = at_once(
        *(lambda by=each: release_enquiry(by, enquiry, seal, public=True) for each in releasers)
    )
    (refused,) = [each for each in found if isinstance(each, DarkfigureError)]
    assert "was released meanwhile" in str(refused)
    assert Response.objects.count() == before + 1


@pytest.mark.parametrize("other", ["change", "close"])
def test_a_request_is_released_and_changed_or_closed_at_once(enquiry, other):
    """Either it goes out as it was read and nothing else is done, or nothing goes out."""
    seal, digest = show_enquiry(RELEASER, enquiry).seal, digest_of(enquiry)
    before = Response.objects.count()
    deeds = {
        "change": lambda: change_enquiry(DESK, enquiry, digest, [PART, PART]),
        "close": lambda: close_enquiry(DESK, enquiry, digest, "SYNTHETIC"),
    }
    released, done = at_once(
        lambda: release_enquiry(RELEASER, enquiry, seal, public=True), deeds[other]
    )
    assert isinstance(released, DarkfigureError) != isinstance(done, DarkfigureError)
    assert Response.objects.count() == before + (not isinstance(released, DarkfigureError))
    state = show_enquiry(DESK, enquiry, draft=False).held.state
    ends = {"change": "open", "close": "closed"}[other]
    assert state == ("released" if isinstance(done, DarkfigureError) else ends)


def test_one_draft_is_replaced_once(operator, tmp_path):
    """Two mend one draft: one of them is kept in its place, the other is told and loses nothing."""
    number = drafted(operator, tmp_path, "return")
    held = (tmp_path / "own.csv").read_bytes()
    put = [held + b"\n" * each for each in (1, 2)]
    found = at_once(
        *(
            lambda content=each: draft_submission(
                OFFICER, "return", "own.csv", content, replaces=number
            )
            for each in put
        )
    )
    refused = [each for each in found if isinstance(each, DarkfigureError)]
    assert len(refused) == 1
    assert "was discarded meanwhile: nothing was changed" in str(refused[0])
    (made,) = (each for each in found if not isinstance(each, DarkfigureError))
    kept = put[found.index(made)]
    assert show_submission(OFFICER, made)[0].sha256 == sha256(kept).hexdigest()
    assert show_submission(OFFICER, number)[0].state == "discarded"


def old_return(operator, folder, references):
    people = [{"record": each, "sex": "female", "family_name": "Needle"} for each in references]
    head = {"form": FORM, "reported_by": "kent", "stated_on": "2012-03-01", "synthetic": True}
    path = folder / "old.json"
    path.write_text(json.dumps({**head, "records": {"person": people}}))
    return receive_return(operator, path).returns[0].id


WHY = "synthetic: no longer needed for any purpose"


@pytest.mark.parametrize("kind", ["return", "person"])
def test_one_thing_is_proposed_once_and_disposed_of_once(operator, tmp_path, kind):
    """Two propose, two carry out, one carries out what another withdraws: one deed, each told."""
    number = old_return(operator, tmp_path, ("N-1", "N-2"))
    if kind == "person":
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(record) FROM case_person WHERE return_id = %s", [number])
            number = number_of(operator, kind, cursor.fetchone()[0])
    others = [replace(operator, who=f"operator:{each}") for each in "ab"]
    found = at_once(*(lambda by=each: propose_disposal(by, kind, number, WHY) for each in others))
    (refused,) = (each for each in found if isinstance(each, DarkfigureError))
    assert "has been proposed already" in str(refused)
    (made,) = (each for each in found if not isinstance(each, DarkfigureError))
    carriers = [replace(operator, who=f"operator:{each}") for each in "cd"]
    found = at_once(*(lambda by=each: carry_out_disposal(by, made) for each in carriers))
    (refused,) = (each for each in found if isinstance(each, DarkfigureError))
    assert "look at it once more" in str(refused) or "no such proposal" in str(refused)
    (done,) = (each for each in found if not isinstance(each, DarkfigureError))
    assert done.gone["names"] == {"return": 2, "person": 1}[kind]
    assert LogEntry.objects.filter(action="disposal carried out").count() == 1
    assert verify().fault is None


def test_what_is_carried_out_and_withdrawn_at_once_is_one_of_both(operator, tmp_path):
    made = propose_disposal(operator, "return", old_return(operator, tmp_path, ("N-1",)), WHY)
    other = replace(operator, who="operator:another")
    carried, withdrawn = at_once(
        lambda: carry_out_disposal(other, made), lambda: withdraw_disposal(operator, made)
    )
    assert isinstance(carried, DarkfigureError) != isinstance(withdrawn, DarkfigureError)
    state = show_disposal(operator, made).state
    assert state == ("withdrawn" if isinstance(carried, DarkfigureError) else "carried out")
    actions = ("disposal carried out", "disposal withdrawn")
    assert [*LogEntry.objects.filter(action__in=actions).values_list("action", flat=True)] == [
        f"disposal {state}"
    ]


def test_one_hold_is_ended_once(operator, tmp_path):
    number = old_return(operator, tmp_path, ("N-1",))
    held = hold_thing(operator, "return", number, "court", "synthetic: a court asks", None)
    found = at_once(*(lambda: end_hold(operator, held, "synthetic: it decided"),) * 3)
    assert [each for each in found if each is None] == [None]
    assert LogEntry.objects.filter(action="hold ended").count() == 1


PLAN = {
    "series": "recovered", "edition": "2008", "title": "SYNTHETIC", "summary": "SYNTHETIC",
    "publisher": "Centre", "contact": "statistics@example.org",
    "licence": "Open Government Licence v3.0", "out": "2026-01-01 09:30",
    "tables": [{"code": "in-all", "title": "In all", "ask": "victims_recovered",
                "by": ["operation"], "evidence": "cases", "as_at": "2009-11-01"}],
}  # fmt: skip


def test_one_release_is_approved_once_and_published_once(operator):
    plan = release_plans.read_plan(json.dumps(PLAN), "plan.json")
    made = release_figures.prepare_release(operator, plan, timezone.localdate())
    content = made.release.content
    others = [replace(operator, who=f"operator:{each}") for each in "ab"]
    for deed in (
        lambda by: release_figures.approve_release(by, made.name, content),
        lambda by: release_figures.publish_release(by, made.name),
    ):
        found = at_once(*(lambda by=each, do=deed: do(by) for each in others))
        (refused,) = (each for each in found if isinstance(each, DarkfigureError))
        # Who comes when the other is done is told that it is out.
        assert any(words in str(refused) for words in ("meanwhile", "already", " is out"))
    assert Release.objects.filter(published_at__isnull=False).count() == 1
    entries = LogEntry.objects.filter(action__in=("release approved", "release published"))
    assert entries.count() == 2


@pytest.fixture
def proposal(operator, tmp_path):
    """A grave decision that waits: to part two records that are surely one person's."""
    receive = [receive_return(operator, each) for each in write_linked_returns(tmp_path, 40, 4)]
    assert receive
    link_records(operator, date(2031, 3, 5))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p."left", p."right" FROM store_linkpair p
            JOIN person_link l ON l.record = p."left" AND l.known_to IS NULL
            JOIN person_link r ON r.record = p."right" AND r.surely = l.surely
                AND r.known_to IS NULL
            WHERE p.probability > 0.999 ORDER BY 1, 2 LIMIT 1"""
        )
        left, right = cursor.fetchone()
    made = decide_link(
        operator, DecisionKind.SPLIT, DAY, left=left, right=right, reason="synthetic: twins"
    )
    assert made.waits
    return made.waits


DAY = date(2031, 3, 12)


@pytest.mark.parametrize("second", ["agrees", "withdraws"])
def test_one_link_is_decided_once(operator, proposal, second):
    first, other = (replace(operator, who=f"operator:{each}") for each in "ab")
    deeds = {
        "agrees": lambda: agree_link(other, proposal, DAY),
        "withdraws": lambda: withdraw_link(operator, proposal),
    }
    found = at_once(lambda: agree_link(first, proposal, DAY), deeds[second])
    (refused,) = (each for each in found if isinstance(each, DarkfigureError))
    assert "no such decision that waits" in str(refused)
    decided = LinkDecision.objects.count()
    assert decided == (second == "agrees" or not isinstance(found[0], DarkfigureError))
    assert verify().fault is None
