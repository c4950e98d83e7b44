"""Laws of parts kept: work broken off anywhere and begun again ends as if it had not been; of other
work nothing is taken, nor what was altered.
"""

import stat

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.parts import Parts
from darkfigure.linkage import DuckEngine, as_list, engine, engine_named, link
from darkfigure.linkage.engine import Scales
from darkfigure.linkage.waiting import quietly
from darkfigure.synthetic.agency_lists import synthetic_lists
from support import examples

pytestmark = pytest.mark.program


class BrokenOffError(Exception):
    """The power went."""


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.binary(max_size=9), max_size=3), st.lists(st.binary(max_size=9), max_size=3))
def test_parts_are_of_one_work_alone(tmp_path_factory, one, other):
    folder = tmp_path_factory.mktemp("parts")
    Parts(folder, *one).keep(7, b"a part")
    assert (Parts(folder, *other).part(7) == b"a part") == (one == other)
    assert Parts(folder, *one).part(6) is None
    assert Parts(None, *one).part(7) is None


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=40), st.data())
def test_a_part_is_taken_as_it_was_kept_or_not_at_all(tmp_path_factory, content, data):
    folder = tmp_path_factory.mktemp("parts")
    kept = Parts(folder, b"work")
    kept.keep(0, content)
    assert kept.part(0) == content
    (path,) = folder.rglob("*.part")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:cut])
    assert kept.part(0) is None
    at = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert kept.part(0) is None
    kept.forget()
    assert not folder.exists()


@pytest.fixture(scope="module")
def lists():
    return as_list(synthetic_lists(1_200, 7), "lists", truth="person")


@pytest.fixture(scope="module")
def at_a_stretch(lists):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_AT_ONCE", 4_000)
        return link(lists, DuckEngine(threads=1))


def breaking(after):
    """A comparison that fails after so many parts, and counts those it made."""
    compared = []
    compare = Scales.compare

    def compare_or_break(self, left, right, floor=0.0):
        if floor and len(compared) == after:
            raise BrokenOffError
        compared.extend([None] * bool(floor))
        return compare(self, left, right, floor)

    return compare_or_break, compared


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_link_broken_off_goes_on_and_ends_as_one_that_was_not(
    lists, at_a_stretch, tmp_path, monkeypatch, after
):
    monkeypatch.setattr(engine, "_AT_ONCE", 4_000)
    folder = tmp_path / "kept"
    failing, compared = breaking(after)
    with monkeypatch.context() as broken:
        broken.setattr(Scales, "compare", failing)
        with pytest.raises(BrokenOffError):
            link(lists, DuckEngine(threads=1, keep=folder))
    assert len(list(folder.rglob("*.part"))) == after
    counting, compared = breaking(-1)
    told = []
    there = DuckEngine(threads=1, keep=folder)
    with monkeypatch.context() as watched:
        watched.setattr(Scales, "compare", counting)
        again = link(
            lists, there, doing=lambda what, done=0, of=0: told.append((str(what), done, of))
        )
    scoring = [(done, of) for what, done, of in told if what == "scoring pairs" and of]
    of = scoring[0][1]
    assert of > 4
    assert scoring == [(done, of) for done in range(after, of + 1)]
    assert len(compared) == of - after
    assert again.model == at_a_stretch.model
    assert again.pairs.equals(at_a_stretch.pairs)
    assert again.found.decided.tolist() == at_a_stretch.found.decided.tolist()
    there.forget()
    assert not folder.exists()


def test_parts_of_other_records_or_of_another_model_are_not_taken(
    lists, at_a_stretch, tmp_path, monkeypatch
):
    monkeypatch.setattr(engine, "_AT_ONCE", 4_000)
    link(lists, DuckEngine(threads=1, keep=tmp_path))
    kept = len(list(tmp_path.rglob("*.part")))
    changed = lists.with_columns(
        family_name=pl.when(pl.int_range(pl.len()) == 5)
        .then(pl.lit("Other"))
        .otherwise("family_name")
    )
    link(changed, DuckEngine(threads=1, keep=tmp_path))
    assert len(list(tmp_path.rglob("*.part"))) >= 2 * kept - 1
    before = len(list(tmp_path.rglob("*.part")))
    link(lists, DuckEngine(threads=1, keep=tmp_path), model=at_a_stretch.model, doing=quietly)
    assert len(list(tmp_path.rglob("*.part"))) == before + kept


def test_spark_keeps_no_parts(tmp_path):
    with pytest.raises(UnknownName, match="--resume"):
        engine_named("spark", keep=tmp_path)
