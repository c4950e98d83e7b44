"""What does not leave the house by a response: small counts where a cell is opened, days of single
events, what was private or withdrawn, marked returns; and what a correction asks. On a real
database; everything loaded here is synthetic.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from darkfigure.basis.errors import NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.publication import ask
from darkfigure.publication.answer import is_hidden
from darkfigure.publication.response import Authority, Outcome, Withdrawal, refused_for
from darkfigure.writing import registry
from darkfigure.writing.responses import register as written
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import respond, show_responses, whose_responses
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_asked import Wanted, wanted_in
from darkfigure_hub.flows.respond import Request
from darkfigure_hub.store.models import Return
from support import statement, statement_file

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 31)
ONE_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def load(operator, folder, value, *, stated_on="2019-06-01", **more):
    given_so = {"period": "2018", "value": value, "stated_on": stated_on, **more}
    path = statement_file(folder / f"{stated_on}-{value}.csv", statement(**given_so))
    return receive_return(operator, path).returns[0].id


def of_2018(as_at=DAY, **more):
    return ask("victims_recovered", as_at, period="2018", **more)


def counted(by, where=("operation=Pentameter 2",)):
    return ask("victims_recovered", date(2009, 3, 1), by=by, where=where, evidence="cases")


def drafted(operator, *questions, **more):
    wanted = [each if isinstance(each, Wanted) else Wanted(each) for each in questions]
    return respond.draft_response(operator, wanted, Request(**more), timezone.localdate())


def registered(operator, *questions, public=True, **more):
    made = drafted(operator, *questions, **more)
    return respond.register_response(operator, made, public=public)


def test_small_counts_do_not_come_apart_by_subtraction_between_parts(operator):
    """By exploitation and sex, and by exploitation: 164 less 163 is 1 man."""
    by_both, by_one = drafted(
        operator, counted(["exploitation", "sex"]), counted(["exploitation"])
    ).response.parts
    told = {(cell.dims["exploitation"], cell.dims["sex"]): cell for cell in by_both.answer.cells}
    totals = {cell.dims["exploitation"]: cell for cell in by_one.answer.cells}
    sexual = told["sexual", "female"], told["sexual", "male"], totals["sexual"]
    assert [cell.value for cell in sexual] == [None, None, 164]
    assert (sexual[1].low, sexual[1].high) == (1, 4)
    assert by_both.outcome is Outcome.IN_PART


def test_the_days_beside_a_hidden_count_are_not_those_of_its_events(operator):
    found = drafted(operator, counted(["area"])).response.parts[0].answer
    assert any(map(is_hidden, found.cells))
    assert {cell.period for cell in found.cells} == {"2007-08"}
    (whole,) = drafted(operator, counted(["area"], [])).response.parts
    shown = [cell.period for cell in whole.answer.cells]
    assert not any(ONE_DAY.search(each) for each in shown)


def test_what_a_response_hid_stays_hidden_where_its_cell_is_opened(operator):
    made = registered(operator, counted(["area"]))
    hidden = [cell for cell in made.parts[0].answer.cells if is_hidden(cell)]
    assert hidden
    public = for_public("test")
    for cell in hidden[:3]:
        opened = open_source(public, cell.id)
        assert (opened.cell.value, opened.given.value) == (None, None)
        assert opened.withheld
        assert not opened.moved
        assert opened.records == ()
        page = Client().get(f"/source/{cell.id}").content.decode()
        assert "1 to 4" in page or "at least 1" in page
        assert "It would be" not in page
        assert "df-statement" not in page
        data = Client().get(f"/api/source/{cell.id}").json()
        assert data["value"] is None
        assert data["records"] == []
        assert not open_source(operator, cell.id).moved, "only the guard makes a difference"
        assert open_source(operator, cell.id).cell.value in range(1, 5)
    respond.withdraw_response(operator, made.reference, "Synthetic.", timezone.localdate())
    with pytest.raises(UnknownName, match="is not the id of a cell"):
        open_source(public, hidden[0].id)


def test_a_correction_stays_private_and_keeps_the_days_asked_for(operator, tmp_path):
    load(operator, tmp_path, 7)
    before = registered(operator, of_2018(), of_2018(date(2019, 12, 31)), public=False)
    load(operator, tmp_path, 8, stated_on="2020-06-01")
    today = timezone.localdate()
    asked = respond.correct_response(operator, before.reference, "Synthetic.", today)
    assert [part.answer.question.as_at for part in asked.response.parts] == [
        DAY,
        date(2019, 12, 31),
    ]
    assert not asked.response.public
    assert asked.before["a"] == (), "what is corrected is not told as said before"
    other = respond.correct_response(
        operator, before.reference, "Synthetic.", today, {"b": date(2020, 7, 1)}
    )
    assert [part.answer.cells[0].value for part in other.response.parts] == [7, 8]
    with pytest.raises(UnknownName, match="has no part"):
        respond.correct_response(operator, before.reference, "S.", today, {"z": DAY})
    made = respond.register_response(operator, other, public=other.response.public)
    with pytest.raises(UnknownName):
        show_responses.disclosed(for_public("test"), made.reference)
    assert Client().get(f"/answers/{made.reference}").status_code == 404


def test_a_refusal_is_corrected_by_a_request_file(operator, tmp_path):
    load(operator, tmp_path, 7)
    refused = refused_for("exempt", section="21", why="Synthetic.")
    before = registered(operator, Wanted(of_2018(), refused))
    today = timezone.localdate()
    wanted, head, _, _ = wanted_in(
        "parts: [{ask: victims_recovered, period: 2018, as_at: 2020-01-31}]", "r.yaml", today
    )
    asked = respond.correct_response(
        operator, before.reference, "Synthetic.", today, wanted=wanted, head=head
    )
    (part,) = asked.response.parts
    assert (part.refused, part.answer.cells[0].value) == (None, 7)
    assert asked.response.title == before.title


def test_a_response_is_withdrawn_and_nothing_of_it_is_public(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018(), title="Synthetic subject", reference="SYN-7")
    (cell,) = made.parts[0].answer.cells
    public, today = for_public("test"), timezone.localdate()
    assert open_source(public, cell.id).given.value == 7
    for why, wrong in (("", "--reason"), ("Ms Madeup asked", "a person's name")):
        with pytest.raises(Unreadable, match=wrong):
            respond.withdraw_response(operator, made.reference, why, today)
    respond.withdraw_response(operator, made.reference, "Sent to another desk.", today)
    seen = show_responses.disclosed(public, made.reference)
    assert seen.withdrawn == Withdrawal(today, "Sent to another desk.")
    assert (seen.parts, seen.title, seen.request) == ((), "", "")
    log = show_responses.disclosures(public)
    for subject, value in (("response", seen), ("disclosure", log)):
        for form in registry.forms_of(subject):
            text = str(registry.write(subject, form.name, value))
            assert "Sent to another desk." in text, form.name
            assert "Synthetic subject" not in text
            assert "SYN-7" not in text
            assert "is 7 (2018)" not in " ".join(text.split())
    client = Client()
    for path in ("/answers", f"/answers/{made.reference}", "/answers.atom", "/api/answers"):
        said = client.get(path).content.decode()
        assert "Sent to another desk." in said, path
        assert "Synthetic subject" not in said
    assert open_source(public, cell.id).given is None
    assert "is 7 (2018)" in " ".join(
        written.beside_today(show_responses.show_response(operator, made.reference)).split()
    )
    with pytest.raises(Unreadable, match="withdrawn already"):
        respond.withdraw_response(operator, made.reference, "Again.", today)


def test_what_is_marked_is_released_with_a_reason_alone(operator, tmp_path):
    number = load(operator, tmp_path, 3)
    Return.objects.filter(id=number).update(marking=Marking.OFFICIAL_SENSITIVE)
    made = drafted(operator, of_2018())
    assert [each.number for each in made.marked] == [number]
    (cell,) = made.response.parts[0].answer.cells
    assert (cell.value, cell.low, cell.high) == (None, 1, 4), "guarded as counts from records are"
    with pytest.raises(NotPermitted, match=f"return {number}.*OFFICIAL-SENSITIVE"):
        respond.register_response(operator, made, public=True)
    assert respond.register_response(operator, made, public=False).release_reason == ""
    released = respond.register_response(operator, made, public=True, release_marked="Agreed.")
    again = show_responses.response_named(operator, released.reference)
    assert again.release_reason == "Agreed."


def test_a_figure_that_the_public_sees_is_not_called_marked(operator, tmp_path):
    load(operator, tmp_path, 3)
    Return.objects.filter(id=load(operator, tmp_path, 30, period="2017")).update(
        marking=Marking.OFFICIAL_SENSITIVE
    )
    made = drafted(operator, of_2018())
    assert made.marked == ()
    assert made.response.parts[0].answer.cells[0].value == 3


def test_a_refusal_of_what_is_public_is_told(operator, tmp_path):
    load(operator, tmp_path, 7)
    refused = refused_for("exempt", section="21", why="Synthetic.")
    made = drafted(operator, Wanted(of_2018(), refused), of_2018())
    assert made.open_here == ("a",)
    assert "is public here" in written.open_line(made.response.parts[0])
    with pytest.raises(Unreadable, match=r"Part \(a\) is refused as not held"):
        drafted(operator, Wanted(of_2018(), refused_for("not_held", why="Synthetic.")))


def test_what_is_held_here_is_not_said_to_be_held_by_another_alone(operator, tmp_path):
    load(operator, tmp_path, 7)
    elsewhere = {"body": "Synthetic body", "held_here": False}
    with pytest.raises(Unreadable, match=r"Part \(a\) is refused as held by another body alone"):
        drafted(operator, Wanted(of_2018(), refused_for("held_elsewhere", **elsewhere)))
    because = refused_for("held_elsewhere", **elsewhere, although_held="Synthetic.")
    assert drafted(operator, Wanted(of_2018(), because)).held == ("a",)
    both = refused_for("held_elsewhere", body="Synthetic body", held_here=True, section="21")
    assert drafted(operator, Wanted(of_2018(), both)).held == ()


def test_what_is_refused_as_held_and_is_not_is_told(operator):
    nowhere = ask("detained", DAY, period="2018")
    exempt = refused_for("exempt", section="40(2)", why="Synthetic.")
    made = drafted(operator, Wanted(nowhere, exempt), Wanted(nowhere, refused_for("not_held")))
    assert made.not_here == ("a",)
    assert "no figure of it is held here" in written.not_here_line(made.response.parts[0])


def test_only_what_came_afterwards_changes_what_was_said(operator, tmp_path):
    """A later statement that was held when the response went out is known later, and is no fault of
    it; a return that came since changes what was said of the day.
    """
    first = load(operator, tmp_path, 7)
    held_then = load(operator, tmp_path, 8, stated_on="2020-06-01")
    made = registered(operator, of_2018()).reference
    assert show_responses.affected_responses(operator, str(held_then)) == []
    (rests,) = show_responses.affected_responses(operator, str(first))
    assert show_responses.to_be_written_to(operator, [rests], str(first)) == []
    late = load(operator, tmp_path, 9, stated_on="2019-12-01")
    (found,) = show_responses.affected_responses(operator, str(late))
    assert show_responses.to_be_written_to(operator, [found], str(late)) == [found]
    now = respond.correct_response(
        operator, made, written.reason_of(found.response), timezone.localdate()
    )
    letter = " ".join(written.letter_about(found, now.response).split())
    assert letter.startswith("Date: ")
    assert "we gave 7; it is 9" in letter
    assert "9 as known on 31 January 2020; 8 as known on" in letter
    assert "is 9 (2018)" in letter, "as known on the day that was asked"


def test_a_response_says_whose_it_is(operator, tmp_path, monkeypatch):
    load(operator, tmp_path, 7)
    monkeypatch.setenv("DARKFIGURE_HOME", str(tmp_path))
    (tmp_path / "responses.yaml").write_text(
        "name: Synthetic Constabulary\naddress: 1 Invented Street\n"
        "review: the Reviews Desk, 1 Invented Street\nreview_days: 40\n"
    )
    assert whose_responses.authority_here() == Authority(
        "Synthetic Constabulary", "1 Invented Street", "the Reviews Desk, 1 Invented Street", 40
    )
    made = registered(operator, of_2018(), asked_by="press")
    (tmp_path / "responses.yaml").write_text("name: Another\n")
    kept = show_responses.response_named(operator, made.reference)
    text = " ".join(registry.write("response", "text", kept).split())
    for said in (
        "From: Synthetic Constabulary, 1 Invented Street",
        "To: the press",
        "within 40 working days of this response: the Reviews Desk",
    ):
        assert said in text, said
    (tmp_path / "responses.yaml").write_text("review_days: soon\n")
    with pytest.raises(Unreadable, match="review_days: not a number of working days"):
        whose_responses.authority_here()


def test_a_measure_not_asked_for_is_no_part_left_out(operator):
    """Home Office says that victims identified are not counted; asked were those recovered."""
    (part,) = registered(
        operator, ask("victims_recovered", date(2008, 12, 17), where=["operation=Pentameter 2"])
    ).parts
    assert part.answer.cannot
    assert part.outcome is Outcome.ANSWERED
    (kept,) = show_responses.all_responses(operator)
    assert kept.parts[0].outcome is Outcome.ANSWERED


def test_responses_speak_welsh_and_say_that_it_is_a_draft(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018())
    client = Client()
    for form in ("", "&format=text", "&format=json"):
        said = client.get(f"/answers/{made.reference}?language=cy{form}")
        assert said.status_code == 200
    text = client.get(f"/answers/{made.reference}?language=cy&format=text").content.decode()
    assert text.startswith("Ymateb o dan Ddeddf Rhyddid Gwybodaeth 2000\n")
    assert "Drafft:" in text
    assert client.get(f"/answers/{made.reference}?language=fr").status_code == 400
