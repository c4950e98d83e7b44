"""Pseudonyms are keyed: who has every reference, the code and all that leaves finds none; another
key changes no figure, and the names of before still find their persons. All synthetic.
"""

from __future__ import annotations

import hmac
import itertools
import json
import re
from datetime import date
from hashlib import sha256

import psycopg
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.db import connection

from darkfigure.basis import reference as references
from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.reference import UNSEALED, pseudonym, record_pseudonym
from darkfigure.cases.records import FORM, KINDS, references_of
from darkfigure.linkage import DecisionKind
from darkfigure.publication import ask
from darkfigure.synthetic.linked_returns import SENDERS, write_linked_returns
from darkfigure_hub.access import for_public, verify
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.decide_link import decide_link, show_person
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.rotate_pseudonyms import rotate_pseudonyms
from darkfigure_hub.flows.take_snapshot import take_snapshot
from darkfigure_hub.store.logins import IDENTITY, OWNER, SERVICE, parameters
from darkfigure_hub.store.models import CASE_MODELS, LinkDecision, LinkPair, LogEntry, PersonLink
from darkfigure_hub.store.queries import identity, pseudonyms
from darkfigure_hub.store.roles import GRANTED, as_owner, database, grant, is_granted, server
from support import agreed, database_apart, run, sealed_person, sealed_record

pytestmark = pytest.mark.xdist_group("pseudonyms")
BEFORE, FIRST, MERGED, LATER = (date(2019, 3, day) for day in (1, 5, 12, 20))
SHAPE = re.compile(r"[A-Za-z0-9_-]+[:#][0-9a-f]{16}")


def as_login(role):
    return psycopg.connect(**parameters(server(), role, database()), autocommit=True)


def returned(folder, name, stated_on="2019-02-10", agency="kent", **records):
    path = folder / name
    head = {"form": FORM, "reported_by": agency, "stated_on": stated_on, "synthetic": True}
    path.write_text(json.dumps({**head, "records": records}), encoding="utf-8")
    return path


@pytest.fixture
def linked(django_db_setup, django_db_blocker, operator, tmp_path):
    """A repository of its own with linked persons; the returns they came in."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        paths = write_linked_returns(tmp_path / "returns", 150, 3)
        for path in paths:
            receive_return(operator, path)
        link_records(operator, FIRST)
        yield paths


def figures(operator):
    """What is counted on each day, with its bounds."""
    asked = {
        day: ask(
            "victims_recovered", day, by=["sex"], evidence="cases", period="2017-01-01..2019-12-31"
        )
        for day in (BEFORE, FIRST, MERGED, LATER)
    }
    cells = {day: answer_question(operator, each).cells for day, each in asked.items()}
    return {
        day: [(cell.id, cell.dims, cell.value, cell.low, cell.high) for cell in found]
        for day, found in cells.items()
    }


def bridged(operator, last):
    asked = ask("victims_recovered", last, evidence="cases", period="2017-01-01..2019-12-31")
    found = explain_change(operator, asked, BEFORE, last)
    return found.opening, found.closing, [(line.reason, line.amount) for line in found.lines]


def held_everywhere():
    """Every text that looks like a pseudonym of a person, with the tables that hold it."""
    found = {}
    with as_login(OWNER) as owner:
        tables = owner.execute(
            "SELECT format('%I.%I', n.nspname, relname) FROM pg_class c JOIN pg_namespace n ON "
            "n.oid = relnamespace WHERE relkind = 'r' AND nspname IN ('public', 'identity') AND "
            "relname NOT IN ('file_piece', 'store_filepiece')"
        ).fetchall()
        for (table,) in tables:
            held = owner.execute(
                f"SELECT DISTINCT t::text FROM {table} t WHERE t::text ~ '[:#][0-9a-f]{{16}}'"
            )
            for (row,) in held:
                for name in SHAPE.findall(row):
                    found.setdefault(name, set()).add(table)
    return found


def test_the_seal_is_hmac_of_the_plain_name(apart, operator, tmp_path):
    """As Python's library makes it, through each key in turn."""
    rotate_pseudonyms(operator, "synthetic: a second key")
    with as_login(OWNER) as owner:
        keys = owner.execute(
            "SELECT inner_pad, outer_pad FROM identity.pseudonym_key ORDER BY number"
        ).fetchall()
    assert len(keys) == 2
    secrets = []
    for inner, outer in keys:
        secret = bytes(each ^ 0x36 for each in inner)
        assert secret == bytes(each ^ 0x5C for each in outer)
        assert (secret[32:], len(set(secret[:32])) > 8) == (bytes(32), True)
        secrets.append(secret[:32])
    assert len(set(secrets)) == 2
    for agency, own in (("kent", "V1"), ("HO", "essex:V1"), ("metropolitan-police", "10/S/1")):
        name = pseudonym(agency, own)
        for secret in secrets:
            made = hmac.new(secret, name.encode(), sha256).hexdigest()[:16]
            name = f"{name.partition(':')[0]}:{made}"
        assert sealed_person(agency, own) == name


