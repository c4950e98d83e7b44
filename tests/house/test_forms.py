"""The registry of forms: what is offered works, and what exists is offered."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from datetime import date
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

import darkfigure.estimation as mse
from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_period
from darkfigure.disclosure.check import Checked
from darkfigure.disclosure.extracts import extract
from darkfigure.disclosure.private import synthesise
from darkfigure.disclosure.protect import Method, protect, table_of
from darkfigure.disclosure.rules import Rule
from darkfigure.estimation import capture
from darkfigure.estimation.sensitivity import sensitivity
from darkfigure.intelligence.cells import cells_of
from darkfigure.intelligence.coverage import coverage
from darkfigure.intelligence.ledgers import Ledgers
from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.law.applied import apply_law
from darkfigure.law.stated import read_stated
from darkfigure.linkage.explaining import Part
from darkfigure.publication import answer, ask, bridge, compare
from darkfigure.publication.beside import beside
from darkfigure.publication.response import AskedBy, LetterForm, Response
from darkfigure.publication.response import Part as Answered
from darkfigure.publication.series import SeriesEntry
from darkfigure.publication.views import Wishes, viewed
from darkfigure.synthetic.agency_lists import write_lists
from darkfigure.tables import holdings
from darkfigure.tables.flow import flow
from darkfigure.understanding import understand
from darkfigure.writing import registry
from darkfigure.writing.coverage.coverage_views import Covered
from darkfigure.writing.disclosure.checks import Findings
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide
from darkfigure.writing.linkage.linkages import Review
from darkfigure.writing.pdf.faults import Checked as Inspected
from darkfigure.writing.pdf.faults import Fault, Where
from darkfigure_hub.commands.table import COMMANDS
from darkfigure_hub.flows.link_lists import link_lists
from documents_held import held
from editions_drawn import compared

pytestmark = pytest.mark.xdist_group("forms")
WRITING = Path(registry.__file__).parent
EVERY = [(subject, form.name) for subject in registry.FORMS for form in registry.forms_of(subject)]
THE_DAY = date(2008, 12, 17)
TOGETHER = ("arrests", "arrests_for_trafficking", "convictions")


@pytest.fixture(scope="session")
def samples(memory, records_in_memory, tmp_path_factory):
    """Something of every subject."""
    asked = ask("victims_recovered", THE_DAY, by=["operation", "exploitation"])
    found = answer(asked, memory)
    table, small = capture.example("uk_2013_list_overlaps"), capture.example("artificial_3")
    made = mse.stratified(
        {"one": table, "other": table}, mse.chooser("bic", mse.Settings(replicates=40)), 40, 1
    )
    edition = example_set()
    covered = coverage(cells_of(edition), Ledgers(), date(2026, 10, 1))
    entry = SeriesEntry(
        "E1",
        "adults",
        "UN Protocol, Article 3",
        parse_period("2013"),
        "bic",
        10_000,
        11_000,
        12_000,
        2_744,
        "0" * 64,
        date(2014, 12, 1),
        "day",
        "Synthetic",
        "made up for this test",
    )
    lists = write_lists(tmp_path_factory.mktemp("lists"), 200, 3)
    response = Response(
        "Subject", AskedBy.PUBLIC, LetterForm.FOI, THE_DAY, (Answered("a", found),), "RESPONSE-1"
    )
    parts = (Part("name", "the same", 8.1), Part("born", "another day", -3.2))
    return {
        "answer": found,
        "beside": beside(
            [answer(ask(each, THE_DAY, by=["operation"]), memory) for each in TOGETHER]
        ),
        "view": viewed(
            ask("arrests", THE_DAY, by=["operation"]),
            Wishes(share=True, total=True, top=1, pivot="operation"),
            lambda each: answer(each, memory),
        ),
        "bridge": bridge(ask("arrests", THE_DAY), THE_DAY, date(2009, 11, 1), memory),
        "comparison": compare(["statements", "again"], [found, found]),
        "comparison_of_editions": compared(),
        "flow": flow(records_in_memory, date(2009, 3, 1), []),
        "estimate": Estimated(mse.estimate(table, "bic"), table.lists),
        "strata": ByStratum(made, "bic", ("noticed",)),
        "moves": Moves(sensitivity(table, "bic"), "bic"),
        "panel": SideBySide(mse.panel(small, replicates=40, seed=1), "UK"),
        "entry": entry,
        "series": [entry],
        "linkage": link_lists(lists, truth="person", draws=20),
        "review": Review([("a:1", "b:2", 0.61)], [parts], [({"sex": "F"}, {"sex": "F"})], 3),
        "coverage": Covered(covered, edition),
        "cell": {
            "cell": covered.cells.row(0, named=True),
            **{name: [] for name in ("asks", "replies", "items", "answers")},
        },
        "protected": protect(
            table_of(
                pl.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "q"], "n": [3, 9, 8]}),
                ["a", "b"],
                "n",
            ),
            Rule(),
            Method.ROUND,
        ),
        "synthetic": synthesise(
            pl.DataFrame({"a": ["x", "y"], "b": ["p", "q"], "count": [30, 12]}),
            ["a", "b"],
            "count",
            epsilon=2,
        ),
        "extract": extract(pl.DataFrame({"a": ["x"] * 6, "b": ["p"] * 6}), ["a"], ["b"], k=2),
        "checked": Findings((Checked((), 3, 2, Rule()),)),
        "accessible": [
            Inspected("a.pdf", 2, ()),
            Inspected("b.pdf", 1, (Fault("reading_order", Where(1, 7, "H1"), {"how": "upward"}),)),
        ],
        "held": holdings.held(memory, THE_DAY),
        "understanding": understand("how many girls were recovered last year", THE_DAY),
        "response": response,
        "register": [response],
        "disclosure": [response],
        "definition": apply_law(read_stated({"act": ["recruitment"], "age": 12})),
    }


@pytest.mark.parametrize(("subject", "name"), EVERY)
def test_every_form_writes_what_it_says(samples, subject, name):
    made = registry.write(subject, name, samples[subject])
    kind = registry.form_of(subject, name).kind
    assert isinstance(made, bytes) is kind.binary
    assert made
    check = {
        "html": lambda: made.startswith("<!doctype html>") and made.rstrip().endswith("</html>"),
        "json": lambda: held(made, subject) is not None,
        "csv": lambda: len({line.count(",") for line in io.StringIO(made).readlines()[:1]}) == 1,
        "svg": lambda: made.startswith("<svg") and made.rstrip().endswith("</svg>"),
        "png": lambda: made.startswith(b"\x89PNG\r\n"),
        "atom": lambda: ElementTree.fromstring(made).tag.endswith("feed"),
        "csvw": lambda: (
            zipfile.ZipFile(io.BytesIO(made)).namelist()
            == ["answer.csv", "answer.csv-metadata.json"]
        ),
        "ods": lambda: (
            b"opendocument.spreadsheet" in zipfile.ZipFile(io.BytesIO(made)).read("mimetype")
        ),
    }
    assert check.get(name, lambda: made.endswith("\n"))()


def test_every_subject_is_sampled(samples):
    assert set(samples) == set(registry.FORMS)


def test_what_is_written_and_is_in_no_registry():
    """Every function of `writing` that makes a form of a subject is offered."""
    offered = {writer for forms in registry.FORMS.values() for writer in forms.values()}
    made = set()
    for path in WRITING.rglob("*.py"):
        place = ".".join(path.relative_to(WRITING).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and re.match(r"(write|draw)_", node.name):
                made.add(f"{place}:{node.name}")
    # Several answers at once, and the parts that whole forms are made of.
    parts = {
        "answers.as_hansard:write_reply",
        "answers.as_json:write_several",
        "answers.as_ods:write_answers",
        "coverage.coverage_views:write_change",
        "coverage.coverage_views:write_coverage",
    }
    assert made - parts == offered


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_command_offers_the_forms_of_the_registry(entry):
    """`--format` and what is delivered name the same subject."""
    module, function = entry.place.split(":")
    source = Path(import_module(f"darkfigure_hub.commands.{module}").__file__).read_text()
    tree = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    text = ast.unparse(tree)
    offered = set(re.findall(r"form_option\('(\w+)'\)", text))
    delivered = set(re.findall(r"deliver_as\('(\w+)'", text))
    assert offered <= set(registry.FORMS)
    assert delivered <= set(registry.FORMS)
    for subject in offered:
        assert subject in delivered or "deliver_as(subject" in text


def test_the_form_follows_from_the_name_or_the_ending():
    assert registry.form_for("answer", Path("a.ods"), None).name == "ods"
    assert registry.form_for("answer", Path("a.PNG"), None).name == "png"
    assert registry.form_for("answer", Path("a.ods"), "csv").name == "csv"
    with pytest.raises(UnknownName, match="and there is no such form of an answer"):
        registry.form_for("answer", Path("a.unknown"), None)
    assert registry.form_for("answer", None, None).name == "text"
    with pytest.raises(UnknownName, match="no form 'docx'"):
        registry.form_for("answer", None, "docx")
    with pytest.raises(UnknownName, match=r"^A flow is not written in 'cy'\. Known are en\.$"):
        registry.write("flow", "text", None, language="cy")


@pytest.mark.parametrize("subject", registry.FORMS)
def test_a_media_type_names_one_form(subject):
    media = registry.media_of(subject)
    assert media[0] == "application/json"
    assert {registry.form_by_media(subject, each).name for each in media} <= set(
        registry.FORMS[subject]
    )
