"""References of records leave the repository as pseudonyms, the same wherever one names another."""

from __future__ import annotations

from darkfigure.basis.reference import pseudonym, record_pseudonym
from darkfigure.cases.records import KINDS, FieldType, hidden_references


def test_a_record_is_named_alike_by_whoever_names_it():
    named = record_pseudonym("referral", "SYN-1")
    assert named == record_pseudonym("referral", "SYN-1")
    assert named.startswith("referral:")
    assert "SYN" not in named
    assert named != record_pseudonym("recovery", "SYN-1")
    assert named.partition(":")[2] != pseudonym("HO", "SYN-1").partition(":")[2]


def test_what_names_a_case_of_a_person_is_hidden():
    hidden = {(kind.name, name) for kind in KINDS.values() for name in hidden_references(kind)}
    assert {("referral", "record"), ("decision", "referral"), ("recovery", "record")} <= hidden
    assert ("person", "record") not in hidden  # it is the pseudonym of a person already


def test_a_record_and_what_links_to_it_are_hidden_together():
    for kind in KINDS.values():
        for each in kind.fields:
            if each.type is FieldType.LINK:
                of = hidden_references(KINDS[each.to]).get("record")
                assert hidden_references(kind).get(each.name) == of
