"""Judgements at the desk, in a real browser: read, reviewed by one and approved by another, each
proving who they are where it is grave. All synthetic.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from darkfigure.intelligence.judgement_fields import as_fields
from darkfigure.intelligence.judgements import CitedItem
from judgements_drawn import SOUND
from support import own_folder, run
from support_pages import (
    chromium,
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    once_more,
    served,
    sign_in,
)
from support_reporting import file_of, report

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("judgement pages")]
CITED = ("kent SYN-1/1", "kent SYN-2/1")
WRITTEN = replace(
    SOUND,
    requirements=("HT.6.4",),
    known=date(2026, 7, 1),
    items_for=tuple(CitedItem(each.partition("/")[0], 1) for each in CITED),
    **dict.fromkeys(("items_against", "figures", "assumptions", "rows"), ()),
)
GRID = {each: {"A": "CC", "B": mark} for each, mark in zip(CITED, ("I", "CC"), strict=True)}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A repository in which a judgement is drafted at the machine."""
    folder = tmp_path_factory.mktemp("files")
    with own_folder() as made:
        run("requirements", "load", "human_trafficking", home=made)
        for at in (1, 2):
            path = file_of(folder, report(f"SYN-{at}", origin=f"SYNTHETIC-{at}"), f"{at}.json")
            run("report", "submit", path, "--on", "2026-06-05", home=made)
        path = folder / "judgement.json"
        path.write_text(json.dumps({**as_fields(WRITTEN), "grid": GRID}), encoding="utf-8")
        run("judgement", "draft", path, home=made)
        yield made


def test_it_is_reviewed_by_one_and_approved_by_another(home):
    accounts = made_up_accounts(home)
    with served(home) as address, chromium() as browser:
        with looked_at(browser) as page:
            sign_in(page, address, accounts["assessor"])
            follow(page, page.get_by_role("link", name="Judgements, and those that wait for you"))
            looks_right(page)
            follow(page, page.get_by_role("link", name="HT-J-01/v1"))
            looks_right(page)
            assert "likely (55 to 75 %)" in page.content()
            assert page.get_by_role("link", name="Approve it").count() == 0
            follow(page, page.get_by_role("link", name="Review it"))
            follow(page, page.get_by_role("button", name="It is fit to be approved"))
        with looked_at(browser) as page:
            sign_in(page, address, accounts["release-officer"])
            page.goto(f"{address}/desk/judgements")
            follow(page, page.get_by_role("link", name="HT-J-01/v1"))
            follow(page, page.get_by_role("link", name="Approve it"))
            once_more(page, accounts["release-officer"])
            follow(page, page.get_by_role("button", name="Approve it as it was read"))
            follow(page, page.get_by_role("link", name="HT-J-01/v1"))
            assert "approved" in page.get_by_role("main").inner_text()
            assert page.get_by_role("link", name="Withdraw HT-J-01/v1").count() == 1
    (entry,) = json.loads(run("judgement", "list", "--format", "json", home=home).stdout)[
        "judgements"
    ]
    assert entry["standing"] == "approved"
