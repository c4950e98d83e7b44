"""Files for research by the program, and from the case records. All synthetic."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.writing.disclosure.research import LABEL
from darkfigure_hub.flows.research_files import Budget, extract_of_file, synthetic_of_file
from darkfigure_hub.flows.research_records import synthetic_of_records
from support import run

ROWS = "area,sex,role\n" + "\n".join(
    f"{area},{sex},{role}"
    for area, sex, role, times in (
        ("Kent", "Female", "victim", 12),
        ("Kent", "Male", "victim", 9),
        ("Essex", "Female", "suspect", 7),
        ("Essex", "Male", "victim", 6),
        ("Surrey", "Male", "suspect", 1),
    )
    for _ in range(times)
)


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text(ROWS + "\n")
    return path


def test_made_up_records_say_so_in_every_row(people, tmp_path):
    out = tmp_path / "made-up.csv"
    done = run(
        *("research", "synthesise", people, "--by", "area,sex", "--epsilon", "2"),
        *("--budget", tmp_path / "budget.json", "--total", "3", "--out", out),
        home=tmp_path / "home",
    )
    assert "epsilon = 2" in done.stderr
    assert "not to go out" in done.stderr
    rows = list(csv.DictReader(out.open()))
    assert all(row[LABEL].startswith("SYNTHETIC") for row in rows)
    again = run(
        *("research", "synthesise", people, "--by", "area,sex", "--epsilon", "2"),
        *("--budget", tmp_path / "budget.json", "--total", "3"),
        home=tmp_path / "home",
        check=False,
    )
    assert again.returncode != 0
    assert "1 of 3 is left" in again.stderr
    kept = json.loads((tmp_path / "budget.json").read_text())
    assert [entry["epsilon"] for entry in kept["spent"]] == [2]


def test_an_extract_says_the_risk_before_and_after(people, tmp_path):
    out = tmp_path / "extract.csv"
    done = run(
        *("research", "extract", people, "--recognise", "area,sex", "--sensitive", "role"),
        *("--k", "5", "--out", out),
        home=tmp_path / "home",
    )
    assert "1 stand alone" in done.stderr
    assert "Surrey" not in out.read_text()
    made = extract_of_file(people, ["area", "sex"], ["role"], k=5)
    assert made.after.k >= 5


def test_a_budget_is_kept(people, tmp_path):
    budget = Budget(tmp_path / "b.json", 1.0)
    synthetic_of_file(people, ["area"], epsilon=0.75, order=1, budget=budget)
    with pytest.raises(Unreadable, match=r"0\.25 of 1 is left"):
        synthetic_of_file(people, ["area"], epsilon=0.5, order=1, budget=budget)
    with pytest.raises(Unreadable, match="that stays"):
        Budget(budget.path, 9.0).spend(0.1, "x")
    budget.path.write_text("[]")
    with pytest.raises(Unreadable, match="is no budget"):
        budget.spend(0.1, "x")


@pytest.mark.django_db
def test_records_are_made_up_like_the_case_records(operator, tmp_path):
    budget = Budget(tmp_path / "b.json", 10.0)
    made = synthetic_of_records(
        operator,
        "victims_recovered",
        ["operation", "sex"],
        date(2026, 7, 20),
        as_at="2009-11-01",
        epsilon=10,
        budget=budget,
    )
    assert made.people > 50
    assert abs(made.records.height - made.people) < 20
    assert set(made.names) == {"operation", "sex"}


@pytest.mark.parametrize("epsilon", [-1.0, 0.0, float("nan"), float("inf"), 21.0])
def test_what_is_refused_gives_nothing_back_to_a_budget(people, tmp_path, epsilon):
    """A negative epsilon that was entered would have been more to spend, no number no bound."""
    budget = tmp_path / "budget.json"
    with pytest.raises(Unreadable, match="above 0"):
        synthetic_of_file(people, ["area"], epsilon=epsilon, order=1, budget=Budget(budget, 1.0))
    with pytest.raises(Unreadable, match="is left"):
        Budget(budget, 1.0).spend(epsilon, "anything")
    with pytest.raises(Unreadable, match="margins are of 1 to 1"):
        synthetic_of_file(people, ["area"], epsilon=1.0, order=2, budget=Budget(budget, 1.0))
    assert not budget.exists()


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        ('{"total": 1, "spent": [1, 2]}', "is no budget"),
        ('{"total": 1, "spent": {"a": 1}}', "is no budget"),
        ('{"total": 1, "spent": [{"epsilon": "x"}]}', "is no budget"),
        ('{"total": 1, "spent": [{"epsilon": -5}]}', "a number above 0 in each entry"),
        ('{"total": 1, "spent": [{"epsilon": NaN}]}', "a number above 0 in each entry"),
        (None, "cannot be read"),
    ],
)
def test_a_budget_that_somebody_changed_is_refused(people, tmp_path, held, wrong):
    budget = tmp_path / "budget.json"
    if held is None:
        budget.mkdir()
    else:
        budget.write_text(held)
    with pytest.raises(Unreadable, match=wrong):
        synthetic_of_file(people, ["area"], epsilon=0.5, order=1, budget=Budget(budget, 1.0))


def test_a_budget_that_cannot_be_kept_spends_nothing(people, tmp_path):
    with pytest.raises(Unreadable, match="cannot be written"):
        Budget(tmp_path / "nowhere" / "budget.json", 1.0).spend(0.5, "anything")
    for total in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(Unreadable, match="--total"):
            Budget(tmp_path / "budget.json", total).spend(0.5, "anything")


def test_columns_named_twice_or_not_at_all_are_refused(people):
    for recognise, sensitive in ((["area", "Area"], []), (["area"], ["area"])):
        with pytest.raises(Unreadable, match="is named twice"):
            extract_of_file(people, recognise, sensitive)
    with pytest.raises(Unreadable, match="--recognise"):
        extract_of_file(people, [])
    with pytest.raises(Unreadable, match="is named twice"):
        synthetic_of_file(people, ["area", "area"], epsilon=1.0)
