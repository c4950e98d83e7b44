"""Values as other tables have them: bands of age, countries, spellings of bodies."""

from __future__ import annotations

import polars as pl
import pytest

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for
from darkfigure.codes.bands import band_of, group_of
from darkfigure.codes.uncoded import uncoded
from darkfigure.reading.coding import Coding
from darkfigure.reading.instructions import reading_of


@pytest.mark.parametrize(
    ("text", "band", "group"),
    [
        ("0-9", (0, 9), "child"),
        ("10 to 17", (10, 17), "child"),
        ("Under 18", (0, 17), "child"),
        ("17 and under", (0, 17), "child"),
        ("aged 18 to 24 years", (18, 24), "adult"),
        ("18+", (18, 130), "adult"),
        ("65 and over", (65, 130), "adult"),
        ("over 17", (18, 130), "adult"),
        ("16-24", (16, 24), None),
        ("under 25", (0, 24), None),
        ("24-18", None, None),
        ("Kent", None, None),
        ("18", None, None),
    ],
)
def test_a_band_is_its_years_and_belongs_to_the_group_that_holds_it(text, band, group):
    assert band_of(text) == band
    assert group_of(text) == group


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AL", "Albanian"),
        ("Albania", "Albanian"),
        ("albanian", "Albanian"),
        ("Vietnam", "Vietnamese"),
        ("Viet Nam", "Vietnamese"),
        ("The Socialist Republic of Vietnam", "Vietnamese"),
        ("DO", "Citizen of the Dominican Republic"),
        ("DM", "Dominican"),
        ("CD", "Congolese (DRC)"),
        ("Briton", "British"),
        ("Côte d'Ivoire", "Ivorian"),
        ("NA", None),
        ("Congo", None),
    ],
)
def test_nationalities_are_known_by_code_by_country_and_by_citizen(text, code):
    assert codes_for("nationality").find(text) == code


def test_no_name_of_a_country_is_of_two_nationalities():
    listed = codes_for("nationality")
    for entry in listed.codes.values():
        for name in entry.names:
            assert listed.find(name) == entry.code


def test_bands_are_coded_told_and_kept_where_they_reach_across(tmp_path):
    submission = Submission("statements", "synthetic", whole=False)
    coding = Coding(reading_of("", "synthetic"), submission, str)
    given = {name: [""] * 3 for name in DIMENSIONS} | {"age_group": ["10-17", "18-24", "16-24"]}
    coded = coding.coded(pl.DataFrame({**given, "row": [2, 3, 4]}))
    assert coded["age_group"].to_list() == ["child", "adult", uncoded("16-24")]
    coding.tell()
    assert [remark.rule for remark in submission.remarks] == ["bands", "not coded"]
