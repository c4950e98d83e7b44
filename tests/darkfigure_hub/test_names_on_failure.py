"""What fails while names are written says nothing of them: not the program, not an error, not the
server's log. All synthetic.
"""

from __future__ import annotations

import json
import logging
import subprocess
import time

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, connection

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.cases.records import FORM
from darkfigure_hub.commands.endings import UNREACHABLE
from darkfigure_hub.store.queries.copying import copying
from darkfigure_hub.store.roles import identity_reader
from support import PROGRAM, environment, logged_in, own_folder, run

pytestmark = [pytest.mark.xdist_group("names_on_failure"), pytest.mark.long]
MANY = 20000
SEEN = "Familienname"
COPYING = (
    "SELECT pid FROM pg_stat_activity "
    """WHERE query LIKE 'COPY "identity"."person"%' AND state = 'active'"""
)


def many_persons(folder):
    path = folder / "return.json"
    rows = [
        {"record": f"N-{n}", "sex": "female", "given_name": f"Vor{n}", "family_name": f"{SEEN}{n}"}
        for n in range(MANY)
    ]
    head = {"form": FORM, "reported_by": "kent", "stated_on": "2026-03-01", "synthetic": True}
    path.write_text(json.dumps({**head, "records": {"person": rows}}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home():
    with own_folder() as folder:
        run("log", home=folder)
        yield folder


def loading_meets(home, path, done_to):
    """Load a return; what is done to the session while names are copied; how it ended."""
    child = subprocess.Popen(
        [PROGRAM, "load", path], env=environment(home), stderr=subprocess.PIPE, text=True
    )
    hit = False
    with logged_in(home, autocommit=True) as owner:
        while child.poll() is None and not hit:
            for (pid,) in owner.execute(COPYING).fetchall():
                hit = owner.execute(f"SELECT {done_to}(%s)", [pid]).fetchone()[0]
            time.sleep(0.001)
        _, said = child.communicate(timeout=120)
        kept = owner.execute(
            "SELECT (SELECT count(*) FROM identity.person), (SELECT count(*) FROM store_return)"
        ).fetchone()
    return hit, child.returncode, said, kept


@pytest.mark.parametrize("done_to", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_copy_of_names_that_is_ended_tells_none(home, tmp_path, done_to):
    path = many_persons(tmp_path)
    for _ in range(20):
        hit, code, said, kept = loading_meets(home, path, done_to)
        assert SEEN not in said
        assert "Traceback" not in said
        if code == UNREACHABLE:
            break
        with logged_in(home, autocommit=True) as owner:  # it had gone through: once more
            owner.execute("TRUNCATE identity.person, identity.file_piece, case_person CASCADE")
            owner.execute("TRUNCATE store_return CASCADE")
            owner.execute("DELETE FROM store_receivedfile")
    assert (hit, code, kept) == (True, UNREACHABLE, (0, 0))
    assert "did not take the return" in said
    assert SEEN not in (home / "postgres" / "log").read_text(errors="replace")


ROW = "COPY identity.person (person, given_name, family_name, return_id) FROM STDIN (FORMAT csv)"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (f"kent:1,Vor,{SEEN},{SEEN}", DataError),
        (f"kent:1,Vor,{SEEN},{SEEN},more", DataError),
        (f",Vor,{SEEN},1", IntegrityError),
    ],
)
def test_a_row_that_is_not_taken_is_not_repeated(apart, caplog, row, kind):
    with pytest.raises(kind) as raised, copying(ROW) as copy:
        copy.write(row)
    connection.close()
    try:
        logging.getLogger("django.request").error("failed", exc_info=raised.value)
    finally:
        chain, error = [], raised.value
        while error is not None:
            chain += [str(error), repr(error), str(vars(error))]
            error = error.__cause__ or error.__context__
    assert SEEN not in " ".join([*chain, caplog.text])


def test_what_the_driver_logs_of_an_error_that_it_passes_over_is_bare(apart, caplog):
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    with pytest.raises(psycopg.DataError) as raised, cursor.copy(ROW) as copy:
        copy.write(f"kent:1,Vor,{SEEN},{SEEN}")
    connection.close()
    for name in ("psycopg", "psycopg.transaction"):
        logging.getLogger(name).warning("passed over by %r: %s", copy, raised.value)
        logging.getLogger(name).warning("passed over", exc_info=raised.value)
    assert caplog.text.count("SQLSTATE 22") == 4
    assert SEEN not in caplog.text


def test_a_connection_that_ends_is_a_sentence(apart):
    with connection.cursor() as cursor, pytest.raises(StoreUnavailable, match="broke off") as told:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert isinstance(told.value, OperationalError)
    connection.close()
    with pytest.raises(StoreUnavailable), identity_reader() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()


def test_the_embedded_server_writes_no_rows_into_its_log(home):
    with logged_in(home) as owner:
        shown = {
            name: owner.execute(f"SHOW {name}").fetchone()[0]
            for name in ("log_min_error_statement", "log_error_verbosity")
        }
        with pytest.raises(psycopg.DataError):
            owner.execute(f"SELECT '{SEEN}'::int")
    assert shown == {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
