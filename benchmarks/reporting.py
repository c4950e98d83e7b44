"""Coverage of 100,000 cells from 1,000,000 items as at two dates, beside the same aggregation
written by hand in DuckDB SQL.

Run with `make bench`. Ledgers are made up in memory; reading them from the repository is not
measured. The SQL by hand does what one setting of the weights needs: evidence for and against by
origin and agency, aged, and the ladder of that day. It does not say whether a cell was corroborated
before, nor what hangs on the weights. Then one report more, worked out for its cell alone; and
each month of five years, beside the last of them alone.
"""

from __future__ import annotations

import os
import resource
import time
from datetime import date, timedelta

import duckdb
import numpy as np
import polars as pl
from measuring import peak, row

from darkfigure.intelligence.cells import CELLS, CellSet
from darkfigure.intelligence.coverage import coverage, coverage_by_day, updated
from darkfigure.intelligence.ledgers import ASKS, ITEMS, Ledgers

ITEMS_MADE = int(os.environ.get("ITEMS", "1000000"))
CELLS_MADE = ITEMS_MADE // 10
START = date(2026, 4, 1)
DAYS = (date(2026, 10, 1), date(2027, 3, 31))
MONTHS = 60

BY_HAND = """
WITH held AS (
    SELECT c.cell, i.agency, coalesce(i.origin, 'agency ' || i.agency) AS origin, i.kind,
        i.relation,
        i.source IN ('1', '2') AND i.information IN ('A', 'B', 'C') AS good, i."on" AS day,
        w.weight * pow(2, -(DATE '{day}' - i."on") / 365.25 / coalesce(c.half_life, 'infinity'::DOUBLE)) AS q
    FROM items i JOIN cells c USING (question, area, period)
        JOIN weights w USING (source, information)
    WHERE i.known_from <= DATE '{day}' AND (i.known_to IS NULL OR i.known_to > DATE '{day}')
        AND i."on" <= DATE '{day}'
        AND w.weight > 0 AND i.relation <> 'context'
),
origins AS (
    SELECT cell, relation, origin, max(q) AS q, arg_min(agency, (day, agency)) AS agency,
        arg_min(kind, (day, agency)) AS kind,
        bool_or(good) AS good
    FROM held GROUP BY cell, relation, origin
),
agencies AS (
    SELECT cell, relation, agency, 0.3 * max(q) + 0.7 * (1 - product(1 - q)) AS e, count(*) AS n,
        count(*) FILTER (good) AS good, count(DISTINCT kind) FILTER (good) AS kinds
    FROM origins GROUP BY cell, relation, agency
),
evidence AS (
    SELECT cell, 1 - product(1 - e) FILTER (relation = 'supports') AS e_for,
        1 - product(1 - e) FILTER (relation = 'refutes') AS e_against,
        sum(n) FILTER (relation = 'supports') AS origins,
        count(*) FILTER (relation = 'supports'
            AND good > 0) > 1 OR bool_or(relation = 'supports' AND kinds > 1) AS independent
    FROM agencies GROUP BY cell
)
SELECT c.cell, coalesce(e_for, 0) AS strong, coalesce(e_against, 0), coalesce(origins, 0),
    CASE WHEN e_for >= 0.3 AND e_against >= 0.3 THEN 'X' WHEN independent AND e_for >= 0.6 THEN 'N4'
        WHEN origins > 0 THEN 'N3' WHEN a.asked > 0 THEN 'N1' ELSE 'N0' END AS status
FROM cells c LEFT JOIN evidence USING (cell)
LEFT JOIN (SELECT c.cell, count(*) AS asked FROM asks a
    JOIN cells c USING (question, area, period) GROUP BY c.cell) a USING (cell)
ORDER BY c.cell
"""  # noqa: E501


