"""Closing the books."""

from portal.actions import books
from portal.models import BooksClosing
from resolvers.changing.run import Change, starting
from schema.types.billing.books import CloseBooksInput


@starting()
async def close(change: Change, _row: None, given: CloseBooksInput) -> BooksClosing:
    return await books.close(change.session, given.until, change.context.now)
