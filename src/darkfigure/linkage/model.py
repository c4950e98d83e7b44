"""The model of a linkage: trained without labels, printed and kept as text, the same wherever it
runs.

Fellegi and Sunter (1969): each step of a comparison weighs log2(m / u), with m how often records of
one person meet it, u how often records of different persons do. Splink reads the same model.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, quote
from darkfigure.linkage.blocking import RULES, Rule
from darkfigure.linkage.comparisons import COMPARISONS, Comparison, as_splink
from darkfigure.linkage.preparation import COMPARED
from darkfigure.linkage.rarity import frequencies
from darkfigure.linkage.relations import Looked, Looking, look, moved, parts_of
from darkfigure.linkage.waiting import Reached, uncounted

FORM = "darkfigure linkage model 1"
_ONLY = {"", "1 = 0", *(rule.only for rule in RULES)}
#: Pairs below this probability are not kept: they carry nothing worth a second look.
FLOOR = 0.01
PAIRS = pl.Schema(
    {"left": pl.Int64, "right": pl.Int64, "weight": pl.Float64, "probability": pl.Float64}
)
#: Pairs as they are weighed, with what kin take of the weight; dropped once it is known what lists
#: share.
WEIGHED = pl.Schema([*PAIRS.items(), ("kin", pl.Float64())])
#: Pairs are kept from this probability on until it is known what kin, carelessness and, in
#: training, the prior make of it.
FIRST_FLOOR = 0.00001


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
    """Trained comparisons by name, the rules that find pairs, and how likely two records at random
    are one person's.

    `records` is how many it was trained on; `related` how likely two at random are of each kind of
    `relations.kinds`; `between` has the bits that two lists, named together, add to the prior:
    lists that share many people add some, a list that names nobody twice takes many. Nothing in it
    comes from a single record.
    """

    comparisons: Mapping[str, tuple[Step, ...]]
    rules: tuple[Rule, ...]
    prior: float
    records: int
    #: A model that is read again has them as the text that was kept.
    remarks: tuple[Saying, ...] = field(default=(), compare=False)
    related: Mapping[str, float] = field(default_factory=dict)
    between: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A short hash of everything in it."""
        return sha256(self.to_json().encode()).hexdigest()[:12]

    def to_json(self) -> str:
        """The model as text: what is kept with each decision that rests on it."""
        kept = {"form": FORM, **asdict(self), "remarks": list(map(str, self.remarks))}
        return json.dumps(kept, indent=1, sort_keys=True)

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
        return splink_settings(comparisons, self.rules, self.prior, dialect)

    @property
    def taught(self) -> bool:
        """Whether records had a say in it; if not it is the prior model as stated."""
        return any(step.learnt for steps in self.comparisons.values() for step in steps)


def read_model(text: str) -> Model:
    """A model from its text. Raises Unreadable where it is none, or speaks of comparisons that are
    no longer declared.
    """
    try:
        return _read(json.loads(text))
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Unreadable(
            f"Not a linkage model of this form ({FORM}), or one of older comparisons. "
            "Train one anew."
        ) from error


def _read(held: dict[str, Any]) -> Model:
    """A model from plain values; ValueError and the like where it is none."""
    if held.pop("form") != FORM:
        raise ValueError
    comparisons = {
        name: tuple(Step(**step) for step in steps)
        for name, steps in held.pop("comparisons").items()
    }
    rules = tuple(
        Rule(**{**rule, "columns": tuple(rule["columns"]), "tighter": tuple(rule["tighter"])})
        for rule in held.pop("rules")
    )
    related = {str(name): float(share) for name, share in held.get("related", {}).items()}
    between = {str(name): float(bits) for name, bits in held.get("between", {}).items()}
    remarks = tuple(map(quote, held["remarks"]))
    prior, records = held["prior"], held["records"]
    model = Model(comparisons, rules, prior, records, remarks, related, between)
    steps = [step for each in comparisons.values() for step in each]
    shares = [prior, *(share for step in steps for share in (step.m, step.u))]
    # What is said of a rule goes into a query as it stands: nothing but what is declared.
    declared = all(
        {*rule.columns, *rule.tighter} <= set(COMPARED) and rule.only in _ONLY for rule in rules
    )
    if (
        not declared
        or not all(0 < share <= 1 for share in shares)
        or prior == 1
        or not all(map(math.isfinite, (*related.values(), *between.values())))
        or not isinstance(records, int)
        or any(len(model.declared(name).levels) != len(each) for name, each in comparisons.items())
    ):
        raise ValueError
    return model


