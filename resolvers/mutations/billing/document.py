"""Documents that go to people once more."""

from portal.actions.billing import deliver
from portal.models import Document
from resolvers.changing.run import Change, changing
from schema.types.billing.resending import ResendDocumentInput


@changing(Document)
async def resend(change: Change, document: Document, given: ResendDocumentInput) -> None:
    await deliver.resend(change.session, document, given.recipients)
