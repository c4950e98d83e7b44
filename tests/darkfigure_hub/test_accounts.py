"""Accounts: proposed by one, approved by another, joined by a code told once; who leaves is gone at
once. All synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha1

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure_hub.access import for_public
from darkfigure_hub.access.acting import acting_as
from darkfigure_hub.access.department import Department
from darkfigure_hub.access.passwords import VARIABLE, NotBreached, stands_in
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.access.sealing import locked, seal_of
from darkfigure_hub.flows.appoint import (
    Proposal,
    approve_appointment,
    code_anew,
    create_administrator,
    disable_account,
    end_appointment,
    propose_appointment,
    unbind_account,
)
from darkfigure_hub.flows.follow_up import show_outcome, take_back_submission
from darkfigure_hub.flows.join import join
from darkfigure_hub.flows.make_up_accounts import make_up_accounts
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.show_people import show_people, show_person_of_staff
from darkfigure_hub.flows.sign_in_by_department import NOT_LET_IN, Said, sign_in_by_department
from darkfigure_hub.flows.submit import (
    discard_submission,
    draft_submission,
    release_submission,
    show_submission,
    show_submissions,
)
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.models import Account, LogEntry, Session
from darkfigure_hub.store.sessions import SessionStore, key_hash
from support import examples, people, statement, statement_file

pytestmark = pytest.mark.django_db
PUBLIC = for_public("joining")
PASSWORD = "synthetic-lantern-42-harbour"
WANTED = Proposal("cem@example.org", "Cem Invented", "kent", "reporting_officer")


def administrator(number, agency="NCA", role=Role.ADMINISTRATOR):
    return for_account(f"account:{number}", role, agency, Marking.PUBLIC, "test")


@pytest.fixture
def two():
    """Two administrators of the centre's."""
    return administrator(900_001), administrator(900_002)


@pytest.fixture
def kents():
    """Two administrators of Kent's."""
    return (
        administrator(900_003, "kent", Role.AGENCY_ADMINISTRATOR),
        administrator(900_004, "kent", Role.AGENCY_ADMINISTRATOR),
    )


def test_one_proposes_another_approves_and_who_is_invited_joins(two):
    one, other = two
    number = propose_appointment(one, WANTED)
    with pytest.raises(DarkfigureError, match="somebody else approves it"):
        approve_appointment(one, number)
    code = approve_appointment(other, number)
    with pytest.raises(DarkfigureError, match="held: nothing is to approve"):
        approve_appointment(other, number)
    for email, written in (("cem@example.org", "0" * 16), ("dee@example.org", code.written)):
        with pytest.raises(DarkfigureError, match="do not belong together"):
            join(PUBLIC, email, written, PASSWORD)
    # However it is typed: small letters, spaces, o for nought and l for one.
    typed = code.written.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    account = join(PUBLIC, "CEM@example.org ", typed, PASSWORD)
    assert account.check_password(PASSWORD)
    with pytest.raises(DarkfigureError, match="holds no more"):
        join(PUBLIC, "cem@example.org", code.written, PASSWORD)
    acting = acting_as(account.pk, None)
    assert acting.title == "Reporting officer, Kent (police force)"
    # A second role needs no code, and is chosen.
    second = propose_appointment(one, replace(WANTED, role="agency_supervisor"))
    assert approve_appointment(other, second) is None
    assert acting_as(account.pk, None).appointment is None
    assert acting_as(account.pk, second).title == "Agency supervisor, Kent (police force)"
    assert acting_as(account.pk, number + 10_000).appointment is None


