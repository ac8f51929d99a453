"""Versions as drafts, published and withdrawn: who gets which, and what the database refuses."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.database import migration
from portal.language.global_id import encode
from tests import factories
from tests.api.ordering import open_shop, today
from tests.command_line import environment, own
from tests.world import Kind

__all__ = ["environment", "own"]

YESTERDAY = today() - timedelta(days=1)
WITHDRAWN = {
    "valid_from": YESTERDAY,
    "valid_from_for_existing": YESTERDAY,
    "published_at": datetime(2024, 1, 15, tzinfo=UTC),
    "withdrawn_at": datetime(2024, 1, 16, tzinfo=UTC),
}
PRICES = "priceList { sections { items { unitPrice } } }"


def priced(version, price):
    """Give a version with one item."""
    section = factories.section(version)
    return [version, section, factories.item(section, unit_price=Decimal(price))]


def later_ones(tariff):
    """Give a version that was withdrawn and a draft, both of another price."""
    withdrawn = factories.tariff_version(tariff, **WITHDRAWN)
    return [*priced(withdrawn, 20), *priced(factories.draft(tariff), 30)]


@pytest.fixture
async def shop(superuser, world):
    return await open_shop(superuser, world)


@pytest.mark.parametrize("kind", [Kind.ANONYMOUS, Kind.OWNER, Kind.MANAGER])
@pytest.mark.reads
async def test_nobody_is_offered_a_draft_or_what_was_withdrawn(
    standard_api, compiled_api, world, write, kind
):
    module = factories.module()
    tariff, unpublished = factories.tariff(module), factories.tariff(module)
    rows = [*priced(factories.tariff_version(tariff), 10), *later_ones(tariff)]
    await write(module, tariff, unpublished, *rows, *later_ones(unpublished))
    names = {tariff.name: "10.00", unpublished.name: None}
    for api in (standard_api, compiled_api):
        answer = await api(
            "query ($id: ID!) { node(id: $id) { ... on Module { isOrderable"
            f" tariffs {{ edges {{ node {{ name {{ value }} {PRICES} }} }} }} }} }} }}",
            world.tokens[kind],
            id=encode("Module", module.id),
        )
        shown = answer["data"]["node"]
        assert shown["isOrderable"] is True
        assert {
            edge["node"]["name"]["value"]: edge["node"]["priceList"]
            and edge["node"]["priceList"]["sections"][0]["items"][0]["unitPrice"]
            for edge in shown["tariffs"]["edges"]
        } == names


SEEN = """query ($module: ID!, $tariff: ID!, $name: String!) {
  module: node(id: $module) { id } tariff: node(id: $tariff) { id }
  modules(search: $name) { totalCount edges { node { tariffs { totalCount } } } }
}"""


async def test_nobody_but_staff_sees_a_name_before_something_of_it_is_published(
    standard_api, compiled_api, write, writer, world, shop
):
    """From the first publishing on it is seen, also when that is withdrawn."""
    hidden = {"first_published_at": None}
    module = factories.module(**hidden)
    tariff, another = factories.tariff(module, **hidden), factories.tariff(module, **hidden)
    drafts = [factories.draft(each) for each in (tariff, another)]
    await write(module, tariff, another, *priced(drafts[0], 10), *priced(drafts[1], 10))
    ids = {"module": encode("Module", module.id), "tariff": encode("Tariff", tariff.id)}
    public = (Kind.ANONYMOUS, Kind.OWNER, Kind.PARTNER)

    async def seen(kind):
        first, second = [
            (await api(SEEN, world.tokens[kind], name=module.name, **ids))["data"]
            for api in (standard_api, compiled_api)
        ]
        assert first == second
        tariffs = [edge["node"]["tariffs"]["totalCount"] for edge in first["modules"]["edges"]]
        return first["module"] is not None, first["tariff"] is not None, tariffs

    assert [await seen(kind) for kind in public] == [(False, False, [])] * 3
    assert await seen(Kind.EMPLOYEE) == (True, True, [2])
    before = await writer.rows()
    given = shop.given(moduleId=ids["module"], tariff={"id": ids["tariff"]})
    answer = await writer.change("orderModule", Kind.OWNER, given)
    assert answer["problems"][0]["message"] == "There is no such module."
    assert await writer.rows() == before
    given = {"id": encode("TariffVersion", drafts[0].id)}
    for mutation, days in (
        ("publishVersion", {"validFrom": "2099-01-01"}),
        ("withdrawVersion", {}),
    ):
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await writer.api(
            f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ __typename }} }}",
            world.tokens[Kind.MANAGER],
            input=given | days,
        )
        assert answer == {"data": {mutation: {"__typename": "VersionJob"}}}
        assert [await seen(kind) for kind in public] == [(True, True, [1])] * 3


async def test_a_module_with_drafts_alone_cannot_be_ordered(api, write, writer, shop):
    module = factories.module()
    tariff = factories.tariff(module)
    offer = factories.tariff(module, offer_number=factories.word())
    await write(module, tariff, offer, *later_ones(tariff), *later_ones(offer))
    before = await writer.rows()
    by_tariff = {
        "moduleId": encode("Module", module.id),
        "tariff": {"id": encode("Tariff", tariff.id)},
    }
    answer = await writer.change("orderModule", Kind.OWNER, shop.given(**by_tariff))
    assert answer["problems"][0]["message"] == (
        "This module has no public tariff that may be ordered."
    )
    by_offer = {
        "moduleId": encode("Module", module.id),
        "tariff": {"offerNumber": offer.offer_number},
    }
    answer = await writer.change("orderModule", Kind.OWNER, shop.by_offer(**by_offer))
    assert answer["problems"][0]["code"] == "NOT_FOUND"
    assert await writer.rows() == before


async def test_what_runs_keeps_the_terms_and_prices_that_were_published(
    api, writer, write, world, shop
):
    """A withdrawn version and a draft differ in their price, their terms and their notice."""
    await write(
        *priced(
            factories.tariff_version(
                shop.public, valid_from=YESTERDAY, valid_from_for_existing=YESTERDAY
            ),
            10,
        )
    )
    answer = await writer.change("orderModule", Kind.OWNER, shop.given(), "id")
    asked = (
        f"query ($id: ID!) {{ node(id: $id) {{ ... on ModuleSubscription {{ {PRICES}"
        " cancellationOptions(first: 1) { lastDay monthlyCost } } } }"
    )
    before = await api(asked, world.tokens[Kind.OWNER], id=answer["id"])
    (section,) = before["data"]["node"]["priceList"]["sections"]
    assert section["items"] == [{"unitPrice": "10.00"}]
    await write(*later_ones(shop.public))
    assert await api(asked, world.tokens[Kind.OWNER], id=answer["id"]) == before


CHANGES = {
    "tariff_version": "UPDATE tariff_version SET notice_period_count = 2 WHERE id = :version",
    "first day": "UPDATE tariff_version SET valid_from = '2024-01-14' WHERE id = :version",
    "draft again": (
        "UPDATE tariff_version SET published_at = NULL, valid_from = NULL,"
        " valid_from_for_existing = NULL WHERE id = :version"
    ),
    "item": "UPDATE item SET unit_price = 1 WHERE tariff_version_id = :version",
    "item's section": (
        "UPDATE price_list_section SET title = 'Another' WHERE tariff_version_id = :version"
    ),
    "item that goes": "DELETE FROM item WHERE tariff_version_id = :version",
    "item that comes": (
        "INSERT INTO price_list_section (id, tariff_version_id, position, title)"
        " VALUES (gen_random_uuid(), :version, 9, 'More')"
    ),
    "item that moves in": (
        "UPDATE item SET tariff_version_id = :version, price_list_section_id = :section,"
        " position = 9 WHERE tariff_version_id = :draft"
    ),
    "version that goes": "DELETE FROM tariff_version WHERE id = :version",
}


@pytest.fixture
async def versions(write):
    """The ids of a published version, a section of it, and a draft."""
    module = factories.module()
    tariff = factories.tariff(module)
    published, draft = factories.tariff_version(tariff), factories.draft(tariff)
    rows = priced(published, 10)
    await write(module, tariff, *rows, *priced(draft, 20))
    return {"version": published.id, "section": rows[1].id, "draft": draft.id}


def taking(change, versions):
    """Give the parameters that a statement names."""
    return {name: id for name, id in versions.items() if f":{name}" in change}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_the_database_itself_refuses_to_change_what_is_published(database, versions, change):
    async with database.staff.connect() as connection:
        with pytest.raises(ProgrammingError, match="a published version never changes"):
            await connection.execute(sa.text(change), taking(change, versions))


async def test_a_draft_changes_and_is_published_and_withdrawn_once(database, versions):
    draft = {"id": versions["draft"]}
    async with database.staff.connect() as connection:
        for change in (
            "UPDATE item SET unit_price = 1 WHERE tariff_version_id = :id",
            "UPDATE tariff_version SET notice_period_count = 2 WHERE id = :id",
            (
                "UPDATE tariff_version SET published_at = now(), valid_from = '2099-01-01',"
                " valid_from_for_existing = '2099-01-01' WHERE id = :id"
            ),
            "UPDATE tariff_version SET withdrawn_at = now() WHERE id = :id",
        ):
            assert (await connection.execute(sa.text(change), draft)).rowcount == 1
        with pytest.raises(ProgrammingError, match="a published version never changes"):
            await connection.execute(
                sa.text("UPDATE tariff_version SET withdrawn_at = NULL WHERE id = :id"), draft
            )


async def test_of_a_day_a_tariff_has_one_version_but_for_those_withdrawn(write):
    module = factories.module()
    tariff = factories.tariff(module)
    await write(module, tariff, factories.tariff_version(tariff))
    withdrawn = {"withdrawn_at": datetime(2024, 1, 16, tzinfo=UTC)}
    await write(*(factories.tariff_version(tariff, **withdrawn) for _ in range(2)))
    with pytest.raises(IntegrityError, match="uq_tariff_version_one_on_a_day"):
        await write(factories.tariff_version(tariff))


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"valid_from": None, "valid_from_for_existing": None},
        {
            "published_at": None,
            "valid_from": None,
            "valid_from_for_existing": None,
            "withdrawn_at": datetime(2024, 1, 16, tzinfo=UTC),
        },
        {"withdrawn_at": datetime(2024, 1, 14, tzinfo=UTC)},
    ],
)
async def test_published_means_for_a_day(write, values):
    module = factories.module()
    tariff = factories.tariff(module)
    with pytest.raises(IntegrityError, match="published_for_a_day"):
        await write(module, tariff, factories.tariff_version(tariff, **values))


async def test_what_was_there_before_there_were_drafts(cluster, own, worker_id):
    """It is published; options have a mark and keys of their own, the same in each version."""
    name = f"own_{worker_id}"
    owner = cluster.addresses(name).owner
    await migration.upgrade(owner, "0032")
    engine = create_async_engine(cluster.superuser(name))
    async with engine.begin() as connection:
        for statement in BEFORE:
            await connection.execute(sa.text(statement))
    await migration.upgrade(owner)
    async with engine.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT v.valid_from, i.key, i.is_additional_option, i.unit_code FROM item i"
                " JOIN tariff_version v ON v.id = i.tariff_version_id"
                " JOIN price_list_section s ON s.id = i.price_list_section_id"
                "  AND s.tariff_version_id = v.id ORDER BY 1, s.position, i.position"
            )
        )
        rows = [(day.year, *values) for day, *values in found]
        published = await connection.scalars(
            sa.text("SELECT published_at FROM tariff_version ORDER BY valid_from")
        )
        first, second = published.all()
        seen = "SELECT first_published_at FROM {}"
        marks = {await connection.scalar(sa.text(seen.format(one))) for one in ("module", "tariff")}
    await engine.dispose()
    each = [
        ("BASE", False, "MON"),
        ("BASE_2", False, "C62"),
        ("OPTION_TWEEDE_TAAL", True, "MON"),
        ("OPTION_TWEEDE_TAAL_2", True, "MON"),
        ("OPTION_ZATERDAG", True, "MON"),
    ]
    assert rows == [(year, *item) for year in (2024, 2098) for item in each]
    assert first == datetime(2024, 1, 1, tzinfo=UTC)
    assert marks == {first}
    assert second < datetime(2098, 1, 1, tzinfo=UTC)


BEFORE = [
    """
