"""The embedded server stands: on odd paths, after copies and kills, without what a shell gives."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest

from darkfigure_hub.commands.endings import UNREACHABLE
from support import SOURCES, logged_in, run, socket_of

pytestmark = [pytest.mark.xdist_group("here"), pytest.mark.long]
STATEMENTS = SOURCES / "pentameter_statements.csv"
WHEEL, SYSTEM = {"DARKFIGURE_POSTGRES": "wheel"}, {"DARKFIGURE_POSTGRES": ""}


@pytest.fixture
def above():
    """A folder of its own for data folders, whose servers are stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="df-"))
    yield folder
    for each in folder.rglob("PG_VERSION"):
        if each.parent.name == "postgres":
            run("stop", home=each.parent.parent, check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(above):
    return above / "home"


def holds(home, **environment):
    """Whether a data folder's repository holds what was loaded, as it is asked now."""
    return "pentameter" in run("returns", home=home, **environment).stdout


def refused(*arguments, home, **environment):
    done = run(*arguments, home=home, check=False, **environment)
    assert done.returncode == UNREACHABLE, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "with a space",
        "with'quote",
        'with"two" $HOME `x`',
        "Übergröße-名",
        "comma, and = sign",
        "l" * 200,
    ],
)
def test_a_data_folder_of_any_name(above, name):
    home = above / name
    run("load", STATEMENTS, home=home)
    assert holds(home)
    folder = Path(socket_of(home))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(os.fsencode(f"{folder}/.s.PGSQL.5432")) < 108
    assert "stopped" in run("stop", home=home).stdout
    assert holds(home)


def test_the_programs_of_the_system_come_first_and_a_folder_keeps_its_version(above):
    system, wheel = above / "system", above / "wheel"
    run("load", STATEMENTS, home=system, **SYSTEM)
    run("load", STATEMENTS, home=wheel, **WHEEL)
    versions = [(each / "postgres" / "PG_VERSION").read_text().strip() for each in (system, wheel)]
    held = [path.parent.name for path in Path("/usr/lib/postgresql").glob("*/bin")]
    assert versions[0] in held
    assert versions[1] not in held, "the wheel is of another version than the system's"
    run("stop", home=wheel)
    assert holds(wheel, **SYSTEM)
    (run("stop", home=wheel), (wheel / "postgres" / "PG_VERSION").write_text("12\n"))
    told = refused("returns", home=wheel, **SYSTEM)
    assert "was made by PostgreSQL 12" in told
    assert "DARKFIGURE_POSTGRES" in told
    (wheel / "postgres" / "PG_VERSION").write_text(f"{versions[1]}\n")
    assert holds(wheel, **SYSTEM)


def test_no_programs_at_all_are_said_to_be_missing(above):
    told = refused("returns", home=above / "home", DARKFIGURE_POSTGRES=str(above))
    assert "no programs of PostgreSQL 15 or later" in told


def test_nobody_is_let_in_without_a_password(home):
    run("returns", home=home)
    for user in ("postgres", "darkfigure_service", "darkfigure_identity", "somebody"):
        for password in ("", "guess"):
            with pytest.raises(psycopg.OperationalError):
                logged_in(home, "postgres", user=user, password=password)
    for name in ("logins.json",):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_a_data_folder_of_an_older_program_is_walled_at_its_next_start(home):
    """There nobody needed a password, and the roles could not log in."""
    run("load", STATEMENTS, home=home)
    with logged_in(home, autocommit=True) as owner:
        for role in ("darkfigure_service", "darkfigure_identity"):
            owner.execute(f"ALTER ROLE {role} NOLOGIN PASSWORD NULL")
        owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO darkfigure_service")
        owner.execute("ALTER ROLE postgres PASSWORD NULL")
        (home / "postgres" / "pg_hba.conf").write_text("local all all trust\n")
        owner.execute("SELECT pg_reload_conf()")
    (home / "logins.json").unlink()
    assert holds(home)
    with pytest.raises(psycopg.OperationalError):
        logged_in(home, password="")
    with (
        logged_in(home, "darkfigure_service") as service,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        service.execute("TRUNCATE store_return CASCADE")


@pytest.mark.parametrize("text", ["{", '{"embedded": {"postgres": "another"}}', "{}"])
def test_passwords_that_were_lost_or_spoilt(home, text):
    run("load", STATEMENTS, home=home)
    (home / "logins.json").write_text(text)
    if text == "{":
        assert "move it away" in refused("returns", home=home)
        (home / "logins.json").unlink()
    assert holds(home)
    assert set(json.loads((home / "logins.json").read_text())["embedded"]) == {
        "postgres",
        "darkfigure_service",
        "darkfigure_identity",
        "darkfigure_web",
    }


def killed(home):
    process = psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().split()[0]))
    process.kill()
    process.wait(10)


