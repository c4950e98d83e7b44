"""What the functions of the gate come to, said in plain Python beside them: who is let in, what
they may, which walls they see through, what is settled, told and refused. Each is tried on the rows
that `support_raw_sql` plants, and undone. All synthetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import psycopg

from darkfigure.basis.permission import Permission
from darkfigure.cases.records import KINDS
from darkfigure_hub.access.sealing import token_hash
from darkfigure_hub.store.gate_persons import KINDS_AT_MOST
from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.policy import is_bound, opened_by, permissions_granted
from darkfigure_hub.store.sessions import key_hash
from support_writes import ME, OTHER, OTHERS, OWN, TABLES, WALLS, Reader, number

ANALYST = Reader("analyst")
HIGH = Reader("analyst", 2)
AUDITOR, ADMINISTRATOR = Reader("auditor"), Reader("administrator")
SUPERVISOR = Reader("agency_supervisor", 2)
PUBLIC = Reader("public", 0)
#: What may be refused.
REFUSED, NO_SUCH, WRONG = "InsufficientPrivilege", "NoDataFound", "CheckViolation"


#: Answers as they are: each once, found by its number.
ANSWERS = ("DELETE FROM store_keptanswer", "CREATE UNIQUE INDEX ON store_keptanswer (id)")
HELD = """INSERT INTO store_keptanswer (id, question, as_at, basis, first_given, content, marking,
    below, listed) VALUES ('synthetic', '1', '2026-01-01', 'b', now(), '', 2, 3000000,
    ARRAY[{listed}]::int[])"""
#: Every part of a response is answered by it.
ONE_ANSWER = (
    *ANSWERS,
    HELD.format(listed=""),
    "UPDATE store_responsepart SET answer_id = 'synthetic'",
)


@dataclass(frozen=True)
class Situation:
    """What is done beforehand by the owner, what is then asked by the web's login (of the owner,
    where nobody is let in by it), and what comes of the last.
    """

    what: str
    given: tuple[str, ...]
    asked: tuple[str, ...]
    comes: str
    of_owner: bool = False

    def became(self, execute) -> str:
        """What comes of it, undone."""
        execute("SAVEPOINT before")
        try:
            execute("SET LOCAL session_replication_role = replica")
            for each in self.given:
                execute(each)
            execute("SET LOCAL session_replication_role = origin")
            if not self.of_owner:
                execute(f"SET LOCAL SESSION AUTHORIZATION {WEB}")
            for each in self.asked:
                found = execute(each)
            return str(found.fetchone()[0]) if found.description else str(found.rowcount)
        except psycopg.Error as error:
            return type(error).__name__
        finally:
            execute("ROLLBACK TO before")


def situations(let_in) -> Iterator[Situation]:
    """All of them; `let_in` has the key of each reader."""

    def enters(reader: Reader) -> str:
        function = "enter_program" if reader.grants else "enter"
        return f"SELECT gate.{function}('{let_in[reader].replace(chr(39), chr(39) * 2)}')"

    yield from _sessions(let_in[ANALYST], enters)
    yield from _jobs(let_in[ANALYST])
    yield from _programs(let_in, enters)
    yield from _scopes()
    yield from _permissions(let_in, enters)
    yield from _walls(enters)
    yield from _conditions(enters)
    yield from _grades()
    yield from _of_an_item(enters)
    yield from _things(enters)
    yield from _told(enters)
    yield from _deeds()
    yield from _answers(enters)
    yield from _disposals(enters)
    yield from _persons(enters)
    yield from _disputes(enters)
    yield from _links(enters)
    yield from _owners_of_what_broke(enters)
    yield from _agencies(enters)
    yield from _naming(let_in[ANALYST], enters)


def _sessions(key, enters):
    of = f"WHERE session_key = '{key_hash(key)}'"
    acting = f"WHERE id = (SELECT acting_id FROM store_session {of})"
    there = enters(ANALYST)
    yield Situation("a session", (), (there,), "True")
    yield Situation("a key of nobody", (), ("SELECT gate.enter('nobody')",), "False")
    yield Situation(
        "whoever comes after is nobody",
        (),
        (there, "SELECT gate.enter('nobody')", "SELECT gate.is_let_in()"),
        "False",
    )
    for what, *given in (
        ("a session is over", f"UPDATE store_session SET expire_date = now() {of}"),
        (
            "an account is disabled",
            f"UPDATE store_account SET disabled_at = now() WHERE id = {ME}",
        ),
        ("a role is not approved", f"UPDATE store_appointment SET approved_at = NULL {acting}"),
        ("a role has ended", f"UPDATE store_appointment SET ended_at = now() {acting}"),
        ("a role is another's", f"UPDATE store_appointment SET account_id = {OTHER} {acting}"),
        (
            "a session is made another's",
            f"UPDATE store_appointment SET account_id = {OTHER} {acting}",
            f"UPDATE store_session SET account_id = {OTHER} {of}",
        ),
    ):
        yield Situation(what, tuple(given), (there,), "False")


def _jobs(key):
    session = f"WHERE session_key = '{key_hash(key)}'"
    acting = f"(SELECT acting_id FROM store_session {session})"
    worker = sha256(b"synthetic").hexdigest()[:40]
    of = f"WHERE id = {number(0)}"
    made = f"""UPDATE store_job SET acting_id = {acting}, worker = '{worker}', ticket = 't',
        sha256 = 's', ended_at = NULL, account_id = {ME}, purpose = 'linkage',
        seal = gate.mac('job:t:{ME}:' || {acting} || ':s:linkage') {of}"""
    plain = f"""UPDATE store_job SET purpose = '',
        seal = gate.mac('job:t:{ME}:' || {acting} || ':s') {of}"""
    asked = f"SELECT gate.enter_job({number(0)}, 'synthetic')"
    yield Situation("a job", (made,), (asked,), "True")
    yield Situation("a job for no purpose", (made, plain), (asked,), "True")
    yield Situation(
        "another job", (made,), (f"SELECT gate.enter_job({number(1)}, 'synthetic')",), "False"
    )
    yield Situation(
        "another worker", (made,), (f"SELECT gate.enter_job({number(0)}, 'another')",), "False"
    )
    for what, change in (
        ("a job that ended", f"UPDATE store_job SET ended_at = now() {of}"),
        ("a job of who is out", f"UPDATE store_account SET disabled_at = now() WHERE id = {ME}"),
        (
            "a job as a role not approved",
            f"UPDATE store_appointment SET approved_at = NULL WHERE id = {acting}",
        ),
        (
            "a job as a role that ended",
            f"UPDATE store_appointment SET ended_at = now() WHERE id = {acting}",
        ),
        (
            "a job as another's role",
            f"UPDATE store_appointment SET account_id = {OTHER} WHERE id = {acting}",
        ),
        ("a job for what was not stated", f"UPDATE store_job SET purpose = 'quality' {of}"),
        ("a job of other words", f"UPDATE store_job SET sha256 = 'x' {of}"),
        (
            "a job as a higher role",
            f"""UPDATE store_job SET acting_id = (SELECT max(id) FROM store_appointment
                WHERE account_id = {ME} AND approved_at IS NOT NULL AND id <> {acting}) {of}""",
        ),
    ):
        yield Situation(what, (made, change), (asked,), "False")


def _programs(let_in, enters):
    reader = Reader("program", 1, ("figures",))
    at = reader.who.removeprefix("token:")
    asked = f"SELECT gate.enter_program('{let_in[reader].replace(chr(39), chr(39) * 2)}') IS NULL"
    yield Situation("a program", (), (asked,), "False")
    yield Situation(
        "a token of nobody", (), ("SELECT gate.enter_program('nobody') IS NULL",), "True"
    )
    yield Situation(
        "whoever comes after a program is nobody",
        (),
        (asked, "SELECT gate.enter_program('nobody')", "SELECT gate.is_let_in()"),
        "False",
    )
    for what, change in (
        ("a token is revoked", "revoked_at = now()"),
        ("a token is over", "until = now()"),
        ("a token is of another agency", "agency = 'essex'"),
        ("a token sees more", "marking = 2"),
        ("a token may more", "grants = '{figures,release}'"),
        ("a token is longer", "until = until + interval '1 day'"),
        ("a token is another's", "made_by = 'account:1'"),
    ):
        given = f"UPDATE store_token SET {change} WHERE id = {at}"
        yield Situation(what, (given,), (asked,), "True")
    over = (  # sealed so: what is over is over whatever the seal
        f"""UPDATE store_token SET until = now() - interval '1 day' WHERE id = {at}""",
        f"""UPDATE store_token t SET seal = gate.mac(concat_ws(':', 'token', key_hash, agency,
            marking, array_to_string(grants, ','), extract(epoch FROM until)::bigint, made_by))
            WHERE id = {at}""",
    )
    yield Situation("a sealed token is over", over, (asked,), "True")
    yield Situation(
        "who made a token of one's own agency",
        (f"UPDATE store_token SET made_by = 'account:7' WHERE id = {at}",),
        (enters(SUPERVISOR), f"SELECT gate.maker_of({at})"),
        "account:7",
    )
    yield Situation(
        "who made a token of another's",
        (f"UPDATE store_token SET agency = 'essex' WHERE id = {at}",),
        (enters(SUPERVISOR), f"SELECT gate.maker_of({at})"),
        "None",
    )
    assert token_hash(let_in[reader])


def _scopes():
    said = """jsonb_build_object('account', 801, 'role', 'analyst', 'agency', 'kent', 'sees', 1,
        'purpose', '', 'pid', pg_backend_pid() + {pid}, 'turn', nextval('gate.turn') + {turn},
        'until', extract(epoch FROM clock_timestamp()) + {until})::text"""
    for what, pid, turn, until, seal, comes in (
        ("a scope", 0, "0", 60, "gate.mac({said})", "True"),
        ("a scope of another connection", 1, "0", 60, "gate.mac({said})", "False"),
        ("a scope of a turn before", 0, "-1", 60, "gate.mac({said})", "False"),
        ("a scope of no turn", 0, "NULL", 60, "gate.mac({said})", "False"),
        ("a scope that is over", 0, "0", -60, "gate.mac({said})", "False"),
        ("a scope that is not sealed", 0, "0", 60, "repeat('0', 64)", "False"),
        ("a scope sealed as another", 0, "0", 60, "gate.mac({said} || ' ')", "False"),
    ):
        made = said.format(pid=pid, turn=turn, until=until)
        kept = f"SELECT set_config('synthetic.scope', {seal.format(said='x')} || x, true)"
        yield Situation(
            what,
            (f"{kept} FROM (SELECT {made} OFFSET 0) held(x)",),
            (
                "SELECT set_config('gate.scope', current_setting('synthetic.scope'), true)",
                "SELECT gate.is_let_in()",
            ),
            comes,
        )
    yield Situation(
        "a scope that says nothing",
        (),
        ("SELECT set_config('gate.scope', '', true)", "SELECT gate.is_let_in()"),
        "False",
    )


def _permissions(let_in, enters):
    """What each reader may, as the policy says it; an analyst, for each purpose."""
    every = ", ".join(f"'{each}'" for each in sorted(map(str, Permission)))
    asked = f"""SELECT array_to_string(ARRAY(SELECT each FROM unnest(ARRAY[{every}]) AS each
        WHERE gate.may(each) ORDER BY 1), ' ')"""
    for reader in let_in:
        may = permissions_granted(reader.grants) if reader.grants else opened_by(reader.role, "")
        yield Situation(f"what {reader} may", (), (enters(reader), asked), _words(may))
        yield Situation(
            f"of whom {reader}",
            (),
            (enters(reader), "SELECT gate.is_bound()"),
            str(is_bound(reader.role)),
        )
        yield Situation(f"who {reader} is", (), (enters(reader), "SELECT gate.who()"), reader.who)
        yield Situation(
            f"the kinds that {reader} handles",
            (),
            (
                enters(reader),
                "SELECT array_to_string(ARRAY(SELECT kind FROM unnest(ARRAY['replies', 'report', "
                "'return']) AS kind WHERE gate.handles(kind)), ' ')",
            ),
            " ".join(
                kind
                for kind in ("replies", "report", "return")
                if not reader.grants or kind in _kinds(reader)
            ),
        )
    for purpose in ("linkage", "quality", "none"):
        stated = f"UPDATE store_session SET purpose = '{purpose}' WHERE true"
        yield Situation(
            f"what is opened for {purpose}",
            (stated,),
            (enters(ANALYST), asked),
            _words(opened_by("analyst", purpose)),
        )


def _kinds(reader):
    from darkfigure_hub.store.policy import kinds_granted

    return kinds_granted(reader.grants)


def _words(may):
    return " ".join(sorted(map(str, may)))


def _walls(enters):
    numbers = "array_agg(DISTINCT gate.wall_of(a, m, c, h))"
    made = "(VALUES ('x', 0, 0, 0), ('y', 0, 0, 0), ('x', 1, 0, 0), ('x', 0, 7, 0), ('x', 0, 0, 7))"
    asked = f"SELECT cardinality({numbers}) FROM {made} v(a, m, c, h), generate_series(1, 2)"
    yield Situation("each wall has its number", (), (asked,), "5")
    for what, wall, comes in (
        ("open walls of a marking stand together", "'x', 2, 0, 0", (2, 0)),
        ("walls of a compartment stand above", "'x', 1, 7, 0", (1, 1)),
        ("walls of a condition stand above", "'x', 1, 0, 7", (1, 1)),
    ):
        asked = (
            f"SELECT array_to_string(ARRAY[w % 1000000000 / 1000000, w / 1000000000], ' ') "
            f"FROM (SELECT gate.wall_of({wall}) OFFSET 0) v(w)"
        )
        yield Situation(what, (), (asked,), " ".join(map(str, comes)))
    told = ", ".join(
        f"({place}, '{wall.agency}', {wall.marking}, {wall.compartment or 0}, {wall.condition})"
        for place, wall in enumerate(WALLS)
    )
    seen = f"""SELECT array_to_string(ARRAY(SELECT place FROM (VALUES {told}) v(place, a, m, c, h)
        WHERE EXISTS (SELECT FROM store_wall w WHERE w.agency = a AND w.marking = m
            AND w.compartment = c AND (w.condition <> 0) = h) ORDER BY 1), ' ')"""
    for reader in (PUBLIC, ANALYST, HIGH, AUDITOR, SUPERVISOR):
        places = [
            place
            for place, wall in enumerate(WALLS)
            if reader.through_all([wall]) or reader.opens("return", place)
        ]
        comes = " ".join(map(str, places))
        yield Situation(f"the walls that {reader} sees", (), (enters(reader), seen), comes)
    grant = f"WHERE account_id = {ME}"
    one = f"{{{number(0)}}}".strip("{}")
    within = "SELECT array_to_string(gate.compartments(), ' ')"
    for what, change, comes in (
        ("a place in a compartment", "store_account SET name = name WHERE false", one),
        ("a place not approved", f"store_compartmentgrant SET approved_at = NULL {grant}", ""),
        ("a place that ended", f"store_compartmentgrant SET ended_at = now() {grant}", ""),
        (
            "a place from tomorrow",
            f"store_compartmentgrant SET valid_from = '2998-01-01' {grant}",
            "",
        ),
        (
            "a place until yesterday",
            f"store_compartmentgrant SET valid_to = '2026-01-01' {grant}",
            "",
        ),
        ("another's place", f"store_compartmentgrant SET account_id = {OTHER} {grant}", ""),
        ("a place in what is closed", "store_compartment SET closed_at = now()", ""),
    ):
        yield Situation(what, (f"UPDATE {change}",), (enters(ANALYST), within), comes)
    joined = """INSERT INTO store_agencychange
        (kind, agency, into_agencies, keeper, on_day, why, changed_by, changed_at)
        VALUES ('merged', '{agency}', '{{kent}}', '{keeper}', current_date + {days}, '', '',
        now())"""
    for what, given, comes in (
        ("agencies that went over", [("essex", "kent", 0), ("surrey", "essex", -1)], 3),
        ("agencies that will go over", [("essex", "kent", 2)], 1),
        ("agencies that closed", [("essex", "", 0)], 1),
        ("an agency of no name", [("", "", 0), ("essex", "", 0)], 1),
    ):
        told = tuple(
            joined.format(agency=agency, keeper=keeper, days=days) for agency, keeper, days in given
        )
        asked = "SELECT cardinality(gate.agencies())"
        yield Situation(what, told, (enters(SUPERVISOR), asked), str(comes))
        yield Situation(f"of nobody, {what}", told, (asked,), "1")


def _conditions(enters):
    default = str(ANALYST.may("read_conditional"))
    stated = "UPDATE store_session SET purpose = 'linkage' WHERE true"
    for given, comes in (
        ("'{}', '{}', '{}', false, NULL", default),
        ("'{analyst}', '{}', '{}', false, NULL", "True"),
        ("'{grader}', '{}', '{}', false, NULL", "False"),
        ("'{analyst}', '{kent}', '{}', false, NULL", "True"),
        ("'{analyst}', '{essex}', '{}', false, NULL", "False"),
        ("'{analyst}', '{}', '{linkage}', false, NULL", "True"),
        ("'{analyst}', '{}', '{quality}', false, NULL", "False"),
        ("'{analyst}', '{kent}', '{quality}', false, NULL", "False"),
        ("'{analyst}', '{}', '{}', false, current_date - 2", "False"),
        ("'{analyst}', '{}', '{}', false, current_date + 2", "True"),
        ("'{grader}', '{kent}', '{linkage}', false, current_date + 2", "False"),
    ):
        kept = f"SELECT gate.condition_of({given})"
        asked = f"SELECT gate.meets(gate.condition_of({given})::int)"
        yield Situation(f"a condition {given}", (stated, kept), (enters(ANALYST), asked), comes)
    kinds = (
        "('{}', '{}', '{}', false, NULL), ('{a}', '{}', '{}', false, NULL), "
        "('{}', '{a}', '{}', false, NULL), "
        "('{}', '{}', '{a}', false, NULL), ('{}', '{}', '{}', true, NULL), "
        "('{}', '{}', '{}', true, '2026-01-01'), ('{}', '{}', '{}', true, '2026-01-02')"
    )
    asked = (
        "SELECT count(DISTINCT gate.condition_of(a::text[], b::text[], c::text[], d, e::date)) "
        f"FROM (VALUES {kinds}) v(a, b, c, d, e), generate_series(1, 2)"
    )
    yield Situation("each condition has its number", (), (asked,), "7")


def grade_of(item, letters="2AC", days=0, condition="NULL"):
    """A statement that grades an item, known from so many days on."""
    kept = "action, sanitisation, converted_from, lost, graded_by, reason, wall, item_id"
    return f"""INSERT INTO store_itemgrade ({kept}, letters, known_from, condition_id)
        SELECT {kept}, '{letters}', current_date + {days}, {condition} FROM store_itemgrade
        WHERE item_id = {item} LIMIT 1"""


def _grades():
    """An item follows its grade: what its wall is under, by what was graded and taken back."""
    item = number(0)
    said = "current_date + {days}"
    back = """INSERT INTO store_takenback (kind, target, named, reason, by, at, corrected_by,
        known_from, undoes_id) SELECT '{kind}', max(g.id)::text, '', '', '', now(), '', {day}, NULL
        FROM store_itemgrade g WHERE letters = '2AC' AND item_id = {item}"""
    undone = """INSERT INTO store_takenback (kind, target, named, reason, by, at, corrected_by,
        known_from, undoes_id) SELECT kind, target, '', '', '', now(), '', {day}, max(id)
        FROM store_takenback WHERE by = '' AND known_from < '2999-01-01' GROUP BY kind, target"""

    def grade(letters, days, condition="NULL"):
        return grade_of(item, letters, days, condition)

    def taken(kind="grade", days=0):
        return back.format(kind=kind, day=said.format(days=days), item=item)

    def undo(days=0):
        return undone.format(day=said.format(days=days))

    anothers = (
        "UPDATE store_itemgrade SET letters = '2AC', known_from = current_date "
        f"WHERE item_id = {number(2)}"
    )
    under = f"""SELECT w.condition <> 0 FROM store_intelligenceitem i
        JOIN store_wall w ON w.id = i.wall WHERE i.id = {item}"""
    alike = f"""SELECT count(DISTINCT wall) FROM (
        SELECT wall FROM store_intelligenceitem WHERE id = {item}
        UNION ALL SELECT wall FROM store_itemgrade WHERE item_id = {item}
        UNION ALL SELECT wall FROM store_itemlink WHERE item_id = {item}
        UNION ALL SELECT wall FROM store_secondgrade WHERE item_id = {item}) all_of_it"""
    for what, deeds, comes in (
        ("under its condition", [grade("2AC", 0)], "True"),
        ("graded open again", [grade("2AC", -1), grade("2AP", 0)], "False"),
        ("open, and graded before", [grade("2AP", 0), grade("2AC", -1)], "False"),
        ("its grade taken back", [grade("2AC", 0), taken()], "False"),
        ("its grade taken back later", [grade("2AC", 0), taken(days=2)], "True"),
        ("something else taken back", [grade("2AC", 0), taken(kind="ask")], "True"),
        (
            "something else taken back before another came late",
            [grade("2AC", 0), taken(kind="ask"), grade("2AP", -1)],
            "True",
        ),
        ("another graded", [anothers, grade("2AP", -1)], "False"),
        ("taken back, and that undone", [grade("2AC", 0), taken(), undo()], "True"),
        ("taken back, that undone later", [grade("2AC", 0), taken(), undo(2)], "False"),
        ("under one of a day to come", [grade("2AC", 2)], "True"),
        ("open from a day to come", [grade("2AC", 0), grade("2AP", 2)], "True"),
        (
            "under one that is named",
            [grade("2AC", 0, "gate.condition_of('{x}', '{}', '{}', false, NULL)")],
            "True",
        ),
    ):
        yield Situation(f"an item {what}", (), (*deeds, under), comes, of_owner=True)
        yield Situation(f"what belongs to an item {what}", (), (*deeds, alike), "1", of_owner=True)


def _of_an_item(enters):
    """Of which agency a wall is stays as it was; who is not told what somebody is."""
    named = grade_of(number(2))
    agency = f"""SELECT w.agency FROM store_intelligenceitem i JOIN store_wall w ON w.id = i.wall
        WHERE i.id = {number(2)}"""
    yield Situation("the agency of an item graded", (), (named, agency), OTHERS, of_owner=True)
    yield Situation(
        "a wall under a condition that a role meets which reads no figures",
        (
            "SELECT gate.wall_of('kent', 1, 0, "
            "gate.condition_of('{auditor}', '{}', '{}', false, NULL)::int)",
        ),
        (enters(AUDITOR), "SELECT cardinality(gate.own_walls())"),
        "0",
    )
    for kind, other in (("return", "report"), ("report", "return")):
        moved = f"UPDATE store_brokenglass SET kind = '{kind}' WHERE kind = '{other}'"
        asked = f"SELECT cardinality(gate.opened('{other}'))"
        yield Situation(f"glass of a {kind} alone", (moved,), (enters(HIGH), asked), "0")
    yield Situation(
        "glass of a return where there is no report",
        ("DELETE FROM store_intelligencereport",),
        (enters(HIGH), "SELECT cardinality(gate.opened('return')) > 0"),
        "True",
    )
    anew = """INSERT INTO store_brokenglass (account_id, kind, target, why, broken_at, until)
        SELECT account_id, kind, target, why, now(), now() FROM store_brokenglass
        WHERE closed_at IS NULL ORDER BY id LIMIT 1"""
    for what, until, comes in (
        ("is not over is not broken", "now() + interval '1 minute'", "InsufficientPrivilege"),
        ("is over is broken", "now() - interval '1 minute'", "1"),
    ):
        over = f"UPDATE store_brokenglass SET until = {until}"
        yield Situation(f"glass that {what} anew", (over,), (anew,), comes, of_owner=True)
    yield Situation(
        "walls of somebody whose glass is closed",
        ("UPDATE store_brokenglass SET closed_at = now()",),
        (enters(HIGH), "SELECT cardinality(gate.broken_walls())"),
        "0",
    )
    yield Situation(
        "an item marked above the report that it is of",
        (f"UPDATE store_intelligenceitem SET marking = 3 WHERE of_id = {number(9)}",),
        (enters(HIGH), "SELECT cardinality(gate.opened_items())"),
        "0",
    )
    above = [place for place, wall in enumerate(WALLS) if wall.marking > 1]
    yield Situation(
        "what a command of the machine is not told",
        (),
        ("SELECT sum(number) FROM gate.withheld_figures(1)",),
        str(_copies(above)),
        of_owner=True,
    )


def _things(enters):
    """A return, a report and a response of one number are three things, each marked for itself."""
    tables = {
        "return": "store_return",
        "report": "store_intelligencereport",
        "response": "store_response",
    }
    for kind, table in tables.items():
        high = tuple(f"UPDATE {each} SET marking = 3" for each in tables.values())
        low = f"UPDATE {table} SET marking = 1 WHERE id = {number(0)}"
        for other in tables:
            asked = f"SELECT gate.sees_thing('{other}', {number(0)})"
            comes = str(other == kind)
            what = f"a {other} where a {kind} of its number is marked low"
            yield Situation(what, (*high, low), (enters(ANALYST), asked), comes)
        if kind == "response":
            gone = f"SELECT gate.sees_thing('{kind}', 7)"
            what = f"a {kind} that is not there, where others are marked low"
            yield Situation(what, (*high, low), (enters(ANALYST), gone), "False")
            continue
        for other in ("return", "report"):
            asked = f"SELECT gate.may_break('{other}', '{number(0)}')"
            what = f"glass before a {other} where a {kind} of its number is marked low"
            yield Situation(what, (*high, low), (enters(ANALYST), asked), str(other == kind))
    for table in ("store_return", "store_intelligencereport"):
        kind = next(each for each, held in tables.items() if held == table)
        asked = f"SELECT gate.sees_thing('{kind}', {number(5)})"
        yield Situation(f"a {kind} in no place of ones own", (), (enters(ANALYST), asked), "False")
        asked = f"SELECT gate.sees_thing('{kind}', {number(4)})"
        yield Situation(f"a {kind} in a place of ones own", (), (enters(ANALYST), asked), "True")
        asked = f"SELECT gate.sees_thing('{kind}', 7)"
        yield Situation(f"a {kind} that is not there", (), (enters(ANALYST), asked), "False")


def _hidden(reader, kind):
    """The places that hide something of a kind from a reader."""
    return [
        place
        for place, wall in enumerate(WALLS)
        if not reader.through(wall) and not reader.opens(kind, place)
    ]


def _judgements(enters):
    """The next version is numbered after the last one, whatever its marking, by who drafts."""
    numbered = tuple(
        f"UPDATE store_judgementversion SET code = '{code}', version = {version} "
        f"WHERE id = {number(place)}"
        for place, (code, version) in enumerate((("HT-J-01", 3), ("HT-J-02", 5)))
    )
    asked = "SELECT gate.last_judgement('HT-J-01')"
    drafts, approves = Reader("assessor"), Reader("release_officer")
    for reader, comes in ((drafts, "3"), (approves, "3"), (ANALYST, "0")):
        what = f"the last judgement to {reader}"
        yield Situation(what, numbered, (enters(reader), asked), comes)
    yield Situation("the last judgement to the machine", numbered, (asked,), "3", of_owner=True)


def _told(enters):
    yield from _judgements(enters)
    for reader in (PUBLIC, ANALYST, HIGH, SUPERVISOR):
        returns, reports = _hidden(reader, "return"), _hidden(reader, "report")
        for what, comes in (
            (f"sum(number) FROM gate.withheld_figures({reader.sees})", _copies(returns)),
            (f"sum(number) FROM gate.withheld_places({reader.sees})", len(reports) or None),
            (f"gate.withheld_items({reader.sees})", _copies(reports)),
        ):
            asked = f"SELECT {what}"
            yield Situation(f"to {reader}: {what}", (), (enters(reader), asked), str(comes))
    for reader in (ANALYST, AUDITOR):
        for kind in ("return", "report", "item", "submission", "response", "enquiry"):
            asked = f"SELECT count(*) FROM gate.about('{kind}', {number(0)})"
            comes = str(int(reader.may("read_log")))
            yield Situation(f"about a {kind} to {reader}", (), (enters(reader), asked), comes)
        for condition, comes in (
            ("'{analyst}', '{}', '{}', false, NULL", True),
            ("'{grader}', '{}', '{}', false, NULL", False),
            ("'{analyst}', '{kent}', '{}', false, NULL", True),
            ("'{analyst}', '{essex}', '{}', false, NULL", False),
            ("'{analyst}', '{}', '{}', false, current_date - 2", False),
            ("'{analyst}', '{}', '{}', false, current_date + 2", True),
            ("'{}', '{}', '{}', false, NULL", ANALYST.may("read_conditional")),
        ):
            kept = f"SELECT gate.condition_of({condition})"
            asked = (
                f"SELECT gate.would_meet(gate.condition_of({condition})::int, 'analyst', 'kent')"
            )
            told = str(comes and reader.may("read_log"))
            yield Situation(f"{condition} to {reader}", (kept,), (enters(reader), asked), told)
    who = (PUBLIC, ANALYST, Reader("answers_desk"), Reader("statistician"), Reader("auditor"))
    for reader in who:
        rows = TABLES["store_response"].rows
        shown = [
            place for place, row in enumerate(rows) if TABLES["store_response"].reached(reader, row)
        ]
        parts = [number(place) for place in range(3)]
        asked = f"SELECT count(*) FROM gate.asked_in(ARRAY{parts}::bigint[])"
        comes = str(_copies(shown) or 0)
        yield Situation(f"what was asked, to {reader}", ONE_ANSWER, (enters(reader), asked), comes)
    named = (
        "UPDATE store_intelligencereport SET reference = 'R' || id "
        f"WHERE id IN ({number(0)}, {number(9)})"
    )
    for reader, place, comes in (
        (ANALYST, 0, number(0)),
        (ANALYST, 9, None),
        (HIGH, 9, number(9)),
        (AUDITOR, 0, None),
    ):
        asked = f"SELECT gate.report_to_break('{WALLS[place].agency} R{number(place)}')"
        yield Situation(
            f"report {place} to {reader}", (named,), (enters(reader), asked), str(comes)
        )
    yield Situation(
        "a report of another name",
        (named,),
        (enters(ANALYST), "SELECT gate.report_to_break('kent R')"),
        "None",
    )


def _deeds():
    """The last deed is what was neither asked nor shown, whatever was entered after it."""
    entry = """INSERT INTO store_logentry (id, at, who, purpose, action, detail, previous, hash,
        sealed_by) VALUES ({place}, now(), '', '', '{action}', '{{}}', '', 'h{place}', '')"""
    asked = (
        *("public readings", "question answered", "change explained", "cell opened"),
        *("cells opened", "source opened", "coverage measured", "signed in", "session ended"),
        *("purpose stated", "message sent", "asks shown", "words listed", "request read"),
    )
    deed = "a deed of another kind"
    for what, actions, comes in (
        *((f"the last deed before: {each}", (deed, each), "h0") for each in asked),
        ("the last deed of several", (deed, "shown here", deed, "asks shown"), "h2"),
        ("a deed that is read by its end alone", ("read on", "unlisted"), "h1"),
        ("no deed", asked, "None"),
    ):
        given = [entry.format(place=place, action=each) for place, each in enumerate(actions)]
        yield Situation(
            what, ("DELETE FROM store_logentry", *given), ("SELECT gate.last_deed()",), comes
        )


def _copies(places):
    return sum(2**place for place in places) or None


def _answers(enters):
    """An answer that is kept is seen through the walls that all see through who it was given to."""
    keep = "SELECT gate.keep_answer('{id}', '{question}', '2026-01-01', '{basis}', '', {sees})"
    asked = "SELECT marking || ' ' || below FROM store_keptanswer WHERE id = 'synthetic'"
    for what, basis, question, comes in (
        ("of the same", "b", "1", "1 2000000"),
        ("on another basis", "c", "1", "2 3000000"),
        ("to another question", "b", "2", "2 3000000"),
    ):
        yield Situation(
            f"an answer kept {what}",
            (*ANSWERS, HELD.format(listed="")),
            (
                enters(ANALYST),
                keep.format(id="synthetic", question=question, basis=basis, sees=0),
                "RESET SESSION AUTHORIZATION",
                asked,
            ),
            comes,
        )
    yield Situation(
        "an answer given to who sees no shut wall",
        (
            *ANSWERS,
            "UPDATE store_brokenglass SET closed_at = now()",
            HELD.format(listed="gate.wall_of('kent', 1, 987654, 0)"),
        ),
        (
            enters(ANALYST),
            keep.format(id="synthetic", question="1", basis="b", sees=0),
            "RESET SESSION AUTHORIZATION",
            "SELECT cardinality(listed) FROM store_keptanswer WHERE id = 'synthetic'",
        ),
        "0",
    )
    for what, reader, held, comes in (
        ("an agency, of what all see", SUPERVISOR, "", "True"),
        ("who sees through its wall beside", ANALYST, "gate.wall_of('kent', 1, 0, 0)", "True"),
    ):
        yield Situation(
            f"an answer given to {what}",
            (*ANSWERS, HELD.format(listed=held)),
            (
                enters(reader),
                keep.format(id="synthetic", question="1", basis="b", sees=0),
                "RESET SESSION AUTHORIZATION",
                "SELECT cardinality(listed) > 0 FROM store_keptanswer WHERE id = 'synthetic'",
            ),
            comes,
        )
    yield Situation(
        "an answer given to who sees less",
        (
            *ANSWERS,
            HELD.format(
                listed=f"""(SELECT id FROM store_wall WHERE agency = '{OWN}' AND marking = 1
                AND compartment = {number(0)})"""
            ),
        ),
        (
            enters(ANALYST),
            keep.format(id="synthetic", question="1", basis="b", sees=0),
            "RESET SESSION AUTHORIZATION",
            "SELECT cardinality(listed) FROM store_keptanswer WHERE id = 'synthetic'",
        ),
        "1",
    )
    yield Situation(
        "an answer given by the machine",
        ANSWERS,
        (
            keep.format(id="synthetic", question="1", basis="b", sees=1),
            """SELECT k.marking || ' ' || k.below || ' ' || bool_and(w.marking <= 1 AND w.id >=
                gate.first_shut()) || ' ' || (count(*) = (SELECT count(*) FROM store_wall
                WHERE id >= gate.first_shut() AND marking <= 1)) FROM store_keptanswer k,
                unnest(k.listed) each JOIN store_wall w ON w.id = each WHERE k.id = 'synthetic'
                GROUP BY k.marking, k.below""",
        ),
        "1 2000000 true true",
        of_owner=True,
    )


def _disposals(enters):
    """What another proposed is carried out, unless it is kept, withdrawn or not there."""
    carry = f"SELECT gate.carry_out_disposal({number(0)}, '')::text <> ''"
    theirs = f"UPDATE store_disposal SET proposed_by = 'account:{OTHER}' WHERE id = {number(0)}"
    free = "UPDATE store_hold SET ended_at = now()"
    yield from _goes(enters, carry, theirs, free)
    yield Situation("the machine disposes", (theirs, free), (carry,), "True", of_owner=True)
    may = [each for each in (ANALYST, ADMINISTRATOR, AUDITOR) if each.may("carry_out_disposal")]
    for reader in (ANALYST, ADMINISTRATOR, AUDITOR):
        comes = "True" if reader in may else REFUSED
        yield Situation(f"{reader} disposes", (theirs, free), (enters(reader), carry), comes)
    for what, given, comes in (
        ("what one proposed oneself", (free,), REFUSED),
        ("what is kept", (theirs,), WRONG),
        (
            "what is kept until a day to come",
            (theirs, "UPDATE store_hold SET until = '2999-01-01'"),
            WRONG,
        ),
        (
            "what was kept until a day that came",
            (theirs, "UPDATE store_hold SET until = '2020-01-01'"),
            "True",
        ),
        ("of which another is kept", (theirs, "UPDATE store_hold SET target = 7"), "True"),
        (
            "of which another kind is kept",
            (theirs, "UPDATE store_hold SET kind = 'return'"),
            "True",
        ),
        (
            "what was withdrawn",
            (theirs, free, "UPDATE store_disposal SET withdrawn_at = now()"),
            NO_SUCH,
        ),
        (
            "what is done",
            (theirs, free, "UPDATE store_disposal SET carried_out_at = now()"),
            NO_SUCH,
        ),
        (
            "what one does not see",
            (theirs, free, f"UPDATE store_disposal SET target = {number(5)}"),
            NO_SUCH,
        ),
        ("what is not there", (theirs, free, "UPDATE store_disposal SET target = 7"), NO_SUCH),
    ):
        yield Situation(f"disposing of {what}", given, (enters(may[0]), carry), comes)


def _goes(enters, carry, theirs, free):
    """What goes is what was proposed, of whatever kind."""
    there = {
        "return": f"SELECT disposed_on IS NULL FROM store_return WHERE id = {number(0)}",
        "report": "SELECT disposed_on IS NULL FROM store_intelligencereport "
        f"WHERE id = {number(0)}",
        "person": "SELECT count(*) > 0 FROM case_person WHERE record = 'record 0'",
    }
    person = number(0) * KINDS_AT_MOST + [*KINDS].index("person")
    for kind in there:
        target = person if kind == "person" else number(0)
        given = (
            theirs,
            free,
            f"UPDATE store_return SET kind = 'cases' WHERE id = {number(0)}",
            f"""UPDATE store_disposal SET kind = '{kind}', target = {target}, sha256 = ''
                WHERE id = {number(0)}""",
        )
        for asked in there:
            yield Situation(
                f"the {asked} where a {kind} is disposed of",
                given,
                (enters(ADMINISTRATOR), carry, "RESET SESSION AUTHORIZATION", there[asked]),
                str(asked != kind and (asked, kind) != ("person", "return")),
            )


def _persons(enters):
    """A person is kept, shown and disposed of with the returns in which they stand."""

    def person(place, kind="person"):
        return number(place) * KINDS_AT_MOST + [*KINDS].index(kind)

    def entry(kind, target, returns="{}", ended="NULL"):
        return f"""INSERT INTO store_hold (kind, target, returns, ground, why, held_by, held_at,
            ended_by, ended_at, ended_why) VALUES ('{kind}', {target}, '{returns}', 'court',
            'synthetic', 'x', now(), '', {ended}, '')"""

    def proposal(kind, target, returns):
        return f"""INSERT INTO store_disposal (kind, target, returns, under, due, why, sha256,
            proposed_by, proposed_at, withdrawn_by, carried_out_by) VALUES ('{kind}', {target},
            '{returns}', 'x', now(), 'synthetic', '', 'x', now(), '', '')"""

    none = ("DELETE FROM store_hold", "DELETE FROM store_disposal")
    for what, held, thing, of, comes in (
        ("their return", entry("person", person(0)), "return", number(0), True),
        ("another return", entry("person", person(0)), "return", number(1), False),
        ("a report of that number", entry("person", person(0)), "report", number(0), False),
        (
            "a return, no more",
            entry("person", person(0), ended="now()"),
            "return",
            number(0),
            False,
        ),
        ("a person in it", entry("return", number(0)), "person", person(0), True),
        ("a person elsewhere", entry("return", number(0)), "person", person(1), False),
        ("a thing of such a number", entry("return", number(0)), "report", person(0), False),
        ("them", entry("person", person(0)), "person", person(0), True),
        ("them by a row", entry("person", person(0, "recovery")), "person", person(0), True),
        ("somebody else", entry("person", person(1)), "person", person(0), False),
        (
            "them by a row, no more",
            entry("person", person(0, "recovery"), ended="now()"),
            "person",
            person(0),
            False,
        ),
    ):
        asked = f"SELECT gate.is_held('{thing}', {of})"
        yield Situation(f"a hold keeps {what}", (*none, held), (asked,), str(comes), of_owner=True)
    own, seven = f"[{number(0)}]", "{7}"
    for what, given, comes in (
        ("as they are", (), own),
        ("as they were proposed", (proposal("person", person(0), seven),), "[7]"),
        ("as they are kept", (entry("person", person(0), seven),), "[7]"),
        ("and not of another kind proposed", (proposal("report", person(0), seven),), own),
        ("and not of another kind kept", (entry("report", person(0), seven),), own),
        ("and not of another proposed", (proposal("person", person(1), seven),), own),
        ("and not of another kept", (entry("person", person(1), seven),), own),
    ):
        asked = f"SELECT gate.returns_of_person({person(0)})"
        yield Situation(
            f"returns of a person {what}", (*none, *given), (asked,), comes, of_owner=True
        )
    for table, made in (("store_hold", entry), ("store_disposal", proposal)):
        for kind, target, comes in (("person", person(0), own), ("report", 7, "[]")):
            asked = (made(kind, target, seven), f"SELECT returns FROM {table}")
            what = f"{table} of a {kind} says in which returns they stand"
            yield Situation(what, none, asked, comes, of_owner=True)
    for places, comes in (((), False), ((0,), True), ((0, 1), False), ((5, 0), False)):
        several = ", ".join(str(number(place)) for place in places)
        asked = f"SELECT gate.sees_returns(ARRAY[{several}]::bigint[])"
        yield Situation(f"of returns {places}", none, (enters(ANALYST), asked), str(comes))
    for place, comes in ((0, True), (1, False)):
        for function in ("sees_thing", "may_be_disposed_of"):
            asked = f"SELECT gate.{function}('person', {person(place)})"
            yield Situation(
                f"person {place}: {function}", none, (enters(ANALYST), asked), str(comes)
            )
    yield Situation(
        "nobody of that number",
        none,
        ("SELECT gate.may_be_disposed_of('person', 7)",),
        "False",
        of_owner=True,
    )
    for reader, place, comes in (
        (ANALYST, 0, person(0)),
        (ANALYST, 1, None),
        (HIGH, 1, person(1)),
        (SUPERVISOR, 0, None),
    ):
        asked = f"SELECT gate.number_of_person('record {place}')"
        what = f"the number of person {place} to {reader}"
        yield Situation(what, none, (enters(reader), asked), str(comes))
    asked = "SELECT gate.number_of_person('record 1')"
    yield Situation("a number at the machine", none, (asked,), str(person(1)), of_owner=True)


def _disputes(enters):
    """Who answers a person enters what they dispute, of a return as it is; who answers for the
    agency ends it, and nobody else.
    """
    stated = "UPDATE store_session SET purpose = 'own_data' WHERE true"
    me = f"account:{ME}"

    def enters_one(of=None, agency=OWN, marking=1, by=me, ended="NULL"):
        of = of or number(0)
        return f"""INSERT INTO store_dispute (agency, kind, target, of_id, "row", marking, fields,
            ground, why, due_on, opened_by, opened_at, ended_by, ended_at, ended_why) VALUES
            ('{agency}', 'person', 1, {of}, 1, {marking}, '{{}}', 'inaccurate', 'synthetic',
            now(), '{by}', now(), '', {ended}, '')"""

    for what, reader, given, entry, comes in (
        ("of a return", ANALYST, (stated,), enters_one(), "1"),
        ("by who stated no purpose", ANALYST, (), enters_one(), REFUSED),
        ("by an agency", SUPERVISOR, (stated,), enters_one(), REFUSED),
        ("in another's name", ANALYST, (stated,), enters_one(by="account:1"), REFUSED),
        ("that has ended", ANALYST, (stated,), enters_one(ended="now()"), REFUSED),
        ("of no return", ANALYST, (stated,), enters_one(of=7), REFUSED),
        ("of another agency's", ANALYST, (stated,), enters_one(agency=OTHERS), REFUSED),
        ("marked otherwise", ANALYST, (stated,), enters_one(marking=0), REFUSED),
    ):
        yield Situation(f"a dispute {what}", given, (enters(reader), entry), comes)
    ends = f"UPDATE store_dispute SET ended_by = '{me}', ended_at = now()"
    no_reading = "DELETE FROM gate.rule WHERE permission = 'read_disputes'"
    answers = """INSERT INTO gate.rule (role, permission, bound)
        VALUES ('analyst', 'answer_dispute', false)"""
    theirs, ours = (f"UPDATE store_dispute SET agency = '{each}'" for each in (OTHERS, OWN))
    own = [0, 1, 5]
    seen = [place for place in own if SUPERVISOR.is_in(WALLS[place].compartment)]
    for what, reader, given, comes in (
        ("by the agency", SUPERVISOR, (), str(_copies_of(seen, "store_dispute"))),
        ("by who reads none", SUPERVISOR, (no_reading,), "0"),
        ("by who answers the person", ANALYST, (stated, ours), REFUSED),
        ("of another agency, by who answers the person", ANALYST, (stated, theirs), REFUSED),
        ("of another agency, by who answers for their own", ANALYST, (answers, theirs), REFUSED),
    ):
        yield Situation(f"disputes ended {what}", given, (enters(reader), ends), comes)


def _copies_of(places, table):
    """How many rows of a table are planted for some places of walls."""
    rows = TABLES[table].rows
    return sum(2**at for at, row in enumerate(rows) if row["of"] in places)


def _links(enters):
    """Who reads links and does not decide changes none; who decides and does not read, neither."""
    for table, change, deeds in (
        ("store_linkpair", "weight = 1", "'link_records', 'decide_link'"),
        ("store_linkproposal", f"agreed_by = 'account:{ME}'", "'decide_link'"),
    ):
        asked = (enters(ANALYST), f"UPDATE {table} SET {change}")
        yield Situation(f"{table} changed", (), asked, str(_copies(range(len(TABLES[table].rows)))))
        for permissions in (deeds, "'read_links'"):
            taken = f"DELETE FROM gate.rule WHERE permission IN ({permissions})"
            what = f"{table} changed without {permissions}"
            yield Situation(what, (taken,), asked, "0")


def _owners_of_what_broke(enters):
    """A return, a report and a person of one name are three things: who owns the compartment of one
    is told of glass that was broken for that alone.
    """
    mine, other = number(0), number(1)
    tables = {"return": "store_return", "report": "store_intelligencereport"}
    base = (
        f"UPDATE store_compartment SET owner_id = CASE id WHEN {mine} THEN {ME} ELSE {OTHER} END",
        *(f"UPDATE {table} SET compartment_id = NULL" for table in tables.values()),
    )
    for kind, table in tables.items():
        held = f"UPDATE {table} SET compartment_id = {mine} WHERE id = {number(0)}"
        for asked, target, comes in (
            *((each, number(0), str(each == kind)) for each in tables),
            (kind, other, "False"),
            ("person", "record 0", str(kind == "return")),
            ("return", "record 0", "False"),
            ("person", "nobody", "False"),
        ):
            yield Situation(
                f"the owner of what holds a {kind}, of {asked} {target}",
                (*base, held),
                (enters(ANALYST), f"SELECT gate.owns_what_broke('{asked}', '{target}')"),
                comes,
            )


def _agencies(enters):
    """Who ends an agency, which, and when."""
    manager = next(
        (
            reader
            for reader in (ADMINISTRATOR, Reader("requirement_manager"), ANALYST)
            if reader.may("change_agency")
        ),
        None,
    )
    assert manager
    change = (
        "SELECT gate.change_agency('merged', '{}', '{{{}}}', '{}', {}, 'synthetic', '') IS NULL"
    )
    for what, reader, given, comes in (
        ("merged", manager, ("essex", "surrey", "surrey", "current_date - 1"), "False"),
        ("by who may not", AUDITOR, ("essex", "surrey", "surrey", "current_date - 1"), REFUSED),
        ("one's own", manager, ("kent", "surrey", "surrey", "current_date - 1"), REFUSED),
        ("of a day to come", manager, ("essex", "surrey", "surrey", "current_date + 2"), WRONG),
        ("kept by another", manager, ("essex", "surrey", "devon", "current_date - 1"), WRONG),
        ("into itself", manager, ("essex", "essex", "essex", "current_date - 1"), WRONG),
        ("closed", manager, ("essex", "", "", "current_date - 1"), "False"),
    ):
        open_ = "UPDATE store_appointment SET ended_why = '', ended_by = ''"
        yield Situation(
            f"an agency ended {what}", (open_,), (enters(reader), change.format(*given)), comes
        )


def _naming(key, enters):
    """Where somebody is named behind the scenes, for who answers them, for the purpose of it."""
    own = f"WHERE session_key = '{key_hash(key)}'"
    states = f"UPDATE store_session SET purpose = 'own_data' {own}"
    entry = """INSERT INTO store_logentry (id, at, who, purpose, action, detail, previous, hash,
        sealed_by) VALUES ({0}, now(), 'a', 'b', 'c', '{1}', '', 'synthetic {0}', '')"""
    given = (
        states,
        entry.format(900001, '{"person": "person:synthetic"}'),
        entry.format(900002, '{"touched": {"set": "synthetic set"}}'),
        entry.format(900003, '{"touched": {"set": "another"}}'),
        "INSERT INTO store_recordset VALUES ('synthetic set', '{person:synthetic,person:other}')",
        "INSERT INTO store_recordset VALUES ('another', '{person:other}')",
        "UPDATE store_brokenglass SET target = 'person:synthetic' WHERE kind <> 'person'",
    )
    asked = """SELECT string_agg(place || ' ' || number, ', ' ORDER BY place, number)
        FROM gate.naming('{person:synthetic}')"""
    comes = "store_logentry 900001, store_logentry 900002, store_recordset synthetic set"
    yield Situation("who names somebody, for who answers", given, (enters(ANALYST), asked), comes)
    yield Situation("for another purpose", given[1:], (enters(ANALYST), asked), REFUSED)
    yield Situation("for who answers nobody", given, (enters(AUDITOR), asked), REFUSED)
    yield Situation("for the machine", given, (asked,), comes, of_owner=True)
