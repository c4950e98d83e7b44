"""From plain words to a question, and what is held: over many measures, places and statements.
Prints ratios.

Run with `make bench`. Measures, places and statements are synthetic. Yardsticks, measured in the
same run:
- plain words: the nearest titles by `difflib`, which compares letters and knows no meaning;
- what is held: the same years by a GROUP BY written by hand over every statement;
- the grid of it as a page and as a document: reading what they show;
- a question of one measure of as many statements while those of others grow: the same totals by a
  GROUP BY written by hand.
"""

from __future__ import annotations

import csv
import difflib
import os
import random
from datetime import date
from math import log
from pathlib import Path

from measuring import in_own_folder, peak, row, timed

MEASURES, AREAS = 200, 20_000
#: The measure asked about while others grow.
ASKED = 7
STATEMENTS = int(os.environ.get("STATEMENTS", "10000000"))
#: Statements of one block: a measure, a quarter, a breakdown, in one document.
IN_A_BLOCK = 500
TODAY = date(2026, 11, 26)
QUESTION = (
    "how many women were counted for made-up measure {measure} in Madeupton {area} "
    "each year since 2019, as known on 1 March 2024"
)
HELD_BY_HAND = """
SELECT b.measure, s.area IS NOT NULL, s.sex IS NOT NULL, extract(year FROM b.period_start), count(*)
FROM store_statement s JOIN store_block b ON b.id = s.block_id GROUP BY 1, 2, 3, 4
"""
#: Straight into the tables: what is measured is reading.
FILL = (
    """
    INSERT INTO store_receivedfile (sha256, name, size) VALUES ('0', 'synthetic', 0)
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO store_return (part, kind, received_at, received_by, agency, marking, rows, file_id,
        source)
    SELECT count(*), 'statements', now(), 'bench', 'HO', 0, {statements}, '0', 'Synthetic'
    FROM store_return
    """,
    """
    INSERT INTO store_block (measure, unit, population, role, shape, period_start, period_end,
        period_label, period_exact, status, stated_on, precision, stated_by, stated_as, source,
        whole, rank, known, plain, rows, of_id)
    SELECT 'madeup_' || CASE WHEN n % {measures} <> {spared} THEN n % {measures} ELSE 8 END,
        'persons', 'uk', 'figure',
        CASE n / {measures} % 4 WHEN 0 THEN '{{}}'::text[] WHEN 1 THEN '{{area}}'
            WHEN 2 THEN '{{sex}}' ELSE '{{sex,area}}' END,
        first, (first + interval '3 months - 1 day')::date, '', true, '', '2024-01-01', 'day', 'HO',
        '', 'Synthetic', false, 0, '[2024-01-01,)', true, {rows}, (SELECT max(id) FROM store_return)
    FROM generate_series(0, {blocks} - 1) n, LATERAL (
        SELECT (date '1990-01-01' + n / {measures} / 4 * interval '3 months')::date AS first) day
    """,
    """
    INSERT INTO store_statement (row, sex, area, value, block_id)
    SELECT n, CASE WHEN 'sex' = ANY(shape) THEN 'female' END,
        CASE WHEN 'area' = ANY(shape) THEN 'MU' || lpad(n::text, 5, '0') END, n, id
    FROM store_block, generate_series(1, {rows}) n
    WHERE of_id = (SELECT max(id) FROM store_return)
    """,
    "ANALYZE",
)


ASKED_BY_HAND = """
SELECT s.sex, b.period_start, sum(s.value), count(*)
FROM store_statement s JOIN store_block b ON b.id = s.block_id
WHERE b.measure = %(measure)s AND b.role = 'figure' AND b.shape = '{sex}'
    AND b.known @> %(day)s::date AND (s.closed IS NULL OR s.closed > %(day)s) GROUP BY 1, 2
"""


def fill(blocks: int, spared: int = -1) -> None:
    """Fill the tables with synthetic statements of every measure of the pack, but for one that is
    spared.
    """
    from django.db import connection

    from darkfigure_hub.store.roles import as_owner

    rows = blocks * IN_A_BLOCK
    given = {"blocks": blocks, "measures": MEASURES, "rows": IN_A_BLOCK, "statements": rows}
    given = {**given, "spared": spared}
    with as_owner(), connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement.format(**given))


def write_pack(folder: Path) -> None:
    """A SYNTHETIC pack of many measures and places."""
    folder.mkdir()
    (folder / "pack.toml").write_text(
        'name = "madeup"\ntitle = "SYNTHETIC: many measures and places"\nlanguages = ["en"]\n'
        'licence = "CC0-1.0"\nsource = "made up"\nversion = "1"\n'
    )
    with (folder / "area.csv").open("w", newline="", encoding="utf-8") as out:
        target = csv.writer(out)
        target.writerow(["code", "label", "source"])
        target.writerows([f"MU{n:05}", f"Madeupton {n}", "made up"] for n in range(AREAS))
    with (folder / "measures.csv").open("w", newline="", encoding="utf-8") as out:
        target = csv.writer(out)
        target.writerow(["code", "title", "units", "definition", "dimensions", "holders"])
        for n in range(MEASURES):
            said = [f"madeup_{n}", f"Made-up measure {n}", "persons", "Made up.", "sex|area", "HO"]
            target.writerow(said)


