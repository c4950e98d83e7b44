"""Programs of agencies: let in by a token, and what each token is made of."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from darkfigure.basis.marking import Scope
from darkfigure_hub.access.scopes import for_program
from darkfigure_hub.access.sealing import token_hash, token_seal
from darkfigure_hub.store.policy import GRANTS
from darkfigure_hub.store.queries import fleeting
from darkfigure_hub.store.queries.tokens import entered

__all__ = ["GRANTS", "LONGEST", "MadeToken", "draw", "let_in", "seconds_to_wait", "token_in"]

#: What a token begins with, so that it is known for one where it was left lying about.
PREFIX = "darkfigure_"
#: Requests that a token may make at once, and how many more each second.
BURST, EACH_SECOND = 120, 2.0
#: No token is longer.
LONGEST = 100


@dataclass(frozen=True)
class MadeToken:
    """A token as it was drawn, and what is kept of it."""

    written: str = field(repr=False)
    key_hash: str
    seal: str


def draw(
    agency: str, marking: int, grants: Sequence[str], until: datetime, made_by: str
) -> MadeToken:
    """A token of 256 bits that nobody has seen, sealed over what it may."""
    written = PREFIX + secrets.token_urlsafe(32)
    seal = token_seal(written, agency, marking, grants, int(until.timestamp()), made_by)
    return MadeToken(written, token_hash(written), seal)


def token_in(header: str) -> str:
    """The token that a header Authorization gives; nothing where it gives none."""
    scheme, _, token = header.partition(" ")
    return token.strip()[: LONGEST + 1] if scheme.lower() == "bearer" else ""


def let_in(token: str, purpose: str) -> Scope | None:
    """The scope of the program that comes with a token; none where the token is nobody's, over,
    revoked, or was changed where it is kept.
    """
    held = entered(token) if token.startswith(PREFIX) and len(token) <= LONGEST else None
    if held is None:
        return None
    agency, sees = str(held["agency"]), int(held["sees"])
    return for_program(int(held["token"]), agency, sees, list(held["grants"]), purpose)


def seconds_to_wait(who: str) -> int:
    """Count a request of a program. Gives nought, or after how many seconds it may ask again where
    it asked too often: of whichever process of the service.
    """
    return fleeting.take(who, BURST, EACH_SECOND)
