"""Laws of editions: conditions against every figure that is possible, nothing withheld in what goes
out, every judgement compared once, the same bytes from what was frozen.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.assessment.comparison import judgements_moved
from darkfigure.assessment.conditions import Verdict, holds, names_in, worked_out
from darkfigure.assessment.edition import Condition, JudgementTold, Moved, Rendering
from darkfigure.assessment.frozen import as_data as frozen_data
from darkfigure.assessment.shown import Shown, as_data, from_data
from darkfigure.basis.marking import Marking
from darkfigure.reading.edition_folders import thawed
from darkfigure.tables.intervals import Bounded
from darkfigure.writing.editions.as_pdf import tree_of
from darkfigure.writing.editions.bundle import FROZEN, differing, files_of
from editions_drawn import chapter, compared, edition

ENDS = st.tuples(st.integers(-3, 6), st.integers(-3, 6)).map(sorted)
NAMES = ("a", "b", "c")
TERM = st.recursive(
    st.sampled_from(NAMES) | st.integers(0, 4).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda part: f"({part[0]} {part[1]} {part[2]})"
    ),
    max_leaves=4,
)
COMPARED = st.tuples(TERM, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), TERM).map(" ".join)
CONDITION = st.recursive(
    COMPARED,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda part: f"({part[0]}) {part[1]} ({part[2]})"
        )
        | inner.map(lambda part: f"not ({part})")
    ),
    max_leaves=3,
)


def truths(condition, bounds):
    """Whether a condition is true for every figure that is possible; nothing is said where
    something is divided by nought.
    """
    found = set()
    for figures in itertools.product(*(range(low, high + 1) for low, high in bounds)):
        try:
            found.add(bool(eval(condition, {}, dict(zip(NAMES, figures, strict=True)))))
        except ZeroDivisionError:
            found.add(None)
    return found


@given(CONDITION, st.tuples(ENDS, ENDS, ENDS))
def test_a_condition_holds_where_it_is_true_whatever_the_figures_are(condition, bounds):
    known = {
        name: Bounded(None, low, high) for name, (low, high) in zip(NAMES, bounds, strict=True)
    }
    verdict = holds(condition, known)
    possible = truths(condition, bounds)
    if verdict is Verdict.HOLDS:
        assert possible <= {True, None}
    elif verdict is Verdict.FAILS:
        assert possible <= {False, None}


@given(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), ENDS, ENDS)
def test_of_two_figures_a_verdict_is_as_sure_as_it_can_be(sign, left, right):
    known = {"a": Bounded(None, *left), "b": Bounded(None, *right)}
    possible = truths(f"a {sign} b", (left, right, (0, 0)))
    expected = {frozenset({True}): Verdict.HOLDS, frozenset({False}): Verdict.FAILS}
    assert holds(f"a {sign} b", known) is expected.get(frozenset(possible), Verdict.NOT_SURE)


@given(TERM, st.tuples(ENDS, ENDS, ENDS))
def test_what_is_worked_out_bounds_every_figure_that_is_possible(term, bounds):
    known = {
        name: Bounded(None, low, high) for name, (low, high) in zip(NAMES, bounds, strict=True)
    }
    result = worked_out(term, known)
    for figures in itertools.product(*(range(low, high + 1) for low, high in bounds)):
        try:
            value = eval(term, {}, dict(zip(NAMES, figures, strict=True)))
        except ZeroDivisionError:
            continue
        assert result.low is None or result.low <= value + 1e-9
        assert result.high is None or result.high >= value - 1e-9
    assert set(names_in(term)) <= set(NAMES)


WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=9).map(lambda each: f"qx{each}")
WRAPPED = st.sampled_from(
    [
        "{}", "**{}**", "- {}\n- more", "> {}", "`{}`", "### {}", "1. {}",
        "| {} | b |\n| - | - |\n| x | y |",
        "[{}](https://example.org)", "{}\n\n::: official-sensitive\n\n{}\n\n:::",
        "{{{{ ask {} }}}}", '{{{{ says "{}" 1 < 2 }}}}',
    ]
)  # fmt: skip


@given(WORD, WRAPPED, st.booleans())
def test_nothing_that_is_withheld_is_in_what_goes_out(secret, wrapped, closed):
    inside = wrapped.format(secret, secret)
    end = "\n\n::::\n\nAfter." if closed else ""
    text = chapter(sources=f"Before.\n\n:::: official\n\n{inside}{end}")
    restricted = edition(text)
    kept = Shown(withheld="marked", marking=Marking.OFFICIAL)
    told = JudgementTold("HT-J-09", "HT", "", "", "", "", "", "", kept, 1, "marked")
    public = replace(restricted, rendering=Rendering.PUBLIC, judgements=(told,))
    for name, body in files_of(public, pages=False).items():
        assert secret.encode() not in body, name
    assert secret not in repr(tree_of(public))
    assert any(secret.encode() in body for body in files_of(restricted, pages=False).values())


KEPT = st.lists(
    st.sampled_from(
        ["### Found", "### Found\n\n### Found 2", "A line.\n\nAnother.", "- one\n- ### Found",
         "{{ ask convictions as=table }}", '{{ says "more" 1 < 2 }}', "> ### Found",
         "::: secret\n\n### Found\n\n:::"]
    ),
    min_size=1,
).map("\n\n".join)  # fmt: skip
OPEN = "### Found\n\n{{{{ ask arrests }}}}\n\n:::: official\n\n{}\n\n::::\n\n### Found\n\n"


@given(KEPT, KEPT)
def test_what_goes_out_is_the_same_whatever_a_marked_part_holds(one, other):
    assert _goes_out(one) == _goes_out(other)


def _goes_out(kept):
    """What goes out of an edition with a marked part, and with a condition after it."""
    text = chapter(sources=OPEN.format(kept) + '{{ says "few" 1 < 9 }} {{ ask arrests }}')
    shown = {"arrests": Shown(said="406", value=406)}
    made = replace(edition(text, shown), rendering=Rendering.PUBLIC)
    *_, (_, live, _) = (each for each in made.source.lives if each[2] == Marking.PUBLIC)
    said = Condition(live.place, "few", "1 < 9", Verdict.HOLDS)
    files = files_of(replace(made, conditions=(said,)), pages=False)
    again, _ = thawed(files[FROZEN])
    assert differing(files_of(again, pages=False), files) == []
    assert again.source.lives[-1][1].place == again.conditions[0].place
    return files


@given(st.sampled_from(list(Rendering)))
def test_every_file_is_made_again_from_what_was_frozen(rendering):
    made = replace(
        edition(chapter(scale="{{ ask arrests }}\n\n::: official\n\n{{ ask x as=table }}\n\n:::")),
        rendering=rendering,
    )
    files = files_of(made, compared())
    again, against = thawed(files[FROZEN])
    assert differing(files_of(again, against), files) == []
    assert again.content == made.content
    assert frozen_data(again, against) == frozen_data(made, compared())


VALUE = st.none() | st.integers(0, 99) | st.floats(0, 9, allow_nan=False)


@given(
    st.builds(
        Shown,
        said=st.text(),
        value=VALUE,
        low=VALUE,
        high=VALUE,
        sources=st.lists(st.text()).map(tuple),
        marking=st.sampled_from(Marking),
        synthetic=st.booleans(),
        withheld=st.sampled_from(["", "marked"]),
    )
)
def test_what_is_shown_is_read_back_as_it_was(shown):
    assert from_data(as_data(shown)) == shown


CODES = st.lists(st.sampled_from(["J-1", "J-2", "J-3", "J-4", "J-5"]), unique=True)


@given(CODES, CODES, st.lists(st.tuples(CODES, CODES), max_size=2))
def test_every_judgement_of_two_editions_is_compared_and_none_twice(then, now, moved):
    used: set[str] = set()
    concordance = []
    for old, new in moved:
        old, new = ([code for code in codes if code not in used] for codes in (old, new))
        if old and new:
            used |= {*old, *new}
            concordance.append(Moved("merged", tuple(old), tuple(new), "why"))
    before, after = (_with(codes) for codes in (then, now))
    head = replace(after.head, concordance=tuple(concordance))
    after = replace(after, source=replace(after.source, head=head))
    found = judgements_moved(before, after)
    assert sorted(each.code for one in found for each in one.then) == sorted(then)
    assert sorted(each.code for one in found for each in one.now) == sorted(now)


def _with(codes):
    judged = [
        JudgementTold(code, "HT", f"claim {code}", "likely", "low", "stable", "", "", Shown())
        for code in codes
    ]
    return replace(edition(chapter()), judgements=tuple(judged))
