"""Facts as somebody states them, and what the law says of them, in words and as data."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, UnknownName, Unreadable
from darkfigure.codes import codes_for, read_combined
from darkfigure.law import ACTS, Finding, Truth
from darkfigure.law.applied import KEPT, apply_law
from darkfigure.law.stated import FIELDS, FORMS, read_stated
from darkfigure.reading.fact_files import read_facts
from darkfigure.writing.law import definitions

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.NOT_KNOWN
ADULT = {"act": "transport", "means": "deception", "purpose": "labour", "age": 30}


def said(**stated):
    return apply_law(read_stated(stated))


@pytest.mark.parametrize(
    ("stated", "finding", "missing"),
    [
        (ADULT, Finding.MET, ()),
        ({**ADULT, "consent": "yes"}, Finding.MET, ()),
        ({**ADULT, "means": "none"}, Finding.NOT_MET, ()),
        ({**ADULT, "means": None}, Finding.UNDECIDED, ("means",)),
        ({**ADULT, "means": None, "age": 17}, Finding.MET, ()),
        ({**ADULT, "means": "none", "age": 17}, Finding.MET, ()),
        ({**ADULT, "means": "none", "age": 17, "consent": "yes"}, Finding.MET, ()),
        ({**ADULT, "means": "none", "age": 18}, Finding.NOT_MET, ()),
        ({**ADULT, "age": None}, Finding.MET, ()),
        ({**ADULT, "age": None, "means": "none"}, Finding.UNDECIDED, ("age",)),
        ({**ADULT, "age": None, "means": None}, Finding.UNDECIDED, ("means", "age")),
        ({**ADULT, "act": "none", "age": None}, Finding.NOT_MET, ()),
        ({**ADULT, "act": "travel_into_uk"}, Finding.UNDECIDED, ("act",)),
        ({**ADULT, "purpose": "begging"}, Finding.UNDECIDED, ("purpose",)),
        ({**ADULT, "purpose": "begging", "reason": "Made to beg."}, Finding.MET, ()),
        ({}, Finding.UNDECIDED, ("act", "means", "purpose", "age")),
    ],
)
def test_the_protocol(stated, finding, missing):
    found = said(**stated)
    assert (found.assessed.settled, found.assessed.unsettled) == (finding, missing)
    code, kept = found.kept
    assert code == KEPT[finding]
    assert kept == "+".join(missing)
    # What is kept is what a case return takes, in the form it is stored.
    assert codes_for("finding").find(code) == code
    assert not kept or read_combined("element", kept) == kept


@pytest.mark.parametrize(
    "given_as",
    [
        ["transport", "harbouring=no"],
        "transport, harbouring=no",
        {"transport": True, "harbouring": False},
        {"Transportation": "yes", "harbouring": "no"},
        {"transport": "yes", "harbouring": "no", "receipt": None, "transfer": "not known"},
    ],
)
def test_facts_are_stated_in_several_ways(given_as):
    acts = read_stated({"act": given_as}).facts.acts
    assert (acts["transport"], acts["harbouring"]) == (YES, NO)
    assert set(acts.values()) <= {YES, NO, UNKNOWN}


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"acts": "transport"}, "4 characters is nothing that is stated. Did you mean 'act'"),
        ({"act": "trasport"}, "no act of the definition or the statutes. Did you mean 'transport'"),
        ({"means": "deceit"}, "no means of the definition or the statutes. .*'deception'"),
        ({"purpose": "labor"}, "Did you mean 'labour'"),
        ({"act": "transport=perhaps"}, "act cannot be a text of 7 characters. Write yes"),
        ({"act": ["none", "transport"]}, "stated as none, and 'transport' as yes"),
        ({"act": ["transport", "transport=no"]}, "'transport' is stated as yes and as no"),
        ({"act": 7}, "cannot be read from '7'"),
        ({"act": [["transport"]]}, "cannot be read from"),
        ({"age": -1}, "age cannot be '-1'"),
        ({"age": "12.5"}, "age cannot be '12.5'"),
        ({"age": True}, "age cannot be a text of 4 characters"),
        ({"age": 12, "child": "no"}, "age is stated as 12 and child as no"),
        ({"child": "perhaps"}, "child cannot be a text of 7 characters"),
        ({"day": "2016-02-30"}, "not a day that exists"),
        ({"place": "Englnd and Wales"}, "no place whose law is held. .*'England and Wales'"),
    ],
)
def test_bad_facts_are_answered_with_a_sentence(stated, words):
    with pytest.raises((UnknownName, Unreadable), match=words):
        read_stated(stated)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "other"]), anything, max_size=4))
def test_whatever_is_stated_is_read_or_answered_with_a_sentence(stated):
    try:
        found = apply_law(read_stated(stated))
    except DarkfigureError:
        return
    assert definitions.headline(found) in definitions.write_text(found).replace("\n", " ")
    json.dumps(definitions.definition_data(found))


@pytest.mark.parametrize(
    "text",
    [
        "act: [transport]\nmeans: {deception: yes, force: no}\npurpose: labour\nage: 30\n"
        "day: 2016-05-01\nplace: England and Wales\n",
        json.dumps({**ADULT, "means": ["deception", "force=no"], "day": "2016-05-01"}),
    ],
)
def test_a_file_in_yaml_or_json(text):
    found = read_stated(read_facts(text, "facts"))
    assert found.day == date(2016, 5, 1)
    assert found.facts.means == {"deception": YES, "force": NO}
    assert found.facts.child is NO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("act: [transport\nmeans: x", r"facts: .*\n? *line \d: not YAML or JSON"),
        ('{"act": [}', r"facts: .*\n? *line 1: not YAML or JSON"),
        ("- transport", "does not say what it states"),
        ("", "does not say what it states"),
        ("[" * 20_000, "not YAML or JSON|too deep"),
        ("a" * 100_001, "longer than 100,000 characters"),
    ],
)
def test_a_file_that_is_none_is_refused(text, words):
    with pytest.raises((Unreadable, ReturnRefused), match=words):
        read_facts(text, "facts")


def test_the_text_explains_element_by_element_and_names_the_statutes():
    text = definitions.write_text(
        said(**{**ADULT, "act": "transport,travel_into_uk"}, day="2008-06-01", place="UK")
    )
    assert "Trafficking: the definition is met." in text
    for element in ("An act is established", "A means is established", "A purpose of exploitation"):
        assert element in text
    assert "Statutes on 1 June 2008, UK" in text
    assert "Asylum and Immigration (Treatment of Claimants, etc.) Act 2004" in text
    assert "Modern Slavery Act 2015, section 2" not in text
    assert "In a case return: definition met\n" in text
    assert "forced labour or services: nrm_box forced-to-work" in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_data_say_the_same_as_the_text():
    found = said(act="transport", purpose="sexual", day="2016-05-01", place="England and Wales")
    data = definitions.definition_data(found)
    assert (data["finding"], data["missing"]) == ("cannot_be_decided", ["means", "age"])
    assert data["headline"] in definitions.write_text(found)
    assert (data["if_child"], data["if_adult"]) == ("met", "cannot_be_decided")
    assert data["case_return"] == {"definition": "not_known", "definition_missing": "means+age"}
    assert data["elements"]["act"] == {"value": "yes", "forms": ["transport"]}
    assert {each["code"] for each in data["statutes"]} == {"coe_2005", "msa_2015_1", "msa_2015_2"}
    assert data["other_schemes"]["sexual"]["nrm"]["codes"] == ["sexual"]


def test_before_the_protocol_its_definition_is_said_all_the_same():
    found = said(**ADULT, day="2001-01-01")
    assert found.assessed.settled is Finding.MET
    assert "came into force on 25 December 2003, after the act" in definitions.write_text(found)


def test_without_a_day_no_statute_is_named():
    found = said(**ADULT)
    assert found.statutes == ()
    assert "Say on which day the act took place" in definitions.write_text(found)


def test_every_form_can_be_stated_by_its_code_and_in_words():
    for what, forms in FORMS.items():
        for code, words in forms.items():
            for name in (code, words):
                facts = read_stated({what: {name: "yes"}}).facts
                held = {"act": facts.acts, "means": facts.means, "purpose": facts.purposes}[what]
                assert held == {code: YES}
    assert set(ACTS) <= set(FORMS["act"])
