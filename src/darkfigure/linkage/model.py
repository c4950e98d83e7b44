"""The model of a linkage: trained without labels, printed and kept as text, the same wherever it runs.

Fellegi and Sunter (1969): each step of a comparison weighs log2(m / u), with m how often records of one person meet it, u how
often records of different persons do. Splink estimates u from random pairs and m by expectation maximisation.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl
from splink import Linker

from darkfigure.basis.errors import Unreadable
from darkfigure.linkage.blocking import Blocked, Rule, plan_blocking
from darkfigure.linkage.comparisons import COMPARISONS, Comparison, as_splink, usable
from darkfigure.linkage.engine import DuckEngine, Engine, Held
from darkfigure.linkage.rarity import among_alike, frequencies

logging.getLogger("splink").setLevel(logging.ERROR)
Doing = Callable[[str], None]
FORM = "darkfigure linkage model 1"
#: Pairs below this probability are not kept: they carry nothing worth a second look.
FLOOR = 0.01
PAIRS = pl.Schema({"left": pl.Int64, "right": pl.Int64, "weight": pl.Float64, "probability": pl.Float64})


def _on(*columns: str, only: str = "") -> Rule:
    return Rule("", columns, only)


#: One of the two gives a bare initial. Said by the sounds, so that initials themselves can be learnt among these pairs.
_A_BARE_INITIAL = "(l.given_sound IS NULL OR r.given_sound IS NULL)"
#: Records that agree on all of these are taken as mostly one person's while the rest is learnt: of each line the first that pairs
#: enough. Blocks of namesakes alone would teach that one person has many birthdays.
_TRAINING: tuple[tuple[Rule, ...], ...] = (
    (_on("dob", "family_sound"), _on("birth_year", "family_sound", "area"), _on("birth_year", "family_sound")),
    (_on("dob", "given_sound"), _on("birth_year", "given_sound", "area"), _on("birth_year", "given_sound")),
    (
        _on("given_sound", "family_sound", "postcode"),
        _on("given_sound", "family_sound", "town"),
        _on("given_sound", "family_sound", "area"),
        _on("document"),
        _on("given_sound", "family_sound"),
    ),
    (_on("birth_year", "nationality", "area", "sex", only=_A_BARE_INITIAL),),
)
_ENOUGH = 50
#: How much of what is expected beforehand stays in what was learnt.
_PRIOR_SHARE = 0.05
_LEAST_U = 1e-7


@dataclass(frozen=True)
class Step:
    """One step of a trained comparison. `learnt` says whether the data had a say in `m`."""

    words: str
    m: float
    u: float
    learnt: bool = True

    @property
    def weight(self) -> float:
        """Bits for (above nought) or against being one person."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True)