def test_a_person_is_named_by_reference_or_by_the_name_given_out(apart, operator, tmp_path):
    person = {"record": "V91", "sex": "female", "given_name": "Synthetica"}
    receive_return(operator, returned(tmp_path, "one.json", person=[person]))
    name, plain = sealed_person("kent", "V91"), pseudonym("kent", "V91")
    receive_return(
        operator,
        returned(
            tmp_path,
            "two.json",
            agency="essex",
            recovery=[
                {"record": "R1", "person": name, "date": "2019-02-01"},
                {"record": "R2", "person": "kent:V91", "date": "2019-02-02"},
                {"record": "R3", "person": plain, "date": "2019-02-03"},
            ],
        ),
    )
    named = dict(
        CASE_MODELS["recovery"].objects.filter(agency="essex").values_list("record", "person")
    )
    first, second, third = (named[sealed_record("recovery", f"R{each}")] for each in (1, 2, 3))
    assert first == second == name
    # who computes the plain name names nobody with it
    assert third == plain != name
    assert CASE_MODELS["person"].objects.filter(record=name).count() == 1
    assert identity.names_of(operator, [name])["given_name"].to_list() == ["Synthetica"]
    assert UNSEALED not in "".join(held_everywhere())
    with pytest.raises(UnknownName):
        show_person(operator, pseudonym("kent", "V92"), LATER)


#: What none of the logins may do: read a key, write one, or have pseudonyms given anew.
READINGS = [
    "SELECT * FROM identity.{}",
    "COPY identity.{} TO STDOUT",
    "TABLE identity.{} FOR UPDATE",
    "SELECT count(*) FROM identity.{}",
    "INSERT INTO identity.{} DEFAULT VALUES RETURNING *",
    "DELETE FROM identity.{}",
    "UPDATE identity.{} SET number = 9",
    "CREATE VIEW pg_temp.seen AS SELECT * FROM identity.{}; SELECT * FROM pg_temp.seen",
    "ALTER TABLE identity.{} OWNER TO CURRENT_USER",
    "GRANT SELECT ON identity.{} TO CURRENT_USER",
]


#: Nor these functions.
CALLS = ["add_key()", "next_name('kent:0')", "rotate('{}'::text[])"]


@pytest.mark.parametrize("role", [SERVICE, IDENTITY])
def test_no_login_reads_or_writes_a_key(apart, role):
    tables = "pseudonym_key", "former_pseudonym"
    tried = [each.format(table) for each in READINGS for table in tables]
    with as_login(role) as session:
        for statement in [*tried, *(f"SELECT identity.{call}" for call in CALLS)]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_the_function_is_not_led_astray(apart):
    """A table or function of the session's own does not stand in for the key."""
    with as_login(SERVICE) as session:
        right = session.execute("SELECT identity.sealed('kent#0')").fetchone()
        session.execute(
            "CREATE TEMP TABLE pseudonym_key AS SELECT 1 AS number, '\\x00'::bytea AS inner_pad, "
            "'\\x00'::bytea AS outer_pad"
        )
        session.execute("SET search_path = pg_temp, identity, public")
        assert session.execute("SELECT identity.sealed('kent#0')").fetchone() == right
    with as_login(IDENTITY) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT identity.sealed('kent#0')")
    with as_login(OWNER) as owner:
        assert is_granted()
        for table, right in itertools.product(
            ("pseudonym_key", "former_pseudonym"), ("SELECT", "INSERT")
        ):
            with owner.transaction(force_rollback=True):
                owner.execute(f"GRANT {right} ON identity.{table} TO {SERVICE}")
                assert not owner.execute(GRANTED).fetchone()[0]


