"""Agencies report by the pages: asks, replies, drafts with their checks, another's release. On the
real server in a real browser; all synthetic.
"""

from __future__ import annotations

import json
import urllib.request

import pytest

from support import asked_of_two_forces, own_folder, run, statement, statement_file
from support_pages import (
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    once_more,
    served,
    sign_in,
)

pytestmark = pytest.mark.xdist_group("reporting_pages")


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        asked_of_two_forces(folder)
        yield folder


@pytest.fixture(scope="module")
def accounts(home):
    return made_up_accounts(home, "kent", "essex")


@pytest.fixture(scope="module")
def address(home, accounts):
    with served(home) as url:
        yield url


@pytest.fixture(scope="module")
def officer(browser, address, accounts):
    """Kent's reporting officer, in a browser without JavaScript."""
    with looked_at(browser, java_script_enabled=False) as page:
        sign_in(page, address, accounts["reporting-officer.kent"])
        yield page


@pytest.fixture(scope="module")
def supervisor(browser, address, accounts):
    with looked_at(browser) as page:
        sign_in(page, address, accounts["agency-supervisor.kent"])
        yield page


@pytest.fixture(scope="module")
def stranger(browser, address, accounts):
    """Essex's reporting officer."""
    with looked_at(browser) as page:
        sign_in(page, address, accounts["reporting-officer.essex"])
        yield page


def drafted(page, address, path, kind="return", marking="OFFICIAL"):
    """Send in a file as a draft. Gives its number."""
    page.goto(f"{address}/desk/submissions/new")
    page.get_by_label("What it is").select_option(kind)
    page.get_by_label("File").set_input_files(path)
    page.get_by_label("Marked").select_option(marking)
    follow(page, page.get_by_role("button", name="Save as draft and check"))
    return int(page.url.rpartition("/")[2])


def released(page, address, number, account):
    """Release a draft, and what the page then says."""
    page.goto(f"{address}/desk/submissions/{number}")
    follow(page, page.get_by_role("link", name="Release it"))
    once_more(page, account)
    follow(page, page.get_by_role("button", name="Release it"))
    return page.inner_text("main")


def test_an_ask_is_replied_to(officer, supervisor, stranger, address, accounts):
    officer.goto(f"{address}/desk/")
    assert officer.locator("li", has_text="Asks that wait for a reply").inner_text().endswith("2")
    follow(officer, officer.get_by_role("link", name="Asks that wait for a reply"))
    assert "overdue" in officer.inner_text("main")
    assert "Essex" not in officer.inner_text("main")
    follow(officer, officer.get_by_role("link", name="Reply to ASK-1"))
    officer.get_by_label("Reply").select_option("nil_searched")
    officer.get_by_label("Signed off by").fill("head of unit")
    follow(officer, officer.get_by_role("button", name="Save as draft"))
    # An effort is missing: kept as a draft all the same, with its fault.
    assert "1 fault" in officer.inner_text("main")
    officer.goto(f"{address}/desk/asks/ASK-1/reply")
    officer.get_by_label("Reply").select_option("nil_searched")
    officer.get_by_label("What was searched").select_option("thorough")
    officer.get_by_label("Signed off by").fill("head of unit")
    follow(officer, officer.get_by_role("button", name="Save as draft"))
    number = int(officer.url.rpartition("/")[2])
    assert "No faults" in officer.inner_text("main")
    assert officer.get_by_role("link", name="Release it").count() == 0

    for path in ("", "/mend", "/release", "/discard"):
        assert stranger.goto(f"{address}/desk/submissions/{number}{path}").status == 404
    assert "SUBMISSION" not in stranger.inner_text("main")
    stranger.goto(f"{address}/desk/asks/ASK-1/reply")
    assert "There is no page at this address" in stranger.inner_text("main")
    stranger.problems.clear()

    supervisor.goto(f"{address}/desk/")
    looks_right(supervisor)
    supervisor.goto(f"{address}/desk/submissions/{number}")
    looks_right(supervisor)
    said = released(supervisor, address, number, accounts["agency-supervisor.kent"])
    assert "1 reply filed" in said
    looks_right(supervisor)
    officer.goto(f"{address}/desk/asks")
    assert "ASK-1" not in officer.inner_text("main")
    assert "ASK-2" in officer.inner_text("main")


def test_what_is_shown_to_who_signed_in_is_kept_by_nobody(officer, address):
    """Who comes after them at the same machine goes back to nothing; to nobody it says no name."""
    for path in ("/desk/", "/", "/held", "/measures", "/answers", "/account/factors", "/api/docs"):
        assert "no-store" in officer.goto(f"{address}{path}").headers["cache-control"], path
        assert officer.reload().status == 200
    with urllib.request.urlopen(f"{address}/measures") as page:
        assert page.headers["Cache-Control"] is None


