"""The pages of members: who is one, with which role, and who was invited."""

import pytest

from tests.world.account_world import Kind


def members(world):
    return f"/accounts/{world.own.id}/members"


def roles(browser):
    """Give the role that the page shows of each member."""
    listed = browser.page.css('section[aria-label="Members"] li')
    return {one.css_first("strong").text(): one.css_first(".chip").text() for one in listed}


@pytest.mark.reads
@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.MANAGER])
async def test_members_are_listed_with_what_can_be_done(browsing, world, kind):
    browser = await browsing(kind).open(members(world))
    assert (browser.status, browser.text("h1")) == (200, "Members")
    assert sorted(roles(browser).values()) == ["Administrator", "Billing", "Owner", "Reader"]
    offered = [one.partition(" ")[0] for one in browser.texts(".links .action a")]
    owners = kind is not Kind.ADMIN
    assert offered.count("Change") == offered.count("Remove") == 2 + owners
    assert offered.count("Leave") == (not owners)
    assert offered.count("Hand") == owners
    assert browser.texts(".head .button") == ["Invite somebody"]


@pytest.mark.reads
async def test_who_may_not_read_members_is_told_so(browsing, world):
    browser = await browsing(Kind.READER).open(members(world))
    assert browser.texts(".links .action a") == ["Leave the account"]
    assert browser.texts(".head .button") == []


async def test_somebody_is_invited_and_the_invitation_withdrawn(browsing, world):
    browser = await browsing(Kind.OWNER).open(members(world))
    await browser.follow("Invite somebody")
    await browser.press("Send the invitation", input__email="nobody", input__role="OWNER")
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert (browser.status, links) == (422, ["#input.email", "#input.role"])
    assert browser.typed["input.email"] == "nobody"
    await browser.press(
        "Send the invitation", input__email="new@example.org", input__role="BILLING"
    )
    assert (browser.address, browser.text(".done")) == (
        members(world),
        "The invitation is on its way.",
    )
    await browser.follow("Withdraw new@example.org")
    await browser.press("Withdraw the invitation")
    assert browser.text(".done") == "The invitation is withdrawn."
    assert "Withdraw new@example.org" not in browser.texts(".links a")


async def test_a_member_gets_another_role_and_leaves(browsing, world):
    browser = await browsing(Kind.OWNER).open(members(world))
    (name,) = [name for name, role in roles(browser).items() if role == "Reader"]
    await browser.follow(f"Change role {name}")
    assert browser.typed["input.role"] == "READER"
    await browser.press("Save", input__role="BILLING")
    assert (browser.text(".done"), roles(browser)[name]) == ("The role is changed.", "Billing")
    await browser.follow(f"Remove {name}")
    assert browser.text("h1") == f"Remove {name}?"
    await browser.press("Remove the member", input__reason="Left the firm")
    assert browser.text(".done") == "The member is removed."
    assert name not in roles(browser)


async def test_somebody_leaves_an_account_by_themselves(browsing, world):
    browser = await browsing(Kind.READER).open(members(world))
    await browser.follow("Leave the account")
    assert browser.text("h1") == f"Leave {world.own.account.name}?"
    await browser.press("Leave the account")
    assert (browser.address, browser.text(".done")) == ("/", "You have left the account.")
    assert (await browser.open(members(world))).status == 404


async def test_the_ownership_is_handed_over(browsing, world):
    browser = await browsing(Kind.OWNER).open(members(world))
    (name,) = [name for name, role in roles(browser).items() if role == "Administrator"]
    await browser.follow("Hand over the ownership")
    (new,) = [one for one in browser.page.css(".option") if name in one.text()]
    chosen = new.css_first("input").attributes["value"]
    await browser.press("Hand over")
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert (browser.status, links) == (422, ["#input.memberId"])
    await browser.press("Hand over", input__memberId=chosen)
    assert (browser.text(".done"), roles(browser)[name]) == (
        "The account has a new owner.",
        "Owner",
    )


async def test_a_manager_who_takes_an_account_from_its_owner_says_why(browsing, world):
    browser = await browsing(Kind.MANAGER).open(f"/accounts/{world.own.id}/owner")
    (chosen, *_) = [one.attributes["value"] for one in browser.page.css(".option input")]
    await browser.press("Hand over", input__memberId=chosen)
    assert (browser.status, browser.texts("#problems a")) == (
        422,
        ["Reason: To take an account from its owner needs a reason."],
    )
    await browser.press("Hand over", input__memberId=chosen, input__reason="The owner is gone")
    assert browser.text(".done") == "The account has a new owner."


@pytest.mark.reads
async def test_what_is_no_member_has_no_page(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"{members(world)}/{world.own.contract_id}/role")
    assert (browser.status, browser.text("h1")) == (404, "There is no such page.")