def test_an_outsider_with_every_reference_finds_no_pseudonym(linked, operator, tmp_path):
    """All that leaves is searched for all that can be computed without the key."""
    given = [json.loads(path.read_text()) for path in linked]
    agencies = [*SENDERS.values(), "", *KINDS]
    known = {each["record"] for one in given for rows in one["records"].values() for each in rows}
    taken = take_snapshot(operator, LATER, tmp_path / "snapshot")
    texts = [
        str(pq.read_table(path).to_pylist()) for path in sorted(taken.folder.glob("*.parquet"))
    ]
    texts += [path.read_text() for path in taken.folder.glob("*.json")]
    asked = ask("victims_recovered", LATER, evidence="cases", period="2017-01-01..2019-12-31")
    found = answer_question(operator, asked)
    texts += [repr(found), repr(figures(operator))]
    texts += [repr(open_source(for_public("test"), cell.id)) for cell in found.cells]
    seen = set(SHAPE.findall(" ".join(texts)))
    assert len(seen) > 200
    digits = {each.partition(":")[2] for each in seen}
    assert not digits & computable(agencies, known)
    # and a plain name, tried as a person's, finds nobody
    with pytest.raises(UnknownName):
        show_person(operator, pseudonym("HO", given[1]["records"]["person"][0]["record"]), LATER)


def computable(agencies, known):
    """Digits of every name that the library makes, and of plain hashes of its parts."""
    made = set()
    for own, agency in itertools.product(known, agencies):
        for name in (
            pseudonym(agency, own),
            record_pseudonym(agency, own),
            pseudonym(agency, record_pseudonym(agency, own)),
        ):
            once = sha256(name.encode()).hexdigest()
            keyed = hmac.new(b"", name.encode(), sha256).hexdigest()
            made |= {*name.partition(":")[2].split("/"), once[:16], keyed[:16]}
        for between in ("|", ":", "#", " ", "", "/"):
            made.add(sha256(f"{agency}{between}{own}".encode()).hexdigest()[:16])
    functions = {
        name
        for name, each in vars(references).items()
        if callable(each) and getattr(each, "__module__", "") == references.__name__
        if not name.startswith("_")
    }
    assert functions == {"is_reference", "pseudonym", "record_pseudonym"}, "try the new one too"
    return made


