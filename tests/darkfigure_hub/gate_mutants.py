"""Whether the tests of the gate would notice: each policy, condition and check of it is taken away
in turn, and at least one of the quick tests that ask by raw SQL must fail. Run by hand: it takes
hours (CONTRIBUTING.md); with SAMPLE=30 so many, drawn by SEED, are taken.
"""

from __future__ import annotations

import os
import random
import re

import pytest
import test_agencies_that_end as ends
import test_gate as walls
import test_gate_of_programs as programs
import test_need_to_know as needs
import test_writes as writes
from django.db import DatabaseError, connection

from darkfigure_hub.flows.compartments import name_compartment
from darkfigure_hub.store import gate, roles
from support import database_apart

POLICY = re.compile(r"CREATE POLICY (\w+) ON (\S+) ")
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION gate\.(\w+)")
#: A condition of a function stands on a line of its own, or goes on one.
CONDITION = re.compile(r"\n\s+(AND|OR) [^\n]*(?=\n)")
#: Functions that say or keep, and let nobody see: what they do is tried where they are used.
SAYS = {"withheld_figures", "withheld_places", "withheld_items", "would_meet", "about", "asked_in"}


def split(text):
    """The places in a clause at which a condition begins that may be left out, at its own depth."""
    depth, places = 0, []
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if found := re.match(r"\s(AND|OR)\s", text[at:]):
            places.append((at, at + len(found[0]), depth, found[1]))
    return places


def without(clause):
    """Ways to leave one condition out of a clause: each AND becomes true, each OR false."""
    for begins, ends_, depth, joined in split(clause):
        level, at = depth, ends_
        while at < len(clause):
            level += (clause[at] == "(") - (clause[at] == ")")
            if level < depth or (level == depth and re.match(r"\s(AND|OR)\s", clause[at:])):
                break
            at += 1
        yield clause[:begins] + f" {joined} {'true' if joined == 'AND' else 'false'}" + clause[at:]


def mutants():
    """Every change: what is changed, and the statements that change it."""
    for statement in gate.statements():
        if found := POLICY.match(statement):
            name, table = found[1], found[2]
            if name in ("of_the_owner", "of_the_machine"):
                continue
            drop = f"DROP POLICY {name} ON {table}"
            yield f"{table} {name}: dropped", [drop]
            for at, changed in enumerate(without(statement)):
                yield f"{table} {name}: condition {at}", [drop, changed]
        elif statement.startswith("CREATE TRIGGER"):
            name, table = re.match(r"CREATE TRIGGER (\w+) .* ON (\S+) FOR", statement).groups()
            yield f"{table}: no {name}", [f"DROP TRIGGER {name} ON {table}"]
        elif FUNCTION.search(statement):
            yield from functions(statement)


def distinct():
    """One of those changes that differ by the table's name alone: tables are kept alike."""
    held = set()
    for what, statements in mutants():
        table = what.partition(" ")[0]
        alike = tuple(each.replace(table, "TABLE") for each in statements)
        if alike not in held:
            held.add(alike)
            yield what, statements


def drawn():
    """Those of them that are tried: all, or so many by chance."""
    held = [*distinct()]
    number = int(os.environ.get("SAMPLE", len(held)))
    return random.Random(os.environ.get("SEED", "1")).sample(held, min(number, len(held)))


def functions(text):
    """A condition left out of each function, in turn."""
    for each in re.split(r"(?=CREATE OR REPLACE FUNCTION)", text):
        found = FUNCTION.match(each)
        if not found or found[1] in SAYS:
            continue
        body = each[: each.rindex("$$;") + 3] if "$$;" in each else each
        for at, line in enumerate(CONDITION.finditer(body)):
            yield f"gate.{found[1]}: line {at}", [body[: line.start()] + body[line.end() :]]


