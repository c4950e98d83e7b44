"""How words are understood, rule by rule."""

from __future__ import annotations

import json
from datetime import date

import pytest

from darkfigure.basis.period import parse_period
from darkfigure.understanding import understand
from darkfigure.understanding.explaining import explain, measures_spoken_of, phrases, put_alike
from darkfigure.understanding.spelling import spelt
from darkfigure.understanding.times import times
from darkfigure.understanding.vocabulary import Kind, vocabulary, written_out
from darkfigure.understanding.words import heard, keys
from darkfigure.writing.commands import asking
from darkfigure.writing.understanding.readings import line, write_json, write_text
from darkfigure.writing.words import ENGLISH

TODAY = date(2026, 11, 26)
LEXICON = vocabulary()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Victims' CHILDREN", ("victim", "children")),
        ("Côte d’Ivoire", ("cote", "d", "ivoire")),
        ("bodies, classes and crises", ("body", "classe", "and", "crises")),
        ("2017/18, 17.12.2008 and s57", ("2017/18", "17.12.2008", "and", "s57")),
    ],
)
def test_words_are_compared_without_case_accents_and_plurals(text, wanted):
    assert keys(text) == keys(" ".join(wanted))


def test_a_phrase_with_choices_stands_for_each():
    assert set(written_out("(by|for) each (force|)")) == {
        "by each force",
        "for each force",
        "by each ",
        "for each ",
    }


def spoken(text, today=TODAY):
    """The longest time that a text says."""
    found = list(times(text, heard(text), today, LEXICON.lists))
    return max(found, key=lambda each: (each.end - each.start, bool(each.period)))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("last year", "2025"),
        ("last quarter", "2026Q3"),
        ("the last three years", "2023-01-01..2025-12-31"),
        ("over the past decade", "2016-01-01..2025-12-31"),
        ("two years ago", "2024"),
        ("the year before last", "2024"),
        ("this year so far", "2026-01-01..2026-11-26"),
        ("since 2019", "2019-01-01..2026-11-26"),
        ("the first half of 2023", "2023-01-01..2023-06-30"),
        ("last three months of 2023", "2023Q4"),
        ("the final quarter of 2017", "2017Q4"),
        ("17/18", "2017/18"),
        ("in 2021 and 2022", "2021-01-01..2022-12-31"),
        ("the year ending March 2022", "2021/22"),
    ],
)
def test_times_are_said_in_many_ways(text, period):
    wanted, meant = parse_period(period), spoken(text).period
    assert (meant.start, meant.end) == (wanted.start, wanted.end)


def test_two_years_side_by_side_are_asked_by_year():
    assert spoken("2006 and 2007").cut == spoken("2006 v 2007").cut == "year"
    assert spoken("from 2006 to 2007").cut == ""


@pytest.mark.parametrize("text", ["as known on 17 December 2008", "as at 17/12/2008"])
def test_the_day_known_on_is_told_from_a_period(text):
    said = spoken(text)
    assert (said.as_at, said.period) == (date(2008, 12, 17), None)


def test_the_year_of_an_act_is_no_period():
    (reading, *_) = understand("convictions under the Sexual Offences Act 2003", TODAY)
    assert reading.period is None


def test_slips_of_the_hand_are_put_right_and_told():
    text = "how many victims were recoverd in Pentamiter 2"
    words, slips = spelt(text, heard(text), LEXICON, ())
    assert [slip.meant for slip in slips] == ["recovered", "pentameter"]
    assert {"recovered", "pentameter"} <= {word.key for word in words}
    (first, *_) = understand(text, TODAY)
    assert not first.sure, "what was not typed so is asked about"
    assert any("recoverd" in str(said) for said in first.taken)


def test_no_common_word_becomes_a_place():
    text = "people working in nail bars"
    assert spelt(text, heard(text), LEXICON, ())[1] == []


