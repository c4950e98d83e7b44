"""What an entry of the table of commands holds, and the headings under which help lists them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

ASK, KEEP, CASES = "Ask", "Take in and keep", "Persons and lists"
REQUIRE, REPORT, ESTIMATE = "Require", "Report and see what is covered", "Estimate"
RUN, FORMS = "Run", "Forms and snapshots"
#: The headings of help, in order.
SUBJECTS = (ASK, ESTIMATE, KEEP, CASES, REQUIRE, REPORT, FORMS, RUN)


class Command(NamedTuple):
    """A command: `place` is module:function; `store` says that it cannot do without the store."""

    name: str
    place: str
    subject: str
    help: str
    examples: tuple[str, ...]
    store: bool = False

    def load(self) -> Callable[..., None]:
        """Its function, the module imported now; before it the store is set up, if it needs it."""
        if self.store:
            import_module("darkfigure_hub.flows.door").open_door()
        module, name = self.place.split(":")
        function: Callable[..., None] = getattr(
            import_module(f"darkfigure_hub.commands.{module}"), name
        )
        return function


class Group(NamedTuple):
    """Commands under one word."""

    name: str
    subject: str
    help: str
    examples: tuple[str, ...]
