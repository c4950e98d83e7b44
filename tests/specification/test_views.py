"""What a view of an answer says, and what it refuses to say."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from odf.opendocument import load
from odf.table import TableCell

from darkfigure.basis.errors import UnknownName
from darkfigure.publication import answer, ask
from darkfigure.publication.views import Kind, NotDerivable, viewed, wishes_of
from darkfigure.publication.views.adding import refuse_overlap
from darkfigure.publication.views.change import with_changes
from darkfigure.publication.views.made import view
from darkfigure.publication.views.share import with_shares
from darkfigure.publication.views.wishes import Wishes, wishes_for
from darkfigure.reading import evidence_from
from darkfigure.tables.intervals import Bounded
from darkfigure.writing.views import as_csv, as_html, as_json, as_ods, as_text
from darkfigure.writing.views.columns import note_lines, per_cent, row_label, signed
from support import statement, statement_file

THE_DAY = date(2012, 6, 1)
#: A figure between 5 and 10.
SOME = {"low": 5, "high": 10, "reason": "suppressed"}


def made(tmp_path, *rows, by, measure="victims_recovered", asked=None, **wanted):
    """A view of an answer from statements."""
    rows = [statement(**{"stated_on": "2012-03-01", "measure": measure, **row}) for row in rows]
    evidence = evidence_from([statement_file(tmp_path / "synthetic.csv", *rows)], THE_DAY)
    question = ask(measure, THE_DAY, by=by, **(asked or {}))
    return viewed(question, wishes_of([question], **wanted), lambda each: answer(each, evidence))


def told(made_view):
    """The rows by label: figure, change, share."""
    return {
        row_label(made_view, row): (
            row.figure.value,
            row.change and signed(row.change),
            row.change_per_cent and per_cent(row.change_per_cent),
            row.share and per_cent(row.share),
        )
        for row in made_view.rows
    }


def test_change_and_share_by_hand(tmp_path):
    shown = made(
        tmp_path,
        {"period": "2009", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 1", "value": 40},
        {"period": "2010", "operation": "Pentameter 2", **SOME},
        {"period": "2009", "operation": "Pentameter 2", "value": 10},
        by=["operation", "year"],
        change=True,
        share=True,
        total=True,
    )
    assert told(shown) == {
        "Pentameter 1, 2009": (30, "–", "–", "75.0"),
        "Pentameter 1, 2010": (40, "+10", "33.3", "80.0 to 88.9"),
        "Pentameter 2, 2009": (10, "–", "–", "25.0"),
        "Pentameter 2, 2010": (None, "-5 to +0", "-50.0 to 0.0", "11.1 to 20.0"),
        "Total, 2009": (40, "–", "–", "100.0"),
        "Total, 2010": (None, "+5 to +10", "12.5 to 25.0", "100.0"),
    }
    text = as_text.write_view(shown)
    assert (
        "No change for Pentameter 1, 2009; Pentameter 2, 2009; Total, 2009: there is no figure"
        in (" ".join(text.split()))
    )
    assert "Shares are of all rows of a period added up." in text


@pytest.mark.parametrize(
    ("earlier", "later", "why"),
    [
        # A year of which a quarter is held is no year.
        ({"period": "2009Q1"}, {"period": "2010"}, "2009 is held in part only (2009 Q1)"),
        ({"period": "2009"}, {"period": "2010Q1..2010Q3"}, "2010 is held in part only"),
        ({"period": "2008"}, {"period": "2010"}, "there is no figure for 2009 here"),
        (
            {"period": "2009", "stated_by": "UKHTC"},
            {"period": "2010"},
            "it does not hold the same as 2009",
        ),
        (
            {"period": "2011"},
            {"period": "2012", "stated_on": "2012-05-31"},
            "2012 was not over on 1 June 2012",
        ),
    ],
)
def test_why_a_change_is_not_told(tmp_path, earlier, later, why):
    shown = made(
        tmp_path, {**earlier, "value": 10}, {**later, "value": 12}, by=["year"], change=True
    )
    last = shown.rows[-1]
    assert last.change.figure == (None, None, None)
    assert why in str(last.change.why)
    assert any(why in line for line in note_lines(shown))


def test_a_total_over_other_parts_is_no_change(tmp_path):
    """Two operations one year and one the next: the totals are not of the same."""
    shown = made(
        tmp_path,
        {"period": "2009", "operation": "Pentameter 1", "value": 30},
        {"period": "2009", "operation": "Pentameter 2", "value": 10},
        {"period": "2010", "operation": "Pentameter 1", "value": 20},
        by=["operation", "year"],
        change=True,
        total=True,
    )
    rows = {row_label(shown, row): row for row in shown.rows}
    assert rows["Pentameter 1, 2010"].change.figure == (-10, -10, -10)
    assert "does not hold the same as 2009" in str(rows["Total, 2010"].change.why)


def test_no_per_cent_of_nought(tmp_path):
    shown = made(
        tmp_path,
        {"period": "2009", "value": 0},
        {"period": "2010", "value": 4},
        by=["year"],
        change=True,
    )
    assert shown.rows[1].change.figure == (4, 4, 4)
    assert "in per cent of nought" in str(shown.rows[1].change_per_cent.why)
    assert any(line.startswith("No change, % for 2010") for line in note_lines(shown))


def test_what_is_held_undivided_stands_beside_a_total_that_differs(tmp_path):
    rows = [
        {"period": "2010", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 2", "value": 10},
        {"period": "2010", "value": 43},
    ]
    shown = made(tmp_path, *rows, by=["operation"], total=True)
    assert [(row.kind, row.figure.value) for row in shown.rows[2:]] == [
        (Kind.TOTAL, 40),
        (Kind.UNDIVIDED, 43),
    ]
    undivided = shown.rows[-1].cell
    assert undivided.id not in {cell.id for cell in shown.answer.cells}
    (note,) = shown.notes
    assert str(note) == (
        "In all: the rows add up to 40 (for 2010); without this breakdown the figure is 43 (for "
        f"2010, cell {undivided.id}). Both are shown, and neither mends the other."
    )
    alike = made(tmp_path, *rows[:2], {"period": "2010", "value": 40}, by=["operation"], total=True)
    assert [row.kind for row in alike.rows] == [Kind.CELL, Kind.CELL, Kind.TOTAL]


def test_where_rows_are_not_known_a_share_is_of_what_is_held(tmp_path):
    rows = [
        {"period": "2010", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 2", "reason": "suppressed"},
    ]
    shown = made(tmp_path, *rows, {"period": "2010", "value": 40}, by=["operation"], share=True)
    assert [per_cent(row.share) for row in shown.rows] == ["75.0", "0.0 to 100.0"]
    assert [note.code for note in shown.notes] == ["views.share_of_undivided"]
    alone = made(tmp_path, *rows, by=["operation"], share=True)
    assert per_cent(alone.rows[0].share) == "0.0 to 100.0"
    assert [note.code for note in alone.notes] == ["views.share_of_rows"]


def test_there_is_no_share_of_rows_for_different_times(tmp_path):
    shown = made(
        tmp_path,
        {"period": "2009", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 2", "value": 10},
        by=["operation"],
        share=True,
        total=True,
    )
    assert {str(row.share.why) for row in shown.rows} == {
        "the figures to be added up are for different times"
    }
    assert shown.notes[0].code == "views.total_periods"


def test_the_largest_ties_and_what_may_be_larger(tmp_path):
    rows = [
        {"operation": "Pentameter 1", "exploitation": "sexual", "value": 9},
        {"operation": "Pentameter 1", "exploitation": "labour", "value": 5},
        {"operation": "Pentameter 1", "exploitation": "domestic", "value": 5},
        {
            "operation": "Pentameter 1",
            "exploitation": "criminal",
            "low": 1,
            "high": 7,
            "reason": "suppressed",
        },
        {"operation": "Pentameter 1", "exploitation": "organ removal", "value": 2},
    ]
    shown = made(tmp_path, *rows, by=["exploitation"], top=2)
    assert [row.figure.value for row in shown.rows] == [9, 5, 5, None]
    others = shown.rows[-1]
    assert others.figure == (None, 3, 9)
    assert others.added_over == len(others.of) == 2
    assert [str(note) for note in shown.notes] == [
        "Shown are the 2 largest, by the figures shown added up; all others are added up in rows "
        "of their own.",
        "3 are shown and not 2, as the last of them have the same figure.",
        "Of all others 1 is not known exactly, and may be larger than the last one shown.",
    ]
    assert "All others (2 rows)" in as_text.write_view(shown)


def test_strictly_nothing_derived_has_bounds_alone(tmp_path):
    rows = [
        {"period": "2009", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 1", **SOME},
    ]
    shown = made(
        tmp_path, *rows, by=["operation", "year"], asked={"strict": True}, change=True, total=True
    )
    figures = [
        each
        for row in shown.rows
        for each in (row.figure, row.change.figure, row.change_per_cent.figure)
    ]
    assert all(each == (None, None, None) or each.value is not None for each in figures)


def test_a_dimension_across_in_every_form(tmp_path):
    shown = made(
        tmp_path,
        {"period": "2009", "operation": "Pentameter 1", "value": 30},
        {"period": "2010", "operation": "Pentameter 1", "value": 40, "note": "a note"},
        {"period": "2010Q1", "operation": "Pentameter 2", "value": 7},
        by=["operation", "year"],
        pivot="year",
        total=True,
    )
    rows = list(csv.DictReader(io.StringIO(as_csv.write_view(shown))))
    assert [(row["line"], row["2009 value"], row["2010 value"]) for row in rows[:3]] == [
        ("cell", "30", "40"),
        ("cell", "", "7"),
        ("total", "30", "47"),
    ]
    page = as_html.view_part(shown, link="/source/")
    assert page.count('<a href="/source/') == 3
    assert "7, for 2010 Q1" in page
    assert "<sup>[1]</sup>" in page
    document = load(io.BytesIO(as_ods.write_view(shown)))
    numbers = [
        float(cell.getAttribute("value"))
        for cell in document.getElementsByType(TableCell)
        if cell.getAttribute("valuetype") == "float"
    ]
    assert {30, 40, 47} <= set(numbers)
    told_of = json.loads(as_json.write_view(shown))["view"]
    assert told_of["across"]["columns"] == ["2009", "2010"]
    assert told_of["rows"][-1]["added_up"] == [
        row["cell"]
        for row in told_of["rows"]
        if row["kind"] == "cell" and "2010" in str(row["dims"])
    ]


def test_per_cents_are_rounded_away_from_the_figure():
    from darkfigure.publication.views import Derived

    assert per_cent(Derived(Bounded(None, 33.333333, 66.66666), ())) == "33.3 to 66.7"
    assert per_cent(Derived(Bounded(50, 33.39, 66.61), ())) == "50.0 (33.3 to 66.7)"
    assert per_cent(Derived(Bounded(None, 0.04, None), ())) == "at least 0.0"
    assert per_cent(Derived(Bounded(None, None, None), ())) == "–"


@pytest.mark.parametrize(
    ("measure", "by", "wanted", "error", "said"),
    [
        ("arrests", ["operation"], {"change": True}, NotDerivable, "time is not cut here"),
        ("arrests", [], {"total": True}, NotDerivable, "There is one row"),
        ("arrests", ["year"], {"top": 0}, UnknownName, "Write 1 or more"),
        ("arrests", ["year"], {"sort": "size"}, UnknownName, "Write figure or label"),
        ("arrests", ["year"], {"pivot": "sex"}, UnknownName, "It is asked by year"),
        ("arrests", [], {"pivot": "sex"}, UnknownName, "It is asked by none"),
        (
            "arrests_no_further_action",
            ["operation", "year"],
            {"change": True, "share": True},
            NotDerivable,
            "estimates of different populations. Leave out --share and --change",
        ),
    ],
)
def test_what_cannot_be_derived_is_refused(measure, by, wanted, error, said):
    with pytest.raises(error, match=said):
        wishes_for(ask(measure, THE_DAY, by=by), **wanted)


def test_without_time_nothing_is_of_a_period(tmp_path):
    """Rows that are of no single period have no change, and a share only of all of them."""
    shown = made(
        tmp_path, {"period": "2010", "operation": "Pentameter 1", "value": 30}, by=["operation"]
    )
    question = shown.answer.question
    assert with_changes(question, shown.rows) == [*shown.rows]
    (row,), notes, wholes = with_shares(shown.answer, shown.rows, None)
    assert wholes == {"": (row.cell.id,)}
    assert row.share.figure == (100, 100, 100)
    assert [note.code for note in notes] == ["views.share_of_rows"]


def test_of_several_measures_nothing_is_derived():
    questions = [ask(measure, THE_DAY, by=["year"]) for measure in ("arrests", "charged")]
    with pytest.raises(NotDerivable, match="are of one measure"):
        wishes_of(questions, total=True)
    assert not wishes_of(questions)


def test_rows_that_hold_the_same_twice_are_not_added_up(tmp_path, records_in_memory):
    from darkfigure.publication import answer_from_cases

    counted = ask(
        "convictions", date(2009, 3, 1), by=["operation"], evidence="cases", rule="persons"
    )
    found = answer_from_cases(counted, records_in_memory)
    with pytest.raises(NotDerivable, match="--total cannot be given: a person may be counted"):
        view(found, Wishes(total=True))
    assert len(view(found, Wishes(sort="figure")).rows) == len(found.cells)
    nested = made(
        tmp_path,
        {"operation": "Pentameter 1", "value": 30},
        by=["operation"],
    ).answer
    refuse_overlap(nested, "--total")


def test_combinations_are_rows_of_their_own_and_add_up(tmp_path):
    """A person of two types is counted once, in a category of its own: nothing is twice."""
    shown = made(
        tmp_path,
        {"exploitation": "sexual", "value": 6},
        {"exploitation": "labour", "value": 3},
        {"exploitation": "sexual & labour", "value": 1},
        by=["exploitation"],
        share=True,
        total=True,
    )
    assert [per_cent(row.share) for row in shown.rows] == ["60.0", "30.0", "10.0", "100.0"]


def of_whole(tmp_path, *rows, where, of, by=(), asked=None):
    """A view with shares of a whole: rows by label, and what is said."""
    shown = made(tmp_path, *rows, by=by, asked={"where": where, **(asked or {})}, of=of)
    return {name: share for name, (*_, share) in told(shown).items()}, note_lines(shown)


WOMEN = {"period": "2010", "exploitation": "sexual", "age_group": "adult", "value": 30}
GIRLS = {"period": "2010", "exploitation": "sexual", "age_group": "child", "value": 10}


def test_a_share_of_what_is_held_without_a_condition(tmp_path):
    shares, said = of_whole(tmp_path, WOMEN, GIRLS, where=["age_group=child"], of="age_group")
    assert list(shares.values()) == ["25.0"]
    assert "Shares are of Victims recovered in police campaigns: 40 for 2010" in " ".join(said)


def test_both_figures_of_a_share_are_shown_in_every_form(tmp_path):
    shown = made(
        tmp_path, WOMEN, GIRLS, by=(), asked={"where": ["age_group=child"]}, of="age-group"
    )
    for text in (as_text.write_view(shown), as_csv.write_view(shown), as_json.write_view(shown)):
        assert "25.0" in text or '"value": 25' in text or ",25," in text
        assert "40 for 2010" in " ".join(text.split())
    data = json.loads(as_json.write_view(shown))["view"]
    (share,) = [row["share_per_cent"] for row in data["rows"]]
    assert [*data["wholes"].values()] == [[share["of"][1]]]
    assert data["wanted"]["of"] == "age-group"


def test_a_share_of_figures_of_other_times_or_bodies_is_none(tmp_path):
    other_time = {**WOMEN, "period": "2011"}
    shares, said = of_whole(tmp_path, other_time, GIRLS, where=["age_group=child"], of="age_group")
    assert list(shares.values()) == ["–"]
    assert "is held for 2010 to 2011" in " ".join(said)
    of_police = {"period": "2010", "value": 50, "stated_by": "UKHTC", "stated_on": "2012-04-01"}
    shares, said = of_whole(tmp_path, of_police, GIRLS, where=["age_group=child"], of="age_group")
    assert list(shares.values()) == ["–"]
    assert "was stated by others (United Kingdom Human Trafficking Centre)" in " ".join(said)


def test_a_measure_is_a_share_of_the_wider_one_that_holds_it(tmp_path):
    rows = [
        statement(measure=measure, period="2010", value=value, stated_on="2012-03-01")
        for measure, value in (("victims_recovered", 20), ("victims_identified", 80))
    ]
    evidence = evidence_from([statement_file(tmp_path / "synthetic.csv", *rows)], THE_DAY)
    question = ask("victims_recovered", THE_DAY)
    wishes = wishes_for(question, of="victims_identified")
    (row,) = viewed(question, wishes, lambda each: answer(each, evidence)).rows
    assert per_cent(row.share) == "25.0"


def test_counts_of_two_stages_are_no_share_and_the_cohort_is_named():
    question = ask("convictions", THE_DAY, where=["operation=Pentameter 2"], period="2008")
    with pytest.raises(NotDerivable) as refused:
        viewed(question, wishes_for(question, of="charged_with_trafficking"), answer)
    said = str(refused.value)
    assert "are not counts of the same persons" in said
    assert (
        "darkfigure ask charged_with_trafficking,convictions --where 'operation=Pentameter 2'"
        in said
    )
    assert "darkfigure flow --where 'operation=Pentameter 2'" in said


@pytest.mark.parametrize(
    ("asked", "wanted", "said"),
    [
        ({}, {"of": "sex"}, "keeps to no value of sex"),
        ({"where": ["sex=female"]}, {"of": "sex", "share": True}, "one whole"),
        ({"where": ["sex=female"]}, {"of": "victims_recovered"}, "by a dimension here"),
        ({"where": ["sex=female"]}, {"of": "sexes"}, "not a measure"),
    ],
)
def test_a_share_of_nothing_plain_is_refused(asked, wanted, said):
    question = ask("victims_recovered", THE_DAY, **asked)
    with pytest.raises((NotDerivable, UnknownName), match=said):
        viewed(question, wishes_for(question, **wanted), answer)


def test_what_is_never_added_up_has_no_shares_of_it():
    question = ask("arrests_share", THE_DAY, where=["sex=female"])
    with pytest.raises(NotDerivable, match="--of"):
        wishes_for(question, of="sex")
