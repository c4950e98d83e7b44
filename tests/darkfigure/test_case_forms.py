"""Forms, code spaces, the crosswalk, waiting times: knowledge about cases that needs no
repository.
"""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.reference import is_reference, pseudonym
from darkfigure.cases.records import KINDS
from darkfigure.codes import codes_for
from darkfigure.codes.crosswalk import NOT_VERIFIED, SCHEMES, codes_of, translate
from darkfigure.codes.offences import (
    SPACES,
    MixedCodeSpaces,
    OffenceCode,
    read_offence,
    recorded_class,
    statutory_maximum,
    trafficking_offences,
)
from darkfigure.evidence.case_memory import check_alone, records_from
from darkfigure.publication import answer_from_cases, ask
from darkfigure.reading import kinds, read_files
from darkfigure.reading.sources import nrm_form
from darkfigure.synthetic.pentameter import write_returns
from darkfigure.tables.waiting_times import kaplan_meier
from darkfigure.writing.forms import templates

TODAY = date(2026, 11, 23)


def test_every_template_loads_as_it_is(tmp_path):
    paths = templates.write(tmp_path)
    forms = [path for path in paths if path.match("cases_*.csv")]
    assert len(forms) == len(KINDS)
    for path in [*forms, tmp_path / "cases.json"]:
        for submission in kinds.read_file(path, kinds.recognise(path), TODAY):
            assert check_alone(submission, lambda _rows: None) >= 1
            assert [str(problem) for problem in submission.problems] == []


def test_the_json_example_fits_its_schema(tmp_path):
    jsonschema.Draft202012Validator.check_schema(templates.schema())
    jsonschema.validate(templates.example_json(), templates.schema())
    for path in write_returns(tmp_path)[:4]:
        jsonschema.validate(json.loads(path.read_text()), templates.schema())


def test_the_dictionary_names_every_field():
    rows = {(row[0], row[1]) for row in templates.dictionary_rows()}
    for kind in KINDS.values():
        assert {(kind.name, field.name) for field in kind.fields} <= rows
    page = templates.dictionary_page()
    assert "`family_name`" in page
    assert "(identity)" in page


def test_the_same_seed_gives_the_same_bytes_and_another_the_same_figures(tmp_path):
    one, again, other = (
        write_returns(tmp_path / name, seed) for name, seed in (("a", 2008), ("b", 2008), ("c", 7))
    )
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in again]
    assert [path.read_bytes() for path in one] != [path.read_bytes() for path in other]
    records = records_from(read_files(other, TODAY))
    for measure, day, figure in (
        ("arrests", date(2008, 12, 17), 528),
        ("arrests", date(2009, 3, 1), 406),
        ("arrests_for_trafficking", date(2009, 3, 1), 93),
        ("victims_recovered", date(2009, 3, 1), 169),
        ("convictions", date(2009, 3, 1), 15),
    ):
        asked = ask(measure, day, where=["operation=Pentameter 2"], evidence="cases")
        assert answer_from_cases(asked, records).cells[0].value == figure


def test_every_synthetic_record_says_so(casework):
    for path in casework:
        content = json.loads(path.read_text())
        assert content["synthetic"] is True
        assert "SYNTHETIC" in content["source"]
        for person in content["records"].get("person", []):
            assert person.get("given_name", "Synthetic").startswith("Synthetic")


# Code spaces


def test_court_106_and_recorded_crime_106_cannot_be_joined():
    betting, slavery = read_offence("court:106/0"), read_offence("prc:106")
    assert "Betting" in codes_for("offence").label(str(betting))
    assert "slavery" in codes_for("offence").label(str(slavery)).lower()
    with pytest.raises(MixedCodeSpaces, match="say nothing in the other"):
        _ = betting == slavery
    with pytest.raises(MixedCodeSpaces):
        _ = OffenceCode("prc", "106") in [OffenceCode("court", "106")]
    assert recorded_class(betting) is None


def test_no_code_stands_in_two_spaces():
    codes = list(codes_for("offence").codes)
    spaces = {code.partition(":")[0] for code in codes if ":" in code}
    assert spaces <= {*SPACES, "statute"}
    assert len(codes) == len(set(codes))
    assert sum(code.startswith("court:") for code in codes) == 3039
    assert sum(code.startswith("cjs:") for code in codes) == 42


def test_a_number_without_its_space_is_refused():
    with pytest.raises(UnknownName, match="has no space"):
        read_offence("106")
    assert codes_for("court_offence").find("106") is None
    assert codes_for("court_offence").find("prc:106") is None


def test_correspondences_are_written_down_or_there_are_none():
    assert str(recorded_class(read_offence("cjs:MS15003"))) == "prc:106"
    assert str(recorded_class(read_offence("court:72/1"))) == "prc:72"
    assert recorded_class(read_offence("court:38/1")) is None
    assert all(code in codes_for("court_offence").codes for code in trafficking_offences())
    assert (statutory_maximum()["cjs:MS15003"], statutory_maximum()["cjs:SX03120"]) == (100, 14)


# Exploitation types


@pytest.mark.parametrize(
    ("code", "scheme", "to", "codes", "lost"),
    [
        ("prostitution", "palermo", "nrm", ("sexual",), "also holds child sexual exploitation"),
        ("ForcedBegging", "htcds", "nrm", ("labour",), "also holds"),
        ("criminal", "nrm", "htcds", (), "htcds has no code for forced crime or forced fraud"),
        ("domestic", "nrm", "glotip", ("forced labour",), "the difference is lost"),
        (
            "labour",
            "nrm",
            "htcds",
            ("ForcedLabour", "ChildLabour", "ForcedBegging"),
            "does not say which",
        ),
        ("OrganRemoval", "htcds", "nrm", ("organ_harvesting",), ""),
    ],
)
def test_the_crosswalk_says_what_is_lost(code, scheme, to, codes, lost):
    found = translate(code, scheme, to)
    assert found.codes == codes
    assert lost in " ".join(map(str, found.lost))
    assert found.exact == (not lost)


