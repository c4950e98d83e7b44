"""The log is sealed: what is done to it behind the program's back is seen, by whoever does it."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256

import psycopg
import pytest
from django.db import connection, transaction

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.publication import ask
from darkfigure.synthetic.linked_returns import write_linked_returns
from darkfigure_hub.access import for_public, record, tallies, verify
from darkfigure_hub.access.log import FIRST, plain_seal
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.read_log import count_public_readings, keep_log_head, read_log
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store import heads
from darkfigure_hub.store.logins import OWNER, SERVICE, parameters
from darkfigure_hub.store.models import LogEntry, RecordSet
from darkfigure_hub.store.roles import server
from support import SOURCES, logged_in, run

pytestmark = pytest.mark.xdist_group("log")


def as_login(role):
    given = parameters(server(), role, connection.settings_dict["NAME"])
    return psycopg.connect(**given, autocommit=True)


@pytest.fixture
def logged(apart, operator):
    """A database of the test's own, with a few more entries, each committed."""
    for number in range(12):
        record(operator, "tried", {"number": number})
    assert verify().fault is None
    with as_login(OWNER) as owner:
        yield owner


def last_id(owner):
    return owner.execute("SELECT max(id) FROM store_logentry").fetchone()[0]


def test_entries_are_proved_and_the_latest_head_is_kept(logged, operator):
    found = verify()
    assert found.proved == found.entries == last_id(logged)
    assert (found.chained, found.elsewhere, found.fault) == (0, {}, None)
    assert found.last.id == last_id(logged)
    told = json.loads(keep_log_head(operator))
    assert told["id"] == told["count"] == last_id(logged)
    assert verify().heads >= 2


def test_heads_of_another_database_are_not_this_ones(logged, operator):
    here, heads_here = heads.path_of(), verify().heads
    head = heads.latest().text()
    of_another, put_beside = (
        here.with_name(f"{here.stem}{more}.heads") for more in ("_2", ".2026")
    )
    try:
        of_another.write_text(head.replace('"count": ', '"count": 1') + "\n")
        assert (verify().fault, verify().heads) == (None, heads_here)
        put_beside.write_text(of_another.read_text())
        assert "there were 1" in verify().fault
    finally:
        of_another.unlink()
        put_beside.unlink(missing_ok=True)


