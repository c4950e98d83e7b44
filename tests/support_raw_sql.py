"""Every statement that the web's login can try on every table with walls, as each role, on rows
that are planted for every situation, with what `support_writes` says comes of it. All synthetic.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from darkfigure_hub.access.sealing import seal_of, token_hash, token_seal
from darkfigure_hub.store import roles
from darkfigure_hub.store.models import Account, Appointment, Session
from darkfigure_hub.store.sessions import key_hash
from support_gate import SIMPLE
from support_situations import situations
from support_writes import ME, OTHER, READERS, TABLES, WALLS, Wall, number

UNTIL = timezone.now().replace(microsecond=0) + timedelta(days=1)
#: Columns of the tests' own, by which a row says to what it belongs.
OWN = {"of", "marked", "place"}
#: What tries statements in turn and undoes each: how many rows it reached, or that it was refused.
TRIED = """
CREATE FUNCTION public.tried(statements text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    each text;
    reached bigint;
    came text[] := '{}';
BEGIN
    FOREACH each IN ARRAY statements LOOP
        BEGIN
            EXECUTE each;
            GET DIAGNOSTICS reached = ROW_COUNT;
            RAISE EXCEPTION 'undone' USING ERRCODE = 'DF001';
        EXCEPTION
            WHEN SQLSTATE 'DF001' THEN came := came || reached::text;
            WHEN insufficient_privilege THEN came := came || 'refused'::text;
        END;
    END LOOP;
    RETURN came;
END $$
"""


class Planted:
    """The rows of the model in the database: of the situation at place n, two to the nth, so that
    how many rows a statement reached says which.
    """

    def __init__(self, cursor):
        self.cursor, self.columns, self.walls = cursor, {}, {}
        cursor.execute(TRIED)
        cursor.execute(
            "SELECT c.oid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, "
            "attidentity <> '' FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid "
            "WHERE c.oid = ANY(%s::regclass[]) AND attnum > 0 AND NOT attisdropped",
            [[*TABLES]],
        )
        for table, *column in cursor.fetchall():
            self.columns.setdefault(table, []).append(column)

    def wall(self, wall):
        """The number of a wall."""
        if wall not in self.walls:
            self.cursor.execute(
                "SELECT gate.wall_of(%s, %s, %s, CASE WHEN %s "
                "THEN gate.condition_of('{}', '{}', '{}', false, NULL)::int ELSE 0 END)",
                [wall.agency, wall.marking, wall.compartment or 0, wall.condition],
            )
            self.walls[wall] = self.cursor.fetchone()[0]
        return self.walls[wall]

    def written(self, value):
        """A value as SQL writes it."""
        if isinstance(value, Wall):
            return str(self.wall(value))
        if isinstance(value, list):
            held = (str(self.wall(each)) if isinstance(each, Wall) else each for each in value)
            return f"'{{{','.join(held)}}}'"
        if value is None or isinstance(value, bool | int):
            return "NULL" if value is None else str(value)
        return f"'{value}'"

    def row(self, table, given, who):
        """A row's columns: what is given, and something in each that is not left out."""
        made, given = {}, named(given, who)
        for name, kind, needed, identity in self.columns[table]:
            if name in given:
                made[name] = self.written(given[name])
            elif needed and not identity:
                made[name] = SIMPLE.get(kind, "'{}'" if kind.endswith("[]") else "'1'")
        return made

    def plain(self, table):
        """A column of no account, set to something."""
        given = {name for row in TABLES[table].rows for name in row}
        filled = self.row(table, {}, "")
        name = next((each for each in filled if each not in given), next(iter(filled)))
        return f'"{name}" = {filled[name]}'

    def insert(self, table, rows, who):
        """A statement that enters rows, each with a number of its own; where one takes the wall of
        what it belongs to, it says that it is open to all.
        """
        said = {"wall": WALLS[3]} if TABLES[table].takes else {}
        given = [{name: {**row, **said}[name] for name in row if name != "id"} for row in rows]
        made = [self.row(table, row, who) for row in given]
        columns = [*made[0]]
        values = ", ".join(f"({', '.join(row[each] for each in columns)})" for row in made)
        return f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) VALUES {values}"

    def plant(self, table, row, begins, copies):
        """Enter a row so many times, with numbers that begin so."""
        held = self.row(table, row, f"account:{ME}")
        if any(name == "id" and identity for name, *_, identity in self.columns[table]):
            held["id"] = f"{begins} + n"
        if "code" in held:
            held["code"] += " || coalesce(nullif('.' || n, '.0'), '')"
        self.cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(_quoted, held))}) "
            f"SELECT {', '.join(held.values())} FROM generate_series(0, {copies - 1}) n"
        )


def _quoted(name):
    return f'"{name}"'


def _text(value):
    return value if isinstance(value, str) else ""


def planted(cursor):
    """The rows of every table."""
    tables = [name for name in TABLES if name != "store_wall"]
    cursor.execute(f"TRUNCATE {', '.join(tables)}, store_session CASCADE")
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %%I CASCADE', "
        "conrelid::regclass, conname) FROM pg_constraint "
        "WHERE contype IN ('c', 'u', 'x', 'f', 'p') AND conrelid = ANY(%s::regclass[]) "
        "UNION ALL SELECT format('DROP INDEX IF EXISTS %%s', indexrelid::regclass) FROM pg_index "
        "WHERE indisunique AND indrelid = ANY(%s::regclass[]) ORDER BY 1",
        [tables, tables],
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
    made = Planted(cursor)
    cursor.execute("SET session_replication_role = replica")
    for table, of in TABLES.items():
        for place, row in enumerate(of.rows):
            made.plant(table, row, number(place), 2**place)
    cursor.execute("SET session_replication_role = origin")
    return made