def test_a_code_holds_for_a_week_and_another_takes_its_place(two):
    one, other = two
    number = propose_appointment(one, WANTED)
    first = approve_appointment(other, number)
    second = code_anew(other, number)
    with pytest.raises(DarkfigureError, match="do not belong together"):
        join(PUBLIC, "cem@example.org", first.written, PASSWORD)
    Account.objects.update(joining_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DarkfigureError, match="holds no more"):
        join(PUBLIC, "cem@example.org", second.written, PASSWORD)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short-1", "too short"),
        ("password1234", "too common"),
        ("cem@example.org", "too similar"),
        ("Cem Invented", "too similar"),
        ("493026175820", "entirely numeric"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_code(two, password, said):
    code = approve_appointment(two[1], propose_appointment(two[0], WANTED))
    with pytest.raises(DarkfigureError, match=said):
        join(PUBLIC, "cem@example.org", code.written, password)
    assert join(PUBLIC, "cem@example.org", code.written, PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nobody"}, "no e-mail address"),
        ({"name": " "}, "what they are called"),
        ({"agency": "SOCA"}, "is no more"),
        ({"agency": "the moon"}, "moon"),
        ({"role": "operator"}, "no such role"),
        ({"role": "newcomer"}, "no such role"),
        ({"marking": "SECRET"}, "Nobody is cleared for that"),
        ({"marking": "loud"}, "Nobody is cleared for that"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(two, wrong, said):
    before = Account.objects.count()
    with pytest.raises(DarkfigureError, match=said):
        propose_appointment(two[0], replace(WANTED, **wrong))
    assert Account.objects.count() == before


def test_an_agency_appoints_its_own_to_its_own(kents, two):
    one, other = kents
    for wrong in ({"agency": "essex"}, {"role": "analyst"}, {"role": "administrator"}):
        with pytest.raises(DarkfigureError):
            propose_appointment(one, replace(WANTED, **wrong))
    number = propose_appointment(one, WANTED)
    elsewhere = propose_appointment(two[0], replace(WANTED, agency="essex"))
    with pytest.raises(UnknownName, match="no such appointment"):
        approve_appointment(other, elsewhere)
    with pytest.raises(UnknownName, match="no such appointment"):
        end_appointment(other, elsewhere, "x")
    approve_appointment(other, number)
    approve_appointment(two[1], elsewhere)
    (person,) = show_people(one)
    assert [each.agency for each in person.appointments] == ["kent"]
    with pytest.raises(DarkfigureError, match="other agencies as well"):
        disable_account(one, person.number, "left")
    end_appointment(two[0], elsewhere, "moved")
    disable_account(one, person.number, "left")
    assert show_person_of_staff(one, person.number).state == "disabled"
    with pytest.raises(UnknownName):
        show_person_of_staff(
            administrator(900_009, "surrey", Role.AGENCY_ADMINISTRATOR), person.number
        )


def test_nobody_touches_their_own_roles(two):
    code = approve_appointment(
        two[1], propose_appointment(two[0], replace(WANTED, role="administrator", agency="NCA"))
    )
    account = join(PUBLIC, "cem@example.org", code.written, PASSWORD)
    own = administrator(account.pk)
    with pytest.raises(DarkfigureError, match="their own roles"):
        propose_appointment(own, replace(WANTED, role="analyst", agency="NCA"))
    number = propose_appointment(two[0], replace(WANTED, role="analyst", agency="NCA"))
    for deed in (
        lambda: approve_appointment(own, number),
        lambda: end_appointment(own, number, "x"),
        lambda: disable_account(own, account.pk, "x"),
    ):
        with pytest.raises(DarkfigureError, match="their own roles"):
            deed()
    with pytest.raises(NotPermitted):
        propose_appointment(for_account("account:900005", Role.ANALYST, "NCA", 2, "x"), WANTED)


def signed_in(account):
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["seal"] = "x"
    session.create()
    return session


def test_who_leaves_is_gone_at_once_and_keeps_their_name(two):
    number = propose_appointment(two[0], WANTED)
    code = approve_appointment(two[1], number)
    account = join(PUBLIC, "cem@example.org", code.written, PASSWORD)
    session = signed_in(account)
    assert Session.objects.get().session_key == key_hash(session.session_key)
    assert session.session_key not in str(Session.objects.values().get())
    disable_account(two[0], account.pk, "left the force")
    assert not Session.objects.exists()
    assert SessionStore(session.session_key).load() == {}
    account.refresh_from_db()
    assert not account.is_active
    assert account.name == "Cem Invented"
    assert acting_as(account.pk, number).appointment is None
    with pytest.raises(DarkfigureError, match="ended already"):
        end_appointment(two[1], number, "again")


def test_the_log_names_numbers_and_nobody(two):
    code = approve_appointment(two[1], propose_appointment(two[0], WANTED))
    account = join(PUBLIC, "cem@example.org", code.written, PASSWORD)
    show_people(two[0])
    disable_account(two[0], account.pk, "left: Cem was unhappy")
    told = str([*LogEntry.objects.values_list("who", "purpose", "action", "detail")])
    for hidden in ("cem", "Cem", "Invented", "unhappy", code.written, PASSWORD):
        assert hidden not in told
    assert f"'account': {account.pk}" in told


def test_seals_and_locks_are_of_one_session_and_one_key():
    seals = {seal_of(key, account) for key in ("a" * 32, "b" * 32) for account in (1, 2)}
    assert len(seals) == 4
    assert locked().decrypt(locked().encrypt(b"synthetic")) == b"synthetic"
    assert locked().encrypt(b"synthetic") != b"synthetic"


@given(
    st.sets(st.text("abcdef0123", min_size=1, max_size=3), max_size=60),
    st.text("abcdef0123", min_size=1, max_size=3),
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_breached_password_is_found_in_a_sorted_file(tmp_path, listed, asked, counts):
    """As looking for it in a set."""
    hashes = sorted(sha1(each.encode()).hexdigest().upper() for each in listed)
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{each}{':17' if counts else ''}\n" for each in hashes))
    assert stands_in(path, asked) == (asked in listed)


def test_a_breached_password_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "breached.txt"
    path.write_text(sha1(PASSWORD.encode()).hexdigest().upper() + ":3\n")
    NotBreached().validate(PASSWORD)
    monkeypatch.setenv(VARIABLE, str(path))
    with pytest.raises(ValidationError, match="has been in a breach"):
        NotBreached().validate(PASSWORD)
    NotBreached().validate(PASSWORD + "x")


def test_the_first_administrators_are_named_at_the_machine(operator, two):
    code = create_administrator(operator, "alex@example.org", "Alex Invented", "NCA")
    assert join(PUBLIC, "alex@example.org", code.written, PASSWORD)
    with pytest.raises(DarkfigureError, match="of that address already"):
        create_administrator(operator, "ALEX@example.org", "Alex Invented", "NCA")
    with pytest.raises(NotPermitted):
        create_administrator(two[0], "bea@example.org", "Bea Invented", "NCA")


def test_made_up_accounts_are_for_trying(operator, monkeypatch):
    monkeypatch.setenv("DARKFIGURE_TLS", "1")
    with pytest.raises(DarkfigureError, match="for trying"):
        make_up_accounts(operator, ["kent"])


class TestDrafts:
    """What becomes of a draft."""

    officer = for_account("account:900001", Role.REPORTING_OFFICER, "kent", 2, "test")
    supervisor = for_account("account:900002", Role.AGENCY_SUPERVISOR, "kent", 2, "test")
    stranger = for_account("account:900003", Role.AGENCY_SUPERVISOR, "essex", 2, "test")

    @pytest.fixture(autouse=True)
    def there(self):
        people(900_001, 900_002, 900_003)

    def drafted(self, content=b"measure\nsynthetic\n", **given):
        return draft_submission(self.officer, "return", "../a/synthetic.csv", content, **given)

    def test_it_is_kept_with_its_faults_and_read_by_its_agency_alone(self):
        number = self.drafted()
        held, checked = show_submission(self.officer, number)
        assert not checked.is_whole
        assert "/" not in held.name
        assert show_submissions(self.stranger) == []
        for deed in (
            lambda: show_submission(self.stranger, number),
            lambda: release_submission(self.stranger, number, held.sha256),
            lambda: discard_submission(self.stranger, number),
            lambda: draft_submission(self.stranger, "return", "x", b"x", replaces=number),
        ):
            with pytest.raises(UnknownName, match="no such submission"):
                deed()

    def test_its_bytes_are_locked(self):
        number = self.drafted(b"given_name\nAlba Madeup\n")
        with connection.cursor() as cursor:
            cursor.execute("SELECT locked FROM identity.draft WHERE submission_id = %s", [number])
            assert b"Alba" not in bytes(cursor.fetchone()[0])
        discard_submission(self.officer, number)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM identity.draft WHERE submission_id = %s", [number])
            assert cursor.fetchone() == (0,)

    def test_a_release_is_another_persons_and_of_what_was_read(self):
        number = self.drafted()
        held, _ = show_submission(self.supervisor, number)
        with pytest.raises(NotPermitted):
            release_submission(self.officer, number, held.sha256)
        with pytest.raises(DarkfigureError, match="another than you read"):
            release_submission(self.supervisor, number, "0" * 64)
        with pytest.raises(DarkfigureError):
            release_submission(self.supervisor, number, held.sha256)  # it has faults
        assert show_submission(self.officer, number)[0].state == "drafted"
        own = draft_submission(self.supervisor, "return", "x.csv", b"measure\n")
        digest = show_submission(self.supervisor, own)[0].sha256
        with pytest.raises(DarkfigureError, match="somebody else of your agency"):
            release_submission(self.supervisor, own, digest)

    def test_an_agency_takes_back_what_it_sent_and_nothing_else(self, tmp_path, operator):
        row = statement(period="2024", value=3, stated_by="Kent", stated_on="2026-02-01")
        path = statement_file(tmp_path / "own.csv", row)
        number = self.drafted(path.read_bytes())
        digest = show_submission(self.supervisor, number)[0].sha256
        (own,) = release_submission(self.supervisor, number, digest)["returns"]
        other = receive_return(
            operator, statement_file(tmp_path / "other.csv", statement(value=4)), marking=0
        ).returns[0]
        today = timezone.localdate()
        with pytest.raises(UnknownName):
            withdraw(self.supervisor, "return", str(other.id), "synthetic", today)
        with pytest.raises(UnknownName):
            withdraw(self.supervisor, "edition", "nir-2026", "synthetic", today)
        with pytest.raises(NotPermitted):
            take_back_submission(self.officer, number, "synthetic")
        essex = replace(self.supervisor, agency="essex")
        with pytest.raises(UnknownName):
            take_back_submission(essex, number, "synthetic")
        with pytest.raises(UnknownName):
            withdraw(essex, "return", str(own), "synthetic", today)
        take_back_submission(self.supervisor, number, "synthetic")
        (became,) = show_outcome(self.officer, number)
        assert (became.name, became.taken_back) == (str(own), today)
        with pytest.raises(DarkfigureError, match="nothing that stands"):
            take_back_submission(self.supervisor, number, "synthetic")

    def test_what_was_replaced_or_discarded_is_no_draft(self):
        first = self.drafted()
        second = self.drafted(b"other\n", replaces=first)
        assert show_submission(self.officer, first)[0].state == "discarded"
        for deed in (
            lambda: discard_submission(self.officer, first),
            lambda: self.drafted(replaces=first),
            lambda: release_submission(
                self.supervisor, first, show_submission(self.supervisor, first)[0].sha256
            ),
        ):
            with pytest.raises(DarkfigureError, match="was discarded meanwhile"):
                deed()
        assert show_submission(self.officer, second)[0].replaces == first

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"content": b""}, "holds something"),
            ({"marking": Marking.SECRET}, "higher than they see"),
        ],
    )
    def test_a_draft_that_cannot_be_is_refused(self, given, said):
        with pytest.raises(DarkfigureError, match=said):
            self.drafted(**given)
        assert show_submissions(self.officer) == []


