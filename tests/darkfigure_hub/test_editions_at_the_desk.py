"""Editions at the desk, in a real browser: listed, read in both renderings with their style, by who
may see them and nobody else. Judgements and reports are synthetic.
"""

from __future__ import annotations

import pytest

from support import own_folder, run
from support_pages import (
    chromium,
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    served,
    sign_in,
)

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("editions at the desk")]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A repository in which the example was made, its two editions among it."""
    with own_folder() as made:
        run("demo", "--out", tmp_path_factory.mktemp("demo"), home=made)
        yield made


def test_an_edition_is_read_at_the_desk_in_both_renderings(home):
    accounts = made_up_accounts(home)
    with served(home) as address, chromium() as browser:
        with looked_at(browser) as page:
            sign_in(page, address, accounts["release-officer"])
            follow(page, page.get_by_role("link", name="Editions, and those not out yet"))
            looks_right(page)
            follow(page, page.get_by_role("link", name="EDITION-2"))
            looks_right(page)
            assert "without a snapshot" in page.get_by_role("main").inner_text()
            at_the_desk = page.url
            for rendering in ("restricted", "public"):
                page.goto(at_the_desk)
                follow(page, page.get_by_role("link", name=f"Read it: 2009, {rendering}"))
                accent = page.locator("body").evaluate(
                    "body => getComputedStyle(body).getPropertyValue('--df-accent')"
                )
                assert accent.strip()
                follow(page, page.get_by_role("link", name="Human trafficking").first)
                assert "406" in page.get_by_role("main").inner_text()
            page.goto(f"{address}/released/releases/threat-assessment/2009/v1/trafficking.html")
            assert "406" in page.get_by_role("main").inner_text()
        with looked_at(browser) as page:
            sign_in(page, address, accounts["auditor"])
            assert page.get_by_role("link", name="Editions").count() == 0
            assert page.goto(f"{at_the_desk}/restricted/assessment.html").status == 403
            page.problems.clear()  # the browser tells of the refusal too
