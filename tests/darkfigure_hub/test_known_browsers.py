"""How often a password may be tried: nobody is kept out of where they signed in before by what
others try, at the same address or anywhere; and who guesses is slowed down. All synthetic.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from darkfigure_hub.access.programs import BURST, seconds_to_wait
from darkfigure_hub.store.models import Account
from darkfigure_hub.store.queries import fleeting
from darkfigure_hub.web import known_browsers
from support_mail import mail_server

PASSWORD = "synthetic-lantern-42-harbour"
FORCE, HOME = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def people(apart, settings):
    """Two people with a password each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for name in ("alex", "bea"):
        account = Account(email=f"{name}@example.org", name=f"{name} Invented", made_by="test")
        account.set_password(PASSWORD)
        account.save()


def tries(who, password=PASSWORD, address=FORCE, browser=None):
    """What a browser, or a new one, is told that signs in: `in`, `wrong` or `often`."""
    browser = browser or Client(HTTP_HOST="127.0.0.1")
    told = browser.post(
        "/account/sign-in",
        {"login": f"{who}@example.org", "password": password},
        REMOTE_ADDR=address,
    )
    if told.status_code == 302:
        return "in"
    text = told.content.decode()
    return "often" if "Too many failed login attempts" in text else "wrong"


def known_to(who, address=FORCE):
    """A browser in which somebody signed in once, and out again."""
    browser = Client(HTTP_HOST="127.0.0.1")
    assert tries(who, address=address, browser=browser) == "in"
    del browser.cookies["darkfigure_session"]
    return browser


def test_one_who_tries_everybodys_keeps_nobody_out_who_signed_in_before(people):
    browser = known_to("alex")
    said = [tries(f"nobody{number}", "wrong") for number in range(70)]
    assert said == ["wrong"] * 60 + ["often"] * 10
    assert tries("alex", browser=browser) == "in"
    assert tries("bea") == "often"  # from a new browser, at that address, for some minutes
    assert tries("bea", address=HOME) == "in"


def test_a_colleague_does_not_lock_one_out(people):
    browser = known_to("alex")
    said = [tries("alex", "wrong") for _ in range(7)]
    assert said == ["wrong"] * 5 + ["often"] * 2
    assert tries("alex") == "often"
    assert tries("alex", browser=browser) == "in"
    assert tries("bea") == "in"


def test_whoever_guesses_from_many_addresses_is_slowed_and_locks_nobody_out(people):
    browser = known_to("alex")
    said = [tries("alex", "wrong", f"192.0.2.{number}") for number in range(35)]
    assert said == ["wrong"] * 30 + ["often"] * 5
    assert tries("alex", address="192.0.2.99") == "often"
    assert tries("alex", address=HOME, browser=browser) == "in"


def test_a_browser_that_is_known_guesses_no_more_than_its_share_and_for_its_people_alone(people):
    browser = known_to("alex")
    said = [tries("alex", "wrong", browser=browser) for _ in range(12)]
    assert said == ["wrong"] * 10 + ["often"] * 2
    assert tries("alex", browser=browser) == "often"
    said = [tries("bea", "wrong", browser=browser) for _ in range(7)]
    assert said == ["wrong"] * 5 + ["often"] * 2


def test_what_was_right_is_not_counted(people):
    assert {tries("alex") for _ in range(80)} == {"in"}


def test_a_browser_is_known_for_all_who_signed_in_by_a_cookie_that_names_nobody(people):
    browser = known_to("alex")
    assert tries("bea", browser=browser) == "in"
    held = browser.cookies[known_browsers.COOKIE]
    assert held["httponly"]
    assert held["samesite"] == "Strict"
    assert held["path"] == "/account/"
    piece = held.value.split(":")[0]
    said = base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)).lower()
    for name in (b"alex", b"bea", b"example.org", b"invented"):
        assert name not in said
    del browser.cookies["darkfigure_session"]
    for who in ("alex", "bea"):
        for _ in range(6):
            tries(who, "wrong")
        assert tries(who) == "often"
        assert tries(who, browser=browser) == "in"
        del browser.cookies["darkfigure_session"]


@pytest.mark.parametrize("change", [lambda text: text[:-2], lambda text: "x" + text, lambda _: ""])
def test_a_cookie_that_is_not_ours_makes_nobody_known(people, change):
    browser = known_to("alex")
    browser.cookies[known_browsers.COOKIE] = change(browser.cookies[known_browsers.COOKIE].value)
    for _ in range(6):
        tries("alex", "wrong")
    assert tries("alex", browser=browser) == "often"


