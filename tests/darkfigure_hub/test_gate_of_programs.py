"""The gate of the database, tried by raw SQL with the tokens of programs: what each sees and
enters, and that none is made, widened or brought back. All synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.programs import Wanted, make_token
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB, parameters
from darkfigure_hub.store.policy import GRANTS

UNTIL = timezone.localdate() + timedelta(days=30)
WANTED = Wanted("kent", "case system", ["returns"], Marking.OFFICIAL, UNTIL)


def administrator(number, agency):
    return for_account(
        f"account:{number}", Role.AGENCY_ADMINISTRATOR, agency, Marking.PUBLIC, "test"
    )


@pytest.fixture
def tokens(apart):
    """A token of each grant for two agencies and two markings, by what they are of."""
    found = {}
    for grant, agency, marking in product(GRANTS, ("kent", "essex"), (0, 2)):
        wanted = replace(WANTED, agency=agency, grants=[grant], marking=Marking(marking))
        found[grant, agency, marking] = make_token(administrator(1, agency), wanted).written
    return found


def asked(token="", function="gate.enter_program"):
    """The web's connection, let in by a token."""
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    session = psycopg.connect(**given, autocommit=True)
    session.execute(f"SELECT {function}(%s)", [token])
    return session


def test_a_program_sees_and_enters_its_own_by_raw_sql(tokens):
    officers = {
        agency: for_account("account:0", Role.REPORTING_OFFICER, agency, 2, "test")
        for agency in ("kent", "essex")
    }
    for agency, kind in product(officers, ("return", "report", "replies")):
        draft_submission(officers[agency], kind, "x.csv", b"x", marking=Marking.OFFICIAL)
    row = (
        "INSERT INTO store_submission (agency, kind, name, sha256, size, marking, reading, "
        "drafted_by, drafted_at, released_by, made, discarded_by) "
        "VALUES (%s, %s, 'x', 'x', 1, %s, '', gate.who(), now(), '', '{}', '')"
    )
    for (grant, agency, marking), token in tokens.items():
        with asked(token) as session:
            seen = session.execute("SELECT DISTINCT agency, kind FROM store_submission").fetchall()
            kinds = GRANTS[grant] if marking == 2 else ()
            assert sorted(seen) == sorted((agency, kind) for kind in kinds)
            (who,) = session.execute("SELECT gate.who()").fetchone()
            assert who.startswith("token:")
            own = session.execute("SELECT count(*) FROM store_token").fetchone()
            assert own == (1,)
            others = "essex" if agency == "kent" else "kent"
            for given in product((agency, others), ("return", "report", "replies"), (0, 2)):
                right = given[0] == agency and given[2] <= marking and given[1] in GRANTS[grant]
                if right:
                    with session.transaction(force_rollback=True):
                        session.execute(row, given)
                else:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        session.execute(row, given)


def test_a_token_is_not_made_widened_or_brought_back_by_raw_sql(tokens):
    keys = {agency: tokens["figures", agency, 2] for agency in ("kent", "essex")}
    for function, token in (("gate.enter", keys["kent"]), ("gate.enter_program", "guess")):
        with asked(token, function) as session:
            assert session.execute("SELECT gate.is_let_in()").fetchone() == (False,)
            assert session.execute("SELECT count(*) FROM store_token").fetchone() == (0,)
    with asked(keys["kent"]) as session:
        for statement_ in (
            "UPDATE store_token SET grants = '{figures,release}'",
            "UPDATE store_token SET used_at = NULL",
            "UPDATE store_token SET revoked_at = now(), revoked_by = 'x'",
        ):
            assert session.execute(statement_).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(
                "INSERT INTO store_token (agency, called, key_hash, grants, marking, made_by, "
                "made_at, until, seal, revoked_by, revoked_why) "
                "VALUES ('kent', 'x', 'x', '{figures}', 2, 'x', now(), now(), 'x', '', '')"
            )
        assert session.execute("SELECT gate.maker_of(id) FROM store_token").fetchone()
        (number,) = session.execute("SELECT max(id) FROM store_token").fetchone()
        found = session.execute(
            "SELECT count(*) FROM generate_series(1, %s) AS each "
            "WHERE gate.maker_of(each) IS NOT NULL AND gate.maker_of(each) <> 'account:1'",
            [number + 100],
        )
        assert found.fetchone() == (0,)
