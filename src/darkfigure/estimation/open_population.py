"""Open populations: persons come and go between lists that are years in order. Jolly-Seber as a
log-linear model (Cormack 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr

from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.closed import Fitted
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.glm import poisson_regression
from darkfigure.estimation.resampling import Estimator

#: Years of which something must be known before and after: the first and the last say nothing of
#: themselves.
LEAST_YEARS = 3


@dataclass(frozen=True)
class Open:
    """Year by year, from the second to the last but one: persons present and the share of them
    listed; between years, the share who stayed and the number who came. `total` were present at
    some time in these years, `known` of them were seen then.
    """

    years: tuple[str, ...]
    present: tuple[float, ...]
    listed: tuple[float, ...]
    stayed: tuple[float, ...]
    came: tuple[float, ...]
    total: float
    known: int
    fit: Fitted
    remarks: tuple[Saying, ...]


@dataclass(frozen=True)
class _Sums:
    """By year: listed, listed before too, after too, and before and after but not then. Rows are
    tables.
    """

    now: Counts
    before: Counts
    after: Counts
    across: Counts


def _sums(tables: Counts, years: int) -> _Sums:
    masks = np.arange(tables.shape[1])
    found = []
    for year in range(years):
        on = masks >> year & 1 == 1
        earlier, later = masks & ((1 << year) - 1) > 0, masks >> (year + 1) > 0
        found.append(
            [
                tables[:, which].sum(axis=1)
                for which in (on, on & earlier, on & later, ~on & earlier & later)
            ]
        )
    now, before, after, across = (np.array([each[part] for each in found]).T for part in range(4))
    return _Sums(now, before, after, across)


def _present(sums: _Sums) -> tuple[Counts, Counts]:
    """Marked persons and all persons present, by year (Jolly 1965, Seber 1965); not a number where
    they are not estimable.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        marked = sums.before + sums.now * sums.across / sums.after
        marked[:, 0] = 0.0
        return marked, marked * sums.now / sums.before


def _came(sums: _Sums, marked: Counts, present: Counts) -> tuple[Counts, Counts]:
    """Shares who stayed and numbers who came, from each year to the next."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stayed = marked[:, 1:] / (marked - sums.before + sums.now)[:, :-1]
        return stayed, present[:, 1:] - stayed * present[:, :-1]


def open_estimator(table: CaptureTable) -> Estimator:
    """Persons present at some time from the second to the last but one year, for each of many
    tables.
    """
    years = table.size
    seen = _seen(years)

    def totals(tables: Counts) -> Counts:
        sums = _sums(tables, years)
        marked, present = _present(sums)
        _, came = _came(sums, marked, present)
        hidden = present[:, 1] + np.maximum(came[:, 1 : years - 2], 0.0).sum(axis=1)
        known = tables[:, seen].sum(axis=1)
        return gate.replicate_totals(known, hidden - known, hidden >= known)

    return totals


def _seen(years: int) -> np.ndarray:
    """Histories with a listing from the second to the last but one year."""
    inner = sum(1 << year for year in range(1, years - 1))
    return np.asarray(np.arange(1 << years) & inner > 0)


def known_within(table: CaptureTable) -> int:
    """Persons listed from the second to the last but one year."""
    return int(table.counts[_seen(table.size)].sum())


def jolly_seber(table: CaptureTable) -> Open:
    """Fit the model; lists are years in order. Raises NoEstimate where a year cannot be estimated,
    naming it.
    """
    gate.look(table)
    if table.size < LEAST_YEARS:
        raise NoEstimate(say("estimates.none.years", least=LEAST_YEARS), Reason.NOT_FOR_THIS)
    sums = _sums(table.counts[None, :], table.size)
    for year in range(1, table.size - 1):
        if not sums.before[0, year] or not sums.after[0, year]:
            raise NoEstimate(
                say(
                    "estimates.none.year_later"
                    if sums.before[0, year]
                    else "estimates.none.year_earlier",
                    year=table.lists[year],
                ),
                Reason.NOT_IDENTIFIABLE,
            )
    marked, present = _present(sums)
    stayed, came = _came(sums, marked, present)
    inner = slice(1, table.size - 1)
    births = came[0, 1 : table.size - 2]
    remarks = [say("estimates.remark.years")]
    if (births < 0).any():
        remarks.append(say("estimates.remark.arrivals"))
    if (stayed[0, : table.size - 2] > 1).any():
        remarks.append(say("estimates.remark.stayed"))
    return Open(
        years=table.lists[inner],
        present=tuple(float(each) for each in present[0, inner]),
        listed=tuple(float(each) for each in (sums.now / present)[0, inner]),
        stayed=tuple(float(each) for each in stayed[0, : table.size - 2]),
        came=tuple(float(each) for each in births),
        total=float(present[0, 1] + np.maximum(births, 0.0).sum()),
        known=known_within(table),
        fit=_fit(table),
        remarks=tuple(remarks),
    )


def design(years: int) -> Counts:
    """Columns of the log-linear model: each year listed, first listed and last listed; those that
    depend on others left out.
    """
    masks = np.arange(1, 1 << years)
    first = np.array([int(mask & -mask).bit_length() - 1 for mask in masks])
    last = np.array([int(mask).bit_length() - 1 for mask in masks])
    columns = [masks >> year & 1 for year in range(years)]
    columns += [first == year for year in range(years)] + [last == year for year in range(years)]
    whole = np.column_stack([np.ones(len(masks)), *columns]).astype(float)
    _, triangle, order = qr(whole, mode="economic", pivoting=True)
    rank = int(np.sum(np.abs(np.diag(triangle)) > 1e-9))
    kept = sorted(set(order[:rank]))
    return whole[:, kept]


def _fit(table: CaptureTable) -> Fitted:
    columns = design(table.size)
    found = poisson_regression(columns, table.counts[1:])
    aic, bic = found.criteria(table.known)
    return Fitted(aic, bic, found.deviance, len(columns) - columns.shape[1])
