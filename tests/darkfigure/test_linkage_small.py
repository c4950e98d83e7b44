"""Few records, people who are alike, evidence that comes as a bundle: every name and date here is
SYNTHETIC.
"""

from __future__ import annotations

import polars as pl
import pytest

from darkfigure.linkage import DuckEngine, Index, as_list, link, prepared, read_model
from darkfigure.linkage.comparisons import COMPARISONS, OTHERWISE
from darkfigure.linkage.explaining import explained
from darkfigure.linkage.model import looked_like, rarity_of
from darkfigure.linkage.prior import expected_of_strangers, stated
from darkfigure.linkage.quality import against_truth
from darkfigure.linkage.rarity import frequencies
from darkfigure.linkage.relations import SURE, kinds
from darkfigure.synthetic.agency_lists import synthetic_lists

ANA = {
    "given_name": "Ana",
    "family_name": "Popescu",
    "date_of_birth": "1990-03-04",
    "sex": "F",
    "nationality": "Romanian",
    "town": "Synthetown 5",
}


@pytest.fixture(scope="module")
def engine():
    held = DuckEngine()
    yield held
    held.close()


@pytest.fixture(scope="module")
def others():
    return as_list(synthetic_lists(1200, 78), "others", truth="person")


def pair(**changed):
    """Two records of two lists, alike but for what is `changed` in the second."""
    rows = [{"record": "1", "list": "a", **ANA}, {"record": "1", "list": "b", **ANA, **changed}]
    return as_list(pl.DataFrame(rows), "pair")


def chance(records, engine, **settings):
    """How likely the two records are one person's, among whatever else is there."""
    found = link(records, engine, **settings)
    names = found.names
    wanted = {names.index("a:1"), names.index("b:1")}
    held = [share for left, right, _, share in found.pairs.rows() if {left, right} == wanted]
    return held[0] if held else 0.0


def test_two_records_alike_in_every_field_are_one_person(engine):
    found = link(pair(), engine)
    assert found.found.persons == (1, 1, 1)
    assert not found.model.taught
    assert any("stated prior model of" in str(remark) for remark in found.model.remarks)
    assert read_model(found.model.to_json()) == found.model


@pytest.mark.long
@pytest.mark.parametrize("rest", [0, 3, 30, 1200])
@pytest.mark.parametrize(
    ("changed", "lowest", "highest"),
    [
        ({}, 0.99, 1.0),
        ({"given_name": "Anca"}, 0.9, 1.0),
        ({"given_name": "Popescu", "family_name": "Ana"}, 0.9, 1.0),
        ({"date_of_birth": "1990-04-03"}, 0.9, 1.0),
        (
            {"given_name": "Mihaela"},
            0.05,
            0.989,
        ),  # twins, or one person with two names: to be looked at
        ({"date_of_birth": "1965-11-20"}, 0.0, 0.989),  # a daughter named after her mother
        ({"given_name": "Mihaela", "family_name": "Ionescu"}, 0.0, 0.989),
        (
            {"given_name": "Mihaela", "family_name": "Ionescu", "date_of_birth": "1984-08-09"},
            0.0,
            0.05,
        ),
        ({"given_name": "Mihaela", "date_of_birth": "1988-08-09"}, 0.0, 0.75),  # sisters
    ],
)
def test_alike_in_some_fields_at_any_size(engine, others, rest, changed, lowest, highest):
    records = pair(**changed)
    if rest:
        records = pl.concat([records, others.drop("truth").head(rest)], how="diagonal")
    assert lowest <= chance(records, engine) <= highest


def test_a_list_full_of_families_does_not_teach_that_one_person_has_two_names(engine):
    families = (
        "Cuzovschi",
        "Munteanca",
        "Balanescu",
        "Gherghinoiu",
        "Stoenescul",
        "Horvatovic",
        "Kralova",
        "Idehen",
    )
    rows = []
    for at, family in enumerate(families * 6):
        born = f"19{70 + at % 30}-{1 + at % 12:02d}-{2 + at % 26:02d}"
        for given, twin in (("Teodora", "a"), ("Ruxandra", "b")):
            rows.append(
                {
                    "record": f"{at}{twin}",
                    "list": twin,
                    **ANA,
                    "given_name": given,
                    "family_name": f"{family}{at}",
                    "date_of_birth": born,
                    "town": f"Synthetown {at}",
                }
            )
    found = link(as_list(pl.DataFrame(rows), "twins"), engine)
    assert found.pairs.height >= len(families) * 6
    assert found.pairs["probability"].max() < found.thresholds.certain


