"""Why a figure changed, step by step, on SYNTHETIC statements made for each case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from darkfigure.basis.saying import Stated, Word, quote, say, several
from darkfigure.basis.status import CellReason
from darkfigure.publication import ask, bridge
from darkfigure.publication.bridge import Span, sum_of
from darkfigure.reading import evidence_from
from darkfigure.tables.measures import measure_named
from darkfigure.writing.words import ENGLISH
from support import statement, statement_file

START, END, TODAY = date(2009, 1, 1), date(2010, 1, 1), date(2026, 11, 23)


@pytest.fixture
def bridged(tmp_path):
    """The bridge of statements given, each day's in a file of its own; `back` is the day of those
    whose return is taken back, and the day it is.
    """

    def make(*rows, start=START, end=END, as_at=TODAY, back=None, **asked):
        days = dict.fromkeys((row["stated_on"], row["stated_by"]) for row in rows)
        paths = [
            statement_file(
                tmp_path / f"{at}.csv",
                *(row for row in rows if (row["stated_on"], row["stated_by"]) == day),
            )
            for at, day in enumerate(days)
        ]
        evidence = evidence_from(paths, TODAY)
        for held in evidence._held if back else ():
            if held.block.stated_on == back[0]:  # its return is taken back on that day
                held.block = replace(held.block, known_to=back[1], taken_back=back[1])
        return bridge(ask("victims_recovered", as_at, **asked), start, end, evidence)

    return make


def steps(found):
    assert found.adds_up
    return [(line.cell, str(line.reason), line.amount) for line in found.lines]


def first(value=10, **given):
    return statement(value=value, stated_on="2008-07-02", **given)


def then(value=14, **given):
    return statement(value=value, stated_on="2009-07-02", **given)


def test_a_figure_that_stayed_has_no_steps(bridged):
    found = bridged(first(10), then(10))
    assert (found.opening, found.closing, steps(found)) == (10, 10, [])
    assert (found.start, found.end, found.unit) == (START, END, "persons")
    assert found.question == ask("victims_recovered", TODAY)
    assert (found.at_start.question.as_at, found.at_end.question.as_at) == (START, END)


def test_a_change_that_nobody_explains_is_not_explained(bridged):
    found = bridged(first(10), then(14))
    assert steps(found) == [("", "not_explained", 4)]
    assert found.lines[0].sources == ()
    assert ENGLISH.say(found.lines[0].detail) == ENGLISH.say(say("bridge.no_source"))
    assert found.notes[-1] == say("bridge.unexplained", day=TODAY)
    assert not any(note.code == "bridge.unexplained" for note in bridged(first(10), then(10)).notes)


def test_a_correction_with_its_reason_explains_by_how_much_it_corrects(bridged):
    row = then(14, change_reason="recorded_in_error", corrects=10, note="counted anew")
    found = bridged(first(10), row)
    assert steps(found) == [("", "recorded_in_error", 4)]
    assert "counted anew" in ENGLISH.say(found.lines[0].detail)
    said = ENGLISH.say(found.lines[0].sources[0])
    assert all(part in said for part in ("Home Office", "2 July 2009", "synthetic", "1.csv"))


def test_what_a_correction_leaves_over_is_not_explained(bridged):
    row = then(14, change_reason="recorded_in_error", corrects=11)
    assert steps(bridged(first(10), row)) == [
        ("", "recorded_in_error", 3),
        ("", "not_explained", 1),
    ]


def change(value=4, day="2009-10-20", **given):
    return statement(
        role="change", change_reason="reclassified", value=value, stated_on=day, **given
    )


def test_a_statement_of_a_change_explains_though_it_came_later(bridged):
    rows = (first(10), then(14), change(day="2012-10-20"))
    assert steps(bridged(*rows)) == [("", "reclassified", 4)]
    assert steps(bridged(*rows, as_at=date(2012, 10, 20))) == [("", "reclassified", 4)]
    before = bridged(*rows, as_at=date(2012, 10, 19))
    assert steps(before) == [("", "not_explained", 4)]
    assert before.notes[-1] == say("bridge.unexplained", day=date(2012, 10, 19))


def test_an_explanation_is_known_at_least_until_the_closing_day(bridged):
    rows = (first(10), then(14), change(day="2009-10-20"))
    assert steps(bridged(*rows, as_at=START)) == [("", "reclassified", 4)]
    unexplained = bridged(first(10), then(14), as_at=START)
    assert unexplained.notes[-1] == say("bridge.unexplained", day=END)


def test_a_statement_of_a_change_names_the_figure_it_corrects(bridged):
    assert steps(bridged(first(10), then(14), change(corrects=10))) == [("", "reclassified", 4)]
    assert steps(bridged(first(10), then(14), change(corrects=9))) == [("", "not_explained", 4)]


def test_a_statement_of_a_change_explains_nothing_where_nothing_changed(bridged):
    assert steps(bridged(first(10), then(10), change())) == []


def test_what_nothing_was_held_of_is_late_where_its_time_was_over(bridged):
    found = bridged(then(14))
    assert (found.opening, found.closing) == (None, 14)
    assert steps(found) == [("", "late_return", 14)]
    assert found.spans == (Span(found.spans[0].cell, None, 14, "", found.spans[0].closing_id),)
    assert "Home Office" in ENGLISH.say(found.lines[0].sources[0])


def test_and_new_where_its_time_was_not(bridged):
    assert steps(bridged(then(14, period="2009"))) == [("", "new_period", 14)]
    ended = statement(value=3, period="2008", stated_on="2009-07-02")
    assert steps(bridged(ended, start=date(2008, 12, 31))) == [("", "late_return", 3)]
    assert steps(bridged(ended, start=date(2008, 12, 30))) == [("", "new_period", 3)]


def test_growth_is_kept_apart_from_correction(bridged):
    found = bridged(
        first(10, period="2006"),
        then(12, period="2006"),
        then(5, period="2007"),
        then(1, period="2009"),
    )
    assert (found.opening, found.closing) == (10, 18)
    assert sum(line.amount for line in found.lines if line.reason == "not_explained") == 2
    assert {str(line.reason) for line in found.lines} == {"new_period", "not_explained"}


def test_what_is_no_longer_held_is_a_change_not_explained(bridged):
    gone = statement(reason="not_known", stated_on="2009-07-02")
    found = bridged(first(10), gone)
    assert (found.opening, found.closing) == (10, None)
    assert steps(found) == [("", "not_explained", -10)]


def test_each_cell_has_its_own_steps_in_order(bridged):
    found = bridged(
        first(10, operation="Pentameter 1"),
        first(20, operation="Pentameter 2"),
        then(11, operation="Pentameter 1"),
        then(18, operation="Pentameter 2", change_reason="duplicate", corrects=19),
        by=["operation"],
    )
    assert steps(found) == [
        ("Pentameter 1", "not_explained", 1),
        ("Pentameter 2", "duplicate", -1),
        ("Pentameter 2", "not_explained", -1),
    ]
    assert [(span.cell, span.opening, span.closing) for span in found.spans] == [
        ("Pentameter 1", 10, 11),
        ("Pentameter 2", 20, 18),
    ]
    assert (found.opening, found.closing) == (30, 29)
    assert all(span.opening_id != span.closing_id for span in found.spans)


def test_an_explanation_of_one_cell_explains_no_other(bridged):
    found = bridged(
        first(10, operation="Pentameter 1"),
        first(10, operation="Pentameter 2"),
        then(14, operation="Pentameter 1"),
        then(14, operation="Pentameter 2"),
        change(4, operation="Pentameter 2"),
        by=["operation"],
    )
    assert steps(found) == [
        ("Pentameter 1", "not_explained", 4),
        ("Pentameter 2", "reclassified", 4),
    ]


def test_alike_reasons_are_one_line_where_cells_are_not_asked_for(bridged):
    rows = [
        first(10, period="2006"),
        change(1, day="2009-10-20", note="first"),
        change(3, day="2009-10-21", note="second", stated_by="UKHTC"),
        then(14, period="2006"),
    ]
    found = bridged(*rows)
    assert steps(found) == [("", "reclassified", 4)]
    assert len(found.lines[0].sources) == 2
    assert ENGLISH.say(found.lines[0].detail) in ("first; second", "“first”; “second”")


def test_ends_add_up_what_is_held_and_are_none_where_nothing_is():
    spans = [Span("a", 1, None, "", ""), Span("b", None, None, "", ""), Span("c", 0, None, "", "")]
    assert sum_of(spans, "opening") == 1
    assert sum_of(spans, "closing") is None
    assert sum_of([], "opening") is None


def test_notes_say_the_unit_and_what_was_noted_on_either_day(bridged):
    found = bridged(first(10, note="as first counted"), then(10, note="as counted again"))
    said = [ENGLISH.say(note) for note in found.notes]
    assert said[0].startswith("Unit: persons.")
    assert any("as first counted" in each and "1 January 2009" in each for each in said)
    assert any("as counted again" in each and "1 January 2010" in each for each in said)
    assert len(said) == len(set(said))


def test_an_end_where_nothing_was_held_has_no_cell_to_open(bridged):
    (span,) = bridged(then(14)).spans
    assert span.opening_id == ""
    assert span.closing_id
    gone = bridged(first(10), end=date(2008, 1, 1), start=date(2009, 1, 1))
    assert gone.spans[0].closing_id == ""
    assert gone.spans[0].opening_id
    held = bridged(first(10), then(14))
    assert held.spans[0].opening_id == held.at_start.cells[0].id
    assert held.spans[0].closing_id == held.at_end.cells[0].id


def test_what_is_late_or_new_says_so_with_the_document_it_first_stood_in(bridged):
    late = bridged(then(14, operation="Pentameter 1"), by=["operation"])
    (line,) = late.lines
    assert (line.cell, line.reason) == ("Pentameter 1", "late_return")
    assert ENGLISH.say(line.detail) == ENGLISH.say(say("bridge.nothing_held"))
    said = ENGLISH.say(line.sources[0])
    assert all(part in said for part in ("Home Office", "2 July 2009", "synthetic"))
    (line,) = bridged(then(14, period="2009")).lines
    assert ENGLISH.say(line.detail) == ENGLISH.say(say("bridge.not_over"))


def test_a_correction_of_nought_counts_from_nought(bridged):
    row = then(14, change_reason="recorded_in_error", corrects=0)
    found = bridged(first(0), row)
    assert steps(found) == [("", "recorded_in_error", 14)]
    assert ENGLISH.say(found.lines[0].detail) == "", "an explanation without words has none"


def test_what_fills_a_gap_between_periods_came_late(bridged):
    found = bridged(
        first(10, period="2006Q1"),
        first(20, period="2006Q3"),
        then(11, period="2006Q1"),
        then(5, period="2006Q2"),
        then(7, period="2009Q1"),
    )
    assert (found.opening, found.closing) == (30, 43)
    told = {str(line.reason): line.amount for line in found.lines}
    assert told == {"new_period": 12, "not_explained": 1}
    late = bridged(first(10, period="2006Q1"), first(20, period="2006Q3"), then(5, period="2006Q2"))
    assert steps(late) == [("", "late_return", 5)]


STATED = date(2008, 7, 2)


def test_what_a_return_taken_back_had_said_was_recorded_in_error(bridged):
    day = date(2009, 6, 1)
    found = bridged(first(10, operation="Pentameter 1"), back=(STATED, day), by=["operation"])
    assert (found.opening, found.closing) == (10, None)
    assert steps(found) == [("Pentameter 1", "recorded_in_error", -10)]
    assert found.lines[0].detail == several(
        [say("bridge.taken_back", source="synthetic", day=day)], "semicolon"
    )
    assert not any(note.code == "bridge.unexplained" for note in found.notes)


def test_a_return_taken_back_on_the_closing_day_is_among_the_reasons(bridged):
    assert steps(bridged(first(10), back=(STATED, END))) == [("", "recorded_in_error", -10)]


def test_a_return_taken_back_at_another_time_explains_nothing(bridged):
    rows = (first(10), then(14))
    for day in (date(2010, 6, 1), date(2011, 1, 1)):
        assert steps(bridged(*rows, back=(STATED, day))) == [("", "not_explained", 4)]


def test_a_return_that_the_figure_did_not_rest_on_explains_nothing_when_taken_back(bridged):
    other = statement(value=3, stated_by="UKHTC", stated_on="2008-01-02")
    back = (date(2008, 1, 2), date(2009, 6, 1))
    assert steps(bridged(other, first(10), then(14), back=back)) == [("", "not_explained", 4)]


def test_an_explanation_that_was_replaced_explains_no_more(bridged):
    """A row is replaced by the next statement of the same series, the block beside it is not."""
    rows = [
        *(first(10, operation=name) for name in ("Pentameter 1", "Pentameter 2")),
        *(then(14, operation=name) for name in ("Pentameter 1", "Pentameter 2")),
        change(4, operation="Pentameter 1"),
        change(4, operation="Pentameter 2"),
        change(1, day="2009-11-20", operation="Pentameter 1"),
    ]
    assert steps(bridged(*rows, by=["operation"])) == [
        ("Pentameter 1", "reclassified", 1),
        ("Pentameter 1", "not_explained", 3),
        ("Pentameter 2", "reclassified", 4),
    ]


def test_of_several_explanations_in_one_document_those_count_that_fit(bridged):
    rows = [
        first(10),
        then(14),
        change(1, operation="Pentameter 1", corrects=9),
        change(4, operation="Pentameter 2", corrects=10),
    ]
    assert steps(bridged(*rows)) == [("", "reclassified", 4)]


def test_an_explanation_is_cited_with_its_line_and_as_exactly_as_it_is_dated(bridged):
    row = statement(
        value=14, stated_on="2009-07", change_reason="duplicate", corrects=10, note="counted twice"
    )
    (line,) = bridged(first(10), row).lines
    (source,) = line.sources
    assert source == say(
        "bridge.row",
        by="Home Office",
        day=Stated(source.values["day"].day, "month"),
        source="synthetic",
        row="2",
        file="1.csv",
    )
    assert "July 2009" in ENGLISH.say(source)
    assert "31 July" not in ENGLISH.say(source)
    assert line.detail == several([quote("counted twice")], "semicolon")


def test_a_document_that_came_late_is_dated_as_exactly_as_it_is(bridged):
    (line,) = bridged(statement(value=14, stated_on="2009-07")).lines
    assert line.reason == "late_return"
    assert line.sources[0].values["day"].precision == "month"


def test_another_bodys_correction_explains_nothing_of_this_ones_figure(bridged):
    other = statement(
        value=13,
        stated_by="UKHTC",
        stated_on="2009-06-01",
        change_reason="duplicate",
        corrects=11,
    )
    assert steps(bridged(first(10), other, then(14))) == [("", "not_explained", 4)]


def test_a_correction_of_the_opening_day_is_in_the_opening_figure(bridged):
    row = then(14, change_reason="recorded_in_error", corrects=10)
    found = bridged(first(10), row, start=date(2009, 7, 2))
    assert (found.opening, found.closing, steps(found)) == (14, 14, [])


def test_where_there_was_no_figure_nothing_is_corrected(bridged):
    for before in ((), (first(None, reason="not_known"),)):
        found = bridged(*before, then(14), change(4))
        assert (found.opening, found.closing) == (None, 14)
        assert steps(found) == [("", "late_return", 14)]


def test_of_a_figure_that_is_no_longer_whole_its_bound_is_noted(bridged):
    found = bridged(first(10), then(None, period="2007", reason="not_known"))
    assert (found.opening, found.closing) == (10, None)
    assert steps(found) == [("", "not_explained", -10)]
    reasons = several([CellReason.NOT_KNOWN], "and")
    noted = [note.values["note"] for note in found.notes if note.code == "bridge.noted"]
    assert say("figure.incomplete", reasons=reasons, low=10) in noted
    assert {note.values["day"] for note in found.notes if note.code == "bridge.noted"} == {END}


def test_of_a_whole_figure_or_none_no_bound_is_noted(bridged):
    gone = bridged(first(10), statement(reason="not_known", stated_on="2009-07-02"))
    for found in (bridged(first(10), then(14)), gone):
        noted = [note.values["note"] for note in found.notes if note.code == "bridge.noted"]
        assert not any(getattr(note, "code", "") == "figure.incomplete" for note in noted)


def test_growth_is_counted_by_what_was_known_on_the_closing_day(bridged):
    """A correction after it says nothing of what came late before."""
    late = statement(value=12, period="2006", stated_on="2012-01-02")
    rows = (first(10, period="2006"), then(10, period="2006"), then(5, period="2007"), late)
    assert steps(bridged(*rows)) == [("", "late_return", 5)]


def test_a_figure_for_more_days_is_no_growth_where_the_former_days_are_not_held(bridged):
    whole = then(18, period="2006..2008")
    back = (STATED, date(2009, 3, 1))
    found = bridged(first(10, period="2006..2007"), whole, back=back)
    assert (found.opening, found.closing) == (10, 18)
    assert steps(found) == [("", "recorded_in_error", 8)]
    part = then(4, period="2006")
    found = bridged(first(10, period="2006..2007"), whole, part, back=back)
    assert (found.opening, found.closing) == (10, 18)
    assert steps(found) == [("", "recorded_in_error", 8)]


def test_what_came_late_cites_the_document_that_came_first(bridged):
    rows = (
        statement(value=5, period="2006", stated_on="2009-08-01", source="second"),
        statement(
            value=6, period="2007", stated_on="2009-07-02", source="first", stated_by="UKHTC"
        ),
    )
    (line,) = bridged(*rows).lines
    assert line.amount == 11
    assert line.sources[0].values["source"] == "first"


def test_of_documents_of_one_day_the_one_the_figure_names_first_is_cited(bridged):
    found = bridged(
        then(5, period="2006", stated_by="UKHTC", source="UKHTC"), then(6, period="2007")
    )
    (line,) = found.lines
    assert [each.source for each in found.at_end.cells[0].sources] == ["UKHTC", "synthetic"]
    assert line.sources[0].values["source"] == "UKHTC"


def test_notes_name_the_unit_the_definition_and_the_cell(bridged):
    found = bridged(first(10, operation="Pentameter 1", note="as first counted"), by=["operation"])
    assert found.notes[0] == say(
        "counted_in",
        unit=Word("unit", "persons"),
        definition=measure_named("victims_recovered").definition,
    )
    noted = [note.values for note in found.notes if note.code == "bridge.noted"]
    assert {each["where"] for each in noted} == {"Pentameter 1"}
