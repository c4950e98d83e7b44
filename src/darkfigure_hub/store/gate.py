"""The gate in the database: who may see and write which rows by the web's login, by the policy.

The commands of the machine log in as the service and are not walled; the pages log in as the web
and see what the session they were asked in may see (`gate.sql`, `docs/decisions/0041`).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection

from darkfigure.cases.records import KINDS
from darkfigure_hub.store.logins import SERVICE, WEB
from darkfigure_hub.store.policy import is_bound, permissions_of, rules
from darkfigure_hub.store.secret import seal_key

_SQL = Path(__file__).with_name("gate.sql").read_text(encoding="utf-8")
CASES = tuple(f"case_{kind}" for kind in KINDS)
#: Tables whose rows stand behind walls, and the permissions of which it takes one to write them.
WALLED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("store_return", "store_block", "store_statement", *CASES), ("receive_return",)
    ),
    **dict.fromkeys(("store_intelligencereport", "store_intelligenceitem"), ("file_report",)),
    **dict.fromkeys(("store_itemlink", "store_askreply"), ("file_report",)),
    "store_itemgrade": ("file_report", "grade_item"),
    "store_secondgrade": ("grade_item",),
    **dict.fromkeys(("store_ask", "store_askchange", "store_lateexception"), ("raise_ask",)),
}
#: Those that take the wall of what they belong to as they are entered; rows that come by COPY carry
#: it.
TAKEN = tuple(name for name in WALLED if name not in ("store_statement", *CASES))
#: Tables whose rows are seen under a condition of their own, and the permissions of which it takes
#: one to write them; with none, whoever asks anything leaves a row.
CONDITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "store_returnremark": (
        "EXISTS (SELECT FROM store_return r WHERE r.id = of_id)",
        ("receive_return",),
    ),
    "store_filepiece": (
        """EXISTS (SELECT FROM store_return r WHERE r.file_id = store_filepiece.file_id)
        OR EXISTS (SELECT FROM store_intelligencereport r
            WHERE r.file_id = store_filepiece.file_id)
        OR EXISTS (SELECT FROM store_askreply r WHERE r.file_id = store_filepiece.file_id)""",
        ("receive_return", "file_report"),
    ),
    "store_requirementedition": ("marking <= (SELECT gate.sees())", ("set_requirement",)),
    "store_keptanswer": ("marking IS NULL OR marking <= (SELECT gate.sees())", ()),
    "store_response": (
        "public OR (SELECT gate.may('read_responses')) AND marking <= (SELECT gate.sees())",
        ("register_response",),
    ),
    "store_responsepart": (
        "EXISTS (SELECT FROM store_response r WHERE r.id = of_id)",
        ("register_response",),
    ),
    "store_unansweredquestion": ("(SELECT gate.may('read_gaps'))", ("raise_gap", "fill_gap")),
    "store_informationrequest": (
        """(SELECT gate.may('request_information'))
        OR (SELECT gate.may('read_asks')) AND agency = (SELECT gate.agency())""",
        ("request_information",),
    ),
    "store_submission": (
        """(SELECT gate.may('read_submissions')) AND agency = (SELECT gate.agency())
        AND marking <= (SELECT gate.sees()) AND gate.handles(kind)""",
        ("draft_submission", "release_submission"),
    ),
    "store_sentonce": (
        "agency = (SELECT gate.agency()) AND (SELECT gate.role()) = 'program'",
        ("draft_submission", "release_submission"),
    ),
    "identity.draft": (
        "EXISTS (SELECT FROM store_submission s WHERE s.id = submission_id)",
        ("draft_submission", "release_submission"),
    ),
    "store_takenback": ("true", ("take_back", "file_report", "register_response")),
    "store_job": (
        "'account:' || account_id = (SELECT gate.who())",
        ("run_job",),
    ),
    "store_wish": ("'account:' || account_id = (SELECT gate.who())", ("choose_told",)),
    "store_logentry": (
        "(SELECT gate.may('read_log')) OR id >= (SELECT gate.last_entry())",
        (),
    ),
    "store_recordset": ("(SELECT gate.may('read_log'))", ()),
    "store_enquiry": (
        "(SELECT gate.may('read_responses')) AND marking <= (SELECT gate.sees())",
        ("draft_response", "register_response"),
    ),
    "identity.enquiry": (
        "EXISTS (SELECT FROM store_enquiry e WHERE e.id = enquiry_id)",
        ("draft_response", "register_response"),
    ),
    "person_link": (
        "EXISTS (SELECT FROM case_person p WHERE p.record = person_link.record)",
        ("link_records", "decide_link"),
    ),
    **dict.fromkeys(
        ("store_linkpair", "store_linkedrecord", "store_linkrun", "store_linkdecision"),
        ("(SELECT gate.may('read_links'))", ("link_records", "decide_link")),
    ),
}
#: The table of it that came last: the gate is made where all its tables are there.
LATEST = "store_outgoing"
#: Those of them in which nobody enters what they would not see.
CHECKED = ("store_submission", "store_sentonce", "store_wish")
#: Of whose roles somebody decides: of others, and where they are an agency's, of its people.
_REACH = """
    'account:' || account_id <> (SELECT gate.who())
    AND (NOT (SELECT gate.is_bound()) OR agency = (SELECT gate.agency()))"""
_SEEN = "(wall < (SELECT gate.below()) OR wall = ANY((SELECT gate.own_walls())::integer[]))"


def statements() -> list[str]:
    """What makes the gate, in order."""
    return [
        _SQL,
        *(_rules()),
        *(each for table, writes in WALLED.items() for each in _walled(table, writes)),
        *(each for table, given in CONDITIONS.items() for each in _conditional(table, *given)),
        *_appointments("store_appointment"),
        *_tokens("store_token"),
        *_outbox("store_outgoing"),
        *(each for table in TAKEN for each in _taking(table)),
        f"GRANT USAGE ON SCHEMA gate TO {SERVICE}, {WEB}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gate FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gate TO {SERVICE}, {WEB}",
        *(
            f"REVOKE EXECUTE ON FUNCTION gate.{each} FROM {SERVICE}, {WEB}"
            for each in ("mac(text)", "let_in(bigint, text, text, integer)")
        ),
    ]


def _rules() -> list[str]:
    roles = sorted({rule.role for rule in rules()})
    granted = {(rule.role, rule.permission): sorted(rule.grants) for rule in rules()}
    values = ", ".join(
        f"('{role}', '{permission}', {is_bound(role)}, {_array(granted.get((role, permission)))})"
        for role in roles
        for permission in sorted(permissions_of(role))
    )
    return [
        "DELETE FROM gate.rule",
        f"INSERT INTO gate.rule (role, permission, bound, grants) VALUES {values}",
    ]


def _array(names: list[str] | None) -> str:
    return f"ARRAY[{', '.join(map(repr, names))}]" if names else "NULL"


def _open(table: str) -> list[str]:
    """A table shut to all but its owner and the commands of the machine."""
    made = [f"ALTER TABLE {table} {each} ROW LEVEL SECURITY" for each in ("ENABLE", "FORCE")]
    for name, whom in (("of_the_owner", "CURRENT_USER"), ("of_the_machine", SERVICE)):
        made += [
            f"DROP POLICY IF EXISTS {name} ON {table}",
            f"CREATE POLICY {name} ON {table} TO {whom} USING (true) WITH CHECK (true)",
        ]
    return made


def _policy(table: str, name: str, clause: str) -> list[str]:
    return [
        f"DROP POLICY IF EXISTS {name} ON {table}",
        f"CREATE POLICY {name} ON {table} {clause}",
    ]


def _may(writes: tuple[str, ...]) -> str:
    asked = " OR ".join(f"gate.may('{each}')" for each in writes)
    return f"(SELECT {asked})" if writes else "true"


def _walled(table: str, writes: tuple[str, ...]) -> list[str]:
    may = _may(writes)
    return [
        *_open(table),
        *_policy(table, "seen", f"FOR SELECT TO {WEB} USING ({_SEEN})"),
        *_policy(table, "entered", f"FOR INSERT TO {WEB} WITH CHECK ({may} AND {_SEEN})"),
        *_policy(
            table, "changed", f"FOR UPDATE TO {WEB} USING ({may} AND {_SEEN}) WITH CHECK ({_SEEN})"
        ),
    ]


def _conditional(table: str, seen: str, writes: tuple[str, ...]) -> list[str]:
    may = _may(writes)
    held = f"{may} AND ({seen})" if table in CHECKED else may
    return [
        *_open(table),
        *_policy(table, "seen", f"FOR SELECT TO {WEB} USING ({seen})"),
        *_policy(table, "entered", f"FOR INSERT TO {WEB} WITH CHECK ({held})"),
        *_policy(
            table, "changed", f"FOR UPDATE TO {WEB} USING ({may} AND ({seen})) WITH CHECK ({held})"
        ),
        *_policy(table, "removed", f"FOR DELETE TO {WEB} USING ({may} AND ({seen}))"),
    ]


def _appointments(table: str) -> list[str]:
    """Nobody gives themselves a role, approves what they proposed, or decides on another agency's
    people; who signs in is told their own roles before they are let in.
    """
    proposes = f"(SELECT gate.may('appoint')) AND proposed_by = (SELECT gate.who()) AND {_REACH}"
    decides = (
        f"(SELECT gate.may('approve_appointment') OR gate.may('end_appointment')) AND {_REACH}"
    )
    return [
        *_open(table),
        *_policy(table, "seen", f"FOR SELECT TO {WEB} USING (true)"),
        *_policy(
            table,
            "entered",
            f"FOR INSERT TO {WEB} WITH CHECK ({proposes} AND approved_at IS NULL)",
        ),
        *_policy(
            table,
            "changed",
            f"FOR UPDATE TO {WEB} USING ({decides}) "
            "WITH CHECK (approved_by = '' OR approved_by <> proposed_by)",
        ),
    ]


def _tokens(table: str) -> list[str]:
    """Administrators see and make the tokens of their agency, and revoke them for good; a program
    sees its own. What a token may is sealed: whoever changes it here ends it.
    """
    reach = "(NOT (SELECT gate.is_bound()) OR agency = (SELECT gate.agency()))"
    own = "'token:' || id = (SELECT gate.who())"
    made = "(SELECT gate.may('make_token')) AND made_by = (SELECT gate.who())"
    revokes = f"(SELECT gate.may('revoke_token')) AND {reach}"
    return [
        *_open(table),
        *_policy(
            table,
            "seen",
            f"FOR SELECT TO {WEB} USING ((SELECT gate.may('read_tokens')) AND {reach} OR {own})",
        ),
        *_policy(
            table,
            "entered",
            f"FOR INSERT TO {WEB} WITH CHECK ({made} AND {reach} AND revoked_at IS NULL)",
        ),
        *_policy(
            table,
            "changed",
            f"FOR UPDATE TO {WEB} USING ({revokes} AND revoked_at IS NULL) "
            f"WITH CHECK ({revokes} AND revoked_at IS NOT NULL)",
        ),
    ]


def _outbox(table: str) -> list[str]:
    """Whoever is let in leaves what is to be sent; an administrator sees it, and has what was given
    up tried once more. The worker at the machine sends.
    """
    tends = "(SELECT gate.may('tend_outbox'))"
    return [
        *_open(table),
        *_policy(table, "seen", f"FOR SELECT TO {WEB} USING ({tends})"),
        *_policy(
            table,
            "entered",
            f"FOR INSERT TO {WEB} WITH CHECK ((SELECT gate.is_let_in()) AND attempt = 0 "
            "AND ended_at IS NULL)",
        ),
        *_policy(
            table,
            "changed",
            f"FOR UPDATE TO {WEB} USING ({tends} AND outcome = 'given up') "
            f"WITH CHECK ({tends} AND outcome = '' AND attempt = 0)",
        ),
    ]


def _taking(table: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS take_wall ON {table}",
        f"CREATE TRIGGER take_wall BEFORE INSERT ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION gate.take_wall()",
    ]


#: What there is of the gate, as the database has it: policies, functions, triggers, rights.
_STANDS = """
SELECT encode(sha256(convert_to(string_agg(part, E'\\n' ORDER BY part), 'UTF8')), 'hex') FROM (
    SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) AS part
    FROM pg_policies WHERE schemaname IN ('public', 'identity')
    UNION ALL
    SELECT concat_ws(' ', c.relname, c.relrowsecurity, c.relforcerowsecurity)
    FROM pg_class c WHERE c.relkind = 'r'
        AND c.relnamespace IN ('public'::regnamespace, 'identity'::regnamespace)
    UNION ALL
    SELECT concat_ws(' ', p.proname, p.proacl, pg_get_functiondef(p.oid))
    FROM pg_proc p WHERE p.pronamespace = 'gate'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    WHERE NOT tgisinternal
    UNION ALL
    SELECT concat_ws(' ', relname, relacl) FROM pg_class WHERE relnamespace = 'gate'::regnamespace
) AS parts
"""


def _made() -> str:
    """What is to stand in the database: the text of the gate, and the key of seals."""
    return sha256("\n".join([*statements(), seal_key().hex()]).encode()).hexdigest()


def make() -> None:
    """Make the gate, by the owner."""
    key = seal_key().ljust(64, b"\0")
    pads = [bytes(each ^ filler for each in key) for filler in (0x36, 0x5C)]
    with connection.cursor() as cursor:
        for each in statements():
            cursor.execute(each)
        cursor.execute("DELETE FROM gate.key")
        cursor.execute("INSERT INTO gate.key VALUES (%s, %s)", pads)
        cursor.execute(f"GRANT SELECT ON gate.state TO {SERVICE}, {WEB}")
        cursor.execute("DELETE FROM gate.state")
        cursor.execute(f"INSERT INTO gate.state VALUES (%s, ({_STANDS}))", [_made()])


def is_made(cursor: Any) -> bool:
    """Whether the gate stands as the policy says, and nothing of it was taken away since."""
    cursor.execute("SELECT to_regclass('gate.state')")
    if cursor.fetchone()[0] is None:
        return False
    cursor.execute(f"SELECT made, stands = ({_STANDS}) FROM gate.state")
    return bool(cursor.fetchone() == (_made(), True))
