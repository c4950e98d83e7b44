"""Requests to a hub, sent again where the connection breaks: under the same key nothing is done
twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from darkfigure.basis.errors import DarkfigureError, StoreUnavailable
from darkfigure.basis.loading import extra

with extra("client"):
    import httpx

#: Hosts to which a token goes without https: it does not leave the machine.
_HERE = ("127.0.0.1", "localhost", "::1")
#: Statuses after which the same is asked again: nobody was there, or not yet.
_AGAIN = (429, 502, 503, 504)
#: Nobody waits for longer at once, whatever a hub says; seconds.
_LONGEST = 60.0
_JSON = "application/json"


class HubRefused(DarkfigureError):
    """What a hub says no to, in its own sentence: with the status, and the faults of a file."""

    def __init__(self, sentence: str, status: int, faults: list[dict[str, Any]]) -> None:
        self.status, self.faults = status, faults
        super().__init__(sentence)


class Line:
    """The line to a hub."""

    def __init__(self, url: str, token: str, tries: int, pause: float, seconds: float) -> None:
        self.url = _checked(url)
        if not token.strip() or not token.strip().isascii():
            raise DarkfigureError("Give the token that your administrator made for this program.")
        self._tries, self._pause = max(1, tries), pause
        self._client = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token.strip()}", "Accept": _JSON},
            timeout=httpx.Timeout(seconds, connect=min(seconds, 20.0)),
        )

    def close(self) -> None:
        """Nothing more is asked."""
        self._client.close()

    def asked(self, method: str, path: str, **given: Any) -> httpx.Response:
        """What a hub answers. Raises HubRefused; StoreUnavailable where it cannot be reached."""
        for left in reversed(range(self._tries)):
            try:
                found = self._client.request(method, path, **given)
            except httpx.TransportError as error:
                if not left:
                    self._lost(error)
                self._wait(left, None)
                continue
            if found.status_code not in _AGAIN or not left:
                return self._sound(found)
            self._wait(left, found.headers.get("Retry-After"))
        raise AssertionError  # the last try returns or raises

    @contextmanager
    def lines(self, path: str, params: Mapping[str, str]) -> Iterator[Iterator[str]]:
        """The lines of an answer as they come. Raises as `asked`."""
        try:
            with self._client.stream("GET", path, params=dict(params)) as found:
                if found.status_code != 200:
                    found.read()
                    self._sound(found)
                yield found.iter_lines()
        except httpx.TransportError as error:
            self._lost(error)

    def _wait(self, left: int, said: str | None) -> None:
        """Before the next try: as long as a hub says, else twice as long each time."""
        seconds = self._pause * 2 ** (self._tries - 1 - left)
        with suppress(TypeError, ValueError):
            seconds = max(seconds, float(said))  # type: ignore[arg-type]
        time.sleep(min(seconds, _LONGEST))

    def _sound(self, found: httpx.Response) -> httpx.Response:
        if found.is_success:
            return found
        try:
            told = found.json()
            sentence, faults = str(told["detail"]), list(told.get("faults", []))
        except (ValueError, KeyError, TypeError):
            raise StoreUnavailable(
                f"{self.url} answers with the status {found.status_code}, and not as a hub does."
            ) from None
        if found.status_code in _AGAIN:
            raise StoreUnavailable(f"{self.url}: {sentence}")
        raise HubRefused(sentence, found.status_code, faults)

    def _lost(self, error: Exception) -> NoReturn:
        raise StoreUnavailable(
            f"{self.url} cannot be reached ({type(error).__name__}). Send it again: under the same "
            "key nothing is done twice."
        ) from None


def _checked(url: str) -> str:
    """The address of a hub. Raises DarkfigureError where a token would go to it readable by all."""
    try:
        found = httpx.URL(url.strip())
    except httpx.InvalidURL:
        found = httpx.URL("")
    if found.scheme not in ("http", "https") or not found.host or found.userinfo or found.query:
        raise DarkfigureError("A hub is named by its address, as https://darkfigure.example.org.")
    if found.scheme == "http" and found.host not in _HERE:
        raise DarkfigureError(f"A token goes by https alone: name the hub as https://{found.host}.")
    return str(found).rstrip("/")