def test_of_several_explanations_the_measure_has_its_own():
    words = put_alike(heard("arrests for trafficking in Kent"), LEXICON)
    found = phrases(words, LEXICON, ())
    assert {"arrests", "arrests_for_trafficking"} <= measures_spoken_of(found, LEXICON)
    (first, *_) = understand("arrests for trafficking in Kent", TODAY)
    explained = explain(found, first.measure, LEXICON)
    assert [each.meaning.measure for each in explained.of_kind(Kind.MEASURE)] == [
        "arrests_for_trafficking"
    ]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("NRM referrals in 2023 excluding children", "excluding children"),
        ("NRM referrals in 2023 from nail bars", "nail bars"),
        ("offenders cautioned by police force, 2009", "by police force"),
        ("victims recovered per officer", "per officer"),
        ("arrests in Pentameter 2, not of women", "not of women"),
    ],
)
def test_what_is_not_answered_is_left_out_and_asked_about(text, left_out):
    (first, *_) = understand(text, TODAY)
    assert left_out in first.left_out
    assert not first.sure


@pytest.mark.parametrize(
    "text",
    [
        "how many kids and men were referred in 2023",
        "how many boys were referred in 2023 by sex",
        "nrm referrals 2022 Q1 and 2023 Q1",
        "nrm referrals in 2010 and 2012",
        "arrests in Pentameter 2 as known in July 2008",
        "arrests in Pentameter 2 by March 2009",
        "nrm referrals from Lancashire Police and the NCA in 2023",
        "latest nrm referrals",
    ],
)
def test_what_can_well_mean_another_thing_is_asked_about(text):
    assert not any(reading.sure for reading in understand(text, TODAY))


def test_women_are_taken_of_any_age_and_told_so():
    (first, *_) = understand("women referred in 2023", TODAY)
    assert any("any age" in str(said) for said in first.taken)
    (first, *_) = understand("adult women referred in 2023", TODAY)
    assert not any("any age" in str(said) for said in first.taken)


def test_either_operation_may_be_meant():
    readings = understand("arrests in Pentameter", TODAY)
    assert {dict(each.where)["operation"] for each in readings[:2]} == {
        "Pentameter 1",
        "Pentameter 2",
    }
    assert not readings[0].sure


def test_a_list_of_breakdowns_is_heard_to_its_end():
    (first, *_) = understand("final decisions by outcome and year", TODAY)
    assert first.by == ("outcome", "year")


def test_a_place_is_taken_for_the_area_that_figures_are_held_for():
    (first, *_) = understand("modern slavery offences recorded in Bradford in 2017/18", TODAY)
    assert dict(first.where)["area"] == "West Yorkshire"
    assert any("Bradford" in str(said) for said in first.taken)


def test_readings_are_written_by_title_with_the_command_that_asks_them():
    found = understand("how many children were referred in Kent in 2023", TODAY)
    first = found[0]
    assert line(first).startswith("Referrals to the National Referral Mechanism · Age group Child")
    assert "--where 'age_group=Child (17 or under)'" in asking(first.question())
    assert asking(first.question()) in write_text(found)
    (said, *_) = json.loads(write_json(found))["readings"]
    assert said["measure"] == "nrm_referrals"
    assert said["where"] == {"age_group": "Child (17 or under)", "area": "Kent"}
    assert (said["period"], said["left_out"], said["sure"]) == ("2023", [], True)
    assert "names a measure" in write_text(())


SHARES = {
    "what per cent of referrals are children in 2023": ("nrm_referrals", "age_group"),
    "what proportion of people referred were Albanian": ("nrm_referrals", "nationality"),
    "share of victims recovered in Pentameter 2 who were women": ("victims_recovered", "sex"),
    "conviction rate": ("convictions", "charged_with_trafficking"),
    "what is the charge rate": ("charged_with_trafficking", "arrests_for_trafficking"),
    "percentage of defendants proceeded against who were found guilty": (
        "defendants_found_guilty",
        "defendants_proceeded_against",
    ),
    # Stated as shares, where counts are not.
    "what percentage of those arrested in Pentameter 2 were women": ("arrests_share", ""),
    # Its own measure, and no share is asked of another.
    "share of arrests with no further action in Pentameter 2": ("arrests_no_further_action", ""),
    "how many referrals were children in 2023": ("nrm_referrals", ""),
}


