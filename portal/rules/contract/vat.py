"""How value added tax applies to a customer."""

from enum import StrEnum

from portal.errors import RuleBroken
from portal.rules.address import ContractPartner, PartyKind

OPERATOR_COUNTRY = "NL"


class VatTreatment(StrEnum):
    """How value added tax applies to a customer."""

    STANDARD = "STANDARD"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    NOT_TAXABLE = "NOT_TAXABLE"


def check_vat_treatment(
    treatment: VatTreatment,
    vat_number: str | None,
    partner: ContractPartner,
    *,
    of_kind: tuple[str, ...] = ("input", "vatTreatment"),
    of_country: tuple[str, ...] = ("input", "vatNumber"),
) -> None:
    """Refuse a treatment that the partner cannot have.

    ``of_kind`` and ``of_country`` lead to the argument that is to blame for each fault.

    The VAT is shifted to businesses alone; across a border the customer's VAT number proves one
    (directive 2006/112/EC, articles 44 and 196). Within the operator's country the law names the
    services, and no number is needed.
    """
    if treatment is not VatTreatment.REVERSE_CHARGE:
        return
    if partner.kind is PartyKind.CONSUMER:
        raise RuleBroken(
            "Reverse charge is for businesses; the contract partner is a consumer.",
            path=of_kind,
        )
    if vat_number is None and partner.country != OPERATOR_COUNTRY:
        raise RuleBroken(
            "Reverse charge for a customer in another country needs a VAT number.",
            path=of_country,
        )
