"""Every benchmark is run by somebody: in the one table, or by hand for a reason."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
#: Parts of others, and what takes hours or a machine of its own.
BY_HAND = {
    "measuring.py": "what benchmarks share",
    "table.py": "the table itself",
    "profiles.py": "flame graphs, `make profiles`",
    "bare_views.py": "the yardstick of web.py",
    "bare_receipts.py": "the yardstick of receipts.py",
    "killed.py": "kills for an hour",
    "killed_service.py": "kills for an hour",
    "planted.py": "mistakes found, not time",
}


@pytest.fixture(scope="module")
def benchmarks():
    """A module of the benchmarks, by name."""
    sys.path.insert(0, str(BENCHMARKS))

    def load(name):
        spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCHMARKS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield load
    sys.path.remove(str(BENCHMARKS))


def test_each_is_in_the_table_or_run_by_hand(benchmarks):
    table = benchmarks("table")
    run = {command.split()[0] for command, _ in table.WHOLE}
    there = {path.name for path in BENCHMARKS.glob("*.py")}
    assert run | BY_HAND.keys() == there
    assert {command.split()[0] for command, _ in table.QUICK} <= run
    profiled = {command.split()[0] for command, _ in benchmarks("profiles").PROFILED.values()}
    assert profiled <= run


def test_rows_are_handed_over_and_read_as_one_table(benchmarks, tmp_path, monkeypatch):
    measuring, table = benchmarks("measuring"), benchmarks("table")
    monkeypatch.delenv("BENCH_ROWS", raising=False)
    measuring.row("nothing is handed over", "1 s", "2 s", 0.5)
    program = tmp_path / "one.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n"
        "from measuring import row\n"
        "row('work', '1.0 s', 'by hand: 2.0 s', .5, memory=1234.5, grows=1.02)\n"
        "row('more', '3 s', 'none', None)\n"
    )
    monkeypatch.setattr(table, "HERE", tmp_path)
    rows, failed = table.run((("one.py", {}), ("missing.py", {})))
    assert failed == ["missing.py"]
    head, rule, first, second = table.as_text(rows).splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(table.HEADS)
    assert len({len(line) for line in (head, rule, first, second)}) == 1
    told = [cell.strip() for cell in first.strip("|").split("|")]
    assert told == ["work", "1.0 s", "by hand: 2.0 s", "0.50", "1,234 MB", "size^1.02"]
    assert second.count("|") == head.count("|")


@given(
    st.floats(-1, 3),
    st.floats(1e-6, 1e3),
    st.lists(st.integers(1, 10**7), min_size=2, max_size=5, unique=True),
)
def test_the_exponent_of_a_power_is_its_own(benchmarks, power, factor, sizes):
    measuring = benchmarks("measuring")
    seconds = [factor * size**power for size in sizes]
    assert measuring.exponent(sizes, seconds) == pytest.approx(power, abs=1e-6)
    assert measuring.exponent(sizes[:1], seconds[:1]) is None
