"""The fields that a query starts from, with their arguments."""

from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal.errors import InvalidInput
from portal.models import Account, ConsentDocument, Request
from portal.viewer import Language
from resolvers.context import Info
from resolvers.given import sent_or_none
from resolvers.page import LARGEST_SIZE, window
from resolvers.queries.contract.consent import is_latest_in
from resolvers.queries.people.account_list import AccountOrderField, conditions_of, order_of
from resolvers.queries.people.request import has_status, is_of_kind
from resolvers.reading import answers
from resolvers.reading.merged import Merged
from resolvers.sources import Condition, Listing, Order
from schema.access import STAFF_READERS
from schema.fields import After, Before, First, Last
from schema.types.people.account_list import AccountFilter, AccountOrder
from schema.types.people.request import RequestFilter

OLDEST_REQUEST_FIRST = Order((lambda request: request.requested_at,), goes_by="requested_at")


def _argument(description: str, access: Any = EVERYONE) -> Any:
    return strawberry.argument(description=description, **access.options())


Id = Annotated[strawberry.ID, _argument("The global id.")]


async def account(info: Info, id: Id) -> Any:
    """Find an account the viewer may see."""
    return await answers.by_id(info.raw, "Account", id)


async def tariff(info: Info, id: Id) -> Any:
    """Find a tariff the viewer may see."""
    return await answers.by_id(info.raw, "Tariff", id)


async def node(info: Info, id: Id) -> Any:
    """Find a row of any type that the viewer may see."""
    return await answers.node(info.raw, id)


async def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], _argument("The global ids, 100 at most.")],
) -> Any:
    """Find rows of any type that the viewer may see, each in its id's place."""
    if len(ids) > LARGEST_SIZE:
        raise InvalidInput("May have at most {most} entries.", path=["ids"], most=LARGEST_SIZE)
    merged = Merged.of(ids)
    merged[:] = [answers.node(info.raw, id) for id in merged]
    return merged


async def accounts(
    info: Info,
    filter: Annotated[
        AccountFilter | None,
        _argument("What the accounts have in common; all of them when left out.", STAFF_READERS),
    ] = strawberry.UNSET,
    search: Annotated[
        str | None,
        _argument(
            "Text in the name, the customer number, the contract partner or a member.",
            STAFF_READERS,
        ),
    ] = strawberry.UNSET,
    order_by: Annotated[
        AccountOrder | None, _argument("In which order; by name when left out.", STAFF_READERS)
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Any:
    """List the accounts that staff may see."""
    asked = window(first, after, last, before)
    listing = which_accounts(info.context.viewer.language, filter, search, order_by)
    return await answers.listing_page(info.raw, listing, asked)


def which_accounts(
    _language: Language,
    filter: AccountFilter | None = strawberry.UNSET,
    search: str | None = strawberry.UNSET,
    order_by: AccountOrder | None = strawberry.UNSET,
) -> Listing:
    """Give the accounts that the arguments ask for."""
    order = order_by.order if order_by else order_of(AccountOrderField.NAME, descending=False)
    return Listing(Account, order, tuple(conditions_of(filter or None, sent_or_none(search))))


async def requests(
    info: Info,
    filter: Annotated[
        RequestFilter | None,
        _argument("Their status and kind; all of them when left out.", STAFF_READERS),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Any:
    """List the requests that staff may see, those that wait longest first."""
    asked = window(first, after, last, before)
    listing = which_requests(info.context.viewer.language, filter)
    return await answers.listing_page(info.raw, listing, asked)


def which_requests(_language: Language, filter: RequestFilter | None = strawberry.UNSET) -> Listing:
    """Give the requests that the arguments ask for."""
    status, kind = (filter.status, filter.kind) if filter else (None, None)
    conditions = []
    if status:
        conditions.append(Condition(has_status, (status,)))
    if kind:
        conditions.append(Condition(is_of_kind, (kind,)))
    return Listing(Request, OLDEST_REQUEST_FIRST, tuple(conditions))


async def documents_to_consent(
    info: Info,
    language: Annotated[
        Language | None, _argument("In which language; yours when left out.")
    ] = strawberry.UNSET,
) -> Any:
    """List the latest published version of each document."""
    return await answers.listed(info.raw, which_documents(info.context.viewer.language, language))


def which_documents(
    own_language: Language, language: Language | None = strawberry.UNSET
) -> Listing:
    """Give the documents in the language that was asked for, else in the viewer's."""
    wanted = language or own_language
    return Listing(ConsentDocument, conditions=(Condition(is_latest_in, (wanted,)),))
