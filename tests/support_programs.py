"""A hub as the program of an agency has it: the real server, tokens, and HTTP as it is sent."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from urllib.parse import urlsplit

from documents_held import held
from support import environment, run, statement, statement_file

_MADE_BY = """
import sys
from datetime import date, timedelta
from darkfigure_hub.flows.door import open_door
open_door()
from darkfigure.basis.marking import Marking
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.flows.programs import Wanted, make_token
who, agency, marking, *grants = sys.argv[1:]
scope = for_account(who, "agency_administrator", agency, 0, "test")
until = date.today() + timedelta(days=30)
print(make_token(scope, Wanted(agency, "synthetic", grants, Marking(int(marking)), until)).written)
"""


def token(home, agency, *grants, marking="OFFICIAL"):
    """A token made at the machine."""
    given = [part for grant in grants for part in ("--grant", grant)]
    said = run("tokens", "make", agency, "--for", "test", "--marking", marking, *given, home=home)
    return said.stdout.strip()


def token_by(home, who, agency, *grants, marking=1):
    """A token that somebody made, as on the pages."""
    done = subprocess.run(
        [sys.executable, "-c", _MADE_BY, who, agency, str(marking), *grants],
        env=environment(home, DJANGO_SETTINGS_MODULE="darkfigure_hub.settings"),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class Asked:
    """A hub asked by a token, or by none: what is sent goes as it stands."""

    def __init__(self, address, token=""):
        self.address = urlsplit(address)
        self.token = token

    def line(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)

    def __call__(self, method, path, body=None, document=None, **headers):
        """Status, headers, and the text or the document that is answered."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        line = self.line()
        try:
            line.request(method, path, body, given)
            reply = line.getresponse()
            text = reply.read().decode()
        finally:
            line.close()
        told = reply.headers
        if reply.status >= 400:
            return reply.status, told, held(text, "problem")
        return reply.status, told, held(text, document) if document else text

    def draft(self, content, key, query="", **headers):
        return self(
            "POST",
            f"/api/submissions?{query}",
            content,
            None if "x-ndjson" in headers.get("Content_Type", "") else "submission",
            Idempotency_Key=key,
            **headers,
        )


def figures(folder, *values, agency="Kent", start=2020):
    """A file of synthetic figures, one a year, as bytes."""
    rows = [
        statement(period=str(year), value=value, stated_by=agency, stated_on="2026-02-01")
        for year, value in enumerate(values, start)
    ]
    return statement_file(folder / "figures.csv", *rows).read_bytes()


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]
