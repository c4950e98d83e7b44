"""A server that DATABASE_URL names: its address as libpq reads it, its logins given or made."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.commands.endings import UNREACHABLE
from darkfigure_hub.store.address import read_address
from darkfigure_hub.store.logins import IDENTITY, OWNER, SERVICE, server_of
from darkfigure_hub.store.server import QUIET
from support import SOURCES, run

pytestmark = [pytest.mark.xdist_group("elsewhere"), pytest.mark.long]
SECRET = "Geheim7"


def test_every_parameter_of_an_address_is_kept():
    text = (
        "postgresql://ann:p%40ss@db.example:6432/figures?sslmode=verify-full&sslrootcert=/ca.pem"
        "&application_name=darkfigure&connect_timeout=3&target_session_attrs=read-write"
    )
    assert read_address(text, "DATABASE_URL") == {
        "user": "ann",
        "password": "p@ss",
        "host": "db.example",
        "port": "6432",
        "dbname": "figures",
        "sslmode": "verify-full",
        "sslrootcert": "/ca.pem",
        "application_name": "darkfigure",
        "connect_timeout": "3",
        "target_session_attrs": "read-write",
    }
    assert read_address("host=/run/pg dbname=x user=y", "DATABASE_URL")["host"] == "/run/pg"


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("postgresql://ann@db.example/x", "require"),
        ("postgresql://ann@[2001:db8::1]/x", "require"),
        ("postgresql://ann@127.0.0.1,db.example/x", "require"),
        ("postgresql://ann@localhost/x?hostaddr=192.0.2.1", "require"),
        ("postgresql://ann@db.example/x?sslmode=disable", "disable"),
        ("postgresql://ann@localhost/x", None),
        ("postgresql://ann@127.0.0.1/x", None),
        ("postgresql://ann@[::1]/x", None),
        ("postgresql://ann@/x?host=/run/postgresql", None),
        ("postgresql:///x", None),
    ],
)
def test_tls_is_demanded_off_this_machine(monkeypatch, text, mode):
    monkeypatch.delenv("PGSSLMODE", raising=False)
    assert read_address(text, "DATABASE_URL").get("sslmode") == mode


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ann:one:{SECRET}/x@127.0.0.1/figures",
        f"postgresql://ann@127.0.0.1:{SECRET}/figures",
        f"postgresql://ann:x@{SECRET}@127.0.0.1/figures",
        f"postgresql://ann@127.0.0.1:1/figures?{SECRET}=1",
        f"mysql://ann:{SECRET}@127.0.0.1/figures",
        f"{SECRET}://ann@127.0.0.1/figures",
        f"{SECRET}",
        f"postgresql://ann:{SECRET}@127.0.0.1:1/figures",
        f"postgresql://ann@{SECRET}.invalid:1/figures",
        f"postgresql://ann@127.0.0.1:99999/{SECRET}",
        f"postgresql://ann@127.0.0.1:1/{SECRET}?sslmode={SECRET}",
    ],
)
def test_nothing_of_an_address_is_repeated(tmp_path, address):
    done = run("returns", home=tmp_path, check=False, DATABASE_URL=address)
    assert (done.returncode, done.stdout) == (UNREACHABLE, "")
    assert "DATABASE_URL" in done.stderr
    assert SECRET.lower() not in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_an_address_alone_is_the_owners_unless_it_is_the_services():
    owner = server_of({"DATABASE_URL": "postgresql://ann@localhost/x"})
    assert (set(owner.given), owner.made) == ({OWNER}, True)
    addresses = {
        "DATABASE_URL": f"postgresql://{SERVICE}:s@localhost/x",
        "DATABASE_OWNER_URL": "postgresql://ann:o@localhost/x",
        "DATABASE_IDENTITY_URL": f"postgresql://{IDENTITY}:i@localhost/x",
    }
    three = server_of(addresses)
    assert not three.made
    assert [three.login(role)["password"] for role in (SERVICE, OWNER, IDENTITY)] == [*"soi"]
    alone = server_of({"DATABASE_URL": addresses["DATABASE_URL"]})
    with pytest.raises(StoreUnavailable, match="DATABASE_IDENTITY_URL is not given"):
        alone.login(IDENTITY)
    with pytest.raises(StoreUnavailable, match="is to be given"):
        server_of({"DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"]})


class Cluster:
    """A server of Debian's that asks for passwords, as an administrator sets one up."""

    def __init__(self):
        self.programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.folder = tempfile.mkdtemp(prefix="df-pg-")
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        data, secret = f"{self.folder}/data", Path(self.folder) / "secret"
        secret.write_text("of the administrator")
        given = ("-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", f"--pwfile={secret}")
        self.run("initdb", "-D", data, *given)
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-D", data, "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def run(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, user, password, name):
        password = password.replace(" ", "%20")
        return f"postgresql://{user}:{password}@/{name}?host={self.folder}"

    def administer(self, *statements):
        address = self.url("postgres", "of the administrator", "postgres")
        with psycopg.connect(address, autocommit=True) as session:
            for each in statements:
                session.execute(each)

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def cluster():
    made = Cluster()
    yield made
    made.stop()


