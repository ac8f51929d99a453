"""Orders of modules, and the data of what was ordered."""

from portal.actions.contract import order as actions
from portal.actions.modules.asking import own_side
from portal.actions.modules.preview import Shown, shown_of_order
from portal.actions.modules.quantity import Wanted
from portal.models import Account, ModuleSubscription
from portal.viewer import Role
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, changing
from resolvers.given import id_in, sent_or_none, values_of
from resolvers.mutations.catalogue.offer import counted_offer
from resolvers.mutations.caused import with_documents
from schema.types.contract import order as types


async def shown(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what an order did."""
    found = await shown_of_order(change.session, subscription, change.context.now)
    return await with_documents(change, subscription.account_id, found)


@changing(Account, prepare=counted_offer, shows=shown)
async def order(
    change: Change, account: Account, given: types.OrderModuleInput
) -> ModuleSubscription:
    partner, data = sent_or_none(given.contract_partner), sent_or_none(given.data)
    wanted = actions.Order(
        module_id=id_in("Module", given.module_id),
        tariff_id=id_in("Tariff", sent_or_none(given.tariff.id)),
        offer_number=sent_or_none(given.tariff.offer_number),
        starts_on=sent_or_none(given.starts_on),
        data={} if data is None else data,
        contract_partner=None if partner is None else values_of(partner),
        consent_document_ids=[
            id_in("ConsentDocument", id) for id in sent_or_none(given.consent_document_ids) or ()
        ],
        quantities=[
            Wanted(one.item_key, one.quantity) for one in sent_or_none(given.quantities) or ()
        ],
    )
    role = change.context.viewer.role
    by = actions.Orderer(change.person_id, may_lie_back=role is Role.MANAGER, side=own_side(role))
    subscription = await actions.order(change.session, account, wanted, by, change.context.now)
    if change.prepared is not None:
        change.forget(change.prepared)
    return subscription


preview_order = preview_of(order, "orderModule")


@changing(ModuleSubscription)
async def withdraw(
    change: Change, subscription: ModuleSubscription, given: types.WithdrawOrderInput
) -> Account:
    return await actions.withdraw(
        change.session, subscription, change.person_id, change.context.now
    )


@changing(ModuleSubscription)
async def update_data(
    change: Change, subscription: ModuleSubscription, given: types.UpdateModuleDataInput
) -> None:
    await actions.update_data(change.session, subscription, given.data)
