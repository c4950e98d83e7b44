"""The service as a machine runs it: what it tells of itself, what stands in its log lines, how it
stops, where its secrets come from. All synthetic.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from darkfigure_hub.store.log_lines import ALLOWED
from support import PROGRAM, SOURCES, environment, logged_in, run
from support_pages import free_port

WORD = "QZXneedle"
#: Whether a job was looked for: by a worker alone.
WORKER = """SELECT EXISTS (SELECT FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND query ~ 'store_(job|outgoing|release|savedquestion)')"""
LINE = {"at", "level", "logger", "said", "error", *ALLOWED}


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    """The server of a data folder, its address and the file of what it says."""
    import socket

    run("load", SOURCES / "pentameter_statements.csv", home=home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = tmp_path_factory.mktemp("said") / "lines"
    with said.open("w") as out:
        process = subprocess.Popen(
            [str(PROGRAM), "serve", "--port", str(port), "--no-worker"],
            env=environment(home, DARKFIGURE_LOGS="json"),
            stdout=subprocess.DEVNULL,
            stderr=out,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        if get(f"{address}/ready")[0] == 200:
            break
        time.sleep(0.1)
    yield process, address, said
    process.kill()
    process.wait()


def get(address, data=None, **headers):
    """The status and the text of an address."""
    request = urllib.request.Request(address, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def samples(address):
    """What the service tells of itself: value by name and labels."""
    status, text = get(f"{address}/metrics")
    assert status == 200
    return {
        (each.name, *sorted(each.labels.items())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_what_is_told_is_numbers_by_route_and_to_this_machine_alone(server):
    _, address, _ = server
    get(f"{address}/held")
    get(f"{address}/source/{WORD}-000000")
    before = samples(address)
    get(f"{address}/held")
    after = samples(address)
    answered = (
        "darkfigure_requests_total",
        ("method", "GET"),
        ("route", "held"),
        ("status", "200"),
    )
    assert after[answered] == before[answered] + 1
    assert after[("darkfigure_request_seconds_count", ("route", "held"))] >= 2
    assert after[("darkfigure_database_up",)] == 1
    for state in ("waiting", "in work", "failed"):
        assert after[("darkfigure_jobs", ("state", state))] == 0
    assert after[("darkfigure_outbox", ("state", "waiting"))] == 0
    assert after[("darkfigure_log_entries", ("state", "unsealed"))] == 0
    assert after[("darkfigure_log_entries", ("state", "sealed"))] > 0
    labels = {label for _, *held in after for label, _ in held}
    assert labels == {"route", "method", "status", "state", "le"}
    assert WORD not in repr(after)
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"):
        assert get(f"{address}/metrics", **{header: "127.0.0.1"})[0] == 404


def test_lines_hold_keys_of_the_list_and_no_word_of_what_was_asked(server):
    _, address, said = server
    asked = urllib.parse.quote(f"victims named {WORD}")
    for path in (f"source/{WORD}", WORD, f"ask?measure={WORD}", f"understand?text={asked}"):
        get(f"{address}/{path}", **{"User-Agent": WORD, "Referer": f"http://{WORD}/"})
    get(f"{address}/join", data=f"email={WORD}%40example.org&code={WORD}".encode())
    get(f"{address}/api/ask?measure={WORD}", Authorization=f"Bearer {WORD}")
    get(f"{address}/health", Host=f"{WORD}.example.org")
    lines = said.read_text().splitlines()
    ours = [json.loads(line) for line in lines if line.startswith("{")]
    assert {each["route"] for each in ours if "route" in each} >= {"source", "ask", "join", "none"}
    assert all(set(each) <= LINE for each in ours)
    assert WORD.lower() not in said.read_text().lower()
    # what is not ours says that the server began, and nothing else
    assert [line for line in lines if not line.startswith(("{", "[INFO]"))] == []


def test_a_request_in_flight_ends_before_the_server_does(server, home):
    process, address, _ = server
    found = []
    with logged_in(home) as owner:
        owner.execute("LOCK TABLE store_block IN ACCESS EXCLUSIVE MODE")
        asking = threading.Thread(target=lambda: found.append(get(f"{address}/held")))
        asking.start()
        for _ in range(100):
            held = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            if owner.execute(held).fetchone()[0]:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert process.poll() is None
        assert found == []
        owner.rollback()
    asking.join(timeout=30)
    assert [status for status, _ in found] == [200]
    assert process.wait(timeout=30) is not None


def test_told_to_stop_the_server_and_its_worker_end_without_an_error(home):
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    port = free_port()
    process = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(300):
        if get(f"http://127.0.0.1:{port}/ready")[0] == 200:
            break
        time.sleep(0.1)
    for _ in range(300):  # the worker is there, and looks for what there is to do
        with logged_in(home) as session:
            if session.execute(WORKER).fetchone()[0]:
                break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[1].splitlines()
    assert [line for line in said if not line.startswith("[INFO]")] == []


def test_any_server_of_wsgi_serves_it(home):
    """By its entry point alone, in a process that set nothing up before."""
    asks = (
        "from darkfigure_hub.web.wsgi import application\n"
        "from wsgiref.util import setup_testing_defaults\n"
        "asked = {'PATH_INFO': '/ready', 'REMOTE_ADDR': '127.0.0.1'}\n"
        "setup_testing_defaults(asked)\n"
        "asked['HTTP_HOST'] = '127.0.0.1'\n"
        "print(application(asked, lambda status, _: print(status)).status_code)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asks], env=environment(home), capture_output=True, text=True
    )
    assert told.stdout.split() == ["200", "OK", "200"], told.stderr


def test_secrets_come_from_files(home, tmp_path):
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    key = tmp_path / "key"
    key.write_text("0123456789abcdef" * 4 + "\n")
    told = run("log", "--number", "1", home=home, DARKFIGURE_LOG_KEY_FILE=str(key)).stdout
    assert "which is not here" in told
    nowhere = run("log", home=home, check=False, DARKFIGURE_LOG_KEY_FILE=str(tmp_path / "no"))
    assert "cannot be read" in nowhere.stderr
    assert os.environ.get("DARKFIGURE_LOG_KEY_FILE") is None
