"""The answers desk at work on its pages: a request comes, is written, released, corrected and
withdrawn. On the real server in a real browser; all synthetic.
"""

from __future__ import annotations

from datetime import date

import pytest

from support import own_folder, run, statement, statement_file
from support_pages import (
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    once_more,
    served,
    sign_in,
)

pytestmark = pytest.mark.xdist_group("enquiry_pages")
WORDS = "How many victims were recovered in 2024? <script>alert(1)</script> (SYNTHETIC)"


def loaded(home, name, *rows):
    path = statement_file(home / name, *(statement(source="SYNTHETIC", **row) for row in rows))
    run("load", path, home=home)


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def accounts(home):
    loaded(home, "one.csv", {"period": "2024", "value": 412, "stated_on": "2025-02-01"})
    return made_up_accounts(home, "kent")


@pytest.fixture(scope="module")
def address(home, accounts):
    with served(home) as url:
        yield url


@pytest.fixture(scope="module")
def writer(browser, address, accounts):
    """Who writes, in a browser without JavaScript."""
    with looked_at(browser, java_script_enabled=False) as page:
        sign_in(page, address, accounts["answers-desk"])
        yield page


@pytest.fixture(scope="module")
def releaser(browser, address, accounts):
    with looked_at(browser) as page:
        sign_in(page, address, accounts["release-officer"])
        yield page


def entered(page, address, **given):
    """Enter a request. Gives its number."""
    page.goto(f"{address}/desk/enquiries/new")
    for label, value in given.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    follow(page, page.get_by_role("button", name="Enter it"))
    return int(page.url.rpartition("/")[2])


def with_part(page, address, number, **given):
    page.goto(f"{address}/desk/enquiries/{number}/parts/new")
    if "Refused" in given:
        page.get_by_text("If it is refused").click()
    for label, value in given.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        (field.select_option if label == "Refused" else field.fill)(value)
    follow(page, page.get_by_role("button", name="Save the part"))
    return page.inner_text("main")


def released(page, address, number, account):
    page.goto(f"{address}/desk/enquiries/{number}")
    follow(page, page.get_by_role("link", name="Release it"))
    once_more(page, account)
    follow(page, page.get_by_role("button", name="Release it"))
    return page.inner_text("main")


def test_a_request_is_written_by_one_and_released_by_another(writer, releaser, address, accounts):
    writer.goto(f"{address}/desk/")
    follow(writer, writer.get_by_role("link", name="Requests that wait for a response"))
    follow(writer, writer.get_by_role("link", name="Enter a request"))
    looks_right_without_script(writer)
    number = entered(
        writer,
        address,
        Came_on="2026-03-02",
        Reference="FOI-2026/7",
        **{
            "Its words, as they came": WORDS,
            "E-mail address of who asks": "synthetic.someone@example.org",
        },
    )
    said = writer.inner_text("main")
    assert "31 March 2026" in said
    assert "17 March" in said  # a bank holiday in Northern Ireland
    assert "overdue by" in said
    assert "alert(1)" in said
    assert writer.locator("main script").count() == 0
    said = with_part(writer, address, number, What_it_asks="victims recovered in 2024")
    assert "412" in said
    said = with_part(writer, address, number, What_it_asks="nothing of the kind zzz")
    assert "It cannot go out so" in said
    follow(writer, writer.get_by_role("link", name="take out part (b)"))
    follow(writer, writer.get_by_role("button", name="Take it out"))
    said = with_part(
        writer,
        address,
        number,
        What_it_asks="arrests",
        Period="2024",
        Refused="exempt",
        Section_of_the_Act="31(1)(a)",
        Why="It would help who is sought.",
        The_balance_of_public_interest="It lies in keeping it.",
    )
    assert "section 31" in said
    assert writer.get_by_role("link", name="Release it").count() == 0
    assert writer.goto(f"{address}/desk/enquiries/{number}/release").status == 403
    writer.problems.clear()

    releaser.goto(f"{address}/desk/enquiries/{number}")
    looks_right(releaser)
    said = released(releaser, address, number, accounts["release-officer"])
    assert "RESPONSE-1" in said
    assert "412" in said
    looks_right(releaser)
    writer.goto(f"{address}/answers/RESPONSE-1")
    assert "412" in writer.inner_text("main")
    writer.goto(f"{address}/desk/enquiries/{number}")
    assert "alert(1)" not in writer.content()


