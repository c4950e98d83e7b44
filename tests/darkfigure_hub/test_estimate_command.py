"""The command `estimate` as people use it: strata by path, options obeyed or refused, a reason
wherever there is no figure.

Every file here is SYNTHETIC and made up for the purpose.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import time

import pytest

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.estimation.methods import NotTaken
from darkfigure_hub.commands import estimate_asked
from darkfigure_hub.commands.estimate_asked import Asked
from support import PROGRAM, run

pytestmark = pytest.mark.xdist_group("program")

WOMEN = "A,B,C,n\n1,0,0,70\n0,1,0,50\n0,0,1,40\n1,1,0,12\n1,0,1,8\n0,1,1,6\n1,1,1,2\n"
MEN = "A;B;C;n\n1;0;0;35\n0;1;0;25\n0;0;1;20\n1;1;0;7\n1;0;1;4\n0;1;1;3\n1;1;1;1\n"
EVERYBODY = "A,B,C,n\n1,1,1,60\n"
APART = "A,B,n\n1,0,9\n0,1,8\n"


@pytest.fixture
def files(tmp_path):
    for name, text in (
        ("women/uk.csv", WOMEN),
        ("men/uk.csv", MEN),
        ("all.csv", EVERYBODY),
        ("apart.csv", APART),
        ("often.csv", "times,persons\n1,50\n2,18\n3,5\n"),
        ("bounds.csv", WOMEN.replace("1,1,1,2", "1,1,1,<5")),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def asked(files, *arguments, refused=False):
    done = run("estimate", *arguments, "--format", "json", home=files / "home", check=False)
    assert done.returncode == (2 if refused else 0), done.stderr
    return done.stderr if refused else json.loads(done.stdout)


def test_strata_of_one_name_in_two_folders_are_two(files):
    women, men = files / "women" / "uk.csv", files / "men" / "uk.csv"
    found = asked(files, women, men, "--method", "stepwise", "--bootstrap", 60)
    assert [each["name"] for each in found["strata"]] == [str(women), str(men), "all strata"]
    assert [each["known"] for each in found["strata"]] == [188, 95, 283]
    one, other = (asked(files, each, "--method", "stepwise")["total"] for each in (women, men))
    assert found["total"] == pytest.approx(one + other)
    text = run("estimate", women, men, "--bootstrap", 60, home=files / "home").stdout
    assert "intervals: BCa, 60 replicates of every stratum" in text


def test_a_stratum_that_fails_is_named_and_there_is_no_total(files):
    found = asked(
        files, files / "women" / "uk.csv", files / "all.csv", files / "apart.csv", "--bootstrap", 60
    )
    assert [each["name"] for each in found["strata"]] == [str(files / "women" / "uk.csv")]
    assert found["total"] is None
    reasons = {each["name"]: each["reason"] for each in found["failed"]}
    assert reasons[str(files / "all.csv")].startswith("Everybody (60 persons) is on every list")
    assert reasons[str(files / "apart.csv")].startswith("No person is on two lists")
    said = run(
        "estimate",
        files / "women" / "uk.csv",
        files / "all.csv",
        "--bootstrap",
        60,
        home=files / "home",
    ).stdout
    assert "No total: 1 of 2 strata have no estimate." in said


def test_one_table_in_every_form(files):
    table = files / "women" / "uk.csv"
    found = asked(files, table, "--bootstrap", 100, "--seed", 3)
    assert {
        "aic",
        "deviance",
        "degrees",
        "minus_infinity",
        "replicates",
        "replicates_without_estimate",
        "remarks",
    } <= set(found)
    assert found["replicates"] == 100
    page = run(
        "estimate", table, "--method", "family", "--format", "html", home=files / "home"
    ).stdout
    assert page.startswith("<!doctype html>")
    assert page.count("<tr") == 11
    text = run("estimate", table, "--method", "family", home=files / "home").stdout
    for name in ("M0", "Mt", "Mh Chao", "Mh Gamma3.5", "Mth Chao", "Mth Darroch"):
        assert name in text
    often = asked(files, files / "often.csv", "--method", "chao")
    assert (often["known"], often["lists"]) == (73, [])
    bounds = asked(files, files / "bounds.csv")
    assert "1 counts are bounds" in bounds["remarks"][0] or "counts are bounds" in " ".join(
        bounds["remarks"]
    )
    moved = asked(files, table, "--sensitivity")
    assert len(moved["rows"]) == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["women/uk.csv", "men/uk.csv", "--method", "nonsense"], "'nonsense' is not a method"),
        (["women/uk.csv", "men/uk.csv", "--method", "graphs"], "graphs does not work with strata"),
        (["women/uk.csv", "women/uk.csv"], "is named twice"),
        (["women/uk.csv", "none.csv"], "none.csv does not exist"),
        (["women/uk.csv", "--method", "two-lists"], "say which with --lists A,B"),
        (["women/uk.csv", "--method", "model"], "model needs --model"),
        (["women/uk.csv", "--seed", "-1", "--bootstrap", "50"], "--seed is 0 or more"),
        (["women/uk.csv", "--bootstrap", "-5"], "--bootstrap is 0 or more"),
        (["all.csv", "--method", "chao"], "Everybody (60 persons) is on every list"),
        (["often.csv"], "needs to know who is on which list"),
    ],
)
def test_refusals_say_what_would_be_right(files, arguments, says):
    given = [str(files / each) if each.endswith(".csv") else each for each in arguments]
    assert says in asked(files, *given, refused=True)


# What goes together, without starting the program


def refuse(mode, asked_for=None, snapshot=False, files=True, **others):
    named = {f"--{name.replace('_', '-')}": value for name, value in others.items()}
    estimate_asked.refuse(mode, asked_for or Asked(), named, snapshot=snapshot, files=files)


@pytest.mark.parametrize(
    ("doing", "says"),
    [
        (lambda: refuse("series", Asked(method="bic")), "`estimate series` shows what is held"),
        (lambda: refuse("series", Asked(omit=("A",))), "--omit"),
        (lambda: refuse("series", population="uk"), "--population"),
        (lambda: refuse("panel", Asked(method="bic")), "--panel lays all methods side by side"),
        (lambda: refuse("panel", Asked(order=3)), "--order"),
        (lambda: refuse("one", population="uk"), "only `estimate revise`"),
        (lambda: refuse("one", reason="new_data"), "only `estimate revise`"),
        (lambda: refuse("one", period="2013"), "a period is for --snapshot"),
        (lambda: refuse("one", where=["area=Essex"]), "choose from a snapshot"),
        (lambda: refuse("one", as_at="2020-01-01"), "choose from a snapshot"),
        (lambda: refuse("one", snapshot=True, files=True), "not both"),
    ],
)
def test_options_that_do_not_go_together(doing, says):
    with pytest.raises(NotTaken, match=says):
        doing()


def test_options_that_do():
    refuse("panel", Asked(bootstrap=50, seed=2))
    refuse("revise", population="uk", period="2013", reason="new_data")
    refuse(
        "one",
        Asked(method="bic", bootstrap=50),
        snapshot=True,
        files=False,
        where=["area=Essex"],
        period="2013",
    )


def test_one_table_is_one_table(files):
    held = estimate_asked.read([str(files / "women" / "uk.csv"), str(files / "men" / "uk.csv")])
    for what in ("--panel", "`estimate revise`", "--sensitivity"):
        with pytest.raises(NotTaken, match="takes one table; 2 were given"):
            estimate_asked.one(held, what)
    bounded = estimate_asked.one(estimate_asked.read([str(files / "bounds.csv")]), "--panel")
    with pytest.raises(NotTaken, match="counts given as bounds"):
        estimate_asked.exact(bounded, "--panel")
    with pytest.raises(NotTaken, match="who is on which list"):
        estimate_asked.one(estimate_asked.read([str(files / "often.csv")]), "--panel")


def test_lists_are_changed_in_every_stratum_or_the_stratum_is_named(files):
    held = estimate_asked.read(
        [str(files / "women" / "uk.csv"), str(files / "apart.csv"), str(files / "men" / "uk.csv")]
    )
    found = estimate_asked.changed(held, Asked(merge=("A,B",)))
    assert {table.lists for table in found.tables.values()} == {("A+B", "C")}
    assert list(found.failed) == [str(files / "apart.csv")]
    with pytest.raises(DarkfigureError, match="not a list of the table"):
        estimate_asked.changed(
            estimate_asked.read([str(files / "women" / "uk.csv")]), Asked(omit=("X",))
        )
    with pytest.raises(Unreadable, match="Name a file"):
        estimate_asked.read([])


def shown(*arguments, home):
    """What `estimate` prints, and what it shows on standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    command = [str(PROGRAM), "estimate", *map(str, arguments)]
    env = {**os.environ, "DARKFIGURE_HOME": str(home), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=env) as program:
        os.close(theirs)
        told = bytearray()
        with contextlib.suppress(OSError):  # a terminal that nobody writes to any more
            while piece := os.read(ours, 65536):
                told += piece
        printed = program.stdout.read()
    os.close(ours)
    assert program.returncode == 0, told.decode()
    return printed.decode(), told.decode()


