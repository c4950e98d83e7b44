"""Returns on a real database: taken in whole or not at all, once, logged, and opened again down to
the row.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from darkfigure.basis.errors import NotPermitted, ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.list_holdings import list_holdings
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.read_log import read_log
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.models import Agency, Block, ReceivedFile, Return, Statement
from darkfigure_hub.store.queries import files
from darkfigure_hub.store.queries.evidence import StoreEvidence
from support import SOURCES, statement, statement_file

pytestmark = pytest.mark.django_db


def counts():
    return [model.objects.count() for model in (ReceivedFile, Return, Block, Statement)]


def test_a_refused_return_leaves_nothing(operator, tmp_path):
    before = counts()
    path = statement_file(
        tmp_path / "faulty.csv", statement(value=1), statement(period="2007", value=-1)
    )
    with pytest.raises(ReturnRefused):
        receive_return(operator, path)
    assert counts() == before


def test_a_file_received_twice_changes_nothing(operator, tmp_path):
    path = statement_file(tmp_path / "one.csv", statement(value=1))
    assert not receive_return(operator, path).already
    before = counts()
    renamed = path.rename(tmp_path / "other name.csv")
    assert receive_return(operator, renamed).already
    assert counts() == before


def test_a_file_that_came_before_its_source_was_a_reading_is_held_already(operator):
    path = SOURCES / "nrm_vintages.csv"
    held = Return.objects.filter(kind="nrm_releases")
    assert held.update(reading=None) == 3
    before = counts()
    assert receive_return(operator, path).already
    assert counts() == before


def test_three_releases_are_three_returns_each_following_the_one_before(operator):
    releases = list(Return.objects.filter(kind="nrm_releases").order_by("part"))
    assert [release.part for release in releases] == ["2023Q1", "2023Q2", "2023Q3"]
    assert [release.supersedes for release in releases] == [None, releases[0], releases[1]]


def test_nothing_is_overwritten(operator):
    """Every row of every release still stands in the store; only the time it was known ended."""
    assert Statement.objects.filter(block__of__kind="nrm_releases").count() == 5556
    known = (
        Block.objects.filter(
            of__part="2023Q2", measure="reasonable_grounds_decisions", period_label="2023 Q2"
        )
        .first()
        .known
    )
    assert (known.lower, known.upper) == (date(2023, 8, 10), date(2023, 11, 3))


def test_blocks_of_one_body_and_matter_are_never_known_twice():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM store_block a JOIN store_block b ON a.id < b.id AND a.whole AND "
            "b.whole "
            "AND a.measure = b.measure AND a.unit = b.unit "
            "AND a.population = b.population AND a.shape = b.shape AND a.period_start = "
            "b.period_start "
            "AND a.period_end = b.period_end AND a.stated_by = b.stated_by AND a.stated_on <> "
            "b.stated_on AND a.known && b.known"
        )
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    "name", ["pentameter_statements.csv", "police_recorded_crime_2017_18.csv.gz"]
)
def test_a_file_is_kept_byte_for_byte(operator, name):
    content = (SOURCES / name).read_bytes()
    held = Return.objects.filter(file__name=name).first()
    assert held.file_id == sha256(content).hexdigest()
    assert b"".join(files.pieces(operator, held.pk)) == content


def test_every_cell_of_the_first_answer_opens_to_its_row(operator):
    found = answer_question(
        operator, ask("victims_recovered", date(2008, 12, 17), by=["operation", "exploitation"])
    )
    texts = []
    for cell in found.cells:
        opened = open_source(operator, cell.id)
        used = [statement for statement in opened.statements if statement.used]
        assert sum(statement.row.value for statement in used) == cell.value
        assert not opened.changed
        texts.append(dict(used[0].original)["Victims recovered"])
    assert texts == ["88", "167[1]", "5[2]"]


def test_a_sum_opens_to_all_its_rows(operator):
    found = answer_question(
        operator, ask("recorded_offences", date(2100, 1, 1), where=["offence=106"], by=["area"])
    )
    cell = next(cell for cell in found.cells if cell.dims["area"] == "Kent")
    opened = open_source(operator, cell.id)
    assert len(opened.statements) == 4
    assert sum(statement.row.value for statement in opened.statements) == cell.value
    assert {dict(statement.original)["Force Name"] for statement in opened.statements} == {"Kent"}


def test_a_cell_that_is_none_of_ours(operator):
    for wrong in ("abc", "0000000000-000000", ""):
        with pytest.raises(UnknownName):
            open_source(operator, wrong)


def test_a_late_return_of_old_statements_is_closed_by_what_is_held(operator, tmp_path):
    receive_return(
        operator,
        statement_file(
            tmp_path / "late.csv",
            statement(
                measure="arrests",
                operation="Pentameter 2",
                period="2007-08",
                value=500,
                stated_on="2008-06-01",
            ),
        ),
    )
    asked = {"where": ["operation=Pentameter 2"]}
    assert (
        answer(ask("arrests", date(2008, 6, 10), **asked), StoreEvidence(operator)).cells[0].value
        == 500
    )
    assert (
        answer(ask("arrests", date(2008, 7, 10), **asked), StoreEvidence(operator)).cells[0].value
        == 528
    )


def test_what_is_marked_is_withheld_and_leaves_a_mark(operator, tmp_path):
    path = statement_file(
        tmp_path / "marked.csv",
        statement(measure="premises_visited", operation="Pentameter 1", value=500),
    )
    receive_return(operator, path, marking=Marking.OFFICIAL_SENSITIVE)
    question = ask("premises_visited", date(2020, 1, 1), by=["operation"])
    seen = answer(question, StoreEvidence(operator))
    public = answer(question, StoreEvidence(for_public("test")))
    assert [cell.value for cell in seen.cells] == [500, 822]
    assert [cell.value for cell in public.cells] == [822]
    assert [refusal.reason for refusal in public.cannot] == [CellReason.WITHHELD]
    assert all("marked" not in held.file for held in list_holdings(for_public("test")))


def test_the_public_may_not_send_returns(tmp_path):
    with pytest.raises(NotPermitted):
        receive_return(for_public("test"), statement_file(tmp_path / "one.csv", statement(value=1)))


def test_the_public_may_not_read_the_log(operator):
    assert read_log(operator, 5).checked.fault is None
    with pytest.raises(NotPermitted):
        read_log(for_public("test"), 5)


def test_the_data_folder_is_the_one_given_else_the_environments_else_the_users(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("DARKFIGURE_HOME", str(tmp_path / "given"))
    assert data_folder() == tmp_path / "given"
    monkeypatch.delenv("DARKFIGURE_HOME")
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert data_folder().name == "darkfigure"
    (tmp_path / "darkfigure.home").write_text(f"{tmp_path / 'named'}\n")
    assert data_folder() == tmp_path / "named"


def test_agencies_are_described_once_at_a_time():
    from django.db import IntegrityError, transaction
    from django.db.backends.postgresql.psycopg_any import DateRange

    assert Agency.objects.filter(code="UKHTC").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(
            code="UKHTC", name="again", kind="police", valid=DateRange(date(2009, 1, 1), None)
        )
