"""A backup holds everything and is restored whole or not at all; databases of older programs are
brought up to date, those of newer ones refused. All synthetic.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from darkfigure.basis.errors import DarkfigureError
from darkfigure.cases.records import FORM
from darkfigure.synthetic.linked_returns import write_linked_returns
from darkfigure_hub.flows.keep_backup import back_up, compare, restore
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.store import backups
from darkfigure_hub.store.logins import IDENTITY, OWNER, SERVICE, parameters
from darkfigure_hub.store.roles import server
from support import SOURCES, database_apart, logged_in, run, statement, statement_file

pytestmark = [pytest.mark.xdist_group("backups"), pytest.mark.long]
PACKS = Path(__file__).parents[2] / "examples" / "packs"
ASKED = ("ask", "victims_recovered", "--by", "operation,exploitation", "--as-at", "2008-12-17")
CASES = ("ask", "victims_recovered", "--evidence", "cases", "--period", "2018..2031")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A repository with figures, cases, names and links; and its backup."""
    folder = tmp_path_factory.mktemp("kept")
    home, file = folder / "home", folder / "of.backup"
    cases = write_linked_returns(folder / "returns", 60, 5)
    run("load", SOURCES / "pentameter_statements.csv", *cases, home=home)
    run("persons", "link", "--on", "2031-03-05", home=home)
    said = run("backup", "--out", file, home=home).stdout
    assert "names, dates of birth" in said
    yield home, file
    run("stop", home=home)


def rows(home):
    """Everything a repository holds, but for the log."""
    with logged_in(home) as owner:
        tables = owner.execute(
            "SELECT format('%I.%I', n.nspname, relname) FROM pg_class c JOIN pg_namespace n ON "
            "n.oid = relnamespace WHERE relkind = 'r' AND nspname IN ('public', 'identity') AND "
            "relname NOT IN ('store_logentry', 'django_migrations') ORDER BY 1"
        ).fetchall()
        return {
            name: sorted(owner.execute(f"SELECT t::text FROM {name} t").fetchall())
            for (name,) in tables
        }


def test_what_is_restored_is_what_was_there(kept, tmp_path):
    home, file = kept
    assert file.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(home / "log.key", other / "log.key")
    run("restore", file, home=other)
    before = rows(home)
    assert rows(other) == before
    assert len(before["identity.person"]) > 50
    assert before["identity.file_piece"]
    for asked in (ASKED, CASES):
        assert run(*asked, home=other).stdout == run(*asked, home=home).stdout
    told = run("log", home=other).stdout
    assert "backup restored" in told
    assert "not here" not in told
    assert "backup made" in run("log", home=home).stdout
    # what comes afterwards has numbers of its own
    person = {"record": "N-1", "sex": "female", "given_name": "Synthetic", "family_name": "Persona"}
    head = {"form": FORM, "reported_by": "kent", "stated_on": "2026-07-01", "synthetic": True}
    more = tmp_path / "more.json"
    more.write_text(json.dumps({**head, "records": {"person": [person]}}))
    run("load", more, statement_file(tmp_path / "more.csv", statement(value=7)), home=other)
    run("stop", home=other)


def test_packs_and_readings_are_in_a_backup(tmp_path):
    """Of packs added, figures that they coded are restored with the codes; a reading that made a
    return is kept with it, and those of the installation find files again.
    """
    home, other, file = tmp_path / "home", tmp_path / "other", tmp_path / "of.backup"
    run("pack", "add", PACKS / "norland", home=home)
    table = tmp_path / "synthetic.csv"
    table.write_text("Police Area,Year,Arrests\nNorland Hills Police,2024,7\n")
    reading = home / "readings" / "synthetic.toml"
    reading.parent.mkdir()
    reading.write_text(
        'columns = { "Police Area" = "area", Year = "period", Arrests = "value" }\n[always]\n'
        'measure = "arrests"\nstated_by = "HO"\nsource = "SYNTHETIC"\nstated_on = "2025-01-02"\n'
    )
    run("load", table, home=home)
    said = run("backup", "--out", file, home=home).stdout
    restored = run("restore", file, home=other).stdout
    for told in (said, restored):
        assert "packs: norland" in told
        assert "readings of this installation: 1" in told
    asked = ("ask", "arrests", "--by", "area", "--period", "2024")
    assert "Norland" in run(*asked, home=other).stdout
    assert run(*asked, home=other).stdout == run(*asked, home=home).stdout
    assert (other / "readings" / "synthetic.toml").read_text() == reading.read_text()
    assert "received before" in run("load", table, home=other).stdout
    assert rows(other)["public.store_keptreading"] == rows(home)["public.store_keptreading"]
    for place in (home, other):
        run("stop", home=place)


def test_a_backup_is_restored_where_nothing_is(kept):
    home, file = kept
    before = rows(home)
    told = run("restore", file, home=home, check=False)
    assert (told.returncode, "holds something already" in told.stderr) == (2, True)
    again = run("backup", "--out", file, home=home, check=False)
    assert (again.returncode, "no file is overwritten" in again.stderr) == (2, True)
    nowhere = run("backup", "--out", file.parent / "no" / "such", home=home, check=False)
    assert (nowhere.returncode, "cannot be written" in nowhere.stderr) == (2, True)
    assert rows(home) == before


