"""Documents to consent to, and consents given."""

from datetime import date, datetime

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.models.contract.consent import ConsentDocumentKind
from portal.viewer import Language
from resolvers.queries.people.account import person_name
from schema.access import PARTIES
from schema.criteria import by, criteria
from schema.fields import column, expression, of_model, one, own_id, sent
from schema.types.edit import EditInput
from schema.types.node import Node

described(
    ConsentDocumentKind,
    "What a document to consent to is about.",
    TERMS="The general terms and conditions.",
    DATA_PROTECTION="The data protection agreement.",
)


@of_model(models.ConsentDocument, description="One version of a document that customers agree to.")
class ConsentDocument(Node):
    """A published document."""

    id: strawberry.ID = own_id()
    kind: ConsentDocumentKind = column(EVERYONE, description="What it is about.")
    version: str = column(EVERYONE, description="Its version, as printed on it.")
    language: Language = column(EVERYONE, description="The language it is written in.")
    title: str = column(EVERYONE, description="Its title, in its own language.")
    body: str = column(EVERYONE, description="Its whole text, in its own language.")
    published_on: date = column(EVERYONE, description="The day it was published.")


@of_model(models.Consent, description="That a member agreed to a document for the account.")
class Consent(Node):
    """A consent that was given."""

    id: strawberry.ID = own_id()
    given_at: datetime | None = column(PARTIES, description="When the member agreed.")
    given_by: str | None = expression(
        PARTIES,
        person_name,
        stored=("Consent.personId",),
        description="Who gave it; null when that person is no member any more.",
    )
    document: ConsentDocument | None = one(
        PARTIES,
        models.ConsentDocument,
        lambda consent, document, _: document.id == consent.consent_document_id,
        stored=("Consent.consentDocumentId",),
        description="What was agreed to, in the version that was shown.",
    )


CONSENTS = criteria(
    Consent,
    "consents",
    orders=(by("given_at", "When the member agreed, the earliest first."),),
)


@strawberry.input(description="Documents that the viewer agrees to for the account.")
class GiveConsentInput(EditInput):
    """Consents to give."""

    document_ids: list[strawberry.ID] = sent(
        description="The documents, as documentsToConsent showed them; 20 at most."
    )
