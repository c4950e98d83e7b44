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
            "disclosure protect table.csv --by area --count people --contributor force "
            "--rule dominance=1,85",
            "disclosure protect table.csv --by area,sex --count people --method noise --epsilon 1 "
            "--budget budget.json --out noisy.csv",
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
    Command(
        "accessible",
        "checking_pdf:accessible",
        PUBLISH,
        "Say whether PDFs can be read by everybody: every fault, by PDF/UA-1 and WCAG 2.2.",
        ("accessible report.pdf", "accessible *.pdf --pdf-ua --format json"),
        lists=False,
    ),
    Command(
        "release prepare",
        "releasing:prepare",
        PUBLISH,
        "Prepare a release: every table of its plan, protected against all that went out before.",
        ("release prepare plan.yaml", "release prepare plan.yaml --dry-run"),
        store=True,
    ),
    Command(
        "release correct",
        "releasing:correct",
        PUBLISH,
        "Prepare another version of an edition that is out: what moved is told, figure by figure.",
        ("release correct plan.yaml --reason 'a return was late'",),
        store=True,
    ),
    Command(
        "release check",
        "releasing:check",
        PUBLISH,
        "Attack a release once more, with everything that went out since; ask its questions again.",
        ("release check RELEASE-1", "release check RELEASE-1 --format json"),
        store=True,
    ),
    Command(
        "release approve",
        "releasing:approve",
        PUBLISH,
        "Approve a release that another prepared, by the hash of what was read.",
        ("release approve RELEASE-1 --content 0a1b2c3d",),
        store=True,
    ),
    Command(
        "release publish",
        "releasing:publish",
        PUBLISH,
        "Publish a release that was approved, at its minute or later.",
        ("release publish RELEASE-1",),
        store=True,
    ),
    Command(
        "release withdraw",
        "releasing:withdraw",
        PUBLISH,
        "Withdraw a release; its address tells from now on that it is, and why.",
        ("release withdraw RELEASE-1 --reason 'a return was counted twice'",),
        store=True,
    ),
    Command(
        "release copy",
        "releasing:copy",
        PUBLISH,
        "Give a post its numbered copy of a release before it is out.",
        ("release copy RELEASE-1 --for 'Permanent Secretary' --out copy.zip",),
        store=True,
    ),
    Command(
        "release list",
        "releasing:list_all",
        PUBLISH,
        "List releases: prepared, approved, out, replaced and withdrawn.",
        ("release list", "release list --format json"),
        store=True,
    ),
    Command(
        "release show",
        "releasing:show",
        PUBLISH,
        "Show a release: what it says of itself, who sees it before it is out, its files.",
        ("release show RELEASE-1", "release show referrals/2009-q1/v1 --out folder"),
        store=True,
    ),
    Command(
        "release site",
        "releasing:site",
        PUBLISH,
        "Write everything that is out as a site: a folder of files that needs no server.",
        ("release site --out public",),
        store=True,
    ),
    Command(
        "release ledger",
        "releasing:ledger",
        PUBLISH,
        "Everything that went out, with the hash of each: files of releases, answers of responses.",
        ("release ledger --out ledger.csv", "release ledger --format json"),
        store=True,
    ),
    Command(
        "research synthesise",
        "researching:synthesise",
        PUBLISH,
        "Make up records like those of a file: what they tell of any one person is bounded.",
        (
            "research synthesise people.csv --by area,sex,age --epsilon 1 --out made-up.csv",
            "research synthesise table.csv --by area,sex --count people --epsilon 0.5 "
            "--budget budget.json --total 2 --out made-up.csv",
        ),
        lists=False,
    ),
    Command(
        "research records",
        "researching_records:of_records",
        PUBLISH,
        "Make up records like the case records: what they tell of any one person is bounded.",
        ("research records victims_recovered --by sex,exploitation --epsilon 1 --out out.csv",),
        store=True,
    ),
    Command(
        "research extract",
        "researching:extract",
        PUBLISH,
        "Coarsen and leave out, until nobody in a file stands among fewer than k.",
        (
            "research extract people.csv --recognise area,sex,age --k 5 --out extract.csv",
            "research extract people.csv --recognise area,sex --sensitive role --l 2 --out x.csv",
        ),
        lists=False,
    ),
)
