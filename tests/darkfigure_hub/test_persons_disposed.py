"""All that is held of one person goes at once, by two persons: records and what follows from them,
names, links, the file; what was answered stays, holds keep it, the log has a hash. All synthetic.
"""

from __future__ import annotations

import json
import random
from hashlib import sha256

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.cases.records import FORM, KINDS, references_of
from darkfigure.publication import ask
from darkfigure_hub.access import for_operator, verify
from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.dispose import (
    carry_out_disposal,
    end_hold,
    hold_thing,
    number_of,
    propose_disposal,
)
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.gate_persons import FOLLOWING, NAMING, OF
from darkfigure_hub.store.models import LogEntry, PersonLink, Return
from darkfigure_hub.store.queries.linkage import person_of
from darkfigure_hub.store.roles import as_owner
from support import database_apart, logged_in, run
from support_gate import asked, session_of

TODAY = timezone.localdate()
WHY = "the person asked for it and nothing stands against it"
STATED = "2012-03-01"
RECORDS = {
    "person": [
        {
            "record": f"N-{n}",
            "sex": "female",
            "given_name": "Synthetic",
            "family_name": f"Needle{n}",
        }
        for n in (1, 2, 3)
    ],
    "recovery": [{"record": f"R-{n}", "person": f"N-{n}", "date": "2012-01-02"} for n in (1, 3)],
    "referral": [{"record": "F-1", "person": "N-1", "date": "2012-01-03", "route": "nrm"}],
    "decision": [
        {
            "record": "D-1",
            "referral": "F-1",
            "stage": "reasonable_grounds",
            "date": "2012-01-09",
            "outcome": "positive",
        }
    ],
    "arrest": [{"record": f"A-{n}", "person": f"N-{n}", "date": "2012-01-04"} for n in (1, 2)],
    "charge": [
        {
            "record": "C-2",
            "person": "N-2",
            "date": "2012-01-05",
            "arrest": "A-2",
            "victim": "N-1",
            "offence": "court:72/1",
        }
    ],
    "hearing": [
        {
            "record": "H-2",
            "charge": "C-2",
            "date": "2012-01-06",
            "stage": "first_hearing",
            "outcome": "adjourned",
        }
    ],
    "no_further_action": [{"record": "X-1", "arrest": "A-1", "date": "2012-02-01"}],
}


def written(folder, name, records, stated_on=STATED):
    head = {"form": FORM, "reported_by": "kent", "stated_on": stated_on, "synthetic": True}
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**head, "records": records}))
    return path


def tables():
    """What stands in every table of the repository, as text, row by row."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' "
            "AND c.relnamespace IN ('public'::regnamespace, 'identity'::regnamespace)"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found[table] = {text for (text,) in cursor.fetchall()}
    return found


def cases(of):
    return {name: {json.loads(row)["id"] for row in of[f"case_{name}"]} for name in KINDS}


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """A repository of the module's own, beside the casework of the two campaigns."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        yield


@pytest.fixture
def other():
    return for_operator("second", "test")


@pytest.fixture
def held(whole, operator, tmp_path, request):
    """A return of three people that nobody sent before, the pseudonym of each by reference."""
    mark = sha256(request.node.name.encode()).hexdigest()[:8] + "-"
    said = json.dumps(RECORDS).replace('"N-', f'"{mark}N-')
    said = said.replace("Needle", f"Needle{mark}")
    for kind in "RFDACHX":
        said = said.replace(f'"{kind}-', f'"{mark}{kind}-')
    taken = receive_return(
        operator, written(tmp_path, "people", json.loads(said)), marking=Marking.OFFICIAL
    ).returns[0]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT family_name, person FROM identity.person WHERE return_id = %s", [taken.id]
        )
        named = {name.removeprefix(f"Needle{mark}"): person for name, person in cursor.fetchall()}
    return taken.id, {f"N-{n}": person for n, person in named.items()}, f"Needle{mark}"


def dispose(operator, other, person):
    made = propose_disposal(operator, "person", number_of(operator, "person", person), WHY)
    return carry_out_disposal(other, made)


