"""The history of what belongs to no account: the catalogue, what the operator says, staff."""

import pytest

from portal.language.global_id import encode
from portal.models import Tariff
from portal.writing.transaction import columns_of
from tests import factories
from tests.api.changing import context_in
from tests.world import Kind

ENTRIES = """query ($filter: OperatorHistoryEntryFilter) {
  operatorHistory(filter: $filter) { totalCount edges { node {
    action actorName reason subjectType subjectId changes { field before after }
  } } }
}"""


@pytest.fixture
async def context(writer, database):
    """A request of a manager."""
    return await context_in(writer, database, Kind.MANAGER)


@pytest.fixture
def entries(lane, world):
    """Give what has changed, as managers find it, the latest first."""

    async def entries(**filter):
        answer = await lane(ENTRIES, world.tokens[Kind.MANAGER], filter=filter)
        listed = answer["data"]["operatorHistory"]
        nodes = [edge["node"] for edge in listed["edges"]]
        assert listed["totalCount"] == len(nodes)
        return nodes

    return entries


@pytest.fixture
def written(write):
    """Write a tariff; nobody told it."""

    async def written():
        module = factories.module()
        tariff = factories.tariff(module)
        await write(module, tariff)
        return tariff

    return written


@pytest.mark.parametrize("with_session", [False, True])
async def test_a_change_of_the_catalogue_is_told_once(
    context, world, entries, written, with_session
):
    tariff = await written()
    was = tariff.name
    async with context.transaction("test") as transaction:
        transaction.occasion.reason = "Because."
        row = transaction.loaded(
            Tariff, [getattr(tariff, column.key) for column in columns_of(Tariff)]
        )
        if with_session:
            assert row in transaction.session
        row.name = f"{was} B"
        # Touched, and as it was.
        row.module_id = tariff.module_id
        await transaction.flush()
        await transaction.flush()
    assert await entries(subject=encode("Tariff", tariff.id)) == [
        {
            "action": "test",
            "actorName": context.viewer.name,
            "reason": "Because.",
            "subjectType": "Tariff",
            "subjectId": encode("Tariff", tariff.id),
            "changes": [{"field": "Tariff.name", "before": was, "after": f"{was} B"}],
        }
    ]


async def test_what_is_made_and_what_goes_is_told_for_each_row(context, entries, written):
    tariff = await written()
    version = factories.draft(tariff)
    section = factories.section(version)
    items = [factories.item(section, position) for position in range(3)]
    async with context.transaction("test") as transaction:
        for rows in ([version], [section], items):
            transaction.session.add_all(rows)
            await transaction.flush()
    async with context.transaction("test") as transaction:
        gone = await transaction.session.merge(items[1], load=True)
        await transaction.session.delete(gone)
        await transaction.flush()

    (entry,) = await entries(subject=encode("PriceListSection", section.id))
    assert entry["changes"] == [
        {"field": "PriceListSection.tariffVersion", "before": None, "after": None},
        {"field": "PriceListSection.position", "before": None, "after": 0},
        {"field": "PriceListSection.title", "before": None, "after": section.title},
    ]
    (made,) = await entries(subject=encode("Item", items[0].id))
    values = {change["field"]: change["after"] for change in made["changes"]}
    assert values["Item.priceListSection"] == section.title
    assert (values["Item.unitPrice"], values["Item.vatCategory"]) == ("12.50", "STANDARD")
    assert values["Item.billingBasis"] == "CONTRACT"
    deleted, _ = await entries(subject=encode("Item", items[1].id))
    assert {change["after"] for change in deleted["changes"]} == {None}
    (of_version,) = await entries(subject=encode("TariffVersion", version.id))
    assert {"field": "TariffVersion.tariff", "before": None, "after": tariff.name} in of_version[
        "changes"
    ]


async def test_entries_are_found_by_what_they_are_about(context, entries, written):
    tariff = await written()
    async with context.transaction("test") as transaction:
        profile = factories.permission_profile()
        transaction.session.add(profile)
        await transaction.flush()
    about = encode("PermissionProfile", profile.id)
    (entry,) = await entries(subject=about)
    assert entry["subjectId"] == about
    assert await entries(subject=about, subjectType="PermissionProfile", action="test") == [entry]
    assert await entries(subject=about, subjectType="Staff") == []
    assert await entries(subject=about, action="addStaff") == []
    assert await entries(subject=encode("Staff", profile.id)) == []
    assert await entries(subject=encode("Tariff", tariff.id)) == []
    assert await entries(subject="nothing") == []


async def test_the_history_of_staff_is_the_part_about_staff(context, world, lane):
    app = factories.app()
    profile = factories.permission_profile()
    async with context.transaction("test") as transaction:
        transaction.session.add_all([app, profile])
        await transaction.flush()
    told = "id at action actorName reason changes { field before after }"
    answer = await lane(
        f"""query ($at: DateTime!) {{
          part: staffHistory(filter: {{ atFrom: $at }}) {{ edges {{ node {{
            {told} staff {{ id }} permissionProfile {{ name }} }} }} }}
          whole: operatorHistory(filter: {{ atFrom: $at }}) {{ edges {{ node {{
            {told} subjectType }} }} }}
        }}""",
        world.tokens[Kind.MANAGER],
        at=context.now.isoformat(),
    )
    part, whole = (
        [edge["node"] for edge in answer["data"][name]["edges"]] for name in ("part", "whole")
    )
    assert {entry.pop("subjectType") for entry in whole} == {"App", "PermissionProfile"}
    (entry,) = part
    assert entry.pop("staff") is None
    assert entry.pop("permissionProfile") == {"name": profile.name}
    entry.pop("id")
    assert entry in [{key: entry[key] for key in entry if key != "id"} for entry in whole]
