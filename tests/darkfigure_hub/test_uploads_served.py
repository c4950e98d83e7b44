"""Files sent to the real server in bad faith: too long, too slowly, packed or written so that they
would grow. Who sends them is told at once, the server keeps its memory, and others are answered.
All synthetic.
"""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import urllib.request
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

import psutil
import pytest

import tables_written
from darkfigure_hub.flows.submit import LARGEST
from support import own_folder
from support_pages import looked_at, made_up_accounts, served, sign_in
from support_programs import Asked, token_by

pytestmark = pytest.mark.xdist_group("uploads_served")

FORM = "a" * 32
OFFICE = "http://schemas.openxmlformats.org"


@pytest.fixture(scope="module")
def home():
    with own_folder(people=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def address(home):
    with served(home) as url:
        yield url


@pytest.fixture(scope="module")
def process(address):
    """The process that answers."""
    port = urlsplit(address).port
    found = (each for each in psutil.net_connections("tcp") if each.status == "LISTEN")
    listening = next(each.pid for each in found if each.laddr.port == port)
    main = psutil.Process(listening)
    return next(iter(main.children()), main)


@pytest.fixture(scope="module")
def program(home, address):
    return Asked(address, token_by(home, "account:1", "kent", "returns", "reports", "replies"))


@pytest.fixture(scope="module")
def cookie(home, address, browser):
    """What the browser of Kent's reporting officer sends once they signed in."""
    accounts = made_up_accounts(home, "kent")
    with looked_at(browser) as page:
        sign_in(page, address, accounts["reporting-officer.kent"])
        held = {each["name"]: each["value"] for each in page.context.cookies()}
    return f"darkfigure_session={held['darkfigure_session']}; darkfigure_form={FORM}"


def line_to(address):
    at = urlsplit(address)
    return socket.create_connection((at.hostname, at.port), timeout=20)


def begun(address, path, length, *headers):
    """A request that says it is so long, and of which little is sent. Gives the line."""
    line = line_to(address)
    said = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", *headers]
    line.sendall("\r\n".join([*said, "", ""]).encode())
    return line


FILE = "Content-Type: multipart/form-data; boundary=xx"
HEAD = (
    b'--xx\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%s\r\n--xx\r\n'
    b'Content-Disposition: form-data; name="kind"\r\n\r\n%s\r\n--xx\r\n'
    b'Content-Disposition: form-data; name="marking"\r\n\r\nOFFICIAL\r\n--xx\r\n'
    b'Content-Disposition: form-data; name="file"; filename="%s"\r\n\r\n'
)


def taken_of(line):
    """How many bytes are taken before the line breaks."""
    taken = 0
    while taken < LARGEST:
        try:
            taken += line.send(b"0" * 65536)
        except OSError:
            break
    return taken


def test_what_is_too_long_is_refused_before_it_is_read(address, process, program, cookie):
    """By each door, by nobody and by somebody: the answer comes while nothing but the head was
    sent; what was sent on is not kept.
    """
    before = process.memory_info().rss
    nobody = f"Cookie: darkfigure_form={FORM}"
    bearer = f"Authorization: Bearer {program.token}"
    key = "Idempotency-Key: long"
    for path, length, *headers in (
        ("/account/sign-in", 3_000_000, nobody, FILE),
        ("/account/sign-in", 5_000_000_000, nobody, FILE),
        ("/desk/submissions/new", 3_000_000, nobody, FILE),
        ("/desk/submissions/new", LARGEST + 1_000_000, f"Cookie: {cookie}", FILE),
        ("/desk/asks/ASK-1/reply", 3_000_000, f"Cookie: {cookie}", FILE),
        ("/api/submissions", LARGEST + 1, bearer, key),
    ):
        with begun(address, path, length, *headers) as line:
            said = line.recv(65536)
            assert b" 413 " in said.partition(b"\r\n")[0], (path, length, said[:60])
    with begun(address, "/api/submissions", LARGEST + 1, bearer, key) as line:
        assert taken_of(line) < 20_000_000
    assert process.memory_info().rss - before < 60_000_000


def test_who_sends_slowly_keeps_nobody_waiting(address, program):
    """More than there are places: each began to send, by the pages and as a program."""
    nobody = f"Cookie: darkfigure_form={FORM}"
    kind = "Content-Type: application/x-www-form-urlencoded"
    bearer = f"Authorization: Bearer {program.token}"
    slow = [begun(address, "/account/sign-in", 1000, nobody, kind) for _ in range(8)]
    for at in range(8):
        key = f"Idempotency-Key: slow {at}"
        slow.append(begun(address, "/api/submissions", 3_000_000, bearer, key))
    for line in slow:
        line.sendall(b"a")
    for _ in range(10):
        with urllib.request.urlopen(f"{address}/measures", timeout=9) as page:
            assert page.status == 200
    for line in slow:
        line.close()


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def sheets_of(name, head="", cell="plain", repeated=""):
    """A spreadsheet as others write it, with a head before each of its parts, and something in the
    place of its one text.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        made = tables_written.xlsx if name.endswith("xlsx") else tables_written.ods
        made(path, {"S": [["HERE", "b"], ["HERE", 1]]})
        with zipfile.ZipFile(path) as archive:
            parts = {each: archive.read(each).decode() for each in archive.namelist()}
    for each, text in parts.items():
        if "HERE" in text:
            said, mark, rest = text.partition("?>")
            text = f"{said}{mark}{head}{rest}" if mark else head + text
            text = text.replace("HERE", cell).replace(
                "<table:table-row", f"<table:table-row{repeated}"
            )
            parts[each] = text
    return zipped(**parts)


def docx(head, cell):
    name = f'xmlns:w="{OFFICE}/wordprocessingml/2006/main"'
    return zipped(**{
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"{head}<w:document {name}><w:body><w:p><w:r><w:t>{cell}</w:t></w:r>"
        "</w:p></w:body></w:document>",
    })  # fmt: skip


LAUGHS = (
    '<!DOCTYPE z [<!ENTITY l0 "SYNTHETIC">'
    + "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE z [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
FULL = b"measure,period\n" + b"0" * 100_000_000
REPEATED = ' table:number-rows-repeated="1048576"'
BOMBS = {
    **{f"laughs.{each}": sheets_of(f"a.{each}", LAUGHS, "&l9;") for each in ("xlsx", "ods")},
    **{f"outside.{each}": sheets_of(f"a.{each}", OUTSIDE, "&l9;") for each in ("xlsx", "ods")},
    "laughs.docx": docx(LAUGHS, "&l9;"),
    "outside.docx": docx(OUTSIDE, "&l9;"),
    "laughs.xml": f"{LAUGHS}<a>&l9;</a>".encode(),
    "repeated.ods": sheets_of("a.ods", cell="a" * 4000, repeated=REPEATED),
    "table.zip": zipped(**{"table.csv": FULL}),
    "nested.zip": zipped(**{"a.zip": zipped(**{"table.csv": FULL})}),
    "table.csv.gz": gzip.compress(FULL),
    "above.zip": zipped(**{"../../etc/cron.csv": b"a,b\n1,2\n"}),
    "deep.json": b"[" * 1_000_000,
    "aliases.yaml": "".join(f"b{at}: &b{at} [*b{at - 1}, *b{at - 1}]\n" for at in range(1, 40))
    .replace("*b0", "x").encode(),
}  # fmt: skip


def posted(address, cookie, name, content, kind):
    """What a page answers that a file is sent to: the page that it leads to."""
    body = HEAD % (FORM.encode(), kind.encode(), name.encode()) + content + b"\r\n--xx--\r\n"
    at = urlsplit(address)
    given = {
        "Cookie": cookie,
        "Content-Type": "multipart/form-data; boundary=xx",
        "Referer": address,
    }
    path, method = "/desk/submissions/new", "POST"
    while True:
        line = http.client.HTTPConnection(at.hostname, at.port, timeout=60)
        line.request(method, path, body, given)
        reply = line.getresponse()
        text = reply.read().decode()
        line.close()
        if reply.status != 302:
            return reply.status, text
        path, method, body = reply.headers["Location"], "GET", None
        given.pop("Content-Type", None)


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_grow_is_told_by_each_door(address, process, program, cookie, name):
    """It is a draft with its faults, as any other that is damaged; nothing of another file of the
    machine stands in what is told, and memory is as it was.
    """
    before = process.memory_info().rss
    kind = "report" if name.endswith((".yaml", ".docx")) else "return"
    query = urlencode({"kind": kind, "name": name})
    status, _, told = program.draft(BOMBS[name], f"bomb {name}", query)
    assert status == 201
    assert not told["checks"]["whole"]
    assert told["checks"]["faults"] or told["checks"]["refused"]
    assert "root:" not in str(told)
    status, page = posted(address, cookie, name, BOMBS[name], kind)
    assert status == 200
    assert "SUBMISSION-" in page
    assert "No faults" not in page
    assert "root:" not in page
    assert process.memory_info().rss - before < 500_000_000


def test_what_is_no_bomb_is_read_from_the_same_files(address, program):
    """So that each of the above is refused for what it holds: the same without it is a table."""
    for name in ("plain.xlsx", "plain.ods"):
        query = urlencode({"kind": "return", "name": name})
        _, _, told = program.draft(sheets_of(name), name, query)
        assert "no reading is known" in str(told["checks"])


@pytest.mark.long
def test_the_longest_that_is_taken_fits_into_memory(address, process, program):
    """200 MB as a stream: the receipt takes some six times its length, not fifteen."""
    begin, peak = process.memory_info().rss, 0
    line = program.line()
    line.putrequest("POST", "/api/submissions?name=long.csv")
    for name, value in (
        ("Authorization", f"Bearer {program.token}"),
        ("Idempotency-Key", "longest"),
        ("Content-Length", str(LARGEST)),
        ("Prefer", "respond-async"),
    ):
        line.putheader(name, value)
    line.endheaders()
    for _ in range(LARGEST // 1_000_000):
        line.send(b"0" * 1_000_000)
    line.sock.settimeout(1)
    while True:
        peak = max(peak, process.memory_info().rss)
        try:
            reply = line.getresponse()
            break
        except TimeoutError:
            continue
    assert reply.status == 202
    assert peak - begin < 7 * LARGEST
