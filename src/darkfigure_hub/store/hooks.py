"""Deliver a message to a webhook: over https, to an address of the open internet, by the very
number that its name was looked up as, and not on to anywhere else.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from darkfigure.basis.errors import DarkfigureError

#: 1 where receivers on this machine are allowed, without https too: for trying them out.
LOOPBACK = "DARKFIGURE_WEBHOOKS_LOOPBACK"
#: Seconds without a sign after which a receiver is given up, and seconds for all of a message: one
#: that answers a sign at a time keeps nobody else's waiting for longer.
PATIENCE, IN_ALL = 10, 20.0
LONGEST = 300
#: Of IPv6 the open internet has one range alone (RFC 4291), and of that not what leads on to
#: others: IPv4 carried within it (Teredo, 6to4). Python takes for open whatever it has no name for.
_OPEN, _CARRIED = (
    IPv6Network("2000::/3"),
    (IPv6Network("2001::/32"), IPv6Network("2002::/16"), IPv6Network("3fff::/20")),
)
_NOWHERE = "Its name is not one of the open internet: nothing is sent there."


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
    that leads into a private network: the same words, so that nobody asks here which names there
    are within it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered(_NOWHERE) from None
    numbers = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(map(_is_open, numbers)):
        raise NotDelivered(_NOWHERE)
    return numbers


def _is_open(number: str) -> bool:
    """Whether a number is one of the open internet."""
    held: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    if isinstance(held, IPv6Address) and held.ipv4_mapped:
        held = held.ipv4_mapped
    if held.is_loopback:
        return _loopback_allowed()
    if isinstance(held, IPv6Address) and (
        held not in _OPEN or any(held in each for each in _CARRIED)
    ):
        return False
    return held.is_global and not held.is_multicast


def deliver(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Deliver a message. Raises NotDelivered where no 2xx comes back in time, as by a redirect."""
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
        with _ended_in_time(raw) as late:
            try:
                status = _status(line, raw, found, body, headers)
            finally:
                if late.is_set():  # what came until then may read as an answer
                    raise NotDelivered("It does not answer in time.") from None
    except ssl.SSLError:
        raise NotDelivered("Its certificate does not hold.") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(f"It cannot be reached ({type(error).__name__}).") from None
    finally:
        line.close()
    if not 200 <= status < 300:
        raise NotDelivered(f"It answers {status}.")


def _status(
    line: http.client.HTTPConnection,
    raw: socket.socket,
    found: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
) -> int:
    """What is answered to a message that is sent by a line that is there."""
    line.sock = raw
    if found.scheme == "https":
        line.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=found.hostname)
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    line.request("POST", path, body, dict(headers))
    return line.getresponse().status


@contextmanager
def _ended_in_time(line: socket.socket) -> Iterator[threading.Event]:
    """A stretch after `IN_ALL` of which a line is hung up, whoever is reading it; says whether."""
    late, own = threading.Event(), line.dup()

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(IN_ALL, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()
        own.close()
