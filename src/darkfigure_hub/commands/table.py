"""The table of commands: what each is called, where it is, what it does in a line, an example.

Plain data: a command's module is imported when the command runs or its own help is shown.
`tests/house/test_commands.py` compares the table with what the modules say.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

ASK, KEEP, CASES = "Ask", "Take in and keep", "Persons and lists"
REQUIRE, REPORT, ESTIMATE = "Require", "Report and see what is covered", "Estimate"
RUN, FORMS = "Run", "Forms and snapshots"
#: The headings of help, in order.
SUBJECTS = (ASK, ESTIMATE, KEEP, CASES, REQUIRE, REPORT, FORMS, RUN)


class Command(NamedTuple):
    """A command: `place` is module:function; `store` says that it cannot do without the store."""

    name: str
    place: str
    subject: str
    help: str
    examples: tuple[str, ...]
    store: bool = False

    def load(self) -> Callable[..., None]:
        """Its function, the module imported now; before it the store is set up, if it needs it."""
        if self.store:
            import_module("darkfigure_hub.flows.door").open_door()
        module, name = self.place.split(":")
        function: Callable[..., None] = getattr(
            import_module(f"darkfigure_hub.commands.{module}"), name
        )
        return function


class Group(NamedTuple):
    """Commands under one word."""

    name: str
    subject: str
    help: str
    examples: tuple[str, ...]


GROUPS = (
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
        "return",
        REPORT,
        "Returns against asks: items, nil, refused.",
        ("return submit replies.yaml",),
    ),
)

COMMANDS = (
    Command(
        "ask",
        "asking:ask",
        ASK,
        "Answer a question from what was known on a day, or say why it cannot be answered.",
        (
            "ask victims_recovered --by operation,exploitation --as-at 2008-12-17",
            "ask nrm_referrals --by sex,quarter --where exploitation~labour --period 2023",
        ),
        store=True,
    ),
    Command(
        "define",
        "defining:define",
        ASK,
        "Say whether a case is trafficking under the UN Protocol, or what is missing to say so.",
        (
            "define --act recruitment --means deception --purpose sexual --age 30",
            "define facts.yaml --format json",
        ),
    ),
    Command(
        "bridge",
        "asking:bridge",
        ASK,
        "Explain why a figure changed between two days.",
        ('bridge arrests --where operation="Pentameter 2" --from 2008-12-17 --to 2009-11-01',),
        store=True,
    ),
    Command(
        "compare",
        "casework:compare",
        ASK,
        "Lay figures side by side: statements and case records, or two counting rules.",
        (
            "compare victims_recovered --by operation,exploitation --as-at 2009-03-01",
            "compare convictions --rule persons --rule defendants_principal_offence",
        ),
        store=True,
    ),
    Command(
        "flow",
        "casework:flow",
        ASK,
        "Show how persons went from recovery and arrest to decision and sentence.",
        ('flow --where operation="Pentameter 2" --as-at 2009-03-01 --format html --out flow.html',),
        store=True,
    ),
    Command(
        "source",
        "opening:source",
        ASK,
        "Open a cell: every statement behind it, down to the row of the file as received.",
        ("source 5231c7894c-940249",),
        store=True,
    ),
    Command(
        "measures",
        "measures:measures",
        ASK,
        "List what can be asked about: unit, definition, dimensions and who holds it.",
        ("measures", "measures --format json"),
    ),
    Command(
        "estimate",
        "estimating:estimate",
        ESTIMATE,
        "Estimate how many are on no list, from who is on several.",
        (
            "estimate lists.csv --method stepwise --bootstrap 1000",
            "estimate lists.csv --panel --format html --out panel.html",
            "estimate series",
        ),
    ),
    Command(
        "load",
        "loading:load",
        KEEP,
        "Take in files as returns, each altogether or not at all.",
        ("load pentameter_statements.csv", "load - --as statements < statements.csv"),
        store=True,
    ),
    Command(
        "read",
        "reading:read",
        KEEP,
        "Look at a file of tables, say how it seems to be read, and write that as a reading.",
        ("read table.xlsx", "read table.xlsx --sheet 'Table 3' --stated-by 'Home Office'"),
    ),
    Command(
        "check",
        "checking:check",
        KEEP,
        "Read files through without taking them in: every fault, every total that is off.",
        ("check return.csv", "check table.xlsx --with table.xlsx.reading.toml"),
    ),
    Command(
        "returns",
        "keeping:returns",
        KEEP,
        "List the returns received, with what was noticed in each.",
        ("returns", "returns --format json"),
        store=True,
    ),
    Command(
        "log",
        "keeping:log",
        KEEP,
        "Show who read and changed what, and whether the log holds together.",
        ("log --number 50",),
        store=True,
    ),
    Command(
        "link",
        "linking:link",
        CASES,
        "Say who is whom on several lists, how sure that is, and how many persons they are.",
        ("link lists/*.csv --truth person --format html --out link.html",),
    ),
    Command(
        "encode",
        "linking:encode",
        CASES,
        "Encode a list so that it can be linked without names.",
        ("encode list.csv --key-file key --out encoded.csv",),
    ),
    Command(
        "synthetic-lists",
        "made_up:synthetic_lists",
        CASES,
        "Write SYNTHETIC lists of five agencies about the same made-up people.",
        ("synthetic-lists --out lists --records 1000",),
    ),
    Command(
        "persons link",
        "persons:link",
        CASES,
        "Link the records of all agencies: from that day figures count each person once.",
        ("persons link --on 2019-03-05",),
        store=True,
    ),
    Command(
        "persons review",
        "persons:review",
        CASES,
        "Show links in doubt, both records side by side and why the model thinks so.",
        ("persons review --number 5",),
        store=True,
    ),
    Command(
        "persons merge",
        "persons:merge",
        CASES,
        "Decide that two records are one person's.",
        ("persons merge kent:0123456789abcdef surrey:fedcba9876543210 --reason 'same document'",),
        store=True,
    ),
    Command(
        "persons split",
        "persons:split",
        CASES,
        "Decide that two records are not one person's.",
        ("persons split kent:0123456789abcdef surrey:fedcba9876543210 --reason 'twins'",),
        store=True,
    ),
    Command(
        "persons undo",
        "persons:undo",
        CASES,
        "Undo a decision; figures of earlier days keep it.",
        ("persons undo D12 --reason 'the document was misread'",),
        store=True,
    ),
    Command(
        "persons show",
        "persons:show",
        CASES,
        "Show the records of the person that a record belonged to, and what was decided.",
        ("persons show kent:0123456789abcdef --as-at 2019-06-01",),
        store=True,
    ),
    Command(
        "pseudonyms rotate",
        "pseudonyms:rotate",
        CASES,
        "Give every pseudonym anew under another key: figures stay, old ones still find their "
        "person.",
        ("pseudonyms rotate --reason 'a key may be known'",),
        store=True,
    ),
    Command(
        "requirements load",
        "requiring:load",
        REQUIRE,
        "Load an edition: checked in full, kept as it is, never changed.",
        ("requirements load human_trafficking", "requirements load edition.yaml"),
        store=True,
    ),
    Command(
        "requirements show",
        "requiring:show",
        REQUIRE,
        "Show an edition, or one question of it.",
        ("requirements show", "requirements show HT.6.4"),
        store=True,
    ),
    Command(
        "requirements diff",
        "requiring:diff",
        REQUIRE,
        "Show what became of questions from one edition to another.",
        ("requirements diff nir-2025 nir-2026",),
        store=True,
    ),
    Command(
        "requirements export",
        "requiring:export",
        REQUIRE,
        "Write an edition held as STIX 2.1, its marking on every object.",
        ("requirements export --edition nir-2026 --out nir-2026.stix.json",),
        store=True,
    ),
    Command(
        "requirements ask",
        "requiring:put",
        REQUIRE,
        "Put questions to agencies.",
        ("requirements ask asks.csv --on 2026-04-01",),
        store=True,
    ),
    Command(
        "requirements due",
        "requiring:due",
        REQUIRE,
        "List asks without a reply, first due first: the calendar, and whom to remind.",
        ("requirements due --as-at 2026-12-28",),
        store=True,
    ),
    Command(
        "requirements plan",
        "requiring:propose",
        REQUIRE,
        "Propose which asks to press next: most weight of evidence gained for the cost.",
        ("requirements plan --budget 20",),
        store=True,
    ),
    Command(
        "requirements gaps",
        "requiring:gaps",
        REQUIRE,
        "List questions of the data that could not be answered, and what each waits for.",
        ("requirements gaps --check",),
        store=True,
    ),
    Command(
        "requirements request",
        "requiring:request",
        REQUIRE,
        "Request information once; without an agency, list requests.",
        ('requirements request Kent "How many were seen?" --reply-by 2026-07-01',),
        store=True,
    ),
    Command(
        "requirements schema",
        "writing_forms:write_schema",
        REQUIRE,
        "Write the JSON Schema of requirement sets.",
        ("requirements schema --out schema.json",),
    ),
    Command(
        "report submit",
        "reporting:submit",
        REPORT,
        "File an intelligence report: one source, numbered items, each graded and linked.",
        ("report submit report.yaml --on 2026-05-04",),
        store=True,
    ),
    Command(
        "report regrade",
        "reporting:regrade",
        REPORT,
        "Grade an item anew; the grade before stays on record.",
        ("report regrade 'Kent R-1/2' 3CP --reason 'source retracted'",),
        store=True,
    ),
    Command(
        "report answer",
        "reporting:answer",
        REPORT,
        "Accept an analyst's answer to a cell.",
        ('report answer "HT.6.4/Kent/2026 Q2" --stated-by analyst --confidence moderate --low 3',),
        store=True,
    ),
    Command(
        "report close",
        "reporting:close",
        REPORT,
        "Close a cell without an answer: withdrawn, unanswerable or unlawful.",
        ('report close "HT.6.4/Kent/2026 Q2" --why unanswerable',),
        store=True,
    ),
    Command(
        "withdraw",
        "taking_back:withdraw",
        REPORT,
        "Take back what was filed, asked or accepted, from a day on; without a kind, list it.",
        (
            "withdraw item 'kent R-1/2' --reason 'filed by mistake'",
            "withdraw ask ASK-3 --reason 'asked elsewhere' --undo",
        ),
        store=True,
    ),
    Command(
        "correct",
        "taking_back:correct",
        REPORT,
        "Change an ask from a day on: another due day, another agency.",
        ("correct ASK-3 --due 2026-12-14 --reason 'more time was granted'",),
        store=True,
    ),
    Command(
        "origins list",
        "taking_back:origins",
        REPORT,
        "List origins with their spellings, which are in the identity schema: this is logged.",
        ("origins list",),
        store=True,
    ),
    Command(
        "origins add",
        "taking_back:add_origin",
        REPORT,
        "Register an origin, or another spelling of one.",
        ("origins add 'night log 7' --of ORIGIN-3",),
        store=True,
    ),
    Command(
        "origins join",
        "taking_back:join_origins",
        REPORT,
        "Say that two origins are one from a day on; before it they stay two.",
        ("origins join ORIGIN-4 ORIGIN-3 --reason 'one shelter'",),
        store=True,
    ),
    Command(
        "return submit",
        "reporting:submit_return",
        REPORT,
        "File replies to asks: items, nil after a search, nil, not held, refused.",
        ("return submit replies.yaml",),
        store=True,
    ),
    Command(
        "coverage",
        "covering:coverage",
        REPORT,
        "Show requirement coverage: where each question stands, and what changed.",
        (
            "coverage --by requirement --as-at 2026-12-28",
            "coverage --compare nir-2026@2026-09-28",
        ),
        store=True,
    ),
    Command(
        "templates",
        "writing_forms:write_templates",
        FORMS,
        "Write the forms of case returns: CSV templates, a JSON example, a data dictionary.",
        ("templates --out forms",),
    ),
    Command(
        "vocabularies",
        "writing_forms:write_vocabularies",
        FORMS,
        "Write 3x5x2, the PHIA yardstick and confidence for MISP; requirement sets as STIX.",
        ("vocabularies --out given",),
    ),
    Command(
        "snapshot",
        "snapshots:snapshot",
        FORMS,
        "Take a snapshot: all that was known by a day, in Parquet files without names.",
        ("snapshot --as-at 2009-03-01 --out snap", "snapshot --out snap --verify"),
        store=True,
    ),
    Command(
        "demo",
        "showing:demo",
        RUN,
        "Load the example files, answer the question of 17 December 2008, and write answers.",
        ("demo --out out",),
        store=True,
    ),
    Command(
        "serve",
        "serving:serve",
        RUN,
        "Serve the pages and the interface for programs until interrupted.",
        ("serve --port 8000",),
        store=True,
    ),
    Command(
        "backup",
        "backups:backup",
        RUN,
        "Back up the whole repository, names included, into one file.",
        ("backup --out darkfigure.backup",),
        store=True,
    ),
    Command(
        "restore",
        "backups:restore",
        RUN,
        "Restore a backup into a data folder or a database in which nothing is yet.",
        ("restore darkfigure.backup",),
        store=True,
    ),
    Command(
        "stop",
        "stopping:stop",
        RUN,
        "Stop the embedded PostgreSQL of this data folder.",
        ("stop",),
    ),
)


def under(prefix: str) -> dict[str, Command | Group]:
    """The commands and groups of the program, or those of a group, by the word they are called."""
    if prefix:
        found = {each.name: each for each in COMMANDS if each.name.startswith(f"{prefix} ")}
        return {name.removeprefix(f"{prefix} "): each for name, each in found.items()}
    return {each.name: each for each in (*COMMANDS, *GROUPS) if " " not in each.name}
