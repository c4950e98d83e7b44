"""Signing in by a department's own: by django-allauth's provider of OpenID Connect in another
process, on the real server, in a real browser and without one. All synthetic.
"""

from __future__ import annotations

import re
import urllib.request
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from support import logged_in, run
from support_pages import follow, free_port, looked_at, looks_right, served, totp
from support_provider import CLIENT, PASSWORD, SECRET, provider

pytestmark = pytest.mark.xdist_group("department")
DEPARTMENT = "Department of Invention"


def person(name, **more):
    return {"email": f"{name}@example.org", "verified": True, **more}


PEOPLE = [
    person("alex"),
    person("bea", amr=["pwd", "mfa"]),
    person("cem", verified=False),
    person("dee"),  # disabled
    person("eli"),  # of another agency
    person("nobody"),  # whom nobody invited
    *(
        person(f"wrong-{claim}", wrong={claim: said})
        for claim, said in (
            ("nonce", "another"),
            ("aud", "another"),
            ("iss", "http://127.0.0.1:1"),
            ("exp", 1_600_000_000),
        )
    ),
    person("stale", amr=["mfa"], ago=4000),
]
REFUSED = ("cem", "dee", "eli", "nobody", "wrong-nonce", "wrong-aud", "wrong-iss", "wrong-exp")


#: As many as there are who were invited, by rows like those of the first.
OTHERS = """
WITH made AS (
    INSERT INTO store_account (email, name, password, made_at, made_by, joining, joining_until,
        disabled_at, disabled_by, disabled_why)
    SELECT said, a.name, a.password, a.made_at, a.made_by, a.joining, a.joining_until,
        CASE WHEN said LIKE 'dee@%%' THEN now() END, '', ''
    FROM store_account a, unnest(%s::text[]) AS said WHERE a.email = 'alex@example.org'
    RETURNING id, email)
INSERT INTO store_appointment (account_id, agency, role, marking, proposed_by, proposed_at,
    approved_by, approved_at, ended_by, ended_why)
SELECT made.id, CASE WHEN made.email LIKE 'eli@%%' THEN 'kent' ELSE p.agency END, p.role,
    p.marking, p.proposed_by, p.proposed_at, p.approved_by, p.approved_at, '', ''
FROM made, store_appointment p
"""


@pytest.fixture(scope="module")
def invited(home):
    """Administrators who were invited and have not joined."""
    run("createadmin", "--email", "alex@example.org", "--name", "Alex Invented", home=home)
    others = [each["email"] for each in PEOPLE]
    with logged_in(home, autocommit=True) as held:
        held.execute(OTHERS, [[each for each in others if each[:4] not in ("alex", "nobo")]])
    return home


