"""What is said of a request that its description does not allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from darkfigure.basis.saying import Saying, say, several


def refusal(faults: Iterable[Mapping[str, Any]]) -> Saying:
    """Each fault with the parameter it is at and what would be right; nothing of what came."""
    return say("problems.lines", lines=several(map(_told, faults), "space"))


def _told(fault: Mapping[str, Any]) -> Saying:
    wrong, right = _worded(fault["type"], fault.get("ctx", {}))
    names = [each for each in fault["loc"][1:] if isinstance(each, str)]
    return say(
        "problems.at",
        place=say("problems.parameter", name=names[-1] if names else fault["loc"][0]),
        what=say("problems.whole", wrong=wrong, right=right),
    )


def _worded(rule: str, limits: Mapping[str, Any]) -> tuple[Saying, Saying]:
    """What is wrong by a rule of the description, and what would be right."""
    if rule == "missing":
        return say("problems.wrong.nothing_given"), say("problems.right.give_parameter")
    if rule == "string_too_long":
        most = limits["max_length"]
        return say("problems.wrong.too_long"), say("problems.right.write_at_most", count=most)
    if rule == "too_long":
        most = limits["max_length"]
        return say("problems.wrong.too_often"), say("problems.right.give_at_most", count=most)
    if rule.startswith("bool"):
        return say("problems.wrong.no_truth"), say("problems.right.truth")
    return say("problems.wrong.not_described"), say("problems.right.see_interface")
