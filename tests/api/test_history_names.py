"""The history speaks as the schema does, in both lanes: its fields, and names instead of ids."""

from itertools import chain

import pytest
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from permissions.fields import STORED
from portal.clock import now
from portal.language.naming import camel
from portal.models import Account, Base, HistoryEntry, HistoryValue, OfAccount
from portal.viewer import Role
from portal.writing.difference import recorded_names
from resolvers.queries.people.history import NAMES
from tests import factories
from tests.api.asking import without_cost
from tests.api.ordering import DATA, day, open_shop
from tests.world import Kind
from tests.writing import Writer

HISTORY = """query ($id: ID!) { account(id: $id) { history(first: 1) { edges { node {
  action values { field before after } } } } } }"""


@pytest.fixture(params=["compiled_api", "standard_api"])
def lane(request):
    """Ask in one lane alone."""
    return request.getfixturevalue(request.param)


async def latest(lane, world, kind):
    """Give the newest entry as somebody reads it."""
    answer = without_cost(await lane(HISTORY, world.tokens[kind], id=world.own.id))
    assert "errors" not in answer
    return answer["data"]["account"]["history"]["edges"][0]["node"]


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_an_order_is_told_in_names(superuser, world, api, lane, kind):
    shop = await open_shop(superuser, world)
    answer = await Writer(api, world, superuser).change("orderModule", Kind.OWNER, shop.given())
    assert answer["__typename"] == "ModuleSubscription"
    entry = await latest(lane, world, kind)
    assert entry["action"] == "orderModule"
    assert sorted(entry["values"], key=lambda value: value["field"]) == [
        {"field": field, "before": None, "after": after}
        for field, after in [
            ("ModuleSubscription.data", DATA),
            ("ModuleSubscription.module", shop.module.name),
            ("ModuleSubscription.startsOn", day(0)),
            ("TariffPeriod.agreedOn", day(0)),
            ("TariffPeriod.startsOn", day(0)),
            ("TariffPeriod.tariff", shop.public.name),
        ]
    ]


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_what_was_written_with_ids_is_read_in_names(write, world, lane, kind):
    own = world.own
    member = owning(own)
    document, subscription, app = (
        only(own, name) for name in ("ConsentDocument", "ModuleSubscription", "App")
    )
    module = next(row for row in own.rows if row.id == subscription.module_id)
    stranger, hidden = factories.person(), factories.tariff(module, offer_number=factories.word())
    told = [
        ("Account.ownerId", member.id, "Account.owner", own.owner.name),
        ("Account.ownerRole", "OWNER", None, None),
        ("AppAuthorization.appId", app.id, "AppAuthorization.app", app.name),
        ("AppAuthorization.grantedBy", own.owner.id, "AppAuthorization.grantedBy", own.owner.name),
        ("Consent.consentDocumentId", document.id, "Consent.document", document.title),
        ("Consent.personId", own.owner.id, "Consent.givenBy", own.owner.name),
        ("Contract.generalPaymentTerms", "x", "Contract.paymentTerms.general", "x"),
        ("Contract.startsOnOverride", "2024-01-15", "Contract.duration.startsOn", "2024-01-15"),
        ("Invitation.invitedBy", own.owner.id, "Invitation.invitedBy", own.owner.name),
        ("Member.personId", stranger.id, "Member.name", stranger.name),
        ("ModuleSubscription.moduleId", module.id, "ModuleSubscription.module", module.name),
        ("Notice.askedBy", "CUSTOMER", "Notice.givenBy", "CUSTOMER"),
        ("Notice.moduleSubscriptionId", subscription.id, None, None),
        (
            "Request.moduleSubscriptionId",
            subscription.id,
            "Request.moduleSubscription",
            module.name,
        ),
        ("Request.presentTariffId", own.offered.id, "Request.present.tariff", own.offered.name),
        ("Request.proposedTariffId", hidden.id, "Request.proposed.tariff", hidden.name),
        ("Request.decidedBy", own.owner.id, "Request.decidedBy", None),
        ("Request.state", "OPEN", "Request.status", "OPEN"),
        ("TariffChange.tariffId", own.offered.id, "TariffChange.tariff", own.offered.name),
        ("TariffPeriod.tariffId", own.offered.id, "TariffPeriod.tariff", own.offered.name),
    ]
    entry = HistoryEntry(
        account_id=own.account_id, number=3, at=now(), action="orderModule", actor_role=Role.MANAGER
    )
    entry.id = uuid7()
    await write(stranger, hidden, entry)
    await write(
        *(
            HistoryValue(
                account_id=own.account_id,
                history_entry_id=entry.id,
                position=position,
                subject_id=own.account_id,
                field=stored,
                before=None if position % 2 else str(value),
                after=str(value) if position % 2 else None,
            )
            for position, (stored, value, _, _) in enumerate(told)
        )
    )
    # Who is no member, and what nobody has ordered, has no name for customers.
    unseen = {"Member.name", "Request.proposed.tariff"} if kind is Kind.OWNER else set()
    expected = []
    for position, (_, _, field, name) in enumerate(told):
        if field is not None:
            shown = None if field in unseen else name
            sides = (None, shown) if position % 2 else (shown, None)
            expected.append(dict(zip(("field", "before", "after"), (field, *sides), strict=True)))
    assert (await latest(lane, world, kind))["values"] == expected


def only(own, name):
    """Give the first row of a model."""
    return next(row for row in own.rows if type(row).__name__ == name)


def owning(own):
    """Give the membership of the owner."""
    return next(
        row for row in own.rows if type(row).__name__ == "Member" and row.person_id == own.owner.id
    )


def test_every_id_that_is_shown_has_a_name():
    mappers = [
        mapper
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, (Account, OfAccount))
    ]
    ids = {
        f"{mapper.class_.__name__}.{camel(column.key)}"
        for mapper in mappers
        for column in mapper.column_attrs
        if isinstance(column.columns[0].type, sa.Uuid)
    }
    recorded = {
        name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, (Account, OfAccount))
        for name in recorded_names(mapper)
    }
    assert ids & recorded & STORED.keys() == set(chain.from_iterable(NAMES.values()))
