"""What a threshold alone leaves to be read back of the cells of the National Referral Mechanism, by
three readers of growing patience. Reasoned here by hand; nothing of the room `disclosure` but the
last reader is used.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from functools import cache
from itertools import product

import numpy as np
import polars as pl
import pytest

from darkfigure.disclosure.elementary import read_back
from darkfigure.disclosure.protect import table_of
from darkfigure.disclosure.rules import Rule
from darkfigure.reading.manifest import example as packaged

TOTAL, THRESHOLD = "Total", 5
FOUR = ("quarter", "exploitation_type", "age_at_exploitation", "gender")
NATIONS = ("quarter", "nationality", *FOUR[2:])
FIVE = (*FOUR, "nationality")
SIX = (*FIVE, "first_responder_type")


@cache
def cells_of(by):
    """Every cell that holds somebody, margins among them, with its number."""
    cells = defaultdict(int)
    with gzip.open(packaged("nrm_referrals_cells.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = [row[name] for name in by]
            for margin in product(*((value, TOTAL) for value in values)):
                cells[margin] += int(row["people"])
    return {cell: number for cell, number in cells.items() if number}


def sums_of_base_cells(cells):
    """Each margin, and all the base cells in it."""
    sums = defaultdict(list)
    for base in (cell for cell in cells if TOTAL not in cell):
        for margin in product(*((value, TOTAL) for value in base)):
            if margin != base:
                sums[margin].append(base)
    return sums


def sums_of_one_step(cells):
    """Each margin, and the cells of one dimension that add up to it, margins themselves or not."""
    sums = defaultdict(list)
    for cell in cells:
        for place, value in enumerate(cell):
            if value != TOTAL:
                sums[(*cell[:place], TOTAL, *cell[place + 1 :]), place].append(cell)
    return {(whole, place): parts for (whole, place), parts in sums.items()}


def worked_out(cells, sums, least):
    """How many hidden cells are told by sums with one number left, or a remainder at its least."""
    known = {cell: number for cell, number in cells.items() if number >= THRESHOLD}
    before = 0
    while len(known) > before:
        before = len(known)
        for named, parts in sums.items():
            whole = named if named in cells else named[0]
            unknown = [part for part in parts if part not in known]
            if whole not in known:
                if not unknown:
                    known[whole] = sum(known[part] for part in parts)
                continue
            left = known[whole] - sum(known[part] for part in parts if part in known)
            if len(unknown) == 1 or left == least * len(unknown):
                known.update(dict.fromkeys(unknown, left // max(len(unknown), 1)))
    assert all(cells[cell] == number for cell, number in known.items())
    return sum(number < THRESHOLD and cell in known for cell, number in cells.items())


@pytest.mark.parametrize(
    ("by", "cells", "hidden", "read"),
    [
        (FOUR, 1_041, 344, (324, 195)),
        (NATIONS, 7_244, 5_235, (974, 621)),
        (FIVE, 25_922, 20_346, (10_563, 1_710)),
        pytest.param(SIX, 66_244, 53_074, (47_851, 8_512), marks=pytest.mark.long),
    ],
)
def test_who_adds_up_base_cells_alone_reads_so_many(by, cells, hidden, read):
    """With noughts shown (each cell holds one at least), and without."""
    table = cells_of(by)
    assert len(table) == cells
    assert sum(number < THRESHOLD for number in table.values()) == hidden
    sums = sums_of_base_cells(table)
    assert tuple(worked_out(table, sums, least) for least in (1, 0)) == read


@pytest.mark.parametrize(
    ("by", "steps", "ours"),
    [
        (FOUR, (328, 212), (328, 212)),
        (NATIONS, (1_459, 1_161), (1_639, 1_161)),
        (FIVE, (14_220, 6_497), (16_556, 6_497)),
    ],
)
def test_who_adds_up_margins_too_reads_more_and_this_repository_most(by, steps, ours):
    """Its reader knows besides that a margin holds at least as many as it has base cells."""
    table = cells_of(by)
    sums = sums_of_one_step(table)
    assert tuple(worked_out(table, sums, least) for least in (1, 0)) == steps
    cube = table_of(pl.read_csv(packaged("nrm_referrals_cells.csv.gz")), by, "people")
    hidden = Rule().must_hide(cube)
    floors = cube.members, np.zeros_like(cube.members)
    told = [read_back(cube.sums, ~hidden, cube.values, floor).told for floor in floors]
    assert tuple(int(cube.cells_of_figure[each].sum()) for each in told) == ours
