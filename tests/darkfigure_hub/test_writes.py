"""Every INSERT, UPDATE and DELETE that the web's login can try, and all that it is shown, on every
table with walls, as each role: of one's own agency and another's, one's own and another's hand.
What comes of it is what `support_writes` says in plain Python. Statements name no column they do
not set, so that the rule of reading hides no fault of the rule of writing. All synthetic.
"""

from __future__ import annotations

import psycopg
from django.db import connection

from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import WEB, parameters
from support_raw_sql import Matrix
from support_writes import READERS, TABLES


def test_every_write_by_raw_sql_comes_to_what_the_policy_gives(apart):
    """Each is tried in turn and undone, on rows that are there for every situation."""
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")
        assert {name for (name,) in cursor.fetchall()} == set(TABLES), "a new table is said there"
    matrix, wrong = Matrix(), []
    given = parameters(roles.server(), WEB, connection.settings_dict["NAME"])
    for reader in READERS:
        with psycopg.connect(**given, autocommit=True) as session:
            wrong += matrix.wrong(session.execute, reader)
    assert not wrong, "\n".join(map(str, wrong))
