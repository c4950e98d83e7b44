"""What an entry of the table of commands holds, and the headings under which help lists them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, NamedTuple

from darkfigure.basis.loading import extra

ASK, KEEP, CASES = "Ask", "Take in and keep", "Persons and lists"
REQUIRE, REPORT, ESTIMATE = "Require", "Report and see what is covered", "Estimate"
RUN, FORMS, PUBLISH = "Run", "Forms and snapshots", "Publish"
#: The headings of help, in order.
SUBJECTS = (ASK, ESTIMATE, KEEP, CASES, REQUIRE, REPORT, PUBLISH, FORMS, RUN)
#: The commands that speak to a hub elsewhere, and what names it in the environment.
SPEAK, HUB = ("submit", "asks", "reply"), "DARKFIGURE_HUB"


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
        module, name = self.place.split(":")
        with extra("client" if self.name in SPEAK else "hub"):
            if self.store:
                import_module("darkfigure_hub.flows.door").open_door()
            loaded = import_module(f"darkfigure_hub.commands.{module}")
        function: Callable[..., None] = getattr(loaded, name)
        return _with_packs(function) if self.lists else function


def _with_packs(function: Callable[..., None]) -> Callable[..., None]:
    """A command that follows the packs of this installation before it runs."""

    @wraps(function)
    def run(*given: Any, **named: Any) -> None:
        with extra("hub"):
            packs = import_module("darkfigure_hub.flows.own_packs")
        packs.follow_packs()
        function(*given, **named)

    return run


class Group(NamedTuple):
    """Commands under one word."""

    name: str
    subject: str
    help: str
    examples: tuple[str, ...]
