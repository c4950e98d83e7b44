"""Two people do the same thing at once: one does it, the other is told, and nothing is doubled or
half done. All synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.appoint import Proposal, approve_appointment, propose_appointment
from darkfigure_hub.flows.enquire import (
    Opening,
    change_enquiry,
    close_enquiry,
    open_enquiry,
    release_enquiry,
    show_enquiry,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.flows.submit import draft_submission, release_submission, show_submission
from darkfigure_hub.store.models import IntelligenceReport, Response, Return
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
