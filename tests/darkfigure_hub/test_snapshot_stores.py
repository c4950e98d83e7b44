"""Snapshots kept in a store: the same rows as in a folder of their own, and what did not change is
kept once. All synthetic.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pyarrow import fs

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.evidence import snapshot_stores
from darkfigure.evidence.snapshot_stores import Store
from darkfigure.evidence.snapshots import open_snapshot, tables
from darkfigure.publication import ask
from darkfigure_hub.flows import ask_snapshot
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.flows.take_snapshot import forget_snapshot, keep_snapshot, take_snapshot
from engines_asked import asked
from support import corrected_question, load_corrected, run

TODAY = date(2026, 11, 23)


@pytest.fixture
def records_held(django_db_setup, django_db_blocker):
    """The test repository, read outside any transaction of a test."""
    with django_db_blocker.unblock():
        yield


def rows(snapshot):
    """Every row of every table."""
    quote = '", "'
    return {
        name: snapshot.connection.execute(
            f'SELECT "{quote.join(columns)}" FROM {name} ORDER BY ALL'
        ).fetchall()
        for name, columns in tables().items()
    }


def parts_in(place):
    return {str(each): each.stat().st_mtime_ns for each in Path(place).rglob("*.parquet")}


def test_a_day_of_a_store_is_the_snapshot_of_that_day(records_held, operator, tmp_path):
    chance = random.Random(1)
    days = [TODAY, *(date(2008, 6, 1) + timedelta(chance.randrange(6700)) for _ in range(3))]
    chance.shuffle(days)
    store = tmp_path / "store"
    for day in days:
        keep_snapshot(operator, day, str(store))
    for day in days:
        folder = take_snapshot(operator, day, tmp_path / "one").folder
        alone, kept = open_snapshot(folder), open_snapshot(f"{store}@{day}", verify=True)
        assert rows(kept) == rows(alone)
        assert (kept.as_at, kept.since) == (day, alone.since)
    assert open_snapshot(str(store)).as_at == max(days)


def test_it_says_the_same_and_once_more_costs_nothing(snapshot, records_held, operator, tmp_path):
    store = str(tmp_path / "store")
    first = keep_snapshot(operator, TODAY, store)
    before = parts_in(store)
    again = keep_snapshot(operator, TODAY, store)
    assert (first.rows, first.content) == (again.rows, again.content)
    assert first.new_rows == first.rows > 0
    assert (again.new_rows, again.new_bytes) == (0, 0)
    assert parts_in(store) == before
    assert asked(open_snapshot(store)) == asked(open_snapshot(snapshot.place))


def test_a_day_costs_what_changed(apart, operator, tmp_path):
    today, store = timezone.localdate(), str(tmp_path / "store")
    loaded = load_corrected(operator, tmp_path)
    keep_snapshot(operator, today - timedelta(1), store)
    keep_snapshot(operator, today, store)
    before = parts_in(store)
    values = [figure(f"{store}@{today}", today)]
    withdraw(operator, "return", str(loaded[1]), "sent by mistake", today)
    kept = keep_snapshot(operator, today, store)
    values.append(figure(store, today))
    assert values == [55, 40]
    after = parts_in(store)
    assert before.items() <= after.items()
    assert kept.new_rows < kept.rows
    with pytest.raises(DarkfigureError, match="cannot be asked about"):
        figure(store, today - timedelta(1))


def figure(place, day):
    held = ask_snapshot.open_snapshot(place, verify=True)
    (cell,) = ask_snapshot.answer_from_snapshot(held, corrected_question(day)).cells
    return cell.value


def test_what_did_not_end_is_gone_on_with(records_held, operator, tmp_path, monkeypatch):
    store, writing = str(tmp_path / "store"), Store.write
    written = []

    def broken(self, columns, wanted, chunks):
        for part in writing(self, columns, wanted, chunks):
            written.append(part)
            if len(written) == 5:
                raise KeyboardInterrupt
            yield part

    monkeypatch.setattr(Store, "write", broken)
    with pytest.raises(KeyboardInterrupt):
        keep_snapshot(operator, TODAY, store)
    with pytest.raises(UnknownName, match="does not hold a snapshot"):
        open_snapshot(store)
    monkeypatch.undo()
    before = parts_in(store)
    kept = keep_snapshot(operator, TODAY, store)
    assert kept.new_rows == kept.rows - sum(part.rows for part in written)
    assert before.items() <= parts_in(store).items()
    open_snapshot(store, verify=True)


def test_a_day_is_forgotten_with_what_no_other_needs(records_held, operator, tmp_path):
    store, early = str(tmp_path / "store"), date(2009, 3, 1)
    keep_snapshot(operator, TODAY, store)
    whole = parts_in(store)
    keep_snapshot(operator, early, store)
    forget_snapshot(operator, store, early)
    assert parts_in(store) == whole
    open_snapshot(store, verify=True)
    with pytest.raises(UnknownName, match=f"does not hold a snapshot as at {early}"):
        open_snapshot(f"{store}@{early}")
    assert forget_snapshot(operator, store, TODAY) > 0
    assert parts_in(store) == {}


def test_an_altered_part_or_manifest_is_found(records_held, operator, tmp_path):
    store = tmp_path / "store"
    keep_snapshot(operator, TODAY, str(store))
    part = max(store.rglob("*.parquet"), key=lambda each: each.stat().st_size)
    held = part.read_bytes()
    part.write_bytes(held[:-1] + b"!")
    with pytest.raises(Unreadable, match="is not the file that the manifest describes"):
        open_snapshot(str(store), verify=True)
    part.write_bytes(held)
    manifest = store / "days" / f"{TODAY}.json"
    told = manifest.read_text()
    manifest.write_text(told.replace('"file": "parts/', '"file": "../parts/', 1))
    with pytest.raises(Unreadable, match="is not one of this form"):
        open_snapshot(str(store))
    manifest.write_text(told.replace(f'"as_at": "{TODAY}"', '"as_at": "2026-11-22"'))
    with pytest.raises(Unreadable, match="is not one of this form"):
        open_snapshot(str(store))


def test_another_place_is_left_alone(records_held, operator, tmp_path):
    (tmp_path / "letter").write_text("kept")
    with pytest.raises(DarkfigureError, match="something that is not a store"):
        keep_snapshot(operator, TODAY, str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["letter"]
    with pytest.raises(Unreadable, match=r"s3://bucket/x cannot be reached"):
        Store("s3://bucket/x?no_such_setting=1")
    with pytest.raises(Unreadable, match=r"nonsense://there/x cannot be reached"):
        Store("nonsense://key:secret@there/x")


@pytest.fixture(scope="module")
def bucket():
    """The address of an object store that speaks S3, on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    there = f"endpoint_override={host}%3A{port}&scheme=http&region=eu-west-2"
    address = f"s3://key:secret@figures/held?{there}&allow_bucket_creation=true"
    system, _ = fs.FileSystem.from_uri(address)
    system.create_dir("figures")
    yield address
    server.stop()


