"""The pages on which a person is answered, and on which two persons are needed: walked in a real
browser, each held to axe. All synthetic.
"""

from __future__ import annotations

import json
import random

import pyrage
import pytest
from test_subjects import holdings

from darkfigure.cases.records import FORM
from support import logged_in, run
from support_pages import (
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    once_more,
    served,
    sign_in,
)

pytestmark = pytest.mark.xdist_group("pages_of_two")


@pytest.fixture(scope="module")
def walked(home, browser, tmp_path_factory):
    """A hub with Kent's holdings of old, and its people."""
    path = tmp_path_factory.mktemp("kent") / "kent.json"
    held = {**holdings(random.Random(5), "kent"), "form": FORM, "stated_on": "2018-04-01"}
    path.write_text(json.dumps(held), encoding="utf-8")
    run("load", path, "--marking", "PUBLIC", home=home)
    accounts = made_up_accounts(home, "kent")
    with served(home) as address:
        yield address, accounts


def test_the_pages_of_disposal(browser, walked, home):
    address, accounts = walked
    with looked_at(browser) as page:
        sign_in(page, address, accounts["administrator"])
        for path in ("", "/hold", "/propose?kind=return&number=1"):
            page.goto(f"{address}/desk/disposal{path}")
            looks_right(page)
        page.get_by_label("Why").fill("no longer needed for any purpose")
        follow(page, page.get_by_role("button", name="Propose it"))
        assert "DISPOSAL-1" in page.inner_text("main")
        looks_right(page)
        page.goto(f"{address}/desk/disposal/1/withdraw")
        looks_right(page)
        page.goto(f"{address}/desk/disposal/1/carry-out")
        once_more(page, accounts["administrator"])
        looks_right(page)
        follow(page, page.get_by_role("button", name="Dispose of it"))
        assert "Another than who proposed" in page.inner_text("main")
        page.problems.clear()  # 400
        looks_right(page)
        page.goto(f"{address}/desk/disposal")
        follow(page, page.get_by_role("link", name="all that is held of one person"))
        with logged_in(home) as owner:
            whom = owner.execute("SELECT min(record) FROM case_person").fetchone()[0]
        page.get_by_label("Its number").fill(whom)
        page.get_by_label("Why").fill("a court orders that it go")
        follow(page, page.get_by_role("button", name="Propose it"))
        assert "DISPOSAL-2" in page.inner_text("main")
        assert whom not in page.inner_text("main")


def test_the_pages_on_which_a_person_is_answered(browser, walked, home):
    address, accounts = walked
    key = pyrage.x25519.Identity.generate()
    with looked_at(browser) as page:
        sign_in(page, address, accounts["analyst"])
        page.goto(f"{address}/desk/subjects")
        page.get_by_label("What for").select_option("own_data")
        follow(page, page.get_by_role("button", name="State it"))
        assert page.url == f"{address}/desk/subjects"
        looks_right(page)
        page.get_by_label("Family name").fill("bobbin")
        page.get_by_label("Given name").fill("Synthia0")
        page.get_by_label("Why").fill("request 12 of November")
        follow(page, page.get_by_role("button", name="Look for it"))
        assert "Bobbin" in page.inner_text("main")
        assert "obbin" not in page.url
        looks_right(page)
        person = page.get_by_role("link", name="they dispute person").first
        disputed = person.get_attribute("href")
        follow(page, page.get_by_role("button", name="Hand it over"))
        once_more(page, accounts["analyst"])
        looks_right(page)
        page.get_by_label("Their public key").fill(str(key.to_public()))
        page.get_by_label("What is withheld").fill("name = e")
        page.get_by_label("Why").fill("request 12 of November")
        with page.expect_download() as handed:
            page.get_by_role("button", name="Hand it over").click()
        held = pyrage.decrypt(handed.value.path().read_bytes(), [key]).decode()
        assert '"withheld": "e"' in held
        assert "Bobbin" not in held
        page.problems.clear()  # a file that is kept is no page
        page.goto(f"{address}{disputed}")
        looks_right(page)
        page.get_by_label("What of it").fill("sex")
        page.get_by_label("Why").fill("the sex is another")
        follow(page, page.get_by_role("button", name="Ask the agency"))
        assert "DISPUTE-1" in page.inner_text("main")
        page.goto(f"{address}/desk/links/waiting")
        looks_right(page)
    with looked_at(browser) as page:
        sign_in(page, address, accounts["agency-supervisor.kent"])
        page.goto(f"{address}/desk/disputes")
        looks_right(page)
        follow(page, page.get_by_role("link", name="keep DISPUTE-1"))
        looks_right(page)
        page.get_by_label("Why").fill("the court asks for it")
        follow(page, page.get_by_role("button", name="Say so"))
        assert "kept: the court asks for it" in page.inner_text("main")
    with logged_in(home) as held:
        kinds = {kind for (kind,) in held.execute("SELECT kind FROM store_outgoing").fetchall()}
    assert {"record disputed", "dispute answered"} <= kinds


def test_a_draft_is_sent_back_and_mended(browser, walked):
    address, accounts = walked
    with looked_at(browser) as page:
        sign_in(page, address, accounts["reporting-officer.kent"])
        page.goto(f"{address}/desk/submissions/new")
        page.get_by_label("File").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"measure\nsynthetic\n"}
        )
        follow(page, page.get_by_role("button", name="Save as draft and check"))
        draft = page.url
    with looked_at(browser) as page:
        sign_in(page, address, accounts["agency-supervisor.kent"], ahead=1)
        page.goto(draft)
        follow(page, page.get_by_role("link", name="Send it back"))
        looks_right(page)
        page.get_by_label("What is to be mended").fill("the year is missing")
        follow(page, page.get_by_role("button", name="Send it back"))
        page.goto(draft)
        assert "the year is missing" in page.inner_text("main")
        assert page.get_by_role("link", name="Release it").count() == 0
        looks_right(page)
