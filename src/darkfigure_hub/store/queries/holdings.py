"""What the repository holds: returns, agencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Min, Sum

from darkfigure.basis.marking import Scope
from darkfigure.basis.period import Period, day_after
from darkfigure.basis.statement import DIMENSIONS, RECEIVED
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.codes import CodeList
from darkfigure.tables.holdings import Stated, stated_in
from darkfigure.tables.measures import Measure
from darkfigure_hub.store.models import Agency, Block, Return, ReturnRemark
from darkfigure_hub.store.queries import taken_back
from darkfigure_hub.store.queries.evidence import StoreEvidence
from darkfigure_hub.store.queries.withdrawn_returns import epochs


@dataclass(frozen=True)
class HeldReturn:
    """A return as listed."""

    id: int
    kind: str
    file: str
    part: str
    sha256: str
    rows: int
    received_at: datetime
    received_by: str
    agency: str
    remarks: tuple[str, ...]
    taken_back: date | None = None
    reading: str = ""


def holds_cases(scope: Scope) -> bool:
    """Whether there are case returns that the reader may see."""
    seen = Return.objects.filter(kind__in=CASE_RETURNS, marking__lte=scope.sees)
    return bool(seen.exists())


_STATED = """
SELECT b.measure, b.unit, b.shape, b.period_start, b.period_end, b.period_label, b.period_exact,
    b.stated_by, b.stated_on, b.of_id, b.source, b.precision
FROM store_block b JOIN store_return r ON r.id = b.of_id
WHERE b.measure = ANY(%s) AND b.role = 'figure' AND b.known @> %s::date AND r.marking <= %s
    AND EXISTS (SELECT 1 FROM store_statement s WHERE s.block_id = b.id
        AND (s.value IS NOT NULL OR s.low IS NOT NULL OR s.high IS NOT NULL)
        AND (s.closed IS NULL OR s.closed > %s))
"""
_WITHHELD = "SELECT measure, number FROM gate.withheld_figures(%s)"


def stated_figures(scope: Scope, as_at: date, measures: Sequence[Measure]) -> Iterator[Stated]:
    """The blocks of figures that stand on a day and that the reader may see, as far as they say
    what is held. Where returns were taken back, on which days each stands is worked out.
    """
    if epochs():
        evidence = StoreEvidence(scope)
        for measure in measures:
            yield from stated_in(evidence, as_at, measure)
        return
    with connection.cursor() as cursor:
        cursor.execute(_STATED, [[each.code for each in measures], as_at, scope.sees, as_at])
        rows = cursor.fetchall()
    shapes = {shape: _in_order(shape) for shape in {tuple(row[2]) for row in rows}}
    periods = {days: Period(*days) for days in {row[3:-5] for row in rows}}
    for row in rows:
        measure, unit, shape, *_, stated_by, stated_on, of, source, precision = row
        period, document = periods[row[3:-5]], (of, stated_on, source)
        by, dated = shapes[tuple(shape)], precision != RECEIVED
        yield Stated(measure, unit, by, period, stated_by, stated_on, document, dated)


def _in_order(shape: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in DIMENSIONS if name in shape)


def withheld_figures(scope: Scope) -> dict[str, int]:
    """How many blocks of each measure the reader may not see."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHHELD, [int(scope.sees)])
        return dict(cursor.fetchall())


def returns(
    scope: Scope, ids: Iterable[int] | None = None, sha256: str | None = None
) -> list[HeldReturn]:
    """Returns the reader may see, oldest first."""
    found = Return.objects.filter(marking__lte=scope.sees).select_related("file").order_by("id")
    if ids is not None:
        found = found.filter(id__in=list(ids))
    if sha256 is not None:
        found = found.filter(file_id=sha256)
    remarks: dict[int, list[str]] = {}
    for of, text in (
        ReturnRemark.objects.filter(of__in=found).order_by("id").values_list("of_id", "text")
    ):
        remarks.setdefault(of, []).append(text)
    away = {
        int(number): spells[-1].first
        for number, spells in taken_back.away("return").items()
        if spells[-1].until is None
    }
    return [
        HeldReturn(
            held.pk,
            held.kind,
            held.file.name,
            held.part,
            held.file_id,
            held.rows,
            held.received_at,
            held.received_by,
            held.agency,
            tuple(remarks.get(held.pk, ())),
            away.get(held.pk),
            held.reading_id or "",
        )
        for held in found
    ]


def about(ids: Sequence[int]) -> list[tuple[str, tuple[str, ...], date, date, int]]:
    """What the statements of returns are about: measure, breakdown, first and last day, how
    many.
    """
    counted = (
        Block.objects.filter(of__in=ids)
        .values("measure", "shape")
        .annotate(first=Min("period_start"), last=Max("period_end"), count=Sum("rows"))
        .order_by("measure", "shape")
    )
    return [
        (row["measure"], tuple(row["shape"]), row["first"], row["last"], row["count"])
        for row in counted
    ]


def lacks_agencies(listed: CodeList) -> bool:
    """Whether the code list has agencies that were never entered, as after a newer program came."""
    return Agency.objects.filter(code__in=[*listed.codes]).count() < len(listed.codes)


def enter_agencies(listed: CodeList) -> int:
    """Enter agencies of the code list that are not described yet; what is described stays as it
    is. Gives how many were entered.
    """
    described = set(Agency.objects.values_list("code", flat=True))
    entered = [
        Agency(
            code=code.code,
            name=code.label,
            kind=code.group,
            area=code.namespace,
            valid=DateRange(code.valid_from, day_after(code.valid_to) if code.valid_to else None),
        )
        for code in listed.codes.values()
        if code.code not in described
    ]
    Agency.objects.bulk_create(entered)
    return len(entered)
