"""What somebody typed is not lost where their session ended meanwhile, or another was quicker; and
nothing of what another's page sends is shown or taken. All synthetic.
"""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from test_matrix import as_web, clients  # noqa: F401 - fixtures

from darkfigure_hub.access.roles import Role

WORDS = "SYNTHETIC words\nof two lines <b>bold</b>"
ITEM = {"text": WORDS, "source": "2", "password": "synthetic-secret", "digest": "abc"}
ADDRESS, OURS = "/desk/submissions/7/items", {"HTTP_ORIGIN": "http://127.0.0.1"}


def strict(browser=None, **cookies):
    """A browser from which forms are taken with their mark alone, as they are outside tests."""
    made = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    for each in browser.cookies.values() if browser else ():
        made.cookies[each.key] = each.value
    made.get("/join")  # hands out the cookie of forms
    return made


def mark(browser, address="/join"):
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text(browser.get(address)))
    return found[1]


def text(told):
    return told.content.decode()


def sent(browser, **more):
    return browser.post(ADDRESS, {**ITEM, "csrfmiddlewaretoken": mark(browser)}, **more)


def test_whose_session_ended_finds_what_they_typed_and_where_to_sign_in(db):
    told = sent(strict(), **OURS)
    assert told.status_code == 403
    assert "no-store" in told.headers["Cache-Control"]
    said = text(told)
    assert "Your session has ended" in said
    assert "SYNTHETIC words<br>of two lines &lt;b&gt;bold&lt;/b&gt;" in said
    assert f'action="{ADDRESS}"' in said
    assert 'name="digest" value="abc"' in said
    assert "synthetic-secret" not in said
    assert "/account/sign-in" in said


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://127.0.0.1:99", "null", "http://127.0.0.1.example"],
)
def test_what_another_page_sends_is_neither_taken_nor_shown(db, origin):
    told = sent(strict(), HTTP_ORIGIN=origin)
    assert told.status_code == 403
    assert "SYNTHETIC" not in text(told)
    assert "Send it again" not in text(told)


def test_without_a_word_of_where_it_comes_from_one_is_sent_to_sign_in(db):
    assert sent(strict())["Location"] == f"/account/sign-in?next={ADDRESS}"
    told = sent(strict(), HTTP_REFERER=f"http://127.0.0.1{ADDRESS}")
    assert "SYNTHETIC words" in text(told)


@pytest.mark.parametrize("said", ["", "x" * 64])
def test_a_page_that_was_open_while_one_signed_in_is_sent_again(clients, as_web, said):  # noqa: F811
    browser = strict(clients[Role.REPORTING_OFFICER, "kent"])
    asked = {"address": "https://example.org/x", "csrfmiddlewaretoken": said}
    told = browser.post("/desk/webhooks/new", asked, **OURS)
    assert told.status_code == 403
    assert "Send it again" in text(told)
    assert "https://example.org/x" in text(told)
    again = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text(told))[1]
    told = browser.post("/desk/webhooks/new", {**asked, "csrfmiddlewaretoken": again}, **OURS)
    assert "was open while you signed in" not in text(told)


def test_who_is_refused_in_the_middle_of_a_form_keeps_what_they_typed(clients, as_web):  # noqa: F811
    browser = strict(clients[Role.REPORTING_OFFICER, "kent"])
    told = sent(browser, **OURS)  # no such draft, or none any more
    assert told.status_code == 404
    assert "SYNTHETIC words" in text(told)
    assert "Send it again" not in text(told)


def test_a_form_of_signing_in_shows_nothing_that_was_typed(db):
    browser = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    told = browser.post(settings.LOGIN_URL, {"login": "alex@example.org", "password": "x"}, **OURS)
    assert told.status_code == 403
    assert "alex" not in text(told)
    assert "There is a problem" in text(told)
