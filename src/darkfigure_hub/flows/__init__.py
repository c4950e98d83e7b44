"""What the hub does, one module for each sentence: who asks, may they, fetch, call the library,
keep and log, return.

`flows.answer_question` is a module, imported when first asked for; the store is set up before one
that reaches it is. A face that may not need the store at all takes flows from here.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkfigure_hub.flows import (
        ask_snapshot,
        check_file,
        close_gap,
        link_lists,
        open_repository,
        propose_reading,
        read_log,
        revise_estimate,
        show_values,
        stop_server,
        understand_words,
    )

__all__ = [
    "ask_snapshot",
    "check_file",
    "close_gap",
    "link_lists",
    "open_repository",
    "propose_reading",
    "read_log",
    "revise_estimate",
    "show_values",
    "stop_server",
    "understand_words",
]
#: Flows that reach no store.
_ALONE = frozenset(
    {
        "ask_snapshot",
        "check_file",
        "link_lists",
        "propose_reading",
        "stop_server",
        "understand_words",
    }
)


def __getattr__(name: str) -> ModuleType:
    """A flow, its module imported when first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in _ALONE:
        import_module(f"{__name__}.door").open_door()
    return import_module(f"{__name__}.{name}")