BY = Department("https://login.example.gov", "hub", "synthetic", "Invention", "kent", frozenset())


def test_signing_in_by_a_department_is_undone_by_another_and_begins_anew(two):
    stands(two, "joined")
    account = Account.objects.get(email=WANTED.email)
    with pytest.raises(DarkfigureError, match="bound to nobody"):
        unbind_account(two[0], account.pk)
    said = Said(BY.issuer, "a", WANTED.email, True)
    assert sign_in_by_department(PUBLIC, BY, said).bound_now
    signed_in(account)
    own = for_account(f"account:{account.pk}", "administrator", "NCA", 0, "test")
    with pytest.raises(DarkfigureError, match="Nobody changes their own"):
        unbind_account(own, account.pk)
    assert sign_in_by_department(PUBLIC, BY, said).account == account
    unbind_account(two[1], account.pk)
    assert not Session.objects.filter(account=account).exists()
    assert LogEntry.objects.filter(action="unbound from a department").count() == 1
    with pytest.raises(DarkfigureError, match=NOT_LET_IN[:30]):
        sign_in_by_department(PUBLIC, BY, replace(said, verified=False))
    other = sign_in_by_department(PUBLIC, BY, replace(said, subject="b"))
    assert (other.account, other.bound_now) == (account, True)
    with pytest.raises(DarkfigureError, match=NOT_LET_IN[:30]):
        sign_in_by_department(PUBLIC, BY, said)


