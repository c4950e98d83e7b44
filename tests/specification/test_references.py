"""References of records are kept as pseudonyms, the same wherever one names another."""

from __future__ import annotations

from darkfigure.basis.reference import pseudonym, record_pseudonym
from darkfigure.cases.records import KINDS, FieldType, references_of


def test_a_record_is_named_alike_by_whoever_names_it():
    named = record_pseudonym("referral", "SYN-1")
    assert named == record_pseudonym("referral", "SYN-1")
    assert named.startswith("referral:")
    assert "SYN" not in named
    assert named != record_pseudonym("recovery", "SYN-1")
    assert named.partition(":")[2] != pseudonym("HO", "SYN-1").partition(":")[2]


def test_a_charge_is_named_by_its_proceedings_and_its_number():
    """What was said of one set of proceedings stays together, in the order of its charges."""
    one, two, ten = (record_pseudonym("charge", f"52AB0012308/{number}") for number in (1, 2, 10))
    proceedings = record_pseudonym("charge", "52AB0012308")
    assert [one, two, ten] == [f"{proceedings}/{number}" for number in (1, 2, 10)]
    assert "52AB" not in one
    odd = [record_pseudonym("charge", f"52AB0012308/{last}") for last in ("H2", "1999", "1/2", "")]
    digits = [each.removeprefix(f"{proceedings}/") for each in odd]
    assert [len(each) for each in digits] == [16] * 4
    assert len({*digits}) == 4
    # elsewhere a slash means nothing
    assert "/" not in record_pseudonym("arrest", "10/S/1")


def test_every_column_that_names_a_record_is_known():
    named = {(kind.name, name) for kind in KINDS.values() for name in references_of(kind)}
    assert {("referral", "record"), ("decision", "referral"), ("recovery", "record")} <= named
    assert {("operation", "record"), ("charge", "record"), ("arrest", "operation")} <= named
    assert ("person", "record") not in named  # it is the pseudonym of a person already


def test_a_record_and_what_links_to_it_are_named_alike():
    for kind in KINDS.values():
        for each in kind.fields:
            if each.type is FieldType.LINK:
                assert references_of(KINDS[each.to])["record"] == each.to
                assert references_of(kind)[each.name] == each.to
