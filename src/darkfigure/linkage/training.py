"""A model learnt from records without labels, beside what is expected beforehand where they teach
little.

How often strangers agree is measured on pairs at random (`strangers`), how often one person's
records do by expectation maximisation, how many pairs of one person and of kin there are
by the pairs themselves (`relations`), which are scored once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import polars as pl

from darkfigure.basis.saying import Saying, say
from darkfigure.linkage.blocking import Blocked, plan_blocking
from darkfigure.linkage.comparisons import SAID_ALREADY, Comparison, usable
from darkfigure.linkage.engine import Engine
from darkfigure.linkage.model import (
    FIRST_FLOOR,
    Model,
    Step,
    declared,
    looked_like,
    rarity_of,
    settled,
    weighed,
)
from darkfigure.linkage.prior import edition, expected_matches, expected_of_strangers
from darkfigure.linkage.relations import learn
from darkfigure.linkage.strangers import PAIRS, among_strangers
from darkfigure.linkage.waiting import Doing, quietly

#: So many pairs of one person must have spoken for a comparison for it to count as learnt.
_TAUGHT = 20
_LEAST_U = 1e-7
#: No more pairs teach than this: so many say how often a step is met to some tenths of a percent.
_TEACHING = 400_000


def train(
    frame: pl.DataFrame,
    engine: Engine,
    *,
    blocked: Sequence[Blocked] | None = None,
    seed: int = 1,
    sample: int = PAIRS,
    doing: Doing = quietly,
) -> Model:
    """Train a model on prepared records, without labels. `sample` is how many random pairs u is
    measured on.
    """
    return trained(frame, engine, blocked=blocked, seed=seed, sample=sample, doing=doing)[0]


def trained(
    frame: pl.DataFrame,
    engine: Engine,
    *,
    blocked: Sequence[Blocked] | None = None,
    seed: int = 1,
    sample: int = PAIRS,
    doing: Doing = quietly,
) -> tuple[Model, pl.DataFrame]:
    """A model trained on prepared records, and their pairs scored by it (as `model.PAIRS`): each
    pair is compared once.

    Below `TEACHING` records, or where no rule pairs enough of them, the model is the prior one, and
    says so in its remarks.
    """
    planned = plan_blocking(frame) if blocked is None else list(blocked)
    rules = tuple(each.rule for each in planned if each.pairs)
    filled = [name for name in frame.columns if frame[name].null_count() < frame.height]
    comparisons = usable(filled)
    doing(say("linkage.doing.strangers"))
    strangers = among_strangers(
        frame, comparisons, expected_of_strangers(comparisons), seed, sample
    )
    start = max(expected_matches(frame.height), 0.05) / max(
        frame.height * (frame.height - 1) / 2, 1
    )
    remarks = tuple(
        say("linkage.remark.rule", rule=each.rule.words, remark=each.remark)
        for each in planned
        if each.remark
    )
    stated = Model(_steps(comparisons, {}, strangers), rules, start, frame.height, remarks)
    scoring = say("linkage.doing.scoring")
    doing(scoring)
    rarity = rarity_of(frame, stated)
    pairs = engine.paired(frame, stated, rarity, FIRST_FLOOR, partial(doing, scoring))
    doing(say("linkage.doing.learning"))
    teaching = _teaching(pairs, seed)
    looked = looked_like(frame, teaching, stated, rarity)
    learnt = learn(looked, declared(stated), frame.height, pairs.height / max(teaching.height, 1))
    steps = _steps(comparisons, learnt.m, strangers)
    if not any(step.learnt for each in steps.values() for step in each):
        remarks = (*remarks, _stated(frame.height))
    model = Model(steps, rules, learnt.prior, frame.height, remarks, learnt.related)
    if teaching.height == pairs.height:
        return model, settled(pairs, learnt.looked, model)
    weighing = partial(doing, say("linkage.doing.weighing"))
    return model, weighed(frame, pairs, model, rarity, start=stated, reached=weighing)


def _teaching(pairs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The pairs that teach: all, or a sample of them drawn alike where they are very many."""
    if pairs.height <= _TEACHING:
        return pairs
    drawn = np.random.default_rng(seed).choice(pairs.height, _TEACHING, replace=False)
    return pairs[np.sort(drawn)]


def _stated(records: int) -> Saying:
    return say("linkage.remark.stated", count=records, edition=edition())


def _steps(
    comparisons: Mapping[str, Comparison],
    learnt: Mapping[str, tuple[Sequence[float], float]],
    strangers: Mapping[str, Sequence[float]],
) -> dict[str, tuple[Step, ...]]:
    """Values by step: m as learnt, or as stated where nothing was; u as measured, but for steps
    that say again what was weighed.
    """
    found: dict[str, tuple[Step, ...]] = {}
    for name, comparison in comparisons.items():
        whole = sum(level.m for level in comparison.levels)
        shares, taught = learnt.get(name, ([level.m / whole for level in comparison.levels], 0.0))
        repeats = SAID_ALREADY.get(name, ())
        found[name] = tuple(
            Step(
                level.words, m, m if level.words in repeats else max(u, _LEAST_U), taught >= _TAUGHT
            )
            for level, m, u in zip(comparison.levels, shares, strangers[name], strict=True)
        )
    return found