@pytest.fixture(scope="module")
def hub(invited, tmp_path_factory):
    """The hub, and the department's provider beside it."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/account/department/back"
    folder = tmp_path_factory.mktemp("provider")
    (folder / "secret").write_text(f"{SECRET}\n")
    with provider(folder, PEOPLE, back) as issuer:
        settings = {
            "DARKFIGURE_OIDC_ISSUER": issuer,
            "DARKFIGURE_OIDC_CLIENT": CLIENT,
            "DARKFIGURE_OIDC_SECRET_FILE": str(folder / "secret"),
            "DARKFIGURE_OIDC_NAME": DEPARTMENT,
            "DARKFIGURE_OIDC_AGENCY": "NCA",
            "DARKFIGURE_OIDC_SECOND_FACTOR": "mfa",
        }
        with served(invited, port, **settings) as url:
            yield url


def by_department(hub, name, session=None, path="/account/department"):
    """What somebody is answered who goes to the department, signs in there and comes back."""
    session = session or requests.Session()
    page = session.get(f"{hub}{path}")
    if page.url.startswith(hub):
        return page, session
    form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    given = {"login": f"{name}@example.org", "password": PASSWORD, "csrfmiddlewaretoken": form}
    return session.post(page.url, given, headers={"Referer": page.url}), session


def plain(page):
    """A page without what is drawn anew for each."""
    return re.sub(r'(nonce|value)="[^"]*"', "", page.text)


def test_from_an_invitation_to_the_desk_and_a_second_factor_once_more(browser, hub):
    with looked_at(browser) as alex:
        alex.goto(f"{hub}/desk/")
        looks_right(alex)
        follow(alex, alex.get_by_role("button", name=f"Sign in by {DEPARTMENT}"))
        asked = alex.url
        assert not asked.startswith(hub)
        alex.get_by_placeholder("Email address").fill("alex@example.org")
        alex.get_by_placeholder("Password").fill(PASSWORD)
        with alex.expect_navigation(url=re.compile(re.escape(hub))):
            alex.get_by_role("button", name="Sign In").click()
        assert not [each for each in alex.problems if "favicon" not in each and "404" not in each]
        alex.problems.clear()  # the provider's: it has no icon
        assert alex.get_by_role("heading", name="Second factors").is_visible()
        looks_right(alex)
        follow(alex, alex.get_by_role("link", name="Set up an authenticator app"))
        secret = alex.get_by_label("Authenticator secret").input_value()
        alex.get_by_label("Authenticator code").fill(totp(secret))
        follow(alex, alex.get_by_role("button", name="Activate"))
        alex.goto(f"{hub}/desk/")
        assert "You act as Administrator" in alex.inner_text("main")
        follow(alex, alex.get_by_role("button", name="Sign out"))
        # Who is signed in at the department is asked here for the second factor they have here.
        alex.goto(f"{hub}/account/department")
        assert alex.url == f"{hub}/account/second-factor"
        alex.get_by_label("Code").fill(totp(secret, ahead=1))
        follow(alex, alex.get_by_role("button", name="Sign in", exact=True))
        assert "You act as Administrator" in alex.inner_text("main")


def test_nobody_else_is_let_in_and_all_are_told_the_same(hub):
    told = {}
    for name in REFUSED:
        page, session = by_department(hub, name)
        assert page.status_code == 403, name
        told[name] = plain(page)
        assert "/account/sign-in" in session.get(f"{hub}/desk/").url
    assert len(set(told.values())) == 1
    assert not any(each["email"] in told["nobody"] for each in PEOPLE)


def test_what_was_not_asked_for_is_not_taken(hub):
    refused, _ = by_department(hub, "nobody")
    for query in ("", "?code=made-up&state=made-up", "?error=access_denied&state=made-up"):
        page = requests.get(f"{hub}/account/department/back{query}")
        assert (page.status_code, plain(page)) == (403, plain(refused))
    # A way back is good once, and in the session that it was asked in.
    session = requests.Session()
    away = session.get(f"{hub}/account/department", allow_redirects=False).headers["Location"]
    asked = dict(parse_qsl(urlsplit(away).query))
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert min(len(asked["nonce"]), len(asked["state"])) >= 20
    assert requests.get(f"{hub}/account/department?next=//evil.example").status_code == 200


def test_a_factor_given_at_the_department_counts_where_that_is_believed(hub, home):
    page, session = by_department(hub, "bea")
    assert page.url == f"{hub}/desk/"
    assert "You act as Administrator" in page.text
    # Bound for good: who they are there, and no longer the address.
    with logged_in(home) as held:
        bound = dict(
            held.execute(
                "SELECT a.email, i.subject FROM store_boundidentity i JOIN store_account a"
                " ON a.id = i.account_id"
            ).fetchall()
        )
        kept = held.execute(
            "SELECT session_data FROM store_session s JOIN store_account a ON a.id = s.account_id"
            " WHERE a.email = 'bea@example.org'"
        ).fetchall()
        told = held.execute(
            "SELECT action, detail::text FROM store_logentry WHERE purpose = 'sign in'"
            " ORDER BY id DESC LIMIT 2"
        ).fetchall()
    assert re.fullmatch("[0-9a-f]{64}", bound["bea@example.org"])
    assert [action for action, _ in told] == ["signed in", "bound to a department"]
    assert "bea@" not in str(told)
    assert len(kept) == 1
    # Who is bound to it proves there once more who they are.
    page = session.get(f"{hub}/account/factors/app")
    assert page.url == f"{hub}/account/factors/app", "it was proved just now, and bound"
    page, _ = by_department(hub, "bea", session, "/account/department?next=/desk/policy")
    assert page.url == f"{hub}/desk/policy"


def test_what_was_proved_long_ago_is_no_proof_now(hub):
    page, session = by_department(hub, "stale")
    assert "You act as Administrator" in page.text
    page, _ = by_department(hub, "stale", session)
    assert page.status_code == 403


def test_without_a_department_there_is_no_address_of_it(invited):
    with served(invited) as url:
        for path in ("department", "department/back"):
            with pytest.raises(HTTPError) as refused:
                urllib.request.urlopen(f"{url}/account/{path}")
            assert refused.value.code == 404
        assert DEPARTMENT not in requests.get(f"{url}/account/sign-in").text


def test_a_department_told_by_half_is_refused_before_anything_is_served(home):
    said = run("serve", home=home, check=False, DARKFIGURE_OIDC_ISSUER="https://example.gov")
    assert "DARKFIGURE_OIDC_CLIENT is not" in said.stderr
    more = {f"DARKFIGURE_OIDC_{name}": "NCA" for name in ("CLIENT", "SECRET", "NAME", "AGENCY")}
    said = run("serve", home=home, check=False, DARKFIGURE_OIDC_ISSUER="http://a.gov", **more)
    assert "begins with https://" in said.stderr
