"""Documents that go to people once more."""

from typing import Annotated

import strawberry

from portal.models.contract.contract import MOST_RECIPIENTS
from schema.fields import sent
from schema.length import entries
from schema.types.billing.document import Document
from schema.types.edit import EditInput
from schema.types.refusal import Refusal


@strawberry.input(description="Which document is sent again, and to whom.")
class ResendDocumentInput(EditInput):
    """To members, and to those who receive documents by the contract."""

    recipients: list[str] = sent(description="E-mail addresses.", length=entries(MOST_RECIPIENTS))


ResendDocumentResult = Annotated[
    Document | Refusal,
    strawberry.union("ResendDocumentResult", description="The document, or why it is not sent."),
]