def test_another_key_changes_no_figure_and_old_names_find_their_persons(linked, operator, tmp_path):
    left, right = sorted(
        PersonLink.objects.filter(known_to=None).values_list("record", flat=True)[:2]
    )
    together = right in show_person(operator, left, FIRST).decided
    kind = DecisionKind.SPLIT if together else DecisionKind.MERGE
    agreed(decide_link(operator, kind, MERGED, left=left, right=right, reason="synthetic"), MERGED)
    counted, bridge = figures(operator), bridged(operator, LATER)
    person = show_person(operator, left, LATER)
    before = set(CASE_MODELS["person"].objects.values_list("record", flat=True))
    first = sealed_person("HO", json.loads(linked[1].read_text())["records"]["person"][0]["record"])
    assert first in before
    cell = counted[LATER][0][0]
    done = rotate_pseudonyms(operator, "synthetic: a key may be known")
    assert done.pseudonyms >= len(before)
    # nothing that is counted is other than it was
    assert figures(operator) == counted
    assert bridged(operator, LATER) == bridge
    assert not open_source(operator, cell).changed
    # no name of before is held, but where it is known to be one, and in the log
    now = held_everywhere()
    places = set().union(*(now.get(name, set()) for name in before))
    assert places == {
        "identity.former_pseudonym",
        "public.store_recordset",
        "public.store_logentry",
    }
    assert UNSEALED not in "".join(now)
    # whoever holds a name of before finds the person, and what was decided
    again = show_person(operator, left, LATER)
    assert again.decided == tuple(sorted(pseudonyms.sealed(person.decided).values()))
    assert again.possibly == tuple(sorted(pseudonyms.sealed(person.possibly).values()))
    assert [each.id for each in again.decisions] == [each.id for each in person.decisions]
    # pairs and decisions are in alphabetical order still
    for model in (LinkPair, LinkDecision):
        assert all(one <= other for one, other in model.objects.values_list("left", "right"))
    # a decision may name persons as they were, and holds until it is undone
    other = DecisionKind.MERGE if together else DecisionKind.SPLIT
    with pytest.raises(DarkfigureError, match="Undo it first"):
        decide_link(operator, other, LATER, left=left, right=right, reason="synthetic")
    about = {*again.possibly, *show_person(operator, right, LATER).possibly}
    undone = agreed(
        decide_link(
            operator, DecisionKind.UNDO, LATER, undoes=person.decisions[0].id, reason="synthetic"
        ),
        LATER,
    )
    assert undone.changed <= len(about), "only those whom the decision was about"
    value = {day: [row[1:] for row in cells] for day, cells in figures(operator).items()}
    assert value[LATER] == [row[1:] for row in counted[FIRST]]
    assert value[MERGED] == [row[1:] for row in counted[MERGED]]
    assert verify().fault is None
    assert LogEntry.objects.filter(action="pseudonyms rotated").count() == 1


def test_returns_after_another_key_find_whom_they_are_about(linked, operator, tmp_path):
    """By reference, by the name of now, by that of before."""
    own = json.loads(linked[1].read_text())["records"]["person"][0]["record"]
    was = sealed_person("HO", own)
    for number in (1, 2):
        rotate_pseudonyms(operator, f"synthetic: {number}")
    now = sealed_person("HO", own)
    assert pseudonyms.current(was) == now != was
    receive_return(
        operator,
        returned(
            tmp_path,
            "later.json",
            stated_on="2019-03-18",
            agency="HO",
            person=[{"record": own, "birth_year": 1991, "change_reason": "clerical"}],
            recovery=[
                {"record": f"R-{place}", "person": name, "date": "2019-02-01"}
                for place, name in enumerate((own, now, was, f"HO:{own}"))
            ],
        ),
    )
    versions = CASE_MODELS["person"].objects.filter(record=now).order_by("known_from")
    assert [each.known_to for each in versions] == [date(2019, 3, 18), None]
    named = CASE_MODELS["recovery"].objects.filter(known_from=date(2019, 3, 18))
    assert set(named.values_list("person", flat=True)) == {now}


def test_linking_goes_on_after_another_key(linked, operator, tmp_path):
    """Persons are named by whichever record named them: nobody changes without a cause."""

    def persons():
        held = PersonLink.objects.filter(known_to=None).values_list("record", "person")
        groups = {}
        for name, of in held:
            groups.setdefault(of, {of}).add(name)
        return {frozenset(each) for each in groups.values()}

    rotate_pseudonyms(operator, "synthetic")
    before, rows = persons(), PersonLink.objects.count()
    newcomer = {"record": "NEW-1", "sex": "male", "given_name": "Zyx", "family_name": "Qwvut"}
    receive_return(operator, returned(tmp_path, "new.json", person=[newcomer]))
    done = link_records(operator, LATER)
    assert (done.fresh, done.changed) == (1, 0)
    assert (persons(), PersonLink.objects.count()) == (before, rows)
    assert not PersonLink.objects.filter(reason="decision_changed").exists()


@pytest.mark.long
def test_linking_is_the_same_under_any_key(linked, operator):
    """The order of pseudonyms, which a key changes, decides nothing that is counted."""
    counted = [row[1:] for row in figures(operator)[FIRST]]
    for number in range(3):
        rotate_pseudonyms(operator, f"synthetic: {number}")
        link_records(operator, LATER, anew=True)
        assert [row[1:] for row in figures(operator)[LATER]] == counted


