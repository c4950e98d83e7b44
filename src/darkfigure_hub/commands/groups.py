"""The words under which commands of the table stand together."""

from __future__ import annotations

from darkfigure_hub.commands.entries import ASK, CASES, KEEP, PUBLISH, REPORT, REQUIRE, RUN, Group

GROUPS = (
    Group(
        "answers",
        ASK,
        "Responses that go out: drafted, registered, looked up, checked against today, corrected.",
        (
            "answers register victims_recovered --where operation='Pentameter 2' --form foi",
            "answers changed --since 2026-01-01",
        ),
    ),
    Group(
        "disclosure",
        PUBLISH,
        "Tables of counts that go out, anybody's: protected, and checked as an attacker would.",
        (
            "disclosure protect table.csv --by area,sex --count people --out protected.csv",
            "disclosure check protected.csv other.csv",
        ),
    ),
    Group(
        "release",
        PUBLISH,
        "Figures that go out together: prepared, checked, approved by another, published for ever.",
        (
            "release prepare plan.yaml",
            "release check RELEASE-1",
            "release approve RELEASE-1 --content 0a1b2c3d",
        ),
    ),
    Group(
        "edition",
        PUBLISH,
        "The yearly assessment: begun, checked, released in two renderings, compared, rebuilt.",
        (
            "edition check editions/2009",
            "edition release editions/2009",
            "edition diff 2008 2009",
        ),
    ),
    Group(
        "research",
        PUBLISH,
        "Files for research: made-up records with a stated guarantee, extracts of k people each.",
        (
            "research synthesise people.csv --by area,sex,age --epsilon 1 --out made-up.csv",
            "research extract people.csv --recognise area,sex,age --k 5 --out extract.csv",
        ),
    ),
    Group(
        "persons",
        CASES,
        "Who is whom among the records of agencies: linked, looked at, decided, undone; all dated.",
        ("persons link --on 2019-03-05", "persons review --number 5"),
    ),
    Group(
        "pseudonyms",
        CASES,
        "The names that stand for persons: given anew under another key.",
        ("pseudonyms rotate --reason 'a key may be known'",),
    ),
    Group(
        "judgement",
        REQUIRE,
        "What is judged on what is held: drafted, reviewed, approved by three; later scored.",
        (
            "judgement gather HT.6.4 --since 2026-04-01",
            "judgement draft judgement.yaml --dry-run",
            "judgement list",
        ),
    ),
    Group(
        "requirements",
        REQUIRE,
        "The National Intelligence Requirement: editions, asks, what is due, gaps.",
        ("requirements load human_trafficking", "requirements due --agency Kent"),
    ),
    Group(
        "report",
        REPORT,
        "Intelligence reports against the requirement.",
        ("report submit report.yaml",),
    ),
    Group(
        "origins",
        REPORT,
        "From whom items come: registered once, however they are spelt.",
        ("origins list", "origins join ORIGIN-4 ORIGIN-3 --reason 'one shelter'"),
    ),
    Group(
        "agencies",
        RUN,
        "Agencies that merge, are divided or close: to whom their people and asks go over.",
        (
            "agencies merge kent --into essex --reason 'an order of Parliament'",
            "agencies close kent --reason 'it was wound up'",
        ),
    ),
    Group(
        "pack",
        KEEP,
        "Packs: folders of codes and measures that add to those of the package.",
        ("pack check my_country", "pack add my_country"),
    ),
    Group(
        "return",
        REPORT,
        "Returns against asks: items, nil, refused.",
        ("return submit replies.yaml",),
    ),
    Group(
        "disposal",
        RUN,
        "What is reviewed, kept for a reason, or disposed of by two persons.",
        ("disposal list", "disposal propose return 4 --reason 'no longer needed for any purpose'"),
    ),
    Group(
        "subject",
        CASES,
        "A person's request for what is held about them: found, handed over, disputed.",
        ("subject find --reason 'a request of 3 November'",),
    ),
    Group(
        "tokens",
        RUN,
        "Tokens by which programs of agencies report: listed, made, revoked.",
        ("tokens list", "tokens make Kent --for 'case system' --grant returns"),
    ),
)
