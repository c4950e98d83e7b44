"""Every role at every address: what each is shown, refused or not told of, by the policy. An
address without a rule fails; pages are asked as the web asks the database. All synthetic.
"""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.roles import APPOINTED, BOUND, PERMISSIONS, Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.appoint import Proposal, propose_appointment
from darkfigure_hub.flows.compartments import Place, name_compartment, propose_place
from darkfigure_hub.flows.enquire import Opening, open_enquiry
from darkfigure_hub.flows.programs import Wanted, make_token
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store.logins import SERVICE, WEB
from darkfigure_hub.store.models import (
    Account,
    Appointment,
    Disposal,
    Dispute,
    Hold,
    Job,
    LinkProposal,
    Outgoing,
    ReceivedFile,
    Return,
    Webhook,
)
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.sessions import SessionStore
from darkfigure_hub.web.signing_in import PROVED

#: Whoever asks.
ANYBODY = "anybody"
#: Whoever signed in, whatever they act as.
SIGNED_IN = "signed in"
#: The library's own pages of signing in, which send on who has no business there.
SIGNING_IN = "signing in"
#: Whoever reads the log, may open what is hidden, or owns a compartment of which something was.
TOLD = "told of what was opened"
#: What is done with the account of somebody who works here, for a reason.
OF_AN_ACCOUNT = ("desk_disable", "desk_unbind")
RULES: dict[str, str | Permission] = {
    **dict.fromkeys(("desk_glass", "desk_glass_feed"), TOLD),
    **dict.fromkeys(
        ("front", "ask", "bridge", "disclosures", "disclosures_atom", "disclosures_json"), ANYBODY
    ),
    **dict.fromkeys(("disclosures_csv", "estimates", "flow", "held", "measures"), ANYBODY),
    **dict.fromkeys(
        ("response", "source", "understand", "join", "health", "ready", "metrics", "asking"),
        ANYBODY,
    ),
    **dict.fromkeys(("released", "released_file"), ANYBODY),
    **dict.fromkeys(
        ("desk_releases", "desk_release_figures", "desk_release_file"), Permission.READ_RELEASES
    ),
    **dict.fromkeys(
        ("desk_editions", "desk_edition", "desk_edition_file"), Permission.READ_RELEASES
    ),
    "desk_prepare_release": Permission.PREPARE_RELEASE,
    **dict.fromkeys(
        ("desk_approve_release", "desk_publish_release", "desk_withdraw_release"),
        Permission.APPROVE_RELEASE,
    ),
    **dict.fromkeys(("desk_judgements", "desk_judgement"), Permission.READ_JUDGEMENT),
    "desk_draft_judgement": Permission.DRAFT_JUDGEMENT,
    **dict.fromkeys(
        ("desk_review_judgement", "desk_send_judgement_back"), Permission.REVIEW_JUDGEMENT
    ),
    **dict.fromkeys(
        ("desk_approve_judgement", "desk_withdraw_judgement"), Permission.APPROVE_JUDGEMENT
    ),
    "desk_resolve_judgement": Permission.RESOLVE_JUDGEMENT,
    **dict.fromkeys(("desk", "desk_acting", "desk_sessions", "desk_policy"), SIGNED_IN),
    "desk_people": Permission.READ_PEOPLE,
    "desk_person": Permission.READ_PEOPLE,
    "desk_invite": Permission.APPOINT,
    "desk_approve": Permission.APPROVE_APPOINTMENT,
    "desk_code": Permission.APPROVE_APPOINTMENT,
    "desk_end": Permission.END_APPOINTMENT,
    "desk_disable": Permission.END_APPOINTMENT,
    "desk_unbind": Permission.END_APPOINTMENT,
    "desk_asks": Permission.READ_ASKS,
    "desk_reply": Permission.DRAFT_SUBMISSION,
    "desk_late": Permission.RAISE_ASK,
    "desk_submissions": Permission.READ_SUBMISSIONS,
    "desk_submission": Permission.READ_SUBMISSIONS,
    "desk_draft": Permission.DRAFT_SUBMISSION,
    **dict.fromkeys(
        ("desk_type", "desk_type_report", "desk_type_record", "desk_another_record"),
        Permission.DRAFT_SUBMISSION,
    ),
    **dict.fromkeys(
        ("desk_type_item", "desk_change_item", "desk_leave_out_item"), Permission.DRAFT_SUBMISSION
    ),
    "desk_mend": Permission.DRAFT_SUBMISSION,
    "desk_release": Permission.RELEASE_SUBMISSION,
    "desk_send_back": Permission.RELEASE_SUBMISSION,
    "desk_discard": Permission.DRAFT_SUBMISSION,
    "desk_take_back": Permission.TAKE_BACK,
    **dict.fromkeys(
        (
            "desk_enquiries",
            "desk_enquiry",
            "desk_responses",
            "desk_response",
            "desk_changed",
            "desk_owed",
        ),
        Permission.READ_RESPONSES,
    ),
    **dict.fromkeys(
        ("desk_opening", "desk_part", "desk_without", "desk_close", "desk_correcting"),
        Permission.DRAFT_RESPONSE,
    ),
    "desk_release_response": Permission.REGISTER_RESPONSE,
    "desk_withdraw": Permission.REGISTER_RESPONSE,
    "desk_word": Permission.SEND_WORD,
    "desk_told": Permission.CHOOSE_TOLD,
    **dict.fromkeys(("desk_saved", "desk_save", "desk_saved_question"), Permission.SAVE_QUESTION),
    **dict.fromkeys(
        ("desk_webhooks", "desk_webhook", "desk_end_webhook"), Permission.TEND_WEBHOOKS
    ),
    "desk_outbox": Permission.TEND_OUTBOX,
    "desk_again": Permission.TEND_OUTBOX,
    "desk_tokens": Permission.READ_TOKENS,
    "desk_token": Permission.MAKE_TOKEN,
    "desk_revoke": Permission.REVOKE_TOKEN,
    **dict.fromkeys(
        ("desk_links", "desk_links_waiting", "desk_agree_link", "desk_withdraw_link"),
        Permission.DECIDE_LINK,
    ),
    "desk_items": Permission.GRADE_ITEM,
    "desk_grade": Permission.GRADE_ITEM,
    "desk_second": Permission.GRADE_ITEM,
    "desk_coverage": Permission.READ_COVERAGE,
    "desk_log": Permission.READ_LOG,
    "desk_purpose": SIGNED_IN,
    **dict.fromkeys(("desk_agencies", "desk_end_agency"), Permission.CHANGE_AGENCY),
    **dict.fromkeys(
        ("desk_compartments", "desk_letting", "desk_approve_place", "desk_end_place"),
        Permission.GRANT_COMPARTMENT,
    ),
    **dict.fromkeys(("desk_naming", "desk_close_compartment"), Permission.NAME_COMPARTMENT),
    **dict.fromkeys(("desk_break", "desk_opened"), Permission.BREAK_GLASS),
    "desk_sight": Permission.READ_LOG,
    **dict.fromkeys(
        (
            "desk_disposal",
            "desk_disposal_drafts",
            "desk_hold",
            "desk_propose_disposal",
            "desk_end_hold",
            "desk_withdraw_disposal",
        ),
        Permission.PROPOSE_DISPOSAL,
    ),
    **dict.fromkeys(
        ("desk_subjects", "desk_subject_export", "desk_subject_dispute"), Permission.ANSWER_SUBJECT
    ),
    "desk_disputes": Permission.READ_DISPUTES,
    "desk_keep_disputed": Permission.ANSWER_DISPUTE,
    "desk_carry_out": Permission.CARRY_OUT_DISPOSAL,
    **dict.fromkeys(("desk_jobs", "desk_job", "desk_cancel"), Permission.RUN_JOB),
    "desk_estimating": Permission.ESTIMATE,
    "desk_linking": Permission.LINK_RECORDS,
}
#: What each is asked for beside its name.
ASKED = {
    "response": ["RESPONSE-1"],
    "desk_response": ["RESPONSE-1"],
    "desk_correcting": ["RESPONSE-1"],
    "desk_withdraw": ["RESPONSE-1"],
    "desk_word": ["RESPONSE-1"],
    "source": ["0000000000000000-000000"],
    "desk_reply": ["ASK-1"],
    "desk_type_record": ["person"],
    "desk_late": ["ASK-1"],
    "released_file": ["releases/referrals/2009-q1/v1/index.html"],
    "desk_release_file": [1, "index.html"],
    "desk_edition_file": [1, "restricted", "assessment.html"],
}
WANTED = Wanted("kent", "synthetic", ["returns"], Marking.OFFICIAL, timezone.localdate())
#: Statuses of a page that is shown: there may be nothing to show, or the address asks nothing.
SHOWN = {200, 302, 400, 404}


