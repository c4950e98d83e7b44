"""One person's rights: every row in which they stand is found, and handed over but for what the law
withholds; what they dispute is asked of the agency that gave it. All synthetic.
"""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date, timedelta

import psycopg
import pyrage
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, NotPermitted, PurposeNeeded, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.cases.records import FORM
from darkfigure.publication.rights import answered_by, disputing, withholding
from darkfigure.writing.documents.subjects import SubjectDocument
from darkfigure_hub.access import for_public, verify
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.access.sealing import shut
from darkfigure_hub.flows.answer_subject import (
    Sought,
    dispute_record,
    export_subject,
    find_subject,
    keep_disputed,
    show_disputes,
)
from darkfigure_hub.flows.decide_link import show_person
from darkfigure_hub.flows.enquire import Opening, close_enquiry, open_enquiry, show_enquiry
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.submit import discard_submission, draft_submission, show_submission
from darkfigure_hub.store.models import (
    Account,
    Dispute,
    Job,
    LinkDecision,
    LinkedRecord,
    LinkPair,
    LinkRun,
    LogEntry,
    Outgoing,
    PersonLink,
    Submission,
)
from darkfigure_hub.store.roles import as_owner
from documents_held import held as conforms
from support import PROGRAM, environment, run, sealed_person
from support_gate import asked, session_of
from tables_written import xlsx

WHY = "a request of 3 November"
DAY = date(2026, 11, 3)
FAMILIES = ("Needleby", "O'Thimble", "Épingle", "Bobbin")


def holdings(drawn, agency):
    """A return of an agency about made-up people: who they are called, and records of every kind
    that names a person, or follows from one that does.
    """
    people = [
        {
            "record": f"N-{number}",
            "sex": "female",
            "given_name": f"Synthia{number % 3}",
            "family_name": FAMILIES[number % 4],
            "date_of_birth": f"19{80 + number % 5}-02-0{1 + number % 9}",
        }
        for number in range(8)
    ]
    anybody = [each["record"] for each in people]
    day = {"date": "2018-03-05"}
    records = {"person": people}

    def some(kind, many, **fields):
        records[kind] = [
            {
                "record": f"{agency}-{kind}-{n}",
                **{name: make(n) for name, make in fields.items()},
                **day,
            }
            for n in range(many)
        ]

    def one(of=anybody):
        return lambda _: drawn.choice(of)

    def of(kind):
        return lambda _: f"{agency}-{kind}-{drawn.randrange(len(records[kind]))}"

    some("recovery", 6, person=one())
    some("referral", 5, person=one(), route=lambda _: "nrm")
    some("decision", 5, referral=of("referral"), stage=lambda _: "reasonable_grounds",
         outcome=lambda _: "positive")  # fmt: skip
    some("arrest", 5, person=one())
    some("charge", 5, person=one(), victim=one([*anybody, None]), arrest=of("arrest"),
         offence=lambda _: OFFENCE)  # fmt: skip
    some("sentence", 4, charge=of("charge"), disposal=lambda _: "immediate_custody")
    some("no_further_action", 3, arrest=of("arrest"))
    some("voluntary_return", 2, person=one())
    head = {"form": FORM, "reported_by": agency, "stated_on": "2018-04-01", "synthetic": True}
    return {**head, "records": records}


OFFENCE = "court:0/1"


@pytest.fixture
def held(apart, operator, tmp_path):
    """Two agencies' holdings, linked here and there, looked at, and worked with: the pseudonym of
    each person by agency and reference.
    """
    drawn = random.Random(20)
    for agency in ("kent", "essex"):
        path = tmp_path / f"{agency}.json"
        path.write_text(json.dumps(holdings(drawn, agency)), encoding="utf-8")
        receive_return(operator, path, marking=Marking.OFFICIAL)
    people = {
        (agency, number): sealed_person(agency, f"N-{number}")
        for agency in ("kent", "essex")
        for number in range(8)
    }
    run_ = LinkRun.objects.create(
        made_at=timezone.now(), known_from=DAY, made_by="t", model={}, thresholds={}, records=16,
        pairs=3,
    )  # fmt: skip
    LinkedRecord.objects.bulk_create(
        LinkedRecord(record=each, run=run_) for each in people.values()
    )
    for number in (1, 4, 6):
        left, right = sorted(people[agency, number] for agency in ("kent", "essex"))
        LinkPair.objects.create(run=run_, left=left, right=right, weight=9, probability=0.9)
        if number != 6:
            for each in (left, right):
                PersonLink.objects.create(
                    record=each, person=left, surely=each, possibly=left, known_from=DAY
                )
    LinkDecision.objects.create(
        kind="merge", left=left, right=right, decided_on=DAY, decided_by="t",
        recorded_at=timezone.now(), reason="SYNTHETIC",
    )  # fmt: skip
    account = Account.objects.create(email="w@example.org", name="Alex Invented", made_by="t")
    acting = account.appointments.create(agency="NCA", role="analyst", marking=2, proposed_by="a")
    for number in (0, 4):
        show_person(operator, people["kent", number], DAY)
        arguments = {"person": people["kent", number]}
        more = {"account": account, "acting": acting, "ticket": str(number)}
        Job.objects.create(kind="linking", arguments=arguments, **more)
    return people


