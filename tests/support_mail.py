"""A mail server of the tests' own, on this machine: what it took, whom it refuses, and at which
point it ends who sends.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller


class Received:
    """What came, by address; `refuses` are addresses it knows nothing of. Who sends is killed when
    the mail of that number is named (`dies_before`) or was taken and not yet answered
    (`dies_after`).
    """

    def __init__(self):
        self.taken, self.refuses = [], {}
        self.sender = self.dies_before = self.dies_after = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        del server, session, options
        if address in self.refuses:
            return self.refuses[address]
        if self.dies_before == len(self.taken):
            self._kill()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        del server, session
        for address in envelope.rcpt_tos:
            self.taken.append((address, message_from_bytes(envelope.content)))
        if self.dies_after == len(self.taken):
            self._kill()
        return "250 OK"

    def _kill(self):
        os.kill(self.sender, signal.SIGKILL)
        self.dies_before = self.dies_after = None

    @property
    def addresses(self):
        return [address for address, _ in self.taken]


@contextmanager
def mail_server():
    """The address of a server that takes mail, and what it received."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    received = Received()
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp+open://127.0.0.1:{port}", received
    finally:
        controller.stop()