def addresses():
    """The name of every address of the pages, and whether it takes a number."""
    found = []

    def walk(patterns, prefix=""):
        for each in patterns:
            if isinstance(each, URLResolver):
                walk(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern):
                found.append((each.name, prefix + str(each.pattern)))

    walk(get_resolver().url_patterns)
    return found


PAGES = [(name, path) for name, path in addresses() if not path.startswith("api/")]
LIBRARY = [name for name, path in PAGES if path.startswith("account/")]
OURS = [(name, path) for name, path in PAGES if not path.startswith("account/")]


def test_every_address_has_a_rule():
    assert {name for name, _ in OURS} == set(RULES)
    assert len(LIBRARY) > 15
    # Of the interface for programs every route is looked at in its own tests: it only reads.
    assert any(path.startswith("api/") for _, path in addresses())


@pytest.fixture
def clients(apart, operator):
    """A browser of each role, of Kent and of Essex, and one of nobody; something of Kent's is
    there.
    """
    held = {None: Client(HTTP_HOST="127.0.0.1")}
    for role, agency in product(APPOINTED, ("kent", "essex")):
        if role not in BOUND and agency != "kent":
            continue  # the centre's are of no agency that reports
        account = Account.objects.create(
            email=f"{role}.{agency}@example.org", name="Alex Invented", made_by="test"
        )
        made = Appointment.objects.create(
            account=account,
            agency=agency if role in BOUND else "NCA",
            role=str(role),
            marking=2,
            proposed_by="a",
            approved_by="b",
            approved_at=timezone.now(),
        )
        held[role, agency] = signed_in(account, made.pk)
    return held