@pytest.mark.long
@pytest.mark.parametrize("rest", [0, 1200])
def test_document_names_and_birth_date_decide_without_training(engine, others, rest):
    """Even where a model was trained on records that would say otherwise; but not against what
    contradicts.
    """
    sure, unsure = (
        {"document_number": "RO1234567", "town": "Elsewhere"},
        {"document_number": "RO1234567", "sex": "M"},
    )
    rest_of = others.drop("truth").head(rest)
    for changed in (sure, unsure):
        one = pair(**changed).with_columns(document_number=pl.lit("RO1234567"))
        records = pl.concat([one, rest_of], how="diagonal")
        model = link(records, engine).model
        poor = {
            name: tuple(type(step)(step.words, 1 / len(steps), 0.5) for step in steps)
            for name, steps in model.comparisons.items()
        }
        told = type(model)(poor, model.rules, 1e-6, model.records)
        frame = prepared(records)
        rarity = rarity_of(frame, told)
        pairs = engine.paired(frame, told, rarity, 1e-9)
        looked = looked_like(frame, pairs, told, rarity)
        decided = looked.sure & (looked.weights(told.prior, {}) >= SURE)
        assert decided.sum() == looked.sure.sum() >= (changed is sure)
        assert looked.sure.any() == (changed is sure) or rest
        assert pairs.height == len(decided)


def test_an_unknown_name_is_nobodys(engine):
    rows = [
        {
            "record": "1",
            "list": side,
            **ANA,
            "given_name": "Unknown",
            "family_name": "N/A",
            "date_of_birth": "1900-01-01",
        }
        for side in "ab"
    ]
    assert chance(as_list(pl.DataFrame(rows), "l"), engine) < 0.5


def test_rarity_of_few_records_comes_from_the_table_and_of_many_from_them(others):
    two = prepared(
        pair(given_name="Anca").with_columns(
            nationality=pl.lit("Vietnamese"), family_name=pl.lit("Nguyen")
        )
    )
    few = dict(frequencies(two, ["family", "dob"])["family"].rows())
    assert few["NGUYEN"] == pytest.approx(0.38)
    many = dict(frequencies(prepared(others), ["family"])["family"].rows())
    held = prepared(others).filter(pl.col("nationality") == "VIETNAMESE")["family"].drop_nulls()
    assert many["NGUYEN"] == pytest.approx((held == "NGUYEN").mean(), abs=0.03)


def test_the_prior_model_and_the_relations_name_steps_that_exist():
    words = {name: {level.words for level in each.levels} for name, each in COMPARISONS.items()}
    for name, shares in stated()["strangers"].items():
        assert shares.keys() <= words[name], name
    for kind in kinds().values():
        for name, said in kind.items():
            if isinstance(said, dict):
                assert {each for each in (*said, *said.get("not", ())) if each != "not"} <= words[
                    name
                ]
            elif name not in ("words", "for_each_match", "least"):
                assert name in words
                assert said in ("one person", "strangers")
        assert words.keys() <= kind.keys(), kind["words"]
    for shares in expected_of_strangers(COMPARISONS).values():
        assert sum(shares) == pytest.approx(1)
    assert all(each.levels[-1].sql == OTHERWISE for each in COMPARISONS.values())


@pytest.mark.long
def test_few_records_are_linked_well(engine):
    """F1 over fifteen lists of thirty records, of seeds it was not tuned on."""
    right = found = true = 0.0
    for seed in range(15):
        made = link(as_list(synthetic_lists(30, 9100 + seed), "lists", truth="person"), engine)
        quality = against_truth(made.found.decided, made.records["truth"])
        right, found, true = (
            right + quality.precision * quality.found,
            found + quality.found,
            true + quality.true,
        )
    assert 2 * right / (found + true) > 0.84
    assert right / found > 0.95


@pytest.mark.long
def test_probabilities_are_right_as_often_as_they_say(engine):
    """Among pairs scored, by band, over seeds it was not tuned on."""
    said, right = [], []
    for seed, size in ((9201, 1500), (9202, 1500), (9203, 400), (9204, 400)):
        made = link(as_list(synthetic_lists(size, seed), "lists", truth="person"), engine)
        who = made.records["truth"]
        said.append(made.pairs["probability"])
        right.append(who[made.pairs["left"].to_list()] == who[made.pairs["right"].to_list()])
    shares, hits = pl.concat(said), pl.concat(right)
    for low, high, by in ((0.97, 1.01, 0.015), (0.75, 0.97, 0.1), (0.01, 0.1, 0.25)):
        within = (shares >= low) & (shares < high)
        assert within.sum() > 40
        assert hits.filter(within).mean() == pytest.approx(shares.filter(within).mean(), abs=by)


def test_a_pair_of_kin_explains_itself(engine):
    found = link(pair(given_name="Mihaela"), engine)
    (parts,) = explained(found.records, found.pairs, found.model)
    assert sum(part.weight for part in parts) == pytest.approx(found.pairs["weight"][0])
    assert parts[-1].weight < 0


def test_records_added_later_are_weighed_the_same(engine, others):
    """Kin among what came later are kin too, though the pairs of the others are not looked at
    again.
    """
    held = link(others.drop("truth"), engine)
    index = Index(held, engine)
    made = index.add(pair(given_name="Mihaela"))
    names = made.names
    wanted = {names.index("a:1"), names.index("b:1")}
    (share,) = [share for left, right, _, share in made.pairs.rows() if {left, right} == wanted]
    assert 0.05 < share < 0.989
