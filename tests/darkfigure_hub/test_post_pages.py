"""What is sent, on the pages: people choose what they are told of, an administrator sees what was
given up. All synthetic.
"""

from __future__ import annotations

import json

import pytest

from support import asked_of_two_forces, logged_in, own_folder, run
from support_pages import (
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    once_more,
    served,
    sign_in,
)

pytestmark = pytest.mark.xdist_group("post_pages")


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def service(home):
    accounts = made_up_accounts(home, "kent")
    with served(home, DARKFIGURE_WEBHOOKS_LOOPBACK="1") as address:
        yield address, accounts


def test_people_choose_what_they_are_told_of(service, browser):
    address, accounts = service
    with looked_at(browser) as page:
        sign_in(page, address, accounts["agency-supervisor.kent"])
        follow(page, page.get_by_role("link", name="What you are told of by mail"))
        looks_right(page)
        page.get_by_label("A draft waits for your release").select_option("daily")
        assert page.get_by_label("Items wait for a grade").count() == 0
        follow(page, page.get_by_role("button", name="Keep it"))
        follow(page, page.get_by_role("link", name="What you are told of by mail"))
        chosen = page.get_by_label("A draft waits for your release").input_value()
        assert chosen == "daily"


def test_an_administrator_sees_what_was_given_up_and_has_it_tried_again(service, home, browser):
    address, accounts = service
    with logged_in(home) as owner:
        owner.execute(
            "INSERT INTO store_outgoing (kind, key, ticket, account_id, made_at, due_at, gathered, "
            "attempt, doubtful, said, outcome, ended_at) SELECT 'items wait', 'x', 'x', id, now(), "
            "now(), false, 8, true, 'The mail server answers 451.', 'given up', now() "
            "FROM store_account ORDER BY id LIMIT 1"
        )
    with looked_at(browser) as page:
        sign_in(page, address, accounts["administrator"])
        follow(page, page.get_by_role("link", name="Messages that could not be sent"))
        looks_right(page)
        said = page.inner_text("main")
        assert "The mail server answers 451." in said
        assert "may have been sent twice" in said
        follow(page, page.get_by_role("link", name="Try again"))
        looks_right(page)
        follow(page, page.get_by_role("button", name="Try again"))
        assert "given up" not in page.inner_text("main").lower()


def test_a_manager_gives_more_time_and_the_agency_sees_who_and_why(service, home, browser):
    address, accounts = service
    asked_of_two_forces(home)
    with looked_at(browser) as page:
        sign_in(page, address, accounts["requirement-manager"])
        page.goto(f"{address}/desk/asks")
        looks_right(page)
        follow(page, page.get_by_role("link", name="Give more time for ASK-1", exact=True))
        looks_right(page)
        page.get_by_label("Until").fill("2027-03-31")
        page.get_by_label("Why").fill("the system was replaced")
        follow(page, page.get_by_role("button", name="Give it"))
    with looked_at(browser) as page:
        sign_in(page, address, accounts["reporting-officer.kent"])
        page.goto(f"{address}/desk/asks")
        looks_right(page)
        said = page.inner_text("main")
        assert "In time until 31 March 2027" in said
        assert "SYNTHETIC requirement manager. the system was replaced" in said
    due = json.loads(run("requirements", "due", "--format", "json", home=home).stdout)
    given = [each["more_time"] for each in due["asks"] if each["more_time"]]
    assert [each["reason"] for each in given] == ["the system was replaced"]


def test_a_question_is_saved_from_its_answer_and_asked_anew(service, browser):
    address, accounts = service
    with looked_at(browser) as page:
        sign_in(page, address, accounts["analyst"])
        page.goto(f"{address}/ask?measure=victims_recovered&period=2012&as_at=2026-01-01")
        follow(page, page.get_by_role("link", name="Save this question"))
        assert "as_at" not in page.url
        looks_right(page)
        page.get_by_label("Name").fill("Victims in 2012")
        follow(page, page.get_by_role("button", name="Save it"))
        looks_right(page)
        assert "has not changed since you saved it" in page.inner_text("main")
        follow(page, page.get_by_role("button", name="Tell me no more"))
        follow(page, page.get_by_role("link", name="All you saved"))
        looks_right(page)
        follow(page, page.get_by_role("link", name="Victims in 2012"))
        follow(page, page.get_by_role("button", name="Forget it"))
        assert "You have saved no question" in page.inner_text("main")


def test_an_agencys_administrator_registers_an_address(service, browser):
    address, accounts = service
    with looked_at(browser) as page:
        sign_in(page, address, accounts["agency-administrator.kent"])
        follow(page, page.get_by_role("link", name="Addresses that your systems are told by"))
        looks_right(page)
        follow(page, page.get_by_role("link", name="Tell a system of ours"))
        once_more(page, accounts["agency-administrator.kent"])
        looks_right(page)
        page.get_by_label("Address").fill("http://127.0.0.1:9/hook")
        page.get_by_label("An ask was put to the agency").check()
        follow(page, page.get_by_role("button", name="Register it"))
        looks_right(page)
        assert page.get_by_label("WEBHOOK-1").input_value().startswith("darkfigure_signs_")
        page.goto(f"{address}/desk/webhooks")
        looks_right(page)
        assert "darkfigure_signs_" not in page.content()
        follow(page, page.get_by_role("link", name="End it"))
        page.get_by_label("Why").fill("the machine was sold")
        follow(page, page.get_by_role("button", name="End it"))
        assert "the machine was sold" in page.inner_text("main")
