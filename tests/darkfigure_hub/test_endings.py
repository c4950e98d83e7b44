"""Every command ends in a sentence and an exit status that says how."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.basis.unforeseen import place_of
from darkfigure_hub.commands import endings, program
from support import PROGRAM, SOURCES, run

pytestmark = pytest.mark.xdist_group("endings")
ROOT = Path(__file__).parents[2]
SOUND = SOURCES / "pentameter_statements.csv"
HEAD = "measure,period,value,stated_on,stated_by,source\n"
NOBODY = "kent:0123456789abcdef"


def ended(*arguments, home, status, **environment):
    """What a command prints on standard error; it ends with that status and no traceback."""
    done = run(*arguments, home=home, check=False, **environment)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr


def shell(line, home):
    env = {**os.environ, "DARKFIGURE_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    return subprocess.run(
        ["bash", "-c", line], env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_each_exit_status_is_in_the_manual_and_the_readme():
    readme = (ROOT / "README.md").read_text()
    for status, meaning in endings.ENDINGS.items():
        assert f"| {status} | {meaning} |" in readme


def test_faults_found_are_told_from_what_is_refused(home, tmp_path):
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(HEAD + "arrests,2006,many,2008-07-02,HO,synthetic\n")
    assert "not a number" in ended("check", faulty, home=home, status=1)
    assert "not a number" in ended("load", faulty, home=home, status=2)
    assert "no such file" in ended("check", SOUND, tmp_path / "none", home=home, status=2)
    ended("check", faulty, tmp_path / "none", home=home, status=2)
    assert ended("check", SOUND, home=home, status=0) == "\n"


def test_what_is_given_and_empty_is_refused(home):
    """A script whose variable is empty asks nothing else than it meant."""
    for command in (("ask", "arrests"), ("flow",), ("bridge", "arrests", "--from", "2008-01-01")):
        assert "is given and empty" in ended(*command, "--where", "", home=home, status=2)
    for command in (("ask", "arrests"), ("coverage",)):
        assert "is given and empty" in ended(*command, "--by", " ", home=home, status=2)


def test_a_faulty_file_keeps_no_other_from_being_read(home, tmp_path):
    files = {
        "none.csv": None,
        "first.csv": HEAD + "arrests,2006,1,2008-07-02,HO,synthetic\n",
        "torn.csv": HEAD + 'arrests,2006,1,2008-07-02,"HO,synthetic\n',
        "broken.json": '{"form": "darkfigure case return 1", "records": {"a": "\ud800"',
        "last.csv": HEAD + "arrests,2007,2,2008-07-02,HO,synthetic\n",
    }
    for name, text in files.items():
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    done = run("load", *(tmp_path / name for name in files), home=home, check=False)
    assert done.returncode == 2
    for name in ("first", "last"):
        assert f"{name}.csv: 1 statements taken in" in done.stdout
    for name in ("none.csv", "torn.csv", "broken.json"):
        assert f"{name}: 1 fault found" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "arrests", "--out", "/nonexistent/x.txt"), "cannot be written"),
        (("ask", "arrests", "--out", "/"), "is a folder"),
        (("templates", "--out", ROOT / "README.md"), "cannot be a folder"),
        (("vocabularies", "--out", ROOT / "README.md"), "cannot be a folder"),
        (("synthetic-lists", "--out", ROOT / "README.md"), "cannot be a folder"),
        (("snapshot", "--out", ROOT / "README.md"), "cannot be used"),
        (("snapshot", "--out", "/proc/none"), "cannot be used"),
        (("snapshot", "--out", "/nonexistent", "--verify"), "is not a snapshot"),
        (("demo", "--out", ROOT / "README.md"), "cannot be a folder"),
        (("encode", SOUND, "--key-file", "/none", "--out", "x"), "cannot be read"),
        (("link", "/none.csv"), "no such file"),
        (("estimate", "/none.csv"), "cannot be read"),
        (("define", "/none.yaml"), "no such file"),
        (("define", "/"), "a folder"),
        (("requirements", "load", "/none.yaml"), "cannot be read"),
        (("requirements", "ask", "/none.csv"), "no such file"),
        (("return", "submit", "/none.json"), "There is no such file"),
        (("check", "/dev/null"), "the file is empty"),
        (("check", "/"), "a folder"),
        (("persons", "show", "x"), "no record of a person held"),
        (("persons", "show", NOBODY), "no record of a person held"),
        (("persons", "undo", "D²", "--reason", "x"), "not the number of a decision"),
        (("source", "x-y"), "not the id of a cell"),
        (("ask", "arrests", "--as-at", "9999-12-31"), "no day that figures are of"),
        (("ask", "arrests", "--period", "0001"), "is not a period"),
        (("nonsense",), "no command"),
        (("ask",), "Missing argument"),
    ],
    ids=lambda given: " ".join(map(str, given)) if isinstance(given, tuple) else "",
)
def test_what_cannot_be_done_is_refused_in_a_sentence(home, arguments, said):
    assert said in ended(*arguments, home=home, status=2)


def test_a_repository_that_cannot_be_reached(home):
    gone = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert "does not answer" in ended("returns", home=home, status=3, **gone)
    assert "cannot be used" in ended("returns", home="/proc/none", status=3)


def test_standard_input_and_pipes_are_read_as_files_are(home):
    for line in (f"{PROGRAM} check - < {SOUND}", f"{PROGRAM} check /dev/stdin < {SOUND}"):
        assert "24 statements" in shell(line, home).stdout
    done = shell(f"cat {SOUND} | {PROGRAM} load /dev/stdin; {PROGRAM} check <(cat {SOUND})", home)
    assert done.stdout.count("24 statements") == 2, done


def test_an_output_that_nobody_reads_or_has_no_room(home):
    done = shell(f"{PROGRAM} measures | (exec <&-; sleep 9); exit ${{PIPESTATUS[0]}}", home)
    assert (done.returncode, done.stderr) == (141, "")
    done = shell(f"{PROGRAM} measures > /dev/full", home)
    assert (done.returncode, "No space left" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def started(*arguments, home):
    env = {**os.environ, "DARKFIGURE_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def pipe(tmp_path):
    """A file that is read while it is written: it can be opened once the program reads it."""
    os.mkfifo(tmp_path / "pipe.csv")
    return tmp_path / "pipe.csv"


def test_it_can_be_interrupted(home, pipe):
    process = started("check", pipe, home=home)
    with pipe.open("w") as out:
        out.write(HEAD)
        out.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted." in said
    assert "Traceback" not in said


def test_a_connection_lost_in_the_midst(home, pipe):
    """The server is killed while a return comes in: a sentence, and what was not read is named."""
    run("returns", home=home)
    process = started("load", pipe, SOUND, home=home)
    with pipe.open("w") as out:
        out.write(HEAD)
        server = psutil.Process(
            int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        )
        for each in (server, *server.children()):
            each.kill()
        out.write("arrests,2008,5,2009-07-02,HO,synthetic\n")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 3, said
    assert "1 of the files was not read." in said
    assert "Traceback" not in said


NAME = "Alba Madeup 1999-02-30"


def test_an_error_that_nobody_foresaw_shows_no_value(capsys):
    def work():
        return {}[NAME]

    assert program.ended(work) == endings.UNFORESEEN
    said = capsys.readouterr().err
    assert "KeyError at darkfigure_hub/commands/program.py:" in said
    assert "Alba" not in said
    assert "Traceback" not in said


def test_who_develops_sees_where_an_error_came_from(capsys, monkeypatch):
    monkeypatch.setenv(program.TRACEBACK, "1")

    def work():
        raise StoreUnavailable("The disk is full.")

    assert program.ended(work) == endings.UNREACHABLE
    assert "in work" in capsys.readouterr().err


def test_an_error_is_placed_in_our_code():
    with pytest.raises(ValueError, match="Expecting") as raised:
        json.loads("{")
    assert place_of(raised.value) == "JSONDecodeError"


def test_the_option_for_who_develops(home):
    shown = run("--traceback", "source", "x-y", home=home, check=False)
    assert (shown.returncode, "Traceback" in shown.stderr) == (2, True)
