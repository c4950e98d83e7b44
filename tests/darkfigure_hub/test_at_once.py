"""Two people do the same thing at once: one does it, the other is told, and nothing is doubled or
half done. All synthetic.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.appoint import Proposal, approve_appointment, propose_appointment
from darkfigure_hub.flows.submit import draft_submission, release_submission, show_submission
from darkfigure_hub.store.models import Return
from support import people, statement, statement_file

OFFICER = for_account("account:900001", Role.REPORTING_OFFICER, "kent", 2, "test")
SUPERVISOR = for_account("account:900002", Role.AGENCY_SUPERVISOR, "kent", 2, "test")
WANTED = Proposal("cem@example.org", "Cem Invented", "kent", "reporting_officer")


@pytest.fixture(autouse=True)
def there(apart):
    people(900_001, 900_002)


def administrator(number):
    return for_account(f"account:{number}", Role.ADMINISTRATOR, "NCA", 0, "test")


def at_once(*deeds):
    """What each of several deeds done at the same moment gave, or the refusal it met."""
    barrier = threading.Barrier(len(deeds))

    def done(deed):
        barrier.wait()
        try:
            return deed()
        except DarkfigureError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


def test_one_draft_is_released_once(apart, tmp_path):
    path = statement_file(
        tmp_path / "own.csv",
        statement(period="2024", value=12, stated_by="Kent", stated_on="2026-02-01"),
    )
    number = draft_submission(OFFICER, "return", path.name, path.read_bytes())
    digest = show_submission(SUPERVISOR, number)[0].sha256
    others = [replace(SUPERVISOR, who=f"account:{each}") for each in (21, 22, 23)]
    before = Return.objects.count()
    found = at_once(*(lambda by=each: release_submission(by, number, digest) for each in others))
    refused = [each for each in found if isinstance(each, DarkfigureError)]
    assert len(refused) == 2
    assert all("was released meanwhile" in str(each) for each in refused)
    assert Return.objects.count() == before + 1


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
