"""How many of an item a module has."""

from portal.actions.modules import quantity as quantities
from portal.actions.modules.preview import Shown, shown_of_quantity
from portal.models import ModuleSubscription
from portal.rules.modules.notice import Wish
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, changing
from resolvers.given import sent_or_none
from resolvers.mutations.caused import with_documents
from resolvers.mutations.modules.notice import asking_of
from schema.types.modules import quantity as types


async def shown(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what a change of a quantity did."""
    found = await shown_of_quantity(change.session, subscription)
    return await with_documents(change, subscription.account_id, found)


@changing(ModuleSubscription, shows=shown)
async def change(
    change: Change, subscription: ModuleSubscription, given: types.ChangeQuantityInput
) -> None:
    asking = asking_of(change, given, sent_or_none(given.asked_by))
    wish = Wish("startsOn", sent_or_none(given.starts_on), sent_or_none(given.deviating_date))
    wanted = quantities.Wanted(given.item_key, given.quantity)
    await quantities.change(change.session, subscription, asking, wish, wanted)


preview = preview_of(change, "changeQuantity")
