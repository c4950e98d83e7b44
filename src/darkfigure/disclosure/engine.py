"""The compiled loops of the room: sums reasoned over, tables mended, rounded, eliminated."""

from __future__ import annotations

import numpy as np
from numba import njit

PRIME = 2_147_483_647


@njit(cache=True)
def read_back(whole, start, parts, at, stands, known, number, least, by):
    """Sums with one number left, and remainders at their least; see `elementary.read_back`."""
    sums = len(whole)
    queue = np.arange(sums)
    waits = np.ones(sums, dtype=np.bool_)
    first, waiting = 0, sums
    while waiting:
        line = queue[first]
        first = (first + 1) % sums
        waiting -= 1
        waits[line] = False
        unknown, remains, floor = 0, 0, 0
        for place in range(start[line], start[line + 1]):
            figure = parts[place]
            if known[figure]:
                remains -= number[figure]
            else:
                unknown += 1
                floor += least[figure]
        top = whole[line]
        if known[top]:
            remains += number[top]
            if unknown == 0 or (unknown > 1 and remains != floor):
                continue
        elif unknown > 0:
            continue
        else:
            remains, unknown = -remains, 1
        for place in range(start[line], start[line + 1] + 1):
            figure = top if place == start[line + 1] else parts[place]
            if known[figure]:
                continue
            known[figure] = True
            by[figure] = line
            number[figure] = remains if unknown == 1 else least[figure]
            for further in range(at[figure], at[figure + 1]):
                more = stands[further]
                if not waits[more]:
                    waits[more] = True
                    queue[(first + waiting) % sums] = more
                    waiting += 1


@njit(cache=True)
def bounded(whole, start, parts, at, stands, low, high, low_by, high_by, budget):
    """Bounds by sums until nothing moves; see `elementary.bounded`."""
    sums = len(whole)
    queue = np.arange(sums)
    waits = np.ones(sums, dtype=np.bool_)
    first, waiting = 0, sums
    while waiting and budget > 0:
        budget -= 1
        line = queue[first]
        first = (first + 1) % sums
        waiting -= 1
        waits[line] = False
        least, most = 0, 0
        for place in range(start[line], start[line + 1]):
            least += low[parts[place]]
            most += high[parts[place]]
        top = whole[line]
        for place in range(start[line], start[line + 1] + 1):
            if place == start[line + 1]:
                figure, down, up = top, least, most
            else:
                figure = parts[place]
                down = low[top] - (most - high[figure])
                up = high[top] - (least - low[figure])
            moved = False
            if down > low[figure]:
                low[figure], low_by[figure], moved = down, line, True
            if up < high[figure]:
                high[figure], high_by[figure], moved = up, line, True
            if low[figure] > high[figure]:
                return
            if moved:
                least, most = 0, 0
                for again in range(start[line], start[line + 1]):
                    least += low[parts[again]]
                    most += high[parts[again]]
                for further in range(at[figure], at[figure + 1]):
                    more = stands[further]
                    if more != line and not waits[more]:
                        waits[more] = True
                        queue[(first + waiting) % sums] = more
                        waiting += 1


@njit(cache=True)
def inverse_of(number):
    """The inverse of a number modulo PRIME."""
    result, base, power = 1, number, PRIME - 2
    while power:
        if power & 1:
            result = result * base % PRIME
        base = base * base % PRIME
        power >>= 1
    return result


@njit(cache=True)
def peel(start, columns, at, rows):
    """Rows that have a column to themselves, one after another: each with that column, in the order
    they are taken away; and which rows are left.
    """
    count = np.zeros(len(at) - 1, dtype=np.int64)
    for place in range(len(columns)):
        count[columns[place]] += 1
    stays = np.ones(len(start) - 1, dtype=np.bool_)
    order = np.empty(len(start) - 1, dtype=np.int64)
    pivots = np.empty(len(start) - 1, dtype=np.int64)
    stack = np.empty(len(columns) + len(count), dtype=np.int64)
    waiting, taken = 0, 0
    for column in range(len(count)):
        if count[column] == 1:
            stack[waiting] = column
            waiting += 1
    while waiting:
        waiting -= 1
        column = stack[waiting]
        if count[column] != 1:
            continue
        row = -1
        for place in range(at[column], at[column + 1]):
            if stays[rows[place]]:
                row = rows[place]
        stays[row] = False
        order[taken], pivots[taken] = row, column
        taken += 1
        for place in range(start[row], start[row + 1]):
            count[columns[place]] -= 1
            if count[columns[place]] == 1:
                stack[waiting] = columns[place]
                waiting += 1
    return order[:taken], pivots[:taken], stays


@njit(cache=True)
def put_back(start, columns, data, order, pivots, kernel):
    """A vector that rows which were taken away leave at nought, by the column each has."""
    for taken in range(len(order) - 1, -1, -1):
        total, own = 0, 0
        for place in range(start[order[taken]], start[order[taken] + 1]):
            if columns[place] == pivots[taken]:
                own = data[place]
            else:
                total = (total + data[place] * kernel[columns[place]]) % PRIME
        kernel[pivots[taken]] = (PRIME - total) % PRIME * inverse_of(own) % PRIME


