"""What stands in a file is not printed: it may be a list of people. Synthetic, as it says."""

from __future__ import annotations

import json

import pytest

from darkfigure.basis.problem import Problem, values_shown
from darkfigure.basis.saying import quote
from support import run

pytestmark = pytest.mark.xdist_group("nothing-shown")

PEOPLE = "Alba Madeup,1999-02-30,Synthetic Passport 00000\nBruno Madeup,1988-13-01,SP 00001\n"
SHIFTED = (
    "record_kind,record,stated_on,reported_by,synthetic,sex,birth_year,nationality\n"
    "person,P1,2026-07-01,kent,yes,female,1999,\n"
    "person,P2,2026-07-01,kent,yes,Bruno,Madeup,romanian\n"
)
RETURN = json.dumps(
    {"form": "darkfigure case return 9", "records": {"person": [{"given_name": "Alba Madeup"}]}}
)
PLANTED = ("Alba", "Bruno", "Madeup", "Passport", "00001", "1988", "1999-02-30")


@pytest.mark.parametrize("text", [PEOPLE, SHIFTED, RETURN], ids=["list", "shifted", "return"])
@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("load",),
        ("estimate",),
        ("requirements", "load"),
        ("requirements", "ask"),
        ("report", "submit"),
        ("return", "submit"),
        ("define",),
        *[("check", "--as", kind) for kind in ("statements", "cases", "nrm_releases", "answers")],
        *[("check", "--as", kind) for kind in ("pentameter", "nrm_cells", "recorded_crime")],
    ],
    ids=" ".join,
)
def test_a_command_prints_nothing_of_a_file_it_refuses(tmp_path_factory, home, command, text):
    path = tmp_path_factory.mktemp("files") / "people.csv"
    path.write_text(text, encoding="utf-8")
    done = run(*command, path, home=home, check=False)
    assert done.returncode in ((1, 2) if command[0] == "check" else (2,))
    assert "Traceback" not in done.stderr
    assert [word for word in PLANTED if word in done.stdout + done.stderr] == []


def test_who_may_read_names_can_have_the_values_shown(tmp_path, home):
    path = tmp_path / "shifted.csv"
    path.write_text(SHIFTED, encoding="utf-8")
    hidden = run("check", path, home=home, check=False).stderr
    assert "column 'sex': not a known sex (a text of 5 characters)" in hidden
    shown = run("check", path, "--show-values", home=home, check=False).stderr
    assert "column 'sex': not a known sex ('Bruno')" in shown
    assert "values shown" in run("log", home=home).stdout


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("12", "'12'"),
        ("2,345.6", "'2,345.6'"),
        ("2024-02-30", "'2024-02-30'"),
        ("2023/24", "'2023/24'"),
        ("HT.6.4", "'HT.6.4'"),
        ("prc:106", "'prc:106'"),
        ("Madeup", "a text of 6 characters"),
        ("AB123456", "a text of 8 characters"),
        ("1234567890", "a text of 10 characters"),
        ("O'Made.Up", "a text of 9 characters"),
        ("X", "a text of 1 character"),
    ],
)
def test_a_value_is_printed_where_it_can_be_nobody(value, printed):
    fault = Problem(quote("wrong"), quote("Right."), value=value)
    assert f"({printed})" in str(fault)
    with values_shown():
        assert f"({value!r})" in str(fault)
