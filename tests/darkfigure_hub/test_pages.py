"""The pages and the interface for programs, on the real server, in a real browser."""

from __future__ import annotations

import html
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from documents_held import held
from support import examples, own_folder, run
from support_pages import accessible, fits, follow, looked_at, served
from support_programs import token

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(scope="module")
def demo():
    """The demo's data folder and what it wrote."""
    with own_folder() as folder:
        said = run("demo", "--out", folder / "out", home=folder, seconds=600)
        yield folder, said.stdout


@pytest.fixture(scope="module")
def address(demo):
    """Where the real server serves the demo's repository."""
    with served(demo[0]) as url:
        yield url


@pytest.fixture
def page(browser):
    with looked_at(browser) as opened:
        yield opened


def test_from_the_front_page_to_the_row_of_the_file(page, address):
    page.goto(address)
    accessible(page)
    follow(page, page.get_by_role("link", name="as answered on 17 December 2008"))
    assert page.locator("td.figure").all_inner_texts() == ["88", "167[1]", "5[2]"]
    assert "not collected centrally" in page.inner_text("main")
    accessible(page)
    follow(page, page.locator("tbody tr").nth(1).get_by_role("link"))
    assert "167[1]" in page.inner_text("main")
    assert "parliamentary_answers.json" in page.inner_text("main")
    accessible(page)


def test_many_at_once_are_answered_or_told_to_come_again(address):
    def reads(number):
        path = ("/ask?measure=arrests&by=operation&as_at=2008-12-17", "/api/measures")[number % 2]
        try:
            with urllib.request.urlopen(f"{address}{path}", timeout=60) as answer:
                return answer.status, True
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Retry-After"] == "10"

    with ThreadPoolExecutor(120) as pool:
        told = set(pool.map(reads, range(240)))
    assert told <= {(200, True), (503, True)}
    assert reads(0) == reads(1) == (200, True)


def test_asking_by_the_form(page, address):
    page.goto(address)
    page.select_option("#measure", "nrm_referrals")
    follow(page, page.get_by_role("button", name="Next"))
    accessible(page)
    page.locator("#by-sex").check()
    page.get_by_text("Keep to some values", exact=True).click()
    page.locator("#ask-exploitation").select_option(label="Sexual exploitation")
    page.fill("#period", "2023Q2")
    follow(page, page.get_by_role("button", name="Answer"))
    assert "Female" in page.inner_text("table")
    accessible(page)


def test_the_form_without_a_measure_offers_them(page, address):
    page.goto(f"{address}/ask/form")
    assert page.locator("#measure option").count() > 20
    accessible(page)


def test_asking_in_own_words(page, address):
    page.goto(address)
    page.fill("#q", "how many victims were recovered in each pentameter, as known on 17 dec 2008")
    follow(page, page.get_by_role("button", name="Ask"))
    assert "You asked" in page.inner_text("main")
    assert "172" in page.inner_text("table")
    accessible(page)
    follow(page, page.get_by_role("link", name="other readings of it"))
    accessible(page)
    page.fill("#q", "how many children were referred in Manchester last year for county lines")
    follow(page, page.get_by_role("button", name="Ask"))
    assert "Left out: county lines" in page.inner_text("main")
    assert "Manchester lies in Greater Manchester" in page.inner_text("main")
    accessible(page)
    page.fill("#q", "wibble")
    follow(page, page.get_by_role("button", name="Ask"))
    assert "Nothing in these words" in page.inner_text("main")
    accessible(page)


def test_several_measures_stand_side_by_side(page, address):
    query = "measure=arrests,arrests_for_trafficking,convictions&by=operation&as_at=2008-12-17"
    page.goto(f"{address}/ask?{query}")
    heads = page.locator("th.figure").all_inner_texts()
    assert heads[0] == "Arrests (arrests)"
    assert heads[2] == "Convictions for trafficking (persons)"
    assert "299" in page.inner_text("table")
    assert page.get_by_text("Cannot be said of Convictions for trafficking").count() == 2
    accessible(page)
    follow(page, page.locator("tbody tr").nth(1).get_by_role("link").nth(1))
    assert "299" in page.inner_text("main")
    accessible(page)
    with urllib.request.urlopen(f"{address}/api/ask?{query}") as reply:
        told = json.load(reply)
    assert told["rows"][1]["figures"]["arrests_for_trafficking"]["value"] == 299
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{address}/api/ask?measure=arrests,premises_visited&by=sex")
    assert "premises_visited is not held by sex" in json.load(caught.value)["detail"]


