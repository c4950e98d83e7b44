"""Which cells an edition has, what each weighs and reads; and which question a gap names."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from darkfigure.basis.period import Period
from darkfigure.basis.status import CellReason
from darkfigure.intelligence.cells import CELLS, cells_of, periods_of
from darkfigure.intelligence.requirement_sets import AnswerKind, Concordance, example_set
from darkfigure.intelligence.requirements import NOTHING_ASKED, Needs, Requirement

SET = example_set()
HALF_YEAR = Period(date(2025, 11, 1), date(2026, 4, 15), "")
PROTOTYPE = SET.questions["HT.6.4"]


def question(code, priority=1.0, **given):
    return replace(
        PROTOTYPE, code=code, priority=priority, areas=("North", "South"), cut="quarter", **given
    )


def edition(*questions, concordance=(), valid=HALF_YEAR):
    return replace(
        SET,
        edition="synthetic",
        valid=valid,
        questions={each.code: each for each in questions},
        concordance=tuple(concordance),
    )


def labels(valid, cut):
    return [(each.label, each.start, each.end) for each in periods_of(valid, cut)]


def test_the_months_of_an_edition_run_on_over_the_year():
    assert labels(HALF_YEAR, "month") == [
        ("2025-11", date(2025, 11, 1), date(2025, 11, 30)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 15)),
    ]


def test_quarters_begin_with_the_edition_and_end_with_it():
    assert labels(HALF_YEAR, "quarter") == [
        ("2025 Q4", date(2025, 11, 1), date(2026, 1, 31)),
        ("2026 Q1", date(2026, 2, 1), date(2026, 4, 15)),
    ]
    one_day = Period(date(2026, 4, 1), date(2026, 4, 1), "")
    assert labels(one_day, "quarter") == [("2026 Q2", date(2026, 4, 1), date(2026, 4, 1))]


def test_otherwise_an_edition_is_one_period():
    assert labels(HALF_YEAR, "year") == [("2025/26", HALF_YEAR.start, HALF_YEAR.end)]
    turn = Period(date(2108, 4, 1), date(2109, 3, 31), "")
    assert labels(turn, "year")[0][0] == "2108/09"


def test_a_question_has_a_cell_for_each_area_and_period_and_its_weight_is_split_over_them():
    held = edition(question("A", 6.0), question("B", 2.0, answer=AnswerKind.QUANTITY))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # whether tuples are rows or columns is not left to a guess
        found = cells_of(held)
    assert found.edition == "synthetic"
    assert dict(found.cells.schema) == CELLS
    assert dict(found.reads.schema) == {"cell": pl.Int64, "question": pl.String}
    assert found.cells["cell"].to_list() == list(range(8))
    assert found.cells.select("question", "area", "period").rows()[:5] == [
        ("A", "North", "2025 Q4"),
        ("A", "North", "2026 Q1"),
        ("A", "South", "2025 Q4"),
        ("A", "South", "2026 Q1"),
        ("B", "North", "2025 Q4"),
    ]
    assert found.cells["weight"].to_list() == [1.5] * 4 + [0.5] * 4
    assert found.cells["existence"].to_list() == [True] * 4 + [False] * 4
    assert found.cells["part"].unique().to_list() == [""]
    assert found.cells.select("threat", "requirement", "half_life").row(0) == (
        PROTOTYPE.threat,
        PROTOTYPE.requirement,
        PROTOTYPE.half_life,
    )
    assert found.cells.select("start", "end").row(1) == (date(2026, 2, 1), date(2026, 4, 15))
    assert found.reads.rows() == [
        *((at, "A") for at in range(4)),
        *((at, "B") for at in range(4, 8)),
    ]


def test_parts_of_a_question_share_its_weight_and_read_its_evidence():
    before = edition(question("OLD", 9.0))
    split = Concordance("split", ("OLD",), ("A", "B", "C"), "finer")
    after = edition(question("A", 1.0), question("B", 5.0), concordance=[split])
    found = cells_of(after, before)
    assert found.cells["weight"].to_list() == [9.0 / 3 / 4] * 8
    assert found.cells["part"].unique().to_list() == [""]
    assert found.reads.rows()[:4] == [(0, "A"), (0, "OLD"), (1, "A"), (1, "OLD")]


def test_a_merged_question_remembers_what_it_was_made_of():
    before = edition(question("X", 4.0), question("Y", 8.0))
    merged = Concordance("merged", ("X", "Y", "NEVER"), ("A",), "alike")
    found = cells_of(edition(question("A", 1.0), concordance=[merged]), before)
    assert found.cells.select("part", "weight").rows() == [("X", 1.0)] * 4 + [("Y", 2.0)] * 4
    assert found.reads.rows()[:2] == [(0, "A"), (0, "X")]
    assert found.reads.rows()[-1] == (7, "Y")


@pytest.mark.parametrize("before", [None, edition(question("Z"))])
def test_without_the_edition_before_a_question_stands_by_itself(before):
    split = Concordance("split", ("OLD",), ("A", "B"), "finer")
    found = cells_of(edition(question("A", 4.0), concordance=[split]), before)
    assert found.cells["weight"].to_list() == [1.0] * 4
    assert set(found.reads["question"]) == {"A"}


def test_what_was_only_reworded_stands_by_itself():
    before = edition(question("OLD", 9.0))
    reworded = Concordance("reworded", ("OLD",), ("A",), "clearer")
    found = cells_of(edition(question("A", 4.0), concordance=[reworded]), before)
    assert found.cells["weight"].to_list() == [1.0] * 4


# What a gap names


def asks(code, measures, reasons=("*",)):
    return replace(
        PROTOTYPE,
        code=code,
        text=f"text {code}",
        closes_when=f"when {code}",
        gap_measures=measures,
        gap_reasons=reasons,
    )


def test_a_gap_names_the_particular_before_the_general():
    held = edition(asks("G", ("*",)), asks("P", ("arrests",), ("not_known",)), asks("N", ()))
    needs = Needs(lambda: [held])
    assert [each.id for each in needs.requirements] == ["P", "G"]
    assert needs.closing("arrests", CellReason.NOT_KNOWN) == Requirement(
        "P", "synthetic", "text P", "when P", ("arrests",), ("not_known",)
    )
    assert needs.closing("arrests", CellReason.NOT_LINKED).id == "G"
    assert needs.closing("charged", CellReason.NOT_KNOWN).id == "G"


def test_a_requirement_of_a_breakdown_closes_gaps_of_that_breakdown_and_no_other():
    by_sex = replace(asks("S", ("*",)), gap_breakdowns=("sex", "age_group"))
    needs = Needs(lambda: [edition(asks("P", ("arrests",)), by_sex)])
    closed = {
        by: needs.closing("arrests", CellReason.NOT_COLLECTED, by).id
        for by in ((), ("sex",), ("area", "age_group"), ("area",))
    }
    assert closed == {(): "P", ("sex",): "S", ("area", "age_group"): "S", ("area",): "P"}


def test_a_gap_that_nobody_asks_to_close_names_nothing():
    held = edition(asks("P", ("arrests",), ("not_known",)))
    assert Needs(lambda: [held]).closing("charged", CellReason.NOT_KNOWN) is None
    assert Needs(lambda: [held]).closing("arrests", CellReason.NOT_LINKED) is None
    assert NOTHING_ASKED.closing("arrests", CellReason.NOT_KNOWN) is None


def test_sets_are_read_once_and_only_when_a_gap_is_met():
    read = []

    def sets():
        read.append(1)
        return [edition(asks("G", ("*",)))]

    needs = Needs(sets)
    assert read == []
    needs.closing("arrests", CellReason.NOT_KNOWN)
    needs.closing("charged", CellReason.NOT_KNOWN)
    assert read == [1]