#: Tables of many rows that name no person: that they do not is looked at once.
OF_NOBODY = {"store_statement", "store_block", "store_filepiece"}
#: Where a person stands that is told otherwise, or to nobody.
NOT_SAID = {"identity.former_pseudonym": "another name of the same, the owner's alone"}


@pytest.fixture
def everything(held):
    """Every row of every table, as text."""
    rows = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid ="
            " c.relnamespace WHERE n.nspname IN ('public', 'identity') AND c.relkind = 'r'"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {schema}.{table} t")
            name = table if schema == "public" else f"{schema}.{table}"
            rows += [(name, text) for (text,) in cursor.fetchall()]
    return rows


def scanned(everything, persons):
    """By brute force: every row that says one of some persons anywhere, every case record that says
    one of theirs, every entry of the log that names a set with one of them.
    """
    names, found = set(persons), set()
    while True:
        rows = {
            (table, text)
            for table, text in everything
            if table not in NOT_SAID and any(name in text for name in names)
        }
        own = {
            json.loads(text)["record"]
            for table, text in rows
            if table.startswith("case_") and table not in ("case_person", "case_operation")
        }
        if rows == found and own <= names:
            break
        found, names = rows, names | own
    sets = {json.loads(text)["hash"] for table, text in found if table == "store_recordset"}
    found |= {
        (table, text)
        for table, text in everything
        if table == "store_logentry" and any(each in text for each in sets)
    }
    return set(map(keyed, found))


KEYS = {"store_linkedrecord": "record", "store_recordset": "hash"}


def keyed(row):
    """A row by its table and what names it there."""
    table, text = row
    return table, str(json.loads(text)[KEYS.get(table, "id")])


def told(found):
    return {(each.row.table, each.row.number) for each in found.parts} | {
        (each.table, each.number) for each in found.traces
    }


def test_a_person_is_found_in_every_row_in_which_they_stand_and_no_other(
    held, everything, operator
):
    large = [row for row in everything if row[0] in OF_NOBODY]
    everything = [row for row in everything if row[0] not in OF_NOBODY]
    assert not any(person in text for person in held.values() for _, text in large)
    before = {keyed(row) for row in everything if row[0] in ("store_logentry", "store_recordset")}
    seen = set()
    for (agency, number), person in held.items():
        joined = number in (1, 4)
        if joined and agency == "essex":
            continue  # found with Kent's
        persons = {held[each, number] for each in ("kent", "essex")} if joined else {person}
        expected = scanned(everything, persons)
        found = find_subject(operator, Sought(person=person), WHY)
        assert set(found.persons) == persons
        since = {each for each in told(found) if each[0] in ("store_logentry", "store_recordset")}
        assert told(found) - (since - before) == expected, (agency, number)
        seen |= {table for table, _ in expected}
    assert {"case_sentence", "case_decision", "case_charge", "store_job"} <= seen
    assert {"store_linkdecision", "store_logentry", "store_recordset", "person_link"} <= seen
    assert verify().fault is None


