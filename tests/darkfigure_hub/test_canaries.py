"""Canaries: words planted in hidden rows of every table are looked for on every page, search,
count, export, feed, error and route that each role reaches; a hidden thing is answered as one that
is not there. All synthetic.
"""

from __future__ import annotations

import re
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.urls import get_resolver
from test_matrix import ASKED, OURS, address_of, as_web, clients, there

from darkfigure_hub.access.roles import Role
from darkfigure_hub.flows.compartments import name_compartment
from darkfigure_hub.store import gate, roles
from darkfigure_hub.store.models import Account
from support_gate import plant, unbound

__all__ = ["as_web", "clients", "there"]

CANARY = re.compile(r"QZXcanary\w+")
#: Above what anybody here sees.
SECRET = 3
#: Canaries that a role may see, by table; nobody may see any other.
TOLD = {
    "store_compartment": {Role.ADMINISTRATOR},
    "store_brokenglass": {Role.AUDITOR},
    "store_release": {
        Role.STATISTICIAN,
        Role.RELEASE_OFFICER,
        Role.ANSWERS_DESK,
        Role.ASSESSOR,
    },
}
WORDS = {
    "store_compartment": "QZXcanaryneedle",
    "store_brokenglass": "QZXcanaryglass",
    "store_release": "QZXcanaryrelease",
}
#: Tables of which no row is hidden by marking, agency or whose it is: the log is the auditor's,
#: links, gaps, disputes and what belongs to a release or a judgement are of those who work with
#: them, what is taken back names what is seen elsewhere.
OPEN = {
    "store_returnremark", "store_filepiece", "store_responsepart", "store_unansweredquestion",
    "store_informationrequest", "identity.draft", "identity.enquiry", "store_takenback",
    "store_logentry", "store_recordset", "person_link", "store_linkpair", "store_linkedrecord",
    "store_linkrun", "store_linkdecision", "store_linkproposal", "store_wall",
    "store_agencychange", "store_wish", "store_compartmentgrant", "store_sentonce",
    "store_compartment", "store_dispute", "store_handlingcondition", "store_releasetable",
    "store_releasefile", "store_releasecopy", "store_judgementevent", "store_editionfile",
}  # fmt: skip


@pytest.fixture
def planted(clients, there, operator):
    """The number of a hidden thing by the kind of address."""
    other = Account.objects.create(email="hidden@example.org", name="Cleo Invented", made_by="t")
    compartment = name_compartment(operator, "QZXcanaryneedle")
    found, tables = {}, [*gate.WALLED, *(set(gate.CONDITIONS) - OPEN)]
    with roles.as_owner(), connection.cursor() as cursor:
        unbound(cursor, tables)
        walls = []
        for agency, marking, within in (
            ("kent", SECRET, 0),
            ("kent", 1, compartment),
            ("", SECRET, 0),
        ):
            cursor.execute("SELECT gate.wall_of(%s, %s, %s, 0)", [agency, marking, within])
            walls.append(cursor.fetchone()[0])
        for table in gate.TAKEN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER take_wall")
        cursor.execute("ALTER TABLE store_itemgrade DISABLE TRIGGER settles")
        for at, table in enumerate(sorted(tables)):
            for place, wall in enumerate(walls if table in gate.WALLED else [0]):
                given = {"account_id": str(other.pk), "wall": str(wall), "row": str(9000 + place)}
                word = WORDS.get(table, f"QZXcanary{at:02d}{place}")
                found[table] = plant(cursor, table, word, **given)
    return {
        "submissions": found["store_submission"],
        "enquiries": found["store_enquiry"],
        "responses": found["store_response"],
        "returns": found["store_return"],
    }


def every_address(numbers):
    """Every address of pages and routes that is looked at, with hidden numbers where it takes
    one.
    """
    for name, path in OURS:
        if name in ASKED:
            yield address_of(name, path, {**numbers})
            continue
        if "<" not in path:
            yield address_of(name, path, {})
        else:
            kind = path.split("/")[1] if path.startswith("desk/") else ""
            number = numbers.get(kind, 999_999_999)
            yield re.sub(r"<int:\w+>", str(number), f"/{path}").replace("<str:letter>", "A")
    for each in get_resolver().url_patterns:
        if str(each.pattern) == "api/":
            for route in each.url_patterns:
                yield "/api/" + re.sub(r"<[^>]*>", str(numbers["returns"]), str(route.pattern))
    yield from (
        "/?q=QZX",
        "/understand?q=QZX",
        "/ask?q=how+many+QZX",
        "/desk/log?action=QZX",
        "/desk/items/grade?item=kent+QZX/1",
        f"/desk/sight?account=1&kind=return&number={numbers['returns']}",
        f"/desk/responses/RESPONSE-{numbers['responses']}",
        f"/response/RESPONSE-{numbers['responses']}",
    )


#: What differs from page to page: numbers, and what forms are sent with.
CHANGING = r"\d+|nonce-\S+|csrf\S+\s*\S*|value=\"\S+\""


def told(word):
    """The roles that may see a word, by the table that it stands in."""
    return [may for table, may in TOLD.items() if word.startswith(WORDS[table])]


def asked(client, address):
    connection.close()
    found = client.get(address)
    content = b"".join(found) if found.streaming else found.content
    connection.close()
    return found.status_code, content.decode(errors="replace") + str(dict(found.headers))


def test_no_canary_is_seen_on_any_page_route_or_feed(clients, there, planted, as_web):
    mine = {who: client for who, client in clients.items() if who is None or who[1] == "kent"}
    for client in mine.values():
        asked(client, "/desk/")
    addresses = sorted(set(every_address(planted)))
    assert len(addresses) > 80
    wrong = []
    for who, client in mine.items():
        for address in addresses:
            code, text = asked(client, address)
            said = {
                word
                for word in CANARY.findall(text)
                if who is None or not any(who[0] in each for each in told(word))
            }
            if code == 500 or said:
                wrong.append((who, address, code, sorted(said)[:3]))
    assert wrong == []


def test_what_is_hidden_is_answered_as_what_is_not_there(clients, there, planted, as_web):
    """The same status and the same words, but for the number itself."""
    hidden = {
        f"/desk/submissions/{planted['submissions']}": "/desk/submissions/999999999",
        f"/desk/enquiries/{planted['enquiries']}": "/desk/enquiries/999999999",
        f"/desk/responses/RESPONSE-{planted['responses']}": "/desk/responses/RESPONSE-999999999",
        f"/response/RESPONSE-{planted['responses']}": "/response/RESPONSE-999999999",
    }
    for who, client in clients.items():
        asked(client, "/desk/")
        for there_, absent in hidden.items():
            one, other = (asked(client, each) for each in (there_, absent))
            same = [re.sub(CHANGING, "", text) for _, text in (one, other)]
            assert (one[0], same[0]) == (other[0], same[1]), (who, there_)


@pytest.mark.long
def test_its_time_tells_nothing_either(clients, there, planted, as_web):
    """Medians of a hidden and of an absent thing, asked in turn, lie within the spread of each."""
    client = clients[Role.ANSWERS_DESK, "kent"]
    asked(client, "/desk/")
    addresses = (f"/desk/enquiries/{planted['enquiries']}", "/desk/enquiries/999999999")
    took = {address: [] for address in addresses}
    for _ in range(40):
        for address in addresses:
            began = perf_counter()
            asked(client, address)
            took[address].append(perf_counter() - began)
    one, other = (sorted(took[each]) for each in addresses)
    spread = max(each[30] - each[10] for each in (one, other))
    assert abs(median(one) - median(other)) <= spread
