"""Questions over figures as a desk would write them, one small file each: what is said of them and
why. All figures are SYNTHETIC; the files stand in `files/`, each labelled in its sources.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from darkfigure.writing import registry
from darkfigure.writing.words import words_in
from documents_held import held
from support import table

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 26)
ENGLISH = words_in("en")


def desk(name):
    """A desk's file as evidence."""
    return evidence_from([FILES / name], TODAY)


def asked(name, measure, **more):
    """What a desk's file answers."""
    return answer(ask(measure, TODAY, **more), desk(name))


def said(found):
    """All that is said with an answer."""
    return " ".join(
        [*map(ENGLISH.say, found.notes), *(ENGLISH.say(each.detail) for each in found.cannot)]
    )


def refused(name):
    """The faults for which a desk's file is refused."""
    with pytest.raises(ReturnRefused) as fault:
        desk(name)
    return [(each.line, each.column) for each in fault.value.problems], str(fault.value)


def test_a_total_for_five_years_of_which_two_are_stated():
    """92 convictions in five years, 1 in the first and 10 in the second: the other 81 lie in the
    three years of which nothing is stated. Which of them, nobody said; none can have more.
    """
    found = asked(
        "convictions_by_year_and_in_all.csv",
        "convictions",
        unit="convictions",
        by=["year"],
        period="2004..2008",
    )
    assert table(found) == ["2004 | 1", "2005 | 10"]
    told = said(found)
    assert "Home Office stated 92 for 2004 to 2008 together on 16 December 2008" in told
    assert (
        "The figures shown make 11 of it; the rest, 81, lies in 1 January 2006 to 31 December 2008"
        in told
    )
    assert "no part of that time can hold more than 81" in told
    assert "No figure covers 1 January 2006 to 31 December 2008" in told
    # A total that holds more than its parts contradicts none of them, and is not left out.
    assert not any(cell.conflicts for cell in found.cells)
    assert "Left out" not in told


@pytest.mark.parametrize("form", ["text", "html", "json", "hansard"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_remains_is_said_in_every_form(form, language):
    found = asked(
        "convictions_by_year_and_in_all.csv", "convictions", unit="convictions", by=["year"]
    )
    made = registry.write("answer", form, found, language=language)
    assert "92" in made
    assert "81" in made
    if form == "json":
        assert held(made, "answer")["synthetic"] is True


def test_the_total_is_the_answer_where_time_is_not_cut():
    """The total is the figure; the part of it in one area is named beside it, and not taken for the
    whole. Whose convictions the unit's were cannot be said: they are not separable.
    """
    name = "convictions_by_year_and_in_all.csv"
    assert table(asked(name, "convictions", unit="convictions")) == ["92"]
    (cell,) = asked(name, "convictions", unit="convictions", by=["area"]).cells
    assert (cell.value, cell.dims) == (28, {"area": "Metropolitan Police"})
    assert ENGLISH.say(cell.notes[0]).endswith("the unit's own are not separable")


def test_the_reason_given_is_the_one_that_decided():
    """Two statements of one body on one day: neither is the later, the more direct or the document
    that the other cites. A fixed order decides, and that is what is said.
    """
    found = asked("two_statements_of_one_day.csv", "victims_recovered")
    assert table(found) == ["88"]
    assert "Home Office stated 90 on 2 July 2008 (SYNTHETIC statement B). Used is 88" in said(found)
    assert "the first in order of agency code, file hash and source is used" in said(found)


def test_a_quarter_that_was_not_returned_is_no_nought():
    """A force returned three quarters of four: its year is at least what it returned, the year of
    all forces is at least theirs together, and whose quarter is missing is said.
    """
    name = "a_quarter_not_returned.csv"
    essex, kent = asked(name, "recorded_offences", by=["area"], period="2017/18").cells
    assert (essex.value, essex.low, essex.high) == (None, 85, None)
    assert essex.reasons == (CellReason.NO_RETURN,)
    assert (kent.value, kent.reasons) == (100, ())
    whole = asked(name, "recorded_offences", period="2017/18")
    assert [(cell.value, cell.low) for cell in whole.cells] == [(None, 185)]
    assert "nothing was returned for Essex (2017/18 Q3)" in said(whole)


def test_statutes_are_known_as_desks_write_them():
    """A statute under its full name, its short one or its initials; what spans several sections is
    no code of the list, and is kept as received and said so.
    """
    name = "defendants_by_statute.csv"
    proceeded = asked(name, "defendants_proceeded_against", by=["offence"])
    assert sorted(cell.value for cell in proceeded.cells) == [0, 3, 11]
    guilty = asked(name, "defendants_found_guilty", by=["offence"])
    assert [cell.value for cell in guilty.cells] == [7, 7]


def test_a_force_is_known_by_its_name_and_by_its_code():
    """One body however it is written, a measure of its own for allegations, and where court results
    are not fed back, that is the answer.
    """
    name = "a_reply_of_a_force.csv"
    assert table(asked(name, "allegations", period="2014/15")) == ["40"]
    assert table(asked(name, "charged_with_trafficking", period="2014/15")) == ["4"]
    (cell,) = asked(name, "charged_with_trafficking").cells
    assert {source.stated_by for source in cell.sources} == {"West Midlands (police force)"}
    (lacking,) = asked(name, "convictions").cannot
    assert lacking.reason is CellReason.NOT_LINKED
    assert "court results are not fed back" in ENGLISH.say(lacking.detail)


def test_outcomes_and_ages_of_victims(tmp_path):
    """Outcomes of crimes are read by their names. Of victims counted the age group is their own:
    the one line that says otherwise is at fault, with the column it belongs in.
    """
    faults, told = refused("outcomes_and_ages_of_victims.csv")
    assert faults == [(4, "victim_age_group")]
    assert "The age group of those counted stands in age_group." in told
    lines = (FILES / "outcomes_and_ages_of_victims.csv").read_text().splitlines()
    (tmp_path / "mended.csv").write_text("\n".join([*lines[:3], ""]))
    found = answer(
        ask("recorded_offences", TODAY, by=["outcome", "victim_age_group"]),
        evidence_from([tmp_path / "mended.csv"], TODAY),
    )
    assert sorted(cell.value for cell in found.cells) == [3, 11]


def test_a_unit_that_a_measure_is_not_counted_in_is_a_fault_of_its_line_alone():
    """Thirty persons and sixteen cases of one answer: cases are no unit of convictions, and the
    line of persons is sound.
    """
    faults, told = refused("one_answer_in_two_units.csv")
    assert faults == [(3, "unit")]
    assert "Its units are persons, convictions." in told
