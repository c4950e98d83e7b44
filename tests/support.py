"""Small makers for tests: statement files, answers as plain rows, the program as users run it."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.intelligence.requirements import Needs
from darkfigure.publication import ask
from documents_held import held

#: What the packaged set of requirements asks for.
NEEDS = Needs(lambda: [example_set()])
PROGRAM = Path(sys.executable).parent / "darkfigure"
SOURCES = Path(__file__).parent.parent / "src" / "darkfigure" / "data" / "sources"
#: What is told of made-up people, in a data folder that has them.
PEOPLE = "people.txt"
COLUMNS = [
    "measure",
    "period",
    "operation",
    "exploitation",
    "age_group",
    "value",
    "low",
    "high",
    "reason",
    "change_reason",
    "corrects",
    "role",
    "stated_on",
    "stated_by",
    "source",
    "note",
]


def examples(number):
    """How many examples of a law are tried: so many, or the share of them that EXAMPLES says, as
    where every change is checked; `make test-long` tries all.
    """
    return max(5, round(number * float(os.environ.get("EXAMPLES", "1"))))


def statement(**given):
    """A synthetic statement as a record of Darkfigure's own form."""
    return {
        "measure": "victims_recovered",
        "period": "2006",
        "stated_on": "2008-07-02",
        "stated_by": "HO",
        "source": "synthetic",
        **given,
    }


def statement_file(path, *records):
    """Write records as a statements file."""
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        target.writeheader()
        target.writerows(records)
    return path


def table(answer):
    """An answer as lines of text: breakdown values, then the figure."""
    return [
        " | ".join([*(str(value) for value in cell.dims.values()), str(cell.value)])
        for cell in answer.cells
    ]


def socket_of(home):
    """The socket folder of the embedded server of a data folder."""
    return (Path(home) / "postgres" / "postmaster.pid").read_text().splitlines()[4].strip()


def logged_in(home, role="postgres", autocommit=False, **more):
    """A connection to the repository of a data folder, as one of its logins."""
    held = json.loads((Path(home) / "logins.json").read_text())["embedded"]
    given = {"host": socket_of(home), "user": role, "password": held[role], "dbname": "darkfigure"}
    return psycopg.connect(**{**given, **more}, autocommit=autocommit)


def sealed_person(agency, reference):
    """The pseudonym of a person in the repository under test."""
    from darkfigure.basis.reference import UNSEALED, pseudonym
    from darkfigure_hub.store.queries.pseudonyms import sealed

    made = pseudonym(agency, reference, colon=UNSEALED)
    return sealed([made])[made]


def sealed_record(kind, reference):
    """The name under which a record leaves the repository under test."""
    from darkfigure_hub.store.queries.pseudonyms import of_records

    return of_records(kind, [reference])[reference]


def agreed(done, day):
    """What was decided of a link, another person having agreed where it is grave."""
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.decide_link import agree_link

    return (
        done if done.waits is None else agree_link(for_operator("second", "test"), done.waits, day)
    )


def at_once(*deeds):
    """What each of several deeds done at the same moment gave, or the refusal it met."""
    from django.db import connection

    from darkfigure.basis.errors import DarkfigureError

    barrier = threading.Barrier(len(deeds))

    def done(deed):
        barrier.wait()
        try:
            return deed()
        except DarkfigureError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


def people(*numbers):
    """Accounts of these numbers, made up: whom a deed tells of something is there."""
    from darkfigure_hub.store.models import Account

    for number in numbers:
        given = {"email": f"{number}@example.org", "name": "Alex Invented", "made_by": "test"}
        Account.objects.get_or_create(pk=number, defaults=given)


def load_corrected(operator, folder):
    """Two returns of one figure, the second correcting the first; their numbers."""
    from darkfigure_hub.flows.receive_return import receive_return

    numbers = []
    for value, stated in ((40, "2013-02-01"), (55, "2014-02-01")):
        made = statement(value=value, period="2012", stated_on=stated)
        path = statement_file(folder / f"{value}.csv", made)
        numbers.append(receive_return(operator, path).returns[0].id)
    return numbers


def corrected_question(day):
    """The question that `load_corrected` has figures for, as at a day."""
    return ask("victims_recovered", day, period="2012")


def corrected_figure(operator, day):
    """The figure of `load_corrected` as at a day, one for each cell."""
    from darkfigure_hub.flows.answer_question import answer_question

    return [cell.value for cell in answer_question(operator, corrected_question(day)).cells]


@contextmanager
def database_apart(blocker, template=None):
    """A stretch in which the repository is a copy of the test database, made by the server with
    that, or another, as its template and dropped at the end: for what is read by two connections,
    which see of one another only what is committed.
    """
    from django.db import connection

    from darkfigure_hub.store import heads

    with blocker.unblock():
        whole = connection.settings_dict["NAME"]
        apart = f"{whole}_apart"
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{apart}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{apart}" TEMPLATE "{template or whole}"')
        connection.settings_dict["NAME"] = apart
        heads.forget()
    try:
        yield
    finally:
        with blocker.unblock():
            connection.close()
            connection.settings_dict["NAME"] = whole
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{apart}" WITH (FORCE)')


def environment(home, **more):
    """What the program finds around it, in a data folder."""
    left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    held = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**held, "DARKFIGURE_HOME": str(home), **more}


ASKS = """question,area,period,agency,due,gateway
HT.6.4,Kent,2026 Q3,kent,2026-10-14,synthetic
HT.6.3,Kent,2026/27,kent,2027-05-14,synthetic
HT.6.4,Essex,2026 Q3,essex,2026-10-14,synthetic
"""


def asked_of_two_forces(home):
    """Load the example requirement, and ask two things of Kent and one of Essex."""
    run("requirements", "load", "human_trafficking", home=home)
    (home / "asks.csv").write_text(ASKS)
    run("requirements", "ask", home / "asks.csv", "--on", "2026-07-01", home=home)


@contextmanager
def own_folder(*, people=False, empty=False):
    """A data folder, whose server is stopped and which is gone afterwards: with its tables made,
    and made-up people of two forces where they are asked for; or in which nothing is yet. Its path
    is short: a socket lies in it.
    """
    folder = Path(tempfile.mkdtemp(prefix="df-"))
    if not empty:
        _copied(_prepared("people" if people else "tables"), folder)
    try:
        yield folder
    finally:
        run("stop", home=folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _copied(prepared, folder):
    subprocess.run(["cp", "-a", f"{prepared}/.", str(folder)], check=True)


def _prepared(kind):
    """A data folder whose server is stopped, made by whoever needs it first."""
    folder = Path(os.environ["DF_TEST_PREPARED"]) / kind
    with (folder.parent / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with own_folder(empty=kind == "tables") as making:
                if kind == "tables":
                    run("returns", home=making)
                else:
                    said = run(
                        "demo-accounts", "--agency", "kent", "--agency", "essex", home=making
                    )
                    (making / PEOPLE).write_text(said.stdout)
                run("stop", home=making)
                _copied(making, folder)
    return folder


def run(*arguments, home, check=True, seconds=240, **more):
    """Run the program as a user would, in a data folder."""
    done = subprocess.run(
        [str(PROGRAM), *map(str, arguments)],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stderr
        if _asks_for_json(arguments) and done.stdout:
            held(done.stdout)
    return done


def _asks_for_json(arguments):
    """Whether a command prints a document: whatever test runs it, the document fits its Schema."""
    words = [*map(str, arguments)]
    return "json" in words and words[words.index("json") - 1] == "--format"
