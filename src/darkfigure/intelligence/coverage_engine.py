"""The compiled loops of coverage: evidence for and against each cell, by origin and agency, now and
when it was strongest.

Arrays only: items of a cell lie together, earliest first. Times are in years, half-lives too
(infinite where nothing ages). What a cell holds is put together once and weighed on any later day
until something in it changes.
"""

from __future__ import annotations

import numba
import numpy as np

#: Columns of the result: evidence for, against, origins for, corroborated now, ever corroborated,
#: the latest item's day, agencies' largest share of items.
FOR, AGAINST, ORIGINS, CORROBORATED, WAS, LATEST, LARGEST = range(7)
WIDTH = 7
#: What is held of a cell: how many origins, as at when their strength is, whether two of them are
#: independent, whether it was ever corroborated, the latest item's day, the largest share.
COUNT, AS_AT, INDEPENDENT, EVER, LAST, SHARE = range(6)
HELD = 6


@numba.njit(cache=True, nogil=True)
def _evidence(count, strength, agency, sign, wanted, factor, dependence):
    """Noisy-or over agencies of what each holds; within an agency origins count as dependent in
    part. Strengths count by a factor: what ageing left of them.
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
                held = strength[other] * factor
                best = max(best, held)
                none *= 1.0 - held
        missing *= 1.0 - (dependence * best + (1.0 - dependence) * (1.0 - none))
    return 1.0 - missing


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
def _place(count, origins, signs, origin, sign):  # type: ignore[no-untyped-def]
    """The cluster of an origin; `count` where it is new."""
    for one in range(count):
        if origins[one] == origin and signs[one] == sign:
            return one
    return count


@numba.njit(cache=True, nogil=True)
def _largest_share(picked, number, agency, sign, seen, times):  # type: ignore[no-untyped-def]
    """The largest share of the supporting items that one agency sent. `seen` and `times` are room
    to count in.
    """
    items, agencies, largest = 0, 0, 0
    for row in picked[:number]:
        if sign[row] != 1:
            continue
        items += 1
        place = 0
        while place < agencies and seen[place] != agency[row]:
            place += 1
        if place == agencies:
            seen[place], times[place] = agency[row], 0
            agencies += 1
        times[place] += 1
        largest = max(largest, times[place])
    return largest / items if items else 0.0


@numba.njit(cache=True, nogil=True)
def put_together(  # type: ignore[no-untyped-def]
    changed,
    starts,
    time,
    agency,
    origin,
    kind,
    sign,
    weight,
    qualified,
    counts,
    half_life,
    theta,
    contested,
    dependence,
    held,
    c_agency,
    c_sign,
    c_strength,
):
    """Put the rows that count (`counts`) of cells that changed together by origin.

    Origins are clusters: the strongest item of one counts, under the agency that had it first. They
    stand in `c_agency`, `c_sign` and `c_strength` from where the rows of the cell start, as strong
    as on the day of the last.
    """
    most = 1
    for cell in changed:
        most = max(most, starts[cell + 1] - starts[cell])
    picked, seen, times = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
    )
    c_origin, c_kind, c_good = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.bool_),
    )
    for cell in changed:
        first, half, number = starts[cell], half_life[cell], 0
        for row in range(first, starts[cell + 1]):
            if counts[row] and sign[row] != 0 and weight[row] > 0.0:
                picked[number] = row
                number += 1
        room = slice(first, starts[cell + 1])
        agencies, signs, strengths = c_agency[room], c_sign[room], c_strength[room]
        count, was, latest = 0, False, -np.inf
        as_at = time[picked[number - 1]] if number else 0.0
        for at in range(number):
            row = picked[at]
            # Strength as on the day of the last: ages alike for all items of a cell, so the
            # strongest stays the strongest.
            strength = weight[row]
            if half != np.inf:
                strength *= 2.0 ** ((time[row] - as_at) / half)
            place = _place(count, c_origin, signs, origin[row], sign[row])
            if place == count:
                count += 1
                c_origin[place], agencies[place], c_kind[place] = (
                    origin[row],
                    agency[row],
                    kind[row],
                )
                signs[place], c_good[place] = sign[row], qualified[row]
                strengths[place] = strength
            else:
                strengths[place] = max(strengths[place], strength)
                c_good[place] = c_good[place] or qualified[row]
            if sign[row] == 1:
                latest = max(latest, time[row])
            last = at + 1 == number or time[picked[at + 1]] > time[row]
            if last and not was and _independent(count, agencies, c_kind, signs, c_good):
                factor = 1.0 if half == np.inf else 2.0 ** ((as_at - time[row]) / half)
                strong = _evidence(count, strengths, agencies, signs, 1, factor, dependence)
                against = _evidence(count, strengths, agencies, signs, -1, factor, dependence)
                was = strong >= theta and against < contested
        held[cell, COUNT], held[cell, AS_AT], held[cell, EVER] = count, as_at, was
        held[cell, INDEPENDENT] = _independent(count, agencies, c_kind, signs, c_good)
        held[cell, LAST] = latest
        held[cell, SHARE] = _largest_share(picked, number, agency, sign, seen, times)


@numba.njit(cache=True, nogil=True)
def weigh(starts, half_life, now, theta, dependence, held, c_agency, c_sign, c_strength, found):  # type: ignore[no-untyped-def]
    """Fill a row of `found` for each cell: what was put together, as it has aged by `now`."""
    for cell in range(len(starts) - 1):
        count, half = int(held[cell, COUNT]), half_life[cell]
        room = slice(starts[cell], starts[cell] + count)
        agencies, signs, strengths = c_agency[room], c_sign[room], c_strength[room]
        factor = 1.0 if half == np.inf else 2.0 ** ((held[cell, AS_AT] - now) / half)
        strong = _evidence(count, strengths, agencies, signs, 1, factor, dependence)
        found[cell, FOR] = strong
        found[cell, AGAINST] = _evidence(count, strengths, agencies, signs, -1, factor, dependence)
        supporting = 0
        for one in range(count):
            supporting += signs[one] == 1
        found[cell, ORIGINS] = supporting
        found[cell, CORROBORATED] = held[cell, INDEPENDENT] > 0 and strong >= theta
        found[cell, WAS] = held[cell, EVER]
        found[cell, LATEST] = held[cell, LAST]
        found[cell, LARGEST] = held[cell, SHARE]
