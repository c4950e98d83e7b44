"""Log lines as JSON, for a machine that gathers them: keys of a list, and nothing else. What a
message was filled with, an address that was asked, and what an error says may hold a name: none is
written.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from logging import Formatter, LogRecord

from darkfigure.basis.unforeseen import place_of

#: What a line may hold beside time, level, where it comes from and the unfilled message.
ALLOWED = ("route", "method", "status", "ms")


class JsonLines(Formatter):
    """A line of JSON for each record."""

    def format(self, record: LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC)
        held: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": _template(record),
        }
        held |= {name: getattr(record, name) for name in ALLOWED if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            held["error"] = place_of(record.exc_info[1])
        return json.dumps(held)


def _template(record: LogRecord) -> str:
    """The message before it is filled. A message that came ready-made may hold anything, unless it
    is one of the few words by which our own lines are called.
    """
    said = str(record.msg)
    return said if record.args or record.name == "darkfigure.answered" else "not shown"