def test_a_name_is_found_however_it_is_spelt_and_a_date_of_birth_tells_apart(held, operator):
    """By hand: number n is called Synthia (n modulo 3) and the family of n modulo 4."""
    for asked_for, numbers in (
        (Sought(family_name="ÉPINGLE", given_name="synthia 2"), {2}),
        (Sought(family_name="Synthia0", given_name="needleby"), {0}),
        (Sought(family_name="o thimble", given_name="Synthia1"), {1}),
        (Sought(family_name="Needleby", given_name="Synthia0", born="1 February 1980"), {0}),
        (Sought(family_name="Bobbin", given_name="Synthia0", born="1983"), {3}),
    ):
        found = find_subject(operator, asked_for, WHY)
        assert set(found.persons) == {
            held[agency, number] for agency in ("kent", "essex") for number in numbers
        }
    for nobody in (
        Sought(family_name="Needleby", given_name="Synthia2"),
        Sought(family_name="Needleby", given_name="Synthia0", born="1999-01-01"),
        Sought(person="kent:0123456789abcdef"),
    ):
        with pytest.raises(UnknownName, match="Nobody is held"):
            find_subject(operator, nobody, WHY)
    with pytest.raises(DarkfigureError, match="names the person"):
        find_subject(operator, Sought(family_name="Bobbin"), "a request of Ms Bobbin")
    entry = LogEntry.objects.filter(action="subject looked for").latest("id")
    assert entry.detail["reason"] == WHY
    assert "Bobbin" not in json.dumps(entry.detail)


def test_what_is_withheld_leaves_its_mark_with_its_ground(held, operator):
    who = Sought(person=held["kent", 4])
    whole = export_subject(operator, who, "person", {}, WHY)
    kinds = {each["part"].rpartition(" ")[0] for each in whole["parts"]}
    first = next(each for each in whole["parts"] if each["part"].startswith("name "))
    for withheld, gone in (
        ({first["part"]: "e"}, 1),
        ({"name": "b"}, sum(each["part"].startswith("name ") for each in whole["parts"])),
        (dict.fromkeys(kinds, "d"), len(whole["parts"])),
    ):
        made = export_subject(operator, who, "person", withheld, WHY)
        marks = [each for each in made["parts"] if "withheld" in each]
        assert (len(marks), len(made["parts"])) == (gone, len(whole["parts"]))
        for mark in marks:
            assert set(mark) == {"withheld", "basis", "words"}
            assert mark["words"] == withholding()[mark["withheld"]].words
        if gone > 1:
            assert "Synthia" not in str(made)
    for wrong in ({"name": "z"}, {"helicopter": "a"}):
        with pytest.raises(UnknownName):
            export_subject(operator, who, "person", wrong, WHY)
    with pytest.raises(UnknownName, match="handed to one of"):
        export_subject(operator, who, "a friend", {}, WHY)
    entry = LogEntry.objects.filter(action="subject handed over").latest("id")
    assert set(made) <= set(SubjectDocument.__annotations__)
    assert (entry.detail["recipient"], entry.detail["reason"]) == ("person", WHY)


def test_what_is_disputed_is_asked_of_the_agency_and_a_new_statement_answers_it(
    held, operator, tmp_path
):
    _, officer = session_of("officer", Role.REPORTING_OFFICER, "kent", Marking.OFFICIAL)
    _, supervisor = session_of("chief", Role.AGENCY_SUPERVISOR, "kent", Marking.OFFICIAL)
    _, reader = session_of("reader", Role.ANALYST, "NCA", Marking.OFFICIAL)
    analyst = for_account(f"account:{reader}", Role.ANALYST, "NCA", 2, "test", "own_data")
    show_person(analyst, held["kent", 2], DAY)
    found = find_subject(operator, Sought(person=held["kent", 2]), WHY)
    part = next(each.name for each in found.parts if each.name.startswith("person "))
    number = dispute_record(
        operator, held["kent", 2], part, ["sex"], "inaccurate", "the sex is another"
    )
    assert set(Outgoing.objects.values_list("kind", "account_id")) == {
        ("record disputed", officer),
        ("record disputed", supervisor),
        ("read record disputed", reader),
    }
    kents = for_account(f"account:{supervisor}", Role.AGENCY_SUPERVISOR, "kent", 1, "test")
    others = for_account("account:0", Role.AGENCY_SUPERVISOR, "essex", 1, "test")
    assert [each.number for each in show_disputes(kents)] == [number]
    assert show_disputes(others) == []
    with pytest.raises(UnknownName):
        keep_disputed(others, number, "it is not ours to say")
    with pytest.raises(DarkfigureError, match="disputed already"):
        dispute_record(operator, held["kent", 2], part, ["sex"], "inaccurate", "once more so")
    with pytest.raises(UnknownName, match="says nothing of"):
        dispute_record(operator, held["kent", 2], part, ["height"], "inaccurate", "it is less so")
    head = {"form": FORM, "reported_by": "kent", "stated_on": DAY.isoformat(), "synthetic": True}
    mended = tmp_path / "mended.json"
    fixed = {"record": "N-2", "sex": "male", "change_reason": "recorded_in_error"}
    mended.write_text(json.dumps({**head, "records": {"person": [fixed]}}))
    receive_return(operator, mended, marking=Marking.OFFICIAL)
    (held_one,) = show_disputes(kents)
    assert (held_one.state, held_one.replaced_on) == ("corrected", DAY)
    with pytest.raises(DarkfigureError, match="is corrected"):
        keep_disputed(kents, number, "it stays as it is")
    other = next(each.name for each in found.parts if each.name.startswith("name "))
    with pytest.raises(UnknownName, match="no record"):
        dispute_record(operator, held["kent", 2], other, ["sex"], "inaccurate", WHY)
    second = find_subject(operator, Sought(person=held["kent", 3]), WHY)
    part = next(each.name for each in second.parts if each.name.startswith("person "))
    number = dispute_record(operator, held["kent", 3], part, ["sex"], "unlawful", "to be erased")
    keep_disputed(kents, number, "the court asks for it")
    assert [each.state for each in show_disputes(kents)] == ["corrected", "kept"]
    assert Dispute.objects.get(pk=number).ended_by == kents.who


