"""The commands on persons, as they are typed: link, show, merge, split, undo, waiting, agree. In
one folder; two people, as the machine calls them. All synthetic.
"""

from __future__ import annotations

import json

import pytest

from darkfigure.synthetic.linked_returns import write_linked_returns
from support import logged_in, own_folder, run

pytestmark = pytest.mark.xdist_group("persons_commands")
LINKED, DECIDED, LATER, LAST = "2019-03-05", "2019-03-12", "2019-03-20", "2019-03-27"
SURE = """
SELECT p."left", p."right" FROM store_linkpair p JOIN person_link l ON l.record = p."left"
    JOIN person_link r ON r.record = p."right" AND r.surely = l.surely
WHERE p.probability > 0.999 ORDER BY 1, 2
"""
APART = """
SELECT l.record, r.record FROM person_link l JOIN person_link r ON l.record < r.record
    AND l.person <> r.person AND split_part(l.record, ':', 1) = split_part(r.record, ':', 1)
    AND l.possibly <> r.possibly
ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """Two lists that are linked: the folder, what the program said, pairs surely of one person, and
    pairs of two, of one agency each.
    """
    with own_folder() as home:
        run("load", *write_linked_returns(tmp_path_factory.mktemp("returns"), 60, 4), home=home)
        said = run("persons", "link", "--on", LINKED, home=home).stdout
        with logged_in(home) as owner:
            sure, apart = (owner.execute(each).fetchall() for each in (SURE, APART))
        yield home, said, sure, apart


def shown(home, record, day):
    return json.loads(
        run("persons", "show", record, "--as-at", day, "--format", "json", home=home).stdout
    )


def refused(home, *words, **more):
    done = run("persons", *words, home=home, check=False, **more)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_linking_says_how_many_persons_and_looks_at_nothing_twice(linked):
    home, said, sure, _ = linked
    assert said.startswith("L1: ")
    assert sure
    assert "persons" in said
    assert "looked at" in said
    assert "No records have come" in refused(home, "link", "--on", LATER)


def test_a_person_is_shown_in_words_and_as_a_document(linked):
    home, _, sure, _ = linked
    left, right = sure[-1]
    found = shown(home, left, LINKED)
    assert {left, right} <= set(found["surely"]) <= set(found["decided"]) <= set(found["possibly"])
    words = run("persons", "show", left, "--as-at", LINKED, home=home).stdout
    assert f"As at {LINKED}, {left} is one person with {len(found['decided']) - 1}" in words
    assert f"  {right}  surely" in words


def test_who_is_no_record_is_refused_without_a_traceback(linked):
    home = linked[0]
    assert "AGENCY:16 digits" in refused(home, "show", "kent:nobody")
    nobody = "kent:0123456789abcdef"
    told = refused(
        home, "merge", nobody, nobody[:-1] + "0", "--reason", "synthetic", "--on", DECIDED
    )
    assert "no record that was linked" in told
    assert "is not the number of a decision" in refused(home, "undo", "twelve", "--reason", "x")


def test_what_is_grave_waits_until_another_agrees(linked):
    home, _, sure, _ = linked
    left, right = sure[0]
    said = run("persons", "split", left, right, "--reason", "synthetic: twins", "--on", DECIDED,
               home=home).stdout  # fmt: skip
    assert said.startswith("PROPOSAL-1 waits until another person agrees: ")
    waits = run("persons", "waiting", home=home).stdout
    assert waits.startswith("PROPOSAL-1  split ")
    assert left in waits
    assert right in waits
    assert "another person agrees" in refused(home, "agree", "1", "--on", DECIDED)
    agreed = run("persons", "agree", "1", "--on", DECIDED, home=home, LOGNAME="second").stdout
    assert "records changed their person" in agreed
    assert right not in shown(home, left, DECIDED)["decided"]
    assert run("persons", "waiting", home=home).stdout == ""


@pytest.mark.long
def test_two_records_are_merged_for_a_reason_and_it_is_undone(linked):
    home, _, _, apart = linked
    left, right = apart[0]
    assert "needs a reason" in refused(home, "merge", left, right, "--on", LATER)
    said = run("persons", "merge", left, right, "--reason", "synthetic: same document",
               "--on", LATER, home=home).stdout  # fmt: skip
    number = said.partition(" ")[0]
    assert f"{number} of {LATER}: merge; " in said
    undone = run("persons", "undo", number, "--reason", "synthetic: a mistake", "--on", LAST,
                 home=home).stdout  # fmt: skip
    assert "undo; " in undone
    assert right in shown(home, left, LATER)["decided"]
    last = shown(home, left, LAST)
    assert right not in last["decided"]
    assert [(each["kind"], each["reason"]) for each in last["decisions"]] == [
        ("merge", "synthetic: same document"),
        ("undo", "synthetic: a mistake"),
    ]
