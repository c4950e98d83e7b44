"""Send word to whoever was given a response that was corrected or withdrawn, or of which a figure
is another today: to whom it is owed, that it was sent, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.response import Response, ResponseNow
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.show_responses import all_responses, changed_responses, response_named
from darkfigure_hub.store.queries import words as store
from darkfigure_hub.store.queries.responses import number_of
from darkfigure_hub.store.queries.words import HeldWord

__all__ = ["HeldWord", "Owed", "send_word", "show_owed", "words_sent"]

#: Why word is owed, as a line says it.
WHY = {
    "corrected": "it was corrected",
    "withdrawn": "it was withdrawn",
    "changed": "a figure of it is another today",
}


@dataclass(frozen=True)
class Owed:
    """Word that is owed to whoever was given a response: why, about which change (`about`), whether
    an address is kept, and what was sent of it.
    """

    response: Response
    why: str
    about: str
    reached: bool
    word: HeldWord | None

    @property
    def words(self) -> str:
        """Why, as a line says it."""
        return WHY[self.why]

    @property
    def sent_at(self) -> datetime | None:
        """When it left; nothing where it has not."""
        return self.word.ended_at if self.word and self.word.outcome == "sent" else None


def show_owed(scope: Scope) -> list[Owed]:
    """Every response of which word is owed, and what was sent, the latest response first.

    Raises NotPermitted.
    """
    scope.require(Permission.READ_RESPONSES)
    reached, sent = store.addressees(scope), store.words(scope)
    found = [
        Owed(response, why, about, number in reached, sent.get((number, about)))
        for response, why, about in _changes(scope)
        for number in [number_of(response.reference)]
    ]
    record(scope, "word owed listed", {"responses": len(found)})
    return sorted(found, key=lambda each: number_of(each.response.reference), reverse=True)


def _changes(scope: Scope) -> list[tuple[Response, str, str]]:
    """Responses with why word of them is owed, and the change it is about."""
    found = []
    for each in all_responses(scope):
        if each.corrected_by:
            found.append((each, "corrected", f"corrected by {each.corrected_by}"))
        elif each.withdrawn:
            found.append((each, "withdrawn", f"withdrawn {each.withdrawn.on}"))
    return [
        *found,
        *((each.response, "changed", _about(each)) for each in changed_responses(scope)),
    ]


def _about(found: ResponseNow) -> str:
    """What names the figures that are said today: another change has another name."""
    said = sorted(part.now.id[-6:] for part in found.parts if part.now is not None)
    return f"changed {' '.join(said)}"[:100]


def words_sent(scope: Scope, reference: str) -> list[HeldWord]:
    """What word of a response was sent, the first first. Raises NotPermitted, UnknownName."""
    scope.require(Permission.READ_RESPONSES)
    number = number_of(response_named(scope, reference).reference)
    return [each for (of, _), each in store.words(scope).items() if of == number]


def send_word(scope: Scope, reference: str, about: str) -> Owed:
    """Send word of a change to whoever was given a response: a mail that says that something of it
    changed, and where to ask. Gives what was owed.

    Raises NotPermitted; UnknownName where no word of it is owed; DarkfigureError where no address
    is kept, or it was sent before.
    """
    scope.require(Permission.SEND_WORD)
    owed = next(
        (
            each
            for each in show_owed(scope)
            if (each.response.reference, each.about) == (reference, about)
        ),
        None,
    )
    if owed is None:
        raise UnknownName("No word of that is owed: look once more.")
    if not owed.reached:
        raise DarkfigureError(
            f"No address is kept of whoever was given {reference}: write to them another way."
        )
    with logging(scope):
        if not store.send(number_of(reference), owed.why, about):
            raise DarkfigureError("Word of that was sent before.")
        record(scope, "word sent", {"response": number_of(reference), "why": owed.why})
    return owed
