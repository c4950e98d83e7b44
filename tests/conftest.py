"""What every test has: a database on real PostgreSQL, embedded or Debian's, with the example files
loaded once.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from support import database_apart

# The first example of a law may compile: how long one takes says nothing.
# What is checked in is held to the same examples each time; by hand others are tried each time.
hypothesis_settings.register_profile("darkfigure", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("darkfigure")
ROOT = Path(__file__).parent.parent
os.environ["DARKFIGURE_HOME"] = str(ROOT / "var" / "test")
# The embedded server is tried with the wheel's programs; Debian's are tried by --postgres debian.
os.environ.setdefault("DARKFIGURE_POSTGRES", "wheel")
TODAY = date(2026, 11, 23)


def pytest_addoption(parser):
    parser.addoption(
        "--postgres",
        choices=["embedded", "debian"],
        default="embedded",
        help="Which PostgreSQL to test on.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if "DF_TEST_PREPARED" not in os.environ:  # those that run beside each other share it
        os.environ["DF_TEST_PREPARED"] = config.prepared = tempfile.mkdtemp(prefix="df-prepared-")
    if config.getoption("--postgres") == "debian":
        if "DF_TEST_SOCKET" not in os.environ:
            config.cluster = DebianCluster()
            os.environ["DF_TEST_SOCKET"] = config.cluster.folder
        from django.conf import settings

        socket = os.environ["DF_TEST_SOCKET"]
        address = f"postgresql://postgres@/postgres?host={socket}"
        settings.DATABASES["default"]["ADDRESSES"] = {"DATABASE_URL": address}


#: What a test that reaches the database under test asks for.
OF_THE_STORE = {
    "db",
    "transactional_db",
    "django_db_setup",
    "evidence",
    "records",
    "snapshot",
    "apart",
}
#: What a test asks for that runs the program, which brings its own.
OF_THE_PROGRAM = {"home", "empty", "address"}


def pytest_collection_modifyitems(config, items):
    """On Debian's PostgreSQL only what reaches the database under test: the rest has been tried
    already, and the program brings its own. What takes longest begins first, so that nobody waits
    for it alone at the end.
    """
    items.sort(key=lambda each: not any(mark.args for mark in each.iter_markers("long")))
    if config.getoption("--postgres") != "debian":
        return
    left_out = [each for each in items if not _of_the_store(each)]
    items[:] = [each for each in items if _of_the_store(each)]
    config.hook.pytest_deselected(items=left_out)


def _of_the_store(item):
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    in_memory = any(parameters.get(name) == "memory" for name in ("evidence", "records"))
    asked = item.get_closest_marker("django_db") or OF_THE_STORE & set(item.fixturenames)
    program = OF_THE_PROGRAM & set(item.fixturenames) or item.get_closest_marker("program")
    return bool(asked) and not in_memory and not program


def pytest_unconfigure(config):
    if prepared := getattr(config, "prepared", None):
        shutil.rmtree(prepared, ignore_errors=True)
    if cluster := getattr(config, "cluster", None):
        cluster.stop()


class DebianCluster:
    """A PostgreSQL of Debian's, in a folder of its own, run as its user when the tests run as
    root.
    """

    def __init__(self):
        self.programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[0]
        self.folder = tempfile.mkdtemp(prefix="df-pg-")
        self.data = f"{self.folder}/data"
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run(
            "pg_ctl", "-D", self.data, "-w", "-l", f"{self.folder}/log", "-o", options, "start"
        )

    def run(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_user, str(self.programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def operator():
    from darkfigure_hub.access import for_operator

    return for_operator("test", "test")


@pytest.fixture(scope="session")
def casework(tmp_path_factory):
    """The synthetic case returns of the two campaigns, as files."""
    from darkfigure.synthetic.pentameter import write_returns

    return write_returns(tmp_path_factory.mktemp("casework"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings, django_db_blocker, operator, casework
):
    """The test database, with agencies entered and the example files loaded."""
    from django.test.utils import setup_databases, teardown_databases

    from darkfigure.codes import codes_for
    from darkfigure_hub.flows.receive_return import receive_return
    from darkfigure_hub.flows.show_example import load_examples
    from darkfigure_hub.store import heads
    from darkfigure_hub.store.queries import holdings

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        heads.forget()
        holdings.enter_agencies(codes_for("agency"))
        load_examples(operator, lambda _example, _received: None, lambda _doing, _rows: None)
        for path in casework:
            receive_return(operator, path)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def apart(django_db_setup, django_db_blocker):
    """A repository of the test's own, where what is written is committed."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def memory():
    """The example files as evidence in memory."""
    from darkfigure.reading import evidence_from
    from darkfigure.reading.manifest import examples

    folder = ROOT / "src" / "darkfigure" / "data" / "sources"
    return evidence_from([folder / example.name for example in examples()], TODAY)


@pytest.fixture(params=["memory", "store"])
def evidence(request):
    """The example files as evidence: in memory, and in the repository. The answers must be the
    same.
    """
    if request.param == "memory":
        return request.getfixturevalue("memory")
    request.getfixturevalue("db")
    from darkfigure_hub.store.queries.evidence import StoreEvidence

    return StoreEvidence(request.getfixturevalue("operator"))


@pytest.fixture(scope="session")
def records_in_memory(casework):
    """The synthetic casework in memory."""
    from darkfigure.evidence.case_memory import records_from
    from darkfigure.reading import read_files

    return records_from(read_files(casework, TODAY))


@pytest.fixture(scope="session")
def snapshot(django_db_setup, django_db_blocker, operator, tmp_path_factory):
    """A snapshot of the test repository as known on the day of the tests."""
    from darkfigure.evidence.snapshots import open_snapshot
    from darkfigure_hub.flows.take_snapshot import take_snapshot

    with django_db_blocker.unblock():
        taken = take_snapshot(operator, TODAY, tmp_path_factory.mktemp("snapshots") / "all")
    return open_snapshot(taken.folder, verify=True, engine=os.environ.get("ENGINE", "duckdb"))


@pytest.fixture(params=["memory", "store", "snapshot"])
def records(request, snapshot):
    """The synthetic casework: in memory, in the repository, in a snapshot. The figures must be the
    same.
    """
    if request.param == "memory":
        return request.getfixturevalue("records_in_memory")
    if request.param == "snapshot":
        return snapshot.records
    request.getfixturevalue("db")
    from darkfigure_hub.store.queries.case_records import StoreRecords

    return StoreRecords(request.getfixturevalue("operator"))


@pytest.fixture(scope="module")
def browser():
    """Debian's browser."""
    from support_pages import chromium

    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def home():
    """A data folder with tables in which nothing is yet."""
    from support import own_folder

    with own_folder() as folder:
        yield folder


@pytest.fixture
def empty():
    """A data folder in which nothing is yet, not even tables."""
    from support import own_folder

    with own_folder(empty=True) as folder:
        yield folder
