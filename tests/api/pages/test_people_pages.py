"""How people come in, and look after who they are."""

import pytest

from portal.language.global_id import encode
from portal.viewer import Language
from tests import factories
from tests.api.asking import client_of
from tests.api.ordering import today
from tests.api.pages.browsing import Browser
from tests.api.pages.conftest import SESSION
from tests.world.account_world import Kind

NEW = "wandering tulip over bridges"


async def test_somebody_registers_confirms_and_logs_in(browser, people, write):
    asked = [
        factories.consent_document(published_on=today(), kind=kind, language=Language.NL)
        for kind in ("TERMS", "DATA_PROTECTION")
    ]
    await write(*asked)
    email = f"{factories.word()}@example.org"
    await browser.open("/login")
    await browser.follow("Account aanmaken")
    typed = {
        "input__email": email,
        "input__personName": "Zoë Tulp",
        "input__accountName": "Tulp & Co",
        "input__password": NEW,
    }
    await browser.press("Account aanmaken", **typed)
    assert browser.status == 422
    ids = [one.attributes["value"] for one in browser.page.css("input[type=checkbox]")]
    assert {encode("ConsentDocument", row.id) for row in asked} == set(ids)
    await browser.press("Account aanmaken", input__documentIds=ids, **typed)
    assert browser.text("h1") == "Uw e-mailadres bevestigen"
    assert browser.text(".done") == "Er is een code onderweg naar uw e-mailadres."
    await browser.press("Bevestigen", input__code="000000")
    assert browser.status == 422
    await browser.press("Bevestigen", input__code=await people.code(email))
    assert browser.address == "/login"
    await browser.press("Inloggen", email=email, password=NEW)
    assert (browser.status, browser.texts(".links a")[-1]) == (200, "Tulp & Co")


async def test_a_forgotten_password_is_set_anew(browser, people, write, world):
    email = world.own.owner.email
    await browser.open("/login")
    await browser.follow("Wachtwoord vergeten?")
    await browser.press("Stuur mij een code", input__email=email)
    assert browser.text("h1") == "Een nieuw wachtwoord instellen"
    await browser.press(
        "Wachtwoord instellen", input__code=await people.code(email), input__newPassword="short"
    )
    assert [one.attributes["href"] for one in browser.page.css("#problems a")] == [
        "#input.newPassword"
    ]
    assert browser.typed["input.newPassword"] == ""
    await browser.press(
        "Wachtwoord instellen", input__code=await people.code(email), input__newPassword=NEW
    )
    assert browser.address == "/login"
    await browser.press("Inloggen", email=email, password=NEW)
    assert browser.status == 200


async def test_a_profile_is_changed_and_speaks_the_other_language(browsing):
    browser = await browsing(Kind.READER).open("/me")
    await browser.follow("Change Name")
    await browser.press("Save", input__name="Änne Groß", input__language="DE")
    assert (browser.address, browser.text("h1")) == ("/me", "Ihr Profil")
    assert browser.text(".done") == "Ihre Änderungen sind gespeichert."
    assert browser.rows["Name"] == "Änne Groß"


async def test_a_session_is_ended_and_then_all(app, browsing, world, write):
    browser = await browsing(Kind.READER).open("/me")
    (reader,) = {browser.client.cookies.get(SESSION)}
    assert browser.texts("#sessions") == ["Where you are logged in"]
    await browser.follow("Log out everywhere")
    await browser.press("Log out everywhere")
    assert (browser.address, browser.text(".done")) == ("/login", "U bent overal uitgelogd.")
    async with client_of(app) as client:
        client.cookies.set(SESSION, reader)
        again = await Browser(client).open("/me")
        assert again.address == "/login"


async def test_a_wrong_password_changes_and_deletes_nothing(browsing):
    browser = await browsing(Kind.READER).open("/me/password")
    await browser.press(
        "Change the password", input__presentPassword="wrong", input__newPassword=NEW
    )
    assert browser.status == 422
    await browser.open("/me/delete")
    await browser.press("Delete the profile", input__password=NEW)
    assert browser.status == 422
    assert browser.texts("#problems a") == ["Password: This is not your password."]


async def test_a_session_of_somebody_else_is_none(browsing):
    browser = await browsing(Kind.READER).open("/me/sessions/x")
    await browser.press("End the session")
    assert browser.status == 422


async def test_an_invitation_that_is_none_is_told(browsing):
    browser = await browsing(Kind.READER).open("/invitation")
    await browser.press("Accept", input__token=NEW)
    assert browser.status == 422


@pytest.mark.parametrize("path", ["/register", "/reset", "/reset/x", "/confirm/x"])
async def test_whoever_comes_in_needs_no_login(browser, path):
    await browser.open(path)
    assert (browser.status, browser.address) == (200, path)
