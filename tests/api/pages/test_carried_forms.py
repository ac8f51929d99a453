"""A form whose session had ended comes back after the login, to whoever typed into it."""

import time
from uuid import uuid4

import pytest

from portal.login.hashing import hash_password
from portal.login.seal import Seal
from portal.models import Password
from portal.pages.carrying import Carrier
from portal.pages.posted import Posted
from tests.api.pages.conftest import SESSION
from tests.api.playing import PASSWORD

SEAL = Seal("s" * 32)


@pytest.fixture
async def ended(browser, world, write):
    """A browser with a form of the owner, typed into and sent after the session had ended."""
    await write(Password(person_id=world.own.owner.id, hash=hash_password(PASSWORD)))
    await browser.open("/login")
    await browser.press("Inloggen", email=world.own.owner.email, password=PASSWORD)
    await browser.open(f"/accounts/{world.own.id}/billing")
    browser.client.cookies.delete(SESSION)
    await browser.press("Save", input__purchaseOrderNumber="typed before")
    return browser


async def test_it_comes_back_to_the_same_person_and_is_not_saved_yet(ended, world):
    assert (ended.status, ended.text("h1")) == (401, "Inloggen")
    assert "typed before" not in ended.response.text
    await ended.press("Inloggen", email=world.own.owner.email, password=PASSWORD)
    assert (ended.status, ended.typed["input.purchaseOrderNumber"]) == (200, "typed before")
    assert ended.text(".note") == (
        "Your session had ended. This is what you had typed; nothing of it is saved yet."
    )
    await ended.press("Save")
    assert ended.rows["Purchase order number"] == "typed before"


async def test_it_survives_a_wrong_password(ended, world):
    await ended.press("Inloggen", email=world.own.owner.email, password=PASSWORD[1:])
    assert ended.status == 422
    await ended.press("Inloggen", email=world.own.owner.email, password=PASSWORD)
    assert ended.typed["input.purchaseOrderNumber"] == "typed before"


async def test_nobody_else_gets_it(ended, world, write):
    foreign = world.foreign.owner
    await write(Password(person_id=foreign.id, hash=hash_password(PASSWORD)))
    await ended.press("Inloggen", email=foreign.email, password=PASSWORD)
    assert "typed before" not in ended.response.text
    assert ended.status == 404


async def test_from_another_site_nothing_is_carried(ended, world):
    path = f"/accounts/{world.own.id}/billing"
    await ended.send(path, [("input.id", "x")], {"origin": "https://evil.example"})
    assert ended.status == 403


def test_secrets_are_not_carried():
    carrier, person = Carrier(SEAL), uuid4()
    names = ("do", "password", "input.newPassword", "input.code", "input.token", "input.uploadId")
    pairs = [(name, "secret") for name in (*names, "input.previewToken", "input.idempotencyKey")]
    kept = [("input.postalCode", "1011 AB"), ("input.reasonCode", "PRICE")]
    hidden = carrier.hidden("/x", carrier.name(person), Posted.of([*pairs, *kept], None))
    found = carrier.found(hidden, person)
    assert found.path == "/x"
    assert found.values == {name: [value] for name, value in kept}


@pytest.mark.parametrize("minutes", [29, 31])
def test_it_is_kept_for_half_an_hour(monkeypatch, minutes):
    carrier, person = Carrier(SEAL), uuid4()
    hidden = carrier.hidden("/x", carrier.name(person), Posted.of([("a", "b")], None))
    later = time.time() + minutes * 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert (carrier.found(hidden, person) is not None) is (minutes == 29)


@pytest.mark.parametrize("token", ["", "x", "é", "gAAAAA=="])
def test_what_was_not_hidden_here_is_nothing(token):
    assert Carrier(SEAL).found(token, uuid4()) is None


def test_too_much_is_not_carried():
    carrier = Carrier(SEAL)
    assert carrier.hidden("/x", "somebody", Posted.of([("a", "b" * 200_001)], None)) == ""
