"""Routes by which the programs of agencies report: drafts with their receipts, asks, replies; and
the statements that they may see, one a line.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Header, Path, Query, Router, Schema
from pydantic import Field

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.period import parse_day
from darkfigure.reading import record_lines
from darkfigure.tables.measures import measure_named
from darkfigure.writing.documents.head import document, json_line
from darkfigure_hub.api.addresses import Address, Spoken
from darkfigure_hub.api.bodies import LINES, body_of, room_for
from darkfigure_hub.api.describing import answered, sent
from darkfigure_hub.api.programs import BEARER, scope_of
from darkfigure_hub.api.telling import JSON, Refusal, Refused, held_on_to, told
from darkfigure_hub.flows.appoint import marking_named
from darkfigure_hub.flows.show_asks import show_asks
from darkfigure_hub.flows.stream_statements import LetInNoMore, stream_statements
from darkfigure_hub.flows.submissions_told import (
    ask_data,
    faults_data,
    receipt_data,
    submission_data,
    whole_data,
)
from darkfigure_hub.flows.submit import (
    discard_submission,
    draft_reply,
    draft_submission,
    received_submission,
    release_submission,
    show_submission,
    show_submissions,
)
from darkfigure_hub.flows.tell_submission import LONGEST, Told, log_head, told_once

router = Router(auth=BEARER)
#: Streams of statements that are read at once.
STREAMS = threading.BoundedSemaphore(4)
#: The status of a receipt that says nothing of checks yet.
ACCEPTED = 202
_STATUSES = (400, 401, 403, 422, 429, 503)
REFUSALS: dict[int, Any] = dict.fromkeys(_STATUSES, Refused)
OF_ONE = {**REFUSALS, 404: Refused}
DEED = {**OF_ONE, 409: Refused}
Number = Annotated[int, Path(ge=1, le=2**31, description="The number of the submission")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST,
        description="A text of your own, another for each deed: the same sent again under it is "
        "told the same and done once. Kept for 8 days",
    ),
]


Prefer = Annotated[
    str,
    Header(
        max_length=200,
        description="respond-async (RFC 7240): the receipt at once, with number, hash and time; "
        "what the checks say is told where the submission is asked for",
    ),
]


class Sending(Address):
    """What is sent, beside the file."""

    kind: Literal["return", "report", "replies"] = Field(
        "return", description="return (figures or case records), report or replies"
    )
    name: str = Field(
        "", max_length=200, description="What the file is called; else by Content-Disposition"
    )
    marking: str = Field(
        "", max_length=20, description="PUBLIC, OFFICIAL or OFFICIAL-SENSITIVE; else the token's"
    )
    reading: str = Field(
        "", max_length=60, description="The kind of file, where it is not recognised by its content"
    )
    replaces: int | None = Field(
        None, ge=1, le=2**31, description="The number of the draft that it takes the place of"
    )


class Released(Address):
    """What is released."""

    sha256: str = Field(max_length=64, description="The hash of the file, as you read it")


class Paged(Address):
    """A page of submissions."""

    limit: int = Field(50, ge=1, le=200, description="How many at most")
    before: int | None = Field(None, ge=1, le=2**31, description="Those before this number")


class PagedAsks(Address):
    """A page of asks."""

    limit: int = Field(200, ge=1, le=1000, description="How many at most")
    after: str = Field("", max_length=40, description="Those after this ask")


class Streamed(Address):
    """Which statements."""

    measure: str | None = Field(None, max_length=100, description="Every one if left out")
    as_at: str | None = Field(None, max_length=10, description="YYYY-MM-DD; today if left out")


class Replied(Schema):
    """A reply to an ask, without items."""

    kind: Literal["nil_searched", "nil_unsearched", "not_held", "not_recorded_in_unit", "refused"]
    effort: str = Field("", max_length=20, description="Of a search: how thorough it was")
    ground: str = Field("", max_length=20, description="Of a refusal: cost, law or policy")
    signed_off_by: str = Field(min_length=1, max_length=60, description="A post, not a name")


@router.post(
    "/submissions",
    response={201: Any, 202: Any, **OF_ONE, 411: Refused, 413: Refused, 415: Refused},
    openapi_extra=sent("submission", LINES),
)
def send(
    request: HttpRequest, key: Key, given: Query[Sending], prefer: Prefer = ""
) -> HttpResponse:
    """Send a file as it is: kept as a draft, whatever the checks say, and told with its faults. As
    NDJSON statements or case records are told line by line, the receipt last. Who prefers to be
    answered at once has the receipt without checks.
    """
    wanted = {each.strip().lower() for each in prefer.split(",")}
    with room_for(request):
        return _sent(request, key, given, at_once="respond-async" in wanted)


def _sent(request: HttpRequest, key: str, given: Sending, *, at_once: bool) -> HttpResponse:
    scope, body = scope_of(request), body_of(request, given.name)
    marking = marking_named(given.marking) if given.marking else Marking(scope.sees)
    by_line = body.media == LINES
    if by_line and record_lines.count(body.content) > record_lines.MOST_LINES:
        raise Refusal(413, f"More than {record_lines.MOST_LINES:,} lines: send them as a file.")

    def draft() -> int:
        if by_line:
            content = record_lines.delimited(body.content, "lines")
            name = "lines.csv"
        else:
            content, name = body.content, body.name
        return draft_submission(
            scope,
            given.kind,
            name,
            content,
            marking=marking,
            replaces=given.replaces,
            reading=given.reading,
        )

    said = (given.kind, body.name, given.marking, given.reading, str(given.replaces), body.sha256)
    if at_once:
        tell = _received(scope)
    else:
        tell = _by_line(scope, body.content) if by_line else _receipt(scope, 201)
    done = told_once(scope, key, _digest(request, *said), draft, tell)
    if done.status != ACCEPTED:
        return _given(done, LINES if by_line else JSON)
    response = _given(done, JSON)
    response.headers["Preference-Applied"] = "respond-async"
    return response


@router.get("/submissions", response={200: Any, **REFUSALS}, openapi_extra=answered("submissions"))
def submissions(request: HttpRequest, paged: Query[Paged]) -> HttpResponse:
    """What your agency drafted and sent, the latest first."""
    scope = scope_of(request)
    found = show_submissions(scope, before=paged.before, most=paged.limit + 1)
    page = found[: paged.limit]
    more = len(found) > paged.limit
    following = f"/api/submissions?before={page[-1].number}&limit={paged.limit}" if more else None
    data = {"submissions": [submission_data(each) for each in page], "next": following}
    return held_on_to(request, document("submissions", data, synthetic=None))


@router.get(
    "/submissions/{number}",
    response={200: Any, **OF_ONE},
    openapi_extra=answered("submission"),
)
def submission(
    request: HttpRequest,
    number: Number,
    asked: Query[Spoken],  # noqa: ARG001 - it refuses what is not known
) -> HttpResponse:
    """One of them: of a draft, what the checks say of it now; else what became of it."""
    held, checked = show_submission(scope_of(request), number)
    text = document("submission", whole_data(held, checked), synthetic=None)
    return held_on_to(request, text)


@router.post(
    "/submissions/{number}/release",
    response={200: Any, **DEED},
    openapi_extra=answered("submission"),
)
def release(request: HttpRequest, number: Number, key: Key, given: Query[Released]) -> HttpResponse:
    """Release what somebody else drafted: it is checked once more and taken in, whole or not at
    all. Where the token is granted it.
    """
    scope = scope_of(request)
    return _deed(request, key, number, lambda: release_submission(scope, number, given.sha256))


@router.post(
    "/submissions/{number}/withdraw",
    response={200: Any, **DEED},
    openapi_extra=answered("submission"),
)
def withdraw(
    request: HttpRequest,
    number: Number,
    key: Key,
    asked: Query[Spoken],  # noqa: ARG001 - it refuses what is not known
) -> HttpResponse:
    """Withdraw a draft that the token drafted: nothing of it stays but that it was there."""
    scope = scope_of(request)
    return _deed(request, key, number, lambda: discard_submission(scope, number))


@router.get("/asks", response={200: Any, **REFUSALS}, openapi_extra=answered("asks"))
def asks(request: HttpRequest, paged: Query[PagedAsks]) -> HttpResponse:
    """What your agency is asked and has not replied to, first due first."""
    today = timezone.localdate()
    found = show_asks(scope_of(request), today)
    names = [each.reference for each in found]
    if paged.after and paged.after not in names:
        raise Refusal(400, "The ask to go on after waits no more: begin with the first page.")
    start = names.index(paged.after) + 1 if paged.after else 0
    page = found[start : start + paged.limit]
    more = len(found) > start + paged.limit
    following = f"/api/asks?after={page[-1].reference}&limit={paged.limit}" if more else None
    data = {"asks": [ask_data(each, today) for each in page], "next": following}
    return held_on_to(request, document("asks", data, synthetic=None))


@router.post(
    "/asks/{code}/replies",
    response={201: Any, **OF_ONE},
    openapi_extra=answered("submission", status=201),
)
def reply(
    request: HttpRequest,
    code: Annotated[str, Path(max_length=40, description="The ask, as ASK-3")],
    key: Key,
    given: Replied,
) -> HttpResponse:
    """Draft a reply to an ask: nothing, after a search or without; not held; not so recorded that
    it can be told apart; refused. Replies with items are sent as a file.
    """
    scope, said = scope_of(request), given.model_dump()
    digest = _digest(request, code, *map(str, said.values()))
    done = told_once(
        scope, key, digest, lambda: draft_reply(scope, code, said), _receipt(scope, 201)
    )
    return _given(done, JSON)


@router.get(
    "/statements.ndjson",
    response={200: Any, **REFUSALS},
    openapi_extra=answered("statements", media=LINES),
)
def statements(request: HttpRequest, asked: Query[Streamed]) -> StreamingHttpResponse:
    """Every statement known by a day that the token may see, one a line: what is public, and your
    agency's own. The first line says for whom; the last how many: without it they were cut off.
    """
    scope = scope_of(request)
    as_at = parse_day(asked.as_at) if asked.as_at else timezone.localdate()
    measure = measure_named(asked.measure).code if asked.measure else None
    rows = stream_statements(scope, as_at, measure)
    head = {
        "agency": scope.agency,
        "marking": Marking(scope.sees).name.replace("_", "-"),
        "known_on": as_at,
        "measure": measure,
        "lines": "statements",
    }
    if not STREAMS.acquire(blocking=False):
        raise Refusal(503, "Too many read statements just now. Ask again in a minute.")
    return StreamingHttpResponse(Lines(head, rows), content_type=LINES)


class Lines:
    """Statements as lines, for as long as somebody reads them; then their place is free again."""

    def __init__(self, head: dict[str, Any], rows: Iterator[list[dict[str, Any]]]) -> None:
        self._rows, self._taken = rows, True
        self._lines = _lines(head, rows)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._lines)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Nobody reads on."""
        for each in (self._lines, self._rows):
            getattr(each, "close", lambda: None)()
        if self._taken:
            self._taken = False
            STREAMS.release()

    def __del__(self) -> None:
        self.close()


