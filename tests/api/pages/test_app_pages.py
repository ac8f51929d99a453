"""The pages of apps: what an account lets them do, and what managers give them."""

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from portal.models import AppToken
from tests import factories
from tests.api.pages.browsing import text_of
from tests.world.account_world import Kind


def apps(world):
    return f"/accounts/{world.own.id}/apps"


def chips(browser):
    return browser.texts("main .chip")


def told(browser, name):
    """Give what the card of an app tells, by its terms."""
    (card,) = [
        one for one in browser.page.css("section.card") if text_of(one.css_first("h2")) == name
    ]
    return {text_of(row.css_first("dt")): text_of(row.css_first("dd")) for row in card.css(".row")}


@pytest.fixture
async def app_row(write):
    """An app that nobody has authorised."""
    app = factories.app()
    await write(app)
    return app


@pytest.mark.reads
@pytest.mark.parametrize(("kind", "may"), [(Kind.OWNER, True), (Kind.ADMIN, False)])
async def test_authorisations_are_listed_in_words(browsing, world, kind, may):
    browser = await browsing(kind).open(apps(world))
    assert (browser.status, browser.text("h1")) == (200, "Apps")
    assert sorted(chips(browser)) == ["Authorised"] * 2 + ["Revoked"] * 2
    assert "Read the account" in browser.rows["What it may do"]
    assert browser.texts(".head .button") == (["Authorise an app"] if may else [])
    assert len(browser.texts(".card .actions a")) == (4 if may else 0)


async def test_an_app_is_authorised_narrowed_and_revoked(browsing, world, app_row):
    browser = await browsing(Kind.OWNER).open(apps(world))
    await browser.follow("Authorise an app")
    chosen = encode("App", app_row.id)
    await browser.open(f"{browser.address}?search={app_row.name}")
    assert [one.attributes["value"] for one in browser.page.css("option")][1:] == [chosen]
    await browser.press("Authorise", input__appId=chosen)
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert (browser.status, links) == (422, ["#input.expiresAt"])
    scopes, until = ["ACCOUNT_READ", "FINANCIALS"], "2027-06-01T09:30"
    typed = {"input__appId": chosen, "input__scopes": scopes}
    await browser.press("Authorise", input__expiresAt=until, **typed)
    assert browser.text(".done") == "The app is authorised. The owner is told by e-mail."
    assert told(browser, app_row.name)["Until"] == "1 June 2027, 09:30"
    await browser.follow(f"Narrow {app_row.name}")
    assert browser.typed["input.expiresAt"] == until
    await browser.press("Save", input__scopes=["ACCOUNT_READ"])
    assert browser.text(".done") == "The authorisation is narrower now."
    assert told(browser, app_row.name)["What it may do"] == "Read the account"
    await browser.follow(f"Revoke {app_row.name}")
    await browser.press("Revoke")
    assert browser.text(".done") == "The authorisation is revoked. The owner is told by e-mail."
    assert f"Revoke {app_row.name}" not in browser.texts("a")


async def test_a_manager_adds_an_app_and_shuts_it_out(browsing, world):
    browser = await browsing(Kind.MANAGER).open("/apps")
    await browser.follow("Add an app")
    key = factories.word()
    await browser.press("Add the app", input__name=f"Books {key}", input__key=key)
    assert (browser.status, browser.text("h1")) == (200, f"Books {key}")
    await browser.follow("Give it another name")
    await browser.press("Save", input__name=f"Bookkeeping {key}")
    assert browser.text("h1") == f"Bookkeeping {key}"
    await browser.follow("Disable the app")
    await browser.press("Disable for good")
    assert browser.text(".done") == "The app is disabled."
    assert browser.texts(".head .button") == []
    await browser.open(f"/apps?search={key}")
    assert browser.texts(".links a") == [f"Bookkeeping {key}"]
    assert chips(browser) == ["Disabled"]


async def test_a_token_is_shown_once(browsing, world, app_row, superuser):
    browser = await browsing(Kind.MANAGER).open(f"/apps?search={app_row.name}")
    await browser.follow(app_row.name)
    await browser.follow("Give it a token")
    pairs = [*browser.typed.items(), ("do", "Change")]
    typed = {"input.name": "Server", "input.expiresAt": "2027-06-01T00:00"}
    pairs = [(name, typed.get(name, value)) for name, value in pairs]
    address = browser.address
    await browser.send(address, pairs)
    token = browser.text("code.token")
    assert (browser.status, len(token) > 20) == (200, True)
    await browser.send(address, pairs)
    assert (browser.status, browser.texts("code.token")) == (200, [])
    await browser.follow("Done")
    assert browser.texts(".links strong") == ["Server"]
    assert token not in browser.page.html
    await browser.follow("Revoke Server")
    await browser.press("Revoke")
    assert (browser.text(".done"), chips(browser)) == ("The token is revoked.", ["Revoked"])
    async with superuser.connect() as connection:
        query = sa.select(AppToken.revoked_at).where(AppToken.app_id == app_row.id)
        assert (await connection.scalar(query)) is not None


@pytest.mark.reads
async def test_what_only_managers_do_is_no_page_for_others(browsing, world):
    for kind in (Kind.OWNER, Kind.EMPLOYEE):
        browser = await browsing(kind).open("/apps/new")
        assert browser.status == 404
        await browser.open("/apps")
        assert browser.texts(".head .button") == []
