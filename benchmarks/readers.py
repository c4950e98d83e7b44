"""Two hundred readers of the pages at once: what they are told, how long they wait, what memory it
takes.

Run with `make bench`, or alone: `python benchmarks/readers.py`. READERS readers ask one question
after another for SECONDS seconds, of a repository of its own with the example files; who is told to
come again later (503) does so after AGAIN seconds, not after those that the reply names: these
readers are in a hurry. Anything but an answer or a 503 with Retry-After is an error. Memory is that
of the process that answers, its connections those that the database counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg

READERS, SECONDS = int(os.environ.get("READERS", "200")), float(os.environ.get("SECONDS", "60"))
AGAIN = float(os.environ.get("AGAIN", "1"))
PROGRAM = str(Path(sys.executable).parent / "darkfigure")
ASKED = (
    "/",
    "/measures",
    "/estimates",
    "/ask?measure=victims_recovered&by=operation,exploitation&as_at=2008-12-17",
    "/ask?measure=reasonable_grounds_decisions&by=year&period=2020..2023&as_at=2023-08-10",
    "/ask?measure=nrm_referrals&by=sex,quarter&where=exploitation~labour&period=2023",
    "/ask?measure=convictions&by=operation&as_at=2008-12-17&evidence=cases",
    "/bridge?measure=arrests&where=operation%3DPentameter+2&from=2008-12-17&to=2009-11-01",
    "/api/ask?measure=arrests&by=operation&as_at=2008-12-17",
    "/api/ask?measure=nrm_referrals&by=nationality&period=2023",
    "/static/web/darkfigure.css",
)


class Seen:
    """What readers were told."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        self.answered: list[float] = []
        self.refused: list[float] = []


async def fetch(port: int, path: str) -> tuple[str, float]:
    """Ask once: the status, with what is wrong about it, and the seconds it took."""
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    text = await reader.read()
    writer.close()
    head, _, body = text.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1].decode() if b" " in head else "nothing"
    if status == "503" and not re.search(rb"(?i)\r\nretry-after: \d", head):
        status = "503 without Retry-After"
    if status == "200" and not body:
        status = "200 and nothing"
    return status, time.perf_counter() - start


async def reads(number: int, port: int, end: float, seen: Seen) -> None:
    """One reader, asking until the end."""
    turn = number
    while time.monotonic() < end:
        try:
            status, taken = await fetch(port, ASKED[turn % len(ASKED)])
        except OSError as error:
            status, taken = type(error).__name__, 0.0
        seen.told[status] += 1
        if status == "200":
            seen.answered.append(taken)
        else:
            seen.refused.append(taken)
            await asyncio.sleep(AGAIN)
        turn += 1


async def watches(
    worker: psutil.Process, owner: psycopg.Connection, end: float, memory: list[float]
) -> int:
    """Memory of the process that answers, each second; the most connections of the service."""
    most = 0
    while time.monotonic() < end:
        memory.append(worker.memory_info().rss / 1e6)
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'darkfigure_service'"
        most = max(most, owner.execute(query).fetchone()[0])
        await asyncio.sleep(1)
    return most


def served(env: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    """The program, serving on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Path(env["DARKFIGURE_HOME"], "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port)], env=env, stdout=log, stderr=log
        )
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}{ASKED[3]}", timeout=30).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("it does not serve")


def owner_of(home: Path) -> psycopg.Connection:
    """A connection as the owner of the embedded server."""
    password = json.loads((home / "logins.json").read_text())["embedded"]["postgres"]
    place = (home / "postgres" / "postmaster.pid").read_text().splitlines()[4].strip()
    given = {"host": place, "user": "postgres", "password": password, "dbname": "darkfigure"}
    return psycopg.connect(**given, autocommit=True)


async def measured(port: int, worker: psutil.Process, owner: psycopg.Connection) -> None:
    """Let all readers read, and print what was seen."""
    seen, memory, end = Seen(), [], time.monotonic() + SECONDS
    watching = asyncio.create_task(watches(worker, owner, end, memory))
    await asyncio.gather(*(reads(number, port, end, seen) for number in range(READERS)))
    most = await watching
    print(f"{READERS} readers for {SECONDS:.0f} s: {dict(seen.told)}")
    for name, taken in (("answered", seen.answered), ("told to come again", seen.refused)):
        if taken:
            cut = statistics.quantiles(taken, n=20) if len(taken) > 1 else taken * 20
            print(f"{name}: median {statistics.median(taken):.2f} s, 95 % within {cut[18]:.2f} s")
    parts = len(memory) // 3
    third = [statistics.median(memory[place : place + parts]) for place in (0, parts, 2 * parts)]
    print(f"memory of the process, median of each third: {', '.join(f'{x:.0f} MB' for x in third)}")
    print(f"connections to the database, at most: {most}")
    errors = set(seen.told) - {"200", "503"}
    print("errors: none" if not errors else f"errors: {sorted(errors)}")


def main() -> None:
    """Fill a repository, serve it, read it."""
    folder = Path(tempfile.mkdtemp(prefix="df-bench-"))
    home = folder / "home"
    env = {**os.environ, "DARKFIGURE_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    try:
        demo = [PROGRAM, "demo", "--out", str(folder / "out")]
        subprocess.run(demo, env=env, check=True, capture_output=True)
        server, port = served(env)
        try:
            worker = psutil.Process(server.pid).children()[-1]
            with owner_of(home) as owner:
                asyncio.run(measured(port, worker, owner))
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        subprocess.run([PROGRAM, "stop"], env=env, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
