"""Requirement sets, grades, reports and replies: what is taken in, and a sentence for each thing
that is not.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import jsonschema
import polars as pl
import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import ReturnRefused, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.intelligence.cells import cells_of, periods_of
from darkfigure.intelligence.grading import converted, grading, read_grade, weight
from darkfigure.intelligence.markings import MarkedTooHigh, turn_away
from darkfigure.intelligence.planning import (
    Candidate,
    bits_gained,
    bits_missing,
    entropy,
    good_turing,
    plan,
)
from darkfigure.intelligence.reporting import (
    read_document,
    read_replies,
    read_report,
)
from darkfigure.intelligence.requirement_sets import (
    domains,
    example_set,
    in_force,
    natural,
    read_set,
    schema,
)
from darkfigure.intelligence.requirements import NOTHING_ASKED
from darkfigure.writing.forms import vocabularies
from support import NEEDS

HT, OTHER = example_set(), example_set("other_threats")


# --- sets -----------------------------------------------------------------------------------------
# ------------------------


def test_every_threat_area_has_requirements():
    """The categories of the 2018 strategy and the 2020 assessment."""
    assert set(HT.threats) | set(OTHER.threats) == {
        "HT",
        "CSA",
        "OIC",
        "DR",
        "FA",
        "AC",
        "CY",
        "FR",
        "ML",
        "BC",
    }
    for held in (HT, OTHER):
        assert {question.threat for question in held.questions.values()} == set(held.threats)
    assert sorted(HT.requirements, key=natural) == [f"HT.{n}" for n in range(1, 13)]


@pytest.mark.parametrize("held", [HT, OTHER], ids=["trafficking", "others"])
def test_questions_are_atomic_and_say_what_would_answer_them(held):
    for question in held.questions.values():
        assert question.text.endswith("?")
        assert question.accept
        assert question.decision
        assert question.owner
        assert question.areas
        assert (question.answer == "quantity") <= bool(question.unit)


def test_forces_are_the_43_and_known_as_areas():
    assert len(domains()["forces"]) == 43
    assert all(codes_for("area").find(area) == area for area in domains()["forces"])


def test_weights_are_split_over_cells():
    cells = cells_of(HT).cells
    by_question = cells.group_by("question").agg(pl.col("weight").sum())
    for code, total in by_question.rows():
        assert total == pytest.approx(HT.questions[code].priority)


def test_quarters_of_an_edition_run_from_its_first_day():
    assert [each.label for each in periods_of(HT.valid, "quarter")] == [
        "2026 Q2",
        "2026 Q3",
        "2026 Q4",
        "2027 Q1",
    ]
    assert [each.label for each in periods_of(HT.valid, "year")] == ["2026/27"]
    assert len(list(periods_of(HT.valid, "month"))) == 12


def faulty(change, *, add=""):
    text = OTHER.text
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ReturnRefused) as refused:
        read_set(text + add, "set.yaml")
    return [str(problem) for problem in refused.value.problems]


CIRCLE = """concordance:
  - {kind: reworded, from: [CY.1.8], to: [CY.1.9], reason: "synthetic"}
  - {kind: reworded, from: [CY.1.9], to: [CY.1.8], reason: "synthetic"}