CUT = "DELETE FROM store_logentry WHERE id > (SELECT max(id) - {} FROM store_logentry)"
#: What an owner may do to the log by hand, and what is then said of it.
TAMPERING = {
    "an entry is changed": (
        """UPDATE store_logentry SET detail = '{"number": 77}' WHERE id = (SELECT max(id) - 3 FROM
        store_logentry)""",
        "is not what was sealed",
    ),
    "who did it is changed": (
        "UPDATE store_logentry SET who = 'operator:nobody' WHERE id = 5",
        "entry 5 is not what was sealed",
    ),
    "the tail is cut": (CUT.format(3), "entries are missing"),
    "the last entry is cut": (CUT.format(1), "entries are missing"),
    "it is emptied": ("TRUNCATE store_logentry", "the log is empty"),
    "the head is cut": ("DELETE FROM store_logentry WHERE id < 4", "does not fit the one before"),
    "one in the middle is taken": (
        "DELETE FROM store_logentry WHERE id = 6",
        "entry 7 does not fit the one before it",
    ),
    "it is renumbered": (
        "UPDATE store_logentry SET id = -id; UPDATE store_logentry SET id = 1000 - id",
        "",
    ),
    "numbers are moved up": (
        "UPDATE store_logentry SET id = id + 100000; UPDATE store_logentry SET id = id - 99999",
        "renumbered",
    ),
    "the time is set back": (
        "UPDATE store_logentry SET at = at - interval '1 day' WHERE id = (SELECT max(id) FROM "
        "store_logentry)",
        "earlier than the one before it",
    ),
    "the sign of the key is taken off": (
        "UPDATE store_logentry SET sealed_by = '' WHERE id > 5",
        "entry 6 is not sealed, though the one before it is",
    ),
    "a key of another is named": (
        "UPDATE store_logentry SET sealed_by = 'another', detail = '{}', hash = md5(id::text) "
        "WHERE id = (SELECT max(id) FROM store_logentry)",
        "is another than on",
    ),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_what_the_owner_does_by_hand_is_seen(logged, kind):
    statement, said = TAMPERING[kind]
    logged.execute(statement)
    found = verify()
    assert found.fault is not None
    assert said in found.fault


def rewritten(owner, *, sealed, upto=None):
    """The chain recomputed over all entries, as one does who knows how it is made."""
    previous = FIRST
    entries = list(LogEntry.objects.order_by("id"))
    for entry in entries[:upto]:
        entry.previous, entry.sealed_by = previous, sealed
        if entry.action == "tried":
            entry.detail = {"number": 0}
        entry.hash = previous = plain_seal(entry)
    for entry in entries[:upto]:
        owner.execute(
            "UPDATE store_logentry SET previous = %s, hash = %s, sealed_by = %s, detail = %s "
            "WHERE id = %s",
            [entry.previous, entry.hash, sealed, json.dumps(entry.detail), entry.pk],
        )


@pytest.mark.parametrize("sealed", ["", "key"])
def test_a_chain_made_anew_without_the_key_is_seen(logged, sealed):
    rewritten(logged, sealed=sealed and heads.key().sign)
    assert verify().fault is not None


def test_an_older_copy_put_in_place_is_seen_also_once_it_goes_on(logged, operator):
    """A backup restored: entries as they were, later ones gone; then the program goes on."""
    logged.execute(CUT.format(4))
    assert "older copy" in verify().fault
    for number in range(9):
        record(operator, "tried", {"again": number})
        assert "older copy" in verify().fault or "taken away" in verify().fault


def test_a_set_of_records_that_is_changed_is_seen(apart, operator, tmp_path):
    receive_return(operator, SOURCES / "pentameter_statements.csv")
    found = answer_question(operator, ask("victims_recovered", date(2008, 12, 17)))
    opened = open_source(operator, found.cells[0].id)
    detail = LogEntry.objects.latest("id").detail
    held = RecordSet.objects.get(pk=detail["touched"]["set"])
    assert held.members == sorted(
        f"statement {each.row.block.id}/{each.row.row}" for each in opened.statements
    )
    assert detail["touched"]["number"] == len(held.members) > 0
    assert verify().fault is None
    with as_login(OWNER) as owner:
        owner.execute("UPDATE store_recordset SET members = ARRAY['statement 1/1']")
    assert "is missing or changed" in verify().fault


def test_linking_says_which_records_it_touched(apart, operator, tmp_path):
    for path in write_linked_returns(tmp_path, 200, 5)[:2]:
        receive_return(operator, path)
    done = link_records(operator, date(2031, 3, 5))
    detail = LogEntry.objects.filter(action="records combined").latest("id").detail
    held = RecordSet.objects.get(pk=detail["touched"]["set"])
    assert len(held.members) == detail["touched"]["number"] == done.records
    assert all(":" in member for member in held.members)


def test_entries_older_than_the_key_are_still_held_to_one_another(logged, operator):
    """Sealed first by a plain hash, with gaps where a transaction was undone; then by the key."""
    heads.forget()
    rewritten(logged, sealed="")
    logged.execute("UPDATE store_logentry SET id = id + 1 WHERE id = (SELECT max(id) FROM "
                   "store_logentry)")  # fmt: skip
    old = verify()
    assert (old.fault, old.proved, old.chained) == (None, 0, old.entries)
    assert old.last is None
    record(operator, "tried", {"with": "key"})
    found = verify()
    assert (found.fault, found.proved, found.chained) == (None, 1, old.entries)
    logged.execute("UPDATE store_logentry SET purpose = 'another' WHERE id = 3")
    assert "entry 3 is not what its hash was made of" in verify().fault


def test_another_key_goes_on_and_says_what_it_cannot_prove(logged, operator, monkeypatch):
    before = verify()
    monkeypatch.setenv(heads.VARIABLE, "a synthetic key of thirty-two signs and more")
    record(operator, "tried", {"key": "another"})
    found = verify()
    assert (found.fault, found.proved) == (None, 1)
    assert sum(found.elsewhere.values()) == before.entries
    monkeypatch.setenv(heads.VARIABLE, "short")
    with pytest.raises(StoreUnavailable, match="too short"):
        record(operator, "tried", {})


CHANGES = ("UPDATE {} SET hash = hash", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("table", ["store_logentry", "store_recordset"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET hash = hash",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TRIGGER only_added_to ON {}",
    ],
)
def test_the_service_only_adds_to_it(logged, table, statement):
    with as_login(SERVICE) as service, pytest.raises(psycopg.errors.InsufficientPrivilege):
        service.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET hash = hash", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_triggers_refuse_whoever_is_given_the_right_by_mistake(logged, statement):
    logged.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON store_logentry TO {SERVICE}")
    with (
        as_login(SERVICE) as service,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="is only added to"),
    ):
        service.execute(statement.format("store_logentry"))


def test_numbers_have_no_gap_though_transactions_are_undone(logged, operator):
    before = last_id(logged)
    with transaction.atomic():
        record(operator, "tried", {"undone": True})
        transaction.set_rollback(True)
    record(operator, "tried", {"kept": True})
    assert last_id(logged) == before + 1
    assert verify().fault is None


def test_a_sequence_set_back_and_a_clock_set_back_stop_nobody(logged, operator, monkeypatch):
    logged.execute("SELECT setval(pg_get_serial_sequence('store_logentry', 'id'), 1)")
    latest = LogEntry.objects.latest("id")
    earlier = latest.at - timedelta(hours=1)
    monkeypatch.setattr("darkfigure_hub.access.log.timezone.now", lambda: earlier)
    record(operator, "tried", {"after": "reset"})
    assert LogEntry.objects.latest("id").at == latest.at
    assert verify().fault is None


def test_a_table_that_takes_no_entry_is_told_in_a_sentence(logged, operator):
    logged.execute("ALTER TABLE store_logentry ADD CHECK (action <> 'tried') NOT VALID")
    with pytest.raises(StoreUnavailable, match="The log takes no entry"):
        record(operator, "tried", {})


def test_many_at_once_make_one_chain(logged, operator):
    def several(number):
        try:
            for turn in range(5):
                record(operator, "tried", {"by": number, "turn": turn})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(several, range(4)))
    found = verify()
    assert found.fault is None
    assert LogEntry.objects.filter(detail__has_key="turn").count() == 20


