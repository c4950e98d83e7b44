"""Answers that were given, by their ids: what was asked, and what was said as it was said."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from darkfigure.basis.marking import Marking, Scope
from darkfigure.publication import Answer
from darkfigure_hub.store.models import KeptAnswer

#: Below which number walls of what is public stand.
BELOW_PUBLIC = 1_000_000
#: So many digits of an id name the question and its day.
QUESTION = 10
#: One that is hidden from who asks, since it was given to others, is shown them from now on: they
#: have what it says in hand.
_KEPT = "SELECT gate.keep_answer(%s, %s::jsonb, %s, %s, %s, %s::integer)"


@dataclass(frozen=True)
class Given:
    """An answer as it was first given; `content` is its JSON, None where it was not kept or the
    reader may not see it; `answered_with` says that it went out in a response.
    """

    id: str
    question: dict[str, Any]
    as_at: date
    basis: str
    first_given: datetime
    content: str | None
    answered_with: bool = False


def keep(sees: int, found: Answer, written: Callable[[Answer], str]) -> None:
    """Keep an answer, as `written`, that is given to somebody who sees so much; one that is kept
    stays. Who may see it is who sees through the walls that all see through whom it was given to.
    """
    seen = KeptAnswer.objects.filter(pk=found.id).exists()
    with connection.cursor() as cursor:
        question = json.dumps(found.question.canonical())
        content = None if seen else zlib.compress(written(found).encode())
        kept: list[Any] = [
            found.id,
            question,
            found.question.as_at,
            found.basis,
            content,
            sees,
        ]
        cursor.execute(_KEPT, kept)


def given(scope: Scope, answer_id: str) -> Given | None:
    """The answer of an id, or of the first digits of one: then the one that was given last."""
    if scope.sees < Marking.PUBLIC:
        return None
    kept = KeptAnswer.objects.filter(pk=answer_id).first()
    if kept is None and len(answer_id) == QUESTION:
        same = KeptAnswer.objects.filter(pk__startswith=answer_id)
        kept = same.order_by("-first_given", "pk").first()
    if kept is None:
        return None
    went_out = kept.responses.filter(refused__isnull=True).exists()
    return replace(given_of(scope.sees, kept), answered_with=went_out)


def given_of(sees: int, kept: KeptAnswer) -> Given:
    """An answer that is kept, as far as somebody may see it who sees so much."""
    seen = kept.marking is not None and kept.marking <= sees
    content = zlib.decompress(kept.content).decode() if seen and kept.content else None
    return Given(kept.pk, kept.question, kept.as_at, kept.basis, kept.first_given, content)


def release(ids: Iterable[str]) -> None:
    """Answers that go out to the public are seen by anybody from now on, as they were given."""
    KeptAnswer.objects.filter(pk__in=[*ids]).update(
        marking=Marking.PUBLIC, below=BELOW_PUBLIC, listed=[]
    )
