"""The program as users run it, each time with a data folder and an embedded server of its own."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import tempfile
import time
from itertools import islice, product
from pathlib import Path

import psutil
import pytest

from support import PROGRAM, SOURCES, logged_in, own_folder, run, statement, statement_file

pytestmark = pytest.mark.xdist_group("program")
RECEIVING = 20081218


@pytest.fixture
def home():
    with own_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def unchanged():
    """A data folder for what changes nothing."""
    with own_folder() as folder:
        yield folder


def start(*arguments, home):
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    return subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)],
        env={**env, "DARKFIGURE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def big_file(path, rows):
    codes = SOURCES.parent / "codes"
    nations, kinds = (
        [line.split(",")[0] for line in (codes / name).read_text().splitlines()[1:]]
        for name in ("nationality.csv", "exploitation.csv")
    )
    cells = product(
        kinds, ("adult", "child", "not_known"), range(1950, 2023), "1234", nations[:200]
    )
    with path.open("w") as out:
        out.write(
            "measure,period,exploitation,age_group,nationality,value,stated_on,stated_by,source\n"
        )
        for number, (kind, age, year, quarter, nation) in enumerate(islice(cells, rows)):
            out.write(
                f"nrm_referrals,{year}Q{quarter},{kind},{age},{nation},{number % 97},"
                "2024-01-31,HO,synthetic\n"
            )
    return path


def test_the_questions_of_the_readme(home):
    run(
        "load",
        *(SOURCES / name for name in ("pentameter_statements.csv", "parliamentary_answers.json")),
        home=home,
    )
    for day, values in {
        "2008-12-17": [88, 167, 5],
        "2009-03-01": [88, 164, 5],
        "2008-07-10": [88, 167],
    }.items():
        asked = ("ask", "victims_recovered", "--by", "operation,exploitation", "--as-at", day)
        data = json.loads(run(*asked, "--format", "json", home=home).stdout)
        assert [cell["value"] for cell in data["cells"]] == values
        assert {"question", "as_at", "basis", "cells", "notes", "cannot"} <= set(data)
    bridged = run(
        "bridge",
        "arrests",
        "--where",
        "operation=Pentameter 2",
        "--from",
        "2008-12-17",
        "--to",
        "2009-11-01",
        "--format",
        "json",
        home=home,
    )
    data = json.loads(bridged.stdout)
    assert (data["opening"], data["closing"]) == (528, 406)
    assert [(line["reason"], line["amount"]) for line in data["lines"]] == [
        ("recorded_in_error", -122)
    ]
    for form in ("text", "hansard", "html", "csv"):
        assert (
            "167"
            in run(
                "ask",
                "victims_recovered",
                "--by",
                "exploitation",
                "--as-at",
                "2008-12-17",
                "--format",
                form,
                home=home,
            ).stdout
        )
    opened = json.loads(
        run("source", data["cells"][0]["closing_id"], "--format", "json", home=home).stdout
    )
    assert opened["statements"][0]["original"]["value"] == "406"
    assert "victims_recovered" in run("measures", home=home).stdout
    assert "received before" in run("load", SOURCES / "pentameter_statements.csv", home=home).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "victims"), "is not a measure"),
        (("ask", "arrests", "--by", "colour"), "is not a dimension"),
        (("ask", "arrests", "--as-at", "2008-02-30"), "not a day that exists"),
        (("ask", "arrests", "--as-at", "17/12/2008"), "no day so written. Write YYYY-MM-DD"),
        (("ask", "arrests", "--where", "operation=Pentametre 2"), "Did you mean 'Pentameter 2'"),
        (("ask", "arrests", "--period", "sometime"), "is not a period"),
        (("ask", "arrests", "--unit", "persons"), "is counted in arrests"),
        (("check", "/no/such/file.csv"), "There is no such file"),
        (("check", "--as", "nonsense", "/etc/hostname"), "is not a kind of file"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(unchanged, arguments, said):
    done = run(*arguments, home=unchanged, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_check_needs_no_database(empty):
    done = run("check", SOURCES / "nrm_vintages.csv", home=empty)
    assert "stated 7,263; its 2 periods make 7,117 (+146)" in done.stdout
    assert not (empty / "postgres").exists()


def test_an_output_that_cannot_be_written(home):
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    done = run("ask", "arrests", "--out", "/dev/full", home=home, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


def test_two_loads_of_one_file_at_once_take_it_in_once(empty, tmp_path):
    path = big_file(tmp_path / "table.csv", 60_000)
    both = [start("load", path, home=empty) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    told = " ".join(out for out, _ in said)
    assert "60,000 statements taken in" in told
    assert "received before" in told
    assert run("returns", home=empty).stdout.count("statements  table.csv") == 1


@pytest.mark.long
def test_a_load_killed_half_way_leaves_nothing_and_can_be_run_again(home, tmp_path):
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    path = big_file(tmp_path / "table.csv", 500_000)
    process = start("load", path, home=home)
    with logged_in(home, autocommit=True) as connection:

        def held():
            return connection.execute(
                (
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND "
                    "granted"
                ),
                [RECEIVING],
            ).fetchone()[0]

        while not held():
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.01)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        while held():
            time.sleep(0.05)
        assert connection.execute("SELECT count(*) FROM store_receivedfile").fetchone()[0] == 1
        assert connection.execute("SELECT count(*) FROM store_statement").fetchone()[0] == 24
    assert "500,000 statements taken in" in run("load", path, home=home).stdout


@pytest.mark.long
def test_the_server_comes_back_after_it_was_killed(home):
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    for _ in range(2):
        pid = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        psutil.Process(pid).kill()
        assert "pentameter_statements.csv" in run("returns", home=home).stdout


@pytest.mark.long
def test_a_killed_server_that_nobody_has_reaped_is_not_taken_for_a_living_one(home):
    """Its lock files name a process that is dead but still listed."""
    run("load", SOURCES / "pentameter_statements.csv", home=home)
    locks = [home / "postgres" / name for name in ("postmaster.pid", ".s.PGSQL.5432.lock")]
    kept = [lock.read_text() for lock in locks]
    psutil.Process(int(kept[0].splitlines()[0])).kill()
    dead = subprocess.Popen(["true"])
    while psutil.Process(dead.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    for lock, text in zip(locks, kept, strict=True):
        lock.write_text("\n".join([str(dead.pid), *text.splitlines()[1:]]) + "\n")
    assert "pentameter_statements.csv" in run("returns", home=home).stdout
    dead.wait()


def test_commands_started_together_share_one_server(empty):
    several = [start("returns", home=empty) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in several]
    assert [process.returncode for process in several] == [0, 0, 0], said
    mine = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(empty / "postgres") in (process.info["cmdline"] or [])
    ]
    assert len(mine) == 1


def test_a_data_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("returns", home=tmp_path / "file", check=False)
    assert done.returncode == 3
    assert "cannot be used" in done.stderr


def test_a_server_that_does_not_answer(unchanged):
    done = run(
        "returns",
        home=unchanged,
        check=False,
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
    )
    assert (done.returncode, "does not answer" in done.stderr) == (3, True)


@pytest.fixture
def small_disk():
    """A data folder on a file system of 120 MB of its own."""
    folder = Path(tempfile.mkdtemp(prefix="df-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root with the right to mount can fill a disk of its own")
    yield folder
    run("stop", home=folder, check=False)
    subprocess.run(["umount", "-l", str(folder)], check=False)
    folder.rmdir()


def held_only_the_first(done, folder):
    assert done.returncode == 3
    assert "disk of the data folder is full" in done.stderr
    assert "Traceback" not in done.stderr
    listed = run("returns", home=folder).stdout
    assert "pentameter_statements.csv" in listed
    assert "table.csv" not in listed


@pytest.mark.long
def test_a_return_that_would_fill_the_disk_is_turned_away(small_disk, tmp_path):
    run("load", SOURCES / "pentameter_statements.csv", home=small_disk)
    held_only_the_first(
        run("load", big_file(tmp_path / "table.csv", 900_000), home=small_disk, check=False),
        small_disk,
    )


@pytest.mark.long
def test_a_disk_that_fills_while_loading_leaves_nothing(small_disk, tmp_path):
    """A packed file that unpacks to far more than could be foreseen. Once there is space again, all
    is as before.
    """
    run("load", SOURCES / "pentameter_statements.csv", home=small_disk)
    packed = tmp_path / "table.csv.gz"
    packed.write_bytes(
        gzip.compress(big_file(tmp_path / "table.csv", 900_000).read_bytes(), compresslevel=9)
    )
    done = run("load", packed, home=small_disk, check=False)
    subprocess.run(["mount", "-o", "remount,size=400m", str(small_disk)], check=True)
    held_only_the_first(done, small_disk)


def test_the_server_keeps_what_returns_hold_out_of_its_log(home):
    run("returns", home=home)
    with logged_in(home) as connection:
        for setting, value in {
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }.items():
            assert (
                connection.execute("SELECT current_setting(%s)", [setting]).fetchone()[0] == value
            )


def test_no_note_or_row_reaches_a_message_of_the_log(home, tmp_path):
    """Free text of a return stands in the repository and its file, not in the log."""
    run(
        "load",
        statement_file(
            tmp_path / "one.csv", statement(value=1, note="SYNTHETIC NOTE Jane Example")
        ),
        home=home,
    )
    run("ask", "victims_recovered", home=home)
    with logged_in(home) as connection:
        told = str(
            connection.execute("SELECT who, purpose, action, detail FROM store_logentry").fetchall()
        )
    assert "return received" in told
    assert "Jane" not in told
    assert "Jane" not in (home / "postgres" / "log").read_text()


def test_a_note_that_is_a_formula_reaches_no_spreadsheet(home, tmp_path):
    from zipfile import ZipFile

    path = statement_file(
        tmp_path / "formula.csv",
        statement(value=1, period="2006", note="=1+1"),
        statement(value=2, period="2007", note="@SUM(9)", source="+synthetic"),
        statement(value=-3, role="change", change_reason="duplicate", corrects=9, period="2008"),
    )
    run("load", path, home=home)
    asked = ("ask", "victims_recovered", "--by", "year", "--as-at", "2008-12-17")
    table = run(*asked, "--format", "csv", home=home).stdout
    for text in ("'=1+1", "'@SUM(9)"):
        assert text in table
        assert f",{text[1:]}" not in table
    sheet = tmp_path / "answer.ods"
    run(*asked, "--out", sheet, home=home)
    content = ZipFile(sheet).read("content.xml").decode()
    assert "formula" not in content
    assert ">=1+1" not in content
