"""Named permissions: one for each kind of thing the hub does for somebody."""

from __future__ import annotations

from enum import Enum


class Permission(Enum):
    """What somebody may do. Each flow asks for exactly one; `darkfigure_hub.access.roles` says who
    has which.

    The first text says what it permits; the second is the sentence for who does not have it, where
    the general one would not do.
    """

    READ_FIGURES = "ask for figures, why they changed, and what they rest on"
    READ_HOLDINGS = "list the returns that are held"
    READ_REQUIREMENTS = "read the editions of the requirement"
    READ_COVERAGE = "read how far the requirement is covered"
    READ_ASKS = "read the asks put to agencies, and what their cells stand on"
    READ_RECORDS = "read the rows of case returns as they came, without names"
    READ_LINKS = "read which records were taken to be one person's"
    READ_NAMES = (
        "read names, dates of birth and documents",
        "Only the centre sees names, to link records and to look at links.",
    )
    READ_GAPS = "read the questions that wait for an answer"
    READ_LOG = "read the log", "Only the centre's operators read the log."
    RECEIVE_RETURN = (
        "take in returns",
        "Only the centre's operators take in returns, up to the marking they may see.",
    )
    LINK_RECORDS = "link records", "Only the centre links records."
    DECIDE_LINK = "decide on links", "Only the centre decides on links."
    SET_REQUIREMENT = "load an edition of the requirement", "Only the centre sets requirements."
    RAISE_ASK = "put questions to agencies", "Only the centre puts questions to agencies."
    REQUEST_INFORMATION = (
        "put, read and close requests for information",
        "Only the centre requests information.",
    )
    FILE_REPORT = (
        "file reports and replies to asks",
        "Only the centre files what agencies report.",
    )
    GRADE_ITEM = "grade an item anew", "Only the centre files what agencies report."
    TAKE_BACK = "take back what was filed, asked, accepted or loaded"
    SETTLE_CELL = (
        "accept an answer to a cell, or close it without one",
        "Only the centre files what agencies report.",
    )
    RAISE_GAP = "enter what an answer could not say", "Only the centre raises gaps."
    FILL_GAP = "ask again what waits, and tell whoever asked"
    ROTATE_PSEUDONYMS = "give every pseudonym anew under another key"
    BACK_UP = "back up the repository, names included"
    RESTORE = "restore a backup"
    TAKE_SNAPSHOT = "take a snapshot"
    ESTIMATE = (
        "enter an estimate in the series",
        "Only the centre enters estimates in the series.",
    )

    def __init__(self, act: str, refusal: str = "") -> None:
        self.act = act
        self._refusal = refusal

    def refusal(self, who: str) -> str:
        """The sentence for somebody who does not have it."""
        return self._refusal or f"{who} is not permitted to {self.act}."
