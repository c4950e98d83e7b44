"""A release that is made up: two tables with every kind of cell. SYNTHETIC."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from darkfigure.publication.embargo import minute_in_london
from darkfigure.publication.release import (
    Dimension,
    Head,
    Mark,
    Release,
    ReleasedCell,
    ReleasedTable,
)

HEAD = Head(
    series="referrals",
    edition="2009-q1",
    title="Referrals, January to March 2009",
    summary="Made-up figures <b>of</b> a test.",
    publisher="Centre of a test",
    contact="statistics@example.org",
    licence="Open Government Licence v3.0",
    out_at=minute_in_london("2009-06-24 09:30"),
    methods=("Counted from records.",),
    quality=("Late returns are missing.",),
    address="https://example.org/figures/",
)
QUARTER = Dimension("quarter", "Quarter", True, (("2009-Q1", "2009-Q1"), ("2009-Q2", "2009-Q2")))
SEX = Dimension(
    "sex", "Sex", False, (("female", "Female"), ("male", "=Male"), ("_Z", "not divided"))
)


def table(code="by-sex", first=163):
    cells = (
        ReleasedCell(("2009-Q1", "female"), first, first, first),
        ReleasedCell(("2009-Q1", "male"), None, 1, 4, (Mark.CONFIDENTIAL,), ("suppressed",)),
        ReleasedCell(("2009-Q2", "female"), 1_204, 1_204, 1_210, (Mark.PROVISIONAL,)),
        ReleasedCell(("2009-Q2", "_Z"), None, 7, None, (Mark.NOT_AVAILABLE,), ("no_return",)),
    )
    return ReleasedTable(
        code=code,
        title="Referrals by sex",
        measure="nrm_referrals",
        measure_title="Referrals",
        definition="Persons referred.",
        unit="persons",
        unit_title="Persons",
        dimensions=(QUARTER, SEX),
        cells=cells,
        notes=("SYNTHETIC: of a test.", "Men were few."),
        sources=("A test, 2009",),
        as_at=date(2009, 6, 1),
        question={"measure": "nrm_referrals", "by": ["quarter", "sex"]},
        answer="0123456789abcdef",
        basis="0" * 64,
        synthetic=True,
    )


def released(**changes):
    return replace(Release(HEAD, 1, (table(), table("again"))), **changes)
