"""Commands killed (SIGKILL) at a random moment, time and again: what was being taken in is there
whole or not at all, taken in once when it is sent again, and the next command says nothing of it.

Run as `python benchmarks/killed.py`; ROUNDS rounds, SEED for the moments. In turn a return of
figures, one of case records with names, and a report are sent and killed; in every tenth round, or
the last of fewer, the database server is killed as well. Ends with an error at the first round
that is not so.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import psycopg

ROUNDS, SEED = int(os.environ.get("ROUNDS", "100")), int(os.environ.get("SEED", "20081217"))
#: In every so many rounds the server is killed as well.
EVERY = min(10, ROUNDS)
PROGRAM = str(Path(sys.executable).parent / "darkfigure")
ROWS, PERSONS = 10_000, 3_000
HEADING = "measure,period,operation,exploitation,age_group,value,low,high,reason,change_reason,"
HEADING += "corrects,role,stated_on,stated_by,source,note"
#: What must be so after each round: a query that gives rows only where it is not.
WHOLE = {
    "a return has not the rows it says": """SELECT r.id FROM store_return r
        LEFT JOIN store_block b ON b.of_id = r.id LEFT JOIN store_statement s ON s.block_id = b.id
        WHERE r.kind = 'statements' GROUP BY r.id HAVING count(s.*) <> r.rows""",
    "a case return has not the rows it says": """SELECT r.id FROM store_return r
        LEFT JOIN case_person p ON p.return_id = r.id
        WHERE r.kind = 'cases' GROUP BY r.id HAVING count(p.*) <> r.rows""",
    "names are without a return, or a return without its names": """SELECT r.id FROM
        (SELECT return_id, count(*) AS names FROM identity.person GROUP BY 1) n
        FULL JOIN (SELECT id, rows FROM store_return WHERE kind = 'cases') r ON r.id = n.return_id
        WHERE n.names IS DISTINCT FROM r.rows""",
    "a file came in twice": "SELECT file_id FROM store_return GROUP BY 1 HAVING count(*) > 1",
    "a file is without a return or report": """SELECT sha256 FROM store_receivedfile WHERE sha256
        NOT IN (SELECT file_id FROM store_return UNION
                SELECT file_id FROM store_intelligencereport)""",
    "bytes of a file are missing": """SELECT f.sha256 FROM store_receivedfile f
        LEFT JOIN (SELECT file_id, size FROM store_filepiece UNION ALL
                   SELECT file_id, size FROM identity.file_piece) p ON p.file_id = f.sha256
        GROUP BY 1, f.size HAVING coalesce(sum(p.size), 0) <> f.size""",
    "a report has not its item": """SELECT r.id FROM store_intelligencereport r
        LEFT JOIN store_intelligenceitem i ON i.of_id = r.id
        GROUP BY r.id HAVING count(i.*) <> 1""",
    "an entry of the log is missing": """SELECT 1 FROM store_logentry HAVING
        max(id) <> count(*)""",
}


class Wrong(Exception):
    """A round after which something is not as it must be."""


def figures(folder: Path, number: int) -> Path:
    """A return of synthetic figures, each of which restates one of the round before."""
    path = folder / f"figures-{number}.csv"
    stated, first = date(2008, 7, 2) + timedelta(number), date(1950, 1, 1)
    lines = [
        f"victims_recovered,{first + timedelta(day)},,,,{number + day},,,,,,,{stated},HO,synthetic,"
        for day in range(ROWS)
    ]
    path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    return path


def cases(folder: Path, number: int) -> Path:
    """A return of synthetic persons with names."""
    path = folder / f"cases-{number}.json"
    rows = [
        {
            "record": f"N-{number}-{n}",
            "sex": "female",
            "given_name": f"G{n}",
            "family_name": f"F{n}",
        }
        for n in range(PERSONS)
    ]
    head = {"form": "darkfigure case return 1", "reported_by": "kent", "stated_on": "2026-03-01"}
    text = json.dumps({**head, "synthetic": True, "records": {"person": rows}})
    path.write_text(text, encoding="utf-8")
    return path


def report(folder: Path, number: int) -> Path:
    """A synthetic report against the requirement."""
    link = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q2", "relation": "supports"}
    item = {"number": 1, "grade": "2CP", "on": "2026-06-01", "links": [link]}
    held = {
        "reference": f"SYN-{number}",
        "agency": "kent",
        "marking": "OFFICIAL",
        "source": {"kind": "officer"},
        "submitted_by": "a",
        "graded_by": "b",
        "submitted_on": "2026-06-02",
        "synthetic": True,
        "items": [{**item, "origin": f"SYNTHETIC-{number}"}],
    }
    path = folder / f"report-{number}.json"
    path.write_text(json.dumps(held), encoding="utf-8")
    return path


KINDS = {"load": figures, "load cases": cases, "report submit": report}


class Repository:
    """A repository of its own, and the program as it is typed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {**os.environ, "DARKFIGURE_HOME": str(home)}
        self.env.pop("DATABASE_URL", None)

    def started(self, *words: str) -> subprocess.Popen[str]:
        """The program, begun."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [PROGRAM, *words], env=self.env, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, *words: str, may_fail: bool = False) -> str:
        """What the program says; a traceback, and an end with anything but 0, is wrong."""
        child = self.started(*words)
        out, err = child.communicate(timeout=300)
        if "Traceback" in err or (child.returncode and not may_fail):
            raise Wrong(f"{' '.join(words)} ended with {child.returncode}: {err[-2000:]}")
        return out + err

    def whole(self) -> None:
        """Hold the database to what must be so."""
        password = json.loads((self.home / "logins.json").read_text())["embedded"]["postgres"]
        lines = (self.home / "postgres" / "postmaster.pid").read_text().splitlines()
        given = {"host": lines[4].strip(), "user": "postgres", "password": password}
        with psycopg.connect(**given, dbname="darkfigure") as owner:
            for wrong, query in WHOLE.items():
                if found := owner.execute(query).fetchmany(3):
                    raise Wrong(f"{wrong}: {found}")

    def kill_server(self) -> None:
        """SIGKILL to the database server."""
        pid = int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)


def one(repository: Repository, kind: str, path: Path, after: float, *, server: bool) -> str:
    """A round: begin, kill, look, send again, look; what had become of what was killed."""
    words = [*kind.removesuffix(" cases").split(), str(path)]
    child = repository.started(*words)
    time.sleep(after)
    child.kill()
    child.communicate()
    ended = child.returncode == 0
    if server:
        repository.kill_server()
    repository.run("log", "--number", "1")
    repository.whole()
    said = repository.run(*words, may_fail=kind == "report submit")
    there = "received before" in said or "filed before" in said
    if ended and not there:
        raise Wrong(f"{path.name} had been taken in and was lost: {said}")
    if not there and not ("taken in" in said or "filed" in said):
        raise Wrong(f"{path.name} was not taken in: {said}")
    repository.whole()
    return (
        "it had ended" if ended else "it was there, whole" if there else "nothing of it was there"
    )


def main() -> None:
    """All rounds, each in a repository that goes on."""
    moments = random.Random(SEED)
    folder = Path(tempfile.mkdtemp(prefix="df-killed-"))
    repository, told = Repository(folder / "home"), Counter[str]()
    try:
        repository.run("requirements", "load", "human_trafficking")
        usual = {}
        for place, (kind, make) in enumerate(KINDS.items()):
            start = time.perf_counter()
            words = kind.removesuffix(" cases").split()
            repository.run(*words, str(make(folder, ROUNDS + place)))
            usual[kind] = time.perf_counter() - start
        for number in range(ROUNDS):
            kind = list(KINDS)[number % len(KINDS)]
            path = KINDS[kind](folder, number)
            after = moments.uniform(0.3, 1.05) * usual[kind]
            told[one(repository, kind, path, after, server=number % EVERY == EVERY - 1)] += 1
            path.unlink()
        print(f"{ROUNDS} rounds, {ROUNDS // EVERY} of them with the server: {dict(told)}")
        print(repository.run("log", "--number", "1"), end="")
    finally:
        subprocess.run([PROGRAM, "stop"], env=repository.env, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