STATES = ("", "proposed", "invited", "over", "joined", "disabled", "elsewhere", "ended")
TRIES = st.tuples(st.sampled_from(["a", "b", ""]), st.booleans(), st.booleans())


def stands(two, state):
    """An account that has come so far."""
    one, other = two
    number = propose_appointment(
        one, replace(WANTED, agency="hampshire" if state == "elsewhere" else "kent")
    )
    code = None if state == "proposed" else approve_appointment(other, number)
    if state in ("joined", "disabled", "ended"):
        join(PUBLIC, WANTED.email, code.written, PASSWORD)
    if state == "disabled":
        disable_account(one, code.account, "left")
    elif state == "ended":
        end_appointment(one, number, "moved")
    elif state == "over":
        Account.objects.filter(pk=code.account).update(joining_until=timezone.now())


@given(st.sampled_from(STATES), st.lists(TRIES, max_size=4))
@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_department_lets_in_one_subject_of_who_was_invited(two, state, tries):
    """By hand: the first try with the right issuer, a subject and a verified address binds, where
    the account stands with a role of the department's; from then on that subject alone is let in.
    """
    with transaction.atomic():
        if state:
            stands(two, state)
        bound = None
        for subject, verified, ours in tries:
            issuer = BY.issuer if ours else "https://login.elsewhere.example"
            said = Said(issuer, subject, WANTED.email, verified)
            opens = bound is None and verified and state in ("invited", "joined")
            if ours and subject and (subject == bound or opens):
                found = sign_in_by_department(PUBLIC, BY, said)
                assert (found.account.email, found.bound_now) == (WANTED.email, bound is None)
                bound = subject
            else:
                with pytest.raises(DarkfigureError, match=NOT_LET_IN[:30]):
                    sign_in_by_department(PUBLIC, BY, said)
        transaction.set_rollback(True)
