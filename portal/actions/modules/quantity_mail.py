"""What those concerned are told of how many of an item a module has from a day on."""

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.cost import monthly_cost
from portal.actions.modules.notice_mail import Confirmed, confirm
from portal.language.phrase import Money
from portal.mail.modules.content import QuantityChanged
from portal.models import Item, ModuleSubscription, SubscriptionItemQuantity
from portal.models.text import text_of
from portal.rules.modules.notice import Party


async def tell_of_quantity(
    session: AsyncSession,
    standing: Standing,
    asking: Asking,
    quantity: SubscriptionItemQuantity,
    item: Item,
) -> None:
    """Tell how many of an item there are, from when, and what the module costs by that."""
    subscription = await session.get_one(ModuleSubscription, quantity.module_subscription_id)
    monthly = await monthly_cost(session, subscription, quantity.starts_on)
    await confirm(
        session,
        Confirmed(standing, asking, quantity.agreed_on),
        lambda about: QuantityChanged(
            item=text_of(item, "name"),
            by_operator=asking.by is Party.OPERATOR,
            letter_of=asking.received_on,
            quantity=quantity.quantity,
            first_day=quantity.starts_on,
            monthly=Money(monthly),
            **about,
        ),
    )
