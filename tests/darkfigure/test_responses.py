"""Responses: what a desk may refuse and why, what meets what was said before, small counts, the
appropriate limit, and the file of a request. Everything is synthetic.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import ReturnRefused, UnknownName, Unreadable
from darkfigure.basis.saying import quote, say
from darkfigure.basis.status import CellReason, Status
from darkfigure.publication import Answer, ask
from darkfigure.publication.answer import KEPT_OUT, SYNTHETIC, told_by
from darkfigure.publication.appropriate_limit import LIMITS, RATE, cost_of
from darkfigure.publication.response import (
    AskedBy,
    LetterForm,
    Outcome,
    Part,
    PartNow,
    Response,
    ResponseNow,
    Withdrawal,
    moves,
    overlap,
    refused_for,
    said_before,
)
from darkfigure.publication.small_counts import THRESHOLD, guarded
from darkfigure.reading.kinds import recognise
from darkfigure.reading.request_files import read_request
from darkfigure.tables.cell import Cell
from darkfigure.writing.answers.as_json import read_answer, write_answer
from darkfigure.writing.responses.as_html import write_response as write_page
from darkfigure.writing.responses.as_json import response_data
from darkfigure.writing.responses.as_text import write_response
from darkfigure.writing.responses.disclosure_log import COLUMNS, write_csv
from darkfigure.writing.responses.letter import question_line
from darkfigure.writing.responses.limit import cost_lines
from darkfigure.writing.responses.register import before_lines, letter_about
from darkfigure.writing.words import words_in
from darkfigure_hub.flows.propose_reading import propose_reading

DAY = date(2026, 11, 26)
NOT_CONCLUDED = CellReason.NOT_CONCLUDED
REQUEST = """
title: Arrests
asked_by: press
text: From Alba Madeup
parts:
  - ask: arrests
    by: [sex]
  - ask: convictions
    refuse: exempt
    section: 31(1)(a)
    why: Synthetic reason.
    public_interest: Synthetic balance.
