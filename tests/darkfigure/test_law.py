"""The Palermo definition over its whole truth table, and the statutes of a day."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import UnknownName
from darkfigure.law import ACTS, MEANS, PURPOSES, Facts, Finding, Truth, assess, flags, statutes
from darkfigure.law.facts import OPEN_PURPOSES, STATUTORY_ACTS
from darkfigure.law.statutes import PLACES

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.NOT_KNOWN


def case(act, means, purpose, child, consent=UNKNOWN):
    return Facts(
        acts={"any": act},
        means={"any": means},
        purposes={"any": purpose},
        child=child,
        consent=consent,
    )


def written_out(act, means, purpose, child):
    """The definition said again, from its words: what the law needs of an adult and of a child."""
    needed = [act, purpose] if child is not NO else [act, means, purpose]
    if NO in needed:
        return Finding.NOT_MET
    return Finding.UNDECIDED if UNKNOWN in needed else Finding.MET


@pytest.mark.parametrize(
    "values", list(itertools.product(Truth, repeat=5)), ids=lambda values: "-".join(values)
)
def test_truth_table(values):
    act, means, purpose, child, consent = values
    found = assess(case(*values))
    assert found.finding == written_out(act, means, purpose, child)
    assert found.presumed_child == (child is UNKNOWN)
    assert found.if_adult == written_out(act, means, purpose, NO)
    if found.finding is Finding.UNDECIDED:
        named = {"act": act, "purpose": purpose, **({"means": means} if child is NO else {})}
        assert set(found.missing) == {name for name, value in named.items() if value is UNKNOWN}
    else:
        assert found.missing == ()
    # Consent decides nothing, whatever it is.
    assert {assess(case(*values[:4], other)).finding for other in Truth} == {found.finding}
    text = " ".join(map(str, found.sentences))
    assert "Article 3" in text
    assert ("presumed a child" in text) == (child is UNKNOWN)
    assert ("Consent was given" in text) == (consent is YES)


@pytest.mark.parametrize(
    "values", list(itertools.product(Truth, repeat=4)), ids=lambda values: "-".join(values)
)
def test_a_settled_finding_is_the_same_however_old_the_person_is(values):
    act, means, purpose, child = values
    found = assess(case(*values))
    ages = [child] if child is not UNKNOWN else [YES, NO]
    either = {written_out(act, means, purpose, age) for age in ages}
    if len(either) == 1:
        assert found.settled == either.pop()
    else:
        assert found.settled is Finding.UNDECIDED
        assert "age" in found.unsettled
        assert "Without the presumption it cannot be said" in str(found.sentences[-1])
    assert (found.unsettled == ()) == (found.settled is not Finding.UNDECIDED)
    named = {"act": act, "means": means, "purpose": purpose, "age": child}
    assert all(named[name] is UNKNOWN for name in found.unsettled)


@pytest.mark.parametrize(
    "values", list(itertools.product(Truth, repeat=4)), ids=lambda values: "-".join(values)
)
def test_what_is_said_to_be_missing_settles_it(values):
    """Once all that is named is known, one way or the other, the finding is said."""
    names = ("act", "means", "purpose", "age")
    missing = assess(case(*values)).unsettled
    for filled in itertools.product((YES, NO), repeat=len(missing)):
        more = dict(zip(names, values, strict=True)) | dict(zip(missing, filled, strict=True))
        assert assess(case(*(more[name] for name in names))).settled is not Finding.UNDECIDED
    # and no less will do: with any one of them still not known there is a case that stays open.
    for left in missing:
        rest = [name for name in missing if name != left]
        open_still = [
            dict(zip(names, values, strict=True)) | dict(zip(rest, filled, strict=True))
            for filled in itertools.product((YES, NO), repeat=len(rest))
        ]
        assert any(
            assess(case(*(more[name] for name in names))).settled is Finding.UNDECIDED
            for more in open_still
        ), left


def test_consent_is_void_once_a_means_was_used():
    said = assess(
        Facts({"transport": YES}, {"deception": YES}, {"prostitution": YES}, child=NO, consent=YES)
    )
    assert said.finding is Finding.MET
    assert any("irrelevant" in line and "3(b)" in line for line in map(str, said.sentences))
    without = assess(case(YES, NO, YES, NO, YES))
    assert without.finding is Finding.NOT_MET
    told = map(str, without.sentences)
    assert not any("irrelevant" in line for line in told), "no means, nothing is void"


def test_the_list_of_purposes_is_open_with_a_recorded_reason():
    without = assess(Facts({"recruitment": YES}, {"force": YES}, {"criminal": YES}, child=NO))
    assert (without.finding, without.missing) == (Finding.UNDECIDED, ("purpose",))
    with_reason = Facts(
        {"recruitment": YES},
        {"force": YES},
        {"criminal": YES},
        child=NO,
        open_purpose_reason="Made to sell drugs.",
    )
    assert assess(with_reason).finding is Finding.MET


truths = st.sampled_from(list(Truth))


def forms(names):
    return st.dictionaries(st.sampled_from(sorted(names)), truths)


facts = st.builds(
    Facts,
    acts=forms({**ACTS, **STATUTORY_ACTS, "any": ""}),
    means=forms({**MEANS, "any": ""}),
    purposes=forms({**PURPOSES, **OPEN_PURPOSES, "any": ""}),
    child=truths,
    consent=truths,
    open_purpose_reason=st.sampled_from(["", "recorded"]),
)


@given(facts, st.data())
def test_more_information_never_unmakes_a_finding_but_by_a_no(known, data):
    """What was not known becomes yes: what was met stays met, and what was not met stays not
    met.
    """
    more = {}
    for name in ("acts", "means", "purposes"):
        held = getattr(known, name)
        more[name] = {
            form: YES if value is UNKNOWN and data.draw(st.booleans()) else value
            for form, value in held.items()
        }
    child = YES if known.child is UNKNOWN and data.draw(st.booleans()) else known.child
    wider = Facts(
        **more, child=child, consent=known.consent, open_purpose_reason=known.open_purpose_reason
    )
    before, after = assess(known).finding, assess(wider).finding
    if before is Finding.MET:
        assert after is Finding.MET
    if after is Finding.NOT_MET:
        assert before is Finding.NOT_MET or before is Finding.UNDECIDED


@given(facts, st.data())
def test_more_facts_never_turn_met_into_cannot_be_said(known, data):
    """Whatever was not known becomes known, one way or the other: what was said stays said."""
    before = assess(known).settled
    more = {}
    for name, forms in (
        ("acts", {**ACTS, **STATUTORY_ACTS}),
        ("means", MEANS),
        ("purposes", {**PURPOSES, **OPEN_PURPOSES}),
    ):
        held = getattr(known, name)
        none = held.get("any") is NO
        more[name] = dict(held)
        for form in forms:
            if held.get(form, UNKNOWN) is UNKNOWN and data.draw(st.booleans()):
                # An element said to be absent as a whole has no form of it: that is no new fact.
                more[name][form] = NO if none else data.draw(st.sampled_from([YES, NO]))
    child = data.draw(truths) if known.child is UNKNOWN else known.child
    reason = known.open_purpose_reason or data.draw(st.sampled_from(["", "recorded"]))
    after = assess(
        Facts(**more, child=child, consent=data.draw(truths), open_purpose_reason=reason)
    ).settled
    if before is not Finding.UNDECIDED:
        assert after is before


@given(facts)
def test_an_element_said_to_be_absent_can_only_be_made_present_by_a_yes(known):
    assert (known.act is YES) == (YES in [v for n, v in known.acts.items() if n in (*ACTS, "any")])


def test_names_outside_the_definition_are_refused():
    with pytest.raises(UnknownName, match="no act of the definition"):
        Facts(acts={"teleport": YES})


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (
            date(2008, 12, 17),
            {"palermo", "soa_2003_57", "soa_2003_58", "soa_2003_59", "aitca_2004_4", "us_tvpa"},
        ),
        (date(2013, 4, 5), {"soa_2003_57", "aitca_2004_4", "cja_2009_71", "coe_2005"}),
        (date(2013, 4, 6), {"soa_2003_59a", "aitca_2004_4", "cja_2009_71", "coe_2005"}),
        (date(2015, 7, 30), {"soa_2003_59a"}),
        (date(2015, 7, 31), {"msa_2015_1", "msa_2015_2"}),
        (date(2024, 7, 14), {"eu_2024_1712", "msa_2015_2"}),
    ],
)
def test_statutes_by_day(day, codes):
    in_force = {statute.code for statute in statutes() if statute.in_force(day)}
    assert codes <= in_force
    assert ("soa_2003_57" in in_force) == (date(2004, 5, 1) <= day <= date(2013, 4, 5))
    assert ("msa_2015_2" in in_force) == (day >= date(2015, 7, 31))


def flag(facts, day, code):
    return next(found for found in flags(facts, day) if found.statute.code == code)


def test_an_offence_needs_no_means_where_the_definition_does():
    facts = Facts(
        {"transport": YES, "travel_into_uk": YES}, {"any": NO}, {"prostitution": YES}, child=NO
    )
    assert assess(facts).finding is Finding.NOT_MET
    assert flag(facts, date(2008, 1, 1), "soa_2003_57").applies is YES
    assert flag(facts, date(2016, 1, 1), "msa_2015_2").applies is YES
    assert flag(facts, date(2016, 1, 1), "eu_2011_36").applies is NO


def test_a_child_in_forced_labour_needs_a_means_under_the_tvpa_alone():
    facts = Facts(
        {"recruitment": YES},
        {"any": NO},
        {"labour": YES, "prostitution": NO, "sexual": NO},
        child=YES,
    )
    assert assess(facts).finding is Finding.MET
    assert flag(facts, date(2016, 1, 1), "us_tvpa").applies is NO
    assert flag(facts, date(2016, 1, 1), "eu_2011_36").applies is YES


def test_surrogacy_is_new_in_2024():
    facts = Facts({"recruitment": YES}, {"force": YES}, {"surrogacy": YES, "any": NO}, child=NO)
    assert flag(facts, date(2024, 8, 1), "eu_2011_36").applies is NO
    assert flag(facts, date(2024, 8, 1), "eu_2024_1712").applies is YES


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("England and Wales", {"coe_2005", "msa_2015_1", "msa_2015_2", "palermo"}),
        ("Scotland", {"coe_2005", "palermo"}),
        ("EU", {"eu_2011_36", "palermo"}),
        ("US", {"us_tvpa", "palermo"}),
        ("UN", {"palermo"}),
    ],
)
def test_statutes_by_place(place, codes):
    assert {found.statute.code for found in flags(Facts(), date(2016, 1, 1), place)} == codes


def test_every_jurisdiction_of_a_statute_is_reached_from_a_place():
    reached = {name for names in PLACES.values() for name in names}
    assert {statute.jurisdiction for statute in statutes()} == reached


def test_every_flag_names_its_section():
    for found in flags(Facts(), date(2012, 1, 1)):
        assert found.statute.section in str(found.sentence)
        assert found.applies is UNKNOWN
