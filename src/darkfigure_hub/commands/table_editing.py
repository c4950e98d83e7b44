"""The part of the table of commands on the yearly assessment."""

from __future__ import annotations

from darkfigure_hub.commands.entries import PUBLISH, Command

EDITING = (
    Command(
        "edition new",
        "editing:new",
        PUBLISH,
        "Begin an edition: a folder with a chapter for every threat area of a requirement set.",
        ("edition new editions/2009 --requirements nir-2009 --after 2008 --as-at 2009-12-17",),
        store=True,
    ),
    Command(
        "edition check",
        "editing:check",
        PUBLISH,
        "Check an edition as before its release: what is wrong, where, by which standard.",
        ("edition check editions/2009", "edition check editions/2009 --format json"),
        store=True,
    ),
    Command(
        "edition build",
        "editing:build",
        PUBLISH,
        "Build the pages of an edition as they would go out now. Nothing is kept.",
        ("edition build editions/2009 --out pages --rendering public",),
        store=True,
    ),
    Command(
        "edition watch",
        "editing:watch",
        PUBLISH,
        "Build the pages anew whenever a file of an edition is saved, until Ctrl-C.",
        ("edition watch editions/2009 --out pages",),
        store=True,
    ),
    Command(
        "edition release",
        "editing:release",
        PUBLISH,
        "Freeze an edition: checked, both renderings signed, its public one prepared for approval.",
        (
            "edition release editions/2009",
            "edition release editions/2009 --snapshot snapshots/2009",
        ),
        store=True,
    ),
    Command(
        "edition list",
        "editing:list_all",
        PUBLISH,
        "List editions: prepared, approved, out, withdrawn.",
        ("edition list", "edition list --format json"),
        store=True,
    ),
    Command(
        "edition stands",
        "editing:stands",
        PUBLISH,
        "Ask every figure of an edition again as known on its day; 1 where any is another by now.",
        ("edition stands 2009",),
        store=True,
    ),
    Command(
        "edition show",
        "editing:show",
        PUBLISH,
        "Write the files of an edition as they were frozen.",
        ("edition show 2009 --out pages", "edition show EDITION-1 --out pages --rendering public"),
        store=True,
    ),
    Command(
        "edition rebuild",
        "rebuilding:rebuild",
        PUBLISH,
        "Make every file of an edition again from what was frozen; compare bytes and signature.",
        ("edition rebuild pages", "edition rebuild pages --key minisign.pub"),
        lists=False,
    ),
    Command(
        "edition diff",
        "editing:diff",
        PUBLISH,
        "Compare two editions: judgements with what moved them, figures with bridges, coverage.",
        ("edition diff 2008 2009", "edition diff 2008 2009 --rendering public --out changes.html"),
        store=True,
    ),
)
