"""How value added tax applies to a customer."""

from enum import StrEnum

from portal.errors import RuleBroken
from portal.rules.address import ContractPartner, PartyKind

Path = tuple[str, ...]


class VatTreatment(StrEnum):
    """How value added tax applies to a customer."""

    STANDARD = "STANDARD"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    NOT_TAXABLE = "NOT_TAXABLE"


def check_vat_treatment(
    treatment: VatTreatment,
    vat_number: str | None,
    partner: ContractPartner,
    operator_country: str | None,
    paths: tuple[Path, Path] = (("input", "vatTreatment"), ("input", "vatNumber")),
) -> None:
    """Refuse a treatment that the partner cannot have.

    ``paths`` lead to what is to blame: for a consumer, and for a number that is missing.

    The VAT is shifted to businesses alone; across a border the customer's VAT number proves one
    (directive 2006/112/EC, articles 44 and 196). Within the operator's country the law names the
    services, and no number is needed. Where that is unknown, one is
    needed everywhere.
    """
    if treatment is not VatTreatment.REVERSE_CHARGE:
        return
    if partner.kind is PartyKind.CONSUMER:
        raise RuleBroken(
            "Reverse charge is for businesses; the contract partner is a consumer.",
            path=paths[0],
        )
    if vat_number is None and partner.country != operator_country:
        raise RuleBroken(
            "Reverse charge for a customer in another country needs a VAT number.",
            path=paths[1],
        )