def test_an_object_store_holds_the_same(snapshot, records_held, operator, bucket, monkeypatch):
    kept = keep_snapshot(operator, TODAY, bucket)
    assert kept.address == "s3://figures/held"
    held = open_snapshot(bucket, verify=True)
    assert held.place == f"s3://figures/held@{TODAY}"
    here = open_snapshot(snapshot.place)
    assert rows(held) == rows(here)
    question = ask("victims_recovered", TODAY, by=["operation", "sex"], evidence="cases")
    told = [repr(ask_snapshot.answer_from_snapshot(each, question)) for each in (held, here)]
    assert told[0] == told[1]
    monkeypatch.setattr(snapshot_stores.Store, "write", None)
    assert keep_snapshot(operator, TODAY, bucket).new_rows == 0


def test_by_the_command(home, tmp_path):
    run("requirements", "load", "human_trafficking", home=home)
    store = tmp_path / "store"
    told = run("snapshot", "--into", store, "--as-at", "2026-11-01", home=home).stdout
    assert "@2026-11-01" in told
    run("snapshot", "--into", store, "--as-at", "2026-11-02", home=home)
    assert "is whole" in run("snapshot", "--into", store, "--verify", home=home).stdout
    listed = run("snapshots", store, home=home).stdout.splitlines()
    assert [line[:10] for line in listed] == ["2026-11-01", "2026-11-02"]
    asking = ("ask", "arrests", "--as-at", "2026-11-01", "--snapshot")
    assert run(*asking, f"{store}@2026-11-01", home=home).stdout
    missing = run(*asking, f"{store}@2026-10-01", home=home, check=False)
    assert "it holds 2026-11-01, 2026-11-02" in missing.stderr
    assert "are free" in run("snapshots", store, "--forget", "2026-11-01", home=home).stdout
    both = run("snapshot", "--into", store, "--out", tmp_path / "x", home=home, check=False)
    assert "one of two" in both.stderr
