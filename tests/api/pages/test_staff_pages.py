"""The pages of managers about who works here, what they may, and which accounts there are."""

import pytest

from tests import factories
from tests.world.account_world import Kind

LISTS = ["/staff", "/staff/history", "/profiles", "/history"]
# A form that somebody may not send is no page to them.
FORMS = ["/staff/new", "/profiles/new", "/accounts/new"]


@pytest.mark.reads
@pytest.mark.parametrize("path", LISTS + FORMS)
async def test_they_are_for_managers(browsing, world, path):
    assert (await browsing(Kind.MANAGER).open(path)).status == 200
    for kind in (Kind.EMPLOYEE, Kind.OWNER):
        assert (await browsing(kind).open(path)).status == (404 if path in FORMS else 403)


@pytest.mark.reads
async def test_the_menu_leads_there(browsing, world):
    browser = await browsing(Kind.MANAGER).open("/")
    assert {"Requests", "Apps", "Staff"} <= set(browser.texts(".menu a"))
    browser = await browsing(Kind.OWNER).open("/")
    assert browser.texts(".menu a") == ["Accounts"]


async def test_a_profile_is_made_and_somebody_holds_it(browsing, world):
    browser = await browsing(Kind.MANAGER).open("/profiles")
    await browser.follow("Make a profile")
    name, email = f"Desk {factories.word()}", f"{factories.word()}@example.org"
    scopes = ["ACCOUNT_READ", "HISTORY"]
    await browser.press("Save", input__name=name, input__scopes=scopes)
    assert browser.text(".done") == "The profile is saved. It holds at once."
    await browser.open(f"/profiles?search={name}")
    assert browser.text(".links .soft") == "Read the account, read the history"
    await browser.follow(name)
    await browser.press("Save", input__scopes=["ACCOUNT_READ"], input__reason="Too much")
    await browser.open(f"/profiles?search={name}")
    assert browser.text(".links .soft") == "Read the account"

    await browser.open(f"/staff/new?search={name}")
    await browser.press("Add", input__email=email, input__name="New Person")
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert (browser.status, links) == (422, ["#input.permissionProfileId"])
    (chosen,) = [
        one.css_first("input").attributes["value"]
        for one in browser.page.css(".option")
        if name in one.text()
    ]
    await browser.press("Add", input__permissionProfileId=chosen)
    assert browser.address == "/staff"
    await browser.open(f"/staff?search={email}")
    assert browser.texts(".links .chip") == ["Employee"]
    await browser.follow("History New Person")
    assert browser.texts(".events h2") == ["Add somebody to the staff: New Person"]
    assert "Permission profile" in browser.texts(".changes th")
    await browser.open(f"/staff?search={email}")
    await browser.follow("Deactivate New Person")
    await browser.press("Deactivate")
    assert browser.text(".done") == "They are deactivated."
    await browser.open(f"/staff?search={email}")
    assert browser.texts(".links .chip") == []
    await browser.open(f"/staff?search={email}&isDeactivated=true")
    assert browser.texts(".links .chip") == ["Employee"]


async def test_an_employee_gets_another_profile(browsing, world, write):
    person, profile = factories.person(name="Some Body"), factories.permission_profile([])
    await write(person, profile, factories.staff(person, profile))
    other = factories.permission_profile([])
    await write(other)
    browser = await browsing(Kind.MANAGER).open(f"/staff?search={person.email}")
    await browser.follow("Assign a profile Some Body")
    await browser.open(f"{browser.address}?search={other.name}")
    (chosen,) = [
        one.css_first("input").attributes["value"]
        for one in browser.page.css(".option")
        if other.name in one.text()
    ]
    await browser.press("Assign", input__permissionProfileId=chosen)
    assert browser.text(".done") == "The profile is assigned."
    await browser.open(f"/staff?search={person.email}")
    assert other.name in browser.text(".links .soft")


async def test_whoever_was_slower_reads_which_profile_somebody_holds_now(browsing, world, write):
    shared = factories.word()
    profiles = [factories.permission_profile([], name=f"{shared} {n}") for n in range(3)]
    await write(*profiles)
    person = factories.person(name="Some Body")
    await write(person, factories.staff(person, profiles[0]))
    browsers = [await browsing(Kind.MANAGER).open(f"/staff?search={person.email}") for _ in "12"]
    faster, slower = [await one.follow("Assign a profile Some Body") for one in browsers]
    for browser in (faster, slower):
        await browser.open(f"{browser.address}?search={shared}")
    ids = {
        option.css_first("label").text(deep=False): option.css_first("input").attributes["value"]
        for option in slower.page.css(".option")
    }
    await faster.press("Assign", input__permissionProfileId=ids[profiles[1].name])
    chosen = ids[profiles[2].name]
    await slower.press("Assign", input__permissionProfileId=chosen, input__reason="Other work")
    assert slower.text("#problems h2") == "Somebody else was faster"
    assert slower.texts(".stored") == [f"Stored meanwhile: {profiles[1].name}"]
    assert slower.typed["input.permissionProfileId"] == chosen
    await slower.press("Assign")
    assert slower.text(".done") == "The profile is assigned."


async def test_a_manager_makes_an_account(browsing, world):
    browser = await browsing(Kind.MANAGER).open("/")
    await browser.follow("New account")
    await browser.press("Make the account", input__owner__email="nobody")
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert (browser.status, links) == (422, ["#input.name"])
    assert browser.typed["input.owner.email"] == "nobody"
    name = f"Firm {factories.word()}"
    await browser.press(
        "Make the account",
        input__name=name,
        input__owner__email=f"{factories.word()}@example.org",
        input__owner__name="New Owner",
    )
    assert (browser.text("h1"), browser.text(".done")) == (
        name,
        "The account is made. Its owner is told by e-mail.",
    )


async def test_what_managers_changed_is_told_in_words(browsing, world):
    browser = await browsing(Kind.MANAGER).open("/apps/new")
    key = factories.word()
    await browser.press("Add the app", input__name="Books", input__key=key)
    await browser.open("/history?action=createApp")
    assert browser.text(".note").startswith("Only: Add an app.")
    assert browser.texts(".events h2")[0] == "Add an app"
    assert key in browser.texts(".changes td")