def test_the_crosswalk_is_whole():
    for scheme in SCHEMES:
        for code in codes_of(scheme):
            for to in SCHEMES:
                found = translate(code, scheme, to)
                assert found.codes or found.lost
                back = {
                    each for there in found.codes for each in translate(there, to, scheme).codes
                }
                assert code in back or not found.codes
                if to in NOT_VERIFIED:
                    assert not found.exact
    with pytest.raises(UnknownName):
        translate("slavery_at_sea", "nrm", "htcds")


# References


@pytest.mark.parametrize(
    ("text", "fits"), [("08/100/0001", True), ("V1", True), ("Smith", False), ("J Smith 1", False)]
)
def test_a_reference_is_not_a_name(text, fits):
    assert is_reference(text) == fits


def test_pseudonyms_are_stable_and_name_their_agency():
    assert (
        pseudonym("essex", "V1")
        == pseudonym("kent", "essex:V1")
        == pseudonym("kent", pseudonym("essex", "V1"))
    )
    assert pseudonym("essex", "V1") != pseudonym("kent", "V1")
    assert "V1" not in pseudonym("essex", "V1")


# The referral form


def submissions(tmp_path, *entries):
    path = tmp_path / "referrals.json"
    head = {
        "form": nrm_form.FORM,
        "reported_by": "HO",
        "stated_on": "2026-05-01",
        "synthetic": True,
    }
    path.write_text(json.dumps({**head, "submissions": list(entries)}))
    return path


ADULT = {
    "reference": "SYN-1",
    "user-organisation": "The Salvation Army",
    "pv-under-age": "no",
    "pv-under-age-at-time-of-exploitation": "no",
    "pv-want-to-submit-nrm": "yes",
    "types-of-exploitation-forced-to-work": "yes",
    "types-of-exploitation-prostitution": "yes",
    "where-exploitation-happened": "uk-and-overseas",
    "what-happened": "A synthetic account.",
    "pv-name-first-name": "Synthetic",
    "pv-name-last-name": "Madeup",
    "pv-dob": "1990-02-03",
    "pv-gender": "female",
    "pv-nationality": "Albanian",
    "pv-nationality-second": "Greek",
}


def test_the_referral_form_becomes_a_referral_and_a_person(tmp_path):
    child = {
        **ADULT,
        "reference": "SYN-2",
        "pv-under-age": "not-sure",
        "pv-want-to-submit-nrm": "no",
    }
    anonymous = {
        **ADULT,
        "reference": "SYN-3",
        "pv-want-to-submit-nrm": "no",
        "authorities-cooperation": "no",
    }
    path = submissions(tmp_path, ADULT, child, anonymous)
    assert kinds.recognise(path).name == "nrm_form"
    (submission,) = nrm_form.read(path)
    batches = {batch.kind.name: batch for batch in submission.tables}
    assert submission.problems == []
    referrals = batches["referral"].versions
    assert referrals["route"].to_list() == ["nrm", "nrm", "duty_to_notify"]
    assert referrals["exploitation"].to_list() == ["sexual+labour"] * 3
    assert referrals["person"].null_count() == 1
    persons = batches["person"]
    assert persons.versions["nationality"].to_list() == ["Albanian+Greek"] * 2
    assert persons.versions["birth_year"].to_list() == [1990, 1990]
    assert set(persons.identity["family_name"]) == {"Madeup"}
    assert "A synthetic account." not in str(referrals.to_dicts()) + str(
        persons.versions.to_dicts()
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "submissions[1]': 1 field is none of the form"),
        ({"pv-under-age": "perhaps"}, "not an answer of the form"),
        (
            {"types-of-exploitation-forced-to-work": "", "types-of-exploitation-prostitution": ""},
            "no type of exploitation",
        ),
        ({"reference": ""}, "nothing is given"),
    ],
)
def test_a_submission_with_faults_is_refused(tmp_path, change, says):
    path = submissions(tmp_path, {**ADULT, **change})
    (submission,) = nrm_form.read(path)
    list(submission.tables)
    assert any(says in str(problem) for problem in submission.problems)


def test_a_file_that_is_not_the_form(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"form": nrm_form.FORM, "submissions": []}))
    with pytest.raises(ReturnRefused, match="no list"):
        nrm_form.read(path)


# Waiting times


def test_remission_of_leukaemia():
    """6-mercaptopurine against placebo: Freireich et al. 1963, the textbook case (Kaplan-Meier
    medians 23 and 8 weeks).
    """
    treated = kaplan_meier(
        "6-MP", [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    )
    shares = {day: round(share, 4) for day, share in treated.curve}
    assert treated.median == 23
    assert [shares[day] for day in (6, 7, 10, 13, 16, 22, 23)] == [
        0.8571,
        0.8067,
        0.7529,
        0.6902,
        0.6275,
        0.5378,
        0.4482,
    ]
    placebo = kaplan_meier(
        "placebo", [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], []
    )
    assert placebo.median == 8


def test_nobody_there_yet_has_no_median():
    found = kaplan_meier("few", [10], [20, 30, 40])
    assert (found.median, found.ended, found.waiting) == (None, 1, 3)
