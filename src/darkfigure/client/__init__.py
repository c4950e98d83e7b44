"""A hub reported to and asked from another machine, by a token of its agency (extra `client`); and
whether a message that a hub sends is genuine.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.client.hub import Hub, HubRefused, StatementsCut
    from darkfigure.client.verifying import NotGenuine, verify

__all__ = ["Hub", "HubRefused", "NotGenuine", "StatementsCut", "verify"]

__getattr__ = names_from(
    __name__,
    {
        "Hub": "hub",
        "HubRefused": "hub",
        "StatementsCut": "hub",
        "NotGenuine": "verifying",
        "verify": "verifying",
    },
)
