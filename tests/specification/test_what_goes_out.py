"""What goes out of the door, rule by rule: texts, exemptions, atoms of counts, what can be worked
out, words of a programmer. Everything is synthetic.
"""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.publication import Answer, ask
from darkfigure.publication.atoms import atoms_of
from darkfigure.publication.exemptions import SECTIONS, is_absolute, section_of_the_act
from darkfigure.publication.going_out import fit_to_go_out, reference_of
from darkfigure.publication.worked_out import Counts, apart, nested
from darkfigure.tables.cell import Cell
from darkfigure.writing.responses.plain_words import in_plain_words

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    "text",
    [
        "Arrests between 2008-12-17 and 2009-01-01, as known on 26 November 2026",
        "1,200 records at 10 minutes each: 0800 to 1800 hours",
        "HC Deb vol 485, 17 December 2008 (241542), section 31(1)(a)",
        "Operations of the Lord Advocate, and the Lady Chief Justice",
        "Mr. is a title",
        "2007/08 to 2010/11, 0 of 12",
    ],
)
def test_what_names_nobody_goes_out(text):
    assert fit_to_go_out(f"  {text} \n", 200, "A title") == text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("from alba@invented.example", "an e-mail address"),
        ("call 020 7946 0000", "a telephone number"),
        ("call +44 7700 900123 at once", "a telephone number"),
        ("call (0117) 496 0000", "a telephone number"),
        ("to 1 Invented Street, ZZ1 1ZZ", "a postal address"),
        ("as Ms Madeup asked", "a person's name"),
        ("as Dr. Ó Madeup asked", "a person's name"),
        ("PC Madeup's cases", "a person's name"),
    ],
)
def test_what_names_somebody_does_not_and_is_not_shown(text, held):
    with pytest.raises(Unreadable, match=held) as told:
        fit_to_go_out(text, 200, "A title")
    assert text not in str(told.value)
    assert "Madeup" not in str(told.value)


def test_a_reference_is_letters_and_digits():
    assert reference_of(" FOI-2026/101 ", 40) == "FOI-2026/101"
    assert reference_of("", 40) == ""
    for text in ("Alba", "Alba Madeup 1", "a@b1", "1" * 41):
        with pytest.raises(Unreadable, match="letters, digits"):
            reference_of(text, 40)


def test_sections_are_those_of_part_two_of_the_act():
    assert [*SECTIONS[:5]] == ["21", "22", "22A", "23", "24"]
    assert SECTIONS[-1] == "44"
    assert section_of_the_act("Section 31 (1)(a)") == "31(1)(a)"
    for text in ("12", "20", "25", "45", "31 and 40", "", "31(", "21B"):
        with pytest.raises(UnknownName, match="one section of Part II"):
            section_of_the_act(text)


def test_absolute_are_those_of_section_two():
    absolute = {section for section in SECTIONS if is_absolute(section)}
    assert absolute == {"21", "23", "32", "34", "40", "41", "44"}
    assert is_absolute("40(2)")
    assert is_absolute("37(1)(ab)")
    for section in ("40(4A)", "36(2)(b)", "37(1)(b)", "31(1)(a)", "22A"):
        assert not is_absolute(section), section


def answered(*told, by=(), where=(), period=None):
    question = ask("victims_recovered", DAY, by=by, where=where, period=period, evidence="cases")
    cells = tuple(
        Cell(f"x-{place:06}", dims, value, value, value, "final", (), (), (), "")
        for place, (dims, value) in enumerate(told)
    )
    return Answer(question, "persons", "basis", cells, (), ())


def sums(atoms, cell):
    return set(atoms.members[cell])


def test_a_total_is_made_of_the_cells_of_its_breakdown():
    by_sex = answered(({"sex": "female"}, 3), ({"sex": "male"}, 9), by=["sex"])
    atoms = atoms_of([by_sex, answered(({}, 12))])
    assert sums(atoms, 2) == sums(atoms, 0) | sums(atoms, 1)
    assert not sums(atoms, 0) & sums(atoms, 1)


def test_a_condition_and_a_breakdown_meet():
    by_sex = answered(({"sex": "female"}, 3), ({"sex": "male"}, 9), by=["sex"])
    atoms = atoms_of([by_sex, answered(({}, 3), where=["sex=female"])])
    assert sums(atoms, 2) == sums(atoms, 0)


def test_stretches_of_time_meet():
    years = answered(({"year": "2007"}, 3), ({"year": "2008"}, 9), by=["year"])
    months = answered(({"month": "2008-01"}, 4), ({"month": "2008-02"}, 5), by=["month"])
    atoms = atoms_of([years, answered(({}, 12), period="2007..2008"), months])
    assert sums(atoms, 2) == sums(atoms, 0) | sums(atoms, 1)
    one, other = sums(atoms, 3), sums(atoms, 4)
    assert one | other == sums(atoms, 1), "all there is in the months is in the year 2008"


def test_groups_of_nationalities_are_made_of_nationalities():
    by_one = answered(
        ({"nationality": "Romanian"}, 3), ({"nationality": "Albanian"}, 9), by=["nationality"]
    )
    in_group = answered(({"nationality_group": "other"}, 9), by=["nationality_group"])
    atoms = atoms_of([by_one, in_group])
    assert sums(atoms, 2) == sums(atoms, 1)


def test_what_a_total_tells_of_the_only_count_that_is_hidden():
    """164 less 163."""
    known = Counts([[0], [1], [0, 1]], 2, [163, 1, 164])
    known.tell(1, 1, 4)
    worked = known.is_open(((1, 1.0),), 3)
    assert (worked.low, worked.high) == (1, 1)
    assert worked.binding
    known.tell(0, 1, float("inf"))
    assert known.is_open(((1, 1.0),), 3) is None


def test_counts_that_do_not_add_up_are_fitted():
    known = Counts([[0], [1], [0, 1]], 2, [5, 5, 9])
    assert known.fitted[0] + known.fitted[1] == pytest.approx(known.fitted[2])


def test_counts_that_share_nothing_stand_apart():
    assert [*apart([[0], [1], [0, 2]], 3)] == [[0, 2], [1]]


def test_small_differences_of_nested_counts_are_found():
    found = {tuple(place for place, _ in each) for each in nested([[0], [0, 1], [2]], [5, 7, 6], 4)}
    assert found == {(1, 0)}


def test_words_of_a_programmer_are_left_out():
    for told, plain in (
        ("Also held: convictions (--unit).", "Also held: convictions."),
        ("A. Combinations are own; --where sex~x counts them too.", "A. Combinations are own."),
        ("Narrower: Victims (victims_recovered).", "Narrower: Victims."),
        ("Pentameter 2 (two years) - as stated.", "Pentameter 2 (two years) - as stated."),
    ):
        assert in_plain_words(told) == plain
