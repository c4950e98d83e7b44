"""Case returns received: faults with their place, corrections, names kept apart, nothing half
done.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet
import pytest
from django.db import transaction

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure.cases.records import FORM
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure.publication import ask
from darkfigure_hub.access import for_operator, for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.models import CASE_MODELS, LogEntry, Return
from darkfigure_hub.store.queries.case_records import StoreRecords
from support import sealed_record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def returned(
    folder, name="return.json", *, stated_on="2010-03-01", reported_by="surrey", **records
):
    """A case return in JSON, every record of it synthetic."""
    path = folder / name
    head = {
        "form": FORM,
        "reported_by": reported_by,
        "stated_on": stated_on,
        "synthetic": True,
        "source": "SYNTHETIC",
    }
    path.write_text(json.dumps({**head, "records": records}), encoding="utf-8")
    return path


def arrest(record="10/S/1", **given):
    return {
        "record": record,
        "person": "S1",
        "date": "2010-02-01",
        "operation": "Pentameter 2",
        **given,
    }


CHARGE = {
    "record": "45UK1/1",
    "person": "S1",
    "date": "2010-01-01",
    "arrest": "10/S/1",
    "offence": "court:72/1",
}
RECOVERY = {"record": "R1", "person": "V1", "date": "2010-02-01"}


def faults(operator, path):
    with pytest.raises(ReturnRefused) as refused, transaction.atomic():
        receive_return(operator, path)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("records", "where", "rule"),
    [
        (
            {"arrest": [arrest(date="2010-02-30")]},
            "arrest[1].date",
            "not a day that exists ('2010-02-30')",
        ),
        (
            {"arrest": [arrest(), arrest("10/S/2", age=200)]},
            "arrest[2].age",
            "not a number that can be ('200')",
        ),
        (
            {"arrest": [arrest(offence="prc:106")]},
            "arrest[1].offence",
            "not a known court offence ('prc:106')",
        ),
        ({"arrest": [arrest(offence="106")]}, "arrest[1].offence", "not a known court offence"),
        (
            {"arrest": [arrest(area="Atlantis")]},
            "arrest[1].area",
            "not a known area (a text of 8 characters)",
        ),
        (
            {"arrest": [arrest(operation="Operation Nowhere")]},
            "arrest[1].operation",
            "neither a campaign nor a reference",
        ),
        ({"arrest": [{"record": "10/S/1", "person": "S1"}]}, "arrest[1].date", "nothing is given"),
        ({"arrest": [arrest(), arrest()]}, "arrest[2].record", "stands in the file before"),
        ({"arrest": [arrest(colour="red")]}, "arrest.colour", "not a field of this kind"),
        (
            {"arrest": [arrest(date="2010-04-01")]},
            "arrest[1].date",
            "lies after the day on which it was reported",
        ),
        (
            {"arrest": [{"record": "10/S/9", "action": "withdraw", "change_reason": "duplicate"}]},
            "arrest[1].record",
            "withdraws a record that was never reported",
        ),
        (
            {"arrest": [{"record": "10/S/9", "action": "withdraw"}]},
            "arrest[1].change_reason",
            "without a reason",
        ),
        (
            {"arrest": [arrest()], "charge": [CHARGE]},
            "charge[1].date",
            "charged before the arrest",
        ),
        (
            {
                "person": [{"record": "V1", "birth_year": 2010}],
                "recovery": [{**RECOVERY, "date": "2009-12-01"}],
            },
            "recovery[1].date",
            "born after the event",
        ),
        (
            {
                "person": [{"record": "V1", "birth_year": 1990}],
                "recovery": [{**RECOVERY, "age": 12}],
            },
            "recovery[1].age",
            "does not fit the year of birth",
        ),
        (
            {"arrest": [arrest("08/100/0001")]},
            "arrest[1].record",
            "same Arrest/Summons Number is held from another agency",
        ),
    ],
)
def test_a_fault_says_where_and_what_would_be_right(operator, tmp_path, records, where, rule):
    before = {name: model.objects.count() for name, model in CASE_MODELS.items()}
    if "08/100/0001" in str(records):
        held = CASE_MODELS["arrest"].objects.filter(agency__lt="surrey").first()
        records = {"arrest": [arrest(held.record)]}
    found = faults(operator, returned(tmp_path, **records))
    assert any(where in fault and rule in fault for fault in found), found
    assert {name: model.objects.count() for name, model in CASE_MODELS.items()} == before
    assert not Return.objects.filter(file__name="return.json").exists()


def test_a_name_where_a_reference_belongs_is_refused_and_not_repeated(operator, tmp_path):
    found = faults(operator, returned(tmp_path, person=[{"record": "Jane-Planted"}]))
    assert "not a reference" in found[0]
    assert "Planted" not in " ".join(found)


def test_sentence_without_conviction_is_remarked(operator, tmp_path):
    sentence = {"record": "S-1", "charge": "99UK9999/1", "date": "2010-02-20", "disposal": "fine"}
    received = receive_return(operator, returned(tmp_path, sentence=[sentence]))
    remarks = " ".join(received.returns[0].remarks)
    assert "without a conviction" in remarks
    assert "point at a charge that is not held" in remarks


def test_corrections_close_what_they_correct_in_any_order(operator, tmp_path):
    """The same three returns in two orders: the same figure on every day."""
    days = [date(2010, 3, 1), date(2010, 4, 1), date(2010, 5, 1)]

    def files(agency):
        given = {"reported_by": agency}
        record = arrest(f"10/{agency}/1", area="Surrey")
        return [
            returned(tmp_path, f"{agency}1.json", arrest=[record], **given),
            returned(
                tmp_path,
                f"{agency}2.json",
                stated_on="2010-04-01",
                arrest=[{**record, "area": "Kent", "change_reason": "clerical"}],
                **given,
            ),
            returned(
                tmp_path,
                f"{agency}3.json",
                stated_on="2010-05-01",
                arrest=[
                    {"record": record["record"], "action": "withdraw", "change_reason": "duplicate"}
                ],
                **given,
            ),
        ]

    for path in files("surrey"):
        receive_return(operator, path)
    first, second, third = files("kent")
    for path in (second, first, third):
        receive_return(operator, path)
    versions = (
        CASE_MODELS["arrest"]
        .objects.filter(record__in=["10/surrey/1", "10/kent/1"])
        .order_by("agency", "known_from")
    )
    assert [(each.known_from, each.known_to, each.withdrawn) for each in versions] == 2 * [
        (days[0], days[1], False),
        (days[1], days[2], False),
        (days[2], None, True),
    ]


def test_a_file_loaded_twice_changes_nothing(operator, tmp_path):
    path = returned(tmp_path, arrest=[arrest()])
    assert not receive_return(operator, path).already
    assert receive_return(operator, path).already
    assert CASE_MODELS["arrest"].objects.filter(record="10/S/1").count() == 1


def test_two_versions_of_one_day_are_refused(operator, tmp_path):
    receive_return(operator, returned(tmp_path, arrest=[arrest()]))
    found = faults(operator, returned(tmp_path, "again.json", arrest=[arrest(area="Kent")]))
    assert "same day by an earlier return" in found[0]


def test_csv_and_json_say_the_same(operator, tmp_path):
    path = tmp_path / "cases_arrest.csv"
    with path.open("w", newline="") as out:
        target = csv.DictWriter(
            out,
            ["record_kind", "record", "stated_on", "reported_by", "person", "date", "synthetic"],
        )
        target.writeheader()
        row = {
            "record_kind": "arrest",
            "stated_on": "2010-03-01",
            "reported_by": "surrey",
            "synthetic": "yes",
        }
        target.writerow({**row, "record": "10/S/7", "person": "S7", "date": "2010-02-01"})
    receive_return(operator, path)
    receive_return(
        operator,
        returned(tmp_path, arrest=[{"record": "10/S/8", "person": "S7", "date": "2010-02-01"}]),
    )
    people = set(
        CASE_MODELS["arrest"]
        .objects.filter(record__in=["10/S/7", "10/S/8"])
        .values_list("person", flat=True)
    )
    assert len(people) == 1
    assert people.pop().startswith("surrey:")


@pytest.mark.parametrize(
    "heading",
    ["record_kind,record,stated_on\n", "record_kind,record,record,stated_on,reported_by\n"],
)
def test_missing_and_doubled_columns(operator, tmp_path, heading):
    path = tmp_path / "x.csv"
    path.write_text(heading + ",".join(["arrest", *["1"] * heading.count(",")]) + "\n")
    assert any("column" in fault for fault in faults(operator, path))


def test_case_records_are_sensitive_unless_all_are_synthetic(operator, tmp_path):
    real = returned(tmp_path, "real.json", arrest=[{**arrest(), "synthetic": False}])
    made_up = returned(tmp_path, "made_up.json", arrest=[arrest("10/S/2")])
    markings = {}
    for path in (real, made_up):
        received = receive_return(operator, path).returns[0]
        markings[path.name] = Return.objects.get(id=received.id).marking
    assert markings == {"real.json": Marking.OFFICIAL_SENSITIVE, "made_up.json": Marking.PUBLIC}
    public = StoreRecords(for_public("test"))
    seen = public.fetch(
        public.table("arrest").filter(public.table("arrest").record == "10/S/1").select("record")
    )
    assert seen == []


def test_checking_alone_finds_what_loading_would(tmp_path):
    path = returned(tmp_path, arrest=[arrest()], charge=[CHARGE])
    with pytest.raises(ReturnRefused, match="charged before the arrest"):
        check_file(path, TODAY)
    assert check_file(returned(tmp_path, arrest=[arrest()]), TODAY).rows == 1


def test_a_measure_not_counted_from_records_says_so(operator):
    with pytest.raises(UnknownName, match="not counted from case records"):
        answer_question(operator, ask("hidden_victims", TODAY, evidence="cases"))
    with pytest.raises(UnknownName, match="not counted by 'any_offence'"):
        answer_question(operator, ask("arrests", TODAY, evidence="cases", rule="any_offence"))


def test_a_cell_opens_to_its_records(operator):
    asked = ask("convictions", date(2009, 3, 1), by=["operation"], evidence="cases")
    found = answer_question(operator, asked)
    cell = next(cell for cell in found.cells if cell.value == 15)
    opened = open_source(operator, cell.id)
    assert sum(each.record.state == "yes" for each in opened.records) == 15
    first = opened.records[0]
    assert dict(first.original)["record"] == first.record.record
    assert first.record.synthetic
    assert first.of.sha256


def test_who_may_not_read_records_sees_no_reference_of_an_agency(operator):
    asked = ask("victims_recovered", date(2008, 12, 17), evidence="cases")
    cell = answer_question(operator, asked).cells[0]
    known = [each.record.record for each in open_source(operator, cell.id).records]
    less = replace(operator, permissions=operator.permissions - {Permission.READ_RECORDS})
    told = open_source(less, cell.id).records
    hidden = [sealed_record("recovery", name) for name in known]
    assert [each.record.record for each in told] == hidden
    assert not any(each.original for each in told)


def test_a_snapshot_names_records_by_pseudonym(snapshot):
    for kind in ("recovery", "arrest"):
        table = pa.parquet.read_table(snapshot.folder / f"case_{kind}.parquet")
        held = CASE_MODELS[kind].objects.values_list("record", flat=True)
        assert set(table["record"].to_pylist()) == {sealed_record(kind, name) for name in held}
    charges = pa.parquet.read_table(snapshot.folder / "case_charge.parquet")
    assert set(charges["arrest"].drop_null().to_pylist()) <= {
        sealed_record("arrest", name)
        for name in CASE_MODELS["arrest"].objects.values_list("record", flat=True)
    }


def test_nothing_that_a_return_says_of_itself_in_free_text_is_kept(operator, tmp_path):
    path = returned(tmp_path, arrest=[arrest("10/S/45")])
    said = json.loads(path.read_text()) | {"source": "SYNTHETIC: told by Alba Madeup"}
    path.write_text(json.dumps(said))
    receive_return(operator, path)
    assert Return.objects.order_by("-id").first().source == "SYNTHETIC"


def test_snapshots_hold_no_identity_and_answer_alike(snapshot, operator):
    from darkfigure_hub.flows.ask_snapshot import answer_from_snapshot, bridge_from_snapshot

    for path in snapshot.folder.glob("*.parquet"):
        names = set(pa.parquet.read_schema(path).names)
        assert not names & {"given_name", "family_name", "date_of_birth", "document_number"}
        content = str(pa.parquet.read_table(path).to_pylist())
        assert "Madeup" not in content
        assert "Synthetic1" not in content
    for measure, evidence in (
        ("victims_recovered", "statements"),
        ("victims_recovered", "cases"),
        ("arrests", "cases"),
    ):
        asked = ask(measure, date(2008, 12, 17), by=["operation"], evidence=evidence)
        here, there = answer_question(operator, asked), answer_from_snapshot(snapshot, asked)
        assert here.basis == there.basis
        assert [cell._replace(blocks=()) for cell in here.cells] == [
            cell._replace(blocks=()) for cell in there.cells
        ]
        found = bridge_from_snapshot(snapshot, asked, date(2008, 12, 17), date(2009, 3, 1))
        assert found.adds_up


def test_a_scope_for_receiving_is_needed(tmp_path):
    from darkfigure.basis.errors import NotPermitted

    with pytest.raises(NotPermitted, match="Only the centre's operators take in returns"):
        receive_return(for_public("test"), returned(tmp_path, arrest=[arrest()]))


def test_an_operator_is_named_in_the_log(tmp_path):
    receive_return(for_operator("somebody", "test"), returned(tmp_path, arrest=[arrest("10/S/44")]))
    assert LogEntry.objects.order_by("-id").first().who == "operator:somebody"


def test_a_damaged_snapshot_is_refused(snapshot, tmp_path):
    import shutil

    from darkfigure.basis.errors import Unreadable

    copy = tmp_path / "copy"
    shutil.copytree(snapshot.folder, copy)
    (copy / "case_arrest.parquet").write_bytes((copy / "case_charge.parquet").read_bytes())
    with pytest.raises(Unreadable, match="not the file that the manifest describes"):
        open_snapshot(copy, verify=True)
    with pytest.raises(Unreadable, match="not a snapshot"):
        open_snapshot(tmp_path / "nowhere")


def test_error_pages_repeat_no_name(operator):
    """What a reader types is answered; what a return held is not on any page that says no."""
    from django.test import Client

    for address in (
        "/ask?measure=Plantedfamily",
        "/source/0000000000-000000",
        "/flow?where=operation%3DNowhere",
    ):
        reply = Client().get(address)
        assert reply.status_code in (400, 404)
        assert b"Plantedgiven" not in reply.content
        assert b"Madeup" not in reply.content
