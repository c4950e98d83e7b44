"""A statistician has an estimate made on the pages, by the real worker: seen, cancelled, killed and
begun once more, entered once. All synthetic.
"""

from __future__ import annotations

import subprocess
import time

import psutil
import pytest

from support import PROGRAM, environment, logged_in, own_folder, run
from support_pages import (
    follow,
    looked_at,
    looks_right,
    made_up_accounts,
    served,
    sign_in,
)

pytestmark = pytest.mark.xdist_group("job_pages")


def table(lists):
    """A made-up table of so many lists, in which each is met by each other."""
    rows = [",".join([*(f"list {n}" for n in range(lists)), "n"])]
    for mask in range(1, 1 << lists):
        on = [mask >> n & 1 for n in range(lists)]
        rows.append(",".join(map(str, [*on, 400 // 3 ** sum(on) + mask % 3])))
    return "\n".join(rows)


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def statistician(home, browser):
    accounts = made_up_accounts(home, "kent")
    with served(home) as address, looked_at(browser) as page:
        sign_in(page, address, accounts["statistician"])
        page.address = address
        yield page


def asked(page, folder, period, replicates=50, lists=3):
    """Have an estimate made. Gives the number of the job."""
    path = folder / "synthetic.csv"
    path.write_text(table(lists))
    page.goto(f"{page.address}/desk/jobs/estimate")
    page.get_by_label("Table of captures").set_input_files(path)
    page.get_by_label("Whom it is about").select_option("victims_present")
    page.get_by_label("Period").fill(period)
    page.get_by_label("Replicates").fill(str(replicates))
    follow(page, page.get_by_role("button", name="Have it made"))
    return int(page.url.rpartition("/")[2])


def shown(page, number):
    page.goto(f"{page.address}/desk/jobs/{number}")
    return page.inner_text("main")


def entered(home, period):
    with logged_in(home) as owner:
        return owner.execute(
            "SELECT count(*) FROM store_estimate WHERE period_label = %s", [period]
        ).fetchone()[0]


def test_an_estimate_is_asked_for_made_and_laid_beside_the_one_before(statistician, home, tmp_path):
    page = statistician
    page.goto(f"{page.address}/desk/")
    follow(page, page.get_by_role("link", name="Long work"))
    looks_right(page)
    follow(page, page.get_by_role("link", name="Make an estimate"))
    looks_right(page)
    number = asked(page, tmp_path, "2024")
    assert "WAITING" in page.inner_text("main").upper()
    looks_right(page)
    run("work", "--once", home=home)
    said = shown(page, number)
    assert "DONE" in said.upper()
    assert "Estimate" in said
    looks_right(page)
    again = asked(page, tmp_path, "2024")
    run("work", "--once", home=home)
    assert "say why it is revised" in shown(page, again)
    page.get_by_role("link", name="All you asked for").click()
    assert "FAILED" in page.inner_text("main").upper()
    assert entered(home, "2024") == 1


def test_what_is_no_table_is_told_and_nothing_waits(statistician, home, tmp_path):
    page = statistician
    path = tmp_path / "wrong.csv"
    path.write_text("name,n\nsomebody,1\n")
    page.goto(f"{page.address}/desk/jobs/estimate")
    page.get_by_label("Table of captures").set_input_files(path)
    page.get_by_label("Period").fill("2024")
    follow(page, page.get_by_role("button", name="Have it made"))
    assert "wrong" in page.inner_text("main").lower() or "table" in page.inner_text("main").lower()
    assert page.url.endswith("/desk/jobs/estimate")
    page.problems.clear()


def working(home):
    return subprocess.Popen(
        [PROGRAM, "work", "--once"], env=environment(home), stdout=subprocess.PIPE, text=True
    )


def child_of(worker, patience=30):
    """The process in which a worker has its job done, once it is there."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = [
            each
            for each in psutil.Process(worker.pid).children(recursive=True)
            if "--job" in each.cmdline()
        ]
        if found:
            return found[0]
        time.sleep(0.02)
    raise AssertionError("no job was begun")


def in_work(page, number, patience=30):
    until = time.monotonic() + patience
    while "replicates" not in shown(page, number):
        assert time.monotonic() < until
        time.sleep(0.2)
    return page.inner_text("main")


def test_one_in_work_is_seen_and_cancelled_and_makes_nothing(statistician, home, tmp_path):
    page = statistician
    number = asked(page, tmp_path, "2021", replicates=20_000, lists=7)
    worker = working(home)
    assert "of 20000 replicates" in in_work(page, number).replace(",", "")
    looks_right(page)
    follow(page, page.get_by_role("link", name="Cancel it"))
    looks_right(page)
    follow(page, page.get_by_role("button", name="Cancel it"))
    assert worker.wait(timeout=30) == 0
    assert "CANCELLED" in shown(page, number).upper()
    assert entered(home, "2021") == 0


def test_one_that_is_killed_is_begun_once_more_and_entered_once(statistician, home, tmp_path):
    page = statistician
    number = asked(page, tmp_path, "2022", replicates=200, lists=5)
    worker = working(home)
    child_of(worker).kill()
    assert worker.wait(timeout=60) == 0  # it took the job once more itself
    said = shown(page, number)
    assert "DONE" in said.upper()
    assert "once more" in said
    assert entered(home, "2022") == 1


def test_with_its_worker_a_job_ends_and_another_takes_it_up(statistician, home, tmp_path):
    page = statistician
    number = asked(page, tmp_path, "2023", replicates=200, lists=5)
    worker = working(home)
    child = child_of(worker)
    worker.kill()
    worker.wait()
    child.wait(timeout=30)
    with logged_in(home, autocommit=True) as owner:
        owner.execute("UPDATE store_job SET heard_at = heard_at - interval '1 minute'")
    run("work", "--once", home=home)
    assert "DONE" in shown(page, number).upper()
    assert entered(home, "2023") == 1
    assert "The chain of the log holds." in run("log", home=home).stdout
