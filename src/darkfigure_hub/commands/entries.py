"""What an entry of the table of commands holds, and the headings under which help lists them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, NamedTuple

ASK, KEEP, CASES = "Ask", "Take in and keep", "Persons and lists"
REQUIRE, REPORT, ESTIMATE = "Require", "Report and see what is covered", "Estimate"
RUN, FORMS = "Run", "Forms and snapshots"
#: The headings of help, in order.
SUBJECTS = (ASK, ESTIMATE, KEEP, CASES, REQUIRE, REPORT, FORMS, RUN)


class Command(NamedTuple):
    """A command: `place` is module:function; `store` says that it cannot do without the store,
    `lists` that it goes by the code lists, with the packs of this installation.
    """

    name: str
    place: str
    subject: str
    help: str
    examples: tuple[str, ...]
    store: bool = False
    lists: bool = True

    def load(self) -> Callable[..., None]:
        """Its function, the module imported now; before it the store is set up, if it needs it."""
        if self.store:
            import_module("darkfigure_hub.flows.door").open_door()
        module, name = self.place.split(":")
        function: Callable[..., None] = getattr(
            import_module(f"darkfigure_hub.commands.{module}"), name
        )
        return _with_packs(function) if self.lists else function


def _with_packs(function: Callable[..., None]) -> Callable[..., None]:
    """A command that follows the packs of this installation before it runs."""

    @wraps(function)
    def run(*given: Any, **named: Any) -> None:
        import_module("darkfigure_hub.flows.own_packs").follow_packs()
        function(*given, **named)

    return run


class Group(NamedTuple):
    """Commands under one word."""

    name: str
    subject: str
    help: str
    examples: tuple[str, ...]
