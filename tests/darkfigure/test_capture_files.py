"""Capture tables from files as people have them. Every file here is SYNTHETIC and made up for the
purpose.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.estimation.bounded import Bounded, estimate_bounded
from darkfigure.estimation.gate import NoEstimate
from darkfigure.estimation.single import estimate
from darkfigure.reading import capture_files
from darkfigure.reading.capture_files import read
from support import examples

ROWS = [
    ((1, 0, 0), 70),
    ((0, 1, 0), 50),
    ((0, 0, 1), 40),
    ((1, 1, 0), 12),
    ((1, 0, 1), 8),
    ((0, 1, 1), 6),
    ((1, 1, 1), 2),
]
NAMES = ("Police", "Charity", "Border")
PLAIN = (
    "\n".join(
        [",".join([*NAMES, "n"]), *(",".join(map(str, [*flags, count])) for flags, count in ROWS)]
    )
    + "\n"
)
COUNTS = np.array([0, 70, 50, 12, 40, 8, 6, 2.0])


def written(tmp_path, content, name="t.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table_of(tmp_path, content, name="t.csv"):
    found = read(written(tmp_path, content, name))
    (table,) = found.tables.values()
    return table, tuple(map(str, found.remarks))


def with_flags(yes, no, separator=","):
    lines = [separator.join([*NAMES, "n"])]
    return "\n".join(
        [
            *lines,
            *(
                separator.join([*(yes if on else no for on in flags), str(count)])
                for flags, count in ROWS
            ),
        ]
    )


SAME = {
    "plain": PLAIN,
    "blank last lines": PLAIN + "\n\n,,,\n",
    "Windows ends": PLAIN.replace("\n", "\r\n"),
    "marked as UTF-8": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "spaces after commas": PLAIN.replace(",", ", "),
    "TRUE and FALSE": with_flags("TRUE", "FALSE"),
    "pandas True and False": with_flags("True", "False"),
    "T and F": with_flags("T", "F"),
    "yes and no": with_flags("yes", "no"),
    "Y and N": with_flags("Y", "N"),
    "да and нет": with_flags("да", "нет"),
    "a cross or nothing": with_flags("x", ""),
    "1.0 and 0.0": with_flags("1.0", "0.0"),
    "row names as R writes them": "\n".join(
        [
            '"Police","Charity","Border","n"',
            *(f'"{place}",{a},{b},{c},{n}' for place, ((a, b, c), n) in enumerate(ROWS, 1)),
        ]
    ),
    "rows numbered by pandas": "\n".join(
        [
            ",Police,Charity,Border,n",
            *(f"{place},{a},{b},{c},{n}" for place, ((a, b, c), n) in enumerate(ROWS)),
        ]
    ),
    "count first": "\n".join(
        ["n,Police,Charity,Border", *(f"{n},{a},{b},{c}" for (a, b, c), n in ROWS)]
    ),
    "count by a name of its own": PLAIN.replace(",n\n", ",how many\n"),
    "count first, a name of its own": "\n".join(
        ["Victimes,Police,Charity,Border", *(f"{n},{a},{b},{c}" for (a, b, c), n in ROWS)]
    ),
    "a row of the unseen, NA": PLAIN + "0,0,0,NA\n",
    "a row of the unseen, 0": PLAIN + "0,0,0,0\n",
    "a row of totals": PLAIN + "Total,,,188\n",
    "a row of totals without a word": PLAIN + ",,,188\n",
    "an empty column": "\n".join(line + "," for line in PLAIN.splitlines()),
    "whole numbers as 12.0": PLAIN.replace(",12\n", ",12.0\n"),
    "1.2e1": PLAIN.replace(",12\n", ",1.2e1\n"),
    "one row a person": "\n".join(
        [
            ",".join(NAMES),
            *(",".join(map(str, flags)) for flags, count in ROWS for _ in range(count)),
        ]
    ),
    "one row a person, numbered": "\n".join(
        ["id,Police,Charity,Border"]
        + [
            f"{place},{a},{b},{c}"
            for place, (a, b, c) in enumerate((flags for flags, n in ROWS for _ in range(n)), 1)
        ]
    ),
    "rows of person and list": "\n".join(
        ["person,list"]
        + [
            f"p{place},{name}"
            for place, flags in enumerate(flags for flags, count in ROWS for _ in range(count))
            for name, on in zip(NAMES, flags, strict=True)
            if on
        ]
    ),
    "rows of list and person": "\n".join(
        ["source;ref"]
        + [
            f"{name};p{place}"
            for place, flags in enumerate(flags for flags, count in ROWS for _ in range(count))
            for name, on in zip(NAMES, flags, strict=True)
            if on
        ]
    ),
}


@pytest.mark.parametrize("form", SAME)
def test_the_same_table_in_every_form(tmp_path, form):
    table, _ = table_of(tmp_path, SAME[form])
    assert set(table.lists) == set(NAMES)
    order = [table.place(name) for name in NAMES]
    moved = np.zeros(8)
    for mask in range(8):
        moved[sum(1 << new for new, old in enumerate(order) if mask >> old & 1)] = table.counts[
            mask
        ]
    assert moved.tolist() == COUNTS.tolist()


def test_what_programs_write_of_a_frame(tmp_path):
    frame = pd.DataFrame([(*flags, count) for flags, count in ROWS], columns=[*NAMES, "freq"])
    booleans = frame.assign(**{name: frame[name].astype(bool) for name in NAMES})
    for place, text in enumerate(
        (
            frame.to_csv(),
            frame.to_csv(index=False),
            booleans.to_csv(),
            booleans.to_csv(sep=";", index=False),
            pl.from_pandas(booleans).write_csv(),
            pl.from_pandas(frame).write_csv(separator="\t"),
        )
    ):
        assert table_of(tmp_path, text, f"{place}.csv")[0].counts.tolist() == COUNTS.tolist()


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("1,120", 1120),
        ("1 120", 1120),
        ("1\u00a0120", 1120),
        ("1'120", 1120),
        ("1e3", 1000),
        ("12,345,678", 12_345_678),
        ("7.0", 7),
    ],
)
def test_figures_as_people_write_them(tmp_path, written_as, means):
    table, _ = table_of(tmp_path, PLAIN.replace("1,0,0,70", f'1,0,0,"{written_as}"'))
    assert table.counts[1] == means


@pytest.mark.parametrize("wrong", ["1.120", "12.5", "1,12", "twelve", "0x10", "1e99", "²", "inf"])
def test_a_digit_is_never_guessed(tmp_path, wrong):
    with pytest.raises(Unreadable, match=r"line 2: .* is not a whole number of persons"):
        read(written(tmp_path, PLAIN.replace("1,0,0,70", f'1,0,0,"{wrong}"')))


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("<5", 0, 4),
        ("< 10", 0, 9),
        ("fewer than 5", 0, 4),
        ("less than 3", 0, 2),
        ("*", 0, 4),
        ("..", 0, 4),
        ("1-4", 1, 4),
        ("1 to 4", 1, 4),
        ("≤3", 0, 3),
        ("up to 3", 0, 3),
    ],
)
def test_bounds_are_carried_to_the_interval(tmp_path, word, low, high):
    table, remarks = table_of(tmp_path, PLAIN.replace("1,1,1,2", f"1,1,1,{word}"))
    assert isinstance(table, Bounded)
    assert (table.low.counts[7], table.high.counts[7]) == (low, high)
    if word in ("*", ".."):
        assert remarks == (f"{word} is taken as fewer than 5",)
    found = estimate_bounded(table)
    for count in range(low, high + 1):
        each = estimate(table.low.with_counts(np.where(np.arange(8) == 7, count, COUNTS)))
        assert found.interval[0] <= each.interval[0] <= each.interval[1] <= found.interval[1]
    # Known, hidden and total are of one way to fill them in: the middle one.
    own = [
        estimate(table.low.with_counts(np.where(np.arange(8) == 7, count, COUNTS)))
        for count in range(low, high + 1)
    ]
    assert (found.known, found.total) in {(each.known, each.total) for each in own}
    assert {str(name): str(text) for name, text in found.more}[
        "known over the bounds"
    ] == f"{186 + low} to {186 + high}"


def test_bounds_without_an_upper_limit_give_no_interval(tmp_path):
    text = "A,B,n\n1,0,30\n0,1,20\n1,1,<3\n"
    table, _ = table_of(tmp_path, text)
    found = estimate_bounded(table)
    assert found.interval is None
    assert (
        str(found.how) == "no interval: 1 of 3 ways to fill the bounded counts in have no estimate"
    )


def test_strata_in_columns(tmp_path):
    lines = ["Police;страта;Charity;год;n"]
    lines += [
        f"{a};{sex};{b};2019/2020;{n}"
        for sex in ("Ж", "М")
        for a, b, n in ((0, 0, 0), (1, 0, 9), (0, 1, 7), (1, 1, 3))
    ]
    found = read(written(tmp_path, "\n".join(lines)))
    assert list(found.tables) == ["Ж, 2019/2020", "М, 2019/2020"]
    assert all(
        table.lists == ("Police", "Charity") and table.known == 19
        for table in found.tables.values()
    )


def test_a_stratum_of_no_overlap_is_named_and_does_not_stop_the_others(tmp_path):
    text = "A,B,sex,n\n1,0,F,9\n0,1,F,8\n1,1,F,2\n1,0,M,5\n0,1,M,4\n"
    found = read(written(tmp_path, text))
    assert list(found.tables) == ["F"]
    ((name, failed),) = found.failed
    why = str(failed)
    assert name == "M"
    assert "No person is on two lists" in why


def test_how_often_persons_were_seen(tmp_path):
    assert read(written(tmp_path, "nbcap,freq\n1,50\n2,20\n3,5\n")).times == {1: 50, 2: 20, 3: 5}
    assert read(written(tmp_path, "persons;times\n50;1\n20;2\n")).times == {1: 50, 2: 20}


def test_a_list_of_nobody_is_left_out_and_said(tmp_path):
    table, remarks = table_of(tmp_path, "A,B,C,n\n1,0,0,5\n0,1,0,4\n1,1,0,2\n0,0,1,0\n")
    assert table.lists == ("A", "B")
    assert remarks == ("nobody is on C: the list is left out",)


def test_latin_letters_and_all_others(tmp_path):
    table, remarks = table_of(tmp_path, PLAIN.replace("Police", "Policía").encode("latin-1"))
    assert table.lists[0] == "Policía"
    assert remarks == ("the file is not UTF-8 and was read as Latin-1 (Windows-1252)",)
    assert (
        table_of(tmp_path, PLAIN.replace("Police", "Полиция").replace("Border", "警察"))[0].lists[0]
        == "Полиция"
    )
    names = (
        PLAIN.replace("Police", "Полиция")
        .replace("Charity", "Приют")
        .replace("Border", "Граница")
        .replace(",n", ",число")
    )
    with pytest.raises(Unreadable, match="Save it as UTF-8"):
        read(written(tmp_path, names.encode("cp1251")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PLAIN.replace("70", "-3"), "line 2: a negative count"),
        (PLAIN.replace("70", "NA"), "line 2: no count of persons. Give it"),
        (PLAIN + "0,0,0,5\n", "line 9: 5 persons on no list"),
        (PLAIN + "1,0,0,5\n", "line 9: the same combination of lists as line 2. Add the two up"),
        (PLAIN + "Total,,,190\n", "the row of totals says 190; the rows add up to 188"),
        ("A,n\n1,5\n", "One list says nothing"),
        ("A,B,n\n1,0,5\n0,1,3\n", "No person is on two lists"),
        ("A,B,n\n2,0,5\n", "line 2, column 1: '2' is neither 1"),
        ("A,B,n\n1,0\n", "line 2: 2 fields where the heading has 3"),
        ("A,A,n\n1,0,5\n1,1,2\n", "two columns have the same name"),
        ("1,0,0,5\n0,1,0,3\n", "the first row holds figures, not headings"),
        ("A,B,n\n", "a heading and no row"),
        ("A,B,n\n1,0,4-1\n0,1,3\n1,1,2\n", "range from more to less"),
        (
            ",".join([*(f"L{n}" for n in range(17)), "n"]) + "\n" + ",".join(["1"] * 17 + ["5"]),
            "17 lists are more than can be",
        ),
        ("", "no heading"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text"),
    ],
)
def test_a_file_with_faults_is_refused_with_the_right_reason(tmp_path, text, says):
    with pytest.raises(Unreadable) as caught:
        read(written(tmp_path, text))
    assert says in str(caught.value)
    assert str(caught.value).startswith("t.csv: ")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Unreadable, match="cannot be read: No such file"):
        read(tmp_path / "none.csv")


SECRET = "Wanjiru-Secret"


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET},1990-01-01\n{SECRET},1991-01-01\n",
        f"name,born,town\n{SECRET},1990-01-01,{SECRET}\n{SECRET} B,1991-01-01,Leeds\n",
        f"{SECRET}\n{SECRET}\n",
        f"name;count\n{SECRET};5\n{SECRET} B;6\n",
        f"A,B,n\n1,0,5\n{SECRET},1,3\n1,1,2\n",
        f"A,B,n\n1,0,{SECRET}\n0,1,3\n1,1,2\n",
        f"person,list\n{SECRET},A\n{SECRET},A\n",
        f"A,B,name,n\n1,0,{SECRET},1\n0,1,{SECRET},1\n1,1,{SECRET},1\n1,0,Jones,1\n",
        f"A,B,who,n\n1,0,{SECRET},1\n0,1,Smith,1\n1,1,Brown,1\n1,0,Jones,1\n",
        f'{{"person": "{SECRET}", "list": 3}}',
    ],
)
def test_what_is_not_recognised_is_never_shown(tmp_path, text):
    with pytest.raises(DarkfigureError) as caught:
        read(written(tmp_path, text))
    assert SECRET not in str(caught.value)


LETTERS = '01,;\t\n"<>*.-abnTFéЖ \r'


@settings(
    max_examples=examples(400),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(LETTERS, max_size=200).map(str.encode),
        st.text(LETTERS, max_size=60).map(lambda text: (PLAIN + text).encode()),
        st.tuples(st.text(LETTERS, max_size=8), st.integers(0, len(PLAIN))).map(
            lambda cut: (PLAIN[: cut[1]] + cut[0] + PLAIN[cut[1] :]).encode()
        ),
        st.tuples(st.binary(max_size=4), st.integers(0, len(PLAIN))).map(
            lambda cut: PLAIN.encode()[: cut[1]] + cut[0] + PLAIN.encode()[cut[1] + 1 :]
        ),
    )
)
def test_no_bytes_end_in_a_traceback(tmp_path, content):
    """Anything at all is read or refused in a sentence; what is read can be estimated or is refused
    in a sentence.
    """
    path = written(tmp_path, content)
    try:
        found, said = read(path), ""
    except Unreadable as error:
        found, said = None, str(error)
    if found is None:
        assert said.startswith("t.csv: ")
        assert len(said) < 500
        return
    for table in found.tables.values():
        held = table.high if isinstance(table, Bounded) else table
        assert held.counts[0] == 0
        assert np.isfinite(held.counts).all()
        assert held.known > 0
        assert len(set(held.lists)) == held.size >= 2


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(capture_files, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="larger than"):
        read(written(tmp_path, PLAIN))


def test_where_not_every_way_to_fill_bounds_in_is_tried_no_interval_is_said(tmp_path):
    """The extremes of the total need not lie at the ends of the counts: what was not tried may lie
    further out.
    """
    text = "A,B,C,count\n1,0,0,<50\n0,1,0,80\n0,0,1,60\n1,1,0,<20\n1,0,1,9\n0,1,1,<30\n1,1,1,<10\n"
    table, _ = table_of(tmp_path, text)
    found = estimate_bounded(table)
    assert found.interval is None
    assert "others may lie further out" in str(found.how)
    assert "total over the ways tried" in [str(name) for name, _ in found.more]


def test_copies_of_one_list_are_told(tmp_path):
    table, _ = table_of(tmp_path, "A,B,C,count\n1,1,0,200\n0,0,1,300\n1,1,1,5\n")
    with pytest.raises(NoEstimate, match="A and B hold the same people"):
        estimate(table)
    assert estimate(table.merge(["A", "B"])).total > 505