#: The quick tests, with what each is given.
QUICK = [
    (needs, name, given)
    for name, given in (
        ("test_a_compartment_is_seen_through_by_who_is_in_it_while_they_are", ["compartment"]),
        ("test_being_in_a_compartment_opens_no_other_wall", ["compartment"]),
        ("test_what_a_compartment_is_called_is_told_to_who_is_in_it_and_decides", ["compartment"]),
        ("test_two_persons_let_somebody_in_and_nobody_themselves", ["compartment"]),
        ("test_a_condition_of_handling_binds_whoever_does_not_meet_it", ["apart"]),
        ("test_an_item_follows_its_grade_from_wall_to_wall", ["apart"]),
        ("test_records_and_names_take_a_purpose_that_one_may_state", ["apart"]),
        ("test_raw_sql_breaks_no_more_than_the_page", ["compartment"]),
        ("test_glass_is_broken_for_one_thing_for_an_hour_and_is_not_extended", ["compartment"]),
        ("test_a_person_is_opened_through_the_walls_up_to_ones_marking", ["compartment"]),
        ("test_the_auditor_and_the_owner_are_told_at_once", ["apart"]),
        ("test_an_answer_is_shown_to_who_sees_through_the_same_walls", ["compartment"]),
    )
]
SEEN = [
    (walls, name, ["sessions", "filled"])
    for name in (
        "test_each_role_sees_through_its_walls_and_no_other_by_brute_force",
        "test_nothing_is_entered_behind_anothers_wall",
        "test_who_is_nobody_sees_what_is_public",
        "test_rows_are_changed_by_who_may_and_sees_them",
    )
]
OTHERS = [
    (writes, "test_every_write_by_raw_sql_comes_to_what_the_policy_gives", ["apart"]),
    (walls, "test_nobody_gives_themselves_a_role", ["sessions"]),
    (walls, "test_other_rows_are_changed_by_who_may_write_them_and_sees_them", ["sessions"]),
    (walls, "test_the_log_is_read_by_who_reads_the_log", ["sessions"]),
    (walls, "test_what_agencies_return_stands_behind_their_wall", ["sessions"]),
    (programs, "test_a_program_sees_and_enters_its_own_by_raw_sql", ["tokens"]),
    (programs, "test_a_token_is_not_made_widened_or_brought_back_by_raw_sql", ["tokens"]),
    (ends, "test_by_raw_sql_agencies_are_changed_by_who_may_and_never_ones_own", ["kents"]),
]


def fixtures(operator):
    """What the quick tests are given, made as their fixtures make it."""
    from test_need_to_know import administrator

    made = {"apart": None, "operator": operator}

    def given(module, name):
        if name == "compartment":
            return name_compartment(administrator(901), "SYNTHETIC needle")
        if name in made:
            return made[name]
        function = getattr(module, name)._get_wrapped_function()
        needed = function.__code__.co_varnames[: function.__code__.co_argcount]
        made[name] = function(*(given(module, each) for each in needed))
        return made[name]

    return given


def notices(blocker, operator, statements, tests):
    """The first quick test that fails where the gate is changed so; nothing where none does."""
    for module, name, needed in tests:
        with database_apart(blocker, SMALL), blocker.unblock():
            try:
                with roles.as_owner(), connection.cursor() as cursor:
                    for each in statements:
                        cursor.execute(each)
            except DatabaseError:
                return "what is left is no statement"
            given = fixtures(operator)
            try:
                getattr(module, name)(*(given(module, each) for each in needed))
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                return name
    return None


def first(what):
    """The tests in the order in which they are likely to notice a change."""
    order = [*QUICK, *SEEN, *OTHERS]
    written = re.search(r" (entered|changed|removed): |: no ", what)
    words = set(re.findall(r"[a-z]+", what.replace("store_", "").replace("gate.", "")))
    slow = "test_each_role_sees_through_its_walls_and_no_other_by_brute_force"
    return sorted(
        order,
        key=lambda each: (
            each[0] is not writes if written else False,
            each[1] == slow,
            -len(words & set(re.findall(r"[a-z]+", each[1]))),
        ),
    )


#: The database that the tests are asked of: as the one under test, without its figures.
SMALL = "test_darkfigure_small"


@pytest.fixture
def small(django_db_setup, django_db_blocker):
    """That database, made once."""
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        whole = connection.settings_dict["NAME"]
        with roles.as_owner(), connection.cursor() as cursor:
            cases = ", ".join(gate.CASES)
            cursor.execute(
                f"TRUNCATE store_statement, store_block, store_filepiece, {cases} CASCADE"
            )
            cursor.execute("VACUUM FULL")
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{SMALL}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{SMALL}" TEMPLATE "{whole}"')
    yield
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{SMALL}" WITH (FORCE)')


@pytest.mark.long
def test_whatever_is_taken_from_the_gate_is_noticed_by_a_quick_test(
    small, django_db_blocker, operator
):
    assert notices(django_db_blocker, operator, [], [*QUICK, *SEEN, *OTHERS]) is None
    missed = []
    for what, statements in drawn():
        by = notices(django_db_blocker, operator, statements, first(what))
        print(f"{what}: {by}", flush=True)
        missed += [] if by else [what]
    assert missed == []
