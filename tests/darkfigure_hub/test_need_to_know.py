"""Need to know, tried by raw SQL as the web's login: compartments, conditions of handling, purposes
that were stated, glass that was broken. All synthetic.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, PurposeNeeded, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import acting_as
from darkfigure_hub.access.roles import PERMISSIONS, Role, purposes
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.break_glass import break_glass
from darkfigure_hub.flows.compartments import (
    Place,
    approve_place,
    close_compartment,
    end_place,
    name_compartment,
    propose_place,
)
from darkfigure_hub.flows.read_log import Sought, read_log
from darkfigure_hub.store import roles
from darkfigure_hub.store.models import (
    Account,
    BrokenGlass,
    IntelligenceItem,
    IntelligenceReport,
    ItemGrade,
    ReceivedFile,
    Return,
    TakenBack,
)
from darkfigure_hub.store.queries import intelligence as store
from support_gate import asked, entered, made_up, session_of

TODAY = timezone.localdate()
WHY = "SYNTHETIC: somebody is in danger tonight, and who is on call agreed"
SEES = Marking.OFFICIAL_SENSITIVE


def person(role, agency="NCA", marking=SEES, purpose=""):
    """The key of a session of somebody new, and the number of their account."""
    return session_of(f"{role}.{agency}.{marking}.{purpose}", role, agency, marking, purpose)


def administrator(number):
    return for_account(f"account:{number}", Role.ADMINISTRATOR, "NCA", Marking.PUBLIC, "test")


def let_in(compartment, account, first=TODAY, last=TODAY):
    """Somebody in a compartment, by two administrators."""
    place = Place(compartment, Account.objects.get(pk=account).email, first, last)
    number = propose_place(administrator(901), place)
    approve_place(administrator(902), number)
    return number


def taken_in(kind, compartment=None, agency="kent", marking=Marking.OFFICIAL):
    """The number of a return, or of a report with an item, behind the wall that it takes."""
    file, _ = ReceivedFile.objects.get_or_create(sha256=f"s{kind}{agency}", name="s", size=1)
    given = {"agency": agency, "marking": marking, "received_at": timezone.now(), "file": file}
    if kind == "return":
        made = Return.objects.create(
            part=str(Return.objects.count()), kind="x", received_by="a", rows=0, **given,
            compartment_id=compartment,
        )  # fmt: skip
        return made.pk
    made = IntelligenceReport.objects.create(
        reference=f"SYN-{IntelligenceReport.objects.count()}", source_kind="officer",
        submitted_by="a", submitted_on=TODAY, received_by="a", synthetic=True,
        compartment_id=compartment, **given,
    )  # fmt: skip
    return made.pk


def item_of(report, letters="2CP", condition=None):
    """The number of an item of a report with a grade."""
    item = IntelligenceItem.objects.create(
        of_id=report, number=IntelligenceItem.objects.count() + 1, kind="fact", on=TODAY, marking=1
    )
    number = store.condition_number(condition)
    graded = {"graded_by": "b", "known_from": TODAY, "condition_id": number}
    ItemGrade.objects.create(item=item, letters=letters, **graded)
    return item.pk


def sees(key, table, number):
    """Whether who has a key sees a row."""
    with asked(key) as session:
        return session.execute(f"SELECT 1 FROM {table} WHERE id = %s", [number]).fetchone() == (1,)


@pytest.fixture
def compartment(apart):
    return name_compartment(administrator(901), "SYNTHETIC needle")


def test_a_compartment_is_seen_through_by_who_is_in_it_while_they_are(compartment):
    analyst, number = person(Role.ANALYST)
    other, _ = person(Role.GRADER)
    held, plain = taken_in("return", compartment), taken_in("return")
    report = taken_in("report", compartment)
    item = item_of(report)
    things = [("store_return", held), ("store_intelligencereport", report)]
    things.append(("store_intelligenceitem", item))
    assert sees(analyst, "store_return", plain)
    assert not any(sees(key, *each) for key, each in product((analyst, other), things))
    place = let_in(compartment, number)
    assert all(sees(analyst, *each) for each in things)
    assert not any(sees(other, *each) for each in things)
    end_place(administrator(902), place, "SYNTHETIC")
    assert not any(sees(analyst, *each) for each in things)
    for first, last in ((1, 2), (-2, -1)):
        days = TODAY + timedelta(first), TODAY + timedelta(last)
        place = let_in(compartment, number, *days)
        assert not any(sees(analyst, *each) for each in things)
        end_place(administrator(902), place, "SYNTHETIC")
    let_in(compartment, number)
    assert all(sees(analyst, *each) for each in things)
    close_compartment(administrator(902), compartment)
    assert not any(sees(analyst, *each) for each in things)


def test_being_in_a_compartment_opens_no_other_wall(compartment):
    """All must be held: marking, agency, compartment, and a role that enters."""
    low, kents = (
        person(Role.ANALYST, marking=Marking.OFFICIAL),
        person(Role.AGENCY_SUPERVISOR, "kent"),
    )
    desk, essexs = person(Role.ANSWERS_DESK), person(Role.AGENCY_SUPERVISOR, "essex")
    for _, number in (low, kents, desk, essexs):
        let_in(compartment, number)
    report = taken_in("report", compartment)
    high = taken_in("report", compartment, marking=SEES)
    shown = {
        name: [sees(key, "store_intelligencereport", each) for each in (report, high)]
        for name, (key, _) in zip(
            ("low", "kent", "desk", "essex"), (low, kents, desk, essexs), strict=True
        )
    }
    assert shown == {
        "low": [True, False],
        "kent": [True, True],
        "desk": [False, False],
        "essex": [False, False],
    }


def test_what_a_compartment_is_called_is_told_to_who_is_in_it_and_decides(compartment):
    analyst, number = person(Role.ANALYST)
    keys = {role: person(role)[0] for role in (Role.GRADER, Role.AUDITOR, Role.ADMINISTRATOR)}

    def told(key):
        with asked(key) as session:
            return session.execute("SELECT name FROM store_compartment").fetchall()

    assert told(keys[Role.ADMINISTRATOR]) == [("SYNTHETIC needle",)]
    assert told(analyst) == told(keys[Role.GRADER]) == told(keys[Role.AUDITOR]) == told("") == []
    let_in(compartment, number)
    assert told(analyst) == [("SYNTHETIC needle",)]


def test_two_persons_let_somebody_in_and_nobody_themselves(compartment):
    _, number = person(Role.ANALYST)
    place = Place(compartment, Account.objects.get(pk=number).email, TODAY, TODAY)
    proposed = propose_place(administrator(901), place)
    with pytest.raises(DarkfigureError, match="You proposed it"):
        approve_place(administrator(901), proposed)
    with pytest.raises(DarkfigureError, match="themselves"):
        approve_place(administrator(number), proposed)
    with pytest.raises(DarkfigureError, match="themselves"):
        propose_place(administrator(number), place)
    key, me = person(Role.ADMINISTRATOR)
    row = (
        "INSERT INTO store_compartmentgrant (compartment_id, account_id, valid_from, valid_to, "
        "proposed_by, proposed_at, approved_by, approved_at, ended_by, ended_why) "
        "VALUES (%s, %s, now(), now(), %s, now(), %s, %s, '', '')"
    )
    changes = "UPDATE store_compartmentgrant SET"
    other, now = Account.objects.create(email="o@e.org", name="Bea", made_by="t").pk, timezone.now()
    with asked(key) as session:
        for given in (
            (compartment, me, f"account:{me}", "", None),
            (compartment, other, "account:0", "", None),
            (compartment, other, f"account:{me}", "account:0", now),
            (compartment, other, "account:0", f"account:{me}", now),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(row, given)
        session.execute(row, (compartment, other, f"account:{me}", "", None))
        for change in (
            "valid_to = now() + interval '1 year'",
            "account_id = 0",
            "approved_by = 'account:0', approved_at = now()",
            "approved_by = proposed_by, approved_at = now()",
        ):
            with pytest.raises(psycopg.Error):
                session.execute(
                    f"UPDATE store_compartmentgrant SET {change} WHERE account_id = {other}"
                )
        session.execute(
            f"UPDATE store_compartmentgrant SET approved_by = 'account:{me}', approved_at = now() "
            f"WHERE id = {proposed}"
        )
        for change in (
            "approved_by = 'account:0'",
            "valid_to = '2030-01-01'",
            "approved_at = NULL",
        ):
            with pytest.raises(psycopg.Error):
                session.execute(f"{changes} {change} WHERE id = {proposed}")


CONDITIONS = {
    "nobody named": store.Condition(),
    "a role": store.Condition(roles=("grader",)),
    "an agency": store.Condition(roles=("grader", "analyst"), agencies=("essex",)),
    "a purpose": store.Condition(roles=("analyst",), purposes=("protection",)),
    "over": store.Condition(roles=("grader", "analyst"), until=TODAY - timedelta(1)),
    "to the end of today": store.Condition(roles=("grader",), until=TODAY),
}


def numbers(session, question):
    """The numbers that a question gives."""
    return {int(number) for (number,) in session.execute(question)}


def meets(condition, role, agency, purpose):
    """By the words of a condition."""
    conditional = Permission.READ_CONDITIONAL in PERMISSIONS[role]
    return (
        (str(role) in condition.roles if condition.roles else conditional)
        and (not condition.agencies or agency in condition.agencies)
        and (not condition.purposes or purpose in condition.purposes)
        and (condition.until is None or condition.until >= TODAY)
    )


def test_a_condition_of_handling_binds_whoever_does_not_meet_it(apart):
    report = taken_in("report")
    items = {name: item_of(report, "2CC", each) for name, each in CONDITIONS.items()}
    readers = [
        (Role.ANALYST, "NCA", ""),
        (Role.ANALYST, "NCA", "protection"),
        (Role.GRADER, "NCA", ""),
        (Role.GRADER, "essex", ""),
        (Role.STATISTICIAN, "NCA", ""),
        (Role.AGENCY_SUPERVISOR, "kent", ""),
        (Role.AGENCY_SUPERVISOR, "essex", ""),
    ]
    for role, agency, purpose in readers:
        key, _ = person(role, agency, purpose=purpose)
        with asked(key) as session:
            shown = {
                number for (number,) in session.execute("SELECT id FROM store_intelligenceitem")
            }
            grades = {
                number for (number,) in session.execute("SELECT item_id FROM store_itemgrade")
            }
            withheld = session.execute("SELECT gate.withheld_items(2)").fetchone()[0]
        for name, number in items.items():
            mine = agency == "kent"
            bound_elsewhere = role == Role.AGENCY_SUPERVISOR and not mine
            expected = not bound_elsewhere and (
                mine or meets(CONDITIONS[name], role, agency, purpose)
            )
            assert (number in shown) == expected, (role, agency, purpose, name)
        assert shown & set(items.values()) == grades & set(items.values())
        assert withheld == IntelligenceItem.objects.count() - len(shown)


def test_an_item_follows_its_grade_from_wall_to_wall(apart):
    item = item_of(taken_in("report"))
    key, _ = person(Role.STATISTICIAN)

    def shown():
        return sees(key, "store_intelligenceitem", item)

    def graded(letters, day):
        given = {"graded_by": "c", "known_from": day}
        return ItemGrade.objects.create(item_id=item, letters=letters, **given).pk

    assert shown()
    bound = graded("2CC", TODAY)
    assert not shown()
    event = {"kind": "grade", "named": "", "reason": "x", "by": "x", "at": timezone.now()}
    back = TakenBack.objects.create(target=str(bound), known_from=TODAY, **event)
    assert shown()
    TakenBack.objects.create(target=str(bound), known_from=TODAY, undoes=back, **event)
    assert not shown()
    graded("1AP", TODAY)
    assert shown()
    graded("1AC", TODAY + timedelta(5))
    assert not shown()


def test_records_and_names_take_a_purpose_that_one_may_state(apart):
    for code, role in product([*purposes(), "", "curiosity"], (Role.ANALYST, Role.GRADER)):
        key, account = person(role, purpose=code)
        scope = acting_as(account, None, code).scope("test")
        with asked(key) as session:
            for permission in (Permission.READ_RECORDS, Permission.READ_NAMES):
                held = purposes().get(code)
                opens = held is not None and role in held.roles and permission in held.opens
                (may,) = session.execute("SELECT gate.may(%s)", [str(permission)]).fetchone()
                assert may == scope.may(permission) == opens, (code, role, permission)
                if not opens:
                    refusal = PurposeNeeded if role == Role.ANALYST else NotPermitted
                    with pytest.raises(refusal):
                        scope.require(permission)
            for forged in ("protection", "linkage"):
                session.execute(
                    "SELECT set_config('gate.scope', replace(current_setting('gate.scope'), "
                    '\'"purpose": ""\', %s), false)',
                    [f'"purpose": "{forged}"'],
                )
                assert code or session.execute("SELECT gate.may('read_names')").fetchone() == (
                    False,
                )


def test_the_purpose_stands_in_every_entry_and_is_found(apart, operator):
    from darkfigure_hub.access import record

    _, account = person(Role.ANALYST)
    scope = acting_as(account, None, "protection").scope("test")
    record(scope, "something done", {"records": 1})
    found = read_log(operator, 10, Sought(stated="protection"), check=True)
    assert [each.action for each in found.entries] == ["something done"]
    assert found.checked.fault is None
    assert not read_log(operator, 10, Sought(stated="quality")).entries


def scope_as(account):
    return acting_as(account, None).scope("test")


def test_glass_is_broken_for_one_thing_for_an_hour_and_is_not_extended(compartment):
    key, account = person(Role.ANALYST)
    held, another = (taken_in("report", compartment) for _ in range(2))
    items = [item_of(each) for each in (held, another)]
    name = str(IntelligenceReport.objects.get(pk=held))
    high = taken_in("report", compartment, marking=SEES)
    above = str(IntelligenceReport.objects.get(pk=high))
    low, low_account = person(Role.ANALYST, marking=Marking.OFFICIAL)
    with entered(key):
        with pytest.raises(DarkfigureError, match="40 signs"):
            break_glass(scope_as(account), "report", f"kent {name}", "short")
        number = break_glass(scope_as(account), "report", f"kent {name}", WHY)
        with pytest.raises(DarkfigureError, match="not extended"):
            break_glass(scope_as(account), "report", f"kent {name}", WHY)
        with pytest.raises(UnknownName):
            break_glass(scope_as(account), "return", "999999999", WHY)
    with entered(low), pytest.raises(UnknownName):
        break_glass(scope_as(low_account), "report", f"kent {above}", WHY)
    assert sees(key, "store_intelligencereport", held)
    assert sees(key, "store_intelligenceitem", items[0])
    for table, each in (
        ("store_intelligencereport", another),
        ("store_intelligencereport", high),
        ("store_intelligenceitem", items[1]),
    ):
        assert not sees(key, table, each)
    assert not sees(low, "store_intelligencereport", held)
    glass = BrokenGlass.objects.get(pk=number)
    assert glass.until - glass.broken_at == timedelta(hours=1)
    with roles.as_owner():
        moved = timezone.now() - timedelta(minutes=61)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE store_brokenglass DISABLE TRIGGER only_completes")
            cursor.execute("UPDATE store_brokenglass SET broken_at = %s", [moved])
    assert not sees(key, "store_intelligencereport", held)


def test_raw_sql_breaks_no_more_than_the_page(compartment):
    key, account = person(Role.ANALYST, marking=Marking.OFFICIAL)
    grader, other = person(Role.GRADER)
    held = taken_in("return", compartment)
    high = taken_in("return", compartment, marking=SEES)
    row = (
        "INSERT INTO store_brokenglass (account_id, kind, target, why, broken_at, until) "
        "VALUES (%s, %s, %s, %s, %s, '2099-01-01')"
    )
    now = timezone.now()
    with asked(key) as session:
        for given in (
            (account, "return", str(high), WHY, now),
            (account, "return", "0", WHY, now),
            (account, "return", str(held), "short", now),
            (account, "everything", str(held), WHY, now),
            (other, "return", str(held), WHY, now),
        ):
            with pytest.raises(psycopg.Error):
                session.execute(row, given)
        session.execute(row, (account, "return", str(held), WHY, now + timedelta(days=9)))
        found = session.execute("SELECT until - now() < interval '1 hour' FROM store_brokenglass")
        assert found.fetchall() == [(True,)]
        for change in ("until = '2099-01-01'", "target = '1'", "why = repeat('x', 50)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"UPDATE store_brokenglass SET {change}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(row, (account, "return", str(held), WHY, now))
        session.execute("UPDATE store_brokenglass SET closed_at = now()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("UPDATE store_brokenglass SET closed_at = NULL")
    assert not sees(key, "store_return", held)
    with asked(grader) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(row, (other, "return", str(held), WHY, now))


def test_a_person_is_opened_through_the_walls_up_to_ones_marking(compartment):
    key, account = person(Role.ANALYST, marking=Marking.OFFICIAL)
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for marking in (1, 2):
            cursor.execute("SELECT gate.wall_of('kent', %s, %s, 0)", [marking, compartment])
            (wall,) = cursor.fetchone()
            for table, column in (("case_person", "record"), ("case_role", "person")):
                cursor.execute(made_up(cursor, table), [wall])
                cursor.execute(f"UPDATE {table} SET {column} = 'P-hidden' WHERE wall = %s", [wall])
        cursor.execute("SET session_replication_role = origin")

    def seen():
        with asked(key) as session:
            return [
                session.execute(
                    f"SELECT count(*) FROM {table} WHERE {column} = 'P-hidden'"
                ).fetchone()[0]
                for table, column in (("case_person", "record"), ("case_role", "person"))
            ]

    assert seen() == [0, 0]
    with asked(key) as session:
        session.execute(
            "INSERT INTO store_brokenglass (account_id, kind, target, why, broken_at, until) "
            "VALUES (%s, 'person', 'P-hidden', %s, now(), now())",
            [account, WHY],
        )
    assert seen() == [1, 1]


def test_the_auditor_and_the_owner_are_told_at_once(apart):
    owner, owners = person(Role.REQUIREMENT_MANAGER)
    email = Account.objects.get(pk=owners).email
    compartment = name_compartment(administrator(901), "SYNTHETIC needle", email)
    auditor, _ = person(Role.AUDITOR)
    other, _ = person(Role.GRADER)
    key, account = person(Role.ANALYST)
    held, plain = taken_in("return", compartment), taken_in("return", marking=Marking.OFFICIAL)
    with asked(key) as session:
        for each in (held, plain):
            session.execute(
                "INSERT INTO store_brokenglass (account_id, kind, target, why, broken_at, until) "
                "VALUES (%s, 'return', %s, %s, now(), now())",
                [account, str(each), WHY],
            )

    def told(who):
        with asked(who) as session:
            return sorted(
                int(each) for (each,) in session.execute("SELECT target FROM store_brokenglass")
            )

    assert told(auditor) == told(key) == sorted([held, plain])
    assert told(owner) == [held]
    assert told(other) == told("") == []


def test_an_answer_is_shown_to_who_sees_through_the_same_walls(compartment):
    """What was given to somebody in a compartment, of an agency, or through broken glass."""
    inside, account = person(Role.ANALYST)
    let_in(compartment, account)
    taken_in("return", compartment)
    readers = {
        "inside": inside,
        "outside": person(Role.GRADER)[0],
        "kent": person(Role.REPORTING_OFFICER, "kent")[0],
        "essex": person(Role.REPORTING_OFFICER, "essex")[0],
        "public": "",
    }
    keep = "SELECT gate.keep_answer(%s, '{}', %s, %s, 'x', 2)"
    for who, key in readers.items():
        with asked(key) as session:
            session.execute(keep, [who, TODAY, who])

    def shown():
        found = {}
        for who, key in readers.items():
            with asked(key) as session:
                rows = session.execute("SELECT id FROM store_keptanswer WHERE content = 'x'")
                found[who] = {name for (name,) in rows} & set(readers)
        return found

    assert shown() == {
        "inside": set(readers),
        "outside": {"outside", "kent", "essex", "public"},
        "kent": {"kent", "public"},
        "essex": {"essex", "public"},
        "public": {"public"},
    }
    with asked(readers["essex"]) as session:
        session.execute(keep, ["inside", TODAY, "inside"])
        session.execute(keep, ["kent", date(2020, 1, 1), "another basis"])
    assert {who for who, held in shown().items() if "inside" in held} == {
        "inside",
        "outside",
        "essex",
    }
    assert {who for who, held in shown().items() if "kent" in held} == {"inside", "outside", "kent"}
