"""A report typed item by item: each step makes the document that says all that was typed so far.

The document is of the form that files of reports have (`shapes.REPORT`), and is held to it
like one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from darkfigure.basis.errors import Unreadable

#: What stands over all items, and what belongs to one.
HEAD = ("reference", "source", "submitted_on", "graded_by", "marking", "tlp")
ITEM = ("text", "grade", "on", "event_on", "origin", "marking", "caveat")
LINK = ("question", "area", "period", "relation")


def begun(agency: str, by: str, head: Mapping[str, str]) -> str:
    """A report with its head and no item yet."""
    said = {name: head[name] for name in HEAD if head.get(name)}
    if kind := said.pop("source", ""):
        said["source"] = {"kind": kind}  # type: ignore[assignment]
    return _text({"agency": agency, "submitted_by": by, **said, "items": []})


def read(text: bytes) -> dict[str, Any]:
    """A report that was typed. Raises Unreadable of any other file: that is mended as a file."""
    try:
        report = json.loads(text)
    except ValueError:
        report = None
    if not isinstance(report, dict) or not isinstance(report.get("items"), list):
        raise Unreadable("This report came as a file: put a mended file in its place.")
    return report


def with_item(
    report: Mapping[str, Any],
    item: Mapping[str, str],
    links: Sequence[Mapping[str, str]],
    number: int | None = None,
) -> str:
    """The report with one more item, or with another in the place of that number."""
    own: dict[str, Any] = {name: item[name] for name in ITEM if item.get(name)}
    own["links"] = [
        {name: link[name] for name in LINK if link.get(name)}
        for link in links
        if any(link.values())
    ]
    items = {int(each["number"]): each for each in report["items"]}
    place = number or max(items, default=0) + 1
    items[place] = {"number": place, **own}
    return _text({**report, "items": [items[each] for each in sorted(items)]})


def without_item(report: Mapping[str, Any], number: int) -> str:
    """The report without an item; the others keep their numbers."""
    return _text(
        {**report, "items": [each for each in report["items"] if each["number"] != number]}
    )


def _text(report: Mapping[str, Any]) -> str:
    return json.dumps(report, indent=1, ensure_ascii=False)