def test_an_owner_who_may_make_roles_is_enough(cluster, tmp_path):
    cluster.administer(
        "CREATE ROLE ann LOGIN CREATEROLE PASSWORD 'a'", "CREATE DATABASE one OWNER ann"
    )
    url = cluster.url("ann", "a", "one")
    first = run("load", SOURCES / "pentameter_statements.csv", home=tmp_path, DATABASE_URL=url)
    assert "log_error_verbosity = terse" in first.stderr
    assert run("returns", home=tmp_path, DATABASE_URL=url).stderr == ""
    kept = tmp_path / "logins.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "pentameter" in run("returns", home=tmp_path, DATABASE_URL=url).stdout
    setting = f"ALTER ROLE {SERVICE} SET"
    cluster.administer(
        f"{setting} log_statement = 'all'", f"{setting} log_min_duration_statement = 250"
    )
    told = run("returns", home=tmp_path, DATABASE_URL=url).stderr
    assert "log_statement = none, log_min_duration_statement = -1" in told
    assert run("returns", home=tmp_path, DATABASE_URL=url).stderr == ""
    cluster.administer(f"ALTER ROLE {SERVICE} RESET ALL")
    kept.unlink()
    assert "pentameter" in run("returns", home=tmp_path, DATABASE_URL=url).stdout


def test_an_owner_who_may_not_is_told_what_to_ask_for(cluster, tmp_path):
    cluster.administer(
        "CREATE ROLE bob LOGIN PASSWORD 'b'",
        "CREATE DATABASE two OWNER bob",
    )
    told = run(
        "returns", home=tmp_path, check=False, DATABASE_URL=cluster.url("bob", "b", "two")
    ).stderr
    assert "Traceback" not in told
    assert "CREATEROLE" in told
    assert f"CREATE ROLE {SERVICE} LOGIN NOINHERIT" in told
    cluster.administer(
        "DO $$ BEGIN "
        f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVICE}') THEN "
        f"CREATE ROLE {SERVICE}; CREATE ROLE {IDENTITY}; END IF; END $$",
        f"ALTER ROLE {SERVICE} LOGIN NOINHERIT PASSWORD 's'",
        f"ALTER ROLE {IDENTITY} LOGIN NOINHERIT PASSWORD 'i'",
        f"GRANT {SERVICE}, {IDENTITY} TO bob",
    )
    three = {
        "DATABASE_URL": cluster.url(SERVICE, "s", "two"),
        "DATABASE_OWNER_URL": cluster.url("bob", "b", "two"),
        "DATABASE_IDENTITY_URL": cluster.url(IDENTITY, "i", "two"),
    }
    assert run("returns", home=tmp_path, **three).stdout == ""
    service = {"DATABASE_URL": three["DATABASE_URL"]}
    run("load", SOURCES / "pentameter_statements.csv", home=tmp_path, **service)
    names = run("persons", "link", home=tmp_path, check=False, **service).stderr
    assert "DATABASE_IDENTITY_URL is not given" in names
    assert not (tmp_path / "logins.json").exists()


def test_where_the_owner_may_rows_are_kept_out_of_the_servers_log(cluster, tmp_path):
    """The last of these, for it is so of the logins from then on."""
    cluster.administer("CREATE DATABASE three")
    url = cluster.url("postgres", "of the administrator", "three")
    assert run("returns", home=tmp_path, DATABASE_URL=url).stderr == ""
    kept = json.loads((tmp_path / "logins.json").read_text())
    (passwords,) = kept.values()
    for role in (SERVICE, IDENTITY):
        with psycopg.connect(cluster.url(role, passwords[role], "three")) as session:
            shown = [session.execute(f"SHOW {name}").fetchone()[0] for name in QUIET]
        assert shown == [*QUIET.values()]