class Model:
    """Trained comparisons by name, the rules that find pairs, and how likely two records at random are one person's.

    `records` is how many it was trained on. `between` has the bits that two lists, named together, add to the prior: lists that share
    many people add some, a list that names nobody twice takes many. Nothing in it comes from a single record.
    """

    comparisons: Mapping[str, tuple[Step, ...]]
    rules: tuple[Rule, ...]
    prior: float
    records: int
    remarks: tuple[str, ...] = ()
    between: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A short hash of everything in it."""
        return sha256(self.to_json().encode()).hexdigest()[:12]

    def to_json(self) -> str:
        """The model as text: what is kept with each decision that rests on it."""
        return json.dumps({"form": FORM, **asdict(self)}, indent=1, sort_keys=True)

    def with_lists(self, between: Mapping[str, float]) -> Model:
        """The same model, knowing what every two lists share."""
        return replace(self, between=dict(between))

    def declared(self, name: str) -> Comparison:
        """The comparison of that name with the steps this model uses."""
        whole = COMPARISONS[name]
        words = {step.words for step in self.comparisons[name]}
        levels = tuple(level for level in whole.levels if level.words in words)
        return replace(whole, levels=levels)

    def settings(self, dialect: str, jaro_winkler: str) -> dict[str, Any]:
        """The model as Splink reads it."""
        comparisons = []
        for name, steps in self.comparisons.items():
            m, u = ({step.words: getattr(step, which) for step in steps} for which in ("m", "u"))
            comparisons.append(as_splink(self.declared(name), jaro_winkler, m, u))
        return _settings(comparisons, self.rules, self.prior, dialect)


def read_model(text: str) -> Model:
    """A model from its text. Raises Unreadable where it is none, or speaks of comparisons that are no longer declared."""
    try:
        held = json.loads(text)
        if held.pop("form") != FORM:
            raise KeyError("form")
        comparisons = {name: tuple(Step(**step) for step in steps) for name, steps in held.pop("comparisons").items()}
        rules = tuple(
            Rule(**{**rule, "columns": tuple(rule["columns"]), "tighter": tuple(rule["tighter"])})
            for rule in held.pop("rules")
        )
        model = Model(comparisons, rules, held["prior"], held["records"], tuple(held["remarks"]), held["between"])
        for name, steps in comparisons.items():
            assert len(model.declared(name).levels) == len(steps), name
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise Unreadable(f"Not a linkage model of this form ({FORM}), or one of older comparisons: {error}.") from error
    return model


def _settings(
    comparisons: Sequence[Mapping[str, object]], rules: Sequence[Rule], prior: float, dialect: str
) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "sql_dialect": dialect,
        "unique_id_column_name": "id",
        "comparisons": list(comparisons),
        "blocking_rules_to_generate_predictions": [rule.sql for rule in rules],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": prior,
    }


def train(
    frame: pl.DataFrame,
    engine: Engine,
    *,
    blocked: Sequence[Blocked] | None = None,
    seed: int = 1,
    sample: float = 2e6,
    doing: Doing = lambda what: None,
) -> Model:
    """Train a model on prepared records, without labels.

    `sample` is how many random pairs u is measured on. Raises Unreadable where no rule pairs anybody.
    """
    planned = plan_blocking(frame) if blocked is None else list(blocked)
    rules = tuple(each.rule for each in planned if each.pairs)
    if not rules:
        raise Unreadable("No two records agree on anything that pairs are found by: there is nothing to link.")
    filled = [name for name in frame.columns if frame[name].null_count() < frame.height]
    comparisons = usable(filled)
    start = 1 / max(frame.height, 2)
    settings = _settings(
        [as_splink(each, engine.jaro_winkler, {}, {}) for each in comparisons.values()], rules, start, engine.name
    )
    linker = Linker(engine.hold(frame, "to_train"), settings, log_level=logging.ERROR)
    doing("measuring how often different persons agree")
    linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=seed, min_count_per_level=None)
    learnt: set[str] = set()
    for choices in _TRAINING:
        rule = next((each for each in choices if set(each.columns) <= set(filled) and _teaches(frame, each)), None)
        if rule is None:
            continue
        doing(f"learning from records that agree on {' and '.join(rule.columns)}")
        linker.training.estimate_parameters_using_expectation_maximisation(rule.sql, max_pairs=2e6)
        learnt |= {name for name, each in comparisons.items() if not set(each.columns) & rule.looks_at}
    alike = among_alike(frame, comparisons, DuckEngine.jaro_winkler, seed)
    steps = _steps(comparisons, linker.misc.save_model_to_json(), learnt, sample, alike)
    remarks = tuple(f"{each.rule.words}: {each.remark}" for each in planned if each.remark)
    model = Model(steps, rules, start, frame.height, remarks)
    doing("measuring how likely two records are one person's")
    found = score(frame, model, engine)
    return Model(steps, rules, _prior(found["weight"].to_numpy(), start, frame.height), frame.height, remarks)


def _teaches(frame: pl.DataFrame, rule: Rule) -> bool:
    """Whether a rule of training pairs enough; one for bare initials, only where some are."""
    if rule.only and frame["brief"].null_count() == frame.height:
        return False
    counts = frame.select(rule.columns).drop_nulls().group_by(rule.columns).len()["len"].cast(pl.Int64)
    return int((counts * (counts - 1) // 2).sum()) >= _ENOUGH


def _steps(
    comparisons: Mapping[str, Comparison],
    trained: Mapping[str, Any],
    learnt: set[str],
    sample: float,
    alike: Mapping[str, Sequence[float]],
) -> dict[str, tuple[Step, ...]]:
    """Trained values by step; what was never met among random pairs is taken as half a pair."""
    found: dict[str, tuple[Step, ...]] = {}
    for entry in trained["comparisons"]:
        comparison = comparisons[entry["output_column_name"]]
        held = {level["label_for_charts"]: level for level in entry["comparison_levels"]}
        steps = []
        for place, level in enumerate(comparison.levels):
            m, u = held[level.words].get("m_probability"), held[level.words].get("u_probability")
            known = isinstance(m, float) and comparison.name in learnt
            mixed = (1 - _PRIOR_SHARE) * m + _PRIOR_SHARE * level.m if known else level.m
            measured = max(u if isinstance(u, float) else 0.5 / sample, _LEAST_U)
            if shares := alike.get(comparison.name):
                measured = max(shares[place], _LEAST_U)
            steps.append(Step(level.words, mixed, measured, known))
        whole = sum(step.m for step in steps)
        found[comparison.name] = tuple(Step(step.words, step.m / whole, step.u, step.learnt) for step in steps)
    return found


def _prior(weights: np.ndarray[Any, Any], start: float, records: int) -> float:
    """How likely two records at random are one person's, from the pairs found: the value that reproduces itself."""
    pairs = records * (records - 1) / 2
    bare = weights * math.log(2) - math.log(start / (1 - start))
    prior = start
    for _ in range(100):
        with np.errstate(over="ignore"):
            share = 1 / (1 + np.exp(-(bare + math.log(prior / (1 - prior)))))
        fresh = min(max(float(share.sum()) / pairs, 0.5 / pairs), 0.5)
        if abs(fresh - prior) < 1e-6 * prior:
            break
        prior = fresh
    return prior


