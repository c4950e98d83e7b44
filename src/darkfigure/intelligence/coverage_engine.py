"""The compiled loops of coverage: evidence for and against each cell, by origin and agency, now and
when it was strongest.

Arrays only: items of a cell lie together, earliest first. Times are in years, half-lives too
(infinite where nothing ages).
"""

from __future__ import annotations

import numba
import numpy as np

#: Columns of the result: evidence for, against, origins for, agencies' largest share of items, ever
#: corroborated, corroborated now.
FOR, AGAINST, ORIGINS, CORROBORATED, WAS, LATEST, LARGEST = range(7)
WIDTH = 7


@numba.njit(cache=True)
def _evidence(count, strength, agency, sign, wanted, time, half_life, dependence):
    """Noisy-or over agencies of what each holds; within an agency origins count as dependent in
    part.
    """
    missing = 1.0
    for one in range(count):
        if sign[one] != wanted:
            continue
        first = True
        for other in range(one):
            if sign[other] == wanted and agency[other] == agency[one]:
                first = False
                break
        if not first:
            continue
        best, none = 0.0, 1.0
        for other in range(one, count):
            if sign[other] == wanted and agency[other] == agency[one]:
                held = (
                    strength[other]
                    if half_life == np.inf
                    else strength[other] * 2.0 ** (-time / half_life)
                )
                best = max(best, held)
                none *= 1.0 - held
        missing *= 1.0 - (dependence * best + (1.0 - dependence) * (1.0 - none))
    return 1.0 - missing


@numba.njit(cache=True)
def _independent(count, agency, kind, sign, qualified):
    """Whether two origins of good grade come from different agencies or kinds of source."""
    for one in range(count):
        if sign[one] != 1 or not qualified[one]:
            continue
        for other in range(one):
            if (
                sign[other] == 1
                and qualified[other]
                and (agency[one] != agency[other] or kind[one] != kind[other])
            ):
                return True
    return False


@numba.njit(cache=True)
def _place(count, origins, signs, origin, sign):  # type: ignore[no-untyped-def]
    """The cluster of an origin; `count` where it is new."""
    for one in range(count):
        if origins[one] == origin and signs[one] == sign:
            return one
    return count


@numba.njit(cache=True)
def _largest_share(first, last, agency, sign, weight, seen, times):  # type: ignore[no-untyped-def]
    """The largest share of the supporting items that one agency sent. `seen` and `times` are room
    to count in.
    """
    items, agencies, largest = 0, 0, 0
    for at in range(first, last):
        if sign[at] != 1 or weight[at] <= 0.0:
            continue
        items += 1
        place = 0
        while place < agencies and seen[place] != agency[at]:
            place += 1
        if place == agencies:
            seen[place], times[place] = agency[at], 0
            agencies += 1
        times[place] += 1
        largest = max(largest, times[place])
    return largest / items if items else 0.0


@numba.njit(cache=True)
def weigh(  # type: ignore[no-untyped-def]
    starts,
    time,
    agency,
    origin,
    kind,
    sign,
    weight,
    qualified,
    half_life,
    now,
    theta,
    contested,
    dependence,
    found,
):
    """Fill a row of `found` for each cell. `time` is years before (below nought) or after some day,
    `now` that of the question.

    Origins are clusters: the strongest item of one counts, under the agency that had it first.
    """
    most = 1
    for cell in range(len(starts) - 1):
        most = max(most, starts[cell + 1] - starts[cell])
    c_origin, c_agency, c_kind = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
    )
    seen, times = np.empty(most, np.int64), np.empty(most, np.int64)
    c_sign, c_qualified, c_strength = (
        np.empty(most, np.int64),
        np.empty(most, np.bool_),
        np.empty(most),
    )
    for cell in range(len(starts) - 1):
        half, count, was = half_life[cell], 0, False
        for at in range(starts[cell], starts[cell + 1]):
            if sign[at] != 0 and weight[at] > 0.0:
                # Strength as at the day nought: ages alike for all items of a cell, so the
                # strongest stays the strongest.
                held = weight[at] if half == np.inf else weight[at] * 2.0 ** (time[at] / half)
                place = _place(count, c_origin, c_sign, origin[at], sign[at])
                if place == count:
                    count += 1
                    c_origin[place], c_agency[place], c_kind[place] = (
                        origin[at],
                        agency[at],
                        kind[at],
                    )
                    c_sign[place], c_qualified[place], c_strength[place] = (
                        sign[at],
                        qualified[at],
                        held,
                    )
                else:
                    c_strength[place] = max(c_strength[place], held)
                    c_qualified[place] = c_qualified[place] or qualified[at]
                if sign[at] == 1:
                    found[cell, LATEST] = max(found[cell, LATEST], time[at])
            last = at + 1 == starts[cell + 1] or time[at + 1] > time[at]
            if last and not was and _independent(count, c_agency, c_kind, c_sign, c_qualified):
                strong = _evidence(
                    count, c_strength, c_agency, c_sign, 1, time[at], half, dependence
                )
                against = _evidence(
                    count, c_strength, c_agency, c_sign, -1, time[at], half, dependence
                )
                was = strong >= theta and against < contested
        strong = _evidence(count, c_strength, c_agency, c_sign, 1, now, half, dependence)
        found[cell, FOR] = strong
        found[cell, AGAINST] = _evidence(
            count, c_strength, c_agency, c_sign, -1, now, half, dependence
        )
        for one in range(count):
            found[cell, ORIGINS] += c_sign[one] == 1
        independent = _independent(count, c_agency, c_kind, c_sign, c_qualified)
        found[cell, CORROBORATED] = independent and strong >= theta
        found[cell, WAS] = was
        found[cell, LARGEST] = _largest_share(
            starts[cell], starts[cell + 1], agency, sign, weight, seen, times
        )