INSERT INTO module (id, key, unique_key, name, unique_name, sort_name, description,
    is_single_booking, data_schema)
VALUES (gen_random_uuid(), 'desk', 'desk', 'Desk', 'desk', 'desk', '', true, '{}')
""",
    """
INSERT INTO tariff (id, module_id, name, unique_name, sort_name, is_public, offer_uses)
SELECT gen_random_uuid(), id, 'Basis', 'basis', 'basis', true, 0 FROM module
""",
    """
INSERT INTO tariff_version (id, tariff_id, valid_from, valid_from_for_existing,
    initial_term_count, initial_term_unit, renewal, notice_period_count, notice_period_unit,
    ending_day, change_free_of_notice, term_continues)
SELECT gen_random_uuid(), tariff.id, day::date, day::date, 0, 'MONTHS', 'OPEN_ENDED', 1, 'MONTHS',
    'END_OF_MONTH', false, false
FROM tariff, unnest(ARRAY['2024-01-01', '2098-01-01']) day
""",
    """
INSERT INTO price_list_section (id, tariff_version_id, position, title)
SELECT gen_random_uuid(), id, number, 'Section' FROM tariff_version, generate_series(0, 1) number
""",
    """
INSERT INTO item (id, price_list_section_id, position, name, key, unit, unit_price, vat_category,
    billing_mode, billing_basis)
SELECT gen_random_uuid(), s.id, i.position, i.name, i.key, i.unit, 1, 'STANDARD', 'MONTHLY',
    'CONTRACT'
FROM price_list_section s JOIN (VALUES
    (0, 0, 'Basisbedrag', 'BASE', 'Maand'),
    (0, 1, 'Toeslag', 'BASE', 'gesprek'),
    (1, 0, 'Tweede taal', 'ADDITIONAL_OPTION', 'maand'),
    (1, 1, 'Tweede taal!', 'ADDITIONAL_OPTION', 'maand'),
    (1, 2, 'Zaterdag', 'ADDITIONAL_OPTION', 'maand')
) i(section, position, name, key, unit) ON i.section = s.position
""",
]
