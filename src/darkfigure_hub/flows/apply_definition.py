"""Apply the definition: what the UN Protocol and the statutes of a day say of a case as stated.

Nothing is read from the repository and nothing of the case is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.law.applied import Applied, apply_law
from darkfigure.law.stated import read_stated
from darkfigure.reading.fact_files import read_facts


def apply_definition(
    given: Mapping[str, object], text: str | None = None, name: str = ""
) -> Applied:
    """The law applied to facts given one by one, or in the text of a file, or both: what is given
    one by one stands instead of the file's.

    Raises UnknownName with the nearest word, Unreadable for what cannot be so.
    """
    stated = {} if text is None else read_facts(text, name)
    return apply_law(read_stated({**stated, **given}))
