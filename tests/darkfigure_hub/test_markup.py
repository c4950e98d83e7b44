"""Markup planted in every field of every form, and in every text that the interface for programs
takes, is a text on every page that shows it: no element, no attribute, no address that runs. The
forms are found on the pages themselves. All synthetic.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from test_canaries import every_address
from test_matrix import OURS, WANTED, address_of, as_web, clients, there

from darkfigure_hub.api.routes import api
from darkfigure_hub.flows.programs import make_token

__all__ = ["as_web", "clients", "there"]

#: It would end an attribute of either kind, a text of a page or of a script, and begin an element.
MARKUP = "Zq'\"--></textarea></script><xss onload=alert(1)>"
#: An address that runs, where one is asked for.
RUNS = "javascript:alert(1)//<xss>"
#: What no page may hold: an element that was planted, what runs, what leads to what runs.
LEADING = ("href", "src", "action", "formaction", "data", "content")
TEXTS = {"text", "search", "email", "url", "password", "hidden", "tel", "date", "number", ""}


class Looked(HTMLParser):
    """The forms of a page with the names, kinds and values of their fields, and what runs on it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.forms, self.runs, self._select = [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, pairs):
        given = {name: value or "" for name, value in pairs}
        if tag == "xss" or any(name.startswith("on") for name in given):
            self.runs.append((tag, given))
        for name in LEADING:
            if given.get(name, "").strip().lower().startswith(("javascript:", "data:text")):
                self.runs.append((tag, given))
        if tag == "form":
            self.forms.append((given.get("method", "get"), given.get("action", ""), {}))
        if not self.forms or not given.get("name"):
            if tag == "option" and self._select is not None and given.get("value"):
                self._select.setdefault("value", given["value"])
            return
        fields = self.forms[-1][2]
        if tag == "select":
            self._select = fields[given["name"]] = {"kind": "select"}
        elif tag == "textarea":
            fields[given["name"]] = {"kind": "text"}
        elif tag == "input":
            kind = given.get("type", "")
            told = {"kind": "text" if kind in TEXTS else kind, "value": given.get("value", "")}
            fields.setdefault(given["name"], told)


def asked(client, address, posted=None):
    """The status, the kind and the text of what is answered; in a connection of its own."""
    connection.close()
    found = client.get(address) if posted is None else client.post(address, posted)
    content = b"".join(found) if found.streaming else found.content
    connection.close()
    kind = found.headers.get("Content-Type", "")
    return found.status_code, kind, content.decode(errors="replace")


def filled(fields, name):
    """A form with markup in one field, or in all of them (no name), and what it offers beside."""
    made = {}
    for each, told in fields.items():
        planted = told["kind"] == "text" and name in ("", each) and "csrf" not in each
        if planted:
            made[each] = RUNS if "address" in each or "next" in each else MARKUP
        elif told["kind"] == "file":
            made[each] = SimpleUploadedFile(f"{MARKUP}.csv", f"{MARKUP},b\n1,2\n".encode())
        elif told.get("value"):
            made[each] = told["value"]
        elif told["kind"] == "text":
            made[each] = "SYNTHETIC reason"
    return made


def forms_of(clients, there):
    """Each form that is sent, found on the pages of the first role to whom it is shown."""
    for name, path in OURS:
        address = address_of(name, path, there)
        for who, client in clients.items():
            if who is None or who[1] != "kent":
                continue
            code, kind, text = asked(client, address)
            found = [each for each in Looked(text).forms if each[0].lower() == "post"]
            if code == 200 and kind.startswith("text/html") and found:
                for _, action, fields in found:
                    if not action.startswith("/account/"):  # signing out
                        yield client, action or address, fields
                break


def wrong_on(address, answered):
    """What runs on a page that was answered."""
    code, kind, text = answered
    if kind.startswith("text/html"):
        return [(address, code, each) for each in Looked(text).runs]
    return [(address, code, kind)] if code == 200 and "html" in kind else []


def bodies():
    """The address of each route of the interface by which something is sent, with the names of its
    texts in the body.
    """
    told = api.get_openapi_schema()
    for path, methods in told["paths"].items():
        for method, said in methods.items():
            if method == "post":
                query = [each["name"] for each in said["parameters"] if each["in"] == "query"]
                yield path, query


@pytest.fixture
def program(there, operator):
    """A program of Kent's."""
    written = make_token(operator, WANTED).written
    return Client(HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {written}")


@pytest.mark.long
def test_markup_in_every_field_is_a_text_on_every_page(clients, there, program, as_web):
    for client in clients.values():
        asked(client, "/desk/")
    wrong, sent, shown = [], 0, 0
    for client, action, fields in list(forms_of(clients, there)):
        texts = [name for name, told in fields.items() if told["kind"] == "text"]
        for name in ["", *(each for each in texts if "csrf" not in each)]:
            answered = asked(client, action, filled(fields, name))
            assert answered[0] < 500, (action, name)
            wrong += wrong_on(action, answered)
            sent, shown = sent + 1, shown + ("&lt;xss" in answered[2])
    print("SENT", sent, shown)
    assert sent > 120
    assert shown > 70
    for path, query in bodies():
        for number in (there["submissions"], 999_999_999):
            connection.close()
            answered = program.post(
                path.format(number=number, code="ASK-1"),
                f'{{"kind": "{RUNS}", "effort": "<xss>", "signed_off_by": "<xss>"}}',
                content_type="application/json",
                query_params=dict.fromkeys(query, MARKUP),
                HTTP_IDEMPOTENCY_KEY="<xss>",
            )
            assert "json" in answered.headers["Content-Type"], path
            assert answered.status_code < 500
    seen = 0
    for who, client in clients.items():
        if who is not None and who[1] != "kent":
            continue
        for address in sorted(set(every_address({**there, "returns": 1, "responses": 1}))):
            answered = asked(client, address)
            wrong += wrong_on(address, answered)
            seen += "&lt;xss" in answered[2]
    assert wrong == []
    assert seen > 10