def test_by_raw_sql_who_disputes_does_not_answer(held):
    first, account = session_of("one", Role.ANALYST, "NCA", Marking.OFFICIAL, "own_data")
    idle, _ = session_of("idle", Role.ANALYST, "NCA", Marking.OFFICIAL)
    kents, chief = session_of("chief", Role.AGENCY_SUPERVISOR, "kent", Marking.OFFICIAL)
    essex, _ = session_of("other", Role.AGENCY_SUPERVISOR, "essex", Marking.OFFICIAL)
    entered = (
        "INSERT INTO store_dispute (agency, kind, target, of_id, row, marking, fields, ground, why,"
        " due_on, opened_by, opened_at, ended_by, ended_why) SELECT %s, 'person', c.id,"
        " c.return_id, c.row, 1, '{sex}', 'inaccurate', 'SYNTHETIC reason', now(), %s, now(),"
        " '', ''"
        " FROM case_person c WHERE c.record = %s RETURNING id"
    )
    names = [[held["kent", 0]]]
    with asked(idle) as session:
        for statement, given_ in (
            (entered, ["kent", "x", names[0][0]]),
            ("SELECT gate.naming(%s)", names),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement, given_)
    with asked(first) as session:
        assert session.execute("SELECT gate.naming(%s)", names).fetchall()
        for agency, who in (("kent", "account:0"), ("essex", f"account:{account}")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(entered, [agency, who, names[0][0]])
        session.execute(entered, ["kent", f"account:{account}", names[0][0]])
        ended = "UPDATE store_dispute SET ended_by = %s, ended_at = now(), ended_why = 'x'"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(ended, [f"account:{account}"])
    with asked(essex) as session:
        assert session.execute(ended, ["x"]).rowcount == 0
        assert session.execute("SELECT count(*) FROM store_dispute").fetchone() == (0,)
    with asked(kents) as session:
        assert session.execute("SELECT count(*) FROM store_dispute").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(ended, ["account:0"])
        assert session.execute(ended, [f"account:{chief}"]).rowcount == 1


def drafted(agency, name, content, kind="return"):
    """A draft of an officer, and its number."""
    officer = for_account("account:77", "reporting_officer", agency, 2, "t")
    return draft_submission(officer, kind, name, content, marking=Marking.OFFICIAL)


def test_what_waits_locked_is_looked_through(apart, operator, tmp_path):
    """By hand: where Synthia Épingle is written of, and where only one of the names is."""
    xlsx(tmp_path / "b.xlsx", {"people": [["Synthia"], ["Épingle"]]})
    there = {
        (
            "store_submission",
            drafted("kent", "a.csv", b"given_name,family_name\nSynthia,EPINGLE\n"),
        ),
        ("store_submission", drafted("essex", "b.xlsx", (tmp_path / "b.xlsx").read_bytes())),
        ("store_submission", drafted("kent", "c.json", b'{"text": "of Synthia \\u00c9pingle"}')),
    }
    nowhere = [
        drafted("kent", "d.csv", b"given_name,family_name\nSynthia,Needleby\n"),
        drafted("kent", "e.csv", "Épingle\n".encode()),
        drafted("kent", "synthia epingle.csv", b"measure\n"),  # what it was called is not kept
    ]
    gone = drafted("kent", "f.csv", b"Synthia Epingle\n")
    discard_submission(for_account("account:77", "reporting_officer", "kent", 2, "t"), gone)
    desk = for_account("account:78", "answers_desk", "NCA", 2, "t")
    asked_ = open_enquiry(desk, Opening(DAY, text="What is held\nof Synthia ÉPINGLE?"))
    other = open_enquiry(desk, Opening(DAY, text="How many are called Épingle?"))
    there.add(("store_enquiry", asked_))
    found = find_subject(operator, Sought(given_name="Synthia", family_name="Épingle"), WHY)
    assert set(found.written) == {(table, str(number)) for table, number in there}
    assert len(there) + len(nowhere) == Submission.objects.filter(discarded_at=None).count() + 1
    assert other not in {number for table, number in there if table == "store_enquiry"}
    assert not found.persons
    said = json.dumps(list(LogEntry.objects.values_list("detail", flat=True)))
    assert "pingle" not in said.casefold()
    assert "synthia" not in said.casefold()
    close_enquiry(
        desk, asked_, show_enquiry(desk, asked_, draft=False).held.sha256, "Withdrawn by who asked"
    )
    left = find_subject(operator, Sought(given_name="Synthia", family_name="Épingle"), WHY)
    assert ("store_enquiry", str(asked_)) not in left.written


@pytest.mark.parametrize("kept", [b"nonsense", "another"])
def test_a_draft_that_is_not_what_was_drafted_is_one_to_ask_about(apart, operator, kept):
    """Whoever changes what is locked hides nobody: it is opened by its hash, or not at all."""
    whole = drafted("kent", "a.csv", b"measure\nsynthetic\n")
    changed = drafted("kent", "b.csv", b"given_name,family_name\nSynthia,EPINGLE\n")
    put = shut(b"measure\nsynthetic\n") if kept == "another" else kept
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity.draft SET locked = %s WHERE submission_id = %s", [put, changed]
        )
    found = find_subject(operator, Sought(given_name="Synthia", family_name="Épingle"), WHY)
    assert ("store_submission", str(changed)) in found.written
    assert ("store_submission", str(whole)) not in found.written
    officer = for_account("account:77", "reporting_officer", "kent", 2, "t")
    with pytest.raises(DarkfigureError, match="is not what was drafted: draft it anew"):
        show_submission(officer, changed)