"""


@pytest.mark.parametrize(
    ("change", "add", "sentence"),
    [
        (
            {"answer: existence": "answer: exists"},
            "",
            ("line 139, column 'requirements[4].questions[3].answer'"),
        ),
        (
            {"code: CSA.1.2": "code: CSA.1.1"},
            "",
            ("the code stands twice ('CSA.1.1'). It stands in line 38 before."),
        ),
        (
            {"area: CY": "area: XX"},
            "",
            ("not among the areas of the set (a text of 2 characters). Known: AC, BC, CSA"),
        ),
        ({"code: FR.1.2": "code: DR.9.2"}, "", "the question does not belong under FR.1"),
        ({"from: 2026-04-01": "from: 2028-04-01"}, "", "the set ends before it begins"),
        ({"priority: 3": "priority: 0"}, "", "priority"),
        ({}, CIRCLE, "the concordance leads back to where it began ('CY.1.8')"),
        (
            {},
            'concordance:\n  - {kind: split, from: [CY.9.1], to: [CY.9.2], reason: "x y"}\n',
            "it leads to is not in the set",
        ),
        (
            {},
            'concordance:\n  - {kind: retired, from: [CY.1.1], to: [], reason: "x y"}\n',
            "was replaced is still in the set",
        ),
    ],
)
def test_a_fault_in_a_set_has_its_line_and_what_would_be_right(change, add, sentence):
    assert any(sentence in each for each in faulty(change, add=add))


def test_text_that_is_no_yaml_says_where():
    with pytest.raises(ReturnRefused, match="line 2"):
        read_set("edition: a\n  title: [b\n", "set.yaml")


def test_a_retired_code_says_what_to_ask_instead():
    text = OTHER.text.replace("code: CY.1.3", "code: CY.1.4") + (
        'concordance:\n  - {kind: reworded, from: [CY.1.3], to: [CY.1.4], reason: "narrower"}\n'
    )
    held = read_set(text, "later")
    with pytest.raises(
        UnknownName, match=r"CY\.1\.3 is reworded in .* \(narrower\); ask CY\.1\.4 instead"
    ):
        held.question("CY.1.3")
    with pytest.raises(UnknownName, match=r"Near it are CY\.1\.1"):
        held.question("CY.1.77")


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_an_unanswered_question_finds_the_requirement_that_asks_it():
    assert NEEDS.closing("victims_identified", CellReason.NOT_COLLECTED).id == "HT.10.1"
    assert NEEDS.closing("hidden_victims", CellReason.NOT_KNOWN).id == "HT.1.2"
    general = NEEDS.closing("premises_visited", CellReason.NO_RETURN)
    assert (general.id, general.edition, general.general) == ("HT.12.2", "nir-2026", True)


def test_with_no_set_loaded_nothing_is_cited():
    assert NOTHING_ASKED.closing("victims_identified", CellReason.NOT_COLLECTED) is None


def test_an_edition_stands_from_its_first_day_until_one_follows_it():
    text = HT.text.replace("edition: nir-2026", "edition: nir-2027\nfollows: nir-2026")
    text = text.replace("2026-04-01", "2027-04-01").replace("2027-03-31", "2028-03-31")
    later = read_set(text, "later")

    def standing(day):
        return [each.edition for each in in_force([later, HT], date.fromisoformat(day))]

    assert standing("2026-03-31") == []
    assert standing("2027-03-31") == ["nir-2026"]
    assert standing("2027-04-01") == ["nir-2027"]
    assert standing("2040-01-01") == ["nir-2027"], "until another follows"


# --- grades ---------------------------------------------------------------------------------------
# ------------------------


@pytest.mark.parametrize(
    ("text", "scheme", "words"),
    [
        ("2BP", "3x5x2", "untested; known indirectly but corroborated; lawful sharing permitted"),
        (
            "1ac/A1/s2",
            "3x5x2",
            "reliable; known directly; lawful sharing permitted with conditions",
        ),
        ("B24", "5x5x5", "mostly reliable; known personally to the source"),
        ("F6", "admiralty", "cannot be judged; cannot be judged"),
    ],
)
def test_grades_read_and_in_words(text, scheme, words):
    assert read_grade(text, scheme).words == words


@pytest.mark.parametrize(
    ("text", "scheme", "sentence"),
    [
        ("4BP", "3x5x2", "Write source 1 to 3, information A to E, handling P or C"),
        ("2BC", "3x5x2", "handling C needs conditions"),
        ("2BP/A1", "3x5x2", "with P there are no conditions"),
        ("2BC/A1/A2", "3x5x2", "an action code"),
        ("2BC/A9/S1", "3x5x2", "an action code"),
        ("B2", "6x6", "not a scheme of grading"),
        ("Z9", "admiralty", "Write source A to F"),
    ],
)
def test_what_is_no_grade_is_told_what_would_be(text, scheme, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_grade(text, scheme)


def test_an_older_grade_is_converted_by_a_dated_table_that_says_what_it_loses():
    made, lost = converted(read_grade("C35", "5x5x5"), date(2020, 1, 1))
    assert (made.letters, made.converted_from) == ("2BC", "5x5x5 C35")
    assert "become one" in lost
    with pytest.raises(Unreadable, match="no equal"):
        converted(read_grade("C35", "5x5x5"), date(2010, 1, 1))
    with pytest.raises(Unreadable, match="no equal"):
        converted(read_grade("B2", "admiralty"), date(2020, 1, 1))


def test_weights_of_the_three_settings_are_ordered_and_e_weighs_nothing():
    for source in "123":
        for letter in "ABCDE":
            low, central, high = (
                weight(source, letter, setting) for setting in ("low", "central", "high")
            )
            assert low <= central <= high
            assert (central == 0) == (letter == "E")
    assert weight("1", "A") == 0.8
    assert grading()["measure"] == {
        "corroborated_from": 0.6,
        "contested_from": 0.3,
        "dependence": 0.3,
    }


# --- reports and replies
# --------------------------------------------------------------------------------------------------


def report(**given):
    item = {
        "number": 1,
        "grade": "2CP",
        "on": "2026-05-01",
        "links": [
            {"question": "HT.6.4", "area": "Kent", "period": "2026 Q2", "relation": "supports"}
        ],
    }
    item |= given.pop("item", {})
    return {
        "reference": "SYN-1",
        "agency": "kent",
        "marking": "OFFICIAL",
        "source": {"kind": "officer"},
        "submitted_by": "a",
        "graded_by": "b",
        "submitted_on": "2026-05-02",
        "synthetic": True,
        "items": [item],
        **given,
    }


def link(**given):
    return {
        "links": [
            {
                "question": "HT.6.4",
                "area": "Kent",
                "period": "2026 Q2",
                "relation": "supports",
                **given,
            }
        ]
    }


def test_a_report_is_read_with_its_items():
    found = read_report(report(tlp="TLP:WHITE", marking="official-sensitive"), HT, "r.yaml")
    assert (found.marking, found.tlp) == (Marking.OFFICIAL_SENSITIVE, "CLEAR")
    assert found.items[0].grade.letters == "2CP"
    old = read_report(report(item={"scheme": "5x5x5", "grade": "B24"}), HT, "r.yaml")
    assert (old.items[0].grade.letters, old.items[0].grade.converted_from) == ("1CC", "5x5x5 B24")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (report(items=[]), "a report without items"),
        (report(item={"links": []}), "items[1].links': linked to no question"),
        (
            report(item=link(question="HT.6.9")),
            "'HT.6.9' is not a question of nir-2026. Near it are HT.6.1",
        ),
        (
            report(item=link(area="Atlantis")),
            "not an area that HT.6.4 is asked for (a text of 8 characters)",
        ),
        (report(item=link(period="2019 Q1")), "not a period of HT.6.4 ('2019 Q1'). One of 2026 Q2"),
        (report(item=link(relation="proves")), "supports, refutes or context"),
        (report(item={"grade": "9ZP"}), "items[1].grade"),
        (report(item={"grade": "2BP"}), "graded as corroborated, by nothing that is named"),
        (
            report(item={"grade": "2BP", "corroborated_by": "kent SYN-1/2"}),
            "a report confirms itself",
        ),
        (report(item={"kind": "rumour"}), "neither fact nor assessment"),
        (report(item={"on": "soon"}), "not a day. Write YYYY-MM-DD"),
        (report(graded_by="a"), "the submitter graded the items"),
        (report(source={"kind": "several"}), "a report has one source"),
        (report(agency="nobody"), "not a known agency (a text of 6 characters)"),
        (report(marking="PUBLIC"), "not a marking"),
        (report(tlp="PURPLE"), "not a TLP marking"),
        ([1], "not a report"),
    ],
)
def test_a_fault_in_a_report_is_a_sentence_with_its_place(data, sentence):
    with pytest.raises(ReturnRefused) as refused:
        read_report(data, HT, "r.yaml")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("marking", ["SECRET", "Top Secret", "CONFIDENTIAL", "SECRET UK EYES ONLY"])
def test_a_higher_marking_is_turned_away_before_anything_is_read(marking):
    with pytest.raises(MarkedTooHigh, match="nothing of it was read"):
        turn_away(report(marking=marking, items="unreadable"), "r.yaml")


MARKED = ("SECRET", "UK SECRET", "top secret", "UK TOP SECRET", "(SECRET)", "UK-SECRET")
FIELDS = ("marking", "Marking", "protective marking", "classification")
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a secret place", "Secretary"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "items", "note", "marking"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@st.composite
def marked(draw):
    """A document with one mark somewhere in it: in a field for marks, or at the head of a text."""
    inner = draw(
        st.builds(
            lambda field, mark: {field: mark}, st.sampled_from(FIELDS), st.sampled_from(MARKED)
        )
        | st.sampled_from([{"text": "SECRET: synthetic words"}, "UK TOP SECRET synthetic words"])
    )
    for _ in range(draw(st.integers(0, 4))):
        beside = draw(plain)
        inner = draw(st.sampled_from([[beside, inner], {"note": beside, "held": inner}]))
    return inner


@given(marked())
def test_a_mark_at_any_depth_turns_a_document_away(document):
    with pytest.raises(MarkedTooHigh):
        turn_away(document, "synthetic")


@given(plain)
def test_what_speaks_of_a_secret_is_not_marked(document):
    turn_away(document, "synthetic")


@pytest.mark.parametrize("read", [read_document, read_set])
def test_every_reader_of_documents_has_the_gate(read):
    with pytest.raises(MarkedTooHigh):
        read("items:\n  - text: 'SECRET: synthetic'\n", "synthetic.yaml")


def replies(*entries, **given):
    return {
        "agency": "kent",
        "signed_off_by": "role",
        "on": "2026-07-01",
        "replies": list(entries),
        **given,
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            replies({"ask": "ASK-1", "kind": "nothing"}),
            "not a kind of reply (a text of 7 characters). One of items, nil_searched",
        ),
        (
            replies({"ask": "ASK-1", "kind": "nil_searched"}),
            "what effort the search took. One of brief, targeted, thorough",
        ),
        (replies({"ask": "ASK-1", "kind": "refused"}), "on what ground. cost, law or policy"),
        (replies({"kind": "not_held"}), "which ask it replies to"),
        (replies({"ask": "ASK-1", "kind": "not_held"}, signed_off_by=""), "nobody signed"),
        ({"agency": "kent"}, "no replies"),
    ],
)
def test_a_fault_in_a_reply_is_a_sentence_with_its_place(data, sentence):
    with pytest.raises(ReturnRefused) as refused:
        read_replies(data, "r.yaml")
    assert sentence in str(refused.value)


def test_documents_are_yaml_or_json():
    assert read_document('{"a": 1}', "a.json") == read_document("a: 1", "a.yaml") == {"a": 1}
    with pytest.raises(ReturnRefused, match="line 1"):
        read_document("a: [1", "a.yaml")
    with pytest.raises(ReturnRefused, match="not YAML or JSON"):
        read_document('{"a": ', "a.json")


# --- plans and narrowing
# --------------------------------------------------------------------------------------------------


def test_a_plan_takes_what_gains_most_for_its_cost_and_not_the_same_cell_for_ever():
    asks = [
        Candidate(1, "a", 5, 0.0, 1, 0.5),
        Candidate(1, "b", 5, 0.0, 1, 0.5),
        Candidate(2, "c", 2, 0.0, 1, 0.8),
        Candidate(3, "d", 9, 0.9, 4, 0.5),
    ]
    found = plan(asks, 3)
    assert [(each.candidate.agency, round(each.gain, 3), each.spent) for each in found] == [
        ("a", 2.5, 1),
        ("c", 1.6, 2),
        ("b", 1.25, 3),
    ]
    assert plan(asks, 0.5) == []
    with pytest.raises(Unreadable, match="cost is above nought"):
        plan([Candidate(1, "a", 5, 0.0, 0, 0.5)], 3)


def test_narrowing():
    assert bits_missing((10_000, 136_000), 1.3) == pytest.approx(3.31, abs=0.01)
    assert bits_missing((10_000, 11_000), 1.3) == 0
    assert entropy([1, 1, 1, 1]) == 2
    assert entropy([1, 0]) == 0
    for wrong in (
        lambda: bits_gained((0, 1), (1, 2)),
        lambda: good_turing(3, 4),
        lambda: entropy([-1, 2]),
        lambda: bits_missing((1, 2), 1),
    ):
        with pytest.raises(Unreadable):
            wrong()


# --- vocabularies ---------------------------------------------------------------------------------
# ------------------------

#: What MISP asks of a taxonomy: these keys and no others, values under predicates that are
#: declared.
_WORDS = {name: {"type": "string"} for name in ("value", "expanded", "description", "colour")}
_ENTRY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["value"],
    "properties": _WORDS | {"numerical_value": {"type": "number"}},
}
_ENTRIES = {"type": "array", "uniqueItems": True, "items": _ENTRY}
_VALUE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["predicate"],
    "properties": {"predicate": {"type": "string"}, "entry": _ENTRIES},
}
MISP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["namespace", "description", "version", "predicates"],
    "properties": {
        "namespace": {"type": "string"},
        "description": {"type": "string"},
        "expanded": {"type": "string"},
        "version": {"type": "integer"},
        "predicates": _ENTRIES,
        "values": {"type": "array", "uniqueItems": True, "items": _VALUE},
    },
}


def test_taxonomies_are_as_misp_wants_them():
    made = vocabularies.taxonomies()
    assert set(made) == {"uk-intelligence-grading", "phia-yardstick", "analytical-confidence"}
    for name, taxonomy in made.items():
        jsonschema.validate(taxonomy, MISP)
        assert taxonomy["namespace"] == name
        assert {each["predicate"] for each in taxonomy["values"]} == {
            each["value"] for each in taxonomy["predicates"]
        }
    grades = {
        each["predicate"]: [entry["value"] for entry in each["entry"]]
        for each in made["uk-intelligence-grading"]["values"]
    }
    assert grades == {
        "source": ["1", "2", "3"],
        "information": list("ABCDE"),
        "handling": ["P", "C"],
        "action": ["A1", "A2", "A3"],
        "sanitisation": ["S1", "S2"],
    }
    assert "numerical_value" not in json.dumps(made["uk-intelligence-grading"])


def test_a_requirement_set_is_a_stix_bundle_that_others_read():
    data = vocabularies.as_stix(HT)
    found = stix2.parse(json.dumps(data), allow_custom=True)
    kinds = [each["type"] for each in found.objects]
    assert kinds.count("intelligence-requirement") == len(HT.questions)
    assert kinds.count("extension-definition") == 1
    assert data == vocabularies.as_stix(HT)
    assert "x_" not in json.dumps(list(data["objects"][3]))
    marking = data["objects"][0]
    assert marking["definition"] == {"statement": HT.marking.name.replace("_", "-")}
    assert {tuple(each["object_marking_refs"]) for each in data["objects"][1:]} == {
        (marking["id"],)
    }
    ends = {each["valid_until"] for each in data["objects"] if "valid_until" in each}
    assert ends == {f"{HT.valid.end + timedelta(days=1)}T00:00:00.000Z"}
    for each in data["objects"]:
        if each["type"] == "intelligence-requirement":
            assert each["extensions"] == {vocabularies.EXTENSION: {"extension_type": "new-sdo"}}
