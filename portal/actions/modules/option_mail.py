"""What those concerned are told of an additional option, which managers book and end."""

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.cost import monthly_cost
from portal.actions.modules.notice_mail import Confirmed, confirm
from portal.actions.modules.price_list import items_on
from portal.language.phrase import Money, Translated
from portal.mail.modules.content import OptionChange, OptionChanged
from portal.models import BookedOption, ModuleSubscription
from portal.models.text import text_of
from portal.rules.modules.period import ONE_DAY


async def tell_of_option(
    session: AsyncSession,
    standing: Standing,
    asking: Asking,
    option: BookedOption,
    change: OptionChange,
) -> None:
    """Tell of an option as it is now, and from when its module costs otherwise."""
    subscription = await session.get_one(ModuleSubscription, option.module_subscription_id)
    turn = option.starts_on
    if change is not OptionChange.BOOKED and option.ends_on is not None:
        turn = option.ends_on + ONE_DAY
    monthly = await monthly_cost(session, subscription, turn)
    items = await items_on(session, subscription, option.starts_on)
    item = items.get(option.item_key)
    # A version that came after the booking may have dropped it.
    name = text_of(item, "name") if item else Translated(option.item_key, {})
    await confirm(
        session,
        Confirmed(standing, asking, standing.today),
        lambda about: OptionChanged(
            item=name,
            change=change,
            quantity=option.quantity,
            first_day=option.starts_on,
            last_day=option.ends_on,
            monthly=Money(monthly),
            monthly_from=turn,
            **about,
        ),
    )
