"""Additional options, which managers book and end."""

from portal.actions.modules import additional_option as options
from portal.actions.modules.preview import Shown, shown_of_booking, shown_of_option_end
from portal.models import BookedOption, ModuleSubscription
from portal.rules.modules.notice import Wish
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, changing
from resolvers.given import sent_or_none
from resolvers.mutations.caused import with_documents
from resolvers.mutations.modules.notice import asking_of
from schema.types.modules import additional_option as types


async def shown(change: Change, option: BookedOption) -> Shown:
    """Read back what a booking did."""
    found = await shown_of_booking(change.session, option)
    return await with_documents(change, option.account_id, found)


async def shown_of_end(change: Change, option: BookedOption) -> Shown:
    """Read back what the end of an option did."""
    found = await shown_of_option_end(change.session, option)
    return await with_documents(change, option.account_id, found)


@changing(ModuleSubscription, shows=shown)
async def book(
    change: Change, subscription: ModuleSubscription, given: types.BookOptionInput
) -> BookedOption:
    quantity = sent_or_none(given.quantity)
    wanted = options.Booking(
        given.item_key, 1 if quantity is None else quantity, sent_or_none(given.starts_on)
    )
    asking = asking_of(change, given)
    return await options.book(change.session, subscription, wanted, asking)


preview_booking = preview_of(book, "bookOption")


@changing(BookedOption, shows=shown_of_end)
async def end(change: Change, option: BookedOption, given: types.EndOptionInput) -> None:
    asking = asking_of(change, given, sent_or_none(given.given_by))
    wish = Wish("lastDay", sent_or_none(given.last_day), sent_or_none(given.deviating_date))
    await options.end(change.session, option, asking, wish)


preview_end = preview_of(end, "endOption")


@changing(BookedOption)
async def withdraw(
    change: Change, option: BookedOption, given: types.WithdrawOptionInput
) -> ModuleSubscription:
    return await options.withdraw_booking(change.session, option, asking_of(change, given))


@changing(BookedOption)
async def withdraw_end(
    change: Change, option: BookedOption, given: types.WithdrawOptionEndInput
) -> None:
    await options.withdraw_end(change.session, option, asking_of(change, given))
