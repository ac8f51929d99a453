"""What managers say of the operator."""

from portal.actions.contract import consent as consents
from portal.actions.contract import operator as actions
from portal.models import ConsentDocument, GeneralPaymentTerms, OperatorProfile
from resolvers.changing.run import Change, starting
from resolvers.given import values_of
from schema.types.contract import operator as types
from schema.types.contract.consent import PublishConsentDocumentInput

_NO_PART = {"valid_from", "reason", "idempotency_key"}


@starting()
async def add_profile(
    change: Change, _row: None, given: types.AddOperatorProfileInput
) -> OperatorProfile:
    values = {name: value for name, value in values_of(given).items() if name not in _NO_PART}
    values["address"] = values_of(given.address)
    return actions.add_profile(change.session, given.valid_from, values, change.context.now)


@starting()
async def add_general_terms(
    change: Change, _row: None, given: types.AddGeneralPaymentTermsInput
) -> GeneralPaymentTerms:
    terms = values_of(given.terms)
    return actions.add_general_terms(change.session, given.valid_from, terms, change.context.now)


@starting()
async def publish_consent_document(
    change: Change, _row: None, given: PublishConsentDocumentInput
) -> ConsentDocument:
    wanted = consents.NewDocument(
        given.kind,
        given.version,
        given.published_on,
        given.asks_agreement,
        [(text.language, {"title": text.title, "body": text.body}) for text in given.texts],
    )
    rows = await consents.publish(change.session, wanted, change.context.now)
    return rows[change.context.viewer.language]