def rarity_of(frame: pl.DataFrame, model: Model) -> dict[str, pl.DataFrame]:
    """How rare each value is, for the columns whose rarity is evidence."""
    declared = [level for name in model.comparisons for level in model.declared(name).levels]
    return frequencies(frame, {level.frequency for level in declared if level.frequency})


def score(frame: pl.DataFrame, model: Model, engine: Engine, *, floor: float = FLOOR) -> pl.DataFrame:
    """Pairs among prepared records with weight (bits) and probability, those below `floor` left out.

    Gives `left` < `right`, ids of the records.
    """
    linker = Linker(
        engine.hold(frame, "to_link"), model.settings(engine.name, engine.jaro_winkler), log_level=logging.ERROR
    )
    for name, table in rarity_of(frame, model).items():
        linker.table_management.register_term_frequency_lookup(engine.hold(table, f"rarity_{name}"), name)
    return _pairs(engine, linker.inference.predict(threshold_match_probability=floor, warning_mode="never"))


def score_between(
    new: pl.DataFrame, held: Held, rarity: Mapping[str, Held], model: Model, engine: Engine, *, floor: float = FLOOR
) -> pl.DataFrame:
    """Pairs between new records and records held by the engine, and among the new, without looking at pairs of the old.

    `rarity` holds the tables of `rarity_of`. The ids of new records follow those held.
    """
    linker = Linker(held, model.settings(engine.name, engine.jaro_winkler), log_level=logging.ERROR)
    for name, table in rarity.items():
        linker.table_management.register_term_frequency_lookup(table, name)
    fresh = engine.hold(new, "just_arrived")
    found = [
        linker.inference.predict_between(held, fresh, threshold_match_probability=floor, warning_mode="never"),
        linker.inference.predict_within(fresh, threshold_match_probability=floor, warning_mode="never"),
    ]
    return pl.concat([_pairs(engine, each) for each in found])


def _pairs(engine: Engine, found: Held) -> pl.DataFrame:
    frame = engine.fetch(found, ("id_l", "id_r", "match_weight", "match_probability"))
    return (
        frame.select(
            left=pl.min_horizontal("id_l", "id_r"),
            right=pl.max_horizontal("id_l", "id_r"),
            weight="match_weight",
            probability="match_probability",
        )
        .cast(PAIRS)
        .sort("left", "right")
    )