@pytest.mark.parametrize("text", SHARES)
def test_a_share_is_asked_of_what_is_plain(text):
    reading = understand(text, date(2026, 11, 26))[0]
    assert (reading.measure.code, reading.of) == SHARES[text]
    assert reading.left_out == ()


@pytest.mark.parametrize(
    "text",
    ["proportion of referrals by sex", "what percentage of referrals were Albanian women in 2023"],
)
def test_a_share_that_is_not_plain_is_left_out_and_said(text):
    reading = understand(text, date(2026, 11, 26))[0]
    assert reading.of == ""
    assert reading.left_out
    assert not reading.sure


def test_a_place_that_several_cover_is_asked_about():
    readings = understand("arrests in London", date(2026, 11, 26))
    places = [reading.where for reading in readings[:2]]
    assert places == [(("area", "Metropolitan Police"),), (("area", "London, City of"),)]
    assert not readings[0].sure


@pytest.mark.parametrize(
    ("town", "area"),
    [
        ("Torquay", "Devon and Cornwall"),
        ("Huddersfield", "West Yorkshire"),
        ("Grimsby", "Humberside"),
        ("Weston-super-Mare", "Avon and Somerset"),
        ("Paisley", "Police Scotland"),
        ("Pontypridd", "South Wales"),
        ("Portadown", "Police Service of Northern Ireland"),
        ("Ashford, Kent", "Kent"),
        ("Newport, Isle of Wight", "Hampshire"),
        ("Deal", "Kent"),
    ],
)
def test_a_town_is_taken_for_the_area_that_it_lies_in(town, area):
    reading, *_ = understand(f"arrests in {town} in 2008", date(2026, 11, 26))
    assert reading.where == (("area", area),)
    assert reading.sure
    assert any(f"lies in {area}" in str(said) for said in reading.taken)


@pytest.mark.parametrize(
    ("town", "areas"),
    [
        ("Newport", {"Gwent", "Hampshire", "West Mercia"}),
        ("Ashford", {"Kent", "Surrey"}),
        ("Richmond", {"Metropolitan Police", "North Yorkshire"}),
        ("Bangor", {"North Wales", "Police Service of Northern Ireland"}),
    ],
)
def test_which_of_towns_of_one_name_is_asked_and_not_guessed(town, areas):
    readings = understand(f"arrests in {town} in 2008", date(2026, 11, 26))
    assert {code for each in readings for _, code in each.where} == areas
    assert not any(each.sure for each in readings)
    for each in readings:
        assert any(town in str(said) for said in each.taken)


def test_two_towns_that_are_each_of_several_are_not_taken_for_one():
    readings = understand("arrests in Newport and Bangor in 2008", date(2026, 11, 26))
    assert not any(each.sure for each in readings)
    named = {code for _, code in readings[0].where}
    assert named <= {"Gwent", "North Wales", "Police Service of Northern Ireland"}


@pytest.mark.parametrize(
    "text", ["arrests in March 2008", "a fair deal for victims", "sale of women", "street work"]
)
def test_a_word_that_is_a_town_too_is_no_town(text):
    for reading in understand(text, date(2026, 11, 26)):
        assert not any(name == "area" for name, _ in reading.where)


def test_what_is_in_a_force_is_in_its_area():
    reading = understand("referrals in Metropolitan Police in 2023", date(2026, 11, 26))[0]
    assert reading.where == (("area", "Metropolitan Police"),)
    reading = understand("referrals by Metropolitan Police in 2023", date(2026, 11, 26))[0]
    assert reading.where == (("organisation", "Metropolitan Police Service"),)


