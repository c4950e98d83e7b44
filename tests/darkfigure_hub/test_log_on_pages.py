"""The disclosure log as pages see it: behind the gate of the database, where the rows of answers
that were not released stay. All synthetic.
"""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from datetime import date

from django.db import connection
from django.utils import timezone

from darkfigure.publication import ask
from darkfigure.publication.appropriate_limit import cost_of
from darkfigure.publication.response import Outcome, refused_for
from darkfigure.writing import registry
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import respond, show_responses
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request
from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.queries.responses import number_of


def registered(operator, *questions, public=True):
    wanted = [each if isinstance(each, Wanted) else Wanted(each) for each in questions]
    made = respond.draft_response(operator, wanted, Request(), timezone.localdate())
    return respond.register_response(operator, made, public=public)


@contextmanager
def as_the_web():
    """A stretch in which what is read is what the pages' login sees of nobody in particular."""
    before = connection.acting
    connection._become(WEB)
    try:
        yield
    finally:
        connection._become(before)


def test_a_refused_part_stands_in_the_log_that_pages_show(operator, apart):
    """The row of its answer stays behind the gate; its question and its refusal do not."""
    exempt = refused_for("exempt", section="40(2)", why="Synthetic.")
    of_arrests = ask("arrests", date(2008, 12, 17), where=["operation=Pentameter 2"])
    by_operation = ask("arrests", date(2008, 12, 17), by=["operation"])
    mixed = registered(operator, of_arrests, Wanted(by_operation, exempt))
    all_refused = registered(operator, Wanted(by_operation, exempt))
    with as_the_web():
        public = for_public("test")
        shown = show_responses.disclosed(public, mixed.reference)
        refused = show_responses.disclosed(public, all_refused.reference)
        log = show_responses.disclosures(public)
        (opened,) = show_responses.disclosed(public, mixed.reference).parts[0].answer.cells
        assert open_source(public, opened.id).given.value == 528
    assert [part.outcome for part in shown.parts] == [Outcome.ANSWERED, Outcome.REFUSED]
    assert shown.parts[1].answer.question == by_operation
    assert [each.parts[-1].answer.cells for each in (shown, refused)] == [(), ()]
    letter = registry.write("response", "text", shown)
    assert "information in 2 parts" in letter
    assert "refusal notice under section 17" in letter
    assert "exempt under section 40(2)" in registry.write("response", "html", refused)
    assert shown.parts[1].answer.basis == "", "a hash that would prove that one had read it"
    assert "withdrawn" not in registry.write("disclosure", "html", log)
    rows = list(csv.DictReader(io.StringIO(registry.write("disclosure", "csv", log))))
    told = [(row["letter"], row["outcome"], row["figure"]) for row in rows]
    assert told == [("a", "refused", ""), ("a", "answered", "528"), ("b", "refused", "")]


def test_the_letter_on_a_page_is_the_letter_that_went_out(operator, apart):
    """With the advice beside each refusal, though the row of its answer is not seen."""
    undivided = ask("nrm_referrals", date(2026, 11, 26), by=["area"], period="2022")
    exempt = refused_for("exempt", section="40(2)", why="Synthetic.")
    over = refused_for("cost_limit", cost=cost_of(1200, 5))
    made = registered(
        operator,
        Wanted(undivided, refused_for("not_held")),
        Wanted(undivided, over),
        Wanted(undivided, exempt),
        undivided,
    )
    with as_the_web():
        shown = show_responses.disclosed(for_public("test"), made.reference)
    letters = [registry.write("response", "text", each) for each in (made, shown)]
    assert letters[0] == letters[1]
    assert "This can be answered: Referrals to the National Referral Mechanism, 2022" in letters[0]
    alone = registered(operator, Wanted(undivided, exempt))
    assert "can be answered" not in registry.write("response", "text", alone)


def test_what_is_private_asks_nothing_of_the_pages(operator, apart):
    made = registered(operator, ask("arrests", date(2008, 12, 17)), public=False)
    with as_the_web(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate.asked_in(%s)", [[number_of(made.reference)]])
        assert cursor.fetchall() == []
