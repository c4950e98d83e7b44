"""Laws of bodies that went over into others: a figure for days before a merger is the sum of those
of the bodies it was made of, or says which are missing; nothing is ever divided.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.codes.code import Code
from darkfigure.codes.following import lists_changed
from darkfigure.codes.pack import Listed, Pack
from darkfigure.codes.packs import use_packs
from darkfigure.codes.succession import lineage
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.tables.succession import formers
from support import examples

DAY = date(2026, 11, 26)
YEARS = range(2001, 2009)
#: Bodies begin in these years, so that some end where others begin.
BEGIN = (2001, 2004, 2007)
relaxed = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@contextmanager
def areas(codes):
    """A stretch in which these areas are in use, in a SYNTHETIC pack."""
    rows = tuple(Listed(line, code) for line, code in enumerate(codes, start=2))
    pack = Pack("syn", "SYNTHETIC", ("en",), "CC0-1.0", "made up", "1", files("darkfigure"))
    use_packs([Pack(**{**vars(pack), "lists": {"area": rows}})])
    try:
        yield
    finally:
        use_packs([])


@st.composite
def histories(draw):
    """Bodies with their years, each going over at its end into none, one or two that are there the
    year after; and the figures held of them.
    """
    bodies, silent = {}, set()
    for number in range(draw(st.integers(2, 6))):
        first = draw(st.sampled_from(BEGIN))
        last = draw(st.sampled_from([None, *(year - 1 for year in BEGIN if year > first)]))
        bodies[f"B{number}"] = (first, last)
        if not draw(st.integers(0, 3)):
            silent.add(f"B{number}")
    over = {}
    for name, (_, last) in bodies.items():
        there = [
            other
            for other, (first, end) in bodies.items()
            if last and first <= last + 1 <= (end or last + 1)
        ]
        over[name] = (
            draw(st.lists(st.sampled_from(there), max_size=2, unique=True)) if there else []
        )
    held = {
        (name, year): draw(st.integers(0, 30))
        for name, (first, last) in bodies.items()
        for year in range(first, (last or YEARS[-1]) + 1)
        if name not in silent and draw(st.integers(0, 3))
    }
    return bodies, over, held


def code(name, years, over):
    first, last = years
    ends = date(last, 12, 31) if last else None
    return Code(f"syn:{name}", f"Synthetic {name}", (), date(first, 1, 1), ends, source="SYNTHETIC",
                successors=tuple(f"syn:{each}" for each in over))  # fmt: skip


def made_of(name, year, bodies, over):
    """The bodies that together were the one asked about in a year, and whether part of it was in a
    body that went over into several: told year by year, from the start.
    """
    first, last = bodies[name]
    if year >= first:
        return ({name}, False) if year <= (last or year) else (set(), False)
    found, shared = set(), False
    for other, into in over.items():
        if name not in into:
            continue
        start, end = bodies[other]
        if len(into) > 1:
            shared |= start <= year <= end
        elif end < first:
            parts, more = made_of(other, year, bodies, over)
            found, shared = found | parts, shared or more
    return found, shared


@relaxed
@given(histories())
def test_a_figure_before_a_merger_is_the_sum_of_all_it_was_made_of_or_says_what_is_missing(history):
    bodies, over, held = history
    if not held:
        return
    with (
        areas([code(name, bodies[name], over[name]) for name in bodies]),
        tempfile.TemporaryDirectory() as folder,
    ):
        path = Path(folder) / "synthetic_statements.csv"
        rows = [
            f"arrests,{year},syn:{name},{figure},2026-01-02,HO,synthetic"
            for (name, year), figure in held.items()
        ]
        heading = "measure,period,area,value,stated_on,stated_by,source"
        path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
        evidence = evidence_from([path], DAY)
        for name in bodies:
            found = answer(ask("arrests", DAY, by=["year"], where=[f"area=syn:{name}"]), evidence)
            cells = {int(cell.dims["year"]): cell for cell in found.cells}
            for year in YEARS:
                check(cells.get(year), *by_hand(name, year, bodies, over, held))


def by_hand(name, year, bodies, over, held):
    parts, shared = made_of(name, year, bodies, over)
    figures = [held[(part, year)] for part in parts if (part, year) in held]
    whole = bool(parts) and len(figures) == len(parts) and not shared
    return figures, whole


def check(cell, figures, whole):
    if not figures:
        assert cell is None or cell.value is None
    elif whole:
        assert (cell.value, cell.low, cell.high) == (sum(figures),) * 3
    else:
        assert (cell.value, cell.low, cell.high) == (None, sum(figures), None)
        assert cell.reasons


@relaxed
@given(histories())
def test_no_two_parts_of_a_body_are_the_same_and_it_is_itself_from_its_first_day(history):
    bodies, over, _ = history
    with areas([code(name, bodies[name], over[name]) for name in bodies]):
        for name, (first, _) in bodies.items():
            line = lineage("area", f"syn:{name}")
            codes = [span.code for span in line.parts]
            assert codes[0] == f"syn:{name}"
            assert len(codes) == len(set(codes))
            assert all(span.last < date(first, 1, 1) for span in line.parts[1:])
            asked = formers(ask("arrests", DAY, where=[f"area=syn:{name}"]))
            assert [each.question.where[0].code for each in asked] == codes


def test_lists_are_as_before_when_a_pack_goes():
    with areas([code("B1", (2001, None), [])]):
        assert lineage("area", "syn:B1").parts
    lists_changed()
    assert ask("arrests", DAY, where=["area=Kent"]).where
