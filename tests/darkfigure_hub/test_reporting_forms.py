"""The forms of reporting: the examples given away are taken in as they are, and other spellings of
their fields are not.
"""

from __future__ import annotations

import csv
import json
from datetime import date

import jsonschema
import pytest

from darkfigure.basis.errors import ReturnRefused
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.markings import MarkedTooHigh
from darkfigure.reading.ask_files import read_asks
from darkfigure.writing.forms import templates
from darkfigure.writing.forms.reporting_examples import EXAMPLES
from darkfigure_hub.flows.file_report import submit_replies, submit_report
from darkfigure_hub.flows.set_requirements import load_set, put_asks
from tables_written import written

pytestmark = pytest.mark.django_db
ASKED, LATER = date(2026, 4, 1), date(2026, 8, 1)


def test_examples_are_taken_in_as_they_are(operator, tmp_path):
    templates.write(tmp_path)
    edition = load_set(operator, "human_trafficking").edition
    first, again = (
        put_asks(operator, edition, read_asks(tmp_path / name), ASKED)
        for name in ("asks.csv", "asks.yaml")
    )
    assert (first.new, again.new) == (2, 0)
    assert submit_report(operator, tmp_path / "report.yaml", edition, LATER).rows == 1
    ask = str(first_ask())
    text = EXAMPLES["replies.yaml"].replace("ASK-1", ask)
    (tmp_path / "replies.yaml").write_text(text)
    assert submit_replies(operator, tmp_path / "replies.yaml", LATER).rows == 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods", "semicolons"])
def test_reports_and_replies_come_as_tables(operator, tmp_path, form):
    edition = load_set(operator, "human_trafficking").edition
    templates.write(tmp_path)
    put_asks(operator, edition, read_asks(tmp_path / "asks.csv"), ASKED)
    report = list(csv.reader(EXAMPLES["report.csv"].splitlines()))
    filed = submit_report(operator, written(tmp_path, report, form), edition, LATER)
    assert (filed.rows, filed.links) == (2, 3)
    replies = [
        [cell.replace("ASK-2", str(second_ask())) for cell in row]
        for row in csv.reader(EXAMPLES["replies.csv"].splitlines())
    ]
    assert submit_replies(operator, written(tmp_path, replies, form), LATER).rows == 1


def test_a_table_of_a_report_is_gated_and_checked_as_a_document(operator, tmp_path):
    edition = load_set(operator, "human_trafficking").edition
    report = list(csv.reader(EXAMPLES["report.csv"].splitlines()))
    secret = [[cell.replace("OFFICIAL", "SECRET") for cell in row] for row in report]
    with pytest.raises(MarkedTooHigh):
        submit_report(operator, written(tmp_path, secret, "xlsx"), edition, LATER)
    twice = [*report, ["SYN-2", *report[1][1:]]]
    misspelt = [[cell.replace("grade", "grad") for cell in report[0]], *report[1:]]
    for rows in (twice, misspelt):
        with pytest.raises(ReturnRefused):
            submit_report(operator, written(tmp_path, rows, "csv"), edition, LATER)


def second_ask():
    from darkfigure_hub.store.models import Ask

    return Ask.objects.order_by("id")[1]


def first_ask():
    from darkfigure_hub.store.models import Ask

    return Ask.objects.order_by("id").first()


@pytest.mark.parametrize("name", ["report", "replies", "asks"])
def test_examples_fit_their_schema(tmp_path, name):
    templates.write(tmp_path)
    schema = json.loads((tmp_path / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = read_document(EXAMPLES[f"{name}.yaml"], name)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asks:\n  - {qestion: HT.6.4}\n", "question"),
        ("asks: 3\n", "a list"),
        ("{}", "asks"),
        ('{"asks": [{"question": "HT.6.4"}]}', "agency"),
    ],
)
def test_asks_of_another_shape_are_refused(tmp_path, text, words):
    path = tmp_path / "asks.yaml"
    path.write_text(text)
    with pytest.raises(ReturnRefused, match=words):
        read_asks(path)
