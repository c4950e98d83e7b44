"""A snapshot is asked by other engines and says the same: answers with cells, bounds and sources,
bridges, the flow, lists of a capture table. Engines are real: Sail answers Spark Connect beside
the test, Spark is begun by the test.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from darkfigure.basis.errors import UnknownName
from darkfigure.evidence.on_spark import session_at
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure_hub.flows.take_snapshot import keep_snapshot
from engines_asked import asked
from support import run
from support_pages import free_port

pytestmark = [pytest.mark.xdist_group("engines"), pytest.mark.program]
TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def sail():
    """Where Sail answers Spark Connect."""
    port = free_port()
    program = Path(sys.executable).with_name("sail")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([program, "spark", "server", "--port", str(port)], **quiet) as server:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"sc://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="module")
def in_store(snapshot, django_db_blocker, operator, tmp_path_factory):
    """A store that holds the same snapshot."""
    store = str(tmp_path_factory.mktemp("stores") / "all")
    with django_db_blocker.unblock():
        keep_snapshot(operator, snapshot.as_at, store)
    return store


def by(engine, folder):
    """What a snapshot says by an engine, asked in a process of its own."""
    told = subprocess.run(
        [sys.executable, "engines_asked.py", str(folder), engine],
        cwd=TESTS, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    return told.stdout.splitlines()


def test_an_engine_of_spark_connect_says_the_same(snapshot, sail):
    assert by(sail, snapshot.place) == asked(open_snapshot(snapshot.place))


def test_of_a_store_it_says_the_same_too(snapshot, in_store, sail):
    assert by(sail, in_store) == asked(open_snapshot(snapshot.place))


@pytest.mark.long
def test_spark_on_this_machine_says_the_same(snapshot, in_store):
    assert by("spark", snapshot.place) == asked(open_snapshot(snapshot.place))
    assert by("spark", in_store) == asked(open_snapshot(snapshot.place))


def test_by_the_command_too(snapshot, sail, tmp_path):
    question = ("ask", "arrests", "--by", "operation", "--evidence", "cases", "--format", "json")
    held = ("--snapshot", snapshot.place)
    answers = [
        json.loads(run(*question, *held, *engine, home=tmp_path).stdout)
        for engine in ((), ("--engine", sail))
    ]
    assert answers[0] == answers[1]
    wrong = run(*question, "--engine", sail, home=tmp_path, check=False)
    assert "--snapshot" in wrong.stderr


def test_what_is_no_engine_is_refused():
    with pytest.raises(UnknownName, match="There are duckdb, spark"):
        session_at("spork")
