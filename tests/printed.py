"""Payloads of documents by hand, of each kind that there is."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.actions.billing.payload import plain
from portal.rules.billing.cash_discount import cash_discount
from portal.rules.billing.number import DocumentKind, due_day, retained_until
from portal.rules.billing.total import invoice_totals
from portal.rules.billing.vat import TaxCategory, VatGroup
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.viewer import Language

ISSUED = date(2026, 12, 1)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
STANDARD = VatGroup(TaxCategory.S, Decimal(21))
REDUCED = VatGroup(TaxCategory.S, Decimal(9))
EXEMPT = VatGroup(TaxCategory.E, Decimal(), "VATEX-EU-132-1I", "Exempt from VAT: article 132")
REVERSED = VatGroup(TaxCategory.AE, Decimal(), "VATEX-EU-AE", "Steuerschuldnerschaft des"
                    " Leistungsempfängers")  # fmt: skip
OUTSIDE = VatGroup(TaxCategory.O, Decimal(), "VATEX-EU-O", "Not subject to VAT")
TRANSFER = PaymentTerms("30 dagen", 30, PaymentMethod.TRANSFER, Decimal("2.00"), 8)
DEBIT = PaymentTerms("Incasso", 14, PaymentMethod.DIRECT_DEBIT)
SELLER = {
    "name": "Portaal Diensten B.V.", "street": "Kade 1", "postalCode": "1011 AA",
    "city": "Amsterdam", "country": "NL", "attention": None, "extra": None,
    "registrationNumber": "12345678", "registrationScheme": "0106",
    "electronicAddress": "0106:12345678", "vatNumber": "NL004495445B01",
    "iban": "NL91ABNA0417164300", "bic": "ABNANL2A", "contactName": "Hanna Vos",
    "telephone": "+31201234567", "email": "administratie@portaal.example",
    "colour": "#1a5fb4", "logoId": None,
}  # fmt: skip
BUYER = {
    "name": "Timmerwinkel De Zaag B.V.", "street": "Zaagmolenstraat 12", "postalCode": "3036 HB",
    "city": "Rotterdam", "country": "NL", "attention": "Administratie", "extra": "2e verdieping",
    "kind": "BUSINESS", "contractPartner": "Timmerwinkel De Zaag B.V.", "customerNumber": "10001",
    "registrationNumber": "87654321", "registrationScheme": "0106",
    "electronicAddress": "0106:87654321", "reference": None, "vatNumber": "NL002455799B11",
}  # fmt: skip
GERMAN = BUYER | {
    "name": "Gärtnerei Lindenhof GmbH", "street": "Gartenweg 5", "postalCode": "50667",
    "city": "Köln", "country": "DE", "extra": None, "registrationNumber": None,
    "registrationScheme": None, "electronicAddress": "9930:DE136695976",
    "reference": "04011000-12345-03", "vatNumber": "DE136695976",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line by how it comes to its amount."""

    name: str
    quantity: str
    unit_price: str
    group: VatGroup = STANDARD
    base_quantity: str = "1"
    unit_code: str = "C62"
    unit: str = "stuk"
    share: tuple[int, int] | None = None

    @property
    def net(self) -> Decimal:
        """The amount, in cents."""
        of = Decimal(self.quantity) * Decimal(self.unit_price) / Decimal(self.base_quantity)
        return of.quantize(Decimal("0.01"), ROUND_HALF_UP)


LINES = (
    Line("Tarief Plus", "1", "249.95"),
    Line("Extra lijn", "13", "99.00", STANDARD, "30", "DAY", "dag", (13, 30)),
    Line("Handboek", "3", "18.50", REDUCED),
    Line("Gespreksminuten", "1234", "0.012500", STANDARD, unit_code="MIN", unit="minuut"),
)


def says(
    lines: Iterable[Line] = LINES, terms: PaymentTerms | None = TRANSFER, **changes: Any
) -> dict[str, Any]:
    """Give what a document says; an invoice of 433.52, or what the changes say."""
    lines = tuple(lines)
    totals = invoice_totals((line.group, line.net) for line in lines)
    net, vat = (sum((getattr(one, name) for one in totals), Decimal()) for name in ("net", "vat"))
    discount = cash_discount(terms, ISSUED, net + vat)
    document = {
        "number": "2026-000123", "kind": DocumentKind.INVOICE, "is_test": False,
        "issued_on": ISSUED, "due_on": due_day(ISSUED, terms.due_days if terms else 0),
        "currency": "EUR", "net": net, "vat": vat, "gross": net + vat,
        "credit_taken": Decimal("0.00"), "payable": net + vat, "language": Language.NL,
        "purchase_order_number": "PO-4711", "terms": terms and asdict(terms),
        "discount": discount and asdict(discount), "corrects": None, "reason": None,
        "retained_until": retained_until(ISSUED), "verification_code": "8F3K22QMXY",
        "modules": [{"name": "Telefoonservice", "starts_on": date(2024, 10, 1),
                     "term_ends_on": date(2027, 9, 30), "notice_period": "2 maanden",
                     "notice_by": date(2027, 7, 31)}],
        "vat_groups": [asdict(one.group) | {"net": one.net, "vat": one.vat} for one in totals],
        "lines": [_line(place, line) for place, line in enumerate(lines, 1)],
    }  # fmt: skip
    written: dict[str, Any] = plain(document)
    return written | {"seller": SELLER, "buyer": BUYER} | changes


def _line(position: int, line: Line) -> dict[str, Any]:
    part, whole = line.share or (None, None)
    return {
        "position": position, "module": "Telefoonservice", "name": line.name, "item_key": "BASE",
        "first_day": FIRST, "last_day": LAST, "quantity": line.quantity, "unit": line.unit,
        "unit_code": line.unit_code, "base_quantity": line.base_quantity,
        "unit_price": line.unit_price, "net": line.net, "vat_category": line.group.category,
        "vat_rate": line.group.rate, "share_days": part, "share_of_days": whole,
        "is_correction": False,
    }  # fmt: skip


CREDIT = {
    "number": "C2026-000017", "kind": "CREDIT_NOTE", "dueOn": str(ISSUED),
    "corrects": {"number": "2026-000123", "issuedOn": str(ISSUED)},
}  # fmt: skip
KINDS = {
    "mixed": says(),
    "exempt": says([Line("Cursus", "1", "100.00", EXEMPT)], buyer=BUYER | {"reference": "4711"}),
    "reversed": says(
        [Line("Digitale post", "1", "249.95", REVERSED)], language="DE", buyer=GERMAN,
    ),
    "credit": says([Line("Tarief Plus", "13", "249.95", STANDARD, "30", "DAY", "dag", (13, 30))],
                   None, **CREDIT),
    "debit": says(terms=DEBIT, language="EN"),
    "outside": says([Line("Digitale post", "1", "249.95", OUTSIDE)], language="DE",
                    buyer=GERMAN | {"vatNumber": None}, seller=SELLER | {"vatNumber": None}),
    "test": says([Line("Correctie", "1", "41.94", share=(13, 30)), Line("Korting", "1", "-2.00")],
                 isTest=True, number="TEST-2026-000001"),
}  # fmt: skip
