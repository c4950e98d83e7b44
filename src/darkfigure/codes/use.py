"""When codes were in use, as far as their lists say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from darkfigure.basis.period import Period
from darkfigure.codes.codelist import codes_for
from darkfigure.codes.following import follows_lists


def in_use(dims: Mapping[str, str | None], period: Period) -> bool:
    """Whether codes were in use throughout a period, as far as their lists say."""
    for name, code in dims.items():
        first, last = dated_codes(name).get(code or "", (None, None))
        if (first and first > period.start) or (last and last < period.end):
            return False
    return True


@follows_lists()
def dated_codes(name: str) -> dict[str, tuple[date | None, date | None]]:
    """The codes of a dimension that were in use for a time only."""
    codes = codes_for(name).codes.values()
    return {
        each.code: (each.valid_from, each.valid_to)
        for each in codes
        if each.valid_from or each.valid_to
    }
