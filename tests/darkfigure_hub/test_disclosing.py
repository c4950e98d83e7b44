"""Tables that go out, protected and checked by the program, whatever their form. SYNTHETIC."""

from __future__ import annotations

import csv
import json
import random

import pytest

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.disclosure.check import Meets
from darkfigure.disclosure.rules import Rule, rule_of
from darkfigure.reading.count_tables import read_counts, read_groups, read_published
from darkfigure.reading.spellings import Spellings
from darkfigure.writing import registry
from darkfigure.writing.disclosure.checks import findings_data
from darkfigure.writing.disclosure.protected import protected_data
from darkfigure.writing.documents.disclosing import CheckedDocument, ProtectedDocument
from darkfigure_hub.flows.protect_table import check_tables, protect_table
from support import run
from tables_written import ods, xlsx

ROWS = [
    ["area", "sex", "people"],
    ["Kent", "Female", "3"],
    ["Kent", "Male", "1,021"],
    ["Essex", "Female", "17"],
    ["Essex", "Male", "2"],
    ["Surrey", "Female", "12"],
    ["Surrey", "Male", "40"],
]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS) + "\n")
    return path


def test_a_table_is_protected_and_what_is_written_is_checked(table, tmp_path):
    out = tmp_path / "out.csv"
    done = run(
        *("disclosure", "protect", table, "--by", "area,sex", "--count", "people"),
        *("--rule", "threshold=5", "--out", out),
        home=tmp_path / "home",
    )
    assert "proved to have another possible value" in done.stderr
    rows = list(csv.DictReader(out.open()))
    assert {row["status"] for row in rows} == {"", "suppressed"}
    assert all(bool(row["people"]) is (row["status"] == "") for row in rows)
    assert {row["area"] for row in rows} == {"Kent", "Essex", "Surrey", "Total"}
    assert ("Total", "Total", "1095") in {(r["area"], r["sex"], r["people"]) for r in rows}
    checked = run("disclosure", "check", out, "--format", "json", home=tmp_path / "home")
    said = json.loads(checked.stdout)
    assert said["passes"]
    hidden = {tuple(sorted(each["values"].items())) for each in said["checked"][0]["hidden"]}
    assert len(hidden) == sum(row["status"] == "suppressed" for row in rows)


def test_a_leak_ends_with_status_1_and_the_sum_that_tells_it(table, tmp_path):
    out = tmp_path / "out.csv"
    found = protect_table(table, ["area", "sex"], count="people")
    out.write_text(str(registry.write("protected", "csv", found)))
    late = tmp_path / "late.csv"
    late.write_text("area,sex,people\nKent,Female,3\n")
    done = run(
        *("disclosure", "check", out, late, "--rule", "threshold=5"),
        home=tmp_path / "home",
        check=False,
    )
    assert done.returncode == 1
    assert "Kent, Female (out.csv) = 3" in done.stdout
    assert "Kent, Female (late.csv) (3)" in done.stdout


@pytest.mark.parametrize("write", [xlsx, ods])
def test_spreadsheets_are_read_as_text_is(table, tmp_path, write):
    path = tmp_path / f"synthetic.{write.__name__}"
    write(path, {"Table 1": [["A title"], [], *ROWS]})
    names = ["area", "sex"]
    assert read_counts(path, names, "people").equals(read_counts(table, names, "people"))


