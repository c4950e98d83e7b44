"""With all that is held of one person go the drafts in which they stand, of any agency: typed, by
file, by name or by a row; another's stay, and who drafted one is told. All synthetic.
"""

from __future__ import annotations

import json
from hashlib import sha256

import psycopg
import pytest
from django.db import connection

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Marking
from darkfigure.cases.records import FORM
from darkfigure_hub.access import for_operator, verify
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.dispose import (
    carry_out_disposal,
    end_hold,
    hold_thing,
    number_of,
    propose_disposal,
    show_drafts_of,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.submit import (
    content_of,
    discard_submission,
    draft_submission,
    release_submission,
    send_back,
    show_submission,
)
from darkfigure_hub.flows.type_in import type_record
from darkfigure_hub.store.models import LogEntry, Submission
from darkfigure_hub.store.roles import as_owner
from support import at_once, database_apart, people
from support_gate import asked, session_of

WHY = "the person asked for it and nothing stands against it"
HEAD = {"form": FORM, "reported_by": "kent", "stated_on": "2012-03-01", "synthetic": True}
OFFICERS = {
    agency: for_account("account:900001", Role.REPORTING_OFFICER, agency, 2, "test")
    for agency in ("kent", "essex")
}
SUPERVISOR = for_account("account:900002", Role.AGENCY_SUPERVISOR, "kent", 2, "test")
UNNAMED = {"report": "of nobody", "text": "Syntheticall Needlework"}


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    with database_apart(django_db_blocker), django_db_blocker.unblock():
        people(900_001, 900_002)
        yield


@pytest.fixture
def other():
    return for_operator("second", "test")


@pytest.fixture
def held(whole, operator, tmp_path, request):
    """Two people whom kent knows, by a mark of the test's own; their pseudonyms; no other draft."""
    for number in Submission.objects.filter(released_at=None, discarded_at=None):
        discard_submission(OFFICERS[number.agency], number.pk)
    mark = "Z" + sha256(request.node.name.encode()).hexdigest()[:8]
    path = tmp_path / "people.json"
    path.write_bytes(
        cases(
            person=[
                {"record": f"{mark}-{n}", "given_name": called, "family_name": mark}
                for n, called in ((1, "Ségolène"), (2, "Other"))
            ],
            arrest=[{"record": f"{mark}-A1", "person": f"{mark}-1", "date": "2012-01-04"}],
        )
    )
    taken = receive_return(operator, path, marking=Marking.OFFICIAL).returns[0]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT given_name, person FROM identity.person WHERE return_id = %s", [taken.id]
        )
        named = dict(cursor.fetchall())
    return mark, number_of(operator, "person", named["Ségolène"]), named["Ségolène"], taken.id


def cases(head=HEAD, **records):
    return json.dumps({**head, "records": records}).encode()


def arrest(mark, of, person, agency="kent"):
    row = {"record": f"{mark}-{of}", "person": f"{mark}-{person}", "date": "2012-01-09"}
    return cases({**HEAD, "reported_by": agency}, arrest=[row])


def drafted(content, kind="return", agency="kent", name="cases.json", marking=Marking.OFFICIAL):
    return draft_submission(OFFICERS[agency], kind, name, content, marking=marking)