def test_every_place_of_a_pseudonym_is_known(linked):
    """What a later table holds is given anew as well."""
    held = set(CASE_MODELS["person"].objects.values_list("record", flat=True))
    found = set().union(*(tables for name, tables in held_everywhere().items() if name in held))
    known = {each.partition(" ")[0] for each in pseudonyms.places()}
    left = {"public.store_recordset", "public.store_logentry"}
    assert {each.removeprefix("public.") for each in found - left} <= known


def test_what_was_held_in_clear_is_sealed_as_what_comes(apart, operator, casework):
    """Tables of a program that kept references as written, brought up to date."""
    rotate_pseudonyms(operator, "synthetic: a second key")
    written = {
        (to, row[column])
        for path in casework
        for kind, rows in json.loads(path.read_text())["records"].items()
        for column, to in references_of(KINDS[kind]).items()
        for row in rows
        if row.get(column)
    }
    kinds = {kind for kind, _ in written}
    clear = {
        name: own
        for kind in kinds
        for own, name in pseudonyms.of_records(
            kind, [own for of, own in written if of == kind]
        ).items()
    }
    places = [
        (f"case_{kind.name}", column) for kind in KINDS.values() for column in references_of(kind)
    ]
    before = {place: column_of(*place) for place in places}
    with as_owner():
        call_command("migrate", "store", "0011_keyed_pseudonyms", verbosity=0)
    with as_login(OWNER) as owner:
        owner.execute("CREATE TEMP TABLE clear (name text PRIMARY KEY, own text)")
        with owner.cursor().copy("COPY clear FROM STDIN") as copy:
            for pair in clear.items():
                copy.write_row(pair)
        for table, column in places:
            owner.execute(f'UPDATE {table} SET "{column}" = own FROM clear WHERE name = "{column}"')
    assert not any(name in clear for place in places for name in column_of(*place).values())
    with as_owner():
        call_command("migrate", verbosity=0)
        grant()
    assert {place: column_of(*place) for place in places} == before
    assert is_granted()


def column_of(table, column):
    """A column of a table by the row's number."""
    with as_login(OWNER) as owner:
        return dict(owner.execute(f'SELECT id, "{column}" FROM {table}').fetchall())


def test_records_are_given_anew_with_persons(apart, operator):
    """Under another key every name of a record is another, and no figure is."""
    asked = ask(
        "convictions",
        LATER,
        by=["operation"],
        evidence="cases",
        rule="defendants_principal_offence",
    )
    counted = [cell[:5] for cell in answer_question(operator, asked).cells]
    held = column_of("case_charge", "record")
    arrests = column_of("case_charge", "arrest")
    rotate_pseudonyms(operator, "synthetic")
    now = column_of("case_charge", "record")
    assert not set(held.values()) & set(now.values())
    assert all(now[each].partition("/")[2] == name.partition("/")[2] for each, name in held.items())
    assert pseudonyms.sealed(held.values()) == {name: now[number] for number, name in held.items()}
    found = column_of("case_charge", "arrest")
    assert all(found[each] != name for each, name in arrests.items() if name)
    assert [cell[:5] for cell in answer_question(operator, asked).cells] == counted


def test_only_the_centre_and_only_with_a_reason(apart, operator):
    with pytest.raises(NotPermitted, match="not permitted to give every pseudonym anew"):
        rotate_pseudonyms(for_public("test"), "synthetic")
    with pytest.raises(DarkfigureError, match="needs a reason"):
        rotate_pseudonyms(operator, " ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.sealed(NULL)")
        assert cursor.fetchone() == (None,)


def test_the_command(home, tmp_path):
    path = returned(tmp_path, "one.json", person=[{"record": "V1", "sex": "male"}])
    run("load", path, home=home)
    refused = run("pseudonyms", "rotate", home=home, check=False)
    assert "needs a reason" in refused.stderr
    said = run("pseudonyms", "rotate", "--reason", "synthetic", home=home).stdout
    assert said == "Key 2: 1 pseudonyms given anew.\n"
    assert "pseudonyms rotated" in run("log", home=home).stdout
