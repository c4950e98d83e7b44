"""Charts, drawn of any figures: no writing lies on other writing or off the drawing, none is too
small on a phone, time is linear in days, what is held in part or bounded has its mark, and every
figure is told to who does not see it.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from darkfigure.basis.period import BUCKETS, Period, day_after
from darkfigure.basis.saying import quote, say
from darkfigure.basis.status import CellReason
from darkfigure.publication import ask
from darkfigure.publication.answer import Answer
from darkfigure.publication.series import SeriesEntry
from darkfigure.publication.vintages import Point
from darkfigure.tables.cell import Cell
from darkfigure.tables.flow import Step
from darkfigure.tables.waiting_times import Duration
from darkfigure.writing import charts
from darkfigure.writing.charts.axes import Days, fitted
from darkfigure.writing.charts.canvas import WIDTH, Box, box_of, width_of, wrapped
from darkfigure.writing.charts.panels import Curve, Span, lay_columns, lay_curves
from darkfigure.writing.charts.picture import figure_part, picture, titled
from darkfigure.writing.charts.rows import Row, lay_ranges, lay_rows
from darkfigure.writing.page import COLOURS, SHARED, Head, Paging, entry, table
from darkfigure.writing.wording import figure
from darkfigure_hub.web import apps
from support import examples

relaxed = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
#: The room that a drawing has on the smallest phone: 320 pixels less the margins of the page.
ROOM = 288
SVG = "{http://www.w3.org/2000/svg}"
names = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x17F, blacklist_characters="\x7f"), max_size=60
).map(lambda text: " ".join(text.split()) or "x")
amounts = st.integers(0, 10**7)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))


def shapes(svg, tag, look=None):
    root = ElementTree.fromstring(svg)
    found = root.iter(SVG + tag)
    return [each for each in found if look is None or each.get("class") == look]


def boxes(svg):
    return [
        box_of(
            each.text or "",
            float(each.get("x")),
            float(each.get("y")),
            each.get("text-anchor", "start"),
            bold=each.get("font-weight") == "bold",
        )
        for each in shapes(svg, "text")
    ]


def holds(drawn):
    """What holds of every chart."""
    root = ElementTree.fromstring(drawn.svg)
    tall = float(root.get("viewBox").split()[3])
    assert float(root.get("font-size")) * ROOM / WIDTH >= 11
    assert not [each for each in root.iter() if each.get("font-size") and each is not root]
    found = boxes(drawn.svg)
    whole = Box(-0.6, -0.6, WIDTH + 0.6, tall + 0.6)
    for box in found:
        assert whole.left <= box.left
        assert box.right <= whole.right
        assert whole.top <= box.top
        assert box.bottom <= whole.bottom
    for one, other in combinations(found, 2):
        assert not one.meets(other), drawn.svg
    told = root.get("aria-label")
    assert told.startswith(" ".join(drawn.title.split())) or drawn.title in told
    for row in drawn.rows[:40]:
        assert row[-1] in told
    assert root.get("role") == "img"


@st.composite
def bounded(draw):
    """The value, bounds and reasons of a cell."""
    kind = draw(
        st.sampled_from(("value", "around", "between", "least", "incomplete", "most", "nothing"))
    )
    low = draw(amounts)
    middle, high = low + draw(st.integers(0, 50)), low + 50 + draw(st.integers(1, 5000))
    return {
        "value": (middle, None, None, ()),
        "around": (middle, low, high, ()),
        "between": (None, low, high, ()),
        "least": (None, low + 1, None, ()),
        "incomplete": (None, low, None, (CellReason.NO_RETURN,)),
        "most": (None, None, high, ()),
        "nothing": (None, None, None, (CellReason.NO_RETURN,)),
    }[kind]


def cell_of(place, dims, held, *, partly=False, period="2012"):
    value, low, high, reasons = held
    return Cell(
        f"c{place}", dims, value, low, high, "final", reasons, (), (), period, partly=partly
    )


def answer_of(cells, by):
    question = ask("arrests", date(2031, 1, 1), by=by)
    return Answer(question, "arrests", "basis", tuple(cells), (say("provisional"),), ())


@relaxed
@given(st.lists(bounded(), min_size=1, max_size=50))
def test_an_answer_in_bars(held):
    codes = ("pentameter_1", "pentameter_2")
    cells = [cell_of(at, {"operation": codes[at % 2]}, each) for at, each in enumerate(held)]
    found = answer_of(cells, ["operation"])
    drawn = charts.answer_picture(found)
    holds(drawn)
    assert [row[-1] for row in drawn.rows] == [figure(cell) for cell in cells]


@st.composite
def stretches(draw):
    """Following months, quarters or years, some held for their first days only."""
    cut = draw(st.sampled_from(["month", "quarter", "year", "financial_year"]))
    first = BUCKETS[cut](draw(days))
    found = [first]
    for _ in range(draw(st.integers(1, 30))):
        found.append(BUCKETS[cut](day_after(found[-1].end)))
    kept = draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found)))
    found = [each for each, keep in zip(found, kept, strict=True) if keep]
    return cut, found


@relaxed
@given(stretches(), st.data())
def test_an_answer_over_time(cut_and_spans, data):
    cut, spans = cut_and_spans
    assume(len(spans) > 1)
    cells = []
    for at, span in enumerate(spans):
        partly = data.draw(st.booleans())
        held = Period(span.start, span.start + timedelta(days=span.days // 2))
        cells.append(
            cell_of(
                at,
                {cut: span.label},
                data.draw(bounded()),
                partly=partly,
                period=held.label if partly else span.label,
            )
        )
    drawn = charts.answer_picture(answer_of(cells, [cut]))
    holds(drawn)
    filled = {"bar": [], "part": []}
    for look, places in filled.items():
        places += [
            (float(each.get("x")), float(each.get("width")))
            for each in shapes(drawn.svg, "rect", look)
        ]
    shown = [cell for cell in cells if cell.value is not None or cell.low or cell.high is not None]
    # A partly held period is dashed and no other is; the key's own sample is one more.
    assert len(filled["part"]) == sum(cell.partly for cell in shown) + any(
        cell.partly for cell in cells
    )
    assert len(filled["bar"]) == sum(not cell.partly for cell in shown)
    # A figure stands over its own column and on no other.
    columns = [
        Box(
            float(each.get("x")),
            float(each.get("y")),
            float(each.get("x")) + float(each.get("width")),
            float(each.get("y")) + float(each.get("height")),
        )
        for look in filled
        for each in shapes(drawn.svg, "rect", look)
    ]
    figures = [
        box_of(each.text, float(each.get("x")), float(each.get("y")), "middle")
        for each in shapes(drawn.svg, "text", "ink halo")
    ]

    assert not [1 for one in figures for other in columns if one.meets(other)]
    # Of whole periods the middles of columns stand as their days do.
    by_label = {span.label: span for span in spans}
    whole = [by_label[cell.dims[cut]] for cell in shown if not cell.partly]
    middles = [x + wide / 2 for x, wide in filled["bar"]]
    real = [(span.start.toordinal() + day_after(span.end).toordinal()) / 2 for span in whole]
    linear(real, middles)


def linear(days_of, places):
    """Places follow days by one straight line."""
    if len(days_of) < 3 or days_of[0] == days_of[-1]:
        return
    slope = (places[-1] - places[0]) / (days_of[-1] - days_of[0])
    assert slope > 0
    for day, place in zip(days_of, places, strict=True):
        assert place == pytest.approx(places[0] + slope * (day - days_of[0]), abs=0.1)


def test_at_least_nought_is_nothing():
    """What is only known not to be below nought has the cross of a figure that is not there."""
    cells = [cell_of(0, {"operation": "pentameter_1"}, (None, 0, None, (CellReason.NO_RETURN,)))]
    text = " ".join(
        each.text
        for each in shapes(charts.answer_picture(answer_of(cells, ["operation"])).svg, "text")
    )
    assert "cross:" in text
    assert "arrow:" not in text


def test_every_bound_has_its_mark():
    """At least: an arrow. Within bounds: hatched. Held in part: dashed. Nothing: a cross."""
    held = {
        "arrow": (None, 5000, None, ()),
        "hatched": (120, 100, 150, ()),
        "cross": (None, None, None, (CellReason.NO_RETURN,)),
    }
    for mark, each in held.items():
        for by, dims in (
            (["operation"], [{"operation": "pentameter_1"}]),
            (["year"], [{"year": "2011"}, {"year": "2012"}]),
        ):
            cells = [cell_of(at, place, each) for at, place in enumerate(dims)]
            drawn = charts.answer_picture(answer_of(cells, by))
            written = " ".join(each.text for each in shapes(drawn.svg, "text"))
            assert f"{mark}:" in written, (mark, written)
            assert figure(cells[0]) in unescape(drawn.svg)


def test_a_part_of_a_year_is_no_fall():
    """Of a year that is held for a quarter, the column is as wide as the quarter, and dashed."""
    cells = [
        cell_of(0, {"year": "2011"}, (400, None, None, ())),
        cell_of(1, {"year": "2012"}, (90, None, None, ()), partly=True, period="2012 Q1"),
    ]
    drawn = charts.answer_picture(answer_of(cells, ["year"]))
    (year,) = shapes(drawn.svg, "rect", "bar")
    part, _key = shapes(drawn.svg, "rect", "part")
    assert float(part.get("width")) / float(year.get("width")) == pytest.approx(91 / 365, abs=0.02)
    assert part.get("stroke-dasharray")
    assert "2012 (2012 Q1)" in drawn.svg


@relaxed
@given(
    st.dictionaries(
        names, st.dictionaries(days, amounts, min_size=1, max_size=9), min_size=1, max_size=4
    )
)
def test_vintages(series):
    points = {
        name: [Point(name, day, value, "Body") for day, value in held.items()]
        for name, held in series.items()
    }
    since, until = date(1989, 12, 1), date(2030, 2, 1)
    drawn = charts.vintages("Figures", points, since, until)
    holds(drawn)
    dots = shapes(drawn.svg, "circle")
    ordered = [day for held in series.values() for day in sorted(held)]
    assert len(dots) == len(ordered)
    placed = sorted(
        zip((day.toordinal() for day in ordered), dots, strict=True), key=lambda each: each[0]
    )
    first = min(series, key=lambda name: len(series[name]))
    if len(series) == 1:
        linear([day for day, _ in placed], [float(dot.get("cx")) for _, dot in placed])
    assert first in " ".join(row[0] for row in drawn.rows)


@st.composite
def estimates(draw):
    low, middle, high = sorted(draw(st.lists(amounts, min_size=3, max_size=3)))
    kind = draw(st.integers(0, 4))
    day = draw(days)
    ends = [
        (low, middle, high),
        (low, None, high),
        (low, None, None),
        (None, None, high),
        (None, middle, None),
    ][kind]
    return SeriesEntry(
        f"E{day}", draw(st.sampled_from(["adults", "children"])), "x", Period(day, day), "m",
        *ends, None, "0", day, "day", draw(names), "s",
    )  # fmt: skip


@relaxed
@given(st.lists(estimates(), min_size=1, max_size=9))
def test_the_series_of_estimates(entries):
    drawn = charts.series(entries)
    holds(drawn)
    open_above = sum(each.high is None and each.point is None for each in entries)
    arrows = [each for each in shapes(drawn.svg, "path", "line") if "l4 -6l4 6" in each.get("d")]
    assert len(arrows) == open_above + bool(open_above)


@relaxed
@given(st.lists(st.tuples(names, names, st.integers(0, 10**6)), min_size=1, max_size=12))
def test_a_flow_of_persons(steps):
    made = [Step(quote(a), quote(b), n) for a, b, n in steps]
    holds(charts.steps_picture("Flow", made))


@relaxed
@given(
    st.lists(
        st.tuples(names, st.integers(0, 900), st.integers(0, 500), st.booleans()),
        min_size=1, max_size=7,
    )
)  # fmt: skip
def test_waiting_times(rows):
    made = [
        Duration(quote(name), 9, 5, 4, low + more, low, None if reached else low + 2 * more, ())
        for name, low, more, reached in rows
    ]
    holds(charts.waiting(made))


@relaxed
@given(st.integers(1990, 2020), st.integers(1, 14), st.booleans())
def test_a_year_stands_beneath_its_column_or_where_it_begins(first, count, broken):
    """A name beneath the edge of two columns would be read as that of either."""
    spans = [
        Span(Period(date(year, 1, 1), date(year, 12, 31), str(year)), "7", 7)
        for year in range(first, first + count)
    ]
    if broken:
        over = date(first + count, 2, 1), date(first + count + 1, 1, 31)
        spans.append(Span(Period(*over, "twelve months"), "7", 7))
    canvas = titled("Columns")
    lay_columns(canvas, [("", spans)])
    drawn = picture(
        "Columns", ["Year", "Persons"], [[each.days.label, "7"] for each in spans], canvas
    )
    holds(drawn)
    columns = [
        (float(each.get("x")), float(each.get("width")))
        for each in shapes(drawn.svg, "rect", "bar")
    ]
    years = dict(zip([span.days.label for span in spans], columns, strict=True))
    middles = {name: x + wide / 2 for name, (x, wide) in years.items()}
    beneath = [
        each.text
        for each in shapes(drawn.svg, "text", "quiet")
        if each.text in middles and abs(float(each.get("x")) - middles[each.text]) < 1
    ]
    have_room = all(width_of(name) + 4 < wide for name, (_, wide) in years.items())
    if have_room and not broken:
        assert beneath == [*years]
    if broken:
        assert beneath == []


@relaxed
@given(days, st.integers(1, 20000), st.floats(120, 320))
def test_an_axis_of_time_is_linear_and_its_names_have_room(first, length, wide):
    axis = Days(first, first + timedelta(days=length), 0, wide)
    for part in (0, 0.25, 0.5, 1):
        assert axis.at(first.toordinal() + part * length) == pytest.approx(part * wide)
    marks = axis.marks()
    for (a, name), (b, other) in pairwise(marks):
        if len(marks) > 2:
            assert axis(b) - axis(a) >= (width_of(name) + width_of(other)) / 2


@relaxed
@given(st.lists(amounts, min_size=1, max_size=9), st.integers(1, 6))
def test_a_scale_begins_at_nought_and_its_marks_are_whole(values, most):
    scale = fitted(values, 0, 100, most=most)
    assert scale.low == 0
    assert scale.high >= max(values)
    marks = scale.marks(most)
    assert all(float(each).is_integer() for each in marks)
    assert {round(b - a, 6) for a, b in pairwise(marks)} == {round(marks[1] - marks[0], 6)}


@relaxed
@given(names, st.floats(30, 320))
def test_lines_fit_and_lose_no_letter(text, room):
    lines = wrapped(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= room or len(line) == 1 for line in lines)


steps = st.lists(st.tuples(names, st.integers(-9000, 9000)), min_size=1, max_size=12)


@relaxed
@given(steps)
def test_steps_from_one_figure_to_the_next(moves):
    level, rows = 0, []
    for name, amount in moves:
        look = "bar" if amount > 0 else "down"
        rows.append(Row(name, f"{amount:+,}", level + amount, start=level, look=look))
        level += amount
    canvas = titled("Steps")
    lay_rows(canvas, rows)
    holds(picture("Steps", ["Step", "Amount"], [(row.label, row.told) for row in rows], canvas))


@relaxed
@given(st.lists(st.tuples(names, amounts, amounts, amounts), min_size=1, max_size=12), amounts)
def test_ranges_on_one_scale(triples, line):
    rows = [
        Row(name, f"{middle:,}", middle, low, high, look="line")
        for name, *ends in triples
        for low, middle, high in [sorted(ends)]
    ]
    canvas = titled("Ranges")
    lay_ranges(canvas, rows, line, end=max(row.value for row in rows) or 1)
    holds(picture("Ranges", ["Of", "Total"], [(row.label, row.told) for row in rows], canvas))


@relaxed
@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=2, max_size=30),
    st.lists(st.tuples(st.floats(0, 1e6), names), max_size=4),
    st.booleans(),
)
def test_curves(points, marks, stepped):
    canvas = titled("Curve")
    lay_curves(canvas, [Curve(sorted(points), stepped=stepped)], across="Across", marks=marks)
    holds(picture("Curve", ["Mark"], [[name] for _, name in marks], canvas))


def test_a_chart_stands_with_its_table():
    canvas = titled("Two figures")
    lay_rows(canvas, [Row("one", "1", 1), Row("<two>", "2", 2)])
    drawn = picture("Two figures", ["Of", "Persons"], [("one", "1"), ("<two>", "2")], canvas)
    text = figure_part(drawn)
    assert text.index("<svg") < text.index("<table")
    assert 'data-head="Persons">2</td>' in text
    assert "&lt;two&gt;" in text
    assert "<two>" not in text


@relaxed
@given(st.integers(0, 2000), st.integers(-5, 40), st.integers(1, 300))
def test_pages_of_a_table_lose_no_row_and_double_none(whole, number, size):
    paging = Paging(number, lambda at: f"?page={at}", size)
    shown = [
        row
        for at in range(1, paging.pages(whole) + 1)
        for row in range(whole)[Paging(at, paging.address, size).rows(whole)]
    ]
    assert shown == list(range(whole))
    assert (paging.part(whole) == "") == (whole <= size)


def test_a_table_says_its_headings_twice():
    """Above its columns, and on a phone beside each entry."""
    made = table(
        "Caption", [Head("Area"), Head("Persons", "figure")], [[entry("Kent"), entry("4")]]
    )
    assert made.count("Persons") == 2


def test_the_hub_serves_the_rules_of_the_library():
    path = Path(apps.__file__).parent / "static" / "web" / "shared.css"
    assert path.read_text().endswith(COLOURS + SHARED), "make assets"