def waiting():
    """The drafts whose bytes are there."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT submission_id FROM identity.draft ORDER BY 1")
        return [number for (number,) in cursor.fetchall()]


def proof(whom, drafts):
    """What the proof is, by hand: over rows by kind, names, and the hashes of the drafts."""
    said = []
    with as_owner(), connection.cursor() as cursor:
        for table, column in (
            ("public.case_arrest", "person"),
            ("public.case_person", "record"),
            ("identity.person", "person"),
        ):
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {table} t WHERE {column} = %s ORDER BY id", [whom]
            )
            said.append("\n".join(text for (text,) in cursor.fetchall()))
    said.append("\n".join(f"{number} {digest}" for number, digest in drafts))
    made = ""
    for each in said:
        made = sha256((made + each).encode()).hexdigest()
    return made


def test_every_draft_in_which_they_stand_goes_and_no_other(held, operator, other):
    mark, number, whom, _ = held
    typed = type_record(
        OFFICERS["kent"],
        "person",
        {"record": f"{mark}-77", "given_name": "SEGOLENE", "family_name": mark.lower(),
         "synthetic": "yes"},
    )  # fmt: skip
    goes = [
        typed,
        drafted(arrest(mark, "A9", 1)),
        drafted(json.dumps({"text": f"of Ségolène {mark}"}).encode(), "report", "essex"),
        # a record that names nobody and follows from one of theirs
        drafted(
            cases(
                no_further_action=[
                    {"record": f"{mark}-X", "arrest": f"{mark}-A1", "date": "2012-02-01"}
                ]
            )
        ),
    ]
    send_back(SUPERVISOR, goes[1], f"Ségolène {mark} is not who you mean")
    stays = [
        drafted(arrest(mark, "A8", 2)),
        drafted(arrest(mark, "A7", 1, "essex"), agency="essex"),  # whom essex knows by that number
        drafted(json.dumps(UNNAMED).encode(), "report"),
        drafted(b"PK\x03\x04 of no archive", name="cases.xlsx"),
        drafted(f"Ségolène and, {'a good while ' * 20}later, {mark}".encode(), "replies"),
    ]
    made = propose_disposal(operator, "person", number, WHY)
    found = show_drafts_of(operator, made)
    assert [(each.number, each.agency) for each in found.found] == [
        *((goes[0], "kent"), (goes[1], "kent"), (goes[2], "essex"), (goes[3], "kent"))
    ]
    assert found.unread == 1
    said = str(found)
    assert f"SUBMISSION-{goes[2]} (essex, report)" in said
    assert "1 draft cannot be looked through" in said
    expected = proof(whom, [(n, Submission.objects.get(pk=n).sha256) for n in goes])
    done = carry_out_disposal(other, made)
    assert (done.gone["drafts"], done.sha256) == (4, expected)
    assert waiting() == stays
    assert show_drafts_of(operator, made).found == ()
    log = json.dumps([*LogEntry.objects.values_list("detail", flat=True)])
    rows = json.dumps([*Submission.objects.values_list("name", "sent_back_why")])
    for text in (log, rows, repr(done), repr(found), said):
        assert whom not in text
        assert mark.casefold() not in text.casefold()
    assert LogEntry.objects.get(action="disposal carried out", detail__disposal=made)
    assert verify().fault is None


def test_who_drafted_it_sees_that_it_was_disposed_of(held, operator, other):
    mark, number, *_ = held
    draft = drafted(arrest(mark, "A9", 1))
    carry_out_disposal(other, propose_disposal(operator, "person", number, WHY))
    shown, checked = show_submission(OFFICERS["kent"], draft)
    assert (shown.state, checked) == ("disposed of", None)
    for deed in (
        lambda: content_of(OFFICERS["kent"], draft),
        lambda: release_submission(SUPERVISOR, draft, shown.sha256),
        lambda: drafted_in_place_of(draft),
    ):
        with pytest.raises(DarkfigureError, match="was disposed of meanwhile: nothing was changed"):
            deed()


def drafted_in_place_of(number):
    return draft_submission(
        OFFICERS["kent"], "return", "cases.json", cases(), marking=Marking.OFFICIAL,
        replaces=number,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["person", "return"])
def test_a_hold_on_the_person_or_on_their_return_keeps_the_drafts(held, operator, other, kind):
    mark, number, _, of_return = held
    draft = drafted(arrest(mark, "A9", 1))
    made = propose_disposal(operator, "person", number, WHY)
    target = number if kind == "person" else of_return
    keeps = hold_thing(operator, kind, target, "court", "a court may ask for it", None)
    with pytest.raises(DarkfigureError, match="is kept"):
        carry_out_disposal(other, made)
    assert waiting() == [draft]
    end_hold(operator, keeps, "the court decided")
    assert carry_out_disposal(other, made).gone["drafts"] == 1
    assert waiting() == []


def test_mended_or_released_at_the_same_time_one_wins_and_nothing_of_them_is_left(
    held, operator, other
):
    mark, number, whom, _ = held
    mended, released = (drafted(arrest(mark, of, 1)) for of in ("A8", "A9"))
    digest = Submission.objects.get(pk=released).sha256
    made = propose_disposal(operator, "person", number, WHY)
    found = at_once(
        lambda: carry_out_disposal(other, made),
        lambda: drafted_in_place_of(mended),
        lambda: release_submission(SUPERVISOR, released, digest),
    )
    assert found[0].state == "carried out"
    for each, draft, won in ((found[1], mended, "discarded"), (found[2], released, "released")):
        state = show_submission(OFFICERS["kent"], draft)[0].state
        assert state == ("disposed of" if isinstance(each, DarkfigureError) else won)
    assert not {mended, released} & set(waiting())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM case_arrest WHERE person = %s", [whom])
        assert cursor.fetchone() == (0,)


def test_by_raw_sql_drafts_are_given_locked_and_to_who_may_dispose(held, operator):
    mark, number, *_ = held
    low = drafted(arrest(mark, "A8", 1))
    high = drafted(arrest(mark, "A9", 1), marking=Marking.OFFICIAL_SENSITIVE)
    sees = session_of(f"a-{number}", Role.ADMINISTRATOR, "NCA", Marking.OFFICIAL)[0]
    officer = session_of(f"o-{number}", Role.REPORTING_OFFICER, "kent", Marking.OFFICIAL)[0]
    listed = "SELECT number FROM gate.drafts_waiting()"
    locked = "SELECT gate.locked_draft(%s)"
    with asked(sees) as session:
        assert [n for (n,) in session.execute(listed)] == [low, None]
        assert mark.encode() not in session.execute(locked, [low]).fetchone()[0]
        assert session.execute(locked, [high]).fetchone() == (None,)
        assert session.execute("DELETE FROM identity.draft").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT gate.dispose_of_drafts(%s, 'me')", [[low]])
    with asked(officer) as session:
        assert session.execute(listed).fetchall() == []
        assert session.execute(locked, [low]).fetchone() == (None,)
        assert session.execute("SELECT gate.names_of_person(%s)", [number]).fetchone() == ([],)
    assert waiting() == [low, high]
