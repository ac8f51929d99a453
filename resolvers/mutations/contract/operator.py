"""What managers say of the operator."""

from typing import Any
from uuid import UUID

from portal.actions.contract import consent as consents
from portal.actions.contract import operator as actions
from portal.errors import NotFound
from portal.models import ConsentDocument, GeneralPaymentTerms, OperatorProfile
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import found
from resolvers.given import id_in, sent_or_none, values_of
from schema.types.contract import operator as types
from schema.types.contract.consent import (
    ConsentDocumentTextInput,
    PublishConsentDocumentInput,
    WithdrawConsentDocumentInput,
)

# No row has the UUID of zeros.
NO_ROW = UUID(int=0)
_NO_PART = {"valid_from", "reason", "idempotency_key"}


@starting()
async def add_profile(
    change: Change, _row: None, given: types.AddOperatorProfileInput
) -> OperatorProfile:
    values = {name: value for name, value in values_of(given).items() if name not in _NO_PART}
    values["address"] = values_of(given.address)
    logo = values.pop("logo_upload_id", None)
    return await actions.add_profile(
        change.session,
        given.valid_from,
        values,
        None if logo is None else id_in("Upload", logo) or NO_ROW,
        change.context.now,
    )


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
        [_text(text) for text in given.texts],
    )
    rows = await consents.publish(change.session, wanted, change.context.now)
    return rows[change.context.viewer.language]


@starting()
async def withdraw_profile(
    change: Change, _row: None, given: types.WithdrawOperatorProfileInput
) -> OperatorProfile:
    profile: OperatorProfile = await _dated(change, OperatorProfile, given.id)
    actions.withdraw_dated(profile, profile.valid_from, change.context.now)
    return profile


@starting()
async def withdraw_general_terms(
    change: Change, _row: None, given: types.WithdrawGeneralPaymentTermsInput
) -> GeneralPaymentTerms:
    terms: GeneralPaymentTerms = await _dated(change, GeneralPaymentTerms, given.id)
    actions.withdraw_dated(terms, terms.valid_from, change.context.now)
    return terms


@starting()
async def withdraw_consent_document(
    change: Change, _row: None, given: WithdrawConsentDocumentInput
) -> ConsentDocument:
    document: ConsentDocument = await _dated(change, ConsentDocument, given.id)
    await consents.withdraw(change.session, document, change.context.now)
    return document


async def _dated(change: Change, model: Any, id: str) -> Any:
    row = await found(change, model, id)
    if row is None:
        raise NotFound("There is no such row, or you may not see it.", path=["input", "id"])
    return row


def _text(given: ConsentDocumentTextInput) -> consents.Text:
    upload = sent_or_none(given.content.upload_id)
    return consents.Text(
        given.language,
        given.title,
        sent_or_none(given.content.body),
        None if upload is None else id_in("Upload", upload) or NO_ROW,
    )
