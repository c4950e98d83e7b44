"""What is kept of the log outside the database: the key that seals it, and heads, which say how far
it had come.

A head is number, count, hash and day of the last entry at some moment. Who can write the database
but not the data folder can neither seal an entry nor take one away unseen.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store import roles
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.keys import kept_key
from darkfigure_hub.store.logins import write_private

VARIABLE = "DARKFIGURE_LOG_KEY"
#: A head is kept for good once a day, and after so many entries.
EVERY = 100


@dataclass(frozen=True)
class Key:
    """The key of the log, and the sign under which entries name it."""

    secret: bytes

    @property
    def sign(self) -> str:
        """Sixteen digits of a hash, which give nothing of the key away."""
        return sha256(b"darkfigure log key\n" + self.secret).hexdigest()[:16]


def key() -> Key:
    """The key that entries are sealed with: DARKFIGURE_LOG_KEY, else the one of the data folder,
    made when first needed.
    """
    return Key(kept_key("log.key", VARIABLE).encode())


@dataclass(frozen=True)
class Head:
    """How far the log had come: the number of its last entry, how many there were, the entry's
    hash, the key it is sealed with, the day.
    """

    id: int
    count: int
    hash: str
    sealed_by: str
    day: str

    def text(self) -> str:
        """A line of JSON, as kept and as printed."""
        return json.dumps(asdict(self))


def path_of() -> Path:
    """The file with the heads of this database; the latest stands beside it."""
    of = roles.server()
    name = quote(roles.database(), safe="").replace(".", "%2E")
    where = "embedded" if of.embedded else sha256(of.place.encode()).hexdigest()[:12]
    return data_folder() / "log" / f"{where}-{name}.heads"


def _latest_path() -> Path:
    return path_of().with_suffix(".head")


def _read(path: Path) -> list[Head]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Head(**json.loads(line)) for line in lines if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise StoreUnavailable(
            f"{path}, with heads of the log, cannot be read. Correct its rights; what of it is not "
            "a head take out, and keep a copy."
        ) from error


def kept() -> list[Head]:
    """Every head that is kept, in order of their numbers: also those put beside the file, as
    embedded-darkfigure.2026.heads.
    """
    held = path_of()
    beside = held.parent.glob(f"{held.stem}.*")
    files = [path for path in beside if path.suffix in (".heads", ".head")]
    found = {head for path in files for head in _read(path)}
    return sorted(found, key=lambda head: (head.id, head.hash))


def latest() -> Head | None:
    """The head of the latest entry seen here."""
    return next(iter(_read(_latest_path())), None)


@contextmanager
def _locked() -> Iterator[None]:
    folder = path_of().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".writing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(head: Head, *, follows: str, for_good: bool = False) -> None:
    """Keep a head. `follows` is the hash of the entry before it: where the latest head is of
    another, it is not forgotten, for it may be all that is left of entries taken away.
    """
    with _locked():
        before = latest()
        if before and before.id >= head.id:
            if before != head or for_good:
                _append(head)
            return
        lost = before is not None and follows not in (before.hash, "")
        if before and lost:
            _append(before)
        due = before is None or before.day != head.day or head.id % EVERY == 0
        if for_good or due or lost:
            _append(head)
        write_private(_latest_path(), head.text() + "\n")


def _append(head: Head) -> None:
    target = os.open(path_of(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(target, "a", encoding="utf-8") as out:
        out.write(head.text() + "\n")


def forget() -> None:
    """Remove the heads of a database that is made anew, as those of tests are."""
    for path in (path_of(), _latest_path()):
        with suppress(FileNotFoundError):
            path.unlink()
