"""The seal of a session: proof that the program let somebody in, which who can only write the
database cannot make.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet, InvalidToken

from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.postgres.kept import KEPT
from darkfigure_hub.store.secret import seal_key, secret
from darkfigure_hub.store.sessions import key_hash

#: What is long is locked in pieces of so many bytes, with a sign between that no piece has.
_PIECE, _BETWEEN = 1 << 22, b"."


def seal_of(key: str, account: int) -> str:
    """The seal of the session of that key, of somebody who gave a password and a second factor, or
    a passkey. `gate.enter` in the database works out the same.
    """
    return hmac.new(seal_key(), f"{key_hash(key)}:{account}".encode(), sha256).hexdigest()


def job_seal(ticket: str, account: int, acting: int, digest: str, stated: str) -> str:
    """The seal of a job that somebody asks for as one of their appointments, for the purpose they
    stated. `gate.enter_job` in the database works out the same.
    """
    said = f"job:{ticket}:{account}:{acting}:{digest}{stated and ':' + stated}"
    return hmac.new(seal_key(), said.encode(), sha256).hexdigest()


def done_as_asked(job: int, token: str) -> AbstractContextManager[None]:
    """A stretch in which this thread sees what who asked for a job sees."""
    return entering.doing(job, token)


def token_hash(token: str) -> str:
    """What a token is kept as."""
    return sha256(token.encode()).hexdigest()


def token_seal(
    token: str, agency: str, marking: int, grants: Sequence[str], until: int, made_by: str
) -> str:
    """The seal of a token over all that it may, until a second since 1970, and who made it.
    `gate.enter_program` in the database works out the same.
    """
    said = (
        *("token", token_hash(token), agency, str(marking), ",".join(grants), str(until)),
        made_by,
    )
    return hmac.new(seal_key(), ":".join(said).encode(), sha256).hexdigest()


def locked() -> Fernet:
    """What secrets of second factors are kept under."""
    key = sha256(b"darkfigure second factors\n" + secret().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def shut(content: bytes) -> bytes:
    """Bytes locked piece by piece: what is long takes little more memory than its own length."""
    view, held = memoryview(content), locked()
    starts = range(0, max(len(content), 1), _PIECE)
    return _BETWEEN.join(held.encrypt(bytes(view[at : at + _PIECE])) for at in starts)


def opened(kept: bytes) -> bytes:
    """The bytes that were locked. That no piece is missing or another's tells their hash."""
    held = locked()
    return b"".join(held.decrypt(piece) for piece in _pieces(kept))


class NotAsKept(Exception):
    """What is kept locked is not what was locked: it cannot be opened, or says something else."""


def opened_as(kept: bytes, digest: str) -> bytes:
    """The bytes that were locked, held to the hash (SHA-256) they had. Raises NotAsKept."""
    try:
        content = opened(kept)
    except InvalidToken:
        raise NotAsKept from None
    if sha256(content).hexdigest() != digest:
        raise NotAsKept
    return content


@contextmanager
def laid_out(content: bytes, name: str) -> Iterator[Path]:
    """Bytes as a file of that name that nobody else can read, for as long as it is looked at."""
    with TemporaryDirectory(prefix="df-") as folder:
        path = Path(folder) / (PurePath(name).name or "draft")
        path.write_bytes(content)
        yield path


def _pieces(kept: bytes) -> Iterator[bytes]:
    """What stands between marks, without a second copy of the whole."""
    start = 0
    while (end := kept.find(_BETWEEN, start)) >= 0:
        yield kept[start:end]
        start = end + len(_BETWEEN)
    yield kept[start:]


def log_in_as_web() -> None:
    """From now on this process sees what each session may see, and no more: for pages."""
    entering.log_in_as(WEB)


def keep_connections(number: int) -> None:
    """From now on so many connections of the web's login are kept between requests."""
    KEPT.keep(number)


def asked_in(key: str) -> AbstractContextManager[None]:
    """A stretch in which this thread answers the session of a key."""
    return entering.answering(key)


def let_in_anew() -> None:
    """From now on what this thread asks is asked as what its session says by now."""
    entering.enter_anew()


def asked_by(token: str) -> AbstractContextManager[None]:
    """A stretch in which this thread answers the program of a token."""
    return entering.answering(token, program=True)