@pytest.mark.parametrize("kind", ["empty", "garbage", "foreign", "another server's"])
def test_a_lock_file_that_says_nothing_true(above, home, kind):
    run("load", STATEMENTS, home=home)
    lock = home / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    killed(home)
    pid = os.getpid()
    if kind == "another server's":
        run("returns", home=above / "other")
        pid = int((above / "other" / "postgres" / "postmaster.pid").read_text().split()[0])
    text = {"empty": "", "garbage": "\x00\xff not a number\n" * 9}
    lock.write_text(text.get(kind, "\n".join([str(pid), *lines[1:]]) + "\n"), encoding="latin-1")
    assert holds(home)
    if kind == "another server's":
        assert psutil.pid_exists(pid)


def test_a_socket_that_is_gone_or_left_over(home):
    run("load", STATEMENTS, home=home)
    for path in (home / "postgres").glob(".s.PGSQL*"):
        path.unlink()
    assert holds(home)
    killed(home)
    assert list((home / "postgres").glob(".s.PGSQL*"))
    assert holds(home)


def test_what_is_in_the_way_is_said(home):
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "something").write_text("")
    told = refused("returns", home=home)
    assert "cannot be made" in told
    assert "DARKFIGURE_HOME" in told


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


def as_nobody(*arguments, **environment):
    """The program as a user with no home, in an environment with nothing but a path."""
    nobody = pwd.getpwnam("nobody")
    kept = {"PATH": os.environ["PATH"], **WHEEL}
    return subprocess.run(
        [Path(sys.executable).parent / "darkfigure", *map(str, arguments)],
        env={**kept, **environment},
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=240,
    )


@as_root
def test_without_a_home_or_a_locale_in_forty_columns(above):
    """Estimating compiles, and has nowhere to keep what it compiled but a folder of its own."""
    above.chmod(0o755)
    home = above / "nobody"
    home.mkdir()
    shutil.chown(home, "nobody")
    bare = {"DARKFIGURE_HOME": str(home), "LC_ALL": "POSIX", "COLUMNS": "40"}
    for words in (
        ("load", STATEMENTS),
        ("ask", "victims_recovered", "--by", "operation"),
        ("ask", "victims_recovered", "--format", "hansard"),
        ("returns",),
        ("log",),
        ("estimate", SOURCES.parent / "estimation" / "uk_2013_list_overlaps.csv"),
    ):
        done = as_nobody(*words, **bare)
        assert (done.returncode, done.stderr.strip()) == (0, ""), words
        assert done.stdout
    assert as_nobody("stop", **bare).returncode == 0


@as_root
def test_a_folder_that_may_only_be_read(above):
    above.chmod(0o755)
    home = above / "home"
    home.mkdir(mode=0o755)
    told = as_nobody("returns", DARKFIGURE_HOME=str(home))
    assert (told.returncode, "cannot be used" in told.stderr) == (UNREACHABLE, True), told.stderr


@as_root
def test_root_does_not_write_into_a_folder_of_somebody_else(above):
    home = above / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    assert "belongs to nobody, and this is root" in refused("returns", home=home)
    assert list(home.iterdir()) == []
