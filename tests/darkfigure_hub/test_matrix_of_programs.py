"""Every grant at every route of the interface that is asked by a token: what each does, is refused
or not told of, of its own agency and of another. As the web asks the database; all synthetic.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.programs import let_in
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.access.sealing import asked_by
from darkfigure_hub.api.routes import api
from darkfigure_hub.api.submitting import STREAMS, Lines
from darkfigure_hub.flows.programs import Wanted, make_token
from darkfigure_hub.flows.stream_statements import LetInNoMore, stream_statements
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store import roles
from darkfigure_hub.store.logins import SERVICE, WEB
from darkfigure_hub.store.models import Submission
from darkfigure_hub.store.policy import GRANTS, permissions_granted
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.queries import statement_stream

#: What it takes to ask each.
RULES = {
    ("post", "/api/submissions"): Permission.DRAFT_SUBMISSION,
    ("get", "/api/submissions"): Permission.READ_SUBMISSIONS,
    ("get", "/api/submissions/{number}"): Permission.READ_SUBMISSIONS,
    ("post", "/api/submissions/{number}/release"): Permission.RELEASE_SUBMISSION,
    ("post", "/api/submissions/{number}/withdraw"): Permission.DRAFT_SUBMISSION,
    ("get", "/api/asks"): Permission.READ_ASKS,
    ("post", "/api/asks/{code}/replies"): Permission.READ_ASKS,
    ("get", "/api/statements.ndjson"): Permission.READ_FIGURES,
}
DONE = {200, 201, 400, 404, 409}


def test_every_route_has_a_rule():
    described = api.get_openapi_schema()["paths"]
    assert set(RULES) == {
        (method, path)
        for path, methods in described.items()
        for method, told in methods.items()
        if told.get("security")
    }


@pytest.fixture
def there(apart):
    """A draft of each kind of Kent's, and a token of each grant for Kent and for Essex."""
    officer = for_account("account:0", "reporting_officer", "kent", 2, "test")
    drafts = {
        kind: draft_submission(officer, kind, "x.csv", b"x", marking=Marking.OFFICIAL)
        for kind in ("return", "report", "replies")
    }
    until, tokens = timezone.localdate() + timedelta(days=1), {}
    for grant, agency in product(GRANTS, ("kent", "essex")):
        maker = for_account("account:1", "agency_administrator", agency, 0, "test")
        wanted = Wanted(agency, "synthetic", [grant], Marking.OFFICIAL, until)
        tokens[grant, agency] = make_token(maker, wanted).written
    entering.log_in_as(WEB)
    before, connection.acting = connection.acting, WEB
    connection.close()
    yield drafts, tokens
    connection.close()
    connection.acting = before
    entering.log_in_as(SERVICE)


def asked(method, path, token, query=""):
    """Status and text; each is asked in a connection of its own, as on the server."""
    connection.close()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{path} {token}"}
    body = {"data": REPLY, "content_type": "application/json"} if method == "post" else {}
    client = Client(HTTP_HOST="127.0.0.1")
    found = getattr(client, method)(f"{path}?{query}", headers=headers, **body)
    text = b"".join(found) if found.streaming else found.content
    connection.close()
    return found.status_code, text.decode()


REPLY = '{"kind": "not_held", "signed_off_by": "x"}'


def test_each_grant_does_what_the_policy_gives_and_nothing_of_another(there):
    drafts, tokens = there
    wrong = []
    for (grant, agency), token in tokens.items():
        for (method, path), rule in RULES.items():
            for kind, number in drafts.items():
                place = path.format(number=number, code="ASK-1")
                code, text = asked(method, place, token, QUERIES.get(path, ""))
                if rule not in permissions_granted([grant]):
                    expected = {403}
                elif "{number}" in path and (agency != "kent" or kind not in GRANTS[grant]):
                    expected = {404}
                elif path.endswith("withdraw"):
                    expected = {409}  # somebody else drafted it
                elif (method, path) == ("post", "/api/submissions"):
                    expected = {201} if "return" in GRANTS[grant] else {403}
                else:
                    expected = DONE
                if code not in expected:
                    wrong.append((grant, agency, method, place, kind, code, sorted(expected)))
                if agency == "essex" and '"kent"' in text:
                    wrong.append((grant, agency, method, place, "tells of Kent"))
    assert wrong == []
    connection.close()
    connection.acting = SERVICE
    entering.log_in_as(SERVICE)
    found = Submission.objects.filter(pk__in=drafts.values())
    assert {each.released_at or each.discarded_at for each in found} == {None}


QUERIES = {"/api/submissions/{number}/release": "sha256=x"}


def test_who_is_revoked_while_they_read_is_given_no_more(there, monkeypatch):
    """Asked again between batches, and at the latest after half a minute."""
    monkeypatch.setattr(statement_stream, "BATCH", 1)
    monkeypatch.setattr(statement_stream, "AGAIN", 0.0)
    token = there[1]["figures", "kent"]
    with asked_by(token):
        connection.close()
        scope = let_in(token, "test")
        batches = stream_statements(scope, timezone.localdate())
        connection.close()
    assert len(next(batches)) == 1
    assert len(next(batches)) == 1
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE store_token SET revoked_at = now(), revoked_by = 'x'")
    with pytest.raises(LetInNoMore):
        for _ in batches:
            pass
    assert STREAMS.acquire(blocking=False)
    text = b"".join(Lines({"agency": "kent"}, iter_cut()))
    assert b"count" not in text


def iter_cut():
    yield [{"value": 1}]
    raise LetInNoMore
