"""Who the operator is, and what is agreed to beside a contract."""

from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal.models import ConsentDocument, OperatorProfile
from portal.viewer import Language
from resolvers.context import Info
from resolvers.listing import Condition, Listing, Order
from resolvers.queries.contract.consent import is_latest_in, is_to_come
from resolvers.queries.contract.operator import has_begun
from resolvers.reading import answers
from resolvers.sources import Listed
from schema.access import MANAGERS, PEOPLE
from schema.connection import entry_connection
from schema.fields import answered_by, argument
from schema.relay import Connection
from schema.types.contract import consent as types
from schema.types.contract import operator as operators


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


async def documents_to_come(info: Info) -> Any:
    """List what is published for a day to come."""
    return await answers.listed(info.raw, which_documents_to_come())


def which_documents_to_come(_language: Language | None = None) -> Listing:
    """Give the documents whose day has not come, in every language."""
    soonest = Order((lambda document: document.published_on,))
    return Listing(ConsentDocument, conditions=(Condition(is_to_come, ()),), order=soonest)


async def operator(info: Info) -> Any:
    """Find the profile of today."""
    return await answers.first(info.raw, which_profile())


def which_profile(_language: Language | None = None) -> Listing:
    """Give the profiles whose day has come, the one that holds first."""
    latest = Order((lambda profile: profile.valid_from,), descending=True)
    return Listing(OperatorProfile, latest, (Condition(has_begun),))


@strawberry.type
class ContractQueries:
    """The fields of this area, which the root inherits."""

    operator: operators.OperatorProfile | None = answered_by(
        EVERYONE,
        operator,
        Listed(which_profile, many=False),
        description="Who runs the portal; null while nobody has said so.",
    )
    operator_profiles: Connection[operators.OperatorProfile] | None = entry_connection(
        MANAGERS,
        operators.OPERATOR_PROFILES,
        "VALID_FROM",
        descending=True,
        description="Who the operator was, is and will be, the latest first.",
    )
    general_payment_terms: Connection[operators.GeneralPaymentTerms] | None = entry_connection(
        PEOPLE,
        operators.GENERAL_PAYMENT_TERMS,
        "VALID_FROM",
        descending=True,
        description="The payment terms of new contracts, the latest first.",
    )

    documents_to_consent: list[types.ConsentDocument] = answered_by(
        EVERYONE,
        documents_to_consent,
        Listed(which_documents),
        description="What a new customer agrees to: the latest version of each document.",
    )

    documents_to_come: list[types.ConsentDocument] | None = answered_by(
        MANAGERS,
        documents_to_come,
        Listed(which_documents_to_come),
        description="Versions of documents that are to come, in every language, the soonest first.",
    )
