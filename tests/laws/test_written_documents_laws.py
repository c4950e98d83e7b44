"""Whatever is held and asked, what is written as JSON fits its Schema. SYNTHETIC."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_nearest_laws import evidence_of as holding
from test_nearest_laws import questions, tables

from darkfigure.publication import answer, bridge, compare
from darkfigure.publication.beside import beside
from darkfigure.publication.views import Wishes, viewed
from darkfigure.writing import registry
from documents_held import held
from support import examples

relaxed = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@settings(relaxed, max_examples=examples(150))
@given(tables, questions(), st.sampled_from(registry.languages_of("answer")))
def test_any_answer_and_any_bridge_is_a_document(table, question, language):
    evidence = holding(table)
    found = answer(question, evidence)
    told = held(registry.write("answer", "json", found, language=language), "answer")
    assert told["synthetic"] is bool(found.cells)
    spanned = bridge(question, question.as_at, question.as_at, evidence)
    held(registry.write("bridge", "json", spanned, language=language), "bridge")
    held(registry.write("comparison", "json", compare(["one", "other"], [found] * 2)), "comparison")
    held(registry.write("beside", "json", beside([found, found])), "beside")


@settings(relaxed, max_examples=examples(100))
@given(
    tables,
    questions(),
    st.builds(
        Wishes,
        change=st.booleans(),
        share=st.booleans(),
        total=st.booleans(),
        top=st.integers(1, 3),
    ),
)
def test_any_view_is_a_document(table, question, wishes):
    evidence = holding(table)
    made = viewed(question, wishes, lambda each: answer(each, evidence))
    held(registry.write("view", "json", made), "view")
