"""The fields that a query starts from, with their arguments."""

from typing import Annotated, Any

import strawberry

from portal.errors import InvalidInput
from portal.models import ConsentDocument
from portal.viewer import Language
from resolvers.context import Info
from resolvers.listing import Condition, Listing
from resolvers.page import LARGEST_SIZE
from resolvers.queries.contract.consent import is_latest_in
from resolvers.reading import answers
from resolvers.reading.merged import Merged
from schema.fields import argument

Id = Annotated[strawberry.ID, argument("The global id.")]


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
    ids: Annotated[list[strawberry.ID], argument("The global ids, 100 at most.")],
) -> Any:
    """Find rows of any type that the viewer may see, each in its id's place."""
    if len(ids) > LARGEST_SIZE:
        raise InvalidInput("May have at most {most} entries.", path=["ids"], most=LARGEST_SIZE)
    merged = Merged.of(ids)
    merged[:] = [answers.node(info.raw, id) for id in merged]
    return merged


async def documents_to_consent(
    info: Info,
    language: Annotated[
        Language | None, argument("In which language; yours when left out.")
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