def test_who_may_not_is_refused():
    with pytest.raises(NotPermitted):
        find_subject(for_public("test"), Sought(person="x"), WHY)
    with pytest.raises(PurposeNeeded):
        find_subject(for_account("account:1", Role.ANALYST, "NCA", 2, "test"), Sought(), WHY)


@given(st.dates(date(1999, 1, 1), date(2060, 1, 1)))
def test_a_month_ends_on_the_same_day_or_the_last(day):
    due = answered_by(day)
    assert timedelta(28) <= due - day <= timedelta(31)
    assert due.day == day.day or (due + timedelta(1)).day == 1 > due.day - day.day
    assert due.day <= day.day


def test_every_ground_says_where_it_stands():
    for each in (*withholding().values(), *disputing().values()):
        assert each.basis.startswith("section 4")
        assert each.words


def test_at_the_machine_a_file_is_locked_or_said_to_be_readable(home, tmp_path):
    path = tmp_path / "kent.json"
    path.write_text(json.dumps(holdings(random.Random(3), "kent")), encoding="utf-8")
    run("load", path, home=home)
    named = "Bobbin\nSynthia0\n\n"
    key = pyrage.x25519.Identity.generate()

    def subject(*given_):
        return subprocess.run(
            [str(PROGRAM), "subject", *map(str, given_), "--reason", WHY],
            env=environment(home), input=named, capture_output=True, text=True, check=False,
        )  # fmt: skip

    listed = subject("find", "--format", "json")
    told_ = json.loads(listed.stdout)
    conforms(listed.stdout)
    out = tmp_path / "person.age"
    said = subject("export", "--recipient", "person", "--to", key.to_public(), "--out", out)
    assert "locked" in said.stdout, said.stderr
    handed = json.loads(pyrage.decrypt(out.read_bytes(), [key]))
    conforms(json.dumps(handed))
    assert handed["parts"] == told_["parts"]
    said = subject("export", "--recipient", "person", "--open", tmp_path, "--withhold", "name=e")
    assert "READABLE" in said.stdout, said.stderr
    assert "1 of them withheld" in said.stdout
    left = tmp_path / "subject.json"
    assert left.stat().st_mode & 0o777 == 0o600
    assert "Bobbin" not in left.read_text()
    assert "already" in subject("export", "--recipient", "person", "--open", tmp_path).stderr