def test_a_return_is_drafted_mended_and_released(
    officer, supervisor, address, accounts, home, tmp_path
):
    faulty = statement_file(
        tmp_path / "faulty.csv",
        statement(period="2024", value=12, stated_by="Kent", stated_on="2026-02-01"),
        statement(period="2025", value="many", stated_by="Kent", stated_on="2026-02-01"),
    )
    number = drafted(officer, address, faulty)
    assert "1 fault" in officer.inner_text("main")
    assert "3" in officer.locator("tbody tr").first.inner_text()
    supervisor.goto(f"{address}/desk/submissions/{number}")
    assert supervisor.get_by_role("link", name="Release it").count() == 0
    looks_right(supervisor)
    mended = statement_file(
        tmp_path / "mended.csv",
        statement(period="2024", value=12, stated_by="Kent", stated_on="2026-02-01"),
        statement(period="2025", value=14, stated_by="Kent", stated_on="2026-02-01"),
    )
    follow(officer, officer.get_by_role("link", name="Put a mended file in its place"))
    officer.get_by_label("File").set_input_files(mended)
    officer.get_by_label("Marked").select_option("OFFICIAL")
    follow(officer, officer.get_by_role("button", name="Save as draft and check"))
    second = int(officer.url.rpartition("/")[2])
    assert f"in the place of SUBMISSION-{number}" in officer.inner_text("main")
    said = released(supervisor, address, second, accounts["agency-supervisor.kent"])
    assert "2 rows in return" in said
    # Kent sees its own figures, the public does not.
    asked = f"{address}/ask?measure=victims_recovered&by=year&period=2024..2025"
    supervisor.goto(asked)
    assert "14" in supervisor.inner_text("table")
    with looked_at(supervisor.context.browser) as public:
        public.goto(asked)
        assert "14" not in public.inner_text("main")
    held = run("returns", home=home).stdout
    assert "statements" in held

    # What it became is shown to who sent it; the supervisor takes it back, and the figure is gone.
    officer.goto(f"{address}/desk/submissions/{second}")
    assert "Victims recovered in police campaigns: 2 figures" in officer.inner_text("main")
    assert officer.get_by_role("link", name="Take it back").count() == 0
    assert officer.goto(f"{address}/desk/submissions/{second}/back").status == 403
    officer.problems.clear()
    supervisor.goto(f"{address}/desk/submissions/{second}")
    looks_right(supervisor)
    follow(supervisor, supervisor.get_by_role("link", name="Take it back"))
    once_more(supervisor, accounts["agency-supervisor.kent"])
    supervisor.get_by_label("Why").fill("Counted twice.")
    follow(supervisor, supervisor.get_by_role("button", name="Take it back"))
    assert "taken back from" in supervisor.inner_text("main").lower()
    looks_right(supervisor)
    supervisor.goto(asked)
    assert "14" not in supervisor.inner_text("main")


def test_what_is_of_another_is_not_taken_in(officer, address, tmp_path):
    others = statement_file(
        tmp_path / "others.csv",
        statement(period="2024", value=12, stated_by="Essex", stated_on="2026-02-01"),
    )
    drafted(officer, address, others)
    assert "What you send is of Kent" in officer.inner_text("main")


def test_a_draft_is_discarded_and_its_words_are_gone(officer, address, tmp_path):
    path = statement_file(
        tmp_path / "own.csv",
        statement(period="2023", value=12, stated_by="Kent", stated_on="2026-02-01"),
    )
    number = drafted(officer, address, path)
    follow(officer, officer.get_by_role("link", name="Discard it"))
    follow(officer, officer.get_by_role("button", name="Discard it"))
    officer.goto(f"{address}/desk/submissions/{number}")
    assert "Discarded" in officer.inner_text("main")
    assert officer.get_by_role("heading", name="Checks").count() == 0


@pytest.mark.parametrize(
    ("role", "link", "said"),
    [
        ("grader", "Items and their grades", "No item is held"),
        ("requirement-manager", "Asks that wait for a reply", "ASK-3"),
        ("assessor", "Coverage of the requirement", "of what is asked is answered"),
        ("auditor", "Who did what, and whether the log holds", "audit"),
        ("administrator", "Roles that wait for your approval", "SYNTHETIC analyst"),
        ("answers-desk", "What is held", "held"),
        ("release-officer", "Ask a question of the repository", "Ask what was known"),
        ("statistician", "Ask a question of the repository", "Ask what was known"),
        ("agency-administrator.kent", "Roles that wait for your approval", "SYNTHETIC"),
    ],
)
def test_each_role_finds_its_work_at_the_desk(browser, address, accounts, role, link, said):
    with looked_at(browser) as page:
        sign_in(page, address, accounts[role])
        looks_right(page)
        follow(page, page.get_by_role("link", name=link).first)
        assert said in page.inner_text("main")
        looks_right(page)
        if role == "agency-administrator.kent":
            assert "Essex" not in page.inner_text("main")
        if role == "auditor":
            audited(page, address, accounts)