def splink_settings(
    comparisons: Sequence[Mapping[str, object]], rules: Sequence[Rule], prior: float, dialect: str
) -> dict[str, Any]:
    """Settings as Splink takes them."""
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


def rarity_of(frame: pl.DataFrame, model: Model) -> dict[str, pl.DataFrame]:
    """How rare each value is, for the columns whose rarity is evidence."""
    declared = [level for name in model.comparisons for level in model.declared(name).levels]
    return frequencies(frame, {level.frequency for level in declared if level.frequency})


def relooked(
    frame: pl.DataFrame, pairs: pl.DataFrame, model: Model, rarity: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Pairs that were weighed as if there were no kin among them, as `WEIGHED`, with the weight
    that kin leave them.
    """
    return weighed(frame, pairs, model, rarity, 0.0)


def weighed(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    model: Model,
    rarity: Mapping[str, pl.DataFrame],
    floor: float = FLOOR,
    *,
    start: Model | None = None,
    reached: Reached = uncounted,
) -> pl.DataFrame:
    """Pairs as `WEIGHED`, those below `floor` left out: some at a time, so that what they look like
    is never held for all. `start` is the model by which they were paired, where it is another;
    `reached` is told how many parts are done, of how many.
    """
    before = model if start is None else start
    bits, looking = _bits(pairs, before), Looking(frame, declared(before), rarity)
    was, now = _values(before), _values(model)

    def one(part: slice) -> pl.DataFrame:
        looked = looking.at(pairs, bits, part)
        if start is not None:
            looked = moved(looked, declared(before), was, now)
        return settled(pairs[part], looked, model, floor)

    parts, settled_by_part = parts_of(pairs.height), []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for part in pool.map(one, parts):
            settled_by_part.append(part)
            reached(len(settled_by_part), len(parts))
    return pl.concat(settled_by_part)


def _values(model: Model) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    return {name: np.array([step.m for step in each]) for name, each in model.comparisons.items()}


def looked_like(
    frame: pl.DataFrame, pairs: pl.DataFrame, model: Model, rarity: Mapping[str, pl.DataFrame]
) -> Looked:
    """What pairs look like that were weighed by a model."""
    return look(frame, pairs, _bits(pairs, model), declared(model), rarity)


def _bits(pairs: pl.DataFrame, model: Model) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What each pair weighs without the prior."""
    bits: np.ndarray[Any, np.dtype[np.float64]] = pairs["weight"].to_numpy() - math.log2(
        model.prior / (1 - model.prior)
    )
    return bits


def declared(model: Model) -> dict[str, tuple[Comparison, Sequence[Step]]]:
    """Each comparison of a model as it is declared, with its values."""
    return {name: (model.declared(name), steps) for name, steps in model.comparisons.items()}


def settled(
    pairs: pl.DataFrame, looked: Looked, model: Model, floor: float = FLOOR
) -> pl.DataFrame:
    """Pairs with the weight that prior and relations of the model leave them, those below `floor`
    left out.

    `kin` has the bits that kin take from each, endless where nothing is left to weigh.
    """
    weight = looked.weights(model.prior, model.related)
    made = pairs.select("left", "right").with_columns(
        weight=pl.Series(weight),
        probability=pl.Series(1 / (1 + np.exp2(-weight))),
        kin=pl.Series(looked.fast(model.related)),
    )
    return made.filter(pl.col("probability") >= floor)
