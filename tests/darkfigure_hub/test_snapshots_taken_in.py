"""A snapshot is taken in by a repository that lacks what it holds. All of it synthetic."""

from __future__ import annotations

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, ReturnRefused
from darkfigure.basis.marking import Marking
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure.publication import answer
from darkfigure.reading.snapshot_returns import FROM_SNAPSHOT, read_snapshot
from darkfigure.tables.extent import Extent
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.take_snapshot import take_snapshot
from darkfigure_hub.store.models import Block, Return
from snapshots_written import sealed_anew
from support import corrected_question, database_apart, load_corrected


@pytest.fixture(scope="module")
def folder(django_db_setup, django_db_blocker, operator, tmp_path_factory):
    """A snapshot with two returns of one figure, the second correcting the first, beside all that
    the repository of the tests holds.
    """
    place = tmp_path_factory.mktemp("snapshots")
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        load_corrected(operator, place)
        return take_snapshot(operator, timezone.localdate(), place / "snap").folder


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def altered(folder, change, *, sealed=True):
    """A snapshot with its blocks changed; the manifest says so where it is sealed anew."""
    path = folder / "blocks.parquet"
    held = pq.read_table(path)
    pq.write_table(change(held), path)
    return sealed_anew(folder, "blocks") if sealed else folder


def column(held, name, value):
    """A table with one column filled with a value."""
    at = held.schema.get_field_index(name)
    return held.set_column(at, name, pa.array([value] * held.num_rows, held.schema.field(at).type))


def test_only_what_is_lacking_is_taken_in_and_answers_as_there(folder, apart, operator):
    before = Block.objects.count()
    received = receive_return(operator, folder)
    assert [each.rows for each in received.returns] == [1, 1]
    assert Block.objects.count() == before + 2
    assert [(each.file, each.kind) for each in received.returns] == [
        ("40.csv", "statements"),
        ("55.csv", "statements"),
    ]
    noticed = " ".join(received.returns[0].remarks)
    assert "taken from a snapshot" in noticed
    assert "arrived only afterwards" in noticed
    assert "case record" in noticed
    there = open_snapshot(folder)
    for day in ("2013-06-01", "2014-06-01", "2026-11-23"):
        question = corrected_question(timezone.datetime.fromisoformat(day).date())
        mine = answer_question(operator, question)
        assert mine.basis == answer(question, there.evidence).basis
        (cell,) = mine.cells
        assert cell.value == (40 if day < "2014" else 55)
    assert receive_return(operator, folder).already
    assert Return.objects.filter(file__name__in=["40.csv", "55.csv"]).count() == 2


def test_each_return_of_it_is_a_return_of_its_own_file_and_says_where_it_came_from(folder):
    content = json.loads((folder / "manifest.json").read_text())["content"]
    found = {each.file_name: each.origin for each in read_snapshot(folder)}
    for name in ("40.csv", "55.csv"):
        assert found[name].kept.startswith(f'{FROM_SNAPSHOT}content = "{content}"')
    assert found["40.csv"].sha256 != found["55.csv"].sha256


def test_the_file_itself_may_come_later_and_is_then_opened(folder, apart, operator, tmp_path):
    receive_return(operator, folder)
    question = corrected_question(timezone.localdate())
    (cell,) = answer_question(operator, question).cells
    assert [each.original for each in open_source(operator, cell.id).statements] == [()]
    load_corrected(operator, tmp_path)
    assert Return.objects.filter(file__name__in=["40.csv", "55.csv"]).count() == 2
    (opened,) = open_source(operator, cell.id).statements
    assert dict(opened.original)["value"] == "55"


def test_what_is_marked_there_is_marked_here(folder, apart, operator):
    received = receive_return(operator, folder, marking=Marking.OFFICIAL)
    numbers = [each.id for each in received.returns]
    assert set(Return.objects.filter(id__in=numbers).values_list("marking", flat=True)) == {1}


def test_what_one_may_not_see_is_not_taken_in(copy, apart, operator):
    with pytest.raises(NotPermitted):
        receive_return(operator, altered(copy, lambda held: column(held, "marking", 3)))


def test_a_snapshot_that_was_altered_is_refused(copy, apart, operator):
    altered(copy, lambda held: column(held, "stated_by", "HO"), sealed=False)
    for take in (
        lambda: check_file(copy, timezone.localdate()),
        lambda: receive_return(operator, copy),
    ):
        with pytest.raises(ReturnRefused, match="not the file that the manifest describes"):
            take()


def test_a_manifest_that_was_altered_is_refused(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["as_at"] = "2030-01-01"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReturnRefused, match="does not say of itself"):
        check_file(copy, timezone.localdate())
    with pytest.raises(DarkfigureError, match="does not say of itself"):
        open_snapshot(copy, verify=True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("measure", "xk_victims", "measure or breakdown that is not known"),
        ("stated_by", "nobody_at_all", "not a known agency"),
        ("status", "guessed", "cannot be so"),
        ("period_label", "a\x00b", "cannot be so"),
        ("file_name", None, "not those of a snapshot"),
    ],
)
def test_what_no_block_can_say_is_refused_though_the_manifest_agrees(copy, name, value, said):
    altered(copy, lambda held: column(held, name, value))
    with pytest.raises(ReturnRefused, match=said):
        check_file(copy, timezone.localdate())


def test_a_snapshot_says_itself_what_is_whole(folder, apart, operator):
    with pytest.raises(DarkfigureError, match="leave --whole and --part out"):
        receive_return(operator, folder, extent=Extent.PART)


def test_a_manifest_of_something_else_is_no_snapshot(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "synthetic"}')
    with pytest.raises(ReturnRefused):
        check_file(tmp_path / "manifest.json", timezone.localdate())