def questions(count: int) -> list[str]:
    """Questions about measures and places drawn at random."""
    chance = random.Random(20081217)
    drawn = ((chance.randrange(MEASURES), chance.randrange(AREAS)) for _ in range(count))
    return [QUESTION.format(measure=measure, area=area) for measure, area in drawn]


def measure_words(folder: Path) -> None:
    """From words to a question, and by likeness of letters."""
    from darkfigure.codes.pack_files import read_pack
    from darkfigure.codes.packs import packs_in_use, use_packs
    from darkfigure.tables.measures import all_measures
    from darkfigure.understanding import understand

    write_pack(folder / "pack")
    use_packs([*packs_in_use(), read_pack(folder / "pack")])
    asked = questions(50)
    titles = [each.title for each in all_measures().values()]
    (first,) = timed(lambda: understand(asked[0], TODAY), repeats=1)
    found = [understand(text, TODAY)[0] for text in asked]
    for reading, text in zip(found, asked, strict=True):
        reading.question()
        assert reading.measure.title.lower() in text, "understood as something else"
    words, letters = timed(
        lambda: [understand(text, TODAY) for text in asked],
        lambda: [difflib.get_close_matches(text, titles, 3, 0.0) for text in asked],
        repeats=5,
    )
    each = 1000 * words / len(asked)
    print(f"plain words, {len(titles)} measures, {AREAS:,} places: {each:.1f} ms a question")
    print(f"  by likeness of letters to titles alone: ratio {words / letters:.2f}")
    print(f"  (again after the first, {1000 * first:.1f} ms)")


def measure_asked() -> None:
    """A question of one measure, while the statements of others grow tenfold in three steps."""
    from django.db import connection

    from darkfigure.publication import ask
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.answer_question import answer_question

    scope, day = for_operator("bench", "measuring"), date(2024, 6, 1)
    question = ask(f"madeup_{ASKED}", day, by=["sex", "quarter"])

    def by_hand() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(ASKED_BY_HAND, {"day": day, "measure": f"madeup_{ASKED}"})
            return list(cursor.fetchall())

    took: list[float] = []
    held = 0
    for size in (STATEMENTS // 10, STATEMENTS * 3 // 10, STATEMENTS):
        fill((size - held) // IN_A_BLOCK, spared=ASKED if held else -1)
        held = size
        answered = answer_question(scope, question)
        told = sum(int(cell.value or 0) for cell in answered.cells)
        assert told == sum(int(row[2]) for row in by_hand()) > 0, "they differ"  # type: ignore[call-overload]
        ours, hand = timed(lambda: answer_question(scope, question), by_hand)
        took.append(ours)
        row(
            f"a question of one measure among {held:,} statements",
            f"{1000 * ours:.1f} ms",
            f"SQL by hand: {1000 * hand:.1f} ms",
            ours / hand,
            memory=peak(),
        )
        print(
            f"a question of one measure among {held:,} statements: {1000 * ours:.1f} ms, by hand "
            f"{1000 * hand:.1f} ms, ratio {ours / hand:.2f}",
            flush=True,
        )
    print(f"  grows as statements^{log(took[-1] / took[0]) / log(10):.2f}")


def measure_held() -> None:
    """What is held, over many statements."""
    from django.db import connection

    from darkfigure.writing import registry
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.show_held import show_held

    blocks = STATEMENTS // IN_A_BLOCK
    scope = for_operator("bench", "measuring")

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute(HELD_BY_HAND)
            cursor.fetchall()

    shown = show_held(scope, TODAY)
    assert sum(len(each.breakdowns) for each in shown) > MEASURES / 2
    held, hand = timed(lambda: show_held(scope, TODAY), by_hand, repeats=3)
    print(f"what is held, {STATEMENTS:,} statements in {blocks:,} blocks: {1000 * held:.0f} ms")
    print(f"  a GROUP BY of every statement by hand: ratio {held / hand:.3f}")
    for form in ("html", "json"):
        size = len(registry.write("held", form, shown))
        (written,) = timed(lambda form=form: registry.write("held", form, shown), repeats=3)
        grid = f"{len(shown)} measures as {form}, {size / 1e6:.1f} MB: {1000 * written:.0f} ms"
        print(f"  the grid of {grid}; ratio to reading it {written / held:.3f}")


def measure(folder: Path) -> None:
    """All three, in one folder of their own."""
    from darkfigure_hub.flows.open_repository import open_repository

    measure_words(folder)
    open_repository()
    measure_asked()
    measure_held()


if __name__ == "__main__":
    in_own_folder(measure)