"""


def cell(value, *, low=None, high=None, mark="000001", **dims):
    bounds = (value, value) if value is not None else (low, high)
    return Cell(f"x-{mark}", dims, value, *bounds, "final", (), (), (), "2026")


def answered(*cells, evidence="statements", **asked):
    question = ask("victims_recovered", DAY, evidence=evidence, **asked)
    return Answer(question, "persons", "basis", tuple(cells), (), ())


def response(*parts, form=LetterForm.FOI, **more):
    lettered = tuple(
        part if isinstance(part, Part) else Part(letter, part)
        for letter, part in zip("abcdef", parts, strict=False)
    )
    return Response("Subject", AskedBy.PUBLIC, form, DAY, lettered, **more)


@given(
    st.integers(0, 5000),
    st.decimals("0.1", 60, places=1).map(float),
    st.sampled_from(sorted(LIMITS)),
    st.decimals(0, 30, places=1).map(float),
)
def test_the_limit_is_a_border_that_is_found_exactly(records, minutes, body, more):
    made = cost_of(records, minutes, body, more)
    tenths = records * round(minutes * 10) + round(more * 600)
    assert made.exceeds == (tenths * RATE > LIMITS[body] * 600)
    assert made.within == max(
        (n for n in range(records + 1) if not cost_of(n, minutes, body, more).exceeds), default=0
    )


def test_eighteen_hours_are_within_and_a_minute_more_is_not():
    assert not cost_of(216, 5).exceeds
    assert cost_of(1081, 1).exceeds
    assert not cost_of(1440, 1, "central").exceeds
    assert cost_of(1441, 1, "central").exceeds


@pytest.mark.parametrize(
    ("given_so", "wrong"),
    [
        ({"reason": "exempt"}, "names its section"),
        ({"reason": "exempt", "section": "31"}, "why it applies"),
        ({"reason": "held_elsewhere"}, "by which"),
        ({"reason": "cost_limit"}, "how many records"),
        ({"reason": "cost_limit", "cost": cost_of(10, 5)}, "within the limit of 18"),
        ({"reason": "tiresome"}, "refused for one of"),
        ({"reason": "exempt", "section": "99", "why": "So."}, "one section of Part II"),
        ({"reason": "exempt", "section": "25", "why": "So."}, "one section of Part II"),
        ({"reason": "exempt", "section": "12", "why": "So."}, "one section of Part II"),
        ({"reason": "exempt", "section": "31(1)(a)", "why": "So."}, "qualified exemption"),
        ({"reason": "exempt", "section": "40(4A)", "why": "So."}, "qualified exemption"),
        ({"reason": "case_notes", "why": "Each file."}, "Give the ground"),
        ({"reason": "held_elsewhere", "body": "Invented Office"}, "whether it is held here"),
        ({"reason": "held_elsewhere", "body": "X", "held_here": True}, "give the section"),
        ({"reason": "not_held", "why": "x" * 1001}, "at most 1,000 characters"),
        ({"reason": "not_held", "why": "Dr Madeup said so"}, "a person's name"),
        ({"reason": "not_held", "why": "Ring 020 7946 0000"}, "a telephone number"),
    ],
)
def test_a_refusal_says_what_the_act_asks_for(given_so, wrong):
    with pytest.raises((UnknownName, Unreadable), match=wrong):
        refused_for(**given_so)


def test_the_letter_of_a_refusal_has_what_a_notice_must_hold():
    cost = refused_for("cost_limit", cost=cost_of(1200, 5))
    exempt = refused_for(
        "exempt", section="31(1)(a)", why="It would tell who is watched.", public_interest="Less."
    )
    parts = [
        Part("a", answered(cell(12))),
        Part("b", answered(), cost),
        Part("c", answered(), exempt),
    ]
    text = " ".join(write_response(response(*parts, reference="RESPONSE-7")).split())
    for said in (
        "RESPONSE-7",
        "refusal notice under section 17",
        "section 12(1)",
        "100 hours, which at £25 an hour come to £2,500. The limit is £450, or 18 hours",
        "some 216 of these records",
        "exempt under section 31(1)(a) of the Act. It would tell who is watched.",
        "public interest in maintaining the exemption outweighs that in disclosure: Less.",
        "internal review",
        "Information Commissioner for a decision under section 50",
        "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
        "Date: 26 November 2026",
        "From: [the name of the authority is to be filled in",
        "To: a member of the public",
    ):
        assert said in text, said
    assert text.count("refusal notice under section 17") == 2


@pytest.mark.parametrize("form", LetterForm)
def test_every_form_says_the_figure_and_no_figure_of_what_is_refused(form):
    refused = Part("b", answered(cell(98765)), refused_for("not_held", why="Synthetic."))
    made = response(answered(cell(4321)), refused, form=form)
    for written in (write_response(made), write_page(made)):
        assert "4,321" in written
        assert "98,765" not in written


NAMES = ("alpha", "beta", "gamma")
counts = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 40))


@given(counts, counts)
def test_moves_are_the_cells_that_do_not_say_the_same(one, other):
    first, second = (
        answered(*(cell(value, year=name) for name, value in held.items())) for held in (one, other)
    )
    moved = {move.label for move in moves(first, second)}
    assert moved == {name for name in NAMES if one.get(name) != other.get(name)}


CONDITIONS = (
    "exploitation=sexual",
    "exploitation=labour",
    "exploitation=sexual+labour",
    "exploitation~sexual",
    "exploitation~labour",
    "age_group=child",
    "age_group=adult",
)
PERIODS = (None, "2006", "2007", "2006Q4..2007Q1", "2008")
#: What a stored row could be, one of everything the conditions speak of.
WORLD = [
    (exploitation, age, period)
    for exploitation in ("sexual", "labour", "sexual+labour", "labour+sexual+other")
    for age in ("child", "adult")
    for period in ("2006Q1", "2006Q4", "2007Q1", "2007Q3", "2008Q2")
]


def counts_row(question, row):
    exploitation, age, period = row
    stored = {"exploitation": exploitation, "age_group": age}
    quarter = ask("victims_recovered", DAY, period=period).period
    within = question.period is None or (
        question.period.start <= quarter.start and quarter.end <= question.period.end
    )
    return within and all(each.holds_for(stored[each.dimension]) for each in question.where)


wheres = st.lists(st.sampled_from(CONDITIONS), max_size=1)


@given(wheres, wheres, st.sampled_from(PERIODS), st.sampled_from(PERIODS))
def test_questions_overlap_where_a_row_could_be_counted_by_both(one, other, first, second):
    a = ask("victims_recovered", DAY, where=one, period=first)
    b = ask("victims_recovered", DAY, where=other, period=second)
    both = any(counts_row(a, row) and counts_row(b, row) for row in WORLD)
    assert overlap(a, b) == both == overlap(b, a)


def test_measures_and_kinds_of_evidence_keep_questions_apart():
    one = ask("victims_recovered", DAY)
    assert not overlap(one, ask("arrests", DAY))
    assert not overlap(one, ask("victims_recovered", DAY, evidence="cases"))


def test_a_refusal_is_held_against_what_another_was_given():
    given_then = replace(response(answered(cell(12))), reference="RESPONSE-1")
    refused = Part("a", answered(cell(12)), refused_for("not_held"))
    (told,) = said_before(refused, [given_then])
    assert (told.reference, told.same, told.against) == ("RESPONSE-1", True, "given_then")
    refused_then = replace(response(refused), reference="RESPONSE-2")
    (told,) = said_before(Part("a", answered(cell(12))), [refused_then])
    assert told.against == "refused_then"
    (line,) = [each for each in before_lines([told]).splitlines() if each.startswith("  ")]
    assert line == "  What is given here was refused then."
    meeting = replace(response(answered(cell(12), by=["sex"])), reference="RESPONSE-3")
    told = before_lines([*said_before(refused, [meeting])])
    assert "Some of what is refused here may be what was given then." in told
    assert "does not stand" not in told
    assert "the two together" not in told
    counted = answered(cell(12), by=["sex"], evidence="cases")
    other = answered(cell(12), evidence="cases")
    earlier = replace(response(counted), reference="RESPONSE-4")
    assert "the two together" in before_lines([*said_before(Part("a", other), [earlier])])
    assert "the two together" not in before_lines([*said_before(Part("a", counted), [earlier])])


def test_what_became_of_an_earlier_response_is_told():
    given_then = replace(response(answered(cell(12))), reference="RESPONSE-1")
    refused = Part("a", answered(cell(12)), refused_for("not_held"))
    gone = replace(given_then, withdrawn=Withdrawal(DAY, "Synthetic."))
    told = before_lines([*said_before(refused, [gone])])
    assert "RESPONSE-1 was withdrawn on 26 November 2026: Synthetic." in told
    assert "given then" not in told, "what was withdrawn stands against nothing"
    corrected = replace(given_then, corrected_by="RESPONSE-2")
    told = before_lines([*said_before(refused, [corrected])])
    assert "RESPONSE-1 has been corrected by RESPONSE-2." in told


@pytest.mark.parametrize("form", LetterForm)
def test_every_mark_in_a_table_is_explained_beneath_it(form):
    noted = [
        cell(12, sex="male")._replace(notes=(quote("Synthetic note."),)),
        cell(20, mark="000002", sex="female"),
    ]
    text = write_response(response(answered(*noted, by=["sex"]), form=form))
    assert "[1]" in text
    assert "[1] Synthetic note." in text


def test_a_figure_that_is_no_more_is_not_called_nothing():
    was, now = cell(7, sex="male"), cell(3, mark="000002", nationality="Unknown+Nigerian")
    given, found = (answered(each, by=["sex", "nationality"]) for each in (was, now))
    part = PartNow(Part("a", given), moves(given, found), (), same_day=found, now=found)
    about = letter_about(ResponseNow(response(given, reference="RESPONSE-1"), (part,)), response())
    text = " ".join(about.split())
    assert "Male: we gave 7; there is no figure for it now." in text
    assert "Unknown and Nigerian: we gave no figure; it is 3." in text
    assert "nothing" not in text
    assert "been taken back" in text


small = st.lists(st.integers(0, 30), min_size=1, max_size=6)


@given(small)
def test_no_small_count_is_told_nor_left_to_be_worked_out(values):
    cells = [
        cell(value, mark=f"{place:06}", year=str(2010 + place))
        for place, value in enumerate(values)
    ]
    told = guarded(answered(*cells, evidence="cases", by=["year"])).cells
    hidden = [place for place, each in enumerate(told) if each.value is None]
    for value, each in zip(values, told, strict=True):
        assert each.low <= value
        assert each.high is None or value <= each.high
        assert each.value in (None, value)
        if 0 < value < THRESHOLD:
            assert each.value is None
            assert CellReason.SUPPRESSED in each.reasons
            assert (each.low, each.high) in ((1, THRESHOLD - 1), (1, None))
    others = [value for value in values if value >= THRESHOLD]
    if any(0 < value < THRESHOLD for value in values) and others:
        assert len(hidden) != 1, "the sum would tell the only one that is hidden"


@given(small)
def test_what_was_stated_is_told_as_it_was_stated(values):
    found = answered(*(cell(value, year=str(2010 + place)) for place, value in enumerate(values)))
    assert guarded(found) is found


def test_a_guarded_answer_has_an_id_of_its_own():
    cells = cell(3, sex="male"), cell(20, mark="000002", sex="female")
    found = answered(*cells, evidence="cases", by=["sex"])
    assert guarded(found).id != found.id
    assert [told_by(each)[0] for each in guarded(found).cells] == [None, None]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_is_kept_out_of_a_table_is_said_and_noticed_under_the_act(language):
    """Counts withheld from a table are withheld: section 17 asks for the exemption and why."""
    cells = cell(3, sex="male"), cell(20, mark="000002", sex="female")
    found = guarded(answered(*cells, evidence="cases", by=["sex"]))
    kept = read_answer(write_answer(found))
    assert kept.notes == found.notes, "as it is kept in the register"
    words = words_in(language)
    said, notice = words.say(KEPT_OUT), words.text("responses.foi.refusal_of_counts")
    for form in LetterForm:
        text = " ".join(write_response(response(kept, form=form), words).split())
        assert text.count(said) == 1, form
        assert (notice in text) == (form is LetterForm.FOI)
    whole = write_response(response(answered(cell(20), evidence="cases")), words)
    assert said not in " ".join(whole.split())
    exempt = refused_for("exempt", section="40(2)", why="Synthetic.")
    refused = " ".join(write_response(response(Part("a", kept, exempt)), words).split())
    assert said not in refused
    assert notice not in refused


def test_a_request_is_read_part_by_part():
    made = read_request(REQUEST, "request.yaml")
    assert made.given == {"title": "Arrests", "asked_by": "press"}
    assert made.text == "From Alba Madeup"
    assert [part.ask for part in made.parts] == ["arrests", "convictions"]
    assert made.parts[0].asked == {"by": ["sex"]}
    assert made.parts[1].refusal["section"] == "31(1)(a)"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("titel: Arrests", "field 1 is not one known here"),
        ("title: Arrests", "no list of 1 to 26 parts"),
        ("parts: []", "no list of 1 to 26 parts"),
        ("parts: [arrests]", "part 1 does not hold fields"),
        ("parts: [{by: sex}]", "part 1 does not say what it asks"),
        ("parts: [{ask: arrests, bye: sex}]", "field 2 is not one known here"),
        ("parts: [{ask: arrests, section: 31}]", "has section and no refuse"),
        ("parts: [{ask: arrests, refuse: cost_limit, records: many}]", "records: not a number"),
        ("parts: [{ask: arrests, refuse: cost_limit, records: 1.5}]", "not a whole number"),
        ("parts: [{ask: {a: b}}]", "part 1, ask: not a word"),
        ("parts: [{ask: arrests, refuse: cost_limit, records: .inf}]", "not a number of records"),
        ("parts: [{ask: arrests, refuse: cost_limit, minutes: .nan}]", "not a number of records"),
        ("parts: [{ask: arrests, refuse: not_held, held_here: maybe}]", "write yes or no"),
        ("- arrests", "does not hold fields"),
    ],
)
def test_a_faulty_request_is_told_where_and_what_would_be_right(text, wrong):
    with pytest.raises((UnknownName, Unreadable, ReturnRefused), match=wrong):
        read_request(text, "request.yaml")


def test_what_became_of_a_part():
    assert Part("a", answered(cell(1))).outcome is Outcome.ANSWERED
    assert Part("a", answered()).outcome is Outcome.NOT_ANSWERED
    assert Part("a", answered(), refused_for("not_held")).outcome is Outcome.REFUSED


def test_what_is_refused_is_in_no_data():
    refused = Part("a", answered(cell(98765)), refused_for("not_held", why="Synthetic."))
    data = response_data(response(refused))
    assert data["parts"] == [
        {
            "letter": "a",
            "outcome": "refused",
            "refused": {
                "reason": "not_held",
                "section": None,
                "why": "Synthetic.",
                "public_interest": None,
                "body": None,
                "held_here": None,
                "cost": None,
            },
            "question": {**refused.answer.question.canonical(), "as_at": "2026-11-26"},
            "answer": None,
        }
    ]
    (heads, row) = write_csv([response(refused)]).splitlines()
    assert tuple(heads.split(",")) == COLUMNS
    assert "98765" not in row
    assert ",refused,not_held,," in row


def test_a_question_in_a_line_is_told_by_titles():
    asked = ask(
        "victims_recovered",
        DAY,
        by=["operation", "year"],
        where=["exploitation=labour"],
        period="2006..2008",
    )
    line = question_line(asked)
    told = "Victims recovered in police campaigns (exploitation: Labour exploitation)"
    assert line.startswith(f"{told}, by operation")
    both = ask("victims_recovered", DAY, where=["exploitation~labour"])
    assert question_line(both) != question_line(replace(both, where=asked.where))
    assert "by operation and year" in line
    assert "26 November 2026" in line
    assert "=" not in line


def test_the_cost_in_words():
    assert "does not allow to refuse" in cost_lines(cost_of(216, 5))
    over = cost_lines(cost_of(217, 5))
    assert "allows to refuse" in over
    assert "some 216 of these records" in over


@pytest.mark.parametrize("form", LetterForm)
def test_a_refusal_is_told_by_the_law_of_its_form(form):
    """Sections are cited where the Act is named; Parliament is told of disproportionate cost."""
    parts = [
        Part("a", answered(), refused_for("cost_limit", cost=cost_of(1200, 5))),
        Part("b", answered(), refused_for("exempt", section="s. 41", why="Synthetic.")),
        Part("c", answered(), refused_for("not_held", why="Synthetic.")),
        Part("d", answered(), refused_for("held_elsewhere", body="Office", held_here=False)),
        Part("e", answered(), refused_for("case_notes", cost=cost_of(1200, 5))),
    ]
    text = " ".join(write_response(response(*parts, form=form)).split())
    assert ("disproportionate cost" in text) == (form is LetterForm.WRITTEN)
    assert ("section 12" in text) == (form is not LetterForm.WRITTEN)
    assert "section 41 of the" in text
    assert ("of the Act" in text) == (form is LetterForm.FOI)
    assert "Freedom of Information Act 2000" in text
    assert text.count("refusal notice under section 17") == (3 if form is LetterForm.FOI else 0)
    for said in ("held in the notes", "held, in the notes"):
        if said in text:
            break
    else:
        pytest.fail("what stands in notes is held")


PROGRAMMERS = re.compile(r"--[a-z]|\b[a-z]+_[a-z_]+\b|darkfigure")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_goes_out_holds_no_words_of_a_programmer(language):
    words = words_in(language)
    more = {
        "held.other_unit": {"units": "convictions"},
        "alone": {"label": "Sexual", "dimension": "exploitation", "code": "sexual"},
        "held.narrower": {"title": "Victims", "code": "victims_recovered"},
    }
    notes = tuple(say(code, **given_so) for code, given_so in more.items())
    assert all(PROGRAMMERS.search(words.say(note)) for note in notes)
    for kept in (notes, tuple(quote(words.say(note)) for note in notes)):
        found = replace(answered(cell(12)), notes=kept)
        for form in LetterForm:
            text = write_response(response(found, form=form), words)
            lines = [line for line in text.splitlines() if "responses.yaml" not in line]
            assert not PROGRAMMERS.search("\n".join(lines))


def test_the_last_entered_of_a_day_is_told_first():
    (first, last) = (
        replace(response(answered(cell(12))), reference=f"RESPONSE-{number}") for number in (9, 10)
    )
    told = said_before(Part("a", answered(cell(12))), [first, last])
    assert [each.reference for each in told] == ["RESPONSE-10", "RESPONSE-9"]


def test_the_data_of_a_refusal_for_cost_say_what_it_comes_to():
    part = Part("a", answered(), refused_for("cost_limit", cost=cost_of(1200, 5, "central")))
    (told,) = response_data(response(part))["parts"]
    assert told["refused"]["cost"] == {
        "records": 1200,
        "minutes": 5,
        "more_hours": 0.0,
        "hours": 100,
        "pounds": 2500,
        "limit": 600,
        "limit_hours": 24,
    }
    assert told["question"]["measure"] == "victims_recovered"


@pytest.mark.parametrize("name", ["request.yaml", "request.json"])
def test_a_request_is_no_return_and_that_is_said(tmp_path, name):
    path = tmp_path / name
    text = REQUEST if name.endswith("yaml") else '{"parts": [{"ask": "arrests"}]}'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReturnRefused, match="a request of several parts, and no return") as told:
        recognise(path)
    assert "answers register" in str(told.value)
    with pytest.raises(ReturnRefused, match="answers register"):
        propose_reading(path)
    path.write_text("name: Synthetic", encoding="utf-8")
    with pytest.raises(ReturnRefused) as told:
        recognise(path)
    assert "request" not in str(told.value).replace(name, "")


def test_bounds_do_not_tell_a_small_count_that_is_hidden():
    """Three not concluded, hidden in a row of their own, are not left as 8 (8 to 11)."""
    besides = say("cases.besides", parts="3 not concluded")
    done = cell(8, sex="female")._replace(
        high=11, unknown={"not_concluded": 3}, notes=(besides,), reasons=(NOT_CONCLUDED,)
    )
    pending = cell(3, mark="000002", sex="female")._replace(
        status=Status.IN_PROGRESS, unknown={"not_concluded": 3}, reasons=(NOT_CONCLUDED,)
    )
    other = cell(20, mark="000003", sex="male")
    told = guarded(answered(done, pending, other, evidence="cases", by=["sex"])).cells
    assert [(each.value, each.low, each.high) for each in told] == [
        (8, 8, None),
        (None, 1, 4),
        (20, 20, 20),
    ]
    assert [dict(each.unknown) for each in told] == [{}, {}, {}]
    assert besides not in told[0].notes
    assert CellReason.SUPPRESSED in told[0].reasons


def test_how_many_records_are_made_up_does_not_tell_a_total_that_is_hidden():
    share = say("some_of", number=21, whole=23)
    cells = cell(3, sex="male"), cell(20, mark="000002", sex="female")
    found = answered(*cells, evidence="cases", by=["sex"])
    told = guarded(replace(found, notes=(say(SYNTHETIC, share=share),)))
    made_up, kept_out = told.notes
    assert words_in("en").say(made_up).startswith("SYNTHETIC: some ")
    assert kept_out == KEPT_OUT
