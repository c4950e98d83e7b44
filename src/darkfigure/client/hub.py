"""A hub, as the program of an agency has it: what it sends, is asked, reads."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from darkfigure.basis.errors import DarkfigureError
from darkfigure.client.sending import HubRefused, Line

if TYPE_CHECKING:
    from darkfigure.writing.documents.figures import AnswerDocument
    from darkfigure.writing.documents.reporting import (
        AskData,
        SubmissionData,
        SubmissionDocument,
    )

__all__ = ["Hub", "HubRefused", "StatementsCut"]

#: No file is larger.
LARGEST = 200_000_000


class StatementsCut(DarkfigureError):
    """Statements that broke off before the line that says how many there are."""


class Hub:
    """A hub at an address, to which a program comes with the token of its agency.

    What is sent is sent again where the connection breaks, up to `tries` times, under the same key:
    nothing is done twice. Whatever the hub refuses is a HubRefused with its sentence; where it
    cannot be reached, StoreUnavailable.
    """

    def __init__(
        self, url: str, token: str, *, tries: int = 5, pause: float = 1.0, seconds: float = 120.0
    ) -> None:
        self._line = Line(url, token, tries, pause, seconds)

    def __repr__(self) -> str:
        return f"Hub({self._line.url!r})"

    def __enter__(self) -> Hub:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.close()

    def submit(
        self,
        file: Path | str | bytes,
        *,
        kind: str = "return",
        name: str = "",
        marking: str = "",
        reading: str = "",
        replaces: int | None = None,
        key: str = "",
        checked: bool = True,
    ) -> SubmissionDocument:
        """Send a file (a path, or its bytes and a `name`) as a draft. Gives the receipt: number,
        hash, what the checks say row by row, how far the log had come. Where it is not to be
        `checked` at once, `submission` tells what they say.
        """
        content = _content(file)
        called = name or ("" if isinstance(file, bytes) else Path(file).name)
        said = {
            "kind": kind,
            "name": called,
            "marking": marking,
            "reading": reading,
            "replaces": "" if replaces is None else str(replaces),
        }
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        found = self._line.asked(
            "POST",
            "/api/submissions",
            params={at: value for at, value in said.items() if value},
            content=content,
            headers={
                **_key(key),
                "Content-Type": "application/octet-stream",
                "Content-Digest": f"sha-256=:{digest}:",
                **({} if checked else {"Prefer": "respond-async"}),
            },
        )
        return cast("SubmissionDocument", found.json())

    def submission(self, number: int) -> SubmissionDocument:
        """One of them: of a draft, what the checks say of it now; else what became of it."""
        found = self._line.asked("GET", f"/api/submissions/{number:d}")
        return cast("SubmissionDocument", found.json())

    def submissions(self) -> Iterator[SubmissionData]:
        """What the agency drafted and sent, the latest first."""
        yield from self._pages("/api/submissions", "submissions")

    def release(self, number: int, sha256: str, *, key: str = "") -> SubmissionDocument:
        """Release what somebody else drafted, as it was read: `sha256` of its receipt."""
        found = self._line.asked(
            "POST",
            f"/api/submissions/{number:d}/release",
            params={"sha256": sha256},
            headers=_key(key),
        )
        return cast("SubmissionDocument", found.json())

    def withdraw(self, number: int, *, key: str = "") -> SubmissionDocument:
        """Withdraw a draft that this program drafted."""
        path = f"/api/submissions/{number:d}/withdraw"
        return cast("SubmissionDocument", self._line.asked("POST", path, headers=_key(key)).json())

    def asks(self) -> list[AskData]:
        """What the agency is asked and has not replied to, first due first."""
        return list(self._pages("/api/asks", "asks"))

    def reply(
        self,
        ask: str,
        kind: str,
        *,
        signed_off_by: str,
        effort: str = "",
        ground: str = "",
        key: str = "",
    ) -> SubmissionDocument:
        """Draft a reply to an ask without items: nil_searched (with the effort), nil_unsearched,
        not_held, not_recorded_in_unit, refused (with the ground).
        """
        said = {"kind": kind, "effort": effort, "ground": ground, "signed_off_by": signed_off_by}
        path = f"/api/asks/{quote(ask, safe='')}/replies"
        found = self._line.asked("POST", path, json=said, headers=_key(key))
        return cast("SubmissionDocument", found.json())

    def ask(self, measure: str, **asked: Any) -> AnswerDocument:
        """Answer a question as known on a day: `by`, `where`, `period`, `as_at` and what else
        /api/docs names.
        """
        found = self._line.asked("GET", "/api/ask", params={"measure": measure, **asked})
        return cast("AnswerDocument", found.json())

    def statements(self, *, measure: str = "", as_at: str = "") -> Iterator[dict[str, Any]]:
        """Every statement known by a day that the program may see, as they come. Raises
        StatementsCut where they break off.
        """
        said = {"measure": measure, "as_at": as_at}
        params = {at: value for at, value in said.items() if value}
        with self._line.lines("/api/statements.ndjson", params) as lines:
            next(lines, None)  # for whom they are
            count, last = 0, None
            for line in lines:
                if last is not None:
                    yield last
                    count += 1
                last = json.loads(line)
            if last is None or set(last) != {"count"} or last["count"] != count:
                raise StatementsCut("The statements broke off. Ask again; what came is not all.")

    def _pages(self, path: str, name: str) -> Iterator[Any]:
        following: str | None = path
        while following:
            page = self._line.asked("GET", following).json()
            yield from page[name]
            following = page["next"]


def _key(key: str) -> dict[str, str]:
    """A deed has a key of its own, however often it is sent."""
    return {"Idempotency-Key": key or uuid.uuid4().hex}


def _content(file: Path | str | bytes) -> bytes:
    """What is sent. Raises DarkfigureError where it is too large, or cannot be read."""
    if isinstance(file, bytes):
        content = file
    else:
        try:
            if Path(file).stat().st_size > LARGEST:
                raise DarkfigureError(f"A file is at most {LARGEST // 10**6} MB: send parts of it.")
            content = Path(file).read_bytes()
        except OSError as error:
            raise DarkfigureError(f"{file} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise DarkfigureError(f"A file is at most {LARGEST // 10**6} MB: send parts of it.")
    return content
