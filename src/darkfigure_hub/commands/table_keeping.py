"""The part of the table of commands on backups and on what is kept how long: plain data."""

from __future__ import annotations

from darkfigure_hub.commands.entries import CASES, RUN, Command

KEEPING = (
    Command(
        "backup",
        "backups:backup",
        RUN,
        "Back up the whole repository, names included, into one file.",
        (
            "backup --out darkfigure.backup --to backup.keys",
            "backup --drill --of darkfigure.backup --identity backup.key",
        ),
        store=True,
    ),
    Command(
        "backup-key",
        "backups:backup_key",
        RUN,
        "Make a key that backups are locked to: the secret into a file, the public one printed.",
        ("backup-key --out backup.key",),
        store=True,
    ),
    Command(
        "restore",
        "backups:restore",
        RUN,
        "Restore a backup into a data folder or a database in which nothing is yet.",
        ("restore darkfigure.backup", "restore darkfigure.backup --identity backup.key"),
        store=True,
    ),
    Command(
        "disposal list",
        "disposing:list_due",
        RUN,
        "List what is overdue for review, what is held and why, what was disposed of.",
        ("disposal list", "disposal list --on 2031-01-01 --format json"),
        store=True,
    ),
    Command(
        "disposal hold",
        "disposing:hold",
        RUN,
        "Keep a thing: it is reviewed again when the hold is over, and not disposed of before.",
        (
            "disposal hold return 4 --until 2030-01-01 --reason 'persons still come to notice'",
            "disposal hold report 2 --ground inquiry --reason 'the inquiry of 2026'",
        ),
        store=True,
    ),
    Command(
        "disposal end-hold",
        "disposing:end_hold",
        RUN,
        "End a hold.",
        ("disposal end-hold 3 --reason 'the inquiry reported'",),
        store=True,
    ),
    Command(
        "disposal propose",
        "disposing:propose",
        RUN,
        "Propose that a thing, or all that is held of a person, be disposed of by another.",
        ("disposal propose return 4 --reason 'no longer needed for any purpose'",),
        store=True,
    ),
    Command(
        "disposal withdraw",
        "disposing:withdraw_proposal",
        RUN,
        "Withdraw a proposal that was not carried out.",
        ("disposal withdraw 2",),
        store=True,
    ),
    Command(
        "disposal carry-out",
        "disposing:carry_out",
        RUN,
        "Dispose of what another proposed: names, words and records go, and the proof stays.",
        ("disposal carry-out 2",),
        store=True,
    ),
    Command(
        "subject find",
        "subjects:find",
        CASES,
        "Find every row in which one person stands, across agencies.",
        ("subject find --reason 'a request of 3 November'",),
        store=True,
    ),
    Command(
        "subject export",
        "subjects:export",
        CASES,
        "Hand over what is held about one person, without what the law withholds, as one file.",
        (
            "subject export --recipient person --to person.pub --out person.age "
            "--reason 'a request of 3 November'",
        ),
        store=True,
    ),
    Command(
        "subject rectify",
        "subjects:rectify",
        CASES,
        "Ask the agency that gave a part about what a person disputes of it.",
        (
            "subject rectify 'arrest 12' --person kent:0123456789abcdef --field offence "
            "--ground inaccurate --reason 'a request of 3 November'",
        ),
        store=True,
    ),
    Command(
        "subject disputes",
        "subjects:disputes",
        CASES,
        "List what people dispute, and what became of it.",
        ("subject disputes", "subject disputes --format json"),
        store=True,
    ),
)
