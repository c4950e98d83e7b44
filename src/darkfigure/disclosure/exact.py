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

    FOUND = "result"
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
    if all(variable is Decided.NONE for variable in second):
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
    model = cp.CpModel()
    by = [model.new_int_var(int(low), int(high), "") for low, high in zip(*bounds, strict=True)]
    for place in np.flatnonzero(np.diff(rows.indptr)):
        total = _sum(rows, int(place), by)
        model.add_linear_constraint(total, int(within[0][place]), int(within[1][place]))
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
    model, numbers = _model(knowledge)
    solver = _ready(cp, seconds)
    status = solver.solve(model)
    if status in (cp.OPTIMAL, cp.FEASIBLE):
        return np.array([solver.value(variable) for variable in numbers], dtype=np.int64)
    if status == cp.INFEASIBLE:
        return None
    raise Unreadable("These tables are too many to be looked at together; check fewer at once.")


def furthest(
    knowledge: Knowledge, truth: Whole, place: int, side: int, seconds: float = 10.0
) -> tuple[Decided, int | None]:
    """The least (`side` -1) or the most (1) that a wanted number can be, and whether that
    is sure.
    """
    cp = _solver()
    model, numbers = _model(knowledge)
    for variable, number in zip(numbers, truth, strict=True):
        model.add_hint(variable, int(number))
    aim = _sum(knowledge.wanted, place, numbers)
    if side > 0:
        model.maximize(aim)
    else:
        model.minimize(aim)
    solver = _ready(cp, seconds)
    status = solver.solve(model)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return Decided.OPEN, None
    number = round(solver.objective_value)
    return (
        Decided.FOUND if status == cp.OPTIMAL else Decided.OPEN,
        ENDLESS if number >= FURTHEST else number,
    )


def _model(knowledge: Knowledge) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    cp = _solver()
    model = cp.CpModel()
    most = np.minimum(knowledge.most, FURTHEST)
    numbers = [
        model.new_int_var(int(low), int(high), "")
        for low, high in zip(knowledge.least, most, strict=True)
    ]
    for place in range(len(knowledge.low)):
        low, high = int(knowledge.low[place]), min(int(knowledge.high[place]), FURTHEST)
        model.add_linear_constraint(_sum(knowledge.rows, place, numbers), low, high)
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
    weights = [int(variable) for variable in rows.data[part]]
    made: cp_model.LinearExpr = cp.LinearExpr.weighted_sum(
        [by[variable] for variable in rows.indices[part]], weights
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
