"""Spellings of origins: read by a login of its own, which sees what is committed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from darkfigure.basis.errors import NotPermitted, ReturnRefused
from darkfigure.basis.marking import NOTHING
from darkfigure_hub.access import for_nobody
from darkfigure_hub.flows.file_report import submit_report
from darkfigure_hub.flows.name_origins import add_origin, list_origins
from darkfigure_hub.flows.set_requirements import load_set
from darkfigure_hub.store.logins import parameters
from darkfigure_hub.store.queries import origins
from darkfigure_hub.store.roles import SERVICE, database, server
from support_reporting import file_of, report

HELD = date(2026, 7, 2)


@pytest.fixture
def edition(apart, operator):
    return load_set(operator, "human_trafficking").edition


def test_a_spelling_near_to_one_is_asked_about(operator, edition, tmp_path):
    def filed(reference, agency, origin):
        data = report(reference, agency, "1AP", origin=origin)
        submit_report(operator, file_of(tmp_path, data), edition, HELD)

    filed("SYN-1", "kent", "Synthetic Night Log 7")
    with pytest.raises(ReturnRefused, match="spelt nearly as one") as refused:
        filed("SYN-9", "essex", "Synthetic Nite Log 7")
    assert "Nite" not in str(refused.value)
    (held,) = list_origins(operator)
    add_origin(operator, "Synthetic Nite Log 7", HELD, held.reference)
    filed("SYN-9", "essex", "Synthetic Nite Log 7")
    filed("SYN-8", "essex", "synthetic night log 8")
    filed("SYN-10", "essex", held.reference)
    first, second = list_origins(operator)
    assert first.spellings == ("Synthetic Night Log 7", "Synthetic Nite Log 7")
    assert (first.items, second.spellings) == (3, ("synthetic night log 8",))


def test_the_service_is_told_what_a_spelling_stands_for_and_cannot_read_spellings(
    operator, edition
):
    add_origin(operator, "Synthetic Harbour 9", HELD)
    assert origins.found("synthetic HARBOUR-9") == origins.found("Synthetic Harbour 9")
    with psycopg.connect(**parameters(server(), SERVICE, database())) as service:
        (number,) = service.execute("SELECT identity.origin_of('syntheticharbour9')").fetchone()
        assert number == origins.found("Synthetic Harbour 9")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("SELECT written FROM identity.origin_spelling")


def test_spellings_are_given_to_who_may_read_names_and_see_their_items(operator, edition, tmp_path):
    data = report("SYN-1", "kent", "1AP", origin="Synthetic Night Log 7")
    submit_report(operator, file_of(tmp_path, data), edition, HELD)
    assert list(origins.spellings(operator).values()) == [["Synthetic Night Log 7"]]
    assert origins.spellings(replace(operator, sees=NOTHING)) == {}
    with pytest.raises(NotPermitted):
        origins.spellings(for_nobody("test"))