@njit(cache=True)
def eliminate(dense, pivots):
    """Rows in echelon form modulo PRIME; the column of each row's first entry goes to `pivots`."""
    rows, columns = dense.shape
    entries = np.empty(columns, dtype=np.int64)
    for row in range(rows):
        pivot, entered = -1, 0
        for column in range(columns):
            if dense[row, column]:
                pivot = column
                entries[entered] = column
                entered += 1
        if pivot < 0:
            continue
        pivots[row] = pivot
        inverse = inverse_of(np.int64(dense[row, pivot]))
        for place in range(entered):
            column = entries[place]
            dense[row, column] = np.int64(dense[row, column]) * inverse % PRIME
        for further in range(row + 1, rows):
            times = np.int64(dense[further, pivot])
            if times:
                for place in range(entered):
                    column = entries[place]
                    dense[further, column] = (
                        dense[further, column] + (PRIME - times) * np.int64(dense[row, column])
                    ) % PRIME


@njit(cache=True)
def complete(dense, pivots, kernel):
    """A vector that all rows in echelon form leave at nought; other columns keep what they have."""
    for row in range(len(dense) - 1, -1, -1):
        pivot = pivots[row]
        if pivot < 0:
            continue
        total = 0
        for column in range(dense.shape[1]):
            if column != pivot and dense[row, column]:
                total = (total + np.int64(dense[row, column]) * kernel[column]) % PRIME
        kernel[pivot] = (PRIME - total) % PRIME


@njit(cache=True)
def products(indptr, indices, data, kernel):
    """Sparse rows times a vector, modulo PRIME."""
    made = np.zeros(len(indptr) - 1, dtype=np.int64)
    for row in range(len(made)):
        total = 0
        for place in range(indptr[row], indptr[row + 1]):
            total = (total + data[place] % PRIME * kernel[indices[place]]) % PRIME
        made[row] = total
    return made


@njit(cache=True)
def mend(whole, start, parts, at, stands, hidden, value, least, cells, ways, slack, own):
    """In each sum with one hidden number, or too little left over, hide the cheapest other.

    Where one's own record counts as known, two hidden numbers of which one is a single person are
    one.
    """
    sums = len(whole)
    queue = np.arange(sums)
    waits = np.ones(sums, dtype=np.bool_)
    first, waiting = 0, sums
    within = np.zeros(sums, dtype=np.int64)
    for line in range(sums):
        for place in range(start[line], start[line + 1]):
            within[line] += hidden[parts[place]]
        within[line] += hidden[whole[line]]
    while waiting:
        line = queue[first]
        first = (first + 1) % sums
        waiting -= 1
        waits[line] = False
        top = whole[line]
        while True:
            exposed = within[line] == 1
            if own and within[line] == 2:
                for place in range(start[line], start[line + 1]):
                    if hidden[parts[place]] and value[parts[place]] == 1:
                        exposed = True
            if not exposed and within[line] > 1 and not hidden[top]:
                left = 0
                for place in range(start[line], start[line + 1]):
                    if hidden[parts[place]]:
                        left += value[parts[place]] - least[parts[place]]
                exposed = left < slack
            if not exposed:
                break
            best, lowest = -1, np.inf
            for place in range(start[line], start[line + 1] + 1):
                figure = top if place == start[line + 1] else parts[place]
                if hidden[figure]:
                    continue
                alone = 0
                for further in range(at[figure], at[figure + 1]):
                    if stands[further] != line and within[stands[further]] == 0:
                        alone += 1
                cost = (ways[0] * alone + 1) * ways[1] * cells[figure] + ways[3] * value[figure]
                if figure == top:
                    cost += ways[2]
                if cost < lowest:
                    best, lowest = figure, cost
            if best < 0:
                break
            hidden[best] = True
            for further in range(at[best], at[best + 1]):
                more = stands[further]
                within[more] += 1
                if not waits[more]:
                    waits[more] = True
                    queue[(first + waiting) % sums] = more
                    waiting += 1


@njit(cache=True)
def spare(others, must, begin, witnesses, start, figures, cover, kept):
    """Witnesses that move figures which need not be hidden are given up, a figure at a time, where
    each figure that must be hidden has another; `cover` is how many each has.
    """
    for one in others:
        bare = False
        for place in range(begin[one], begin[one + 1]):
            witness = witnesses[place]
            if kept[witness]:
                for at in range(start[witness], start[witness + 1]):
                    figure = figures[at]
                    cover[figure] -= 1
                    bare |= must[figure] and cover[figure] == 0
        for place in range(begin[one], begin[one + 1]):
            witness = witnesses[place]
            if kept[witness]:
                if bare:
                    for at in range(start[witness], start[witness + 1]):
                        cover[figures[at]] += 1
                else:
                    kept[witness] = False


@njit(cache=True)
def nearer(stands, start, order, up, off, weight, base, sweeps):
    """Round cells the other way as long as that brings margins nearer; see `rounding`."""
    for _ in range(sweeps):
        changed = 0
        for cell in order:
            step = -base if up[cell] else base
            gain = 0.0
            for place in range(start[cell], start[cell + 1]):
                figure = stands[place]
                old, new = off[figure], off[figure] + step
                gain += weight[figure] * (old * old - new * new)
            if gain > 1e-9:
                up[cell] = not up[cell]
                changed += 1
                for place in range(start[cell], start[cell + 1]):
                    off[stands[place]] += step
        if not changed:
            return
