"""Changes to the gate of the database, made by way of trial: each policy, condition, check and
trigger taken away, each right given to who has it not. What each is called, and the statements
that make it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from darkfigure_hub.store import gate
from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.policy import is_bound, permissions_of, rules

POLICY = re.compile(r"CREATE POLICY (\w+) ON (\S+) ")
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION gate\.(\w+)")
#: Functions that do work and let nobody see: `test_agencies_that_end`, `test_disposal` and
#: `test_persons_disposed` hold what they do, `test_running` what is counted. Whom they refuse is
#: said in `support_situations`.
DOES = {
    "change_agency", "dispose_of_file", "dispose_of_report", "dispose_of_return", "review_clocks",
    "work_counted", "dispose_of_person", "unname_person", "rows_of_person", "person_of",
    "person_stands_in",
}  # fmt: skip
#: Roles that no connection of the web's login is ever let in as.
NOBODY = {"operator", "newcomer"}
JOINED = re.compile(r"\s(AND|OR)\s")
#: Where a condition ends at its own depth, and where the first of several begins.
ENDS = re.compile(
    r"\s(AND|OR|WHERE|THEN|ELSE|END|UNION|ORDER|GROUP|LIMIT|OFFSET|RETURNING|AS|FOR UPDATE"
    r"|ON CONFLICT|JOIN|LOOP|LEFT JOIN)\b|[;,]|\$\$"
)
BEGINS = re.compile(r"(WHERE|ON|WHEN|IF|SELECT|RETURN|THEN|ELSE|FILTER|,)\s+$")
CHECKED = re.compile(r"(?<!END )(?<!ELS)\bIF\b([^;]*?)\bTHEN\b", re.DOTALL)


def conditions(text):
    """The conditions of a text that are joined with others: from where to where, and by what."""
    depth, found = 0, set()
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if joined := JOINED.match(text, at):
            found.add((joined.end(), _ends(text, joined.end()), joined[1]))
            found.add((_begins(text, at), at, joined[1]))
    return sorted(found)


def _ends(text, at):
    depth = 0
    while at < len(text):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth < 0 or (depth == 0 and ENDS.match(text, at)):
            break
        at += 1
    return at


def _begins(text, at):
    """Where the condition that ends here begins."""
    depth = 0
    while at > 0:
        depth += (text[at - 1] == ")") - (text[at - 1] == "(")
        if depth < 0 or (
            depth == 0
            and (BEGINS.search(text, max(0, at - 9), at) or JOINED.search(text[at - 5 : at]))
        ):
            break
        at -= 1
    return at


def without(text):
    """The text with each of its conditions left out in turn: what goes, and what is left."""
    for begins, ends, joined in conditions(text):
        condition = " ".join(text[begins:ends].split())
        if condition not in ("", "true", "(true)"):
            neutral = "true" if joined == "AND" else "false"
            yield condition, f"{text[:begins]} {neutral} {text[ends:]}"


@dataclass(frozen=True)
class Change:
    """What it is called, the table whose rows it is about, the statements that make it."""

    what: str
    table: str | None
    statements: list[str]


def of_policies():
    """Each policy dropped, and each of its conditions."""
    for statement in gate.statements():
        found = POLICY.match(statement)
        if not found or found[1] in ("of_the_owner", "of_the_machine"):
            continue
        name, table = found.groups()
        drop = f"DROP POLICY {name} ON {table}"
        yield Change(f"{table} {name}: none", table, [drop])
        for condition, changed in without(statement):
            yield Change(f"{table} {name}: not {condition}", table, [drop, changed])
        if "(true)" not in statement:
            command = re.search(r"FOR (\w+)", statement)[1]
            clause = {"INSERT": "WITH CHECK (true)"}.get(command, "USING (true)")
            wide = f"CREATE POLICY more ON {table} FOR {command} TO {WEB} {clause}"
            yield Change(f"{table} {name}: everything", table, [wide])


def of_triggers():
    """Each trigger dropped."""
    for statement in gate.statements():
        if statement.startswith("CREATE TRIGGER"):
            name, table = re.match(r"CREATE TRIGGER (\w+) .* ON (\S+) FOR", statement).groups()
            yield Change(f"{table}: no {name}", table, [f"DROP TRIGGER {name} ON {table}"])


def of_functions():
    """Each condition and each check of a function left out."""
    for statement in gate.statements():
        for each in re.split(r"(?=CREATE OR REPLACE FUNCTION)", statement):
            found = FUNCTION.match(each)
            if found and found[1] not in DOES:
                head, body, _ = each.split("$$", 2)
                for condition, left in without(body):
                    changed = f"{head}$${left}$$"
                    yield Change(f"gate.{found[1]}: not {condition}", None, [changed])
                for check in CHECKED.finditer(body):
                    left = f"{body[: check.start(1)]} false {body[check.end(1) :]}"
                    changed = f"{head}$${left}$$"
                    said = " ".join(check[1].split())
                    yield Change(f"gate.{found[1]}: never {said}", None, [changed])


def of_rights():
    """Each right to a table that the web's login has not, given to it."""
    tables = (*gate.WALLED, *gate.CONDITIONS, "store_appointment", "store_token", "store_outgoing")
    for table in tables:
        given = [("DELETE", table not in gate.REMOVED), ("TRUNCATE", True)]
        given.append(("UPDATE", table in gate.UNCHANGED))
        for right, more in given:
            if more:
                yield Change(f"{table}: {right}", table, [f"GRANT {right} ON {table} TO {WEB}"])


def of_roles():
    """Each permission that the gate asks for given to a role that has it not."""
    asked = {
        name
        for statement in gate.statements()
        for name in re.findall(r"gate\.may\('(\w+)'\)", statement)
    }
    for role in sorted({rule.role for rule in rules()} - NOBODY):
        for name in sorted(asked - permissions_of(role)):
            yield Change(
                f"{role} may {name}",
                None,
                [
                    "INSERT INTO gate.rule (role, permission, bound) "
                    f"VALUES ('{role}', '{name}', {is_bound(role)})"
                ],
            )


def changes() -> Iterator[Change]:
    """All of them, one of those that differ by the table's name alone: tables are kept alike. Those
    that are called alike are numbered.
    """
    held, named = set(), Counter()
    for source in (of_policies, of_triggers, of_functions, of_rights, of_roles):
        for change in source():
            said = (change.what, *change.statements)
            alike = (
                change.table in gate.TAKEN,
                *(each.replace(change.table or "\0", "TABLE") for each in said),
            )
            if alike not in held:
                held.add(alike)
                named[change.what] += 1
                times = named[change.what]
                yield change if times == 1 else replace(change, what=f"{change.what} ({times})")
