"""Named permissions: one for each kind of thing the hub does for somebody."""

from __future__ import annotations

from enum import StrEnum, auto

from darkfigure.basis.saying import Saying, say


class Permission(StrEnum):
    """What somebody may do. Each flow asks for exactly one; `darkfigure_hub.access.roles` says who
    has which. What is said to who does not have it is in the catalogue `permission`.
    """

    READ_FIGURES = auto()
    READ_HOLDINGS = auto()
    READ_REQUIREMENTS = auto()
    READ_COVERAGE = auto()
    READ_DISCLOSURES = auto()
    READ_ASKS = auto()
    READ_RECORDS = auto()
    READ_CONDITIONAL = auto()
    ENTER_COMPARTMENT = auto()
    BREAK_GLASS = auto()
    READ_LINKS = auto()
    READ_NAMES = auto()
    READ_GAPS = auto()
    READ_RESPONSES = auto()
    READ_LOG = auto()
    RECEIVE_RETURN = auto()
    LINK_RECORDS = auto()
    DECIDE_LINK = auto()
    SET_REQUIREMENT = auto()
    RAISE_ASK = auto()
    REQUEST_INFORMATION = auto()
    FILE_REPORT = auto()
    GRADE_ITEM = auto()
    TAKE_BACK = auto()
    SETTLE_CELL = auto()
    RAISE_GAP = auto()
    FILL_GAP = auto()
    DRAFT_RESPONSE = auto()
    REGISTER_RESPONSE = auto()
    READ_RELEASES = auto()
    PREPARE_RELEASE = auto()
    APPROVE_RELEASE = auto()
    READ_JUDGEMENT = auto()
    DRAFT_JUDGEMENT = auto()
    REVIEW_JUDGEMENT = auto()
    APPROVE_JUDGEMENT = auto()
    RESOLVE_JUDGEMENT = auto()
    ROTATE_PSEUDONYMS = auto()
    BACK_UP = auto()
    RESTORE = auto()
    TAKE_SNAPSHOT = auto()
    ESTIMATE = auto()
    ADD_PACK = auto()
    CREATE_ADMINISTRATOR = auto()
    USE_INVITATION = auto()
    OWN_SESSIONS = auto()
    READ_PEOPLE = auto()
    APPOINT = auto()
    APPROVE_APPOINTMENT = auto()
    END_APPOINTMENT = auto()
    READ_SUBMISSIONS = auto()
    DRAFT_SUBMISSION = auto()
    RELEASE_SUBMISSION = auto()
    RUN_JOB = auto()
    READ_TOKENS = auto()
    MAKE_TOKEN = auto()
    REVOKE_TOKEN = auto()
    SEND_POST = auto()
    TEND_OUTBOX = auto()
    CHOOSE_TOLD = auto()
    NAME_COMPARTMENT = auto()
    GRANT_COMPARTMENT = auto()
    CHANGE_AGENCY = auto()
    SAVE_QUESTION = auto()
    TEND_WEBHOOKS = auto()
    SEND_WORD = auto()
    PROPOSE_DISPOSAL = auto()
    CARRY_OUT_DISPOSAL = auto()
    ANSWER_SUBJECT = auto()
    READ_DISPUTES = auto()
    ANSWER_DISPUTE = auto()

    def refusal(self, who: str) -> Saying:
        """What is said to somebody who does not have it: who signed in is told that it is what they
        act as that may not, and not by their number.
        """
        acting = who.startswith("account:")
        return say(f"permission.{self}", who=say("permission.what_acts") if acting else who)
