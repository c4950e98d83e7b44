"""Two lists whose records were linked with error: how many are on both, and how many there are, by
formula.

A link missed makes one person two and the total too high; a false link makes two persons one and
the total too low. Ding and Fienberg (1994, Survey Methodology 20) correct for links missed; Di
Consiglio and Tuoto (2015, Journal of Official Statistics 31) for false ones as well. With more
lists, and for intervals, estimates rest on plausible overlap tables instead (`strata.over_draws`),
as de Wolf, van der Laan and Zult (2019) and Zult et al. (2021) do by weighting; the formula is what
these can be held against.
"""

from __future__ import annotations

from math import floor

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import say
from darkfigure.estimation import gate
from darkfigure.estimation.gate import NoEstimate, Reason


def matches(linked: float, first: float, recall: float, false: float = 0.0) -> float:
    """How many of `first` records are on the other list too, where `linked` were found to be.

    `recall` is the share of those on both that are linked, `false` the share of those on one alone
    that are linked to another. Raises Unreadable for shares that are none, NoEstimate where linking
    tells nothing or fewer are linked than by mistake.
    """
    if not (0 <= false <= 1 and 0 <= recall <= 1):
        raise Unreadable(
            f"Recall ({recall}) and the share of false links ({false}) are shares, from 0 to 1."
        )
    if recall <= false:
        raise NoEstimate(
            (say("estimates.none.no_more_right")),
            Reason.NOT_IDENTIFIABLE,
        )
    found = (linked - false * first) / (recall - false)
    if found <= 0:
        raise NoEstimate(
            (say("estimates.none.no_more_linked")),
            Reason.NO_OVERLAP,
        )
    return min(found, first)


def corrected(
    linked: float, first: float, second: float, recall: float, false: float = 0.0
) -> float:
    """The total from two lists of `first` and `second` persons (Lincoln and Petersen), links
    corrected for both errors.

    With `false` nought this is Ding and Fienberg's estimator. Raises as `matches` does.
    """
    both = min(matches(linked, first, recall, false), second)
    known = first + second - both
    return gate.total(floor(known), first * second / both, say("estimates.what.corrected"))
