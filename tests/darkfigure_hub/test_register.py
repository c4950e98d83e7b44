"""The register of responses on a real database: kept as said, checked against today, corrected,
disclosed or not; the words of a request stay with names. Everything loaded here is synthetic.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from darkfigure.basis.errors import NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.publication import ask
from darkfigure.publication.answer import told_by
from darkfigure.publication.appropriate_limit import cost_of
from darkfigure.publication.response import refused_for
from darkfigure.writing import registry
from darkfigure.writing.responses import register as written
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import respond, show_responses
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.read_log import read_log
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request
from darkfigure_hub.store.models import Response, Return
from support import statement, statement_file

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 31)
NOT_HELD = refused_for("not_held", why="Synthetic.", although_held="Asked of another force.")
WORDS = "How many, asks Alba Madeup of 1 Invented Street"


def day():
    return timezone.localdate()


def load(operator, folder, value, *, stated_on="2019-06-01", **more):
    given_so = {"period": "2018", "value": value, "stated_on": stated_on, **more}
    path = statement_file(folder / f"{stated_on}-{value}.csv", statement(**given_so))
    return receive_return(operator, path).returns[0].id


def of_2018(as_at=DAY, **more):
    return ask("victims_recovered", as_at, period="2018", **more)


def registered(operator, *questions, public=True, text="", **more):
    wanted = [Wanted(question) for question in questions]
    drafted = respond.draft_response(operator, wanted, Request(**more), day())
    return respond.register_response(operator, drafted, public=public, text=text)


def test_one_name_for_one_content(operator, tmp_path):
    """The same question twice on one day, a late return between: two ids, each of which opens to
    what was said under it.
    """
    load(operator, tmp_path, 7)
    (seven,) = answer_question(operator, of_2018()).cells
    load(operator, tmp_path, 9, stated_on="2019-12-01")
    (nine,) = answer_question(operator, of_2018()).cells
    assert (seven.value, nine.value) == (7, 9)
    assert seven.id != nine.id
    assert seven.id[:10] == nine.id[:10]
    opened = open_source(operator, seven.id)
    assert (opened.given.value, opened.cell.value, opened.moved) == (7, 9, True)
    assert not open_source(operator, nine.id).moved
    short = f"{seven.id[:10]}-{seven.id.partition('-')[2]}"
    assert open_source(operator, short).cell.value == 9


def test_what_was_given_to_some_is_not_shown_to_others(operator, tmp_path):
    load(operator, tmp_path, 7)
    (cell,) = answer_question(operator, of_2018()).cells
    assert open_source(for_public("test"), cell.id).given is None
    answer_question(for_public("test"), of_2018())
    assert open_source(for_public("test"), cell.id).given.value == 7


def test_a_response_stays_as_it_was_said_beside_what_would_be_said(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018(), asked_by="member", form="written")
    before = registry.write("response", "text", made)
    assert show_responses.changed_responses(operator) == []
    load(operator, tmp_path, 9, stated_on="2019-12-01")
    load(operator, tmp_path, 8, stated_on="2020-06-01")
    (found,) = show_responses.changed_responses(operator)
    (part,) = found.parts
    assert [(move.given.value, move.now.value) for move in part.late] == [(7, 9)]
    assert [(move.given.value, move.now.value) for move in part.since] == [(9, 8)]
    assert part.bridge.adds_up
    told = written.beside_today(show_responses.show_response(operator, made.reference))
    assert "7 then, 9 now" in told
    assert "9 then, 8 now" in told
    again = show_responses.response_named(operator, made.reference.lower())
    assert registry.write("response", "text", again) == before


def test_a_correction_stands_in_the_place_of_what_was_said(operator, tmp_path):
    load(operator, tmp_path, 7)
    before = registered(operator, of_2018()).reference
    load(operator, tmp_path, 9, stated_on="2019-12-01")
    with pytest.raises(Unreadable, match="--reason"):
        respond.correct_response(operator, before, " ", day())
    drafted = respond.correct_response(operator, before, "A return came late.", day())
    made = respond.register_response(operator, drafted, public=True)
    letter = registry.write("response", "text", made)
    assert f"This corrects {before}. A return came late." in letter
    assert "is 9 (2018)" in " ".join(letter.split())
    assert show_responses.response_named(operator, before).corrected_by == made.reference
    assert show_responses.changed_responses(operator) == []
    with pytest.raises(Unreadable, match=f"corrected already, by {made.reference}"):
        respond.correct_response(operator, before, "Again.", day())
    with pytest.raises(UnknownName, match="RESPONSE-1 and so on"):
        respond.correct_response(operator, "RESPONSE-999999", "Why.", day())


def test_a_return_names_the_responses_that_it_touches(operator, tmp_path):
    first = load(operator, tmp_path, 7)
    other = load(operator, tmp_path, 30, period="2017")
    made = registered(operator, of_2018()).reference
    late = load(operator, tmp_path, 9, stated_on="2019-12-01")
    named = {
        number: [each.response.reference for each in found]
        for number in (first, other, late)
        if (found := show_responses.affected_responses(operator, str(number))) is not None
    }
    assert named == {first: [made], other: [], late: [made]}
    (found,) = show_responses.affected_responses(operator, f"#{late}")
    now = respond.correct_response(operator, made, written.reason_of(found.response), day())
    letter = " ".join(written.letter_about(found, now.response).split())
    assert f"we gave you figures under {made}" in letter
    assert "Returns have arrived since then, or been taken back, that change what we said" in letter
    assert "we gave 7; it is 9" in letter
    with pytest.raises(UnknownName, match="is no return"):
        show_responses.affected_responses(operator, "999999")


def test_what_was_said_before_is_told_before_it_is_said_again(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018()).reference
    drafted = respond.draft_response(
        operator,
        [Wanted(of_2018(), NOT_HELD), Wanted(of_2018())],
        Request(),
        day(),
    )
    told = written.before_lines(drafted.before["a"])
    assert f"{made} of" in told
    assert "the same question: answered" in told
    assert "does not stand" in told
    assert drafted.held == ("a",)
    assert "What is refused as not held is held: 7." in written.held_line(drafted.response.parts[0])
    assert show_responses.all_responses(operator)[1:] == []


def test_the_words_of_a_request_stay_with_names(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018(), text=WORDS)
    found = show_responses.show_response(operator, made.reference)
    assert found.text == ""
    assert "Alba" not in written.beside_today(found)
    assert "Alba" not in str(list(Response.objects.values()))
    assert "Alba" not in str(read_log(operator, 50).entries)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM identity.request_text")


def test_nobody_changes_what_is_in_the_register(operator, tmp_path):
    load(operator, tmp_path, 7)
    registered(operator, of_2018())
    for statement_tried in (
        "UPDATE store_response SET title = 'x'",
        "UPDATE store_responsepart SET letter = 'z'",
        "DELETE FROM store_responsepart",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement_tried)


def test_the_public_sees_what_was_disclosed_and_nothing_else(operator, tmp_path):
    load(operator, tmp_path, 7)
    hidden = registered(operator, of_2018(), public=False, title="Held back")
    registered(operator, of_2018(), title="For all")
    public = for_public("test")
    assert [each.title for each in show_responses.disclosures(public)] == ["For all"]
    assert told_by(show_responses.disclosures(public)[0].parts[0].answer.cells[0])[0] == 7
    with pytest.raises(UnknownName):
        show_responses.disclosed(public, hidden.reference)
    for asked_for in (
        show_responses.all_responses,
        show_responses.search_responses,
        show_responses.changed_responses,
    ):
        with pytest.raises(NotPermitted):
            asked_for(public)


def test_of_one_day_the_latest_disclosed_comes_first(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = [registered(operator, of_2018()).reference for _ in range(11)]
    told = [each.reference for each in show_responses.disclosures(for_public("test"))]
    assert told == made[::-1], "by number, and not by its digits"


def test_a_register_does_not_take_what_it_should_not(operator, tmp_path):
    load(operator, tmp_path, 7)
    for more, wrong in (
        ({"title": "From alba@invented.example"}, "seems to hold an e-mail address"),
        ({"title": "Alba's request, 07700 900123"}, "seems to hold a telephone number"),
        ({"title": "What Ms Madeup asked"}, "seems to hold a person's name"),
        ({"title": "To 1 Invented Street, ZZ1 1ZZ"}, "seems to hold a postal address"),
        ({"reference": "Alba Madeup"}, "letters, digits"),
        ({"reference": "Alba"}, "letters, digits"),
        ({"sent_on": date(1850, 1, 1)}, "cannot have gone out on 1850-01-01"),
        ({"sent_on": date(2090, 1, 1)}, "or before, not on 2090-01-01"),
        ({"title": "x" * 201}, "at most 200"),
        ({"asked_by": "Alba Madeup"}, "is not who asks. Known are 'member'"),
        ({"form": "telegram"}, "is not a form"),
    ):
        with pytest.raises((Unreadable, UnknownName), match=wrong) as told:
            registered(operator, of_2018(), **more)
        assert "Alba" not in str(told.value)
    assert show_responses.all_responses(operator) == []


def test_responses_are_found_by_words_class_and_day(operator, tmp_path):
    load(operator, tmp_path, 7)
    one = registered(operator, of_2018(), asked_by="press", title="On recoveries").reference
    kept_to = of_2018(where=["exploitation=sexual"])
    other = registered(operator, kept_to, asked_by="member").reference
    found = show_responses.search_responses

    def names(*given_so, **more):
        return [each.reference for each in found(operator, *given_so, **more)]

    assert names() == [other, one]
    assert names("RECOVERIES") == [one]
    assert names("sexual victims") == [other]
    assert names(asked_by="press") == [one]
    assert names(since=date(2090, 1, 1)) == []


def test_counts_from_records_leave_guarded(operator):
    wanted = [Wanted(ask("convictions", date(2009, 3, 1), by=["offence"], evidence="cases"))]
    drafted = respond.draft_response(operator, wanted, Request(), day())
    told = drafted.response.parts[0].answer
    assert told.cells
    assert not [cell for cell in told.cells if cell.value is not None and 0 < cell.value < 5]


def test_what_is_refused_is_not_opened_by_its_refusal(operator, tmp_path):
    load(operator, tmp_path, 7)
    (cell,) = answer_question(operator, of_2018()).cells
    notes = refused_for("case_notes", why="Synthetic.", cost=cost_of(1200, 5))
    wanted = [Wanted(of_2018(), notes)]
    drafted = respond.draft_response(operator, wanted, Request(), day())
    made = respond.register_response(operator, drafted, public=True)
    public = for_public("test")
    assert show_responses.disclosed(public, made.reference).parts[0].answer.cells == ()
    assert open_source(public, cell.id).given is None
    for form in ("text", "html", "json"):
        assert ": 7" not in registry.write("response", form, made)


def test_what_was_counted_and_released_opens_without_its_records(operator):
    Return.objects.filter(kind__in=CASE_RETURNS).update(marking=Marking.OFFICIAL_SENSITIVE)
    wanted = [Wanted(ask("convictions", date(2009, 3, 1), by=["operation"], evidence="cases"))]
    drafted = respond.draft_response(operator, wanted, Request(), day())
    with pytest.raises(NotPermitted, match=r"rests on returns that are marked: return \d+ of"):
        respond.register_response(operator, drafted, public=True)
    made = respond.register_response(
        operator, drafted, public=True, release_marked="Synthetic reason."
    )
    (entry,) = [each for each in read_log(operator, 5).entries if "registered" in each.action]
    assert entry.detail["marked returns released"]
    assert "Synthetic reason." in written.beside_today(
        show_responses.show_response(operator, made.reference)
    )
    cells = made.parts[0].answer.cells
    opened = [open_source(for_public("test"), cell.id) for cell in cells]
    assert [each.given.value for each in opened] == [cell.value for cell in cells]
    assert all(each.records == () for each in opened)
    assert not any(each.moved for each in opened)


def test_the_disclosure_log_in_every_form(operator, tmp_path):
    load(operator, tmp_path, 7)
    made = registered(operator, of_2018(), title="=HYPERLINK(1) & <b>")
    found = show_responses.disclosures(for_public("test"))
    feed = json.loads(registry.write("disclosure", "json", found))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["_darkfigure"]["response"] == made.reference
    atom = ElementTree.fromstring(registry.write("disclosure", "atom", found))
    (entry,) = atom.findall("{http://www.w3.org/2005/Atom}entry")
    assert entry.find("{http://www.w3.org/2005/Atom}title").text == "=HYPERLINK(1) & <b>"
    assert "is 7 (2018)" in " ".join(
        entry.find("{http://www.w3.org/2005/Atom}content").text.split()
    )
    (row,) = csv.DictReader(io.StringIO(registry.write("disclosure", "csv", found)))
    assert row["title"] == "'=HYPERLINK(1) & <b>"
    assert (row["figure"], row["outcome"], row["synthetic"]) == ("7", "answered", "yes")
    assert "<b>" not in registry.write("disclosure", "html", found)


def test_pages_and_the_interface_show_the_log(operator, tmp_path):
    load(operator, tmp_path, 7)
    hidden = registered(operator, of_2018(), public=False, title="Held back")
    made = registered(operator, of_2018(), title="For all")
    client = Client(HTTP_HOST="localhost")
    for address in ("/answers", "/answers.atom", "/answers.json", "/answers.csv", "/api/answers"):
        said = client.get(address)
        assert said.status_code == 200, address
        assert "For all" in said.content.decode()
        assert "Held back" not in said.content.decode()
    assert b"http://localhost/answers/" in client.get("/answers.atom").content
    page = client.get(f"/answers/{made.reference}")
    assert "is 7 (2018)" in page.content.decode()
    assert client.get(f"/answers/{hidden.reference}").status_code == 404
    assert (
        client.get(f"/answers/{made.reference}?format=text")
        .content.decode()
        .startswith("Response under the Freedom of Information Act 2000\n")
    )
    data = client.get(f"/api/answers/{made.reference}").json()
    assert data["parts"][0]["answer"]["cells"][0]["value"] == 7
    (cell,) = data["parts"][0]["answer"]["cells"]
    opened = client.get(f"/api/source/{cell['id']}").json()
    assert opened["given"]["value"] == opened["value"] == 7
