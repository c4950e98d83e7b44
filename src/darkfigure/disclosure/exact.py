"""Whole numbers, decided: whether any difference from a table that agrees moves a sum so far.

OR-tools' CP-SAT decides; that there is none is said by HiGHS as well, or it is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.loading import extra
from darkfigure.disclosure.cube import Whole
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.knowledge import Knowledge, Rows

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: No unknown is moved by more than this; counts of persons are far below it.
FURTHEST = 10**7


class Decided(StrEnum):
    """What was decided: there is one, there is none, or it was not decided in time."""

    FOUND = "found"
    NONE = "none"
    OPEN = "open"


@dataclass(frozen=True)
class Decision:
    """What was decided, and the difference that was found."""

    decided: Decided
    by: Whole | None = None


def decide(
    rows: Rows,
    within: tuple[Whole, Whole],
    bounds: tuple[Whole, Whole],
    sought: Rows,
    apart: tuple[int, int],
    seconds: float = 10.0,
) -> Decision:
    """A whole difference with `within[0] <= rows @ d <= within[1]`, `d` within `bounds`, and
    `sought @ d` no more than `apart[0]` or no less than `apart[1]`.
    """
    low = np.maximum(bounds[0], -FURTHEST)
    high = np.minimum(bounds[1], FURTHEST)
    result = _by_constraints(rows, within, (low, high), sought, apart, seconds)
    if result.decided is not Decided.NONE:
        return result
    sides = [(-np.inf, float(apart[0])), (float(apart[1]), np.inf)]
    second = [_by_programme(rows, within, (low, high), sought, side, seconds) for side in sides]
    if all(side is Decided.NONE for side in second):
        return result
    return Decision(Decided.OPEN)


def _by_constraints(
    rows: Rows,
    within: tuple[Whole, Whole],
    bounds: tuple[Whole, Whole],
    sought: Rows,
    apart: tuple[int, int],
    seconds: float,
) -> Decision:
    cp = _solver()
    model, by = _model(rows, within, bounds)
    moved = _sum(sought, 0, by)
    up = model.new_bool_var("")
    model.add(moved >= apart[1]).only_enforce_if(up)
    model.add(moved <= apart[0]).only_enforce_if(~up)
    solver = _ready(cp, seconds)
    status = solver.solve(model)
    if status in (cp.OPTIMAL, cp.FEASIBLE):
        return Decision(Decided.FOUND, np.array([solver.value(variable) for variable in by]))
    return Decision(Decided.NONE if status == cp.INFEASIBLE else Decided.OPEN)


def any_table(knowledge: Knowledge, seconds: float = 60.0) -> Whole | None:
    """Whole numbers that agree with all that is known; None where there are none.

    Raises Unreadable where that was not decided in time.
    """
    cp = _solver()
    model, numbers = _model_of(knowledge)
    solver = _ready(cp, seconds)
    status = solver.solve(model)
    if status in (cp.OPTIMAL, cp.FEASIBLE):
        return np.array([solver.value(variable) for variable in numbers], dtype=np.int64)
    if status == cp.INFEASIBLE:
        return None
    raise Unreadable("These tables are too many to be looked at together; check fewer at once.")


def extent(
    knowledge: Knowledge, truth: Whole, place: int, seconds: float = 10.0
) -> tuple[int, int, bool]:
    """The least and the most that a wanted number can be, and whether both are sure; what is not
    decided in time is what it is in a table that agrees.
    """
    cp = _solver()
    model, numbers = _model_of(knowledge)
    for variable, number in zip(numbers, truth, strict=True):
        model.add_hint(variable, int(number))
    aim = _sum(knowledge.wanted, place, numbers)
    own = int((knowledge.wanted[[place]] @ truth)[0])
    ends, sure = [], True
    for set_aim in (model.minimize, model.maximize):
        set_aim(aim)
        solver = _ready(cp, seconds)
        status = solver.solve(model)
        settled = status in (cp.OPTIMAL, cp.FEASIBLE)
        ends.append(round(solver.objective_value) if settled else own)
        sure &= status == cp.OPTIMAL
    beside = int(knowledge.beside[place])
    least, most = ends
    return least + beside, ENDLESS if most >= FURTHEST else most + beside, sure


def _model_of(knowledge: Knowledge) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """All that is known, of the numbers themselves."""
    bounds = (knowledge.least, np.minimum(knowledge.most, FURTHEST))
    return _model(knowledge.rows, (knowledge.low, knowledge.high), bounds)


def _model(
    rows: Rows, within: tuple[Whole, Whole], bounds: tuple[Whole, Whole]
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Whole numbers within bounds of which some sums lie within theirs."""
    model = _solver().CpModel()
    numbers = [
        model.new_int_var(int(low), int(high), "") for low, high in zip(*bounds, strict=True)
    ]
    for place in np.flatnonzero(np.diff(rows.indptr)):
        total = _sum(rows, int(place), numbers)
        model.add_linear_constraint(total, int(within[0][place]), int(within[1][place]))
    return model, numbers


def _ready(cp, seconds: float) -> cp_model.CpSolver:  # type: ignore[no-untyped-def]
    solver: cp_model.CpSolver = cp.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 7
    return solver


def _sum(rows: Rows, place: int, by: list[cp_model.IntVar]) -> cp_model.LinearExpr:
    cp = _solver()
    part = slice(rows.indptr[place], rows.indptr[place + 1])
    weights = [int(weight) for weight in rows.data[part]]
    made: cp_model.LinearExpr = cp.LinearExpr.weighted_sum(
        [by[place] for place in rows.indices[part]], weights
    )
    return made


@lru_cache
def _solver() -> Any:
    with extra("disclosure"):
        return import_module("ortools.sat.python.cp_model")


def _by_programme(
    rows: Rows,
    within: tuple[Whole, Whole],
    bounds: tuple[Whole, Whole],
    sought: Rows,
    side: tuple[float, float],
    seconds: float,
) -> Decided:
    held = sparse.vstack([rows, sought], format="csc")
    result = milp(
        np.zeros(rows.shape[1]),
        constraints=LinearConstraint(
            held,
            np.append(np.maximum(within[0], -FURTHEST), side[0]).astype(float),
            np.append(np.minimum(within[1], FURTHEST), side[1]).astype(float),
        ),
        bounds=Bounds(bounds[0].astype(float), bounds[1].astype(float)),
        integrality=np.ones(rows.shape[1]),
        options={"time_limit": seconds},
    )
    return {0: Decided.FOUND, 2: Decided.NONE}.get(result.status, Decided.OPEN)