def audited(page, address, accounts):
    """What an auditor finds: by whom, what, with what; whether the log holds; who sees what."""
    page.get_by_text("Find entries, or check the log").click()
    page.get_by_label("What", exact=True).fill("released")
    page.get_by_label("Check whether the whole log holds").check()
    follow(page, page.get_by_role("button", name="Show"))
    assert "The log holds" in page.inner_text("main")
    assert "submission released" in page.inner_text("table")
    looks_right(page)
    page.goto(f"{address}/desk/log?who=synthetic+auditor&action=signed+in")
    assert "SYNTHETIC auditor" in page.inner_text("table")
    page.goto(f"{address}/desk/log?touching=submission+1")
    told = page.inner_text("table")
    assert "submission drafted" in told
    assert "signed in" not in told
    page.goto(f"{address}/desk/log?touching=submission+99")
    assert "No entry fits" in page.inner_text("main")
    page.goto(f"{address}/desk/sight")
    looks_right(page)
    for agency, seen in (("kent", "seen"), ("essex", "not seen")):
        email, _, _ = accounts[f"reporting-officer.{agency}"]
        page.get_by_label("Who", exact=True).select_option(f"SYNTHETIC reporting officer, {email}")
        page.get_by_label("Sees which").select_option("submission")
        page.get_by_label("Number").fill("1")
        follow(page, page.get_by_role("button", name="Explain"))
        assert page.locator("h3 .govuk-tag").inner_text().lower() == seen
        looks_right(page)


def test_an_item_is_graded_anew_by_who_did_not_submit_it(
    browser, officer, supervisor, address, accounts, tmp_path
):
    link = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q3", "relation": "supports"}
    item = {"number": 1, "grade": "2CP", "on": "2026-08-01", "origin": "SYNTHETIC-1"}
    report = {
        "reference": "SYN-1",
        "agency": "kent",
        "marking": "OFFICIAL",
        "source": {"kind": "officer"},
        "submitted_by": "officer",
        "graded_by": "supervisor",
        "submitted_on": "2026-08-02",
        "synthetic": True,
        "items": [{**item, "links": [link]}],
    }
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    number = drafted(officer, address, path, "report")
    assert "No faults" in officer.inner_text("main")
    said = released(supervisor, address, number, accounts["agency-supervisor.kent"])
    assert "report SYN-1 with 1 items" in said
    with looked_at(browser) as page:
        sign_in(page, address, accounts["grader"], ahead=1)
        page.goto(f"{address}/desk/items")
        looks_right(page)
        follow(page, page.get_by_role("link", name="Grade anew kent SYN-1/1"))
        page.get_by_label("Grade", exact=True).fill("9ZZ")
        page.get_by_label("Why").fill("its source was seen")
        follow(page, page.get_by_role("button", name="Grade it"))
        assert page.get_by_role("alert").is_visible()
        page.problems.clear()
        page.get_by_label("Grade", exact=True).fill("1CP")
        follow(page, page.get_by_role("button", name="Grade it"))
        assert "1C" in page.inner_text("table")


def test_a_token_is_made_shown_once_and_revoked(browser, address, accounts, home):
    account = accounts["agency-administrator.essex"]
    with looked_at(browser, java_script_enabled=False) as page:
        sign_in(page, address, account)
        follow(page, page.get_by_role("link", name="Programs that report, and their tokens"))
        assert "No program has a token yet" in page.inner_text("main")
        follow(page, page.get_by_role("link", name="Make a token for a program"))
        once_more(page, account)
        assert page.get_by_label("Agency", exact=True).inner_text().strip().startswith("Essex")
        page.get_by_label("What it is for").fill("case system")
        page.get_by_label("Send returns").check()
        page.get_by_label("Release what").check()
        follow(page, page.get_by_role("button", name="Make it"))
        assert "does not both send" in page.inner_text("main")
        page.problems.clear()
        page.get_by_label("Release what").uncheck()
        follow(page, page.get_by_role("button", name="Make it"))
        token = page.get_by_label("TOKEN-1").input_value()
        assert token.startswith("darkfigure_")
        assert token not in page.url
    with looked_at(browser) as page:
        sign_in(page, address, account, ahead=1)
        page.goto(f"{address}/desk/programs")
        looks_right(page)
        assert token not in page.content()
        follow(page, page.get_by_role("link", name="Revoke TOKEN-1"))
        once_more(page, account)
        page.get_by_label("Why").fill("the machine was sold")
        follow(page, page.get_by_role("button", name="Revoke it"))
        assert "the machine was sold" in page.inner_text("main")
        looks_right(page)
    assert "TOKEN-1  essex  revoked" in run("tokens", "list", home=home).stdout
    assert token not in run("log", "--number", "500", home=home).stdout