def keys(cursor):
    """What each reader is let in by: a session of the one account, a token, nothing."""
    for who in (ME, OTHER):
        Account.objects.create(pk=who, email=f"{who}@example.org", name="Alex", made_by="test")
    found = {}
    for reader in READERS:
        key = f"key of {reader}"
        if reader.role == "program":
            _token(cursor, reader, key)
        elif reader.role == "public":
            key = ""
        else:
            given = {"role": reader.role, "agency": "kent", "marking": reader.sees}
            acting = Appointment.objects.create(
                account_id=ME, proposed_by="a", approved_by="b", approved_at=timezone.now(), **given
            )
            Session.objects.create(
                session_key=key_hash(key), session_data="", expire_date=UNTIL, account_id=ME,
                acting=acting, seal=seal_of(key, ME),
            )  # fmt: skip
        found[reader] = key
    return found


def _token(cursor, reader, key):
    """One of the tokens that are planted, as that of a program."""
    by, until = f"account:{OTHER}", int(UNTIL.timestamp())
    seal = token_seal(key, "kent", reader.sees, reader.grants, until, by)
    cursor.execute(
        "UPDATE store_token SET key_hash = %s, seal = %s, marking = %s, grants = %s, "
        "until = to_timestamp(%s) WHERE id = %s",
        [token_hash(key), seal, reader.sees, [*reader.grants], until, reader.who[6:]],
    )


def expected(of, reader):
    """Each deed on a table, with what comes of it. Whoever may not write it at all tries the row
    that they might enter; what may be entered is entered at once, what may not one by one.
    """
    may = of.may(reader)
    rows = [(row, of.enters(reader, named(row, reader.who))) for row in (*of.rows, *of.entered)]
    entered = [row for row, enters in rows if may and enters]
    refused = [row for row, enters in rows if not enters] if may else _likely(rows)
    if entered:
        yield ("insert", entered), str(len(entered))
    yield from ((("insert", [row]), "refused") for row in refused)
    reached = [place for place, row in enumerate(of.rows) if may and of.reached(reader, row)]
    for change, place in (*(of.changed if may else ()), (None, None)):
        hit = [each for each in reached if place in (None, each)]
        yield ("update", change, place), _becomes(of, reader, change, hit)
    shown = sum(of.shown(reader, row, 2**place) for place, row in enumerate(of.rows))
    if of.rows:
        yield ("select",), str(shown)
    reaches = str(sum(2**place for place in reached)) if of.removed else "refused"
    yield ("delete",), reaches


def named(row, who):
    """A row with the names of whoever it speaks of."""
    names = {"me": who, "other": f"account:{OTHER}"}
    return {name: names.get(_text(value), value) for name, value in row.items()}


def _likely(rows):
    """The row that would be entered if nothing else were asked."""
    return [row for row, _ in sorted(rows, key=lambda each: not each[1])[:1]]


def _becomes(of, reader, change, hit):
    """What comes of a change of the rows at some places: how many were changed, or a refusal."""
    if not of.updated:
        return "refused"
    change = named(change or {}, reader.who)
    for place in hit:
        was = named(of.rows[place], f"account:{ME}")
        changes = {name for name, value in change.items() if was.get(name, "1") != value}
        fixed = changes - set(of.completed) if of.completed else changes & set(of.kept)
        again = {name for name in changes & set(of.completed) if was.get(name)}
        if fixed or again or not of.becomes(reader, {**was, **change}):
            return "refused"
    return str(sum(2**place for place in hit))


def statement(made, table, deed, reader):
    """A deed as SQL."""
    match deed:
        case ("insert", rows):
            return made.insert(table, rows, reader.who)
        case ("select",):
            keyed = any(name == "id" and key for name, *_, key in made.columns[table])
            return f"SELECT FROM {table} WHERE {'id > 1000' if keyed else 'true'}"
        case ("update", None, _):
            return f"UPDATE {table} SET {made.plain(table)}"
        case ("update", change, place):
            columns = made.row(table, change, reader.who)
            sets = ", ".join(f'"{each}" = {columns[each]}' for each in change)
            only = f" WHERE id / 1000 = {place + 1}" if place is not None else ""
            return f"UPDATE {table} SET {sets}{only}"
        case _:
            return f"DELETE FROM {table}"


class Matrix:
    """All of them on the database under test, whose rows are planted as it is made: for each
    reader what lets them in, and their statements by table.
    """

    def __init__(self):
        with roles.as_owner(), connection.cursor() as cursor:
            made = planted(cursor)
            let_in = keys(cursor)
            self.situations = [*situations(let_in)]
            self.asked = {
                reader: (
                    "gate.enter_program" if reader.grants else "gate.enter",
                    key,
                    [
                        (table, deed, comes, statement(made, table, deed, reader))
                        for table, of in TABLES.items()
                        for deed, comes in expected(of, reader)
                    ],
                )
                for reader, key in let_in.items()
            }

    def wrong(self, execute, reader, tables=None):
        """What of one reader's statements, on some tables or all, comes to something else, asked by
        a connection of the web's login.
        """
        function, key, deeds = self.asked[reader]
        tried = [each for each in deeds if tables is None or each[0] in tables]
        if not tried:
            return []
        let_in = execute(f"SELECT {function}(%s)", [key]).fetchone()[0]
        (came,) = execute("SELECT public.tried(%s)", [[each[3] for each in tried]]).fetchone()
        return [
            (reader, table, deed, comes, each)
            for (table, deed, comes, _), each in zip(tried, came, strict=True)
            if comes != each
        ] + ([] if let_in or not key else [(reader, "is not let in")])
