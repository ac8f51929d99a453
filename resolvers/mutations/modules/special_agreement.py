"""Special agreements, which managers make and end."""

from portal.actions.contract import special_agreement as agreements
from portal.actions.contract.agreement_preview import shown_of_agreement, shown_of_agreement_end
from portal.actions.modules.preview import Shown
from portal.models import Account, SpecialAgreement
from portal.rules.modules.special_agreement import AgreedValue
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, changing
from resolvers.given import id_in, reason_in, sent_or_none
from resolvers.mutations.caused import with_documents
from schema.types.modules import special_agreement as types


async def shown(change: Change, agreement: SpecialAgreement) -> Shown:
    """Read back what an agreement did."""
    found = await shown_of_agreement(change.session, agreement)
    return await with_documents(change, agreement.account_id, found)


async def shown_of_end(change: Change, agreement: SpecialAgreement) -> Shown:
    """Read back what another last day did."""
    found = await shown_of_agreement_end(change.session, agreement)
    return await with_documents(change, agreement.account_id, found)


@changing(Account, shows=shown)
async def make(
    change: Change, account: Account, given: types.MakeSpecialAgreementInput
) -> SpecialAgreement:
    value = AgreedValue(
        sent_or_none(given.value.unit_price),
        sent_or_none(given.value.discount_percent),
        sent_or_none(given.value.vat_treatment),
    )
    terms = agreements.Terms(
        module_id=id_in("Module", given.module_id),
        item_key=sent_or_none(given.item_key),
        value=value,
        starts_on=sent_or_none(given.starts_on),
        ends_on=sent_or_none(given.ends_on),
        comment=sent_or_none(given.comment),
        reason=reason_in(given),
    )
    return await agreements.make(change.session, account, terms, change.context.now)


preview = preview_of(make, "makeSpecialAgreement")


@changing(SpecialAgreement, shows=shown_of_end)
async def end(
    change: Change, agreement: SpecialAgreement, given: types.EndSpecialAgreementInput
) -> None:
    await agreements.end(
        change.session, agreement, given.ends_on, reason_in(given), change.context.now
    )


preview_end = preview_of(end, "endSpecialAgreement")


@changing(SpecialAgreement)
async def withdraw(
    change: Change, agreement: SpecialAgreement, given: types.WithdrawSpecialAgreementInput
) -> Account:
    return await agreements.withdraw(change.session, agreement, change.context.now)
