"""Permission: who may see what and do what, for what purpose; and the log of what was done."""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure_hub.access.log import logging, record
    from darkfigure_hub.access.scopes import (
        for_example,
        for_nobody,
        for_operator,
        for_public,
        seeing_what_is_public,
    )
    from darkfigure_hub.access.verifying import verify

__all__ = [
    "for_example",
    "for_nobody",
    "for_operator",
    "for_public",
    "logging",
    "record",
    "seeing_what_is_public",
    "verify",
]

__getattr__ = names_from(
    __name__,
    {
        "for_nobody": "scopes",
        "for_example": "scopes",
        "for_operator": "scopes",
        "for_public": "scopes",
        "seeing_what_is_public": "scopes",
        "logging": "log",
        "record": "log",
        "verify": "verifying",
    },
)
