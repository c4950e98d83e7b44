"""What is asked on the way of a record is found by an index at size, behind the walls as well.

The statements are those that the flows send, heard while they run on the example files. Each is
planned by PostgreSQL as the login of the pages over tables that hold many times as much, with the
policies of the walls in force.
"""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.db import connection

from darkfigure.cases.records import KINDS
from darkfigure.publication import ask
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import OWNER, WEB, parameters
from darkfigure_hub.store.models.casework import CASE_MODELS
from darkfigure_hub.store.queries import subjects
from darkfigure_hub.store.queries.case_records import StoreRecords
from support import statement, statement_file

pytestmark = pytest.mark.django_db
#: Rows of each table, in so many returns.
ROWS, RETURNS = 15_000, 150
BIG = ("store_block", "store_statement", *(f"case_{kind}" for kind in KINDS))
BLOCKS = f"""
INSERT INTO store_block (of_id, measure, unit, population, role, shape, period_start, period_end,
    period_label, period_exact, status, stated_on, precision, stated_by, stated_as, source, whole,
    rank, known, plain, rows, wall)
SELECT (SELECT max(id) FROM store_return), 'made_up_' || n % 200, 'persons', 'uk', 'figure',
    '{{sex}}', date '1990-01-01' + n, date '1990-01-01' + n, '', true, '', '2024-01-01', 'day',
    'HO', '', '', true, 0, '[2024-01-01,)', true, 1, 0
FROM generate_series(1, {ROWS}) n
"""
STATEMENTS = f"""
INSERT INTO store_statement (block_id, row, sex, value, wall)
SELECT id, n, 'female', n, 0 FROM store_block, generate_series(1, 2) n LIMIT {2 * ROWS}
ON CONFLICT DO NOTHING
"""


def version(kind):
    """What fills the table of a kind: every text another one, in returns one after the other."""
    texts = [
        field.column
        for field in CASE_MODELS[kind]._meta.fields
        if field.column in ("record", *(each.name for each in KINDS[kind].kept))
        and field.get_internal_type() in ("CharField", "TextField")
    ]
    said = ", ".join(f"'{kind} {name} ' || n" for name in texts)
    return f"""
    INSERT INTO case_{kind} ({", ".join(texts)}, agency, known_from, withdrawn, synthetic,
        return_id, row, wall)
    SELECT {said}, 'HO', '2024-01-01', false, true, 1000000 + n * {RETURNS} / {ROWS}, n, 0
    FROM generate_series(1, {ROWS}) n
    """


@pytest.fixture(scope="module")
def planned(django_db_setup, django_db_blocker):
    """A cursor of the owner over tables that are large until it is closed."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        opened = psycopg.connect(**parameters(roles.server(), OWNER, name))
    with opened, opened.cursor() as cursor:
        for each in (BLOCKS, STATEMENTS, *map(version, KINDS)):
            cursor.execute(each)
        cursor.execute(f"ANALYZE {', '.join(BIG)}")
        yield cursor
        opened.rollback()


@contextmanager
def heard():
    """The statements that are sent meanwhile, with what they are given."""
    sent = []

    def hear(execute, query, values, many, context):
        sent.append((query, values))
        return execute(query, values, many, context)

    with connection.execute_wrapper(hear):
        yield sent


def read_through(cursor, settings, query, values):
    """The large tables that a statement reads from end to end as the login of the pages, with the
    settings that were in force.
    """
    cursor.execute("SAVEPOINT planning")
    try:
        cursor.execute(f"SET LOCAL ROLE {WEB}")
        for each in settings:
            cursor.execute(each)
        cursor.execute(f"EXPLAIN {query}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    finally:
        cursor.execute("ROLLBACK TO planning")
    through = [name for name in BIG if re.search(rf"Seq Scan on {name}\b", plan)]
    # All returns that are seen are most of a table, though an index says where each lies.
    of_returns = re.findall(r"Index Cond: \(return_id = ANY", plan)
    return through + of_returns


def of_large_tables(sent):
    """Of what was sent, what is read or changed in a large table, after which settings. Whether
    there is any row at all is answered by the first.
    """
    settings, found = [], []
    for query, values in sent:
        if query.startswith("SET LOCAL"):
            settings.append(query)
        elif (
            query.lstrip().split()[0].upper() in ("SELECT", "WITH", "UPDATE")
            and any(re.search(rf"\b{name}\b", query) for name in BIG)
            and not re.fullmatch(r"SELECT EXISTS \(SELECT 1 FROM \w+\)", query)
        ):
            found.append(([*settings], query, values))
    return found


def a_question(operator, tmp_path):
    answer_question(operator, ask("victims_recovered", date(2009, 1, 1), by=["operation"]))


def an_opened_cell(operator, tmp_path):
    answer = answer_question(operator, ask("victims_recovered", date(2009, 1, 1)))
    open_source(operator, answer.cells[0].id)


def a_person(operator, tmp_path):
    ((person,),) = StoreRecords(operator).fetch(
        "SELECT person FROM case_arrest WHERE person IS NOT NULL ORDER BY id LIMIT 1"
    )
    assert subjects.rows_of(operator, [person])


def a_return_of_figures(operator, tmp_path):
    receive_return(
        operator,
        statement_file(tmp_path / "one.csv", statement(value=1, stated_on="2019-01-01")),
        only_try=True,
    )


def a_return_of_records(operator, tmp_path):
    path = tmp_path / "arrests.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.writer(out)
        target.writerow(
            ["record_kind", "record", "stated_on", "reported_by", "person", "date", "synthetic"]
        )
        target.writerow(["arrest", "A1", "2024-01-31", "UKHTC", "P1", "2024-01-01", "yes"])
        target.writerow(["arrest", "A1", "2024-02-29", "UKHTC", "P1", "2024-01-02", "yes"])
    receive_return(operator, path, only_try=True)


@pytest.mark.parametrize(
    "asked", [a_question, an_opened_cell, a_person, a_return_of_figures, a_return_of_records]
)
def test_no_large_table_is_read_from_end_to_end(asked, planned, operator, tmp_path):
    with heard() as sent:
        asked(operator, tmp_path)
    found = of_large_tables(sent)
    assert found
    through = [(query, read_through(planned, *each)) for each in found for query in [each[1]]]
    assert not [each for each in through if each[1]]


def test_what_no_index_is_for_is_read_from_end_to_end(planned):
    query = "SELECT 1 FROM case_arrest WHERE area = %s"
    assert read_through(planned, [], query, ["x"]) == ["case_arrest"]
