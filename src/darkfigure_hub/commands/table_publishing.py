"""The part of the table of commands on what goes out."""

from __future__ import annotations

from darkfigure_hub.commands.entries import PUBLISH, Command

PUBLISHING = (
    Command(
        "disclosure protect",
        "disclosing:protect",
        PUBLISH,
        "Protect a table of counts and its margins, so that no small count can be worked out.",
        (
            "disclosure protect table.csv --by area,sex --count people --out protected.csv",
            "disclosure protect table.ods --by area,sex --count people --method round",
        ),
        lists=False,
    ),
    Command(
        "disclosure check",
        "disclosing:check",
        PUBLISH,
        "Say whether what published tables hide can be worked out from them together, and how.",
        (
            "disclosure check protected.csv answer.csv",
            "disclosure check march.csv june.csv --vintages",
        ),
        lists=False,
    ),
)
