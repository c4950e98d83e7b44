"""The worker: does the long work that people ask for on pages, each piece in a process of its own,
which ends where it is cancelled or its worker is lost; and sends what waits in the outbox.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import IO, Annotated, Any

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.commands import given
from darkfigure_hub.flows import work_off
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.post import send_post
from darkfigure_hub.flows.release_figures import publish_due
from darkfigure_hub.flows.remind import remind
from darkfigure_hub.flows.work_off import Taken

PURPOSE = "work off jobs"
#: Seconds between looking for a job, and between saying that one is in work.
LOOK, SAY = 1.0, 1.0
#: Seconds between looking for what is to be reminded of, and when that is next.
REMIND, _NEXT = 3600.0, [0.0]
_TOLD: set[str] = set()
TOKEN = "DARKFIGURE_JOB_TOKEN"  # noqa: S105 - the name of a variable


def work(
    once: Annotated[
        bool, typer.Option("--once", help="End when no job waits, instead of waiting for one.")
    ] = False,
    job: Annotated[int | None, typer.Option(hidden=True)] = None,
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
) -> None:
    """Do the long work that people ask for on pages and send what waits, until interrupted."""
    if beside or job is not None:  # it ends with the process that began it
        threading.Thread(target=_end_with_parent, daemon=True).start()
    open_repository()
    if job is not None:
        _do(job)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if once:
        work_off.ask_questions_anew(given.operator("ask saved questions anew"))
    with nullcontext() if once else _posting():
        while True:
            taken = work_off.take_job(given.operator(PURPOSE))
            if taken:
                typer.echo(f"{taken.job.name}: {taken.job.title}")
                typer.echo(f"{taken.job.name}: {_worked_off(taken)}")
            elif once:
                _due()
                _post()
                return
            else:
                time.sleep(LOOK)


@contextmanager
def _posting() -> Iterator[None]:
    """A stretch in which what waits is sent beside the work; what is in hand at its end is sent."""
    over = threading.Event()

    def again(do: Callable[[], None]) -> None:
        while not over.wait(LOOK):
            do()

    threads = [threading.Thread(target=again, args=[do], daemon=True) for do in (_due, _post)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@contextmanager
def _hindered_once() -> Iterator[None]:
    """A stretch in which what hinders is told, once."""
    try:
        yield
    except DarkfigureError as error:
        if str(error) not in _TOLD:
            _TOLD.add(str(error))
            typer.echo(str(error), err=True)


def _due() -> None:
    """Ask saved questions anew, remind of what is due every hour, publish what is to go out: apart
    from what is sent, for which others may keep one waiting.
    """
    with _hindered_once():
        work_off.ask_questions_anew(given.operator("ask saved questions anew"))
        if time.monotonic() >= _NEXT[0]:
            remind(given.operator("remind of what is due"), given.today())
            _NEXT[0] = time.monotonic() + REMIND
        for held in publish_due(given.operator("publish what is due")):
            typer.echo(f"{held.name}: {held.address}, {held.state}")


def _post() -> None:
    """Send what waits."""
    with _hindered_once():
        for what, number in send_post(given.operator("send what waits")).items():
            typer.echo(f"Messages {what}: {number}")


def _worked_off(taken: Taken) -> str:
    """Have a job done in a process of its own, and say of it how far it is."""
    program = [sys.executable, "-m", "darkfigure_hub.commands.program"]
    child = subprocess.Popen(  # noqa: S603 - this program itself
        [*program, "work", "--job", str(taken.job.number)],
        env={**os.environ, TOKEN: taken.token},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    progress: dict[str, Any] = {}
    try:
        for said in _lines(child):
            progress = said or progress
            if not work_off.watch_job(given.operator(PURPOSE), taken, progress):
                child.kill()
                return "ended before it was done"
        child.wait()
        work_off.give_job_back(given.operator(PURPOSE), taken)
        return str(progress.get("ended", "broke off"))
    except SystemExit:  # told to stop
        child.kill()
        child.wait()
        work_off.hand_job_back(given.operator(PURPOSE), taken)
        raise
    finally:
        child.kill()
        child.wait()


def _lines(child: subprocess.Popen[bytes]) -> Iterator[dict[str, Any] | None]:
    """The latest that a process says of its progress, every while; nothing before it said any."""
    out: IO[bytes] = child.stdout  # type: ignore[assignment]
    os.set_blocking(out.fileno(), False)
    held, latest, due = b"", None, time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=SAY):
                piece = out.read()
                if piece == b"":
                    break
                *whole, held = (held + (piece or b"")).split(b"\n")
                latest = json.loads(whole[-1]) if whole else latest
            if time.monotonic() >= due:
                yield latest
                due = time.monotonic() + SAY
    yield latest


def _do(number: int) -> None:
    """Do a job in this process, as who asked for it."""
    token = os.environ.pop(TOKEN, "")
    _say({"said": "begun"})
    ended = work_off.do_job(given.operator(PURPOSE), number, token, _tell)
    _say({"ended": ended})


def _end_with_parent() -> None:
    """End when the other end of what is read closes: below Python's own buffer, whose lock a thread
    that still reads would hold at the end of the process.
    """
    while os.read(sys.stdin.fileno(), 1 << 12):
        pass
    os._exit(75)


def _tell(said: str, done: int, total: int) -> None:
    _say({"said": said, "done": done, "total": total})


def _say(progress: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(progress) + "\n")
    sys.stdout.flush()