def _lines(head: dict[str, Any], rows: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    yield document("statements", head, synthetic=None, indent=None).encode()
    count = 0
    try:
        for batch in rows:
            count += len(batch)
            yield "".join(map(json_line, batch)).encode()
    except LetInNoMore:
        return  # without the line that says how many: they were cut off
    yield json_line({"count": count}).encode()


def _deed(request: HttpRequest, key: str, number: int, do: Callable[[], Any]) -> HttpResponse:
    """A deed on a submission that is there, done once, with its receipt."""
    scope = scope_of(request)

    def done() -> int:
        do()
        return number

    digest = _digest(request, *(value for pair in request.GET.lists() for value in pair[1]))
    try:
        return _given(told_once(scope, key, digest, done, _receipt(scope, 200)), JSON)
    except DarkfigureError as error:
        if type(error) is DarkfigureError:
            return told(409, str(error))
        raise


def _digest(request: HttpRequest, *said: str) -> str:
    """What tells whether the same is sent again."""
    return sha256("\n".join([request.method or "", request.path, *said]).encode()).hexdigest()


def _receipt(scope: Scope, status: int) -> Callable[[int], tuple[int, str]]:
    """What makes the receipt of a submission."""

    def made(number: int) -> tuple[int, str]:
        held, checked = show_submission(scope, number)
        data = receipt_data(held, checked, log_head(scope))
        return status, document("submission", data, synthetic=None)

    return made


def _received(scope: Scope) -> Callable[[int], tuple[int, str]]:
    """What makes the receipt of a submission that is not looked at yet."""

    def made(number: int) -> tuple[int, str]:
        data = receipt_data(received_submission(scope, number), None, log_head(scope))
        return ACCEPTED, document("submission", data, synthetic=None)

    return made


def _by_line(scope: Scope, content: bytes) -> Callable[[int], tuple[int, str]]:
    """What makes the receipt of what was sent line by line: each line, then the submission."""

    def made(number: int) -> tuple[int, str]:
        held, checked = show_submission(scope, number)
        of: dict[int, list[dict[str, Any]]] = {}
        problems = () if checked is None else checked.problems
        for each in faults_data(problems):
            if each["line"] is not None and each["line"] > 1:
                of.setdefault(each["line"] - 1, []).append({**each, "line": each["line"] - 1})
        lines = (
            {"line": at, "sound": at not in of, "faults": of.get(at, [])}
            for at in range(1, record_lines.count(content) + 1)
        )
        data = receipt_data(held, checked, log_head(scope))
        last = document("submission", data, synthetic=None, indent=None)
        return 201, "".join([*map(json_line, lines), last])

    return made


def _given(done: Told, media: str) -> HttpResponse:
    headers = {"Idempotency-Replayed": "true"} if done.before else None
    return HttpResponse(done.text, status=done.status, content_type=media, headers=headers)
