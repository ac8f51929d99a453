"""A form is carried out for whoever sees it on a page of ours, and for nobody else."""

import asyncio

import pytest
from pydantic import SecretStr

from portal.settings.settings import Settings
from portal.viewer import Role
from tests import factories
from tests.api.asking import own_client
from tests.api.pages.browsing import ORIGIN, Browser, controls
from tests.pages import PAGES, paths_of
from tests.world import Kind

FORMS = [name for name, page in PAGES.items() if page.operation("Change")]
# What is one's own everybody has, at the same address.
OF_ROWS = [name for name in FORMS if "{" in PAGES[name].place.path]
ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": ""},
]
# What is wrong with a person's login is told on the page for it.
LOGIN = "/login"


async def opened(browsing, page, world):
    """Give a browser with the page: anybody's, else a customer's, else a manager's."""
    for kind in (Kind.ANONYMOUS,) if page.place.is_open else (Kind.OWNER, Kind.MANAGER):
        browser = browsing(kind)
        for path in paths_of(page, world.own.ids):
            await browser.open(path)
            if browser.status == 200:
                return browser
    raise AssertionError(f"Nobody sees {page.name}")


async def filled_in(browsing, page, world):
    """Give whose form it is, its path, and what it sends."""
    browser = await opened(browsing, page, world)
    form = browser.page.css_first("main form:has([name=do])") or browser.page.css_first("main form")
    # What runs may keep a form away.
    typed = controls(form) if form else []
    return browser, browser.address, [*typed, ("do", "Change")]


@pytest.mark.reads
@pytest.mark.parametrize("name", FORMS)
async def test_a_form_from_elsewhere_is_refused(browsing, world, name):
    """That it wrote nothing is seen at the end of all tests that only read."""
    browser, path, pairs = await filled_in(browsing, PAGES[name], world)
    for said in ELSEWHERE:
        answer = await browser.client.post(path, data=dict(pairs), headers={**ORIGIN, **said})
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.reads
@pytest.mark.parametrize("name", [name for name in OF_ROWS if not PAGES[name].place.is_open])
async def test_a_form_with_the_cookie_of_somebody_else_changes_nothing(
    browsing, browser, world, write, name
):
    _, path, pairs = await filled_in(browsing, PAGES[name], world)
    stranger = factories.person()
    token, session = factories.credential(Role.CUSTOMER, stranger)
    await write(stranger, session)
    for cookie, status in ((token, {403, 404, 422}), ("A" * len(token), {200})):
        browser.client.cookies.set("portal", cookie)
        await browser.send(path, pairs)
        assert browser.status in status
    assert browser.address == LOGIN


@pytest.mark.reads
@pytest.mark.parametrize("name", [name for name in FORMS if not PAGES[name].place.is_open])
async def test_a_form_that_is_sent_again_after_logging_out_asks_for_a_login(
    browsing, browser, world, write, name
):
    _, path, pairs = await filled_in(browsing, PAGES[name], world)
    token, session = factories.credential(Role.CUSTOMER, world.own.owner)
    await write(session)
    browser.client.cookies.set("portal", token)
    await browser.send("/logout", [])
    browser.client.cookies.set("portal", token)
    await browser.send(path, pairs)
    assert (browser.status, browser.address) == (200, LOGIN)


async def test_logging_out_ends_the_session_wherever_it_is_remembered(
    addresses, tmp_path, browser, world, write
):
    token, session = factories.credential(Role.CUSTOMER, world.own.owner)
    await write(session)
    browser.client.cookies.set("portal", token)
    asked = {
        "json": {"query": "{ viewer { role } }"},
        "headers": {"authorization": f"Bearer {token}"},
    }
    async with own_client(Settings(data=tmp_path), addresses) as program:
        other = Browser(program)
        other.client.cookies.set("portal", token)
        assert (await program.post("/graphql", **asked)).status_code == 200
        assert (await other.open("/")).address == "/"
        await browser.send("/logout", [])
        assert (await browser.client.post("/graphql", **asked)).status_code == 401
        async with asyncio.timeout(10):
            while (await program.post("/graphql", **asked)).status_code != 401:
                await asyncio.sleep(0)
        assert (await other.open("/")).address == LOGIN


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/uploads", {"files": {"file": ("a.csv", b"a;b", "text/csv")}}),
        ("GET", "/metrics", {}),
    ],
)
async def test_what_is_for_programs_reads_no_cookie(addresses, tmp_path, world, method, path, sent):
    token = world.own.tokens[Kind.MANAGER]
    settings = Settings(data=tmp_path, metrics_token=SecretStr(token))
    async with own_client(settings, addresses) as client:
        without = await client.request(method, path, **sent)
        client.cookies.set("portal", token)
        answer = await client.request(method, path, **sent)
    assert answer.json()["errors"] == without.json()["errors"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.reads
@pytest.mark.parametrize("name", PAGES)
async def test_no_page_has_a_script_or_a_style_in_it(browsing, world, name):
    browser = await opened(browsing, PAGES[name], world)
    assert "unsafe" not in browser.response.headers["content-security-policy"]
    inline = "[style], style, script:not([src]), [onclick], [onchange], a[href^='javascript:']"
    assert [one.html for one in browser.page.css(inline)] == []
    assert browser.response.headers["cache-control"] == "no-store"
