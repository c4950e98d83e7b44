"""The gate in the database: who may see and write which rows by the web's login, by the policy.

The commands of the machine log in as the service and are not walled; the pages log in as the web
and see what the session they were asked in may see (`gate.sql`, `docs/decisions/0041`).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection

from darkfigure.cases.records import KINDS, RecordKind
from darkfigure_hub.store import gate_products
from darkfigure_hub.store.clocks import review_clocks
from darkfigure_hub.store.gate_persons import persons_disposed
from darkfigure_hub.store.gate_rules import rules_of_roles
from darkfigure_hub.store.logins import SERVICE, WEB
from darkfigure_hub.store.secret import seal_key

#: The functions, in the order in which they are made.
_PARTS = ("", "_walls", "_glass", "_agencies", "_disposal", "_subjects", "_running", "_telling")
_SQL = tuple(Path(__file__).with_name(f"gate{part}.sql").read_text("utf-8") for part in _PARTS)
CASES = tuple(f"case_{kind}" for kind in KINDS)


def _of_opened(kind: RecordKind) -> str:
    """Which case records are shown of what was opened: those of a return, those of a person."""
    named = [each.name for each in kind.kept if each.name in ("person", "victim")]
    who = ["record"] if kind.name == "person" else named
    persons = [f"{each} = ANY((SELECT gate.broken('person'))::text[])" for each in who]
    seen = "AND gate.marking_of(wall) <= (SELECT gate.sees())"
    of_person = f" OR ({' OR '.join(persons)}) {seen}" if persons else ""
    return f"return_id = ANY((SELECT gate.opened('return'))::bigint[]){of_person}"


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
#: Rows that are shown beside, of what somebody broke through to: by the number of what they belong
#: to, of a person by the pseudonym, up to the marking that one sees.
OPENED: dict[str, str] = {
    "store_return": "id = ANY((SELECT gate.opened('return'))::bigint[])",
    "store_wall": "id = ANY((SELECT gate.broken_walls())::integer[])",
    "store_block": "of_id = ANY((SELECT gate.opened('return'))::bigint[])",
    "store_statement": "block_id = ANY((SELECT gate.opened_blocks())::bigint[])",
    "store_intelligencereport": "id = ANY((SELECT gate.opened('report'))::bigint[])",
    "store_intelligenceitem": "id = ANY((SELECT gate.opened_items())::bigint[])",
    **dict.fromkeys(
        ("store_itemgrade", "store_itemlink", "store_secondgrade"),
        "item_id = ANY((SELECT gate.opened_items())::bigint[])",
    ),
    **{f"case_{name}": _of_opened(kind) for name, kind in KINDS.items()},
}
#: Those that take the wall of what they belong to as they are entered; rows that come by COPY carry
#: it.
TAKEN = tuple(name for name in WALLED if name not in ("store_statement", *CASES))
#: Tables whose rows are seen under a condition of their own, and the permissions of which it takes
#: one to write them; with none, whoever asks anything leaves a row. Where there is nothing in its
#: place the functions of the gate alone write.
CONDITIONS: dict[str, tuple[str, tuple[str, ...] | None]] = {
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
    "store_keptanswer": (
        # Most were given behind no list of walls: then none is worked out.
        """marking IS NULL OR marking <= (SELECT gate.sees())
        AND (listed = '{}' AND below <= (SELECT gate.below())
            OR gate.covers(below, listed, (SELECT gate.below()),
                (SELECT gate.own_walls() || gate.broken_walls())::integer[]))""",
        (),
    ),
    **gate_products.CONDITIONS,
    "store_unansweredquestion": ("(SELECT gate.may('read_gaps'))", ("raise_gap", "fill_gap")),
    "store_informationrequest": (
        """(SELECT gate.may('request_information'))
        OR (SELECT gate.may('read_asks')) AND agency = (SELECT gate.agency())""",
        ("request_information",),
    ),
    "store_submission": (
        """(SELECT gate.may('read_submissions')) AND agency = (SELECT gate.agency())
        AND marking <= (SELECT gate.sees()) AND gate.handles(kind)
        AND (compartment_id IS NULL
            OR compartment_id = ANY((SELECT gate.compartments())::integer[]))""",
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
    "store_wall": (
        "id < (SELECT gate.below()) OR id = ANY((SELECT gate.own_walls())::integer[])",
        None,
    ),
    "store_compartment": (
        """id = ANY((SELECT gate.compartments())::integer[])
        OR (SELECT gate.may('name_compartment'))
        OR 'account:' || owner_id = (SELECT gate.who())""",
        ("name_compartment",),
    ),
    "store_compartmentgrant": (
        """(SELECT gate.may('grant_compartment')) OR (SELECT gate.may('read_log'))
        OR 'account:' || account_id = (SELECT gate.who())""",
        ("grant_compartment",),
    ),
    "store_handlingcondition": (
        "EXISTS (SELECT FROM store_itemgrade g WHERE g.condition_id = store_handlingcondition.id)",
        None,
    ),
    "store_brokenglass": (
        """'account:' || account_id = (SELECT gate.who()) OR (SELECT gate.may('read_log'))
        OR gate.owns_what_broke(kind, target)""",
        ("break_glass",),
    ),
    "store_agencychange": ("true", None),
    "store_job": (
        "'account:' || account_id = (SELECT gate.who())",
        ("run_job", "save_question"),
    ),
    "store_savedquestion": ("'account:' || account_id = (SELECT gate.who())", ("save_question",)),
    "store_webhook": (
        "(SELECT gate.may('tend_webhooks')) AND agency = (SELECT gate.agency())",
        ("tend_webhooks",),
    ),
    "identity.addressee": (
        """(SELECT gate.may('read_responses'))
        AND EXISTS (SELECT FROM store_response r WHERE r.id = response_id)""",
        ("register_response",),
    ),
    **dict.fromkeys(
        ("store_hold", "store_disposal"),
        (
            """((SELECT gate.may('propose_disposal')) OR (SELECT gate.may('read_log')))
        AND gate.sees_thing(kind, target)""",
            ("propose_disposal",),
        ),
    ),
    "store_dispute": (
        """(SELECT gate.may('read_disputes')) AND gate.sees_thing('return', of_id)
        AND (NOT (SELECT gate.is_bound()) OR agency = ANY((SELECT gate.agencies())::text[]))""",
        ("answer_subject", "answer_dispute"),
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
    "store_linkproposal": ("(SELECT gate.may('read_links'))", ("decide_link",)),
    **dict.fromkeys(
        ("store_linkpair", "store_linkedrecord", "store_linkrun", "store_linkdecision"),
        ("(SELECT gate.may('read_links'))", ("link_records", "decide_link")),
    ),
}
#: The table of it that came last: the gate is made where all its tables are there.
LATEST = "store_editionfile"
#: What is asked beside that of a row that is entered, and of one as it is changed where that is
#: something else.
ENTERED = {
    **{
        name: CONDITIONS[name][0]
        for name in (
            *("store_sentonce", "store_wish", "store_job"),
            "store_savedquestion",
        )
    },
    "store_webhook": "agency = (SELECT gate.agency())",
    "store_submission": f"""({CONDITIONS["store_submission"][0]})
        AND drafted_by = (SELECT gate.who())""",
    "store_linkproposal": """proposed_by = (SELECT gate.who()) AND agreed_at IS NULL
        AND withdrawn_at IS NULL""",
    "store_compartment": "named_by = (SELECT gate.who()) AND closed_at IS NULL",
    "store_compartmentgrant": """'account:' || account_id <> (SELECT gate.who())
        AND proposed_by = (SELECT gate.who()) AND approved_at IS NULL""",
    "store_brokenglass": """'account:' || account_id = (SELECT gate.who())
        AND gate.may_break(kind, target)""",
    **gate_products.ENTERED,
    "store_dispute": """(SELECT gate.may('answer_subject')) AND opened_by = (SELECT gate.who())
        AND ended_at IS NULL AND EXISTS (SELECT FROM store_return r WHERE r.id = of_id
            AND r.agency = store_dispute.agency AND r.marking = store_dispute.marking)""",
    "store_hold": """held_by = (SELECT gate.who()) AND ended_at IS NULL
        AND gate.sees_thing(kind, target)""",
    "store_disposal": """proposed_by = (SELECT gate.who()) AND carried_out_at IS NULL
        AND withdrawn_at IS NULL AND gate.may_be_disposed_of(kind, target)""",
}
CHANGED = {
    **ENTERED,
    "store_submission": CONDITIONS["store_submission"][0],
    "store_linkproposal": "(SELECT gate.who()) IN (agreed_by, withdrawn_by)",
    "store_compartment": "closed_by = (SELECT gate.who())",
    "store_compartmentgrant": """'account:' || account_id <> (SELECT gate.who())
        AND (ended_by = (SELECT gate.who()) OR approved_by = (SELECT gate.who()))""",
    "store_brokenglass": "'account:' || account_id = (SELECT gate.who())",
    **gate_products.CHANGED,
    "store_dispute": """(SELECT gate.may('answer_dispute'))
        AND agency = ANY((SELECT gate.agencies())::text[]) AND ended_by = (SELECT gate.who())""",
    "store_hold": "ended_by = (SELECT gate.who())",
    "store_disposal": "withdrawn_by = (SELECT gate.who()) AND carried_out_at IS NULL",
}
#: Of whose roles somebody decides: of others, and where they are an agency's, of its people.
_REACH = """
    'account:' || account_id <> (SELECT gate.who())
    AND (NOT (SELECT gate.is_bound()) OR agency = (SELECT gate.agency()))"""
_SEEN = "(wall < (SELECT gate.below()) OR wall = ANY((SELECT gate.own_walls())::integer[]))"
#: Columns that are filled in once: nothing else of a row is changed once it was entered.
_ENDED = ("ended_by", "ended_at", "ended_why")
_WITHDRAWN = ("withdrawn_by", "withdrawn_at", "withdrawn_why")
COMPLETED = {
    "store_appointment": ("approved_by", "approved_at", *_ENDED),
    "store_compartment": ("closed_by", "closed_at"),
    "store_compartmentgrant": ("approved_by", "approved_at", *_ENDED),
    "store_brokenglass": ("closed_at",),
    "store_release": ("approved_by", "approved_at", "published_at", *_WITHDRAWN),
    **dict.fromkeys(("store_hold", "store_dispute"), _ENDED),
    "store_disposal": (*_WITHDRAWN[:2], "carried_out_by", "carried_out_at", "gone", "sha256"),
}
#: Rows that the rights of logins (`roles.py`) let be removed, and that they let nobody change.
REMOVED = ("store_sentonce", "identity.draft", "identity.enquiry", "identity.addressee")
UNCHANGED = (
    *("store_response", "store_responsepart", "store_logentry", "store_recordset"),
    *gate_products.UNCHANGED,
    *REMOVED[1:],
)
#: Columns that stay as they were entered: who drafted what, which another releases.
STAY = {
    "store_linkproposal": ("kind", "undoes_id", "reason", "grave", "proposed_by", "proposed_at"),
    "store_submission": ("drafted_by", "drafted_at", "kind", "sha256", "size", "replaces_id"),
}
#: Functions that the functions of the gate alone call.
_INNER = (
    "mac(text)",
    "let_in(bigint, text, text, integer, text)",
    "settle_item(bigint)",
    "dispose_of_file(text)",
    "dispose_of_return(bigint)",
    "dispose_of_report(bigint)",
    "dispose_of_person(bigint, bigint, bigint[], text)",
    *("dispose_of_drafts(bigint[], text)", "sees_draft(integer, bigint)"),
    *("rows_of_person(text)", "unname_person(text)"),
    "person_of(bigint)",
    "person_stands_in(bigint)",
)


def statements() -> list[str]:
    """What makes the gate, in order."""
    return [
        *_SQL,
        review_clocks(),
        *persons_disposed(),
        *rules_of_roles(),
        *(each for table, writes in WALLED.items() for each in _kept(table, _SEEN, writes)),
        *(each for table, given in CONDITIONS.items() for each in _kept(table, *given)),
        *_appointments("store_appointment"),
        *_tokens("store_token"),
        *_outbox("store_outgoing"),
        *(each for table in TAKEN for each in _trigger(table, "take_wall", "BEFORE INSERT")),
        *(
            each
            for table in ("store_itemgrade", "store_takenback")
            for each in _trigger(table, "settles", "AFTER INSERT")
        ),
        *_trigger("store_brokenglass", "breaks", "BEFORE INSERT"),
        *_trigger("store_hold", "names_returns", "BEFORE INSERT"),
        *_trigger("store_disposal", "names_returns", "BEFORE INSERT"),
        *(
            each
            for table, columns in COMPLETED.items()
            for each in _trigger(table, "only_completes", "BEFORE UPDATE", *columns)
        ),
        *(
            each
            for table, columns in STAY.items()
            for each in _trigger(table, "stays", "BEFORE UPDATE", *columns)
        ),
        f"GRANT USAGE ON SCHEMA gate TO {SERVICE}, {WEB}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gate FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gate TO {SERVICE}, {WEB}",
        *(f"REVOKE EXECUTE ON FUNCTION gate.{each} FROM {SERVICE}, {WEB}" for each in _INNER),
    ]


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


def _kept(table: str, seen: str, writes: tuple[str, ...] | None) -> list[str]:
    """A table of which rows are shown under a condition, and written by who has one of some
    permissions; by nobody where there is nothing in their place. Rows behind walls are entered
    where they are seen, and none is removed.
    """
    made = [*_open(table), *_policy(table, "seen", f"FOR SELECT TO {WEB} USING ({seen})")]
    if table in OPENED:
        made += _policy(table, "opened", f"FOR SELECT TO {WEB} USING ({OPENED[table]})")
    if writes is None:
        return made
    may, walled = _may(writes), {table: seen} if table in WALLED else {}
    entered, becomes = ((walled | held).get(table) for held in (ENTERED, CHANGED))
    entered = f"{may} AND ({entered})" if entered else may
    reached = f"{may} AND ({seen})"
    made += _policy(table, "entered", f"FOR INSERT TO {WEB} WITH CHECK ({entered})")
    changed = f"FOR UPDATE TO {WEB} USING ({reached}) WITH CHECK ({becomes or 'true'})"
    for name, there, clause in (
        ("changed", table not in UNCHANGED, changed),
        ("removed", table in REMOVED, f"FOR DELETE TO {WEB} USING ({reached})"),
    ):
        policy = _policy(table, name, clause)
        made += policy if there else policy[:1]
    return made


def _appointments(table: str) -> list[str]:
    """Nobody gives themselves a role, approves what they proposed, or decides on another agency's
    people; who signs in is told their own roles before they are let in.
    """
    proposes = f"(SELECT gate.may('appoint')) AND proposed_by = (SELECT gate.who()) AND {_REACH}"
    decides = (
        f"(SELECT gate.may('approve_appointment') OR gate.may('end_appointment')) AND {_REACH}"
    )
    decided = "(SELECT gate.who()) IN (approved_by, ended_by) AND approved_by <> proposed_by"
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
            f"FOR UPDATE TO {WEB} USING ({decides}) WITH CHECK ({_REACH} AND {decided})",
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
            f"WITH CHECK ({reach} AND revoked_at IS NOT NULL)",
        ),
    ]


def _outbox(table: str) -> list[str]:
    """Whoever is let in leaves what is to be sent; an administrator sees it, and has what was given
    up tried once more. The worker at the machine sends.
    """
    tends = "(SELECT gate.may('tend_outbox'))"
    words = "response_id IS NOT NULL AND (SELECT gate.may('read_responses'))"
    return [
        *_open(table),
        *_policy(table, "seen", f"FOR SELECT TO {WEB} USING ({tends} OR {words})"),
        *_policy(
            table,
            "entered",
            f"FOR INSERT TO {WEB} WITH CHECK ((SELECT gate.is_let_in()) AND attempt = 0 "
            "AND ended_at IS NULL AND webhook_id IS NULL "
            "AND (response_id IS NULL OR (SELECT gate.may('send_word'))))",
        ),
        *_policy(
            table,
            "changed",
            f"FOR UPDATE TO {WEB} USING ({tends} AND outcome = 'given up') "
            "WITH CHECK (outcome = '' AND attempt = 0)",
        ),
    ]


def _trigger(table: str, name: str, when: str, *arguments: str) -> list[str]:
    given = ", ".join(f"'{each}'" for each in arguments)
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION gate.{name}({given})",
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


#: What the gate is made of: its text follows from these alone, and from the kinds of case record.
_SOURCES = (
    *("gate.py", "gate_products.py", "gate_persons.py", "clocks.py"),
    *("policy.py", "policy.csv", "purposes.csv"),
)


def _made() -> str:
    """What is to stand in the database: a digest of all that the gate is made of, and of the key of
    seals. To write the statements out takes ten times as long, at each start.
    """
    folder = Path(__file__).parent
    held = [(folder / each).read_text(encoding="utf-8") for each in _SOURCES]
    return sha256("\n".join([*held, *_SQL, repr(OPENED), seal_key().hex()]).encode()).hexdigest()


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
