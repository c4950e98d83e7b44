"""Origins: what is one spelling, what is near, and what an origin is taken to be by days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.intelligence.origins import near, normal, roots

words = st.text(st.characters(categories=["L", "N", "Zs", "P"]), min_size=1, max_size=20)


@given(words, st.sampled_from([" ", "-", ". ", "\u00a0", "'"]))
def test_case_spaces_and_punctuation_make_no_other_origin(written, between):
    assert normal(between.join(written.upper().split())) == normal(written.upper())
    assert normal(f"{between}{written}{between}") == normal(written)
    assert normal(normal(written)) == normal(written)


def test_what_is_near_is_asked_about_and_another_number_is_another_origin():
    held = [normal(each) for each in ("Night shelter log 7", "Harbour camera 12", "Zoë's house")]
    assert near("Nigth shelter log 7", held) == ["nightshelterlog7"]
    assert near("night-shelter LOG 7", held) == []
    assert near("Night shelter log 8", held) == []
    assert near("Zoe s house", held) == []
    assert near("Zoes houses", held) == ["zoeshouse"]
    assert near("Station desk", held) == []
    assert near("7", held) == []


START = date(2026, 4, 1)
joins = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 6)), max_size=6
).map(
    lambda rows: sorted(
        [(one, two, START + timedelta(days=day)) for one, two, day in rows if one != two],
        key=lambda row: row[2],
    )
)


@given(joins)
def test_an_origin_has_one_name_on_every_day_and_keeps_it_until_a_join(made):
    names = {number: f"ORIGIN-{number}" for number in range(1, 6)}
    rows = roots(names, made)
    for ahead in range(-1, 8):
        day = START + timedelta(days=ahead)
        called = {}
        for number, name, first, until in rows:
            if first <= day and (until is None or day < until):
                assert number not in called
                called[number] = name
        assert called == followed(names, [row for row in made if row[2] <= day])


def followed(names, made):
    """The plainest way: go from each along the joins made by then, and stop before a circle."""
    into = {one: two for one, two, _ in made}
    found = {}
    for number in names:
        path = [number]
        while into.get(path[-1]) and into[path[-1]] not in path:
            path.append(into[path[-1]])
        found[number] = names[path[-1]]
    return found
