"""The part of the table of commands that says who is let in: plain data, as the rest."""

from __future__ import annotations

from darkfigure_hub.commands.entries import RUN, Command

LETTING_IN = (
    Command(
        "createadmin",
        "naming_administrators:createadmin",
        RUN,
        "Name an administrator of accounts, and print the code by which they join.",
        ("createadmin --email alex@example.org --name 'Alex Invented'",),
        store=True,
    ),
    Command(
        "agencies merge",
        "ending_agencies:merge",
        RUN,
        "Merge agencies: their people, tokens, asks and drafts go over; what they said stays.",
        ("agencies merge kent --into essex --reason 'an order of Parliament'",),
        store=True,
    ),
    Command(
        "agencies split",
        "ending_agencies:split",
        RUN,
        "Divide an agency: one of its parts keeps people, tokens, asks and drafts.",
        ("agencies split kent --into essex --into sussex --keeper essex --reason 'an order'",),
        store=True,
    ),
    Command(
        "agencies close",
        "ending_agencies:close",
        RUN,
        "Close an agency: roles end, tokens are revoked, asks taken back, drafts discarded.",
        ("agencies close kent --reason 'it was wound up'",),
        store=True,
    ),
    Command(
        "tokens list",
        "tokens:list_tokens",
        RUN,
        "List the tokens of programs: of which agency, for what, until when, when last used.",
        ("tokens list", "tokens list --format json"),
        store=True,
    ),
    Command(
        "tokens make",
        "tokens:make",
        RUN,
        "Make a token for a program of an agency, and print it: it is told once.",
        ("tokens make Kent --for 'case system' --grant returns --grant replies",),
        store=True,
    ),
    Command(
        "tokens revoke",
        "tokens:revoke",
        RUN,
        "Revoke a token: from now on it lets nobody in.",
        ("tokens revoke 3 --reason 'the machine was sold'",),
        store=True,
    ),
    Command(
        "demo-accounts",
        "naming_administrators:demo_accounts",
        RUN,
        "Make up an account for each role, and print once how each signs in. SYNTHETIC.",
        ("demo-accounts", "demo-accounts --agency kent --agency essex"),
        store=True,
    ),
)
