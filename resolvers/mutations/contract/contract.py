"""Changes to contracts."""

from portal.actions.contract import contract as actions
from portal.errors import InvalidInput
from portal.models import Contract
from resolvers.changing.run import Change, changing
from resolvers.given import changes_in, values_of
from schema.types.contract import contract as types


@changing(Contract)
def update(_change: Change, contract: Contract, given: types.UpdateContractInput) -> None:
    actions.update(contract, changes_in(given))


@changing(Contract)
async def change_contract_partner(
    change: Change, contract: Contract, given: types.ChangeContractPartnerInput
) -> None:
    partner = values_of(given.contract_partner)
    await actions.change_contract_partner(change.session, contract, partner, change.context.now)


@changing(Contract)
def change_payment_terms(
    _change: Change, contract: Contract, given: types.ChangePaymentTermsInput
) -> None:
    if given.deviating_payment_terms is None:
        raise InvalidInput(
            "Give the terms, or none to let the general ones apply.",
            path=["input", "deviatingPaymentTerms"],
        )
    terms = given.deviating_payment_terms.value
    actions.change_payment_terms(contract, values_of(terms) if terms else None)


@changing(Contract)
async def set_contract_start(
    change: Change, contract: Contract, given: types.SetContractStartInput
) -> None:
    if given.starts_on is None:
        raise InvalidInput(
            "Give a day, or none to derive it from the modules.", path=["input", "startsOn"]
        )
    starts_on = given.starts_on.value
    await actions.set_contract_start(change.session, contract, starts_on, change.context.now)


@changing(Contract)
async def change_vat_treatment(
    change: Change, contract: Contract, given: types.ChangeVatTreatmentInput
) -> None:
    await actions.change_vat_treatment(
        change.session,
        contract,
        given.vat_treatment,
        changes_in(given, "vat_number"),
        change.context.now,
    )