def looks_right_without_script(page):
    """No wider than a phone; axe needs JavaScript and looks at the same page elsewhere."""
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.locator("main").bounding_box()["width"] <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_what_departs_from_what_was_said_shows_it_before_it_goes_out(
    writer, releaser, address, home, accounts
):
    today = date.today().isoformat()
    loaded(home, "two.csv", {"period": "2024", "value": 430, "stated_on": today})
    number = entered(writer, address, Subject="Synthetic victims once more")
    said = with_part(writer, address, number, What_it_asks="victims recovered in 2024")
    assert "It departs from what was said before" in said
    assert "412 then, 430 now" in said
    assert "RESPONSE-1" in said
    releaser.goto(f"{address}/desk/responses/changed")
    assert "RESPONSE-1" in releaser.inner_text("main")
    looks_right(releaser)
    releaser.goto(f"{address}/desk/responses?words=victims")
    assert "RESPONSE-1" in releaser.inner_text("main")
    looks_right(releaser)

    # A release is of what was read: a draft that changed meanwhile stays.
    releaser.goto(f"{address}/desk/enquiries/{number}")
    follow(releaser, releaser.get_by_role("link", name="Release it"))
    with_part(writer, address, number, What_it_asks="victims recovered in 2023")
    follow(releaser, releaser.get_by_role("button", name="Release it"))
    assert "another than you read" in releaser.inner_text("main")
    releaser.problems.clear()
    looks_right(releaser)
    assert "RESPONSE-2" in released(releaser, address, number, accounts["release-officer"])


def test_a_response_is_corrected_and_one_is_withdrawn(writer, releaser, address, accounts):
    writer.goto(f"{address}/desk/responses/RESPONSE-1")
    follow(writer, writer.get_by_role("link", name="Correct it"))
    writer.get_by_label("Why").fill("A later return states another figure.")
    writer.get_by_label("As known on").fill(date.today().isoformat())
    follow(writer, writer.get_by_role("button", name="Begin"))
    number = int(writer.url.rpartition("/")[2])
    assert "430" in writer.inner_text("main")
    said = released(releaser, address, number, accounts["release-officer"])
    assert "Corrects" in said
    releaser.goto(f"{address}/desk/responses/RESPONSE-2")
    follow(releaser, releaser.get_by_role("link", name="Withdraw it"))
    once_more(releaser, accounts["release-officer"])
    looks_right(releaser)
    releaser.get_by_label("Why").fill("It was sent by mistake.")
    follow(releaser, releaser.get_by_role("button", name="Withdraw it"))
    assert "It was sent by mistake." in releaser.inner_text("main")
    writer.goto(f"{address}/answers/RESPONSE-2")
    assert "It was sent by mistake." in writer.inner_text("main")
    writer.goto(f"{address}/desk/responses/owed")
    looks_right_without_script(writer)
    said = writer.inner_text("main")
    assert "it was corrected" in said
    assert "No address is kept" in said
    releaser.goto(f"{address}/desk/responses/owed")
    looks_right(releaser)
    follow(releaser, releaser.get_by_role("link", name="Send word of").first)
    looks_right(releaser)
    follow(writer, writer.get_by_role("link", name="Send word of").first)
    looks_right_without_script(writer)
    follow(writer, writer.get_by_role("button", name="Send it"))
    assert "waits to be sent" in writer.inner_text("main")
    follow(
        writer, writer.get_by_role("row").filter(has_text="waits to be").get_by_role("link").first
    )
    looks_right_without_script(writer)
    assert "Waits to be sent since" in writer.inner_text("main")


def test_a_request_is_closed_and_those_that_wait_stand_first(writer, releaser, address):
    number = entered(writer, address, Subject="Synthetic and taken back")
    follow(writer, writer.get_by_role("link", name="Close it without a response"))
    writer.get_by_label("Why no response goes out").fill("Taken back by who asked.")
    follow(writer, writer.get_by_role("button", name="Close it"))
    assert "Taken back by who asked." in writer.inner_text("main")
    releaser.goto(f"{address}/desk/enquiries")
    looks_right(releaser)
    releaser.goto(f"{address}/desk/enquiries/{number}")
    looks_right(releaser)
    assert writer.goto(f"{address}/desk/enquiries/{number}/parts/new").status == 404
    writer.problems.clear()


def test_of_two_tabs_the_second_to_save_sees_both_texts(writer, address):
    """What another saved stands beside what was typed; to save once more is to have read both."""
    number = entered(writer, address, Subject="Synthetic in two tabs")
    with_part(writer, address, number, What_it_asks="victims_recovered", Period="2024")
    tab = writer.context.new_page()
    for page in (writer, tab):
        page.goto(f"{address}/desk/enquiries/{number}/parts/a")
    saved(tab, "2023")
    said = saved(writer, "2022")
    assert "changed by somebody else since you opened it" in said
    assert "2023" in writer.locator("section[aria-labelledby=stands]").inner_text()
    assert writer.get_by_label("Period", exact=True).input_value() == "2022"
    looks_right_without_script(writer)
    assert "2022" in saved(writer, "2022")
    assert writer.url.endswith(f"/desk/enquiries/{number}")
    writer.problems.clear()  # the browser tells of what was refused
    tab.close()


def saved(page, period):
    page.get_by_label("Period", exact=True).fill(period)
    follow(page, page.get_by_role("button", name="Save the part"))
    return page.inner_text("main")
