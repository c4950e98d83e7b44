"""The part of the table of commands on judgements."""

from __future__ import annotations

from darkfigure_hub.commands.entries import REQUIRE, Command

JUDGING = (
    Command(
        "judgement draft",
        "judging:draft",
        REQUIRE,
        "Draft a judgement from its file: what it cites is looked up, and every fault is said.",
        ("judgement draft judgement.yaml", "judgement draft judgement.yaml --dry-run"),
        store=True,
    ),
    Command(
        "judgement review",
        "judging:review",
        REQUIRE,
        "Review a judgement that another drafted: it is fit to be approved.",
        ("judgement review HT-J-01",),
        store=True,
    ),
    Command(
        "judgement send-back",
        "judging:send_back",
        REQUIRE,
        "Send a judgement back that is not fit to be approved: it is drafted anew.",
        ("judgement send-back HT-J-01 --reason 'say what would change the mind'",),
        store=True,
    ),
    Command(
        "judgement approve",
        "judging:approve",
        REQUIRE,
        "Approve a judgement that two others drafted and reviewed, by the hash of what was read.",
        ("judgement approve HT-J-01 --content 0a1b2c3d",),
        store=True,
    ),
    Command(
        "judgement withdraw",
        "judging:withdraw",
        REQUIRE,
        "Withdraw a judgement: none of its code stands from then on. It is kept, and scored.",
        ("judgement withdraw HT-J-01/v1 --reason 'its source was taken back'",),
        store=True,
    ),
    Command(
        "judgement comment",
        "judging:comment",
        REQUIRE,
        "Enter what an agency says to a judgement before it is approved: it is frozen with it.",
        ("judgement comment HT-J-01 --agency kent --says 'recorded otherwise since May'",),
        store=True,
    ),
    Command(
        "judgement resolve",
        "judging:resolve",
        REQUIRE,
        "Say what became of a judgement whose horizon passed, by its own criteria.",
        ("judgement resolve HT-J-01/v1 --outcome came_true --evidence 'the figure for 2026'",),
        store=True,
    ),
    Command(
        "judgement list",
        "judging:list_all",
        REQUIRE,
        "List the judgements that stand as at a day; what is marked above one's sight is counted.",
        ("judgement list", "judgement list --drafts --format json"),
        store=True,
    ),
    Command(
        "judgement show",
        "judging:show",
        REQUIRE,
        "Show a judgement: what it says, on what it rests, its grid, and what was done with it.",
        ("judgement show HT-J-01", "judgement show HT-J-01/v1 --format json"),
        store=True,
    ),
    Command(
        "judgement history",
        "judging:history",
        REQUIRE,
        "Show every version of a judgement, what each said and what was done with it.",
        ("judgement history HT-J-01",),
        store=True,
    ),
    Command(
        "judgement gather",
        "judging_by:gather",
        REQUIRE,
        "Gather what bears on a question, and say which judgement may no longer hold, and why.",
        ("judgement gather HT.6.4 --since 2026-04-01",),
        store=True,
    ),
    Command(
        "judgement scores",
        "judging_by:scores",
        REQUIRE,
        "Score the judgements that are closed: over the whole band, by term, beside no change.",
        ("judgement scores", "judgement scores --own"),
        store=True,
    ),
)
