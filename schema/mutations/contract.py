"""What changes a contract: its terms, orders, and what they brought."""

import strawberry

from portal.actions.contract.contract_request import CONTRACT_PARTNER, PAYMENT_TERMS, VAT_TREATMENT
from portal.rules.modules.course import check_order_withdrawable
from resolvers.mutations.contract import contract, operator, order
from schema.access import EITHER_SIDE, MANAGERS, ORDERERS
from schema.types.account import AccountResult
from schema.types.contract.consent import ConsentDocumentResult
from schema.types.contract.contract import ContractResult
from schema.types.contract.operator import GeneralPaymentTermsResult, OperatorProfileResult
from schema.types.modules.module_subscription import ModuleSubscriptionResult
from schema.types.preview import PreviewResult
from schema.verb import mutation


@strawberry.type
class ContractMutations:
    """The mutations of this area, which the root inherits."""

    update_contract: ContractResult = mutation(
        contract.update,
        EITHER_SIDE,
        description="Change what the parties may change themselves.",
    )
    change_contract_partner: ContractResult = mutation(
        contract.change_contract_partner,
        MANAGERS,
        edits=("contractPartner",),
        requestable=CONTRACT_PARTNER,
        description="Put another party in the contract; issued documents keep theirs.",
    )
    change_payment_terms: ContractResult = mutation(
        contract.change_payment_terms,
        MANAGERS,
        edits=("paymentTerms",),
        requestable=PAYMENT_TERMS,
        description="Let payment terms deviate from the general ones, or no more.",
    )
    set_contract_start: ContractResult = mutation(
        contract.set_contract_start,
        MANAGERS,
        edits=("duration",),
        description="Set the first day of a contract, or derive it again.",
    )
    change_vat_treatment: ContractResult = mutation(
        contract.change_vat_treatment,
        MANAGERS,
        edits=("vatTreatment", "vatNumber"),
        requestable=VAT_TREATMENT,
        description="Change how VAT applies, and the VAT number.",
    )
    order_module: ModuleSubscriptionResult = mutation(
        order.order,
        ORDERERS,
        edits=("modules",),
        description=(
            "Order a module for an account, at a public tariff or with an offer number. The first"
            " order makes the contract. It is confirmed by mail."
        ),
    )
    preview_order: PreviewResult = mutation(
        order.preview_order,
        ORDERERS,
        description="Try an order without making it, and say what would come of it.",
    )
    withdraw_order: AccountResult = mutation(
        order.withdraw,
        ORDERERS,
        edits=("status",),
        when=lambda course, _: check_order_withdrawable(course.starts_on, course.today),
        description="Undo an order before its first day; the contract stays.",
    )
    update_module_data: ModuleSubscriptionResult = mutation(
        order.update_data,
        ORDERERS,
        edits=("data",),
        description="Replace the data of a module.",
    )
    add_operator_profile: OperatorProfileResult = mutation(
        operator.add_profile,
        MANAGERS,
        description="Say who the operator is, from a day on.",
    )
    add_general_payment_terms: GeneralPaymentTermsResult = mutation(
        operator.add_general_terms,
        MANAGERS,
        description=(
            "Say with which payment terms contracts are made from a day on; those that are there"
            " keep theirs."
        ),
    )
    withdraw_operator_profile: OperatorProfileResult = mutation(
        operator.withdraw_profile,
        MANAGERS,
        description="Take back who the operator would be from a day on, before that day.",
    )
    withdraw_general_payment_terms: GeneralPaymentTermsResult = mutation(
        operator.withdraw_general_terms,
        MANAGERS,
        description="Take back the payment terms of contracts from a day on, before that day.",
    )
    publish_consent_document: ConsentDocumentResult = mutation(
        operator.publish_consent_document,
        MANAGERS,
        description=(
            "Publish a version of a document that customers agree to, in each language. Those who"
            " agreed to an earlier one are told by mail and on their account."
        ),
    )
    withdraw_consent_document: ConsentDocumentResult = mutation(
        operator.withdraw_consent_document,
        MANAGERS,
        description=(
            "Take back a version of a document, in each language, before its day. Another one may"
            " be published for any day then."
        ),
    )
