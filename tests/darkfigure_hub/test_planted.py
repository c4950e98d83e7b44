"""Names, births and numbers of documents are planted in every field in which something can be sent,
and looked for wherever something comes out. All of them are made up, and say so.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.permission import Permission
from darkfigure.cases.records import COMMON, FORM, KINDS, FieldType, columns_of_file
from darkfigure.evidence.snapshots import tables
from darkfigure.intelligence.reporting import read_replies, read_report
from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.intelligence.shapes import REPLIES, REPORT
from darkfigure.publication import ask
from darkfigure.reading.sources import nrm_form, statements
from darkfigure.writing import registry
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries import exporting, holdings

TODAY = date(2026, 11, 23)
#: What every planted value has in it, whatever else is made of it.
MARK = re.compile(r"madeup|zz9\d|191[0-9]-0[1-9]-1[0-9]", re.IGNORECASE)
_NUMBERS = count(1)


def planted():
    """A name that nobody has, another each time."""
    return f"Quenby{next(_NUMBERS)} Madeup"


def found(text):
    """What of the planted values stands in a text."""
    return sorted(set(MARK.findall(text)))


def said(path, kind=None):
    """What checking a file says of it."""
    try:
        check_file(path, TODAY, kind=kind)
    except DarkfigureError as error:
        return str(error)
    return ""


def rows(path, columns, *records):
    with path.open("w", encoding="utf-8", newline="") as out:
        target = csv.DictWriter(out, columns, lineterminator="\n")
        target.writeheader()
        target.writerows(records)
    return path


def record_of(kind):
    return {
        "record_kind": kind.name,
        "record": "S-1",
        "stated_on": "2026-07-02",
        "reported_by": "kent",
        "synthetic": "yes",
    }


FIELDS = [
    (kind.name, each.name)
    for kind in KINDS.values()
    for each in (*COMMON, *kind.fields)
    if each.type is not FieldType.NAME
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_a_case_record_shows_nothing_of_its_field(tmp_path, kind):
    """A name in each field of each kind in turn, and as the heading of a column."""
    columns = columns_of_file(KINDS[kind])
    for of, name in FIELDS:
        if of == kind:
            path = rows(
                tmp_path / f"{name}.csv", columns, {**record_of(KINDS[kind]), name: planted()}
            )
            assert found(told := said(path)) == [], name
            assert told, name
    heading = rows(tmp_path / "heading.csv", [*columns, planted()], record_of(KINDS[kind]))
    assert found(told := said(heading)) == []
    assert told


def test_a_fault_of_a_figure_shows_nothing_of_its_field(tmp_path):
    sound = {
        "measure": "victims_recovered",
        "period": "2006",
        "value": "1",
        "stated_on": "2008-07-02",
        "stated_by": "HO",
        "source": "synthetic",
    }
    columns = [*statements.REQUIRED, *statements.OPTIONAL]
    kept = {
        "source",
        "note",
    }  # a citation and a remark: figures show them, and may not name anybody
    for name in (each for each in columns if each not in kept):
        path = rows(tmp_path / f"{name}.csv", columns, {**sound, name: planted()})
        assert found(told := said(path)) == [], name
        assert told, name


def test_a_fault_of_the_referral_form_shows_nothing_of_its_field(tmp_path):
    for at, (name, options) in enumerate(nrm_form.fields().items()):
        form = {
            "form": nrm_form.FORM,
            "reported_by": "HO",
            "stated_on": "2026-05-01",
            "synthetic": True,
            "submissions": [{"reference": "S-1", name: planted()}],
        }
        path = tmp_path / f"{at}.json"
        path.write_text(json.dumps(form), encoding="utf-8")
        assert found(told := said(path, "nrm_form")) == [], name
        assert told or not options, name


def in_every_field(shape, value):
    """Documents of a shape with a planted value in one field each, with the field."""
    if shape["type"] == "array":
        yield from (([each], name) for each, name in in_every_field(shape["items"], value))
    elif shape["type"] == "object":
        for name, inner in shape["properties"].items():
            for each, of in in_every_field(inner, value):
                yield {name: each}, f"{name}.{of}" if of else name
    else:
        yield value(), ""


def report(document):
    return read_report(document, example_set(), "synthetic.json")


def replies(document):
    return read_replies(document, "synthetic.json")


@pytest.mark.parametrize(("shape", "read"), [(REPORT, report), (REPLIES, replies)])
def test_a_fault_of_a_report_or_a_reply_shows_nothing_of_its_field(shape, read):
    for document, name in in_every_field(shape, planted):
        with pytest.raises(DarkfigureError) as caught:
            read(document)
        assert found(str(caught.value)) == [], name


def test_so_many_values_are_planted():
    """Those above, and those of persons below."""
    of_form, of_shapes = (
        len(nrm_form.fields()),
        sum(len(list(in_every_field(shape, planted))) for shape in (REPORT, REPLIES)),
    )
    assert len(FIELDS) + of_form + of_shapes >= 165


def text_of(made):
    """What a form of output holds, as text."""
    if isinstance(made, str):
        return made
    if made[:2] == b"PK":
        held = zipfile.ZipFile(io.BytesIO(made))
        return " ".join(held.read(name).decode("utf-8", "replace") for name in held.namelist())
    return made.decode("latin-1")


@pytest.fixture
def loaded(db, operator, tmp_path):
    """A return with persons, and one of the referral form; a word in all that takes free text."""
    persons = [
        {
            "record": f"S-{at}",
            "sex": "female",
            "birth_year": 1910 + at,
            "given_name": f"Quenby{at}",
            "family_name": "Madeup",
            "date_of_birth": f"191{at}-03-1{at}",
            "document_number": f"ZZ9{at}0001",
        }
        for at in range(10)
    ]
    recoveries = [
        {"record": f"R-ZZ9{at}", "person": f"S-{at}", "date": "1995-01-02", "age": 85 - at}
        for at in range(10)
    ]
    head = {"reported_by": "kent", "stated_on": "1995-02-01", "synthetic": True}
    cases = tmp_path / "Quenby Madeup born 1910-03-10.json"
    content = {"form": FORM, **head, "source": "SYNTHETIC, told by Quenby Madeup"}
    records = {"person": persons, "recovery": recoveries}
    cases.write_text(json.dumps({**content, "records": records}), encoding="utf-8")
    texts = {name: "Quenby Madeup" for name, options in nrm_form.fields().items() if not options}
    taken = {"reference", "user-organisation", "pv-dob", "pv-nationality", "pv-nationality-second"}
    told = {name: text for name, text in texts.items() if name not in {*taken, *nrm_form.BOXES}}
    entry = {
        **told,
        "reference": "ZZ90002",
        "pv-under-age": "no",
        "pv-want-to-submit-nrm": "yes",
        "pv-dob": "1911-03-11",
        "types-of-exploitation-forced-to-work": "yes",
    }
    form = tmp_path / "referral of Quenby Madeup.json"
    head |= {"form": nrm_form.FORM, "reported_by": "HO"}
    form.write_text(json.dumps({**head, "submissions": [entry]}), encoding="utf-8")
    for path in (cases, form):
        assert not receive_return(operator, path).already


def asked():
    for measure in ("victims_recovered", "nrm_referrals"):
        for by in ([], ["operation"], ["sex", "nationality"], ["age_group"]):
            yield ask(measure, date(1996, 1, 1), by=by, evidence="cases")


def test_nothing_of_a_person_comes_out(loaded, operator, client, caplog):
    caplog.set_level("DEBUG")
    less = replace(operator, permissions=operator.permissions - {Permission.READ_RECORDS})
    counted = 0
    for question in asked():
        answer = answer_question(operator, question)
        counted += sum(cell.value or 0 for cell in answer.cells)
        for form in registry.forms_of("answer"):
            if form.name != "png":
                made = text_of(registry.write("answer", form.name, answer))
                assert found(made) == [], (question.measure.code, form.name)
        for cell in answer.cells:
            shown = client.get(f"/source/{cell.id}").content.decode()
            assert found(shown) == [], cell.id
            assert found(str(open_source(less, cell.id).records)) == [], cell.id
    assert counted >= 11, "what is planted is counted"
    assert found(str(holdings.returns(operator))) == []
    for table in tables():
        held = b"".join(exporting.chunks(operator, table, TODAY)).decode()
        assert found(held) == [], table
    for address in ("/", "/measures", "/flow", "/estimates"):
        assert found(client.get(address).content.decode()) == [], address
    assert LogEntry.objects.exists()
    assert found(str(list(LogEntry.objects.values()))) == []
    assert found(caplog.text) == []
