"""Programs of agencies report to the real server by their tokens: drafts with receipts, done once
under a key, released by another; and nothing of another agency. All synthetic.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import socket
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from darkfigure.basis.errors import DarkfigureError, StoreUnavailable
from darkfigure.client import Hub, HubRefused, StatementsCut
from darkfigure.reading import record_lines
from darkfigure.writing.documents.reporting import LineData
from darkfigure.writing.problem_details import KEY_USED
from support import asked_of_two_forces, logged_in, own_folder, run
from support_pages import served
from support_programs import Asked, figures, lines_of, token, token_by
from support_reporting import report

pytestmark = pytest.mark.xdist_group("programs")


@pytest.fixture(scope="module")
def home():
    with own_folder() as folder:
        asked_of_two_forces(folder)
        yield folder


@pytest.fixture(scope="module")
def address(home):
    with served(home) as url:
        yield url


@pytest.fixture(scope="module")
def tokens(home):
    """Tokens by what they are for."""
    return {
        "kent": token_by(home, "account:1", "kent", "returns", "replies", "figures"),
        "releases": token_by(home, "account:2", "kent", "release"),
        "essex": token_by(home, "account:3", "essex", "returns", "replies", "figures"),
        "reads": token_by(home, "account:1", "kent", "figures"),
    }


@pytest.fixture
def kent(address, tokens):
    return Asked(address, tokens["kent"])


@pytest.fixture
def essex(address, tokens):
    return Asked(address, tokens["essex"])


def count(home, table="store_submission"):
    with logged_in(home) as session:
        return session.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_file_is_drafted_and_another_releases_it(address, home, tokens, kent, tmp_path):
    content = figures(tmp_path, 12, 14)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    status, headers, told = kent.draft(
        content,
        "first",
        Content_Disposition='attachment; filename="statements.csv"',
        Content_Digest=f"sha-256=:{digest}:",
        Content_Type="text/csv",
    )
    held = told["submission"]
    assert status == 201
    assert (held["state"], held["file"], held["size"]) == (
        "drafted",
        "statements.csv",
        len(content),
    )
    assert held["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["checks"]["whole"]
    assert told["checks"]["rows"] == 2
    assert len(told["log"]["hash"]) == 64
    path = f"/api/submissions/{held['number']}"
    status, headers, again = kent("GET", path, document="submission")
    assert again["submission"] == held
    assert kent("GET", path, If_None_Match=headers["ETag"])[0] == 304
    # Who drafted does not release; who releases says what they read.
    release = f"{path}/release?sha256="
    assert kent("POST", release + held["sha256"], Idempotency_Key="r")[0] == 403
    other = Asked(address, tokens["releases"])
    assert other("POST", release + "0" * 64, Idempotency_Key="r1")[0] == 409
    status, _, told = other("POST", release + held["sha256"], Idempotency_Key="r2")
    done = other("POST", release + held["sha256"], document="submission", Idempotency_Key="r2")
    assert (status, done[0]) == (200, 200)
    assert done[1]["Idempotency-Replayed"] == "true"
    assert done[2]["submission"]["state"] == "released"
    assert done[2]["submission"]["made"]["rows"] == 2
    assert other("POST", release + held["sha256"], Idempotency_Key="r3")[0] == 409
    status, _, found = kent(
        "GET", "/api/ask?measure=victims_recovered&by=year&period=2020..2021", document="answer"
    )
    assert [cell["value"] for cell in found["cells"]] == [12, 14]
    assert "submission released" in run("log", "--number", "50", home=home).stdout


def test_faults_are_told_row_by_row(kent, tmp_path):
    status, _, told = kent.draft(figures(tmp_path, 12, "many", 14, "few"), "faults")
    assert status == 201
    checks = told["checks"]
    assert not checks["whole"]
    assert checks["faults"] == 2
    assert [each["line"] for each in checks["listed"]] == [3, 5]
    assert {each["column"] for each in checks["listed"]} == {"value"}
    assert "many" not in str(checks)


def test_a_receipt_at_once_promises_what_came_and_the_checks_are_told_when_asked(
    home, kent, tmp_path
):
    content, before = figures(tmp_path, 12, "many"), count(home)
    status, headers, told = kent.draft(content, "receipt", Prefer="respond-async, wait=5")
    held = told["submission"]
    assert (status, headers["Preference-Applied"]) == (202, "respond-async")
    assert held["sha256"] == hashlib.sha256(content).hexdigest()
    assert held["drafted_at"]
    assert (held["state"], told["checks"]) == ("drafted", None)
    assert len(told["log"]["hash"]) == 64
    again = kent.draft(content, "receipt", Prefer="respond-async")
    assert (again[0], again[1]["Idempotency-Replayed"], again[2]) == (202, "true", told)
    assert count(home) == before + 1
    _, _, looked = kent("GET", f"/api/submissions/{held['number']}", document="submission")
    assert looked["submission"] == held
    assert (looked["checks"]["whole"], looked["checks"]["faults"]) == (False, 1)


def test_the_same_under_one_key_is_done_once(home, kent, tmp_path):
    content, before = figures(tmp_path, 1), count(home)
    first, again = (kent.draft(content, "once") for _ in range(2))
    assert first[0] == again[0] == 201
    assert first[2] == again[2]
    assert "Idempotency-Replayed" not in first[1]
    for status, _, told in (
        kent.draft(content + b"\n", "once"),
        kent.draft(content, "once", "kind=replies"),
        kent.draft(content, "once", "marking=PUBLIC"),
    ):
        assert (status, told["type"]) == (422, KEY_USED)
    assert count(home) == before + 1


def test_two_at_once_under_one_key_are_one(home, kent, tmp_path):
    content, before = figures(tmp_path, *range(200), start=1900), count(home)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: kent.draft(content, "at once"), range(4)))
    assert {each[0] for each in told} == {201}
    assert len({str(each[2]) for each in told}) == 1
    assert count(home) == before + 1


def test_who_broke_off_after_the_draft_is_told_of_it(home, kent, tmp_path):
    """As where the server was killed while it checked."""
    content = figures(tmp_path, 3)
    first = kent.draft(content, "broken")
    with logged_in(home, autocommit=True) as session:
        session.execute("UPDATE store_sentonce SET status = NULL, told = '' WHERE key = 'broken'")
    before = count(home)
    again = kent.draft(content, "broken")
    assert first[2]["submission"] == again[2]["submission"]
    assert count(home) == before


def test_a_key_is_an_agencys_own_and_identical_bytes_are_anybodys(kent, essex, tmp_path):
    content = figures(tmp_path, 7)
    one, other = kent.draft(content, "alike"), essex.draft(content, "alike")
    assert (one[0], other[0]) == (201, 201)
    assert one[2]["submission"]["number"] != other[2]["submission"]["number"]
    assert one[2]["checks"]["whole"]
    assert "Essex" in other[2]["checks"]["refused"]


def test_anothers_submission_is_as_one_that_never_was(address, tokens, kent, essex, tmp_path):
    number = kent.draft(figures(tmp_path, 9), "own")[2]["submission"]["number"]
    for path in (f"/api/submissions/{number}", "/api/submissions/999999"):
        for method, more in (("GET", ""), ("POST", "/withdraw")):
            status, _, told = essex(method, path + more, Idempotency_Key=path)
            assert (status, told["detail"]) == (404, "There is no such submission.")
    assert all(
        each["number"] != number
        for each in essex("GET", "/api/submissions", document="submissions")[2]["submissions"]
    )
    assert essex("POST", "/api/asks/ASK-1/replies", REPLY, Idempotency_Key="x")[0] == 404
    status, _, told = kent("POST", f"/api/submissions/{number}/withdraw", Idempotency_Key="w")
    assert status == 200
    for _ in range(2):
        again = kent("POST", f"/api/submissions/{number}/withdraw", Idempotency_Key="w")
        assert again[:1] == (200,)
    assert kent("POST", f"/api/submissions/{number}/withdraw", Idempotency_Key="w2")[0] == 409
    reads = Asked(address, tokens["reads"])
    assert reads("GET", f"/api/submissions/{number}")[0] == 403
    assert reads.draft(b"x", "x")[0] == 403


REPLY = '{"kind": "nil_searched", "effort": "thorough", "signed_off_by": "head of unit"}'


def test_asks_are_seen_and_replied_to(address, tokens, kent):
    status, _, told = kent("GET", "/api/asks?limit=1", document="asks")
    assert status == 200
    assert [each["ask"] for each in told["asks"]] == ["ASK-1"]
    following = kent("GET", told["next"], document="asks")[2]
    assert [each["ask"] for each in following["asks"]] == ["ASK-2"]
    assert following["next"] is None
    sent = [
        kent("POST", "/api/asks/ASK-1/replies", REPLY, "submission", Idempotency_Key="reply")
        for _ in range(2)
    ]
    assert sent[0][2] == sent[1][2]
    held = sent[0][2]["submission"]
    assert sent[0][2]["checks"]["noticed"] == ["ASK-1: nil searched"]
    other = Asked(address, tokens["releases"])
    path = f"/api/submissions/{held['number']}/release?sha256={held['sha256']}"
    told = other("POST", path, document="submission", Idempotency_Key="released")[2]
    assert told["submission"]["made"]["replies"] == 1
    found = kent("GET", "/api/asks", document="asks")[2]
    assert [each["ask"] for each in found["asks"]] == ["ASK-2"]
    for wrong in ("{}", "[]", "x", '{"kind": "x", "signed_off_by": "x"}', "{" * 3_000_000):
        status, _, told = kent("POST", "/api/asks/ASK-2/replies", wrong, Idempotency_Key="w")
        assert status in (400, 422)
        assert told["detail"].endswith(".")


def test_case_records_and_reports_are_drafted_and_released(home, address, tmp_path):
    sends = Asked(address, token_by(home, "account:1", "kent", "returns", "reports", marking=2))
    other = Asked(address, token_by(home, "account:2", "kent", "release", marking=2))
    cases = (
        b"record_kind,record,stated_on,reported_by,synthetic,sex\n"
        b"person,X1,2026-02-01,kent,yes,female\nperson,X2,2026-02-01,kent,yes,male\n"
    )
    link = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q3", "relation": "supports"}
    said = report(links=[link], on="2026-08-01")
    said["submitted_on"] = "2026-08-02"
    for content, kind, made in (
        (cases, "return", {"rows": 2}),
        (json.dumps(said).encode(), "report", {"items": 1}),
    ):
        _, _, told = sends.draft(content, kind, f"kind={kind}&name=synthetic.json")
        assert told["checks"]["whole"], told
        held = told["submission"]
        path = f"/api/submissions/{held['number']}/release?sha256={held['sha256']}"
        _, _, told = other("POST", path, document="submission", Idempotency_Key=f"r {kind}")
        assert made.items() <= told["submission"]["made"].items()
    with logged_in(home) as session:
        walls = session.execute(
            "SELECT DISTINCT w.agency, w.marking FROM case_person p JOIN store_wall w "
            "ON w.id = p.wall"
        ).fetchall()
    assert walls == [("kent", 2)]


def test_lines_are_told_one_by_one(kent, home):
    sent = (
        b'{"measure":"victims_recovered","period":"2011","value":3,"stated_on":"2026-02-01",'
        b'"stated_by":"Kent","source":"synthetic"}\n'
    )
    body = sent + sent.replace(b"2011", b"2012").replace(b":3", b':"many"')
    media = {"Content_Type": "application/x-ndjson"}
    status, headers, text = kent.draft(body, "lines", **media)
    first, second, receipt = lines_of(text)
    assert (status, headers["Content-Type"]) == (201, "application/x-ndjson")
    assert first == {"line": 1, "sound": True, "faults": []}
    assert set(first) == set(LineData.__annotations__)
    assert (second["line"], second["sound"], second["faults"][0]["line"]) == (2, False, 2)
    assert receipt["submission"]["state"] == "drafted"
    assert kent.draft(body, "lines", **media)[2] == text
    one = kent.draft(sent, "line", **media)
    assert lines_of(one[2])[-1]["checks"]["whole"]
    person = (
        b'{"record_kind":"person","record":"X%d","stated_on":"2026-02-01","reported_by":"kent",'
        b'"synthetic":true,"sex":"%s"}\n'
    )
    cases = person % (1, b"female") + person % (2, b"femle")
    found = lines_of(kent.draft(cases, "cases", **media)[2])
    assert [each["sound"] for each in found[:-1]] == [True, False]
    before = count(home)
    for wrong in (b"[1]\n" + sent, b'{"a": [1]}\n', b"{}\n", b'{"a": NaN}\n', b"\xff\n"):
        status, _, told = kent.draft(wrong, f"wrong {wrong[:9]}", **media)
        assert status == 422
        assert told["faults"]
    many = b"\n" * (record_lines.MOST_LINES + 1)
    assert kent.draft(many, "many", **media)[0] == 413
    assert count(home) == before


def test_a_body_comes_whole_or_not_at_all(home, address, tokens, kent, tmp_path):
    content, before = figures(tmp_path, 5), count(home)
    head = (
        "POST /api/submissions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {tokens['kent']}\r\nIdempotency-Key: whole\r\n"
    )
    # The client is killed midway: nothing is drafted, and the same key does for the next try.
    with socket.create_connection((kent.address.hostname, kent.address.port)) as line:
        line.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[:40])
        time.sleep(0.2)
    for more, expected in (
        ("Content-Length: 200000001\r\n\r\n", b" 413 "),
        ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b" 411 "),
    ):
        with socket.create_connection((kent.address.hostname, kent.address.port)) as line:
            line.sendall((head + more).encode())
            line.settimeout(20)
            assert expected in line.recv(200)
    wrong = {"Content_Digest": f"sha-256=:{'A' * 43}=:"}
    assert kent.draft(content, "whole", **wrong)[0] == 400
    assert kent.draft(content, "whole", Content_Encoding="gzip")[0] == 415
    assert kent.draft(b"", "whole")[0] == 400
    assert count(home) == before
    assert kent.draft(content, "whole")[0] == 201
    assert count(home) == before + 1


def test_a_bomb_is_refused_and_the_server_goes_on(kent, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", b"0" * 200_000_000)
    status, _, told = kent.draft(packed.getvalue(), "bomb", "name=table.zip")
    assert status == 201
    assert not told["checks"]["whole"]
    assert "unpack" in str(told["checks"])
    for name in ("../../etc/passwd", "..", "a\\b\\table.csv", "Alex Invented.csv"):
        header = f'attachment; filename="{name}"'
        _, _, told = kent.draft(figures(tmp_path, 8), f"n {name}", Content_Disposition=header)
        assert set(told["submission"]["file"]) & set("/\\") == set()
        assert "Invented" not in told["submission"]["file"]


def test_who_is_nobody_is_told_so(home, address, tokens, kent):
    number = max_number(home)
    for wrong in ("", "darkfigure_guess", tokens["kent"] + "x", "x" * 9000):
        for path in ("/api/submissions", "/api/asks", "/api/statements.ndjson"):
            status, headers, told = Asked(address, wrong)("GET", path)
            assert status == 401
            assert headers["WWW-Authenticate"].startswith("Bearer")
            assert "guess" not in told["detail"]
    asked = "/api/ask?measure=victims_recovered&by=year&period=2020..2021"
    assert Asked(address, "darkfigure_guess")("GET", asked)[0] == 401
    assert Asked(address)("GET", asked)[0] == 200
    # A token in a cookie is no session, and a token in the address is none at all.
    told = Asked(address)("GET", asked, Cookie=f"darkfigure_session={tokens['kent']}")
    assert [cell["value"] for cell in lines(told)["cells"]] != [12, 14]
    assert Asked(address)("GET", f"/api/submissions/{number}?token={tokens['kent']}")[0] == 401
    for name, end in (
        ("revoked", "revoked_at = now(), revoked_by = 'x'"),
        ("over", "until = now()"),
    ):
        spent = token(home, "kent", "returns")
        asked_by = Asked(address, spent)
        assert asked_by("GET", "/api/submissions")[0] == 200
        with logged_in(home, autocommit=True) as session:
            session.execute(
                f"UPDATE store_token SET {end} WHERE id = (SELECT max(id) FROM store_token)"
            )
        assert asked_by("GET", "/api/submissions")[0] == 401, name
        assert asked_by.draft(b"x", "x")[0] == 401


def lines(told):
    return lines_of(told[2].replace("\n", ""))[0]


def max_number(home):
    with logged_in(home) as session:
        return session.execute("SELECT max(id) FROM store_submission").fetchone()[0]


def test_a_token_is_bounded(home, address):
    asked = Asked(address, token(home, "kent", "returns"))
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: asked("GET", "/api/submissions?limit=1"), range(180)))
    assert {each[0] for each in told} == {200, 429}
    refused = next(each for each in told if each[0] == 429)
    assert int(refused[1]["Retry-After"]) >= 1
    with Hub(address, asked.token, pause=0.1) as hub:
        assert next(hub.submissions())["number"]


def test_statements_are_streamed_to_who_may_see_them(home, address, tokens, kent, essex):
    status, headers, text = kent("GET", "/api/statements.ndjson")
    assert (status, headers["Content-Type"]) == (200, "application/x-ndjson")
    head, *rows, last = lines_of(text)
    assert (head["agency"], head["marking"]) == ("kent", "OFFICIAL")
    assert last == {"count": len(rows)}
    assert {each["value"] for each in rows if each["stated_by"] == "kent"} == {12, 14}
    others = lines_of(essex("GET", "/api/statements.ndjson")[2])[1:-1]
    assert [each for each in others if each["stated_by"] == "kent"] == []
    assert kent("GET", "/api/statements.ndjson?as_at=1999-01-01")[2].endswith('{"count":0}\n')
    with Hub(address, tokens["kent"]) as hub:
        assert list(hub.statements()) == rows
        assert list(hub.statements(measure="arrests")) == []
    # Who stops reading leaves no connection behind but those that wait, stripped.
    for _ in range(6):
        line = kent.line()
        line.request(
            "GET", "/api/statements.ndjson", None, {"Authorization": f"Bearer {kent.token}"}
        )
        line.getresponse().read(10)
        line.close()
    assert kent("GET", "/api/statements.ndjson")[0] == 200
    for _ in range(50):
        with logged_in(home) as session:
            left = session.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'darkfigure_web' "
                "AND state <> 'idle'"
            ).fetchone()[0]
        if not left:
            break
        time.sleep(0.1)
    assert left == 0


def test_the_client_does_what_the_interface_does(address, home, tokens, tmp_path):
    path = tmp_path / "statements.csv"
    path.write_bytes(figures(tmp_path, 31, 32, start=2030 - 8))
    with Hub(address, tokens["kent"], pause=0.05) as hub, Hub(address, tokens["releases"]) as other:
        receipt = hub.submit(path, key="client")
        assert hub.submit(path, key="client") == receipt
        number = receipt["submission"]["number"]
        assert hub.submission(number)["checks"]["whole"]
        assert next(hub.submissions())["number"] == number
        released = other.release(number, receipt["submission"]["sha256"])
        assert released["submission"]["state"] == "released"
        assert hub.submission(number)["checks"] is None
        drafted = hub.submit(path.read_bytes() + b"\n", name="statements.csv")
        assert hub.withdraw(drafted["submission"]["number"])["submission"]["state"] == "discarded"
        assert [each["ask"] for each in hub.asks()][-1] == "ASK-2"
        reply = hub.reply("ASK-2", "not_held", signed_off_by="head of unit")
        assert reply["checks"]["whole"]
        found = hub.ask("victims_recovered", by="year", period="2022..2023")
        assert [cell["value"] for cell in found["cells"]] == [31, 32]
        with pytest.raises(HubRefused, match="no such submission") as refused:
            hub.submission(999_999)
        assert refused.value.status == 404
        with pytest.raises(DarkfigureError, match="cannot be read"):
            hub.submit(tmp_path / "nothing.csv")
        assert tokens["kent"] not in repr(hub)
    with pytest.raises(HubRefused, match="Give a token") as refused:
        Hub(address, "darkfigure_guess").asks()
    assert refused.value.status == 401
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        Hub("http://127.0.0.1:9", "x", tries=2, pause=0.01).asks()
    for wrong in ("http://darkfigure.example.org", "ftp://x", "x", "https://user:pass@x.example"):
        with pytest.raises(DarkfigureError):
            Hub(wrong, "x")
    assert issubclass(StatementsCut, DarkfigureError)


class Breaking:
    """Hands on to a hub; the first answers are lost on their way back."""

    def __init__(self, address, lost):
        self.target, self.lost = address, lost
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.pool = ThreadPoolExecutor(1)
        self.done = self.pool.submit(self.serve)

    def serve(self):
        while self.lost >= 0:
            line, _ = self.server.accept()
            with line, socket.create_connection((self.target.hostname, self.target.port)) as hub:
                line.settimeout(0.3)
                try:
                    while piece := line.recv(65536):
                        hub.sendall(piece)
                except TimeoutError:
                    pass
                hub.settimeout(20)
                answer = hub.recv(1 << 20)
                self.lost -= 1
                if self.lost < 0:
                    line.sendall(answer)
        self.server.close()


def test_what_is_lost_on_the_way_back_is_sent_again_and_done_once(home, kent, tokens, tmp_path):
    between, before = Breaking(kent.address, lost=2), count(home)
    with Hub(f"http://127.0.0.1:{between.port}", tokens["kent"], pause=0.01, seconds=20) as hub:
        receipt = hub.submit(figures(tmp_path, 77), name="statements.csv")
    between.done.result(timeout=20)
    between.pool.shutdown()
    assert receipt["checks"]["whole"]
    assert count(home) == before + 1


def test_a_timer_reports_by_one_line(home, address, tokens, tmp_path):
    path, secret = tmp_path / "statements.csv", tmp_path / "token"
    path.write_bytes(figures(tmp_path, 41, start=2019))
    secret.write_text(tokens["kent"] + "\n")
    secret.chmod(0o600)
    elsewhere, given = tmp_path / "elsewhere", {"DARKFIGURE_TOKEN_FILE": str(secret)}

    def told(*words, check=False, **more):
        return run("--hub", address, *words, home=elsewhere, check=check, **{**given, **more})

    first, again = told("submit", path), told("submit", path)
    assert first.returncode == 0, first.stderr
    assert "no faults, 1 rows" in first.stdout
    assert first.stdout == again.stdout
    path.write_bytes(figures(tmp_path, "many"))
    faulty = told("submit", path)
    assert faulty.returncode == 1
    assert "line 2, column value: not a number." in faulty.stderr
    assert "ASK-2  due 2027-05-14" in told("asks", check=True).stdout
    assert told("asks", "--format", "json", check=True).stdout
    replied = told(
        *("reply", "ASK-2", "--kind", "refused", "--ground", "law"),
        *("--signed-off-by", "head of unit"),
    )
    assert replied.returncode == 0
    assert told("submit", tmp_path / "nothing").returncode == 2
    secret.chmod(0o644)
    assert "chmod 600" in told("asks").stderr
    refused = told("asks", DARKFIGURE_TOKEN="darkfigure_guess")
    assert (refused.returncode, "Give a token" in refused.stderr) == (2, True)
    assert not elsewhere.exists()


def test_no_token_stands_in_any_log(home, tokens):
    """Nor in any table."""
    said = run("log", "--number", "2000", home=home).stdout
    with logged_in(home) as session:
        kept = str(session.execute("SELECT * FROM store_token").fetchall())
        kept += str(session.execute("SELECT * FROM store_sentonce").fetchall())
    for each in tokens.values():
        assert each not in said
        assert each not in kept
    assert "token:" in said