def test_everything_of_one_person_goes_and_nothing_of_anybody_else(held, operator, other):
    number, people, name = held
    whom, accused = people["N-1"], people["N-2"]
    PersonLink.objects.bulk_create(
        PersonLink(record=each, person=whom, surely=whom, possibly=whom, known_from=STATED)
        for each in people.values()
    )
    question = ask("victims_recovered", TODAY, evidence="cases")
    given = answer_question(operator, question)
    before = tables()
    assert sum(whom in row for rows in before.values() for row in rows) > 8
    done = dispose(operator, other, whom)
    after = tables()
    assert [t for t, rows in after.items() if any(whom in row or f"{name}1" in row for row in rows)
            if t not in ("store_recordset", "store_logentry")] == []  # fmt: skip
    gone = {name: ids - cases(after)[name] for name, ids in cases(before).items()}
    assert {kind: len(ids) for kind, ids in gone.items() if ids} == {
        "person": 1,
        "recovery": 1,
        "referral": 1,
        "decision": 1,
        "arrest": 1,
        "no_further_action": 1,
    }
    counted = {kind: n for kind, n in done.gone.items() if kind.startswith("case_")}
    assert counted == {f"case_{kind}": len(ids) for kind, ids in gone.items() if ids}
    assert (done.gone["names"], done.gone["unnamed"], done.gone["returns"]) == (1, 1, 1)
    assert done.gone["pieces"] == 1
    charge = [json.loads(row) for row in after["case_charge"] if accused in row]
    assert [each["victim"] for each in charge] == [None]
    assert {f"{name}{n}" in "".join(after["identity.person"]) for n in (2, 3)} == {True}
    assert person_of(accused, TODAY)["person"] == sorted([accused, people["N-3"]])
    assert not PersonLink.objects.filter(person=whom).exists()
    kept = Return.objects.get(pk=number)
    assert (kept.disposed_on, kept.thinned_on, kept.rows) == (None, TODAY, 12)
    assert before["store_keptanswer"] <= after["store_keptanswer"]
    assert any("disposed of" in str(note) for note in answer_question(operator, question).notes)
    opened = open_source(operator, given.cells[0].id)
    assert opened.cell is not None


def test_what_is_left_is_a_proof_without_content(held, operator, other):
    _, people, name = held
    whom = people["N-1"]
    made = propose_disposal(operator, "person", number_of(operator, "person", whom), WHY)
    with pytest.raises(DarkfigureError, match="Another than who proposed"):
        carry_out_disposal(operator, made)
    done = carry_out_disposal(other, made)
    assert len(done.sha256) == 64
    entries = LogEntry.objects.filter(action__startswith="disposal").order_by("-id")[:2]
    last = entries[0]
    assert last.detail["sha256"] == done.sha256
    assert last.detail["case_person"] == 1
    for said in (repr(done), *(json.dumps(each.detail) for each in entries)):
        assert whom not in said
        assert name not in said
    assert verify().fault is None
    with pytest.raises(UnknownName):
        number_of(operator, "person", whom)
    with pytest.raises(UnknownName):
        carry_out_disposal(other, made)
    with pytest.raises(UnknownName):
        propose_disposal(operator, "person", done.target, WHY)


def test_holds_keep_a_person_with_their_return_and_a_return_with_its_people(held, operator, other):
    number, people, _ = held
    whom = number_of(operator, "person", people["N-1"])
    on_return = hold_thing(operator, "return", number, "court", "a court may ask for it", None)
    with pytest.raises(DarkfigureError, match="or what would go with it"):
        propose_disposal(operator, "person", whom, WHY)
    end_hold(operator, on_return, "the court decided")
    made = propose_disposal(operator, "person", whom, WHY)
    of_return = propose_disposal(operator, "return", number, WHY)
    keeps = hold_thing(operator, "person", whom, "restricted", "they asked that it be kept", None)
    before = tables()
    for each in (made, of_return):
        with pytest.raises(DarkfigureError, match="is kept"):
            carry_out_disposal(other, each)
    assert cases(tables()) == cases(before)
    end_hold(operator, keeps, "they asked that it go")
    with pytest.raises(DarkfigureError, match="proposed already"):
        propose_disposal(operator, "person", whom, WHY)
    assert carry_out_disposal(other, made).gone["case_person"] == 1
    assert carry_out_disposal(other, of_return).gone["case_person"] == 2


