"""Word to whoever was given a response: owed where it was corrected, withdrawn, or a figure is
another today; sent once, to an address that is locked; and the register says when. All synthetic.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone
from test_enquiries import CAME, DESK, PART, RELEASER, loaded, read, released
from test_outbox import by_mail, post

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure_hub.flows.enquire import (
    Opening,
    change_enquiry,
    open_enquiry,
    show_enquiry,
)
from darkfigure_hub.flows.post import send_post
from darkfigure_hub.flows.respond import withdraw_response
from darkfigure_hub.flows.send_word import send_word, show_owed, words_sent

__all__ = ["by_mail", "post"]
pytestmark = pytest.mark.xdist_group("outbox")
ADDRESS = "synthetic.someone@example.org"


@pytest.fixture
def given(post, operator, tmp_path):
    """A response that went out to somebody whose address is kept; its reference."""
    loaded(operator, tmp_path, 412, "2025-02-01")
    number = open_enquiry(DESK, Opening(CAME, text="Synthetic?", address=ADDRESS))
    change_enquiry(DESK, number, read(number), [PART])
    return released(number).reference


def owed():
    return [(each.response.reference, each.why, each.reached) for each in show_owed(DESK)]


def test_nothing_is_owed_while_it_would_be_said_today(given):
    assert owed() == []
    with pytest.raises(UnknownName):
        send_word(DESK, given, "withdrawn 2026-01-01")


def test_word_of_a_withdrawal_is_sent_once_and_the_register_says_when(given, operator, post):
    withdraw_response(RELEASER, given, "sent to the wrong desk", timezone.localdate())
    assert owed() == [(given, "withdrawn", True)]
    (one,) = show_owed(DESK)
    send_word(DESK, given, one.about)
    with pytest.raises(DarkfigureError, match="sent before"):
        send_word(RELEASER, given, one.about)
    assert show_owed(DESK)[0].sent_at is None
    assert send_post(operator) == {"sent": 1}
    ((address, mail),) = post.taken
    words = mail.get_payload(decode=True).decode()
    assert address == ADDRESS
    for secret in (given, "wrong desk", "412", "Synthetic", ADDRESS):
        assert secret not in words + mail["Subject"]
    (told,) = words_sent(DESK, given)
    assert (told.why, told.outcome) == ("withdrawn", "sent")
    assert show_owed(DESK)[0].sent_at == told.ended_at


def test_another_change_is_owed_another_word(given, operator, tmp_path):
    loaded(operator, tmp_path, 420, timezone.localdate().isoformat())
    ((reference, why, _),) = owed()
    assert (reference, why) == (given, "changed")
    (first,) = show_owed(DESK)
    send_word(DESK, given, first.about)
    assert show_owed(DESK)[0].word is not None
    withdraw_response(RELEASER, given, "x", timezone.localdate())
    (second,) = show_owed(DESK)
    assert (second.why, second.word) == ("withdrawn", None)


def test_a_correction_keeps_the_address_of_before(given):
    number = open_enquiry(
        DESK, Opening(timezone.localdate(), corrects=given, reason="a figure was wrong")
    )
    corrected = released(number).reference
    assert owed() == [(given, "corrected", True)]
    withdraw_response(RELEASER, corrected, "x", timezone.localdate())
    assert (corrected, "withdrawn", True) in owed()


def test_where_no_address_is_kept_that_is_said(post, operator, tmp_path):
    loaded(operator, tmp_path, 412, "2025-02-01")
    number = open_enquiry(DESK, Opening(CAME))
    change_enquiry(DESK, number, read(number), [PART])
    reference = released(number).reference
    withdraw_response(RELEASER, reference, "x", timezone.localdate())
    assert owed() == [(reference, "withdrawn", False)]
    with pytest.raises(DarkfigureError, match="No address is kept"):
        send_word(DESK, reference, show_owed(DESK)[0].about)
    with pytest.raises(Unreadable, match="no e-mail address"):
        open_enquiry(DESK, Opening(CAME, address="nobody"))


def test_the_address_is_locked_and_stays_with_changes(given, operator):
    with connection.cursor() as cursor:
        cursor.execute("SELECT locked FROM identity.addressee")
        ((kept,),) = cursor.fetchall()
    assert b"synthetic" not in bytes(kept)
    number = open_enquiry(DESK, Opening(CAME, address=ADDRESS))
    change_enquiry(DESK, number, read(number), [PART])
    assert show_enquiry(DESK, number, draft=False).address == ADDRESS


def test_who_neither_answers_nor_releases_sends_no_word(given, operator):
    from test_outbox import Role, appointed

    analyst = appointed(Role.ANALYST, "NCA")
    with pytest.raises(NotPermitted):
        show_owed(analyst)
    with pytest.raises(NotPermitted):
        send_word(analyst, given, "x")
