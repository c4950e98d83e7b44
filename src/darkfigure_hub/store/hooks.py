"""Deliver a message to a webhook: over https, to an address of the open internet, by the very
number that its name was looked up as, and not on to anywhere else.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from darkfigure.basis.errors import DarkfigureError

#: 1 where receivers on this machine are allowed, without https too: for trying them out.
LOOPBACK = "DARKFIGURE_WEBHOOKS_LOOPBACK"
PATIENCE = 10
LONGEST = 300
#: Ranges that lead back to others: IPv4 carried within IPv6.
_CARRIED = ("64:ff9b:", "2002:", "2001:0:")


class NotDelivered(DarkfigureError):
    """A message did not arrive; it says why, in our words."""


def _loopback_allowed() -> bool:
    return os.environ.get(LOOPBACK, "") == "1"


def check(address: str) -> SplitResult:
    """The parts of an address that messages may be sent to; it is not looked up yet.

    Raises DarkfigureError for one that is not https, carries a name or password, or is too long.
    """
    found = urlsplit(address)
    try:
        port = found.port
    except ValueError:
        port = 0
    open_here = found.scheme == "http" and _loopback_allowed()
    if (
        len(address) > LONGEST
        or not (found.scheme == "https" or open_here)
        or not found.hostname
        or found.username is not None
        or found.password is not None
        or found.fragment
        or port == 0
        or any(sign.isspace() or not sign.isprintable() for sign in address)
    ):
        raise DarkfigureError(
            "Messages are sent to an https address without a name, password or fragment in it, "
            f"of at most {LONGEST} signs: https://example.org/darkfigure."
        )
    return found


def numbers_of(host: str, port: int) -> list[str]:
    """The numbers that a name stands for. Raises NotDelivered where it stands for none, or for one
    that leads into a private network.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("Its name cannot be looked up.") from None
    numbers = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(map(_is_open, numbers)):
        raise NotDelivered("Its name leads into a private network: nothing is sent there.")
    return numbers


def _is_open(number: str) -> bool:
    """Whether a number is one of the open internet."""
    held: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    if isinstance(held, IPv6Address):
        if held.ipv4_mapped:
            held = held.ipv4_mapped
        elif held.compressed.startswith(_CARRIED):
            return False
    if held.is_loopback:
        return _loopback_allowed()
    return held.is_global and not held.is_multicast


def deliver(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Deliver a message. Raises NotDelivered where no 2xx comes back: a redirect is none."""
    found = check(address)
    host = str(found.hostname)
    secure = found.scheme == "https"
    port = found.port or (443 if secure else 80)
    numbers = numbers_of(host, port)
    if not secure and not all(ip_address(each).is_loopback for each in numbers):
        raise NotDelivered("Without https messages are sent on this machine alone.")
    line = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        raw = socket.create_connection((numbers[0], port), timeout=PATIENCE)
        context = ssl.create_default_context()
        line.sock = context.wrap_socket(raw, server_hostname=host) if secure else raw
        path = (found.path or "/") + (f"?{found.query}" if found.query else "")
        line.request("POST", path, body, dict(headers))
        status = line.getresponse().status
    except ssl.SSLError:
        raise NotDelivered("Its certificate does not hold.") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(f"It cannot be reached ({type(error).__name__}).") from None
    finally:
        line.close()
    if not 200 <= status < 300:
        raise NotDelivered(f"It answers {status}.")