@pytest.mark.long
def test_a_panel_shows_at_a_terminal_which_step_of_how_many(files):
    panel = (files / "women" / "uk.csv", "--panel", "--bootstrap", 60)
    printed, told = shown(*panel, home=files / "home")
    steps = re.findall(r"(\d+) of 9: (?:stepwise|best BIC|thresholded|latent|simulated)", told)
    assert steps, told
    assert set(map(int, steps)) <= set(range(1, 10))
    apart = run("estimate", *panel, home=files / "home")
    assert (apart.stdout, apart.stderr) == (printed, "")
    assert "of 9" not in printed


@pytest.mark.long
def test_a_panel_that_takes_long_says_so_before(files):
    four = files / "four.csv"
    rows = [f"{at & 1},{at >> 1 & 1},{at >> 2 & 1},{at >> 3},{3 + at % 4}" for at in range(1, 16)]
    four.write_text("\n".join(["A,B,C,D,n", *rows, ""]))
    done = run("estimate", four, "--panel", "--bootstrap", 60, home=files / "home")
    assert done.stderr.splitlines() == [
        "4 lists with 60 replicates, in 10 steps: this takes half a minute or more, of many lists "
        "many minutes."
    ]
    assert "half a minute" not in done.stdout


def test_replicates_are_kept_where_there_are_some_to_keep(files):
    women, kept = files / "women" / "uk.csv", files / "kept"
    for asked in ((), ("--panel",), ("--method", "chao"), ("--bootstrap", 60, "--sensitivity")):
        told = run("estimate", women, *asked, "--resume", kept, home=files / "home", check=False)
        assert told.returncode == 2
        assert "--resume keeps the replicates of one estimate" in told.stderr


@pytest.mark.long
def test_an_estimate_that_was_killed_goes_on_where_it_was(files):
    kept = files / "kept"
    table = files / "women" / "uk.csv"
    asked = ["estimate", str(table), "--bootstrap", "40000", "--resume", str(kept)]
    env = {**os.environ, "DARKFIGURE_HOME": str(files / "home")}
    with subprocess.Popen([str(PROGRAM), *asked], env=env, stdout=subprocess.PIPE) as program:
        while program.poll() is None and len(list(kept.glob("*/*.part"))) < 3:
            time.sleep(0.02)
        program.kill()
    assert len(list(kept.glob("*/*.part"))) >= 3
    again = run(*asked, home=files / "home").stdout
    whole = run(*asked[:-2], home=files / "home").stdout
    assert again.splitlines()[:-1] == whole.splitlines()[:-1]
    assert not kept.exists()
