"""Laws of records of bodies that went over into others: each is counted once, at what its body
became; where that was divided it is within the bounds alone. Nothing is ever split.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_case_laws import frame
from test_succession_laws import YEARS, areas, code, histories

from darkfigure.evidence.case_memory import in_memory
from darkfigure.publication import answer_from_cases, ask, bridge_from_cases
from darkfigure.tables.case_succession import Gone, by_successor
from support import examples

NOW = date(2026, 11, 26)
relaxed = settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def arrests(held):
    """A SYNTHETIC record for each arrest of a body in a year, known from its day."""
    rows = [
        {"area": f"syn:{name}", "date": date(year, 7, 1), "known_from": date(year, 7, 1)}
        for (name, year), number in held.items()
        for _ in range(number % 4)
    ]
    named = [
        {**row, "record": f"A{at}", "person": f"essex:{at:016x}"} for at, row in enumerate(rows)
    ]
    return in_memory({"arrest": frame("arrest", named)}, []), Counter(
        {place: number % 4 for place, number in held.items() if number % 4}
    )


def part_of(name, asked, bodies, over):
    """Whether what a body was is of the one asked about ("all"), perhaps ("some"), or not."""
    if name == asked:
        return "all"
    into = over[name]
    if len(into) == 1:
        came_later = bodies[into[0]][0] > bodies[name][1]
        return part_of(into[0], asked, bodies, over) if came_later else ""
    return "some" if any(part_of(each, asked, bodies, over) for each in into) else ""


def became(name, year, bodies, over):
    """What a body had become by the end of a year, as long as it was never divided."""
    into = over[name]
    if len(into) == 1 and bodies[name][1] < bodies[into[0]][0] <= year:
        return became(into[0], year, bodies, over)
    return name


@relaxed
@given(histories())
def test_records_are_counted_at_what_their_body_became(history):
    bodies, over, held = history
    records, counted = arrests(held)
    with areas([code(name, bodies[name], over[name]) for name in bodies]):
        for asked in bodies:
            question = ask("arrests", NOW, where=[f"area=syn:{asked}"], evidence="cases")
            (cell,) = answer_from_cases(question, records).cells
            surely, perhaps = (
                sum(
                    number
                    for (name, _), number in counted.items()
                    if part_of(name, asked, bodies, over) == how
                )
                for how in ("all", "some")
            )
            if perhaps:
                assert (cell.value, cell.low, cell.high) == (
                    surely or None,
                    surely,
                    surely + perhaps,
                )
                assert cell.reasons == ("not_divided",)
            elif surely:
                assert (cell.value, cell.low, cell.high) == (surely,) * 3
            else:
                assert cell.value is None


@relaxed
@given(histories(), st.sampled_from(YEARS))
def test_by_area_each_record_stands_once_under_what_its_body_was_on_the_day(history, year):
    bodies, over, held = history
    records, counted = arrests(held)
    with areas([code(name, bodies[name], over[name]) for name in bodies]):
        day = date(year, 12, 31)
        found = answer_from_cases(ask("arrests", day, by=["area"], evidence="cases"), records)
        expected = Counter()
        for (name, when), number in counted.items():
            if when <= year:
                expected[f"syn:{became(name, year, bodies, over)}"] += number
        assert {cell.dims["area"]: cell.value for cell in found.cells} == dict(expected)


@relaxed
@given(histories(), st.sampled_from(YEARS))
def test_a_bridge_over_a_merger_adds_up(history, year):
    bodies, over, held = history
    records, _ = arrests(held)
    with areas([code(name, bodies[name], over[name]) for name in bodies]):
        question = ask("arrests", NOW, by=["area"], evidence="cases")
        bridge = bridge_from_cases(question, date(year, 12, 31), NOW, records)
        assert (bridge.opening or 0) + sum(line.amount for line in bridge.lines) == (
            bridge.closing or 0
        )


def made_of_two():
    return areas(
        [
            code("A", (2001, 2003), ["N"]),
            code("B", (2001, 2003), ["N"]),
            code("N", (2004, None), []),
            code("S", (2001, 2003), ["P", "Q"]),
            code("P", (2004, None), []),
            code("Q", (2004, None), []),
            code("J", (2001, 2003), ["K"]),
            code("K", (2001, None), []),
        ]
    )


HELD = {
    ("A", 2002): 1,
    ("B", 2003): 2,
    ("N", 2004): 1,
    ("S", 2002): 3,
    ("P", 2005): 1,
    ("J", 2002): 1,
}


def told(*, day=NOW, **asked):
    records, _ = arrests(HELD)
    found = answer_from_cases(ask("arrests", day, evidence="cases", **asked), records)
    return {cell.dims.get("area"): cell.value for cell in found.cells}, [
        str(n) for n in found.notes
    ]


def test_what_is_counted_where_is_said():
    with made_of_two():
        figures, notes = told(where=["area=syn:N"])
        assert figures == {None: 4}
        counted = "Records of Synthetic A and Synthetic B are counted at Synthetic N"
        assert any(counted in each for each in notes)
        figures, notes = told(by=["area"])
        assert figures == {"syn:N": 4, "syn:S": 3, "syn:P": 1, "syn:J": 1}
        assert any(counted in each for each in notes)
        assert any("Synthetic S went over into Synthetic P and Synthetic Q" in n for n in notes)
        assert any("Synthetic J became part of Synthetic K" in n for n in notes)
        figures, notes = told(where=["area=syn:P"])
        assert figures == {None: 1}
        assert any("may be of Synthetic P or not" in each for each in notes)


def test_bodies_are_told_by_what_they_became():
    gone = (Gone("area", "A", "N"), Gone("area", "B", "N"), Gone("area", "S", "S"))
    assert by_successor(gone) == {("area", "N"): ["A", "B"]}


def test_before_the_merger_each_stands_alone_and_also_where_it_is_asked_by_name():
    with made_of_two():
        figures, notes = told(by=["area"], day=date(2003, 12, 31))
        assert figures == {"syn:A": 1, "syn:B": 2, "syn:S": 3, "syn:J": 1}
        assert not any("counted at" in each for each in notes)
        figures, _ = told(by=["area"], where=["area=syn:N"])
        assert figures == {"syn:A": 1, "syn:B": 2, "syn:N": 1}
        assert told(where=["area=syn:A"])[0] == {None: 1}


def test_a_bridge_says_that_a_body_went_over():
    with made_of_two():
        records, _ = arrests(HELD)
        question = ask("arrests", NOW, by=["area"], evidence="cases")
        bridge = bridge_from_cases(question, date(2003, 12, 31), date(2004, 1, 1), records)
        assert {(line.reason, line.amount) for line in bridge.lines} == {
            ("definition_changed", -1),
            ("definition_changed", -2),
            ("definition_changed", 3),
        }
