"""What is agreed to beside a contract."""

from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal.models import ConsentDocument
from portal.viewer import Language
from resolvers.context import Info
from resolvers.listing import Condition, Listing
from resolvers.queries.contract.consent import is_latest_in
from resolvers.reading import answers
from resolvers.sources import Listed
from schema.fields import answered_by, argument
from schema.types.contract import consent as types


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


@strawberry.type
class ContractQueries:
    """The fields of this area, which the root inherits."""

    documents_to_consent: list[types.ConsentDocument] = answered_by(
        EVERYONE,
        documents_to_consent,
        Listed(which_documents),
        description="What a new customer agrees to: the latest version of each document.",
    )
