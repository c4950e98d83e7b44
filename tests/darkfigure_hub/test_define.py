"""The definition from end to end: the command without a repository, the finding in a case return,
counted alike by every engine, and what is older than it.
"""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import say
from darkfigure.cases.records import FORM
from darkfigure.evidence.case_memory import records_from
from darkfigure.evidence.snapshots import open_snapshot, tables, write_manifest, write_table
from darkfigure.intelligence.requirements import NOTHING_ASKED
from darkfigure.publication import answer, answer_from_cases, ask
from darkfigure.reading import evidence_from, read_files
from darkfigure.tables.flow import RECOVERED, Step, flow
from darkfigure.tables.question import any_condition
from darkfigure.writing.forms import templates
from darkfigure_hub.access import for_operator
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.evidence import StoreEvidence
from darkfigure_hub.store.queries.exporting import chunks
from darkfigure_hub.store.roles import as_owner, grant
from support import PROGRAM, run, sealed_record

DAY = date(2021, 6, 1)
PERIOD = "2001"

# Command


def test_the_command_needs_no_repository(tmp_path):
    """No database is reached or started: none could be."""
    done = run(
        *("define", "--act", "transport,travel_into_uk", "--means", "deception"),
        *("--purpose", "sexual", "--age", "30", "--day", "2008-06-01", "--place", "UK"),
        home=tmp_path / "home",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
    )
    assert "Trafficking: the definition is met." in done.stdout
    assert "Sexual Offences Act 2003, section 57" in done.stdout
    assert not (tmp_path / "home").exists()


