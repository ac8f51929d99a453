"""The data of a module has a form that its own schema makes."""

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from portal.models import Module, ModuleSubscription
from tests.world.account_world import Kind

SCHEMA = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string"},
        "lines": {"type": "integer", "maximum": 3},
        "hours": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 11}},
    },
    "required": ["greeting"],
    "additionalProperties": False,
}


@pytest.fixture
async def form(browsing, world, superuser):
    """The form of the module that runs, for whoever may change it."""
    subscription = next(row for row in world.own.rows if isinstance(row, ModuleSubscription))
    async with superuser.begin() as connection:
        change = sa.update(Module).where(Module.id == subscription.module_id)
        await connection.execute(change.values(data_schema=SCHEMA))
        data = {"greeting": "Hello", "hours": {"mon": "09:00-17:00"}}
        change = sa.update(ModuleSubscription).where(ModuleSubscription.id == subscription.id)
        await connection.execute(change.values(data=data))
    id = encode("ModuleSubscription", subscription.id)
    return await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/modules/{id}/data")


async def test_the_form_shows_what_is_stored(form):
    typed = form.typed
    assert {name: value for name, value in typed.items() if name.startswith("input.data")} == {
        "input.data": "",
        "input.data.greeting": "Hello",
        "input.data.lines": "",
        "input.data.hours": "",
        "input.data.hours.0.name": "mon",
        "input.data.hours.0.value": "09:00-17:00",
    }


async def test_what_is_typed_is_stored(form):
    await form.press("Add another")
    await form.press(
        "Save",
        input__data__lines="2",
        input__data__hours__1__name="tue",
        input__data__hours__1__value="closed",
    )
    assert (form.status, form.texts(".done")) == (200, ["Your changes are saved."])


async def test_each_fault_stands_beside_its_control(form):
    await form.press(
        "Save",
        input__data__greeting="",
        input__data__lines="4",
        input__data__hours__0__value="x" * 12,
    )
    assert form.status == 422
    links = [one.attributes["href"] for one in form.page.css("#problems a")]
    assert sorted(links) == [
        "#input.data.greeting",
        "#input.data.hours.0.value",
        "#input.data.lines",
    ]
    assert all(form.page.css(f'[id="{link[1:]}"][aria-invalid]') for link in links)