def made() -> tuple[CellSet, Ledgers]:
    """Cells, asks and items by chance."""
    random = np.random.default_rng(1)
    number = pl.col("cell")
    cells = pl.DataFrame({"cell": np.arange(CELLS_MADE)}).with_columns(
        threat=pl.lit("HT"),
        requirement=pl.lit("HT.1"),
        question="HT.1." + (number // 2000).cast(pl.String),
        part=pl.lit(""),
        area="area " + (number % 500).cast(pl.String),
        period="P" + (number // 500 % 4).cast(pl.String),
        start=pl.lit(START),
        end=pl.lit(DAYS[1]),
        weight=pl.lit(1.0),
        half_life=pl.lit(1.0),
        existence=pl.lit(value=False),
    )
    cells = cells.cast(CELLS)  # type: ignore[arg-type]
    place = cells.select("question", "area", "period")
    chosen = random.integers(0, CELLS_MADE, ITEMS_MADE)
    on = pl.Series(np.datetime64(START) + random.integers(0, 365, ITEMS_MADE)).cast(pl.Date)
    items = place[chosen.tolist()].with_columns(
        item=pl.Series([f"R/{each}" for each in range(ITEMS_MADE)]),
        agency=pl.Series(random.integers(0, 60, ITEMS_MADE)).cast(pl.String),
        origin=pl.Series(random.integers(0, 40, ITEMS_MADE)).cast(pl.String),
        kind=pl.Series(random.choice(["officer", "victim", "database"], ITEMS_MADE)),
        relation=pl.Series(
            random.choice(["supports", "refutes", "context"], ITEMS_MADE, p=[0.8, 0.1, 0.1])
        ),
        source=pl.Series(random.choice(list("123"), ITEMS_MADE)),
        information=pl.Series(random.choice(list("ABCDE"), ITEMS_MADE)),
        corroborated_by=pl.lit(None, pl.String),
        on=on,
        known_from=on,
        known_to=pl.lit(None, pl.Date),
    )
    items = items.select(list(ITEMS))
    asks = place.with_columns(
        ask="ASK-" + cells["cell"].cast(pl.String),
        agency=pl.lit("1"),
        due=pl.lit(DAYS[0]),
        asked_on=pl.lit(START),
        known_from=pl.lit(START),
        known_to=pl.lit(None, pl.Date),
    ).select(list(ASKS))
    return CellSet("bench", cells, cells.select("cell", "question")), Ledgers(
        asks=asks, items=items
    )


def main() -> None:
    """Print seconds, ratios and memory."""
    from darkfigure.intelligence.grading import grading

    cellset, ledgers = made()
    coverage(
        CellSet("warm", cellset.cells.head(100), cellset.reads.head(100)), ledgers, DAYS[0]
    )  # compiles
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    weights = [
        (s, i, w) for s, held in grading()["weights"]["central"].items() for i, w in held.items()
    ]
    connection.register(
        "w",
        pl.DataFrame(weights, schema=["source", "information", "weight"], orient="row").to_arrow(),
    )
    for name, frame in (("items", ledgers.items), ("cells", cellset.cells), ("asks", ledgers.asks)):
        connection.register("given", frame.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    connection.execute("CREATE TABLE weights AS SELECT * FROM w")
    ours, by_hand = 0.0, 0.0
    for day in DAYS:
        start = time.perf_counter()
        found = coverage(cellset, ledgers, day)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        rows = connection.sql(BY_HAND.format(day=day)).pl()
        hand = time.perf_counter() - start
        off = float(np.abs(found.cells["e_for"].to_numpy() - rows["strong"].to_numpy()).max())
        words = (
            f"{seconds:.2f} s, three settings of the weights; by hand, one setting, {hand:.2f} s"
        )
        print(f"as at {day}: {words}; evidence differs by {off:.0e}")
        ours, by_hand = ours + seconds, by_hand + hand
    print(
        f"{len(DAYS)} dates over {CELLS_MADE:,} cells and {ITEMS_MADE:,} items: "
        f"{ours / by_hand:.2f} times the SQL by hand"
    )
    more = ledgers.items.head(1).with_columns(
        item=pl.lit("one/1"), origin=pl.lit("new"), on=pl.lit(DAYS[1] - timedelta(days=2))
    )
    fresh = Ledgers(asks=ledgers.asks, items=pl.concat([ledgers.items, more]))
    (cell,) = cellset.cells.join(more, on=["question", "area", "period"], how="semi")[
        "cell"
    ].to_list()
    start = time.perf_counter()
    after = updated(found, cellset, fresh, [cell])
    one = time.perf_counter() - start
    whole = coverage(cellset, fresh, DAYS[1])
    assert after.cells.equals(whole.cells)
    row(
        f"coverage of {CELLS_MADE:,} cells by {ITEMS_MADE:,} items, {len(DAYS)} dates",
        f"{ours:.2f} s",
        f"SQL by hand: {by_hand:.2f} s",
        ours / by_hand,
        memory=peak(),
    )
    row(
        "coverage after one report more",
        f"{one * 1000:.0f} ms",
        f"from nothing: {1000 * ours / len(DAYS):.0f} ms",
        one / (ours / len(DAYS)),
    )
    months = [date(2026 + (3 + at) // 12, (3 + at) % 12 + 1, 28) for at in range(MONTHS)]
    spread = pl.Series(
        np.datetime64(START) + np.random.default_rng(2).integers(0, 30 * MONTHS, ITEMS_MADE)
    )
    on = spread.cast(pl.Date)
    by_month = Ledgers(asks=ledgers.asks, items=ledgers.items.with_columns(on=on, known_from=on))
    start = time.perf_counter()
    (last,) = [each for each in coverage_by_day(cellset, by_month, months) if each.at == months[-1]]
    series = time.perf_counter() - start
    start = time.perf_counter()
    assert coverage(cellset, by_month, months[-1]).cells.equals(last.cells)
    alone = time.perf_counter() - start
    row(
        f"coverage at the end of each of {MONTHS} months",
        f"{series:.2f} s",
        f"of the last alone: {alone:.2f} s",
        series / alone,
        memory=peak(),
    )
    print(f"{MONTHS} months: {series:.2f} s, {series / alone:.2f} times one of them")
    print(f"after one report: {one * 1000:.0f} ms, {one / (ours / len(DAYS)):.3f} of a full run")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB, the "
        "ledgers and DuckDB among it"
    )


if __name__ == "__main__":
    main()