def test_the_command_in_json_from_standard_input(tmp_path):
    facts = {"act": ["transport"], "purpose": ["sexual"], "day": "2016-01-01"}
    done = subprocess.run(
        [str(PROGRAM), "define", "-", "--age", "30", "--format", "json"],
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    found = json.loads(done.stdout)
    assert (found["finding"], found["missing"]) == ("cannot_be_decided", ["means"])
    assert found["case_return"] == {"definition": "not_known", "definition_missing": "means"}
    assert {"msa_2015_2", "eu_2011_36"} <= {each["code"] for each in found["statutes"]}


def test_an_option_stands_instead_of_what_the_file_says(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text("act: [transport]\npurpose: sexual\nage: 15\n", encoding="utf-8")
    assert "definition is met" in run("define", facts, home=tmp_path).stdout
    older = run("define", facts, "--age", "20", "--means", "none", home=tmp_path).stdout
    assert "Not trafficking: the definition is not met." in older


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--act", "trasport"), "Did you mean 'transport' or 'transfer'?"),
        (("--place", "Scotlnd"), "Did you mean 'Scotland'?"),
        (("nowhere.yaml",), "nowhere.yaml: 1 fault found; nothing was loaded. There is no"),
    ],
)
def test_bad_facts_are_refused_with_a_sentence(tmp_path, arguments, sentence):
    done = run("define", *arguments, home=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in " ".join(done.stderr.split())


# Case returns


def found_by(*definitions):
    """Recoveries of 2001, each of another person, with the definition as given."""
    return [
        {"record": f"D{number}", "person": f"P{number}", "date": "2001-01-05", **given}
        for number, given in enumerate(definitions)
    ]


def returned(folder, name, recoveries, **more):
    path = folder / name
    head = {"form": FORM, "reported_by": "surrey", "stated_on": "2001-02-01", "synthetic": True}
    given = {"person": [{"record": f"P{number}"} for number in range(len(recoveries))]}
    content = {**head, "records": {**given, "recovery": recoveries, **more}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


FOUND = found_by(
    {"definition": "met"},
    {"definition": "Trafficking"},
    {"definition": "not_met"},
    {"definition": "not_known", "definition_missing": "age, means"},
    {},
)
REFERRED = [
    {"record": "N1", "person": "P0", "date": "2001-01-06", "route": "nrm", "definition": "met"},
    {"record": "N2", "person": "P1", "date": "2001-01-06", "route": "nrm"},
]
DECIDED = [
    {"record": f"N{number}-RG", "referral": f"N{number}", "stage": "reasonable_grounds",
     "date": "2001-01-20", "outcome": "positive"}
    for number in (1, 2)
]  # fmt: skip


def cells(records, measure, **asked):
    question = ask(measure, DAY, period=PERIOD, evidence="cases", **asked)
    return [
        (*each.dims.values(), each.value, each.low, each.high)
        for each in answer_from_cases(question, records).cells
    ]


def snapshot_of(operator, folder):
    """As a snapshot is taken, but within the transaction of the test, which it could not see."""
    folder.mkdir()
    written = {
        name: write_table(folder / f"{name}.parquet", columns, chunks(operator, name, DAY))
        for name, columns in tables().items()
    }
    write_manifest(folder, DAY, written, highest=Marking.PUBLIC, synthetic=True)
    return folder


@pytest.fixture
def engines(db, operator, tmp_path):
    """The same return in the repository, in memory and in a snapshot."""
    path = returned(tmp_path, "found.json", FOUND, referral=REFERRED, decision=DECIDED)
    receive_return(operator, path)
    return [
        StoreRecords(operator),
        records_from(read_files([path], DAY)),
        open_snapshot(snapshot_of(operator, tmp_path / "snapshot"), verify=True).records,
    ]


def test_every_engine_counts_by_definition_alike(engines):
    """What is not said, and what is said not to be known, can lie in either."""
    for records in engines:
        found = cells(records, "victims_recovered", by=["definition"])
        assert found == [("met", 2, 2, 4), ("not_met", 1, 1, 3), (None, 2, 2, 2)]
        assert cells(records, "victims_recovered", where=["definition=met"]) == [(2, 2, 4)]
        assert cells(records, "nrm_referrals", by=["definition"]) == [
            ("met", 1, 1, 2),
            (None, 1, 1, 1),
        ]
        assert cells(records, "reasonable_grounds_decisions", where=["definition=met"]) == [
            (1, 1, 2)
        ]


def test_what_is_missing_is_kept_beside_it(engines):
    for records in engines:
        query = (
            "SELECT record, definition, definition_missing FROM case_recovery "
            "WHERE known_from = DATE '2001-02-01' AND definition = 'not_known'"
        )
        assert records.fetch(query) in (
            [("D3", "not_known", "means+age")],
            [(sealed_record("recovery", "D3"), "not_known", "means+age")],  # as held and taken out
        )


@pytest.mark.django_db
def test_the_command_and_the_ask_of_a_user(operator, tmp_path):
    """As a user does it: the finding from the facts goes into a return as it stands."""
    facts = ("define", "--act", "transport", "--purpose", "sexual", "--format", "json")
    said = json.loads(run(*facts, home=tmp_path).stdout)["case_return"]
    received = receive_return(operator, returned(tmp_path, "one.json", found_by(said)))
    assert received.returns[0].rows == 2
    found = cells(StoreRecords(operator), "victims_recovered", by=["definition"])
    assert found == [(None, 1, 1, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "where", "words"),
    [
        ({"definition": "perhaps"}, "definition", "not a known finding (a text of 7 characters)"),
        ({"definition": "not_known"}, "definition_missing", "nothing is said to be missing"),
        (
            {"definition": "met", "definition_missing": "age"},
            "definition_missing",
            "is missing for",
        ),
        ({"definition_missing": "age"}, "definition_missing", "is missing for"),
        (
            {"definition": "not_known", "definition_missing": "luck"},
            "definition_missing",
            "a text of 4 characters",
        ),
    ],
)
def test_a_finding_without_its_reason_is_refused(operator, tmp_path, given, where, words):
    with pytest.raises(ReturnRefused) as refused:
        receive_return(operator, returned(tmp_path, "bad.json", found_by(given)))
    said = [str(problem) for problem in refused.value.problems]
    assert f"recovery[1].{where}" in said[0]
    assert words in said[0]


def test_a_stated_figure_may_be_broken_down_by_definition(db, operator, tmp_path):
    """In the repository and in memory alike; an old file has no such column."""
    path = tmp_path / "stated.csv"
    path.write_text(
        "measure,period,definition,value,stated_on,stated_by,source\n"
        "victims_identified,2001,met,7,2002-01-01,HO,synthetic\n"
        "victims_identified,2001,Not trafficking,2,2002-01-01,HO,synthetic\n",
        encoding="utf-8",
    )
    receive_return(operator, path)
    asked = ask("victims_identified", date(2002, 6, 1), by=["definition"], period=PERIOD)
    for evidence in (StoreEvidence(operator), evidence_from([path], date(2002, 2, 1))):
        found = answer(asked, evidence, NOTHING_ASKED).cells
        assert [(each.dims["definition"], each.value) for each in found] == [
            ("met", 7),
            ("not_met", 2),
        ]


def test_the_flow_is_kept_to_a_finding(engines):
    for records in engines:
        kept = flow(records, DAY, [any_condition("definition=met")])
        assert kept.victims[0] == Step(RECOVERED, say("flow.stage.referred"), 2)
        assert dict(kept.unplaced)["recoveries"] >= 2


@pytest.mark.django_db
def test_a_return_from_before_the_column_loads(operator, tmp_path):
    templates.write(tmp_path)
    path = tmp_path / "cases_recovery.csv"
    with path.open(encoding="utf-8", newline="") as source:
        (row,) = csv.DictReader(source)
    assert row["definition"] == "met"
    old = {name: value for name, value in row.items() if not name.startswith("definition")}
    old |= {"record": "OLD-1", "operation": "", "date": "2001-01-05", "stated_on": "2001-02-01"}
    earlier = tmp_path / "earlier.csv"
    with earlier.open("w", encoding="utf-8", newline="") as out:
        target = csv.DictWriter(out, old)
        target.writeheader()
        target.writerow(old)
    receive_return(operator, earlier)
    found = cells(StoreRecords(operator), "victims_recovered", by=["definition"])
    assert found == [(None, 1, 1, 1)]


def test_a_database_from_before_the_columns_is_migrated(apart, operator, tmp_path):
    receive_return(operator, returned(tmp_path, "before.json", found_by({}, {})))
    before = cells(StoreRecords(operator), "victims_recovered")
    with as_owner():
        MigrationExecutor(connection).migrate([("store", "0006_intelligence")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM case_recovery LIMIT 0")
            assert "definition" not in [column.name for column in cursor.description]
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        grant()
    records = StoreRecords(for_operator("test", "test"))
    assert cells(records, "victims_recovered") == before == [(2, 2, 2)]
    assert cells(records, "victims_recovered", by=["definition"]) == [(None, 2, 2, 2)]


@pytest.mark.django_db
def test_a_snapshot_from_before_the_columns_is_asked(operator, tmp_path):
    receive_return(operator, returned(tmp_path, "before.json", found_by({}, {})))
    folder = snapshot_of(operator, tmp_path / "old")
    for name in ("case_recovery", "case_referral", "statements"):
        path = folder / f"{name}.parquet"
        held = pq.read_table(path)
        gone = [each for each in held.column_names if each.startswith("definition")]
        assert gone
        pq.write_table(held.drop_columns(gone), path)
    old = open_snapshot(folder)
    assert cells(old.records, "victims_recovered", by=["definition"]) == [(None, 2, 2, 2)]
    assert old.evidence.rows(old.evidence.blocks("victims_recovered"), (), None)
