"""A hub reported to and asked from another machine, by a token of its agency (extra `client`)."""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.client.hub import Hub, HubRefused, StatementsCut

__all__ = ["Hub", "HubRefused", "StatementsCut"]

__getattr__ = names_from(__name__, {"Hub": "hub", "HubRefused": "hub", "StatementsCut": "hub"})