def signed_in(account, acting):
    """A browser in which somebody signed in, just now, with a second factor."""
    browser, session = Client(HTTP_HOST="127.0.0.1"), SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session["acting"], session[PROVED] = acting, True
    at = timezone.now().timestamp()
    record = {"method": "password", "at": at, "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    browser.cookies["darkfigure_session"] = session.session_key
    return browser


def there_is_a_dispute():
    """A record of Kent's that somebody disputes. Gives its number."""
    row = {
        "kind": "person",
        "target": 1,
        "row": 1,
        "marking": 1,
        "fields": ["sex"],
        "ground": "inaccurate",
    }
    told = {"why": "SYNTHETIC reason", "due_on": timezone.localdate(), "opened_by": "a"}
    of = Return.objects.create(
        kind="cases", agency="kent", marking=1, rows=1, received_by="a", part="", source="",
        received_at=timezone.now(),
        file=ReceivedFile.objects.create(sha256="d" * 64, name="synthetic.json", size=1),
    )  # fmt: skip
    return Dispute.objects.create(agency="kent", of=of, **row, **told).pk


@pytest.fixture
def there(clients, operator):
    """A draft and a proposal of Kent's: numbers by the kind of address."""
    kents = for_account("account:0", Role.REPORTING_OFFICER, "kent", 2, "test")
    draft = draft_submission(kents, "return", "synthetic.csv", b"measure\nsynthetic\n")
    proposal = Proposal("new@example.org", "Bea Invented", "kent", "reporting_officer")
    appointment = propose_appointment(operator, proposal)
    person = Appointment.objects.get(pk=appointment).account_id
    desk = for_account("account:0", Role.ANSWERS_DESK, "NCA", 2, "test")
    enquiry = open_enquiry(desk, Opening(timezone.localdate(), title="SYNTHETIC"))
    of = Appointment.objects.get(role=str(Role.STATISTICIAN))
    job = Job.objects.create(kind="linking", arguments={}, account_id=of.account_id, acting=of)
    token = make_token(operator, WANTED).number
    given_up = {"outcome": "given up", "said": "x", "ended_at": timezone.now()}
    hook = {"address": "https://example.org/", "events": ["ask.raised"], "locked": "x"}
    webhook = Webhook.objects.create(agency="kent", made_by="a", **hook)
    message = Outgoing.objects.create(kind="job ended", due_at=timezone.now(), **given_up)
    compartment = name_compartment(operator, "SYNTHETIC needle")
    days = timezone.localdate(), timezone.localdate()
    place = propose_place(operator, Place(compartment, "new@example.org", *days))
    hold = Hold.objects.create(kind="report", target=1, ground="court", why="SYNTHETIC reason")
    thing = {"kind": "report", "target": 1, "due": timezone.localdate(), "why": "SYNTHETIC reason"}
    opinion = LinkProposal.objects.create(kind="merge", grave=[], reason="x", proposed_by="a")
    dispute = there_is_a_dispute()
    disposal = Disposal.objects.create(under="reports", proposed_by="a", **thing)
    return {
        "releases": 1,
        "editions": 1,
        "judgements": 1,
        "holds": hold.pk,
        "disputes": dispute,
        "proposals": opinion.pk,
        "disposal": disposal.pk,
        "outbox": message.pk,
        "compartments": compartment,
        "places": place,
        "glass": 1,
        "webhooks": webhook.pk,
        "questions": 1,
        "tokens": token,
        "jobs": job.pk,
        "submissions": draft,
        "appointments": appointment,
        "people": person,
        "enquiries": enquiry,
    }


@pytest.fixture
def as_web():
    """The process asks the database as the pages do."""
    entering.log_in_as(WEB)
    before, connection.acting = connection.acting, WEB
    connection.close()
    yield
    connection.close()
    connection.acting = before
    entering.log_in_as(SERVICE)


def address_of(name, path, there):
    number = next((number for kind, number in there.items() if f"/{kind}/" in f"/{path}"), None)
    given = ASKED.get(name, [number] if "<int:number>" in path else [])
    given = [*given, 1] if "<int:place>" in path else given
    return reverse(name, args=[*given, "new"] if "<str:letter>" in path else given)


def status(client, address):
    """The status of a page; each is asked in a connection of its own, as on the server."""
    connection.close()
    found = client.get(address)
    connection.close()
    return found.status_code, found.content.decode(errors="replace")


def test_each_role_is_shown_what_the_policy_gives_and_nothing_of_another(clients, there, as_web):
    for client in clients.values():
        status(client, "/desk/")  # its session is sealed
    wrong = []
    for (name, path), (who, client) in product(OURS, clients.items()):
        rule = RULES[name]
        address = address_of(name, path, there)
        code, text = status(client, address)
        if rule == ANYBODY:  # nobody is shown less for having signed in
            expected = {200, status(clients[None], address)[0]}
        elif who is None:
            expected = {302}
        elif rule == SIGNED_IN:
            expected = SHOWN
        else:
            role, agency = who
            own = role not in BOUND or agency == "kent"
            about = "<int:number>" in path
            if rule == TOLD:
                told = PERMISSIONS[role] & {Permission.READ_LOG, Permission.BREAK_GLASS}
                expected = SHOWN if told else {403}
            elif rule not in PERMISSIONS[role]:
                expected = {403, 404}
            elif about and not own:
                expected = (
                    {404}
                    if name not in ("desk_approve", "desk_code", "desk_end", *OF_AN_ACCOUNT)
                    else {200, 404}
                )
            else:
                expected = SHOWN
        if code not in expected:
            wrong.append((name, who, code, sorted(expected)))
        if who and who[0] in BOUND and who[1] == "essex" and "SUBMISSION-" in text:
            wrong.append((name, who, "shows Kent's draft"))
        if who is None and "/account/sign-in" not in text and code == 302 and rule != ANYBODY:
            assert client.get(address)["Location"].startswith("/account/sign-in")
    assert wrong == []


def test_a_deed_on_what_is_anothers_changes_nothing(clients, there, as_web):
    deeds = {
        "desk_approve": {},
        "desk_end": {"why": "x"},
        **{name: {"why": "x"} for name in OF_AN_ACCOUNT},
        "desk_code": {},
        "desk_release": {"digest": "x"},
        "desk_discard": {},
        "desk_part": {"ask": "arrests", "digest": "x"},
        "desk_close": {"because": "x", "digest": "x"},
        "desk_release_response": {"public": "yes", "digest": "x"},
        "desk_token": {"agency": "kent", "called": "x", "returns": "on", "marking": "PUBLIC"},
        "desk_revoke": {"why": "x"},
        "desk_naming": {"called": "x"},
        "desk_approve_place": {},
        "desk_end_place": {"why": "x"},
        "desk_close_compartment": {},
        "desk_break": {"kind": "return", "named": "1", "why": "x" * 50},
    }
    patterns = dict(OURS)
    for client in clients.values():
        status(client, "/desk/")
    before = state(there)
    for (name, given), (who, client) in product(deeds.items(), clients.items()):
        if who is not None and who[0] not in BOUND and RULES[name] in PERMISSIONS[who[0]]:
            continue  # the centre's administrator may
        if who is not None and who[1] == "kent" and RULES[name] in PERMISSIONS[who[0]]:
            continue
        connection.close()
        told = client.post(address_of(name, patterns[name], there), given)
        assert told.status_code in (302, 400, 403, 404), (name, who, told.status_code)
        connection.close()
        assert state(there) == before, (name, who)


def test_who_prepares_releases_does_and_who_reads_them_opens_one(clients, operator, as_web):
    content = json.dumps(
        {
            "series": "recovered",
            "edition": "2008",
            "title": "SYNTHETIC: persons recovered",
            "summary": "SYNTHETIC",
            "publisher": "Centre",
            "contact": "statistics@example.org",
            "licence": "Open Government Licence v3.0",
            "out": "2100-01-01 09:30",
            "tables": [{"code": "all", "title": "In all", "ask": "arrests", "as_at": "2009-11-01"}],
        }
    )
    preparing = [each for each in clients if each and Permission.PREPARE_RELEASE in may(each)]
    assert len(preparing) > 1
    for place, each in enumerate(preparing):
        status(clients[each], "/desk/")
        connection.close()
        plan = SimpleUploadedFile("plan.json", content.replace("2008", f"{2008 + place}").encode())
        told = clients[each].post("/desk/releases/prepare", {"plan": plan})
        assert told.status_code == 302, (each, told.content.decode()[:3000])
        connection.close()
    listed = status(clients[preparing[0]], "/desk/releases")[1]
    first = re.findall(r"/desk/releases/(\d+)", listed)[0]
    for each, client in clients.items():  # also as the first page after signing in
        reads = each and Permission.READ_RELEASES in may(each)
        expected = 200 if reads else 403 if each else 302
        assert status(client, f"/desk/releases/{first}")[0] == expected, each


@pytest.fixture
def newcomer(apart):
    """A browser of somebody who joined, and has no role yet."""
    account = Account(email="new@example.org", name="Bea Invented", made_by="test")
    account.set_unusable_password()
    account.save()
    return signed_in(account, None)


def test_who_has_no_role_yet_reads_what_anybody_does(newcomer, as_web):
    anybody = Client(HTTP_HOST="127.0.0.1")
    for address in ("/", "/held", "/estimates", "/answers", "/measures", "/released/"):
        assert status(newcomer, address)[0] == status(anybody, address)[0] == 200, address
    assert status(newcomer, "/desk/submissions")[0] == 403


def may(whom):
    """What a role may do."""
    return PERMISSIONS[whom[0]]


def state(there):
    connection.close()
    connection.acting = SERVICE
    entering.log_in_as(SERVICE)
    try:
        held = Appointment.objects.filter(pk=there["appointments"]).values().get()
        account = Account.objects.filter(pk=there["people"]).values("disabled_at", "joining").get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), max(id) FROM store_submission")
            drafts = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM identity.draft")
            kept = cursor.fetchone()
            cursor.execute("SELECT to_jsonb(e) FROM store_enquiry e")
            asked = cursor.fetchall()
            cursor.execute("SELECT count(*), count(revoked_at) FROM store_token")
            tokens = cursor.fetchone()
            cursor.execute(
                "SELECT to_jsonb(c), to_jsonb(g) FROM store_compartment c "
                "LEFT JOIN store_compartmentgrant g ON true"
            )
            places = cursor.fetchall()
            cursor.execute("SELECT count(*) FROM store_brokenglass")
            glass = cursor.fetchone()
        found = [held, account, drafts, kept, asked, tokens, places, glass]
        return json.dumps(found, default=str)
    finally:
        connection.close()
        connection.acting = WEB
        entering.log_in_as(WEB)