def test_every_row_is_a_person_where_no_counts_are_named(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text("area,sex\nKent,Male\nKent,Male\nEssex,Female\n")
    assert read_counts(path, ["area"])["count"].sum() == 3


def test_marks_and_ranges_of_others_are_understood(tmp_path):
    path = tmp_path / "theirs.csv"
    path.write_text("area,count\nKent,c\nEssex,<5\nSurrey,1 to 4\nTotal,90\n")
    cells = {cell.values.get("area"): cell for cell in read_published(path, Rule()).cells}
    assert (cells["Essex"].low, cells["Essex"].high) == (1, 4)
    assert (cells["Surrey"].low, cells["Surrey"].high) == (1, 4)
    assert cells["Kent"].low == 1
    assert not cells["Kent"].shown
    assert cells[None].low == 90


def test_values_are_merged_as_somebody_chose(table, tmp_path):
    groups = tmp_path / "groups.csv"
    groups.write_text("area,region\nKent,South\nSurrey,South\n")
    assert read_groups(groups) == ("area", "region", {"Kent": "South", "Surrey": "South"})
    found = protect_table(table, ["area", "sex"], count="people", merge=[groups])
    assert found.coarsened.merged == {"area": {"Kent": "South", "Surrey": "South"}}
    assert {each["values"]["area"] for each in protected_data(found)["cells"]} == {
        *("South", "Essex", "Total")
    }
    assert ProtectedDocument.__required_keys__ >= {*protected_data(found)}


def test_two_vintages_are_held_against_one_another(tmp_path):
    for name, number in (("march", 12), ("june", 13)):
        (tmp_path / f"{name}.csv").write_text(
            f"area,n\nKent,{number}\nEssex,40\nTotal,{number + 40}\n"
        )
    paths = [tmp_path / "march.csv", tmp_path / "june.csv"]
    found = check_tables(paths, vintages=True)
    assert not found.passes
    (between,) = findings_data(found)["differences"]
    kent = {"values": {"area": "Kent"}, "before": 12, "after": 13}
    assert between["cells"] == [kent, {"values": {}, "before": 52, "after": 53}]
    assert CheckedDocument.__required_keys__ >= {*findings_data(found)}
    with pytest.raises(Unreadable, match="not of the same people"):
        check_tables(paths)


def test_independent_rounding_of_margins_is_found_to_tell(tmp_path):
    """1 + 1 + 1 rounded to base 3 are 0, 0, 0 and their total 3: with noughts shown each is 1."""
    path = tmp_path / "rounded.csv"
    path.write_text("area,count\na,0\nb,0\nc,0\nTotal,3\n")
    found = check_tables([path], bases={"rounded.csv": 3}, rule="threshold=3")
    assert {each.meets for each in found.checked[0].found} <= {Meets.PROTECTED, Meets.TOLD}
    with pytest.raises(Unreadable, match="is none of"):
        check_tables([path], bases={"other.csv": 3})


@pytest.mark.parametrize(
    ("text", "options", "wrong"),
    [
        ("area,people\nKent,few\n", {}, "line 2: the count is not a whole number"),
        ("area,people\nKent,-3\n", {}, "line 2: the count is not a whole number"),
        ("area,people\n,3\n", {}, "line 2: nothing stands under area"),
        ("place,people\nKent,3\n", {}, "there is no column area"),
        ("area,people\nTotal,3\n", {}, "'Total' under area adds others up"),
        ("area,people\nKent,3\nAll,3\n", {}, "line 3: 'All' under area adds others up"),
        ("area,people\nKent,99999999999\n", {}, "line 2: no count of people is as large"),
        ("area,people\nKent,3\n", {"method": "hide"}, "there are suppress, round"),
        ("area,people\nKent,3\n", {"method": "perturb"}, "needs a secret"),
        ("area,people\nKent,0\n", {}, "holds nobody"),
    ],
)
def test_what_cannot_be_protected_is_said(tmp_path, text, options, wrong):
    path = tmp_path / "synthetic.csv"
    path.write_text(text)
    with pytest.raises(DarkfigureError, match=wrong):
        protect_table(path, ["area"], count="people", **options)


def test_a_name_in_a_file_is_not_repeated(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text("area,people\nKent,Alba Madeup\n")
    for read in (
        lambda: read_counts(path, ["area"], "people"),
        lambda: read_published(path, Rule()),
    ):
        with pytest.raises(Unreadable) as refused:
            read()
        assert "Madeup" not in str(refused.value)


def test_what_differs_by_few_from_what_was_published_is_hidden(table, tmp_path):
    """One person more in Kent: the sums that show it are hidden, and nothing tells them."""
    first = protect_table(table, ["area", "sex"], count="people")
    before = tmp_path / "march.csv"
    before.write_text(registry.write("protected", "csv", first))
    table.write_text(table.read_text().replace('"1,021"', '"1,022"'))
    plain = protect_table(table, ["area", "sex"], count="people")
    after = protect_table(table, ["area", "sex"], count="people", after=[before])
    for made, differ in ((plain, True), (after, False)):
        later = tmp_path / "june.csv"
        later.write_text(registry.write("protected", "csv", made))
        found = check_tables([before, later], vintages=True)
        assert bool(found.differences[0].cells) is differ
    assert after.safe


def test_groups_of_values_are_published_as_margins(table, tmp_path):
    regions = tmp_path / "regions.csv"
    regions.write_text("area,region\nKent,South\nSurrey,South\nEssex,East\n")
    made = protect_table(table, ["area", "sex"], count="people", levels=[regions])
    told = {tuple(values.values()): number for values, number, _ in made.rows()}
    assert told["South", "Total"] == 1076
    assert made.safe
    # Essex is all of the East: hidden or shown alike
    for sex in ("Female", "Male"):
        assert told["Essex", sex] == told["East", sex]
    assert told["Essex", "Male"] is None


def test_what_one_body_dominates_is_hidden(tmp_path):
    path = tmp_path / "forces.csv"
    lines = ["area,sex,force,people"]
    for area in ("Kent", "Essex", "Surrey"):
        for sex in ("Female", "Male"):
            for force in ("A", "B", "C"):
                many = 90 if (area, sex, force) == ("Kent", "Male", "A") else 20
                lines.append(f"{area},{sex},{force},{many}")
    path.write_text("\n".join(lines) + "\n")
    asked = {"count": "people", "rule": "dominance=1,60"}
    found = protect_table(path, ["area", "sex"], contributor="force", **asked)
    hidden = [values for values, _, state in found.rows() if state == "suppressed"]
    assert {"area": "Kent", "sex": "Male"} in hidden
    assert found.safe
    with pytest.raises(Unreadable, match="--contributor COLUMN"):
        protect_table(path, ["area", "sex"], **asked)
    with pytest.raises(Unreadable, match="add dominance=1,85 or p=10"):
        protect_table(path, ["area", "sex"], count="people", contributor="force")
    with pytest.raises(Unreadable, match="does not keep apart"):
        protect_table(path, ["area"], contributor="force", method="round", **asked)


def test_noise_is_refused_beyond_the_budget(table, tmp_path):
    budget, out = tmp_path / "budget.json", tmp_path / "out.csv"
    asked = ["disclosure", "protect", table, "--by", "area,sex", "--count", "people"]
    asked += ["--method", "noise", "--epsilon", "0.6", "--budget", budget, "--out", out]
    done = run(*asked, home=tmp_path / "home")
    assert "epsilon 0.6" in done.stderr
    assert {row["status"] for row in csv.DictReader(out.open())} == {"noisy"}
    again = run(*asked, home=tmp_path / "home", check=False)
    assert again.returncode
    assert "0.4 of 1 is left" in again.stderr
    assert json.loads(budget.read_text())["spent"][0]["epsilon"] == 0.6
    with pytest.raises(Unreadable, match="needs --epsilon"):
        protect_table(table, ["area", "sex"], count="people", method="noise")


def test_records_have_keys_of_their_own(tmp_path):
    path, key = tmp_path / "people.csv", tmp_path / "key"
    key.write_text("a secret of sixteen bytes")
    lines = [f"{'Kent' if at % 3 else 'Essex'},{'F' if at % 2 else 'M'},R{at}" for at in range(40)]
    path.write_text("area,sex,reference\n" + "\n".join(lines) + "\n")
    asked = {"method": "perturb", "key_file": key, "record": "reference"}
    one = protect_table(path, ["area"], **asked)
    both = protect_table(path, ["sex", "area"], **asked)
    told = {values["area"]: number for values, number, _ in one.rows()}
    more = {v["area"]: number for v, number, _ in both.rows() if v["sex"] == "Total"}
    assert told == more
    with pytest.raises(Unreadable, match="leave out --count"):
        protect_table(path, ["area"], count="people", **asked)
    with pytest.raises(Unreadable, match="perturb alone"):
        protect_table(path, ["area"], record="reference")


@pytest.fixture
def regions(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text("area,region\nKent,South East\nSurrey,South East\n")
    return path


def test_a_table_with_its_groups_is_checked_with_them(table, regions, tmp_path):
    """Essex, of no region, stands once; a group's hidden count that is told is found."""
    out = tmp_path / "out.csv"
    made = protect_table(table, ["area", "sex"], count="people", levels=[regions])
    out.write_text(str(registry.write("protected", "csv", made)))
    rows = [(row["area"], row["sex"]) for row in csv.DictReader(out.open())]
    assert len({*rows}) == len(rows)
    assert check_tables([out], within=[regions]).passes
    out.write_text(
        "area,sex,people\nKent,Female,*\nKent,Male,9\nSurrey,Female,*\nSurrey,Male,8\n"
        "South East,Female,*\nSouth East,Male,17\nSouth East,Total,22\n"
        "Kent,Total,*\nSurrey,Total,*\nTotal,Total,22\n"
    )
    found = check_tables([out], within=[regions]).checked[0].found
    told = {str(each.cell): each.low for each in found if each.meets is Meets.TOLD}
    assert told == {"South East, Female (out.csv)": 5}


@pytest.mark.parametrize(
    ("group", "wrong"), [("Essex", "is a value, and a group"), ("Total", "no")]
)
def test_a_group_called_as_somebody_else_is_refused(table, tmp_path, group, wrong):
    path = tmp_path / "groups.csv"
    path.write_text(f"area,region\nKent,{group}\nSurrey,South\n")
    with pytest.raises(Unreadable, match=wrong):
        protect_table(table, ["area", "sex"], count="people", levels=[path])


def test_what_rounds_to_nought_is_left_out_and_may_hold_some(tmp_path):
    """Beside a table that counts it: three are between nought and four, and no contradiction."""
    raw = tmp_path / "raw.csv"
    raw.write_text("area,sex,n\nKent,F,1\nKent,M,6\nEssex,F,1\nEssex,M,7\nSurrey,F,1\nSurrey,M,9\n")
    both = tmp_path / "both.csv"
    made = protect_table(raw, ["area", "sex"], count="n", method="round")
    both.write_text(str(registry.write("protected", "csv", made)))
    left_out = next(area for area in ("Kent", "Essex") if f"{area},F" not in both.read_text())
    sexes = tmp_path / "sexes.csv"
    sexes.write_text("sex,n\nF,*\nM,*\nTotal,25\n")
    assert not _told(check_tables([both, sexes]))
    late = tmp_path / "late.csv"
    late.write_text(f"area,sex,n\n{left_out},F,1\n")
    found = check_tables([both, sexes, late])
    assert not _told(found)
    assert [number for _, number in found.checked[0].small] == [1]


def _told(found):
    """Small counts that can be worked out."""
    return [
        each.low
        for each in found.checked[0].found
        if each.meets is Meets.TOLD and each.low < Rule().threshold
    ]


def test_a_small_count_that_is_shown_does_not_pass(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text("area,people\nKent,2\nEssex,30\nTotal,32\n")
    found = check_tables([path])
    assert not found.passes
    (small,) = findings_data(found)["checked"][0]["small"]
    assert (small["line"], small["number"]) == (2, 2)
    assert "Kent (open.csv) = 2" in registry.write("checked", "text", found)
    assert check_tables([path], rule="threshold=2").passes


def test_a_total_in_other_letters_is_a_total(tmp_path):
    """Taken for a value of its own it would tell nothing of what is hidden."""
    path = tmp_path / "lower.csv"
    for word in ("total", "TOTAL", "Total"):
        path.write_text(f"area,n\nKent,*\nEssex,20\n{word},23\n")
        assert _told(check_tables([path])) == [3]
    path.write_text("area,n\nKent,*\nEssex,20\nAll,23\n")
    with pytest.raises(Unreadable, match="--total"):
        check_tables([path])
    assert _told(check_tables([path], total="All")) == [3]


def test_a_vintage_is_held_against_all_before_it(tmp_path):
    """Kent is 70, then hidden, then 71."""
    paths = [tmp_path / f"{name}.csv" for name in ("march", "june", "september")]
    for path, kent in zip(paths, ("70", "*", "71"), strict=True):
        path.write_text(f"area,n\nKent,{kent}\nEssex,*\n")
    between = findings_data(check_tables(paths, vintages=True))["differences"]
    found = {(each["earlier"], each["later"]): len(each["cells"]) for each in between}
    assert found["march.csv", "september.csv"] == 1
    assert sum(found.values()) == 1


def test_a_file_is_checked_by_the_rule_that_it_was_protected_by(table, tmp_path):
    """Under three is hidden in the one, under five in the other; nobody says so a second time."""
    outs = {}
    for threshold in (3, 5):
        made = protect_table(table, ["area", "sex"], count="people", rule=f"threshold={threshold}")
        outs[threshold] = tmp_path / f"under{threshold}.csv"
        outs[threshold].write_text(str(registry.write("protected", "csv", made)))
        found = check_tables([outs[threshold]])
        assert found.passes
        assert found.checked[0].rule.threshold == threshold
        assert str(found.checked[0].rule) in registry.write("checked", "text", found)
    # three people in Kent are shown there
    found = check_tables([outs[3]], rule="threshold=5")
    assert not found.passes
    said = registry.write("checked", "text", found)
    assert "under3.csv was protected by another rule: threshold=3" in said
    with pytest.raises(Unreadable, match="by different rules"):
        check_tables([*outs.values()])
    bare = tmp_path / "bare.csv"
    bare.write_text("area,count\nKent,9\n")
    assert "No table says by which rule" in registry.write("checked", "text", check_tables([bare]))


def test_every_rule_is_read_back_as_it_is_written():
    for text in (
        "for=public",
        "for=partners",
        "for=research",
        "threshold=3 width=4 noughts=hidden",
    ):
        assert rule_of(str(rule_of(text))) == rule_of(text)


def test_a_column_called_as_what_is_written_is_refused(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text("rule,people\nx,9\n")
    with pytest.raises(Unreadable, match="call that of the table otherwise"):
        protect_table(path, ["rule"], count="people")
    path.write_text("rule,people\nx,9\ny,8\n")
    with pytest.raises(Unreadable, match="is not the rule that a table was protected by"):
        check_tables([path])
    assert check_tables([path], by=["rule"]).passes


def test_a_share_beside_counts_tells_a_count(tmp_path):
    """Of nine people in Kent a third is three: neither is hidden well by the other file."""
    counts, shares = tmp_path / "counts.csv", tmp_path / "shares.csv"
    counts.write_text(
        "area,sex,n\nKent,F,*\nKent,M,*\nEssex,F,*\nEssex,M,*\nKent,Total,9\n"
        "Essex,Total,40\nTotal,F,*\nTotal,M,*\nTotal,Total,49\n"
    )
    assert check_tables([counts]).passes
    shares.write_text("area,sex,percent\nKent,F,33.3%\nKent,M,66.7%\n")
    found = check_tables([counts, shares], shares={"shares.csv": ["sex"]})
    told = {str(each.cell): each.low for each in found.checked[0].those(Meets.TOLD)}
    assert told == {"Kent, F (counts.csv)": 3, "Kent, M (counts.csv)": 6}
    for text, wrong in (
        ("area,sex,percent\nKent,F,133\n", "100 percent at most"),
        ("area,sex,percent\nKent,F,Alba\n", "neither a percentage nor a mark"),
        ("area,sex,percent\nKent,Total,100\n", "a total, stands under sex"),
        ("area,percent\nKent,100\n", "there is no column sex"),
    ):
        shares.write_text(text)
        with pytest.raises(Unreadable, match=wrong):
            check_tables([counts, shares], shares={"shares.csv": ["sex"]})
    with pytest.raises(Unreadable, match=r"shares\.csv is none of"):
        check_tables([counts], shares={"shares.csv": ["sex"]})


def test_a_total_may_be_divided_for_some_values_alone(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text(
        "area,sex,n\nKent,F,*\nKent,M,*\nKent,Total,20\nEssex,Total,40\nTotal,F,33\n"
        "Total,M,27\nTotal,Total,60\n"
    )
    found = check_tables([path])
    assert found.passes
    assert len(found.checked[0].found) == 2
    late = tmp_path / "late.csv"
    late.write_text("area,sex,n\nEssex,F,30\n")
    told = {str(each.cell): each.low for each in check_tables([path, late]).checked[0].found}
    assert told == {"Kent, F (some.csv)": 3, "Kent, M (some.csv)": 17}


def test_a_rounded_number_beside_the_exact_one_accuses_nobody(tmp_path):
    exact, near = tmp_path / "exact.csv", tmp_path / "near.csv"
    exact.write_text("area,n\nKent,12\nEssex,41\nTotal,53\n")
    near.write_text("area,n\nKent,10\nEssex,40\nTotal,55\n")
    assert check_tables([exact, near], bases={"near.csv": 5}).passes


def test_what_another_table_tells_counts_as_known(table, tmp_path):
    """Essex is out by sex: what this table hides of it is no secret, and the rest holds all the
    same.
    """
    beside = tmp_path / "sexes.csv"
    beside.write_text("sex,n\nFemale,32\nMale,1063\nTotal,1095\n")
    late = tmp_path / "essex.csv"
    late.write_text("area,sex,n\nEssex,Male,2\n")
    made = protect_table(table, ["area", "sex"], count="people", beside=[beside])
    assert made.safe
    out = tmp_path / "out.csv"
    out.write_text(str(registry.write("protected", "csv", made)))
    assert check_tables([out, beside]).passes
    open_ = protect_table(table, ["area", "sex"], count="people", beside=[beside, late])
    assert not open_.safe
    assert "OUT ALREADY" in registry.write("protected", "text", open_)
    assert {each["table"] for each in protected_data(open_)["told_beside"]} == {""}
    done = run(
        *("disclosure", "protect", table, "--by", "area,sex", "--count", "people"),
        *("--beside", late, "--out", out),
        home=tmp_path / "home",
        check=False,
    )
    assert done.returncode == 1
    with pytest.raises(Unreadable, match="does not look at what is out already"):
        protect_table(table, ["area"], count="people", method="round", beside=[beside])


def test_who_takes_it_that_revisions_move_few_is_kept_out(tmp_path):
    """Two in June are one to three in March, who takes it that one person moves at most."""
    raw = tmp_path / "raw.csv"
    raw.write_text("area,n\nKent,3\nEssex,12\nSurrey,40\n")
    march = tmp_path / "march.csv"
    march.write_text("area,n\nKent,*\nEssex,*\nSurrey,38\nTotal,56\n")
    june = tmp_path / "june.csv"
    june.write_text("area,n\nKent,2\nEssex,*\nSurrey,*\nTotal,56\n")
    paths = [march, june]
    assert not check_tables(paths, vintages=True).checked[0].those(Meets.TOLD)
    found = check_tables(paths, vintages=True, rule="moves=1").checked[0].found
    ranges = {str(each.cell): (each.low, each.high) for each in found}
    assert ranges["Kent (march.csv)"] == (1, 3)
    made = protect_table(raw, ["area"], count="n", after=[march], rule="moves=3")
    assert made.safe
    june.write_text("area,n\nKent,9\nEssex,*\nSurrey,*\nTotal,56\n")
    march.write_text("area,n\nKent,5\nEssex,*\nSurrey,38\nTotal,56\n")
    with pytest.raises(Unreadable, match="revised by more than moves=1"):
        check_tables(paths, vintages=True, rule="moves=1")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("area,people\nKent,5%\n", "line 2: the count is not a whole number"),
        ("area,people\nKent,£5\n", "line 2: the count is not a whole number"),
        ("area,people\nKent,7.5\n", "line 2: the count is not a whole number"),
        ("area,people\nKent,7\nSumme,7\n", "line 3: 'Summe' under area adds others up"),
        ("area,people\nKent,7\nkent,9\n", "in lines 2 and 3 differs in nothing but the case"),
        ("area,Area,people\nKent,x,7\n", "two columns are called area"),
        ("area,people\nKent,7\n\n\n\nEssex,9\n", "line 6: rows stand after empty lines"),
        ("area,people,,\n", "no row stands under its headings"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(tmp_path, text, wrong):
    path = tmp_path / "synthetic.csv"
    path.write_text(text)
    with pytest.raises(DarkfigureError, match=wrong):
        protect_table(path, ["area"], count="people")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("area,people\nKent,5%\n", "line 2: neither a whole number"),
        ("area,people\nKent,9\nInsgesamt,9\n", "line 3: a value that adds others up"),
        ("area,people\nKent,9\nKENT,9\n", "lines 2 and 3 are of the same people"),
        ("area,people\nKent,9\n\n\n\nEssex,9\n", "line 6: rows stand after empty lines"),
    ],
)
def test_what_would_be_checked_wrongly_is_refused(tmp_path, text, wrong):
    path = tmp_path / "synthetic.csv"
    path.write_text(text)
    with pytest.raises(Unreadable, match=wrong):
        check_tables([path])


def test_values_in_other_letters_are_the_same_people(tmp_path):
    """The answer writes KENT under Area: taken for others it would tell nothing."""
    first, answer = tmp_path / "first.csv", tmp_path / "answer.csv"
    first.write_text("area,sex,n\nKent,F,*\nKent,M,*\nEssex,F,*\nEssex,M,*\nKent,Total,12\n"
                     "Essex,Total,30\nTotal,F,20\nTotal,M,22\nTotal,Total,42\n")  # fmt: skip
    answer.write_text("Area,SEX,n\nKENT,f,9\n")
    told = {str(each.cell): each.low for each in check_tables([first, answer]).checked[0].found}
    assert told == {
        "Kent, F (first.csv)": 9, "Kent, M (first.csv)": 3,
        "Essex, F (first.csv)": 11, "Essex, M (first.csv)": 19,
    }  # fmt: skip


def test_a_part_of_the_people_may_leave_some_of_a_total_unnamed(tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text("area,sex,n\nKent,F,7\nKent,Total,40\nEssex,Total,12\n")
    assert check_tables([path]).passes
    path.write_text("area,n\nKent,0\n")
    assert check_tables([path]).passes


def test_whatever_comes_ends_in_a_right_table_or_in_one_sentence(tmp_path):
    """Three hundred small files, of which many are faulty: shown numbers are the true ones."""
    luck = random.Random(11)
    numbers = ["0", "1", "3", "12", "40", "1,021", "1 234", "7.0", " 9 ", "", "*", "5%", "-3", "x"]
    done, sentences = 0, []
    for number in range(300):
        named = luck.sample(["area", "Sex ", "n°", "a,b", "2017"], luck.randint(1, 2))
        good = luck.random() < 0.6
        rows = [
            [*(luck.choice(["x", "y y", "é", "10-14"]) for _ in named),
             luck.choice(numbers[: 9 if good else None])]
            for _ in range(luck.randint(1, 7))
        ]  # fmt: skip
        kind = luck.choice(["csv", "csv", "xlsx", "ods"])
        path = tmp_path / f"{number}.{kind}"
        if kind == "csv":
            with path.open("w", newline="") as out:
                csv.writer(out, delimiter=luck.choice(",;\t")).writerows([[*named, "n"], *rows])
        else:
            (xlsx if kind == "xlsx" else ods)(path, {"T": [[*named, "n"], *rows]})
        by = [name.strip() for name in named]
        try:
            made = protect_table(path, by, count="n", seconds=3)
        except DarkfigureError as refused:
            sentences.append(str(refused))
            continue
        done += 1
        counts = [int(float(row[-1].replace(",", "").replace(" ", ""))) for row in rows]
        for values, told, _ in made.rows():
            true = sum(
                count
                for row, count in zip(rows, counts, strict=True)
                if all(
                    values[name] in ("Total", value.strip())
                    for name, value in zip(by, row, strict=False)
                )
            )
            assert told in (None, true)
            assert told is None or true >= 5
    assert done > 60
    assert all(sentence.endswith(".") for sentence in sentences)


def test_the_spelling_that_stands_first_is_everybody_s():
    spelled = Spellings()
    assert [spelled.name(text) for text in ("Sex", "SEX ", "sex")] == ["Sex"] * 3
    assert [spelled.value("sex", text) for text in ("Not known", "NOT  known")] == ["Not known"] * 2
    assert spelled.value("area", "not known") == "not known"
    assert spelled.groups("area", "Region", {"Not Known": "x"}) == {"Region": {"not known": "x"}}
