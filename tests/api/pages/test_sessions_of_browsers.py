"""Browsers log in with a form, and a cookie keeps their session; programs go on as they do."""

import pytest

from portal.login.hashing import hash_password
from portal.models import Password
from portal.settings.settings import Settings
from portal.viewer import Role
from tests import factories
from tests.api.asking import own_client
from tests.api.pages.browsing import ORIGIN, Browser
from tests.api.playing import PASSWORD
from tests.world.account_world import Kind

HASHED = hash_password(PASSWORD)
WRONG = "Het e-mailadres of het wachtwoord is onjuist."


@pytest.fixture
async def person(write):
    """Somebody with a password and an account."""
    person = factories.person()
    account, owning = factories.account(person)
    await write(person, account, owning, Password(person_id=person.id, hash=HASHED))
    return person


async def test_whoever_logs_in_gets_the_page_that_was_asked_for(browser, person):
    await browser.open("/accounts/x/billing")
    assert (browser.address, browser.text("h1")) == ("/login", "Inloggen")
    assert browser.typed == {"next": "/accounts/x/billing", "email": "", "password": ""}
    await browser.open("/login")
    await browser.press("Inloggen", email=person.email, password=PASSWORD)
    assert (browser.status, browser.address, browser.text("h1")) == (200, "/", "Accounts")
    await browser.open("/login?next=/accounts/x")
    assert (browser.status, browser.address) == (404, "/accounts/x")


async def test_the_cookie_is_the_session_of_the_api(browser, person, api):
    await browser.open("/login")
    await browser.press("Inloggen", email=person.email, password=PASSWORD)
    cookie, person_cookie = sorted(browser.client.cookies.jar, key=lambda one: one.name)
    assert person_cookie.name == "portal-person"
    assert (cookie.name, cookie.path, cookie.secure) == ("portal", "/", False)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    sessions = "{ viewer { sessions { isCurrent } } }"
    answer = await api(sessions, cookie.value)
    assert answer["data"] == {"viewer": {"sessions": [{"isCurrent": True}]}}
    await browser.press("Log out")
    assert browser.address == "/login"
    assert list(browser.client.cookies.jar) == []
    browser.client.cookies.set("portal", cookie.value)
    await browser.open("/")
    assert browser.address == "/login"


async def test_a_wrong_password_is_told_beside_the_controls(browser, person):
    await browser.open("/login")
    await browser.press("Inloggen", email=person.email, password=PASSWORD[1:])
    assert (browser.status, browser.text("#problems li")) == (422, WRONG)
    assert browser.typed == {"next": "/", "email": person.email, "password": ""}


@pytest.mark.parametrize(
    ("sent", "leads_to"),
    [
        ("/accounts/x", "/accounts/x"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/%0d%0aSet-Cookie", "/%0d%0aSet-Cookie"),
        ("/a\r\nSet-Cookie: b", "/"),
        ("", "/"),
    ],
)
async def test_a_login_leads_to_our_own_paths_alone(browser, person, sent, leads_to):
    fields = {"email": person.email, "password": PASSWORD, "next": sent}
    answer = await browser.client.post("/login", data=fields, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize(
    "said",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN["origin"], "sec-fetch-site": "same-site"},
        {},
    ],
    ids=str,
)
async def test_a_form_of_another_site_is_refused(client, person, path, said):
    fields = {"email": person.email, "password": PASSWORD}
    answer = await client.post(path, data=fields, headers={"accept": "text/html", **said})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_the_api_reads_no_cookie(browsing):
    client = browsing(Kind.OWNER).client
    answer = await client.post("/graphql", json={"query": "{ viewer { role } }"})
    assert answer.json()["data"] == {"viewer": {"role": "ANONYMOUS"}}
    assert (await client.post("/logout", json={})).status_code == 401


async def test_the_token_of_an_app_is_no_session(browser, world):
    browser.client.cookies.set("portal", world.own.tokens[Kind.PARTNER])
    await browser.open("/")
    assert browser.address == "/login"


async def test_in_production_no_other_host_can_set_the_cookie(addresses, tmp_path, write, person):
    settings = Settings(data=tmp_path, env="production", secret="s" * 32, hosts="localhost")
    async with own_client(settings, addresses, base_url="https://localhost") as client:
        fields = {"email": person.email, "password": PASSWORD}
        said = {"origin": "https://localhost"}
        answer = await client.post("/login", data=fields, headers=said)
        cookie, _ = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-portal=")
        assert cookie.endswith("; HttpOnly; Path=/; SameSite=lax; Secure")
        token, row = factories.credential(Role.CUSTOMER, person)
        await write(row)
        client.cookies.clear()
        client.cookies.set("portal", token)
        await (browser := Browser(client)).open("/")
        assert browser.address == "/login"
