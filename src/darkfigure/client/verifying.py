"""Whether a message that came to a webhook is of the hub: signed with the secret, not long ago."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from darkfigure.basis.errors import DarkfigureError

ID, TIME, SIGNATURE = "Darkfigure-Id", "Darkfigure-Time", "Darkfigure-Signature"
#: Seconds that the clocks of hub and receiver may differ, and a message may be on its way.
TOLERANCE = 300
_SCHEME = "v1="


class NotGenuine(DarkfigureError):
    """A message that nothing is to be done about: it is not signed, not of now, or changed."""


def signature(secret: str, name: str, moment: int, body: bytes) -> str:
    """What a message is signed with: HMAC-SHA-256 over its name, the second since 1970 at which it
    was sent, and its body.
    """
    said = ".".join([name, str(moment), ""]).encode() + body
    return _SCHEME + hmac.new(secret.encode(), said, sha256).hexdigest()


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    tolerance: int = TOLERANCE,
) -> str:
    """The name of a message that came with these headers and body. A receiver that remembers names
    takes each once: one is sent again where its answer was lost. `now` is the receiver's clock, in
    seconds since 1970.

    Raises NotGenuine where a header is missing, the signature is of another secret or body, or the
    message was sent more than `tolerance` seconds from `now`.
    """
    held = {name.lower(): value for name, value in headers.items()}
    name, moment, signed = (held.get(each.lower(), "") for each in (ID, TIME, SIGNATURE))
    if not (name and signed and moment.isascii() and moment.isdecimal() and len(moment) < 12):
        raise NotGenuine(f"A message carries the headers {ID}, {TIME} and {SIGNATURE}.")
    expected = signature(secret, name, int(moment), body)
    if not hmac.compare_digest(expected.encode(), signed.encode()):
        raise NotGenuine("The message is not signed with this secret, or was changed on the way.")
    if abs(now - int(moment)) > tolerance:
        raise NotGenuine("The message was not sent just now: somebody may have kept it.")
    return name
