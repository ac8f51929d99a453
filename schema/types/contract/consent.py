"""Documents to consent to, and consents given."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.actions.contract.consent import MOST_DOCUMENTS
from portal.models.contract.consent import LONGEST_BODY, ConsentDocumentKind
from portal.viewer import Language
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from resolvers.queries.contract.operator import file_url
from resolvers.queries.people.account import person_name
from schema.access import PARTIES
from schema.criteria import by, criteria
from schema.fields import column, expression, of_model, one, own_id, sent
from schema.length import characters, entries
from schema.types.edit import KEY, EditInput
from schema.types.node import Node
from schema.types.refusal import Refusal

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
    body: str | None = column(
        EVERYONE, description="Its whole text, in its own language; null where it is a file."
    )
    file_url: str | None = expression(
        EVERYONE,
        file_url,
        description="Where the PDF is, after the portal's own address; null where it is a text.",
    )
    published_on: date = column(EVERYONE, description="The day from which it holds.")
    withdrawn_at: datetime | None = column(
        EVERYONE, description="When it was withdrawn, before that day; null where it stands."
    )
    asks_agreement: bool = column(
        EVERYONE,
        description=(
            "Whether customers who agreed to an earlier version agree again; otherwise they are"
            " told."
        ),
    )


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
        description="The documents, as documentsToConsent showed them; 20 at most.",
        length=entries(MOST_DOCUMENTS),
    )


@strawberry.input(one_of=True, description="What a document says: as text, or as a file.")
class ConsentDocumentContentInput:
    """A text, or a file in its place."""

    body: str | None = sent(
        description="Its whole text.", default=strawberry.UNSET, length=characters(LONGEST_BODY)
    )
    upload_id: strawberry.ID | None = sent(
        description="A PDF, as POST /uploads answered it.", default=strawberry.UNSET
    )


@strawberry.input(description="What a version says in one language.")
class ConsentDocumentTextInput:
    """A text with its title."""

    language: Language = sent(description="The language it is written in.")
    title: str = sent(
        description="Its title.",
        length=characters(models.ConsentDocument.title),
    )
    content: ConsentDocumentContentInput = sent(description="What it says.")


@strawberry.input(description="A version of a document that customers agree to.")
class PublishConsentDocumentInput:
    """What is published never changes."""

    kind: ConsentDocumentKind = sent(description="What it is about.")
    version: str = sent(
        description="What it is called; no two of a kind are called alike.",
        length=characters(models.ConsentDocument.version),
    )
    published_on: date = sent(
        description="From which day it holds: today or later, and later than those there are."
    )
    asks_agreement: bool = sent(
        description=(
            "Whether customers who agreed to an earlier version agree again before they order;"
            " otherwise they are told, by mail and by a notice on the account."
        )
    )
    texts: list[ConsentDocumentTextInput] = sent(description="The text in each language.")
    reason: str | None = sent(
        description=("Why; managers read it in the history of the operator."),
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which version is withdrawn, before its day.")
class WithdrawConsentDocumentInput:
    """A version that does not hold yet, by its document in any language."""

    id: strawberry.ID = sent(description="The row that is withdrawn.")
    reason: str | None = sent(
        description=("Why; managers read it in the history of the operator."),
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which account has seen what it was told.")
class MarkDocumentsReadInput(EditInput):
    """What ends the notices of changed documents."""


ConsentDocumentResult = Annotated[
    ConsentDocument | Refusal,
    strawberry.union(
        "ConsentDocumentResult", description="The document in your language, or why not."
    ),
]
