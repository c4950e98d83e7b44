"""Tokens of programs: told once, sealed over what they may, revoked for good. All synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.programs import let_in
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.programs import Wanted, make_token, revoke_token, show_tokens
from darkfigure_hub.flows.submit import (
    discard_submission,
    draft_submission,
    release_submission,
    show_submission,
    show_submissions,
)
from darkfigure_hub.store.models import LogEntry, Submission, Token
from darkfigure_hub.store.policy import GRANTS, permissions_granted
from support import statement, statement_file

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WANTED = Wanted("kent", "case system", ["returns"], Marking.OFFICIAL, TODAY + timedelta(days=30))


def administrator(number=900_003, agency="kent"):
    return for_account(
        f"account:{number}", Role.AGENCY_ADMINISTRATOR, agency, Marking.PUBLIC, "test"
    )


def program(*grants, agency="kent", by=900_003, marking=Marking.OFFICIAL):
    """The scope of a program whose token has these grants."""
    wanted = replace(WANTED, agency=agency, grants=grants, marking=marking)
    return let_in(make_token(administrator(by, agency), wanted).written, "test")


def kents_file(folder, value=12, name="own.csv"):
    made = statement(period="2024", value=value, stated_by="Kent", stated_on="2026-02-01")
    return statement_file(folder / name, made).read_bytes()


def test_a_token_is_told_once_and_lets_its_program_in():
    made = make_token(administrator(), WANTED)
    assert made.written not in repr(made)
    (row,) = Token.objects.values()
    assert made.written not in str(row)
    scope = let_in(made.written, "test")
    assert (scope.who, scope.agency, scope.sees) == (f"token:{made.number}", "kent", 1)
    assert scope.bound
    assert scope.permissions == permissions_granted(["returns"])
    (held,) = show_tokens(administrator())
    assert held.state == "good"
    assert held.used_at is not None
    told = str([*LogEntry.objects.values_list("who", "purpose", "action", "detail")])
    assert "token made" in told
    assert made.written not in told
    assert row["key_hash"] not in told


@pytest.mark.parametrize("grant", GRANTS)
def test_a_program_may_what_its_token_is_granted_and_nothing_else(grant):
    scope = program(grant)
    assert scope.may(Permission.DRAFT_SUBMISSION) is (grant not in ("figures", "release"))
    assert scope.may(Permission.READ_ASKS) is (grant == "replies")
    assert scope.may(Permission.READ_FIGURES) is (grant == "figures")
    assert scope.may(Permission.RELEASE_SUBMISSION) is (grant == "release")
    for never in (Permission.APPOINT, Permission.MAKE_TOKEN, Permission.READ_NAMES):
        assert not scope.may(never)
    for kind in ("return", "report", "replies"):
        assert scope.handles(kind) is (kind in GRANTS[grant])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agency": "essex"}, "your own agency alone"),
        ({"agency": "the moon"}, "moon"),
        ({"called": " "}, "what the token is for"),
        ({"called": "x" * 61}, "what the token is for"),
        ({"grants": []}, "granted something"),
        ({"grants": ["everything"]}, "there is no everything"),
        ({"grants": ["returns", "release"]}, "does not both send"),
        ({"until": TODAY - timedelta(days=1)}, "a day that is over"),
        ({"until": TODAY + timedelta(days=366)}, "for a year at most"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(wrong, said):
    with pytest.raises(DarkfigureError, match=said):
        make_token(administrator(), replace(WANTED, **wrong))
    assert not Token.objects.exists()


def test_only_administrators_make_and_revoke():
    made = make_token(administrator(), WANTED)
    for role in (Role.REPORTING_OFFICER, Role.AGENCY_SUPERVISOR, Role.ANALYST):
        scope = for_account("account:1", role, "kent", 2, "test")
        for deed in (
            lambda scope=scope: make_token(scope, WANTED),
            lambda scope=scope: revoke_token(scope, made.number, "x"),
            lambda scope=scope: show_tokens(scope),
        ):
            with pytest.raises(NotPermitted):
                deed()
    assert show_tokens(administrator(1, "essex")) == []
    with pytest.raises(UnknownName):
        revoke_token(administrator(1, "essex"), made.number, "x")
    assert let_in(made.written, "test")


def test_what_is_revoked_over_or_changed_lets_nobody_in():
    made = make_token(administrator(), WANTED)
    row = Token.objects.get()
    changes = [
        {"revoked_at": timezone.now(), "revoked_by": "x"},
        {"until": timezone.now()},
        {"until": row.until + timedelta(days=1)},
        {"seal": ""},
        {"seal": "0" * 64},
        {"agency": "essex"},
        {"marking": 2},
        {"grants": ["returns", "figures"]},
        {"key_hash": "0" * 64},
        {"made_by": "account:1"},
    ]
    for change in changes:
        Token.objects.filter(pk=row.pk).update(**change)
        assert let_in(made.written, "test") is None, change
        row.save(force_update=True)
        assert let_in(made.written, "test")
    for wrong in ("", "guess", made.written[:-1], made.written + "x", row.key_hash, "x" * 5000):
        assert let_in(wrong, "test") is None
    with pytest.raises(DarkfigureError, match="Say why"):
        revoke_token(administrator(), made.number, " ")
    revoke_token(administrator(), made.number, "the machine was sold")
    assert let_in(made.written, "test") is None
    with pytest.raises(DarkfigureError, match="revoked before"):
        revoke_token(administrator(), made.number, "again")
    assert [each.state for each in show_tokens(administrator())] == ["revoked"]


def test_a_program_sends_what_it_is_granted_and_another_releases(tmp_path):
    content = kents_file(tmp_path)
    returns, replies = program("returns"), program("replies")
    number = draft_submission(returns, "return", "own.csv", content, marking=Marking.OFFICIAL)
    with pytest.raises(NotPermitted):
        draft_submission(returns, "report", "own.json", b"{}", marking=Marking.OFFICIAL)
    with pytest.raises(DarkfigureError, match="higher than they see"):
        draft_submission(returns, "return", "own.csv", content)
    assert show_submissions(replies) == []
    with pytest.raises(UnknownName):
        show_submission(replies, number)
    held, checked = show_submission(returns, number)
    assert checked.is_whole
    assert checked.rows == 1
    with pytest.raises(NotPermitted):
        release_submission(returns, number, held.sha256)
    # Whoever made both tokens would be alone with it: another's releases.
    with pytest.raises(DarkfigureError, match="somebody else of your agency releases"):
        release_submission(program("release"), number, held.sha256)
    made = release_submission(program("release", by=900_004), number, held.sha256)
    assert made["rows"] == 1


def test_who_made_a_token_does_not_release_by_it_what_they_drafted(tmp_path):
    officer = for_account("account:900003", Role.REPORTING_OFFICER, "kent", 2, "test")
    content = kents_file(tmp_path)
    number = draft_submission(officer, "return", "own.csv", content, marking=Marking.OFFICIAL)
    digest = show_submission(officer, number)[0].sha256
    with pytest.raises(DarkfigureError, match="somebody else of your agency releases"):
        release_submission(program("release"), number, digest)
    assert Submission.objects.get(pk=number).released_at is None


def test_a_program_withdraws_what_it_drafted_itself(tmp_path):
    content = kents_file(tmp_path)
    one, other = program("returns"), program("returns")
    number = draft_submission(one, "return", "own.csv", content, marking=Marking.OFFICIAL)
    with pytest.raises(DarkfigureError, match="what it drafted itself"):
        discard_submission(other, number)
    discard_submission(one, number)
    assert Submission.objects.get(pk=number).discarded_by == one.who


def test_identical_bytes_of_two_agencies_are_both_kept(tmp_path):
    content = kents_file(tmp_path)
    numbers = [
        draft_submission(scope, "return", "own.csv", content, marking=Marking.OFFICIAL)
        for scope in (program("returns"), program("returns", agency="essex"))
    ]
    assert len(set(numbers)) == 2
    assert Submission.objects.filter(pk__in=numbers).values("agency").distinct().count() == 2