def test_an_answer_with_changes_shares_and_years_across(page, address):
    query = "measure=nrm_referrals&by=age_group,year&period=2021..2023&pivot=year&total=1"
    page.goto(f"{address}/ask?{query}&change=1&share=1")
    heads = page.locator("th.figure").all_inner_texts()
    assert heads == ["2021", "2022", "2023"]
    assert "Total" in page.inner_text("table")
    assert "100.0%" in page.inner_text("table")
    accessible(page)
    follow(page, page.locator("tbody tr").nth(0).get_by_role("link").nth(1))
    assert "2022" in page.inner_text("main")
    page.goto(f"{address}/ask?measure=nrm_referrals&by=nationality&period=2023Q2&top=3&share=1")
    assert "All others" in page.locator("tbody tr").last.inner_text()
    accessible(page)
    with urllib.request.urlopen(f"{address}/api/ask?{query}") as reply:
        told = json.load(reply)
    assert told["view"]["across"]["columns"] == ["2021", "2022", "2023"]
    (total,) = [
        row
        for row in told["view"]["rows"]
        if row["kind"] == "total" and row["dims"] == {"year": "2022"}
    ]
    cells = {cell["id"]: cell["value"] for cell in told["cells"]}
    assert total["value"] == sum(cells[name] for name in total["added_up"])
    for wrong in ("top=many", "top=0", "pivot=sex", "sort=size", "change=1"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/ask?measure=arrests&by=operation&{wrong}")
        assert caught.value.code == 400


@pytest.mark.parametrize(
    ("query", "drawn"),
    [
        ("measure=nrm_referrals&by=year", 1),
        ("measure=nrm_referrals&by=age_group,quarter&period=2021..2023", 1),
        ("measure=arrests&by=operation&as_at=2008-12-17", 1),
        ("measure=nrm_referrals&by=nationality&period=2023Q2", 0),  # too many to compare
        ("measure=nrm_referrals&period=2023Q2", 0),  # one figure
        ("measure=convictions&by=operation&as_at=2008-12-17", 0),  # no figure
    ],
)
def test_what_runs_over_time_or_compares_a_few_is_drawn_above_its_table(
    page, address, query, drawn
):
    page.goto(f"{address}/ask?{query}")
    assert page.locator("figure.df-chart > svg[role=img]").count() == drawn
    table = page.locator(".df-answer table").first
    assert table.is_visible()
    if drawn:
        above = page.locator("figure.df-chart").bounding_box()
        assert above["y"] + above["height"] <= table.bounding_box()["y"]
        told = page.locator("figure.df-chart > svg").get_attribute("aria-label")
        figure = table.locator("td.figure").first.inner_text()
        assert figure in told
    accessible(page)


def test_every_document_of_the_demo_fits_its_schema(demo, address):
    written = sorted((demo[0] / "out").rglob("*.json"))
    documents = {path.name for path in written if "made_up" not in path.parts}
    assert {"answers.json", "coverage.json"} <= documents
    for path in written:
        if "made_up" not in path.parts:
            held(path.read_text())
    for place, name in (("held", "held"), ("estimates", "series"), ("flow", "flow")):
        with urllib.request.urlopen(f"{address}/api/{place}") as reply:
            held(reply.read(), name)


def test_what_is_held_is_a_link_away_from_every_answer(page, address):
    page.goto(f"{address}/ask?measure=nrm_referrals&by=year")
    follow(page, page.get_by_role("link", name="What is held of this measure"))
    assert page.locator("h2").all_inner_texts() == ["Referrals to the National Referral Mechanism"]
    assert "2009: part of the year" in page.locator("tbody").first.text_content()
    accessible(page)
    follow(page, page.get_by_role("row", name="by age group, location").get_by_role("link"))
    assert "Overseas" in page.inner_text("table")
    follow(page, page.get_by_role("link", name="What is held", exact=True))
    accessible(page)


def test_a_bridge_and_what_cannot_be_said(page, address):
    page.goto(address)
    follow(page, page.get_by_role("link", name="Arrests in Pentameter 2"))
    assert "recorded in error" in page.inner_text("table")
    assert "-122" in page.inner_text("table")
    accessible(page)
    page.goto(f"{address}/ask?measure=convictions&by=operation&as_at=2008-12-17")
    assert "not concluded and not linked" in page.inner_text("table")
    page.goto(f"{address}/measures")
    accessible(page)
    follow(page, page.get_by_role("link", name="Estimates"))
    assert page.locator("figure svg").count() == 1
    assert "10,000 to 13,000" in page.inner_text("main")
    accessible(page)


def test_the_forms_offer_what_may_be_wished_for(page, address):
    page.goto(address)
    page.locator("#measure").select_option("arrests")
    follow(page, page.get_by_role("button", name="Next"))
    page.get_by_label("Operation").first.check()
    page.locator("#as_at").fill("2008-12-17")
    page.get_by_text("Changes, shares, totals, the largest").click()
    accessible(page)
    page.get_by_label("Totals beneath the rows").check()
    page.get_by_label("Rows in order of").select_option("figure")
    follow(page, page.get_by_role("button", name="Answer"))
    assert "760" in page.locator("table").first.inner_text()
    page.go_back()
    page.get_by_text("Keep to some values of it").click()
    page.locator("#bridge-operation").select_option(label="Pentameter 2")
    page.locator("#from").fill("2008-12-17")
    page.locator("#to").fill("2009-11-01")
    follow(page, page.get_by_role("button", name="Explain"))
    assert "-122" in page.inner_text("table")
    assert "Pentameter 2" in page.inner_text("caption")


def test_the_second_step_of_asking_needs_no_script_and_no_codes(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/ask/form?measure=nrm_referrals")
    assert "age_group" not in page.inner_text("main")
    page.locator("#by-nationality").check()
    page.locator("#by-sex").check()
    page.locator("#cut").select_option(label="by year")
    page.locator("#ask-age_group").evaluate("each => each.closest('details').open = true")
    page.locator("#ask-age_group").select_option(label="Child (17 or under)")
    page.locator("#period").fill("2022")
    page.get_by_role("button", name="Answer").click()
    caption = page.locator("caption").first.inner_text()
    assert "age group: Child (17 or under)" in caption
    heads = page.locator("thead").first.inner_text()
    assert "Nationality" in heads
    assert "Sex" in heads
    context.close()


def test_a_misspelt_name_in_an_address_is_named(browser, address):
    opened = browser.new_page()
    assert opened.goto(f"{address}/ask?mesure=arrests").status == 400
    said = opened.inner_text("main")
    assert "'mesure'" in said
    assert "measure" in said.replace("'mesure'", "")
    assert opened.goto(f"{address}/ask?surname=Planted").status == 400
    assert "surname" not in opened.inner_text("main")
    opened.close()


def test_the_interface_is_described_and_the_log_of_answers_is_empty(page, address):
    page.goto(address)
    follow(page, page.get_by_role("link", name="Answers given"))
    assert "Nothing has been disclosed yet." in page.inner_text("main")
    accessible(page)
    follow(page, page.get_by_role("link", name="Interface for programs"))
    assert "/api/answers/{reference}" in page.inner_text("main")
    accessible(page)


def test_counting_from_cases_on_pages(page, address):
    page.goto(address)
    follow(page, page.get_by_role("link", name="The same, as at 1 March 2009"))
    assert "SYNTHETIC" in page.inner_text("main")
    assert "15 (15 to 59)" in page.inner_text("table")
    assert "still in progress" in page.inner_text("table")
    accessible(page)
    follow(page, page.locator("tbody tr").nth(1).get_by_role("link"))
    assert page.get_by_text("counted").count() >= 15
    assert "given_name" not in page.content()
    assert "Madeup" not in page.content()
    accessible(page)
    page.goto(address)
    follow(page, page.get_by_role("link", name="From recovery and arrest to sentence"))
    assert "Synthetic" in page.inner_text("main")
    assert page.locator("figure svg").count() == 3
    assert "Convicted of trafficking" in page.locator("table").nth(1).inner_text()
    accessible(page)


def test_a_question_asked_wrongly_is_a_page_with_a_sentence(browser, address):
    opened = browser.new_page()
    replied = opened.goto(f"{address}/ask?measure=<script>alert(1)</script>")
    assert replied.status == 400
    assert "is not a measure" in opened.inner_text("main")
    accessible(opened)
    assert opened.goto(f"{address}/nowhere").status == 404
    opened.close()


def test_the_written_forms_and_headers(address):
    query = "ask?measure=victims_recovered&by=operation,exploitation&as_at=2008-12-17"
    with urllib.request.urlopen(f"{address}/{query}&format=json") as reply:
        assert [cell["value"] for cell in json.load(reply)["cells"]] == [88, 167, 5]
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    with urllib.request.urlopen(f"{address}/{query}&format=hansard") as reply:
        assert reply.read().decode().startswith("The number of victims identified")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(f"{address}/", method="POST"))
    assert caught.value.code in (403, 405)


STORY = ("index", "answers", "flow", "estimates", "linkage", "coverage")
ASKED = (
    "",
    "measures",
    "held",
    "ask/form?measure=nrm_referrals",
    "estimates",
    "ask?measure=victims_recovered&by=operation,exploitation&as_at=2008-12-17",
    "ask?measure=nrm_referrals&by=nationality,age_group,exploitation,quarter",
    "ask?measure=nrm_referrals&by=age_group,year&period=2021..2023&pivot=year&total=1&share=1",
    "ask?measure=arrests,arrests_for_trafficking,convictions&by=operation&as_at=2008-12-17",
    "bridge?measure=arrests&where=operation%3DPentameter+2&from=2008-12-17&to=2009-11-01",
    "flow?where=operation%3DPentameter+2&as_at=2009-03-01",
    "understand?q=how+many+children",
    "answers",
    "api/docs",
)


@pytest.mark.parametrize("name", STORY)
def test_every_page_of_the_demo_fits_every_screen(page, demo, name):
    """Each is one file with its charts in it, readable without any other."""
    page.goto(f"file://{demo[0]}/out/{name}.html")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # The hundreds of places of coverage take half a minute: the test after this one.
        accessible(page, **({"exclude": ["details"]} if name == "coverage" else {}))


def test_every_place_of_coverage_is_accessible(page, demo):
    page.goto(f"file://{demo[0]}/out/coverage.html")
    accessible(page)


#: Words of at most ten letters in tables of few columns that stand on two lines.
BROKEN = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll(".df-rows:not(.many):not(.held) :is(th, td)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
      for (const word of text.data.matchAll(/\\b[A-Za-z]{2,10}\\b/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
          broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("path", ASKED)
def test_every_page_served_fits_every_screen(page, address, path):
    page.goto(f"{address}/{path}")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
        assert page.evaluate(BROKEN) == []
    page.emulate_media(color_scheme="dark")
    accessible(page)


def test_the_story_has_a_chart_a_sentence_and_links_in_each_section(page, demo):
    folder, said = demo
    page.goto(f"file://{folder}/out/index.html")
    assert page.locator("figure svg").count() == 6
    assert page.locator("figure table").count() == 6
    assert "88 (Pentameter 1); 167 (Pentameter 2, Sexual exploitation)" in page.inner_text("main")
    for link in page.locator("main a").all():
        where, _, part = link.get_attribute("href").partition("#")
        target = folder / "out" / (where or "index.html")
        assert target.exists()
        assert not part or f'id="{part}"' in target.read_text()
    # A chart says its figures to who does not see it.
    assert "528" in page.locator("svg").nth(1).get_attribute("aria-label")
    assert "Open Government Licence" in page.content()
    page.goto(f"file://{folder}/out/answers.html")
    assert "Reasonable grounds decisions: adults, negative" in page.content()
    assert "167  [1]" in said
    assert (
        json.loads((folder / "out" / "answers.json").read_text())["answers"][0]["as_at"]
        == "2008-12-17"
    )


def test_a_matrix_is_one_stop_and_its_squares_open(page, demo):
    page.goto(f"file://{demo[0]}/out/coverage.html")
    grid = page.locator("[role=grid]").first
    assert grid.locator(".square[tabindex='0']").count() == 1
    first, second = grid.locator(".square").nth(0), grid.locator(".square").nth(1)
    box = first.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    first.focus()
    page.keyboard.press("ArrowRight")
    assert second.evaluate("each => each === document.activeElement")
    assert second.get_attribute("tabindex") == "0"
    assert page.inner_text("#said") == second.get_attribute("aria-label")
    page.keyboard.press("Enter")
    place = page.locator(second.get_attribute("href"))
    assert place.is_visible()
    assert "Asks:" in place.inner_text()
    page.keyboard.press("Shift+Tab")
    third = grid.locator(".square").nth(50)
    third.click()
    assert page.locator(third.get_attribute("href")).is_visible()
    # Each square says what it is to who does not see it, and opens to a place that is there.
    for square in page.locator(".matrix .square").all()[::40]:
        assert square.get_attribute("aria-label").startswith(square.inner_text())
        assert page.locator(square.get_attribute("href")).count() == 1


def test_coverage_on_paper_is_its_summary_and_open_gaps(page, demo):
    page.goto(f"file://{demo[0]}/out/coverage.html")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert not page.get_by_role("heading", name="Open gaps").is_visible()
    page.emulate_media(media="print")
    gaps = page.get_by_role("heading", name="Open gaps")
    assert gaps.is_visible()
    assert page.locator(".matrix").first.is_visible()
    assert page.get_by_text("What each square stands on is in the file").is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") < 15_000


@pytest.mark.parametrize("width", [320, 768])
def test_what_a_square_says_lies_over_nothing(page, demo, width):
    page.goto(f"file://{demo[0]}/out/coverage.html")
    page.set_viewport_size({"width": width, "height": 800})
    said = page.locator("#said")
    position = "each => getComputedStyle(each).position"
    assert said.evaluate(position) == "static"
    page.locator(".square").first.focus()
    assert said.evaluate(position) == "static"


def test_a_square_opens_without_script(browser, demo):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{demo[0]}/out/coverage.html")
    square = page.locator(".matrix .square").nth(3)
    square.click()
    page.locator(square.get_attribute("href")).wait_for(state="visible")
    context.close()


def test_paper_has_sources_notes_and_basis_and_no_addresses(page, address):
    page.emulate_media(media="print", color_scheme="dark")
    query = "measure=nrm_referrals&by=age_group,quarter&as_at=2026-11-01"
    page.goto(f"{address}/ask?{query}")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    notes = page.get_by_text("Basis:")
    assert notes.is_visible()
    assert page.get_by_text("Source: Home Office").first.is_visible()
    after = "getComputedStyle(each, '::after').content"
    assert page.locator("main a").first.evaluate(f"each => {after}") in ("none", "normal")
    assert page.locator("body").evaluate("each => getComputedStyle(each).color") in (
        "rgb(11, 12, 12)", "rgb(0, 0, 0)"
    )  # fmt: skip
    assert not page.locator("nav").first.is_visible()


def test_a_long_table_is_paged_and_sent_small(page, address):
    query = "measure=nrm_referrals&by=nationality,age_group,exploitation,quarter"
    page.goto(f"{address}/ask?{query}")
    assert page.locator("tbody tr").count() == 100
    (told, whole) = re.search(r"Rows 1 to (\d+) of ([\d,]+)", page.inner_text("main")).groups()
    assert told == "100"
    follow(page, page.get_by_role("link", name="Last rows").first)
    assert f"of {whole}" in page.inner_text("main")
    accessible(page)
    with urllib.request.urlopen(f"{address}/ask?{query}&format=csv") as reply:
        assert reply.read().decode().count("\n") > int(whole.replace(",", ""))
    sizes = {}
    for encoding in ("identity", "gzip"):
        asked = urllib.request.Request(
            f"{address}/ask?{query}", headers={"Accept-Encoding": encoding}
        )
        with urllib.request.urlopen(asked) as reply:
            sizes[encoding] = len(reply.read())
            assert (reply.headers["Content-Encoding"] == "gzip") is (encoding == "gzip")
    assert sizes["gzip"] * 4 < sizes["identity"]
    for wrong in ("0x1", "-1", "many"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/ask?{query}&page={wrong}")
        assert refused.value.code == 400


def test_the_commands_on_cases(demo):
    folder, said = demo
    assert said.count("Every cell has the same figure.") >= 7
    assert "133 synthetic case returns" in said

    def asked(*arguments):
        return json.loads(run(*arguments, "--format", "json", home=folder).stdout)

    for day, figures in {
        "2008-07-10": [88, 167],
        "2008-12-17": [88, 167, 5],
        "2009-03-01": [88, 164, 5],
    }.items():
        same = ("ask", "victims_recovered", "--by", "operation,exploitation", "--as-at", day)
        for evidence in ("statements", "cases"):
            assert [
                cell["value"] for cell in asked(*same, "--evidence", evidence)["cells"]
            ] == figures
    compared = asked(
        "compare", "charged", "--where", "operation=Pentameter 1", "--as-at", "2009-03-01"
    )
    assert not compared["agrees"]
    assert compared["cells"][0]["figures"]["statements"]["value"] == 134
    rules = asked(
        "compare", "convictions", "--rule", "persons", "--rule", "defendants_principal_offence"
    )
    assert rules["names"] == ["persons", "defendants_principal_offence"]
    snap = folder / "snap"
    run("snapshot", "--as-at", "2009-03-01", "--out", snap, home=folder)
    assert "whole" in run("snapshot", "--verify", "--out", snap, home=folder).stdout
    where = ("--where", "operation=Pentameter 2")
    live, there = (
        asked("flow", *where, *more) for more in (("--as-at", "2009-03-01"), ("--snapshot", snap))
    )
    assert live == there
    days = ("--from", "2008-12-17", "--to", "2009-03-01", "--evidence", "cases")
    bridged = asked("bridge", "arrests", *where, *days, "--snapshot", snap)
    assert (bridged["opening"], bridged["closing"], bridged["adds_up"]) == (528, 406, True)
    late = run(
        "ask", "arrests", "--snapshot", snap, "--as-at", "2010-01-01", home=folder, check=False
    )
    assert late.returncode == 2
    assert "2010-01-01 is to come" in late.stderr
    cell = asked("ask", "convictions", *where, "--as-at", "2009-03-01", "--evidence", "cases")[
        "cells"
    ][0]["id"]
    opened = asked("source", cell)
    assert sum(record["counted"] for record in opened["records"]) == 15
    assert "SYNTHETIC" in run("flow", *where, "--as-at", "2009-03-01", home=folder).stdout
    forms = run("templates", "--out", folder / "forms", home=folder).stdout
    assert "dictionary.md" in forms


def test_the_spreadsheet_holds_figures_as_numbers(demo):
    from odf.opendocument import load
    from odf.table import TableCell

    document = load(str(demo[0] / "out" / "answers.ods"))
    numbers = [
        cell.getAttribute("value")
        for cell in document.getElementsByType(TableCell)
        if cell.getAttribute("valuetype") == "float"
    ]
    assert {"88", "167", "5", "528", "299"} <= set(numbers)


def tried(operation, headers, allowed):
    """Ask an operation whatever its description allows."""

    @settings(
        max_examples=examples(30),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def holds(case):
        reply = case.call(headers=headers)
        assert reply.status_code in allowed, (case, reply.status_code, reply.text[:300])
        assert "Traceback" not in reply.text

    holds()


def test_no_request_breaks_the_interface_for_programs(address, demo):
    """Also not by a token; each operation has one of its own, as a token asks so often and no
    more.
    """
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()
        if not operation.definition.raw.get("security"):
            tried(operation, {}, {200, 400, 422})
            continue
        sends = ("returns", "reports", "replies")
        grants = ("release",) if operation.path.endswith("release") else sends
        made = token(demo[0], "kent", "figures", *grants)
        allowed = {200, 201, 400, 404, 409, 422}
        tried(operation, {"Authorization": f"Bearer {made}"}, allowed)


@pytest.mark.parametrize("face", ["", "/api"])
@pytest.mark.parametrize(
    "asked", ["ask?measure=arrests", "held?measure=arrests", "flow?where=operation=Pentameter+2"]
)
def test_what_is_misspelt_in_an_address_is_not_passed_over(address, face, asked):
    """Without the day that was meant, another figure would be given for the one asked about."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}{face}/{asked}&asat=2008-12-17")
    assert refused.value.code == 400
    said = html.unescape(refused.value.read().decode())
    assert "Did you mean 'as_at'" in said
    assert "asks for 'asat'" in said


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/measures?nothing=1", 400),
        ("/ask?measure=arrests&measure=convictions", 400),
        ("/api/ask?measure=arrests&measure=convictions", 400),
        ("/source/%00", 400),
        ("/source/%0b1", 400),
        ("/source/x", 400),
        ("/source/" + "x" * 5000, 400),
        ("/ask?measure=%00", 400),
        ("/ask?measure=arrests&where=a%00", 400),
        ("/ask?measure=arrests&as_at=9999-12-31", 400),
        ("/ask?measure=arrests&period=9999", 400),
        ("/ask?measure=arrests&language=..%2Fen", 400),
        ("/nothing/%FF", 404),
        ("/api/ask?measure=%00", 400),
        ("/api/ask?measure=arrests&period=0001", 400),
        ("/api/nothing", 404),
    ],
)
def test_an_odd_address_is_refused_in_a_sentence(address, path, status):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}{path}")
    assert refused.value.code == status
    said = refused.value.read().decode()
    assert "Traceback" not in said
    assert (
        "detail" if path.startswith("/api/ask") else "There is a problem"
    ) in said or status == 404


def test_a_response_on_a_phone_then_withdrawn(page, address, demo, tmp_path):
    """Three columns with long words fit; of one withdrawn the page says that, and nothing of it."""
    asked = tmp_path / "request.yaml"
    asked.write_text(
        "title: SYNTHETIC subject\nparts:\n"
        "  - {ask: victims_recovered, by: 'exploitation,sex', evidence: cases,"
        " where: operation=Pentameter 2, as_at: 2009-03-01}\n"
        "  - {ask: victims_recovered, by: exploitation, evidence: cases, as_at: 2009-03-01}\n"
        "  - {ask: arrests, by: operation, as_at: 2008-12-17}\n",
        encoding="utf-8",
    )
    said = run("answers", "register", asked, home=demo[0]).stderr
    reference = re.search(r"RESPONSE-\d+", said)[0]
    page.goto(f"{address}/answers/{reference}")
    assert "at least 1" in page.inner_text("main")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    accessible(page)
    page.goto(f"{address}/answers/{reference}?language=cy")
    assert "Drafft:" in page.inner_text("main")
    run("answers", "withdraw", reference, "--reason", "SYNTHETIC reason", home=demo[0])
    page.goto(f"{address}/answers/{reference}")
    assert "was withdrawn on" in page.inner_text("main")
    assert "SYNTHETIC reason" in page.inner_text("main")
    assert "SYNTHETIC subject" not in page.content()
    accessible(page)
    page.goto(f"{address}/answers")
    assert "SYNTHETIC reason" in page.inner_text("main")
    assert "SYNTHETIC subject" not in page.content()
    page.set_viewport_size({"width": 320, "height": 900})
    fits(page)
    accessible(page)