def as_well(page, other):
    """The page that one is on, looked at by another whose browser runs the checks."""
    other.goto(page.url)
    looks_right(other)


def test_a_report_is_typed_item_by_item(officer, supervisor, address, accounts):
    officer.goto(f"{address}/desk/submissions/type")
    as_well(officer, supervisor)
    follow(officer, officer.get_by_role("link", name="Begin an intelligence report"))
    as_well(officer, supervisor)
    officer.get_by_label("Your reference").fill("SYN-TYPED-1")
    officer.get_by_label("Kind of source").fill("officer")
    officer.get_by_label("Graded by").fill("synthetic grader")
    officer.get_by_label("Submitted on").fill("2026-07-01")
    officer.get_by_label("Marked").select_option("OFFICIAL")
    follow(officer, officer.get_by_role("button", name="Save as draft and check"))
    assert "It has no item yet" in officer.inner_text("main")
    for words in ("SYNTHETIC first words", "SYNTHETIC second words"):
        follow(officer, officer.get_by_role("link", name="Type an item"))
        officer.get_by_label("What was learnt").fill(words)
        officer.get_by_label("Source", exact=True).select_option("2")
        officer.get_by_label("Information").select_option("C")
        officer.get_by_label("Handling").select_option("P")
        officer.get_by_label("Learnt on").fill("2026-06-20")
        officer.get_by_label("Origin").fill("synthetic log 7")
        officer.get_by_label("Question 1", exact=True).select_option("HT.6.4")
        officer.get_by_label("Area of question 1").fill("Kent")
        officer.get_by_label("Period of question 1").fill("2026 Q2")
        officer.get_by_label("What it does to question 1").select_option("supports")
        as_well(officer, supervisor)
        follow(officer, officer.get_by_role("button", name="Save as draft and check"))
    said = officer.inner_text("main")
    assert "SYNTHETIC first words" in said
    assert "supports HT.6.4, Kent, 2026 Q2" in said
    as_well(officer, supervisor)
    follow(officer, officer.get_by_role("link", name="Leave out item 2"))
    follow(officer, officer.get_by_role("button", name="Leave it out"))
    assert "SYNTHETIC second words" not in officer.inner_text("main")
    follow(officer, officer.get_by_role("link", name="Change item 1"))
    assert officer.get_by_label("What was learnt").input_value() == "SYNTHETIC first words"
    officer.get_by_label("What was learnt").fill("SYNTHETIC words, mended")
    follow(officer, officer.get_by_role("button", name="Save as draft and check"))
    assert "No faults" in officer.inner_text("main")
    number = int(officer.url.rpartition("/")[2])
    said = released(supervisor, address, number, accounts["agency-supervisor.kent"])
    assert "Item 1, graded 2CP, on HT.6.4 Kent 2026 Q2" in said


def test_records_are_typed_one_by_one(officer, supervisor, address, accounts):
    officer.goto(f"{address}/desk/submissions/type/person")
    as_well(officer, supervisor)
    officer.get_by_label("Synthetic: made up").check()
    for reference, year in (("SYN-1", "1990"), ("SYN-2", "1987")):
        if reference != "SYN-1":
            follow(officer, officer.get_by_role("link", name="Type another record"))
            officer.get_by_label("Synthetic: made up").check()
        officer.locator("#id_record").fill(reference)
        officer.get_by_label("Birth year").fill(year)
        follow(officer, officer.get_by_role("button", name="Save as draft and check"))
    said = officer.inner_text("main")
    assert "No faults" in said
    assert "2 rows" in said
    number = int(officer.url.rpartition("/")[2])
    said = released(supervisor, address, number, accounts["agency-supervisor.kent"])
    assert "2 rows in return" in said


def test_what_came_as_a_file_is_mended_as_a_file(officer, stranger, address, tmp_path):
    file = tmp_path / "synthetic.csv"
    file.write_text("measure\nsynthetic\n")
    number = drafted(officer, address, file)
    for path in ("record", "items", "items/1"):
        assert officer.goto(f"{address}/desk/submissions/{number}/{path}").status == 404
        assert stranger.goto(f"{address}/desk/submissions/{number}/{path}").status == 404
    officer.problems.clear()
    stranger.problems.clear()


def test_how_coverage_stood_is_drawn_for_who_plans(browser, address, accounts):
    with looked_at(browser) as page:
        sign_in(page, address, accounts["requirement-manager"])
        page.goto(f"{address}/desk/coverage")
        looks_right(page)
        drawing = page.locator("figure.df-chart svg")
        assert drawing.count() == 1
        assert "N1" in page.locator("figure.df-chart").inner_text()
