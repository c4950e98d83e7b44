"""Repositories as older programs left them, filled by those programs themselves, are brought up to
date: every row is there, figures and names are the same, the log holds. All synthetic.
"""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from test_backups import anew, as_owner

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.publication import ask
from darkfigure_hub.access import verify
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.keep_backup import restore
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.store import backups
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries import identity, pseudonyms
from darkfigure_hub.store.roles import is_granted

__all__ = ["anew"]

pytestmark = pytest.mark.xdist_group("upgrades")
STATES = Path(__file__).parent / "states"
#: Persons as a program without keys named them.
PLAIN = {"kent:20cfd06191dac45a", "kent:e6ff9fbd9c21f68a", "kent:ab8600222414d834"}
#: The first program whose log was sealed, and whose pseudonyms were keyed.
SEALED, KEYED = "0008", "0011"
#: Tables to which an upgrade adds: what was done, agencies and rights of today.
GROWING = {"django_migrations", "django_content_type", "auth_permission", "store_agency"}
EVERY = sorted(path.name.partition(".")[0] for path in STATES.glob("*.sql.gz"))
#: The newest is tried each time.
TRIED = [pytest.param(each, marks=() if each == EVERY[-1] else pytest.mark.long) for each in EVERY]


@pytest.fixture
def of_before(request, anew):
    """A repository as an older program left it, in a database restored without roles."""
    with as_owner() as owner:
        owner.execute(gzip.decompress((STATES / f"{request.param}.sql.gz").read_bytes()))
    connection.close()
    return request.param


def counts():
    """How many rows each table holds."""
    with as_owner() as owner:
        tables = owner.execute(
            "SELECT n.nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname IN ('public', 'identity')"
        ).fetchall()
        asked = psycopg.sql.SQL("SELECT count(*) FROM {}")
        return {
            each[1]: owner.execute(asked.format(psycopg.sql.Identifier(*each))).fetchone()[0]
            for each in tables
        }


def holds_what_it_held(operator, before):
    answer = answer_question(operator, ask("victims_recovered", date(2008, 12, 17), period="2006"))
    assert [str(cell.value) for cell in answer.cells] == ["88"]
    later = answer_question(operator, ask("victims_recovered", date(2010, 1, 1), period="2006"))
    assert [str(cell.value) for cell in later.cells] == ["84"]
    names = identity.names_of(operator)
    assert sorted(names["family_name"].to_list()) == ["Example", "Persona", "Persona"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM case_person UNION SELECT person FROM person_link")
        held = {record for (record,) in cursor.fetchall()}
    assert PLAIN.isdisjoint(held)
    assert held == set(names["pseudonym"])
    if before < KEYED:  # plain names of before are no names of now, and are known to have been
        assert set(pseudonyms.sealed(PLAIN).values()) == held
    found = verify()
    # Those of before are chained alone, or sealed with the key of whoever filled it.
    older = found.chained if before < SEALED else sum(found.elsewhere.values())
    assert (found.fault, older >= 3, found.proved > 0) == (None, True, True)
    assert is_granted()


@pytest.mark.parametrize("of_before", TRIED, indirect=True)
def test_a_repository_of_an_older_program_is_brought_up_to_date(of_before, operator):
    before = counts()
    open_repository()
    after = counts()
    lost = {name: held for name, held in before.items() if after.get(name, 0) < held}
    grown = {name for name, held in before.items() if after.get(name, 0) > held}
    assert lost == {}
    assert grown <= GROWING
    holds_what_it_held(operator, of_before)
    first = LogEntry.objects.get(action="records combined")
    assert (first.sealed_by == "") == (of_before < SEALED)


@pytest.mark.parametrize("of_before", TRIED, indirect=True)
def test_a_backup_of_an_older_repository_is_restored(of_before, operator, tmp_path):
    file = tmp_path / "of.backup"
    with file.open("wb") as target:
        made = backups.write(target, "0", lambda _doing, _rows: None)
    assert made.migrations[-1].startswith(f"store.{of_before}_")
    with as_owner() as owner:
        for schema in ("identity", "public", "gate", "released"):
            owner.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        owner.execute("CREATE SCHEMA public")
    connection.close()
    restore(operator, file)
    holds_what_it_held(operator, of_before)


@pytest.mark.parametrize("of_before", TRIED, indirect=True)
def test_a_repository_of_a_newer_program_is_refused_by_name(of_before, operator):
    with as_owner() as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES "
            "('store', '9999_of_tomorrow', now())"
        )
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"newer program: store\.9999_of_tomorrow is"):
            open_repository()
    with as_owner() as owner:
        held = owner.execute("SELECT max(name) FROM django_migrations WHERE name < '9'").fetchone()
    assert held[0].startswith(of_before)
