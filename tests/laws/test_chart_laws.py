"""Charts, drawn of any figures: no writing lies on other writing or off the drawing, none is too
small on a phone, time is linear in days, what is held in part or bounded has its mark, and every
figure is told to who does not see it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from itertools import combinations, pairwise
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
from darkfigure.writing.charts.canvas import SIZE, WIDTH, Box, box_of, width_of, wrapped
from darkfigure.writing.wording import figure

relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
    kind = draw(st.sampled_from(("value", "around", "between", "least", "most", "nothing")))
    low = draw(amounts)
    middle, high = low + draw(st.integers(0, 50)), low + 50 + draw(st.integers(1, 5000))
    return {
        "value": (middle, None, None, ()),
        "around": (middle, low, high, ()),
        "between": (None, low, high, ()),
        "least": (None, low, None, ()),
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
    shown = [
        cell for cell in cells if figure(cell) and (cell.value, cell.low, cell.high) != (None,) * 3
    ]
    # A partly held period is dashed and no other is; the key's own sample is one more.
    assert len(filled["part"]) == sum(cell.partly for cell in shown) + any(
        cell.partly for cell in cells
    )
    assert len(filled["bar"]) == sum(not cell.partly for cell in shown)
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


def test_writing_is_no_wider_than_said():
    """The widths are those of the widest typeface named; the browser is asked in the pages'
    tests.
    """
    assert SIZE * ROOM / WIDTH > 11.5
    assert re.fullmatch(r"[\d.]+", f"{width_of('Reasonable grounds 1,234'):.1f}")