def asks_for_a_code(browser, who):
    """Where a browser is led that forgot the password of an account."""
    told = browser.post("/account/password/forgotten", {"email": f"{who}@example.org"})
    return told.status_code, told.headers.get("Location")


def test_a_mail_server_that_is_away_says_nothing_of_who_has_an_account(
    people, settings, monkeypatch
):
    settings.EMAIL_BACKEND = "darkfigure_hub.store.mail.server"
    monkeypatch.setenv("DARKFIGURE_MAIL", "smtp+open://127.0.0.1:1")
    said = {asks_for_a_code(Client(HTTP_HOST="127.0.0.1"), who) for who in ("alex", "nobody")}
    assert said == {(302, "/account/password/code")}


def test_a_password_is_set_anew_by_a_code_and_what_was_tried_is_forgiven(
    people, settings, monkeypatch
):
    settings.EMAIL_BACKEND = "darkfigure_hub.store.mail.server"
    anew, browser = "synthetic-harbour-77-lantern", Client(HTTP_HOST="127.0.0.1")
    assert [tries("alex", "wrong") for _ in range(6)][-1] == "often"
    with mail_server() as (server, received):
        monkeypatch.setenv("DARKFIGURE_MAIL", server)
        asks_for_a_code(Client(HTTP_HOST="127.0.0.1"), "nobody")
        asks_for_a_code(browser, "alex")
        for _ in range(100):
            if received.taken:
                break
            time.sleep(0.05)
        ((to, mail),) = received.taken
    words = "\n".join(mail.get_payload(decode=True).decode().splitlines())
    assert to == "alex@example.org"
    assert "Invented" not in words
    code = re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)+$", words, re.MULTILINE)[0]
    for typed, status in (("AAAA-BBBB", 200), (code, 302)):
        told = browser.post("/account/password/code", {"code": typed}, REMOTE_ADDR=FORCE)
        assert told.status_code == status
    given = {"password1": anew, "password2": anew}
    told = browser.post("/account/password/new", given, REMOTE_ADDR=FORCE)
    assert told.status_code == 302
    assert tries("alex", anew) == "in"
    assert tries("alex") == "wrong"


@pytest.mark.usefixtures("apart")
class TestFleeting:
    """What all processes remember, in whichever of them it was said."""

    def test_what_is_remembered_is_over_at_its_time(self):
        cache.set("a", [1.5, "x"], 60)
        cache.set("b", 1, 0.05)
        assert cache.get("a") == [1.5, "x"]
        assert cache.add("a", 2, 60) is False
        time.sleep(0.1)
        assert cache.get("b") is None
        assert cache.add("b", 2, 60) is True
        assert cache.get("b") == 2
        assert cache.touch("a", 0) is True
        assert cache.get("a", "nothing") == "nothing"
        assert cache.delete("b") is True
        assert cache.delete("b") is False
        cache.set("c", 1, None)
        cache.clear()
        assert cache.get("c") is None

    def test_no_name_of_anything_is_kept(self):
        cache.set("alex@example.org", 1, 60)
        fleeting.take("token:7", 5, 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(key, ' ') FROM store_fleeting")
            kept = cursor.fetchone()[0]
        assert "alex" not in kept
        assert "token" not in kept

    def test_what_is_over_is_cleared_away(self, monkeypatch):
        for number in range(20):
            cache.set(f"{number}", 1, -1)
        cache.set("stays", 1, 60)
        monkeypatch.setattr(fleeting.secrets, "randbelow", lambda _: 0)
        cache.set("one more", 1, 60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM store_fleeting")
            assert cursor.fetchone()[0] == 2

    def test_a_code_is_used_once_by_whoever_asks_at_once(self):
        assert sum(at_once(8, lambda: cache.add("code", "y", 60))) == 1

    def test_so_many_are_given_at_once_and_no_more(self):
        said = at_once(8, lambda: [fleeting.take("token:1", 20, 0.01) for _ in range(5)])
        waits = [seconds for each in said for seconds in each]
        assert waits.count(0) == 20
        assert all(50 < seconds <= 101 for seconds in waits if seconds)

    def test_a_program_may_ask_so_often_and_another_is_not_counted_with_it(self):
        waits = [seconds_to_wait("token:1") for _ in range(BURST + 40)]
        assert waits[:BURST] == [0] * BURST
        assert 1 in waits
        assert seconds_to_wait("token:2") == 0


def at_once(number, do):
    """What so many say who do a thing at the same time, each by a connection of their own."""
    barrier = threading.Barrier(number)

    def one(_):
        barrier.wait()
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@given(st.emails())
def test_the_same_address_is_the_same_however_it_is_written(email):
    assert known_browsers._hash(f" {email.upper()} ") == known_browsers._hash(email)