#: What must be asked, as these words do not say it plainly.
ASKED = (
    "referrals of women, girls or boys in 2021",
    "adult men or boys referred in 2021",
    "women or children referred in 2022",
    "children, girls referred 2022",
    "girls, boys and women referred in 2022",
    "how many teenagers were referred in 2022",
    "how many infants were referred in 2022",
    "young women referred in 2022",
    "arrests in pentameter 2 as it stood in December 2008",
    "referrals in March and May 2022",
    "how many referrals in 2021 and 2023",
    "how many over 65s were referred in 2022",
    "referrals by anyone but the police in 2022",
)


@pytest.mark.parametrize("text", ASKED)
def test_what_is_not_plainly_said_is_asked(text):
    assert not understand(text, TODAY)[0].sure


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("how many teenagers were referred in 2022", '"teenagers" is read as Child'),
        ("Vietnamese or Albanian nationals referred in 2022", "Vietnamese and Albanian stand"),
        ("who was arrested in Pentameter 1", "nobody is named here"),
        ("which victims were recovered in pentameter 2", "nobody is named here"),
        ("how many referrals in 2021 and 2023", "is taken as 2021 to 2023"),
        ("in 2019, 2021 and 2023 how many were referred", "with what lies between them"),
        ("how many referrals before 2015", "is taken as up to the end of 2014"),
        ("referrals up to March 2020", "is taken as up to 31 March 2020"),
    ],
)
def test_what_words_are_taken_for_is_said(text, told):
    said = " ".join(map(ENGLISH.say, understand(text, TODAY)[0].taken))
    assert told in said


def test_a_person_that_is_spoken_of_is_not_asked_for():
    found = understand("how many victims who were women were recovered in Pentameter 2", TODAY)
    assert not any(each.code == "understanding.taken.no_names" for each in found[0].taken)


@pytest.mark.parametrize("place", ["Newcastle", "Kingston", "Stratford"])
def test_a_name_that_begins_those_of_several_places_is_asked_about(place):
    found = understand(f"{place} referrals 2022", TODAY)
    assert not found[0].sure
    assert len({dict(each.where).get("area") for each in found if each.where}) > 1
    full = {"Newcastle": "upon Tyne", "Kingston": "upon Hull", "Stratford": "-upon-Avon"}[place]
    joined = f"{place}{full}" if full.startswith("-") else f"{place} {full}"
    assert understand(f"{joined} referrals 2022", TODAY)[0].sure


@pytest.mark.parametrize(
    ("text", "top", "by"),
    [
        ("top 5 nationalities referred in 2022 Q4", 5, ("nationality",)),
        ("the three largest nationalities of children referred in 2022", 3, ("nationality",)),
        (
            "10 most common nationalities referred in 2022 by quarter",
            10,
            ("nationality", "quarter"),
        ),
        ("top 5 nationalities and sexes referred in 2022", 0, ("nationality", "sex")),
        ("top 5 referrals in 2022", 0, ()),
    ],
)
def test_the_largest_alone_are_asked_where_it_is_plain_of_what(text, top, by):
    reading = understand(text, TODAY)[0]
    assert (reading.top, reading.by) == (top, by)
    assert reading.sure == bool(top)
    assert bool(reading.left_out) == (not top)
    shown = write_text([reading])
    assert (f" --top {top}" in shown) == bool(top)
    assert (f"the {top} largest, and all others in one" in shown) == bool(top)


def test_nations_side_by_side_are_no_rows_and_that_is_said():
    reading = understand("modern slavery crimes recorded in Wales and England in 2017/18", TODAY)[0]
    assert reading.by == ("area",)
    assert not reading.sure
    (said,) = [ENGLISH.say(each) for each in reading.taken]
    assert "Wales and England: each holds several" in said
    forces = understand("modern slavery crimes recorded in Kent and Essex in 2017/18", TODAY)[0]
    assert forces.sure
    assert "stand beside one another" in ENGLISH.say(forces.taken[0])