def test_by_raw_sql_who_does_not_see_a_return_of_theirs_neither_proposes_nor_is_told(
    held, operator, tmp_path
):
    """One more return of theirs, marked higher: whose sees the first alone has nobody."""
    _, people, _ = held
    whom = people["N-1"]
    number = number_of(operator, "person", whom)
    keys = {
        sees: session_of(f"admin-{sees}-{number}", Role.ADMINISTRATOR, "NCA", sees)
        for sees in (Marking.OFFICIAL, Marking.OFFICIAL_SENSITIVE)
    }
    second = session_of(f"second-{number}", Role.ADMINISTRATOR, "NCA", Marking.OFFICIAL_SENSITIVE)
    enters = (
        "INSERT INTO store_disposal (kind, target, returns, under, due, why, sha256, proposed_by, "
        "proposed_at, withdrawn_by, carried_out_by) VALUES ('person', %s, '{}', 'person', now(), "
        "%s, '', %s, now(), '', '')"
    )
    numbered = "SELECT gate.number_of_person(%s)"
    shown = "SELECT count(*) FROM store_disposal WHERE kind = 'person' AND target = %s"

    def told(sees):
        with asked(keys[sees][0]) as session:
            return (
                session.execute(numbered, [whom]).fetchone()[0],
                session.execute(shown, [number]).fetchone()[0],
            )

    assert {told(sees) for sees in keys} == {(number, 0)}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_return SET marking = 2 WHERE id = %s AND marking = 1", [held[0]]
        )
    low, high = keys
    assert told(low) == (None, 0)
    with asked(keys[low][0]) as session:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(enters, [number, WHY, f"account:{keys[low][1]}"])
        for inner in (
            *("rows_of_person(%s)", "person_of(1)", "dispose_of_person(1, 1, '{}', '')"),
            *("dispose_of_drafts('{1}', '')", "sees_draft(0, NULL)"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"SELECT gate.{inner}", [whom] if "%s" in inner else [])
    with asked(keys[high][0]) as session:
        session.execute(enters, [number, WHY, f"account:{keys[high][1]}"])
    assert (told(high), told(low)) == ((number, 1), (None, 0))
    with asked(second[0]) as session:
        session.execute(
            "SELECT gate.carry_out_disposal(id, '') FROM store_disposal WHERE target = %s", [number]
        )
    assert (told(high), told(low)) == ((None, 1), (None, 0))


def test_a_version_that_names_nobody_goes_with_the_record_it_is_of(held, operator, other, tmp_path):
    """A record that the agency withdrew: its later version says no person."""
    _, people, _ = held
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM case_recovery WHERE person = %s", [people["N-1"]])
        record = cursor.fetchone()[0]
        columns = "record, agency, withdrawn, synthetic, return_id, row, wall, date"
        cursor.execute(
            f"INSERT INTO case_recovery ({columns}, known_from) SELECT record, agency, true, true, "
            "return_id, 99, wall, date, known_from + 1 FROM case_recovery WHERE record = %s",
            [record],
        )
    assert dispose(operator, other, people["N-1"]).gone["case_recovery"] == 2


def expected(rows, whom):
    """The rows that are somebody's, worked out one by one: those that say so, and of what names
    nobody those that follow from records that are theirs alone.
    """
    gone, of_whom = {name: set() for name in KINDS}, {}
    for name, column in OF.items():
        theirs = {row["record"] for row in rows[name] if row[column] == whom}
        theirs -= {row["record"] for row in rows[name] if row[column] not in (whom, None)}
        of_whom[name] = theirs
        gone[name] = {
            row["id"]
            for row in rows[name]
            if row[column] == whom or (row[column] is None and row["record"] in theirs)
        }
    for name, kind in KINDS.items():
        for column, of in references_of(kind).items():
            if name in OF or of not in OF:
                continue
            gone[name] |= {row["id"] for row in rows[name] if row[column] in of_whom[of]}
    return gone


def test_of_anybody_in_the_casework_what_goes_is_theirs(whole, operator, other):
    """Beside all rows looked at one by one, in plain Python."""
    drawn = random.Random("persons")
    for _ in range(3):
        before = tables()
        rows = {name: [*map(json.loads, before[f"case_{name}"])] for name in KINDS}
        whom = drawn.choice(sorted({row["record"] for row in rows["person"]}))
        gone = expected(rows, whom)
        assert sum(map(len, gone.values())) > 1
        dispose(operator, other, whom)
        left = cases(tables())
        assert left == {name: ids - gone[name] for name, ids in cases(before).items()}
    assert verify().fault is None


def test_every_kind_that_is_about_somebody_goes():
    """A kind that comes later and names a person, or follows from one that does, is of these."""
    assert set(OF) | set(FOLLOWING) == set(KINDS) - {"operation", "premises"}
    assert NAMING["charge"] == ("victim",)


def test_at_the_machine_a_person_is_named_by_a_pseudonym(home, tmp_path):
    run("load", written(tmp_path, "people", RECORDS), home=home)
    with logged_in(home) as owner:
        whom = owner.execute("SELECT min(record) FROM case_person").fetchone()[0]
    done = run(
        "disposal", "propose", "person", "kent:nobody", "--reason", WHY, home=home, check=False
    )
    assert (done.returncode, "Nobody is held" in done.stderr) == (2, True)
    said = run("disposal", "propose", "person", whom, "--reason", WHY, home=home).stdout
    assert "DISPOSAL-1" in said
    listed = json.loads(run("disposal", "list", "--format", "json", home=home).stdout)
    assert [(each["kind"], each["state"]) for each in listed["disposals"]] == [
        ("person", "proposed")
    ]
    assert whom not in json.dumps(listed)
