"""What was found of PDFs: as text, a fault with what would be right, and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from darkfigure.writing.documents.head import document
from darkfigure.writing.pdf.faults import OWN, Checked, Fault
from darkfigure.writing.words import ENGLISH, Words

#: So many faults of a kind are written out as text; the rest are counted.
MOST = 5
#: What of a fault is itself a word of the catalogue.
_WORDED = "how"


def what(fault: Fault, words: Words = ENGLISH) -> str:
    """The sentence that says what is wrong."""
    return _sentence(fault, "what", words)


def right(fault: Fault, words: Words = ENGLISH) -> str:
    """The sentence that says what would be right."""
    return _sentence(fault, "right", words)


def _sentence(fault: Fault, part: str, words: Words) -> str:
    given = dict(fault.given)
    if _WORDED in given:
        given[_WORDED] = words.text(f"accessible.how.{given[_WORDED]}")
    return words.text(f"accessible.{fault.name}.{part}", **given)


def write_text(found: Sequence[Checked], words: Words = ENGLISH) -> str:
    """Each file with its faults, by condition."""
    lines: list[str] = []
    for each in found:
        key = "passes" if each.passes else "faults"
        told = {"file": each.file, "pages": each.pages, "count": len(each.faults)}
        lines.append(words.text(f"accessible.said.{key}", **told))
        many = Counter(fault.name for fault in each.faults)
        seen: Counter[str] = Counter()
        for fault in sorted(each.faults, key=lambda fault: list(many).index(fault.name)):
            seen[fault.name] += 1
            if seen[fault.name] <= MOST:
                lines += _lines(fault, words, last=seen[fault.name] == min(many[fault.name], MOST))
            elif seen[fault.name] == many[fault.name]:
                count = many[fault.name] - MOST
                lines.append("    " + words.text("accessible.said.more", count=count))
    return "\n".join(lines) + "\n"


def _lines(fault: Fault, words: Words, last: bool) -> list[str]:
    number = (
        words.text("accessible.said.own")
        if fault.standard == OWN
        else words.text(
            "accessible.said.numbered", standard=fault.standard, condition=fault.condition
        )
    )
    lines = [f"  {number}, {place(fault, words)}: {what(fault, words)}"]
    if last:
        lines.append("    " + words.text("accessible.said.right", right=right(fault, words)))
    return lines


def place(fault: Fault, words: Words = ENGLISH) -> str:
    """Where a fault is, in words."""
    where, parts = fault.where, []
    if where.page is not None:
        parts.append(words.text("accessible.said.page", page=where.page))
    if where.path:
        parts.append(where.path)
    if where.object is not None:
        parts.append(words.text("accessible.said.object", object=where.object))
    return ", ".join(parts) or words.text("accessible.said.document")


def write_json(found: Sequence[Checked], words: Words = ENGLISH) -> str:
    """Each file with its faults, as JSON."""
    data = {"files": [_data(each, words) for each in found]}
    return document("accessible", data, synthetic=None)


def _data(checked: Checked, words: Words) -> dict[str, Any]:
    return {
        "file": checked.file,
        "pages": checked.pages,
        "conforms": checked.conforms,
        "passes": checked.passes,
        "faults": [
            {
                "name": fault.name,
                "standard": fault.standard,
                "condition": fault.condition,
                "page": fault.where.page,
                "object": fault.where.object,
                "path": fault.where.path,
                "what": what(fault, words),
                "right": right(fault, words),
            }
            for fault in checked.faults
        ],
    }
