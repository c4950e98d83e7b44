"""A sound judgement to begin from; made up, and it says so."""

from __future__ import annotations

from datetime import date

from darkfigure.basis.marking import Marking
from darkfigure.intelligence.ach import Consistency, Hypothesis, Row
from darkfigure.intelligence.indicators import read_condition
from darkfigure.intelligence.judgements import (
    Assumption,
    Change,
    CitedFigure,
    CitedItem,
    Confidence,
    Direction,
    Judgement,
    Moved,
    Rating,
)
from darkfigure.intelligence.yardstick import Term

FOR = (
    CitedItem("NCA R-1", 1, "1AP", "ORIGIN-1", date(2026, 2, 1)),
    CitedItem("KNT R-4", 2, "2CP", "ORIGIN-2", date(2026, 3, 1)),
)
AGAINST = (CitedItem("MET R-2", 1, "2CP", "ORIGIN-3", date(2026, 1, 9)),)

SOUND = Judgement(
    code="HT-J-01",
    version=1,
    area="HT",
    requirements=("HT.1.1",),
    claim="Referrals of adults for labour exploitation rise by a tenth within a year.",
    term=Term.LIKELY,
    confidence=Confidence(
        Rating.MODERATE, "Two agencies and the national figures.", "Half of the areas asked.",
        "One item says otherwise.", "Nothing is older than five months.",
    ),
    direction=Direction.INCREASING,
    horizon=date(2027, 3, 31),
    resolution="The figure of referrals for 2026, as at the horizon, against that for 2025.",
    places=("uk",),
    items_for=FOR,
    items_against=AGAINST,
    figures=(CitedFigure("referrals", date(2026, 4, 1)),),
    hypotheses=(
        Hypothesis("A", "More are exploited.", claimed=True), Hypothesis("B", "More look."),
    ),
    assumptions=(
        Assumption(
            "Agencies go on referring.", "Referrals fall.", "referrals", read_condition("< 100")
        ),
    ),
    dissent=(),
    comments=(),
    change=Change(Moved.FIRST),
    marking=Marking.OFFICIAL,
    single_origin_said=False,
    synthetic=True,
    known=date(2026, 5, 1),
    author="threat lead",
    rows=(
        Row(FOR[0].name, (("A", Consistency.CONSISTENT), ("B", Consistency.NEUTRAL))),
        Row(FOR[1].name, (("A", Consistency.VERY_CONSISTENT), ("B", Consistency.INCONSISTENT))),
        Row(AGAINST[0].name, (("A", Consistency.INCONSISTENT), ("B", Consistency.CONSISTENT))),
    ),
    would_change="A force that did not look more and refers more all the same.",
    indicators=(),
)  # fmt: skip
