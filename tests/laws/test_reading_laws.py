"""Laws of readings: figures laid out as offices lay them out come back as the same figures, and a
release says the same in a file of several as in one of its own.

Figures are drawn, written as a table of a drawn layout and file form, looked at, taken by the
proposed reading, and held against what was drawn. All of it is SYNTHETIC.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, note
from hypothesis import strategies as st

from darkfigure.codes import codes_for
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.layout import tidied, tidy
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from tables_written import COLUMNAR, SHEETS, written

AREAS = [
    code for code in codes_for("area").codes if code not in ("Action Fraud", "CIFAS", "UK Finance")
]
SEXES = {"female": ["Female", "F", "Women"], "male": ["Male", "M", "Men"]}
PERIODS = {
    "2021": ["2021"],
    "2022": ["2022"],
    "2023": ["2023"],
}
QUARTERS = {
    "2022 Q3": ["2022 Q3", "Q3 2022", "Jul to Sep 2022"],
    "2022 Q4": ["2022 Q4", "Q4 2022", "October-December 2022"],
    "2023 Q1": ["2023 Q1", "Q1 2023", "January to March 2023"],
}
YEARS = {
    "2021/22": ["2021/22", "2021-22", "year ending March 2022", "FY 2021-22"],
    "2022/23": ["2022/23", "2022-23", "year ending March 2023", "FY 2022-23"],
}
TITLES = ["Table 3: SYNTHETIC arrests", "Source: made up", "Notes: counts, 2 tables"]
NOTES = ["Source: Home Office", "(1) A note.", "[r] revised"]
Figure = tuple[str, str, str, str]


def said(value: int | str) -> Figure:
    """A cell as value, low, high and reason."""
    if isinstance(value, int):
        return (str(value), "", "", "")
    return {
        "[c]": ("", "", "", "suppressed"),
        "[x]": ("", "", "", "not_available"),
        "<5": ("", "0", "4", "suppressed"),
        "1 to 4": ("", "1", "4", "suppressed"),
    }[value]


@st.composite
def cells(draw):
    return draw(
        st.one_of(
            st.integers(0, 9999),
            st.sampled_from(["[c]", "[x]", "<5", "1 to 4"]),
            st.integers(0, 9_999_999),
        )
    )


@dataclass
class Drawn:
    """A table: what it says by area, period and sex, and its rows as written."""

    truth: dict[tuple[str, str, str], Figure]
    rows: list[list]
    form: str


def shown(draw, value):
    """A figure as a table may write it."""
    if not isinstance(value, int):
        return value
    ways = [value, str(value), f"{value:,}", f"{value:,} [r]" if value else value, f"{value} (1)"]
    return draw(st.sampled_from(ways))


@st.composite
def tables(draw):
    areas = draw(st.lists(st.sampled_from(AREAS), min_size=2, max_size=5, unique=True))
    spoken = draw(st.sampled_from([PERIODS, QUARTERS, YEARS]))
    way = draw(st.integers(0, min(len(names) for names in spoken.values()) - 1))
    periods = {label: names[way] for label, names in spoken.items()}
    at = draw(st.integers(0, 2))
    sexes = {code: names[at] for code, names in SEXES.items()} if draw(st.booleans()) else {"": ""}
    values = {
        (area, period, sex): draw(cells()) for area in areas for period in periods for sex in sexes
    }
    layout = draw(
        st.sampled_from(["long", "wide", "two rows"] if "" not in sexes else ["long", "wide"])
    )
    label = {code: codes_for("area").label(code) for code in areas}
    down = draw(st.booleans())
    rows = []
    if layout == "long":
        rows.append(["Police force", "Period", *(["Sex"] if "" not in sexes else []), "Number"])
        for area in areas:
            for place, period in enumerate(periods):
                for second, sex in enumerate(sexes):
                    first = not (place or second) or not down
                    line = [label[area] if first else "", periods[period]]
                    line += [sexes[sex]] if sex else []
                    rows.append([*line, shown(draw, values[(area, period, sex)])])
    elif layout == "wide":
        rows.append(["Area", *(["Sex"] if "" not in sexes else []), *periods.values()])
        for area in areas:
            for sex in sexes:
                line = [label[area], *([sexes[sex]] if sex else [])]
                rows.append([*line, *(shown(draw, values[(area, p, sex)]) for p in periods)])
    else:
        upper = [cell for period in periods for cell in (periods[period], *[""] * (len(sexes) - 1))]
        rows.append(["", *upper])
        rows.append(["Force area", *(sexes[sex] for _ in periods for sex in sexes)])
        for area in areas:
            line = [shown(draw, values[(area, p, s)]) for p in periods for s in sexes]
            rows.append([label[area], *line])
    below = len(rows)
    forms = SHEETS
    if layout == "long" and not down:
        forms = (*SHEETS, *COLUMNAR)
    form = draw(st.sampled_from(forms))
    if form not in COLUMNAR:
        rows, below = around(draw, rows)
    truth = {key: said(value) for key, value in values.items()}
    if layout == "wide" and draw(st.booleans()):
        word = draw(st.sampled_from(["Total", "All forces", "Grand total"]))
        for sex in sexes:
            totals = {period: draw(st.integers(0, 9999)) for period in periods}
            row = [word, *([sexes[sex]] if sex else []), *totals.values()]
            rows.insert(below, [*row, *[""] * (len(rows[below - 1]) - len(row))])
            truth |= {("", period, sex): said(value) for period, value in totals.items()}
    return Drawn(truth, rows, form)


def around(draw, rows):
    """A table with titles above and notes below, and where it ends."""
    width = max(map(len, rows))
    titles = draw(
        st.lists(
            st.sampled_from(
                [
                    "Table 3: SYNTHETIC arrests",
                    "Source: made up",
                    "Notes: counts of persons, 2 tables",
                ]
            ),
            max_size=3,
        )
    )
    notes = draw(st.lists(st.sampled_from(NOTES), max_size=2))
    pad = [""] * (width - 1)
    above = [[title, *pad] for title in titles] + ([["", *pad]] if titles else [])
    below = [["", *pad]] + [[text, *pad] for text in notes] if notes else []
    table = [[*row, *[""] * (width - len(row))] for row in rows]
    return [*above, *table, *below], len(above) + len(table)


def found_in(path):
    """What a file says by its proposed reading, by area, period and sex."""
    proposal = propose(path)
    text = text_of(proposal)
    for key, value in (
        ("measure", "arrests"),
        ("stated_on", "2024-08-01"),
        ("stated_by", "HO"),
        ("source", "SYNTHETIC"),
        ("period", ""),
    ):
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    note(text)
    (submission,) = read_figures(path, reading_of(text, "synthetic"))
    figures = {}
    for batch in submission.batches:
        for row in batch.iter_rows(named=True):
            period = submission.heads[row["head"]].period
            key = (row["area"] or "", period.label, row["sex"] or "")
            assert key not in figures
            figures[key] = tuple(row[name] or "" for name in ("value", "low", "high", "reason"))
    assert not submission.problems, [str(each) for each in submission.problems]
    return figures


@given(tables())
def test_figures_come_back_whatever_their_layout(drawn):
    with tempfile.TemporaryDirectory() as folder:
        note(drawn.rows)
        note(drawn.form)
        path = written(Path(folder), drawn.rows, drawn.form)
        assert found_in(path) == drawn.truth


@given(
    st.lists(st.text(st.sampled_from("a1 |,\t\n\u00a0\u2003\u200b\x00"), max_size=6), max_size=4)
)
def test_cells_are_looked_at_alike_by_the_row_and_one_by_one(row):
    assert list(tidied(row)) == [tidy(cell) for cell in row]


RELEASED = ["2022-05-12", "2022-08-11", "2022-11-10"]
BY_RELEASE = """
whole = true
[always]
measure = "arrests"
stated_by = "HO"
source = "SYNTHETIC bulletin of {Bulletin}"
[columns]
Bulletin = "release"
Year = "year"
Quarter = { is = "quarter", total = "year so far" }
Force = "area"
n = "value"
[releases]
"""
STATED = st.tuples(
    st.sampled_from(RELEASED),
    st.sampled_from(["2021", "2022"]),
    st.sampled_from(["Q1", "Q2", "Q3", "Q4", "Total"]),
    st.sampled_from(AREAS[:3]),
)


def of_releases(rows, folder):
    """What each release of a file says: heads and figures, by the name of its part."""
    path = written(folder, [["Bulletin", "Year", "Quarter", "Force", "n"], *rows], "csv")
    reading = reading_of(
        BY_RELEASE + "".join(f'"{day}" = {day}\n' for day in RELEASED), "synthetic"
    )
    found = {}
    for each in read_figures(path, reading):
        batches = [batch.iter_rows(named=True) for batch in each.batches]
        assert not each.problems, [str(problem) for problem in each.problems]
        found[each.file_name.partition("#")[2]] = {
            (each.heads[row["head"]], row["area"], row["value"]) for rows in batches for row in rows
        }
    return found


@given(st.dictionaries(STATED, st.integers(0, 9), min_size=1, max_size=12), st.randoms())
def test_a_release_says_the_same_in_a_file_of_several_as_in_its_own(drawn, random):
    rows = [[*cell, str(value)] for cell, value in drawn.items()]
    random.shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        together = of_releases(rows, Path(folder))
        apart = {}
        for day in {row[0] for row in rows}:
            apart |= of_releases([row for row in rows if row[0] == day], Path(folder))
    assert together == apart
    assert {head.stated_on.isoformat() for said in together.values() for head, _, _ in said} == {
        row[0] for row in rows
    }
