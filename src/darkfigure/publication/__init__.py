"""What goes out: answers and refusals, bridges between two days, and where each cell came from.

>>> from darkfigure.publication import answer, ask, bridge          # doctest: +SKIP >>> found =
answer(ask("victims_recovered", date(2008, 12, 17), by=["operation"]), evidence)   # doctest: +SKIP

`evidence` is any `darkfigure.tables.evidence.Evidence`: `darkfigure.reading.evidence_from(files)`
reads files into memory; the hub gives the same over its database.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from
from darkfigure.publication.answer import Answer, Cannot, answer
from darkfigure.publication.bridge import Bridge, BridgeLine, bridge
from darkfigure.publication.comparison import Comparison, compare
from darkfigure.publication.vintages import vintages
from darkfigure.tables.question import Question, ask

if TYPE_CHECKING:
    from darkfigure.publication.case_answer import answer_from_cases
    from darkfigure.publication.case_bridge import bridge_from_cases

__all__ = [
    "Answer",
    "Bridge",
    "BridgeLine",
    "Cannot",
    "Comparison",
    "Question",
    "answer",
    "answer_from_cases",
    "ask",
    "bridge",
    "bridge_from_cases",
    "compare",
    "vintages",
]

#: What counts records needs Ibis, which takes most of a second to load.
__getattr__ = names_from(
    __name__, {"answer_from_cases": "case_answer", "bridge_from_cases": "case_bridge"}
)
