"""Files locked to recipients in the age format: who holds one of their keys reads them, and nobody
else. Nothing that is locked stands readable on a disk on its way.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

import pyrage

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure_hub.store.folder import data_folder

#: How a file in the format begins.
MARK = b"age-encryption.org/v1\n"
_KEY = "AGE-SECRET-KEY-"


def recipients(given: Sequence[str]) -> list[Any]:
    """The recipients that are named: public keys (age1..., ssh-ed25519 ..., ssh-rsa ...), or files
    with one in each line. Raises DarkfigureError where one is none.
    """
    return [each for named in given for each in _of(named)]


def _of(named: str) -> list[Any]:
    lines = [named]
    if not named.startswith(("age1", "ssh-")):
        try:
            lines = Path(named).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise DarkfigureError(
                f"{named!r} is neither a public key (age1..., ssh-ed25519 ...) nor a file of them."
            ) from None
    held = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if any(line.startswith(_KEY) for line in held):
        raise DarkfigureError(
            f"{named} holds a secret key. A file is locked to the public key, age1..., which "
            "stands beside it as a comment."
        )
    if not held:
        raise DarkfigureError(f"{named} holds no public key.")
    return [_recipient(line, named) for line in held]


def _recipient(line: str, named: str) -> Any:
    kind = pyrage.x25519 if line.startswith("age1") else pyrage.ssh
    try:
        return kind.Recipient.from_str(line)
    except pyrage.RecipientError:
        whole = "" if line == named else f" in {named}"
        raise DarkfigureError(
            f"A public key{whole} is broken: copy it whole, age1... has 62 characters."
        ) from None


def identities(path: Path) -> list[Any]:
    """The secret keys of a file: of age, or one of ssh without a passphrase.

    Raises DarkfigureError where it holds none.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise DarkfigureError(f"{path} cannot be read: {error.strerror}.") from error
    lines = [line.strip() for line in held.decode("utf-8", "replace").splitlines()]
    try:
        if found := [line for line in lines if line.startswith(_KEY)]:
            return [pyrage.x25519.Identity.from_str(line) for line in found]
        return [pyrage.ssh.Identity.from_buffer(held)]
    except pyrage.IdentityError:
        raise DarkfigureError(
            f"{path} holds no secret key that can be used: {_KEY}..., or an ssh key without a "
            "passphrase."
        ) from None


def new_identity() -> tuple[str, str]:
    """A new secret key, and its public key."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


@contextmanager
def locking(target: IO[bytes], to: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A stretch in which what is written goes into `target` locked to some recipients; where it is
    broken off, what stands there is no whole file.
    """
    reads, writes = os.pipe()
    failed: list[BaseException] = []

    def lock() -> None:
        with os.fdopen(reads, "rb") as source:
            try:
                pyrage.encrypt_io(source, target, list(to))
            except BaseException as error:  # noqa: BLE001 - raised again where it was waited for
                failed.append(error)

    thread = threading.Thread(target=lock, name="lock", daemon=True)
    thread.start()
    try:
        with os.fdopen(writes, "wb") as source:
            yield source
    except BrokenPipeError:
        if not failed:
            raise
    finally:
        thread.join()
    if failed:
        raise failed[0]


def is_locked(path: Path) -> bool:
    """Whether a file is in the format."""
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False  # what reads it says so


@contextmanager
def unlocked(path: Path, identity: Path | None) -> Iterator[IO[bytes] | Path]:
    """What a file holds, unlocked into a file without a name, which is gone afterwards; a file that
    is not locked as it is. Raises Unreadable where it cannot be unlocked.
    """
    if not is_locked(path):
        yield path
        return
    if identity is None:
        raise Unreadable(f"{path} is locked: give the file with its secret key by --identity.")
    keys = identities(identity)
    data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryFile(dir=data_folder()) as plain, path.open("rb") as source:
        try:
            pyrage.decrypt_io(source, plain, keys)
        except (pyrage.DecryptError, OSError) as error:
            number = getattr(error, "errno", None)
            if number is None:  # of the file, not of the disk
                raise Unreadable(
                    f"{path} cannot be unlocked: it was locked to another key than that of "
                    f"{identity}, or it is not whole."
                ) from None
            raise DarkfigureError(
                f"{path} cannot be unlocked into {data_folder()}: {os.strerror(number)}."
            ) from error
        plain.seek(0)
        yield cast("IO[bytes]", plain)


def lock_bytes(held: bytes, to: Sequence[str]) -> bytes:
    """Some bytes, locked to recipients. Raises DarkfigureError where one is none."""
    return bytes(pyrage.encrypt(held, recipients(to)))