def test_public_readings_are_counted_and_logged_by_batches(logged, operator, monkeypatch):
    """They take no lock of the log: they go on while somebody holds it."""
    monkeypatch.setattr(tallies, "SECONDS", 3600)
    monkeypatch.setattr(tallies, "_tally", tallies._Tally())
    count_public_readings()
    before = last_id(logged)
    asked = ask("arrests", date(2020, 1, 1))
    done = threading.Event()

    def reads():
        for _ in range(3):
            answer_question(for_public("page"), asked)
        connection.close()
        done.set()

    with transaction.atomic():
        record(operator, "tried", {"holding": "the lock"})
        threading.Thread(target=reads).start()
        assert done.wait(30)
    assert last_id(logged) == before + 1
    tallies.flush()
    entry = LogEntry.objects.latest("id")
    assert (entry.who, entry.action) == ("public", "public readings")
    assert entry.detail["page: question answered"] == 3
    tallies.flush()
    assert LogEntry.objects.latest("id") == entry
    assert verify().fault is None


def test_the_operator_is_told_what_was_proved(empty):
    run("load", SOURCES / "pentameter_statements.csv", home=empty)
    first = run("log", home=empty).stdout
    assert "The chain of the log holds." in first
    assert "Proved by the key: 1 of 1 entries." in first
    assert "Nothing was cut off up to entry 1" in first
    head = json.loads(run("log", "--head", home=empty).stdout)
    assert head["id"] == head["count"] == 3
    refused = run("log", "--number", "-1", home=empty, check=False)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    private = [empty / "log.key", *(empty / "log").glob("*.head*")]
    assert len(private) == 3
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
    with logged_in(empty) as owner:
        key = (empty / "log.key").read_text().strip()
        found = owner.execute("SELECT query FROM pg_stat_activity").fetchall()
        assert key not in str(found)
        assert sha256(key.encode()).hexdigest() not in str(found)
        owner.execute("DELETE FROM store_logentry WHERE id > 1")
    told = run("log", home=empty, check=False)
    assert told.returncode == 2
    assert "The log was tampered with: entries are missing" in told.stderr
    assert "Traceback" not in told.stderr


def test_reading_the_log_says_so(logged, operator):
    found = read_log(operator, 3)
    assert len(found.entries) == 3
    assert LogEntry.objects.latest("id").action == "log read"
