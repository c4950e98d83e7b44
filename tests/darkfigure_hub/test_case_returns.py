"""Case returns received: faults with their place, corrections, names kept apart, nothing half
done.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from django.db import connection, transaction

from darkfigure.basis.errors import NotPermitted, ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import values_shown
from darkfigure.cases.records import FORM, KINDS, references_of
from darkfigure.codes import codes_for
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure.publication import ask
from darkfigure_hub.access import for_operator, for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.show_references import show_references
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
PART = {"record": "OP-7", "campaign": "Pentameter 2", "part_of": "Pentameter 2"}


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
        ({"arrest": [arrest(colour="red")]}, "arrest[1]", "1 field is not known here (number 5)"),
        ({"arrest": [arrest(ofence="x")]}, "arrest[1]", "Nearest are: offence to number 5"),
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
            {"arrest": [arrest("10/K/1")]},
            "arrest[1].record",
            "same Arrest/Summons Number is held from another agency",
        ),
    ],
)
def test_a_fault_says_where_and_what_would_be_right(operator, tmp_path, records, where, rule):
    kents = returned(tmp_path, "kents.json", reported_by="kent", arrest=[arrest("10/K/1")])
    receive_return(operator, kents)
    before = {name: model.objects.count() for name, model in CASE_MODELS.items()}
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
        .objects.filter(
            record__in=[sealed_record("arrest", f"10/{force}/1") for force in ("surrey", "kent")]
        )
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
    held = CASE_MODELS["arrest"].objects
    assert held.filter(record=sealed_record("arrest", "10/S/1")).count() == 1


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
        .objects.filter(record__in=[sealed_record("arrest", f"10/S/{each}") for each in (7, 8)])
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
    arrests = public.table("arrest")
    seen = {
        name
        for (name,) in public.fetch(arrests.filter(arrests.agency == "surrey").select("record"))
    }
    assert sealed_record("arrest", "10/S/1") not in seen
    assert sealed_record("arrest", "10/S/2") in seen


@pytest.mark.parametrize("first", ["yes", "no"])
def test_a_return_is_sensitive_where_any_of_its_records_is_real(operator, tmp_path, first):
    """Whatever its first records are: of several kinds each is read by itself."""
    people = [{"record": "M-1", "synthetic": first == "yes"}]
    arrests = [
        {"record": "MA-1", "person": "M-1", "date": "2009-01-02", "synthetic": first == "no"}
    ]
    path = tmp_path / "mixed.json"
    said = {"form": FORM, "reported_by": "UKHTC", "stated_on": "2009-03-01"}
    path.write_text(json.dumps({**said, "records": {"person": people, "arrest": arrests}}))
    (made,) = receive_return(operator, path).returns
    held = Return.objects.get(pk=made.id)
    assert held.marking == Marking.OFFICIAL_SENSITIVE
    with connection.cursor() as cursor:
        for kind in ("person", "arrest"):
            cursor.execute(f"SELECT DISTINCT wall FROM case_{kind} WHERE return_id = {held.pk}")
            assert cursor.fetchall() == [(held.wall,)]


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
    assert not {"record", "person", "arrest"} & dict(first.original).keys()
    assert first.record.synthetic
    assert first.of.sha256


def test_references_are_shown_to_who_may_read_them_and_on_record(operator):
    """A cell opens to records by pseudonym; as their agencies wrote them where that is asked."""
    asked = ask("convictions", date(2009, 3, 1), by=["operation"], evidence="cases")
    cell = next(cell for cell in answer_question(operator, asked).cells if cell.value == 15)
    entries = LogEntry.objects.filter(action="references shown")
    before = entries.count()
    opened = show_references(operator, cell.id)
    shown = [(dict(each.original), each.record.record) for each in opened.records if each.original]
    assert all(name == sealed_record("charge", fields["record"]) for fields, name in shown)
    assert {"record", "person"} <= shown[0][0].keys()
    assert not any("given_name" in fields for fields, _ in shown)
    assert entries.count() == before + 1
    less = replace(operator, permissions=operator.permissions - {Permission.READ_NAMES})
    with pytest.raises(NotPermitted):
        show_references(less, cell.id)


def test_who_may_not_read_records_sees_pseudonyms_and_no_row(operator):
    asked = ask("victims_recovered", date(2008, 12, 17), evidence="cases")
    cell = answer_question(operator, asked).cells[0]
    known = [each.record.record for each in open_source(operator, cell.id).records]
    less = replace(operator, permissions=operator.permissions - {Permission.READ_RECORDS})
    told = open_source(less, cell.id).records
    assert [each.record.record for each in told] == known
    assert not any(each.original for each in told)


#: How records are named where they are held.
NAMED = re.compile(r"[a-z_]+:[0-9a-f]{16}(/[0-9]{1,3}|/[0-9a-f]{16})?")


def test_no_reference_stands_in_clear_in_a_table_or_snapshot(operator, snapshot, casework):
    """What was written is searched for wherever rows are held, names of the schema identity apart;
    and whatever names a record is a pseudonym.
    """
    written = set()
    for path in casework:
        for rows in json.loads(path.read_text())["records"].values():
            written |= {row["record"] for row in rows}
    written = {name for name in written if name not in codes_for("operation").codes}
    assert len(written) > 2500
    for kind in KINDS.values():
        table = pa.parquet.read_table(Path(snapshot.place) / f"case_{kind.name}.parquet")
        for column, to in references_of(kind).items():
            held = set(CASE_MODELS[kind.name].objects.values_list(column, flat=True)) - {None}
            assert held == set(table[column].drop_null().to_pylist())
            known = set(codes_for("operation").codes) if to == "operation" else set()
            wrong = [each for each in held - known if not NAMED.fullmatch(each)]
            assert wrong == []
            assert not held & written
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', n.nspname, relname) FROM pg_class c JOIN pg_namespace n ON "
            "n.oid = relnamespace WHERE relkind = 'r' AND nspname = 'public' AND relname <> "
            "'store_filepiece'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            words = {
                word for (row,) in cursor.fetchall() for word in re.split(r'[(),"\s{}\[\]]+', row)
            }
            assert not words & written, table


def test_a_correction_finds_its_record_and_a_withdrawal_names_it_as_written(operator, tmp_path):
    receive_return(
        operator, returned(tmp_path, operation=[PART], arrest=[arrest(operation="OP-7")])
    )
    later = {"stated_on": "2010-04-01"}
    again = arrest(operation="OP-7", area="Kent", change_reason="clerical")
    receive_return(operator, returned(tmp_path, "again.json", arrest=[again], **later))
    versions = CASE_MODELS["arrest"].objects.filter(record=sealed_record("arrest", "10/S/1"))
    assert sorted((each.known_to is None, each.area) for each in versions) == [
        (False, None),
        (True, "Kent"),
    ]
    asked = ask("arrests", TODAY, by=["operation"], evidence="cases", period="2010")
    cells = answer_question(operator, asked).cells
    assert ("Pentameter 2", 1) in [(cell.dims["operation"], cell.value) for cell in cells]
    gone = {"record": "10/S/9", "action": "withdraw", "change_reason": "recorded_in_error"}
    (fault,) = faults(operator, returned(tmp_path, "gone.json", arrest=[gone], **later))
    assert "a text of 6 characters" in fault
    with values_shown():
        (fault,) = faults(operator, returned(tmp_path, "gone.json", arrest=[gone], **later))
    assert "'10/S/9'" in fault


def test_an_operation_of_no_known_name_is_a_pseudonym_in_answers(operator, tmp_path):
    receive_return(operator, returned(tmp_path, arrest=[arrest(operation="OP-NIGHT-7")]))
    asked = ask("arrests", TODAY, by=["operation"], evidence="cases", period="2010")
    told = {cell.dims["operation"]: cell.value for cell in answer_question(operator, asked).cells}
    assert told[sealed_record("operation", "OP-NIGHT-7")] == 1
    assert "OP-NIGHT-7" not in told


def test_nothing_that_a_return_says_of_itself_in_free_text_is_kept(operator, tmp_path):
    path = returned(tmp_path, arrest=[arrest("10/S/45")])
    said = json.loads(path.read_text()) | {"source": "SYNTHETIC: told by Alba Madeup"}
    path.write_text(json.dumps(said))
    receive_return(operator, path)
    assert Return.objects.order_by("-id").first().source == "SYNTHETIC"


def test_snapshots_hold_no_identity_and_answer_alike(snapshot, operator):
    from darkfigure_hub.flows.ask_snapshot import answer_from_snapshot, bridge_from_snapshot

    for path in Path(snapshot.place).glob("*.parquet"):
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
    shutil.copytree(Path(snapshot.place), copy)
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