def changed(file, target, member, change):
    """A copy of a backup with one member changed."""
    with zipfile.ZipFile(file) as held, zipfile.ZipFile(target, "w") as made:
        for info in held.infolist():
            text = held.read(info)
            made.writestr(info, change(text) if info.filename == member else text)
    return target


def newer(text):
    held = json.loads(text)
    held["migrations"].append("store.9999_of_tomorrow")
    return json.dumps(held).encode()


def spoilt(file, target, kind):
    if kind == "nothing":
        target.write_bytes(b"")
    elif kind == "half":
        target.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif kind == "a bit":
        whole = bytearray(file.read_bytes())
        with zipfile.ZipFile(file) as held:
            info = held.getinfo("public.store_statement")
        whole[info.header_offset + 120] ^= 4
        target.write_bytes(whole)
    elif kind == "another":
        with zipfile.ZipFile(target, "w") as made:
            made.writestr("manifest.json", "{}")
    elif kind == "a row less":
        changed(file, target, "public.store_block", lambda text: text.partition(b"\n")[2])
    elif kind == "newer":
        changed(file, target, backups.MANIFEST, newer)
    return target


SPOILT = {
    "missing": "cannot be read",
    "nothing": "not a whole backup",
    "half": "not a whole backup",
    "a bit": "not a whole backup",
    "another": "not a whole backup",
    "a row less": "is not as it was written",
    "newer": "store.9999_of_tomorrow",
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_backup_is_refused_and_nothing_is_restored(kept, anew, tmp_path, operator, kind):
    with pytest.raises(DarkfigureError, match=SPOILT[kind]):
        restore(operator, spoilt(kept[1], tmp_path / "spoilt", kind))
    connection.close()
    assert backups.is_empty()


@pytest.fixture
def anew(django_db_setup, django_db_blocker):
    """A database of the test's own in which nothing is yet."""
    with database_apart(django_db_blocker, template="template0"), django_db_blocker.unblock():
        open_repository.cache_clear()
        yield
        open_repository.cache_clear()


def as_owner():
    given = parameters(server(), OWNER, connection.settings_dict["NAME"])
    return psycopg.connect(**given, autocommit=True)


@pytest.mark.parametrize("role", [SERVICE, IDENTITY])
def test_a_restored_database_is_walled(kept, anew, operator, role):
    restore(operator, kept[1])
    given = parameters(server(), role, connection.settings_dict["NAME"])
    with psycopg.connect(**given, autocommit=True) as session:
        of = "identity.person" if role == SERVICE else "store_return"
        for refused in (f"SELECT * FROM {of}", f"DELETE FROM {of}", f"TRUNCATE {of}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(refused)


def test_a_backup_that_cannot_be_written_leaves_nothing(apart, operator, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("darkfigure_hub.flows.keep_backup.os.fsync", full)
    with pytest.raises(DarkfigureError, match="No space left"):
        back_up(operator, tmp_path / "of.backup")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def key(kept, tmp_path):
    """A secret key in a file, and its public key in another."""
    secret, public = tmp_path / "secret", tmp_path / "public"
    public.write_text(run("backup-key", "--out", secret, home=kept[0]).stdout)
    assert secret.stat().st_mode & 0o777 == 0o600
    return secret, public


def test_a_locked_backup_is_opened_by_its_key_alone_and_a_drill_says_that_it_is_good(
    kept, key, tmp_path
):
    home, plain = kept
    locked, (secret, public) = tmp_path / "locked", key
    said = run("backup", "--out", locked, "--to", public, home=home).stdout
    assert "It is locked" in said
    assert locked.read_bytes().startswith(b"age-encryption.org/v1\n")
    with zipfile.ZipFile(plain) as held:
        surname = held.read("identity.person").split(b"\t")[6]
    assert surname not in locked.read_bytes()
    drill = ("backup", "--drill", "--of", locked)
    good = run(*drill, "--identity", secret, home=home).stdout
    for told in (
        "as many as there were",
        "proved by the key",
        "ready",
        "answered",
        "The backup is good",
    ):
        assert told in good
    other = tmp_path / "other"
    run("backup-key", "--out", other, home=home)
    for given, told in (
        (("--identity", other), "locked to another key"),
        ((), "give the file with its secret key"),
    ):
        done = run(*drill, *given, home=home, check=False)
        assert (done.returncode, told in done.stderr) == (2, True)
    # a hundred bytes are missing at the end
    locked.write_bytes(locked.read_bytes()[:-100])
    done = run(*drill, "--identity", secret, home=home, check=False)
    assert (done.returncode, "is not whole" in done.stderr) == (2, True)
    log = run("log", "--action", "backup tried", "--format", "json", home=home).stdout
    assert [each["detail"]["amiss"] for each in json.loads(log)["entries"]] == [1, 1, 1, 0]
    done = run("backup", "--out", tmp_path / "x", "--to", secret, home=home, check=False)
    assert (done.returncode, "holds a secret key" in done.stderr) == (2, True)


def test_a_drill_notices_rows_that_are_missing(kept, anew, operator):
    file = kept[1]
    restore(operator, file)
    assert [each for each in compare(operator, file).amiss if "rows in place" in each] == []
    with as_owner() as owner:
        owner.execute(
            "DELETE FROM identity.person WHERE id = (SELECT max(id) FROM identity.person)"
        )
    assert any("identity.person: " in each for each in compare(operator, file).amiss)
