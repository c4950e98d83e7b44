"""Options mean the same everywhere: - is standard input, lists come as JSON, and what would be
ignored is refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from darkfigure.basis.reference import pseudonym
from darkfigure.writing.documents.head import schema_text
from documents_held import held
from support import PROGRAM, SOURCES, logged_in, own_folder, run

pytestmark = pytest.mark.xdist_group("alike")
TABLE = SOURCES.parent / "estimation" / "uk_2013_list_overlaps.csv"
LIST = """surname,forename,date of birth,reference
Example,Jane,1990-03-04,S1
Sample,John,1985-07-09,S2
Example,Jane,1990-03-04,S3
"""


@pytest.fixture(scope="module")
def home():
    with own_folder() as folder:
        run("load", SOURCES / "pentameter_statements.csv", home=folder)
        run("requirements", "load", "human_trafficking", home=folder)
        yield folder


def piped(content: bytes, *arguments, home, cwd=None):
    """Run a command with something on its standard input."""
    left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in left_out}
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)],
        input=content,
        env={**env, "DARKFIGURE_HOME": str(home)},
        capture_output=True,
        cwd=cwd,
        check=False,
    )


def test_a_return_comes_on_standard_input_and_its_row_opens(home):
    content = (SOURCES / "parliamentary_answers.json").read_bytes()
    done = piped(content, "load", "-", home=home)
    assert done.stdout.startswith(b"standard input.json: 108 statements taken in"), done.stderr
    again = piped(content, "load", "-", home=home)
    assert b"received before" in again.stdout
    asked = run("ask", "convictions", "--by", "operation", "--format", "json", home=home)
    cells = json.loads(asked.stdout)["cells"]
    opened = json.loads(run("source", cells[0]["id"], "--format", "json", home=home).stdout)
    assert any(each["file"] == "standard input.json" for each in opened["statements"])


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (b"", ("load", "-"), "standard input: 1 fault found"),
        (b"a,b\n1,2\n", ("check", "-"), "standard input: 1 fault found"),
        (b"a,b\n1,2\n", ("estimate", "-"), "standard input: "),
        (b"a: b\n", ("requirements", "load", "-"), "standard input: "),
        (b"a,b\n1,2\n", ("requirements", "ask", "-"), "standard input: "),
        (b"a: b\n", ("report", "submit", "-"), "standard input: "),
        (b"a: b\n", ("return", "submit", "-"), "standard input: "),
        (b"", ("link", "-"), "standard input"),
    ],
)
def test_an_error_names_standard_input(home, content, arguments, said):
    done = piped(content, *arguments, home=home)
    assert done.returncode == 2
    assert said in done.stderr.decode(), done.stderr
    assert b"Traceback" not in done.stderr


def test_what_is_read_from_standard_input_is_what_the_file_says(home, tmp_path):
    of_file = run("estimate", TABLE, "--format", "json", home=home).stdout
    piped_in = piped(TABLE.read_bytes(), "estimate", "-", "--format", "json", home=home).stdout
    kept = ("total", "interval", "model", "known")
    assert [json.loads(of_file)[name] for name in kept] == [
        json.loads(piped_in)[name] for name in kept
    ]
    linked = piped(LIST.encode(), "link", "-", "--draws", "20", "--format", "json", home=home)
    assert json.loads(linked.stdout)["records"] == 3, linked.stderr
    (tmp_path / "key").write_text("a key for a test")
    out = tmp_path / "encoded.csv"
    encoded = piped(
        LIST.encode(), "encode", "-", "--key-file", tmp_path / "key", "--out", out, home=home
    )
    assert not encoded.returncode, encoded.stderr
    assert "Jane" not in out.read_text()
    assert list(Path(tempfile.gettempdir()).glob("darkfigure-*/standard input*")) == []


def test_several_measures_come_as_one_table(home):
    asked = run("ask", "Arrests, convictions", "--by", "operation", "--format", "json", home=home)
    told = json.loads(asked.stdout)
    assert [each["measure"] for each in told["measures"]] == ["arrests", "convictions"]
    cells = [each["figures"]["arrests"]["cell"] for each in told["rows"]]
    opened = run("source", cells[0], "--format", "json", home=home)
    assert json.loads(opened.stdout)["statements"]


def test_what_is_derived_names_its_cells(home):
    asked = run(
        "ask", "arrests", "--by", "operation", "--total", "--share", "--format", "json", home=home
    )
    told = json.loads(asked.stdout)
    (total,) = [row for row in told["view"]["rows"] if row["kind"] == "total"]
    assert total["added_up"] == [cell["id"] for cell in told["cells"]]
    assert total["value"] == sum(cell["value"] for cell in told["cells"])
    across = run("ask", "arrests", "--by", "operation", "--pivot", "operation", home=home).stdout
    assert all(cell["id"] in across for cell in told["cells"])


def test_measures_are_compared(home):
    compared = run("compare", "arrests,charged", "--by", "operation", home=home).stdout
    assert "Why they differ:" in compared
    assert "They count different things" in compared


@pytest.mark.parametrize(
    ("document", "arguments"),
    [
        ("measures", ("measures",)),
        ("packs", ("pack", "list")),
        ("schemas", ("schemas",)),
        ("returns", ("returns", "--show-values")),
        ("log", ("log",)),
        ("questions", ("requirements", "show")),
        ("due", ("requirements", "due")),
        ("plan", ("requirements", "plan")),
        ("gaps", ("requirements", "gaps")),
        ("requests", ("requirements", "request")),
        ("requirement_changes", ("requirements", "diff", "nir-2026", "nir-2026")),
        ("history", ("withdraw",)),
        ("origins", ("origins", "list")),
        ("series", ("estimate", "series")),
        ("coverage", ("coverage", "--by", "period")),
        ("cell", ("coverage", "--cell", "HT.6.4/Kent/2026 Q2")),
        ("held", ("held",)),
        ("understanding", ("understand", "how many girls were recovered")),
        ("proposal", ("read", TABLE)),
        ("flow", ("flow",)),
        ("register", ("answers", "search", "")),
        ("disclosure", ("answers", "log")),
    ],
)
def test_a_list_comes_as_a_document(home, document, arguments):
    held(run(*arguments, "--format", "json", home=home).stdout, document)


def test_the_schema_of_a_document_is_printed(home):
    for name in ("answer", "returns"):
        assert run("schemas", name, home=home).stdout == schema_text(name)
    refused = run("schemas", "anwser", home=home, check=False)
    assert refused.returncode == 2
    assert (
        "There is no document 'anwser' with a schema. There are accessible, answer, "
        in refused.stderr
    )


def test_a_person_comes_as_json(home, tmp_path):
    rows = "record_kind,record,stated_on,reported_by,synthetic\nperson,S-1,2020-01-01,kent,yes\n"
    (tmp_path / "person.csv").write_text(rows)
    run("load", tmp_path / "person.csv", home=home)
    with logged_in(home) as owner:
        (held,) = owner.execute("SELECT record FROM case_person WHERE agency = 'kent'").fetchone()
    assert held != pseudonym("kent", "S-1")
    shown = run("persons", "show", held, "--format", "json", home=home)
    assert json.loads(shown.stdout)["decided"] == [held]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("measures", "--format", "csv"), "'csv' is not one of 'text', 'json'"),
        (("source", "x", "--format", "html"), "'html' is not one of 'text', 'json'"),
        (("coverage", "--by", "month"), "Coverage is not cut by 'month'"),
        (("coverage", "--by", "area", "--format", "html"), "--by cuts text and json only"),
        (("coverage", "--cell", "HT.1.1/Kent/2026 Q2", "--by", "area"), "cannot be given"),
        (("coverage", "--cell", "HT.1.1/Kent/2026 Q2", "--format", "html"), "text or json"),
        (("estimate", "series", TABLE), "FILE cannot be given here"),
        (("snapshot", "--out", "x", "--verify", "--as-at", "2009-01-01"), "leave --as-at out"),
        (("requirements", "request", "kent", "--close", "RFI-1"), "Close a request or put one"),
        (("requirements", "request", "--promote", "HT.1.1"), "name it with --close"),
        (("ask", "arrests", "--snapshot", "x", "--raise"), "not in a snapshot"),
        (("ask", "arrests", "--out", "/tmp"), "/tmp is a folder"),
        (("ask", "arrests,premises_visited", "--by", "sex"), "premises_visited is not held by sex"),
        (("ask", "arrests,charged", "--format", "hansard"), "no form 'hansard'"),
        (("ask", "arrests,charged", "--by", "year", "--total"), "are of one measure"),
        (("ask", "arrests", "--by", "operation", "--change"), "time is not cut here"),
        (("ask", "arrests", "--by", "year", "--top", "0"), "greater than or equal to 1"),
        (("ask", "arrests", "--by", "year", "--total", "--format", "svg"), "no form 'svg'"),
        (("compare", "arrests,charged", "--rule", "persons"), "measures by their own rules"),
        (("templates", "--out", "/etc/hostname"), "cannot be a folder"),
        (("synthetic-lists", "--out", "/etc/hostname"), "cannot be a folder"),
        (("report", "submit", "no-such.yaml"), "There is no such file"),
        (("return", "submit", "/tmp"), "This is a folder"),
        (("log", "--number", "0"), "greater than or equal to 1"),
    ],
)
def test_what_would_be_ignored_is_refused(home, arguments, said):
    done = run(*arguments, home=home, check=False)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
