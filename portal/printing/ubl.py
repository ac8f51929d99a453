"""Invoices in UBL 2.1: Peppol BIS Billing 3, or XRechnung."""

from portal.printing.einvoice import Profile, profile_of
from portal.printing.says import (
    Says,
    is_credit_note,
    language_of,
    plain,
    words_of_payment,
    words_of_share,
    words_of_test,
)
from portal.printing.xml import Node, Writer, means_code, period_of, signed, written

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
_CORE = "urn:cen.eu:en16931:2017#compliant#"
_CUSTOMIZATIONS = {
    Profile.PEPPOL: f"{_CORE}urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    Profile.XRECHNUNG: f"{_CORE}urn:xeinkauf.de:kosit:xrechnung_3.0",
}
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def ubl(says: Says) -> bytes:
    """Write what a document says."""
    return written(_Ubl(says).document())


class _Ubl:
    def __init__(self, says: Says) -> None:
        self._says = says
        self._credit = is_credit_note(says)
        self._profile = profile_of(says)
        self._writer = Writer(
            {
                None: f"{_OASIS}{'CreditNote' if self._credit else 'Invoice'}-2",
                "cac": f"{_OASIS}CommonAggregateComponents-2",
                "cbc": f"{_OASIS}CommonBasicComponents-2",
            }
        )
        self._add, self._maybe = self._writer.add, self._writer.maybe

    def document(self) -> Node:
        says, add, maybe = self._says, self._add, self._maybe
        root = self._writer.root("CreditNote" if self._credit else "Invoice")
        add(root, "cbc:CustomizationID", _CUSTOMIZATIONS[self._profile])
        add(root, "cbc:ProfileID", _PROCESS)
        add(root, "cbc:ID", says["number"])
        add(root, "cbc:IssueDate", says["issuedOn"])
        if self._credit:
            add(root, "cbc:CreditNoteTypeCode", "381")
        else:
            add(root, "cbc:DueDate", says["dueOn"])
            add(root, "cbc:InvoiceTypeCode", "380")
        if says["isTest"]:
            add(root, "cbc:Note", words_of_test(language_of(says)))
        add(root, "cbc:DocumentCurrencyCode", says["currency"])
        maybe(root, "cbc:BuyerReference", says["buyer"]["reference"])
        self._period(root, *period_of(says))
        maybe(root, "cac:OrderReference/cbc:ID", says["purchaseOrderNumber"])
        if says["corrects"]:
            reference = add(root, "cac:BillingReference/cac:InvoiceDocumentReference")
            add(reference, "cbc:ID", says["corrects"]["number"])
            add(reference, "cbc:IssueDate", says["corrects"]["issuedOn"])
        self._party(root, "cac:AccountingSupplierParty", says["seller"])
        self._party(root, "cac:AccountingCustomerParty", says["buyer"])
        add(root, "cac:Delivery/cbc:ActualDeliveryDate", period_of(says)[1])
        self._payment(root)
        self._totals(root)
        for line in says["lines"]:
            self._line(root, line)
        return root

    def _period(self, parent: Node, first: str, last: str) -> None:
        period = self._add(parent, "cac:InvoicePeriod")
        self._add(period, "cbc:StartDate", first)
        self._add(period, "cbc:EndDate", last)

    def _party(self, root: Node, path: str, party: Says) -> None:
        add, maybe = self._add, self._maybe
        node = add(root, f"{path}/cac:Party")
        if party["electronicAddress"]:
            scheme, _, number = party["electronicAddress"].partition(":")
            add(node, "cbc:EndpointID", number, schemeID=scheme)
        address = add(node, "cac:PostalAddress")
        add(address, "cbc:StreetName", party["street"])
        maybe(address, "cbc:AdditionalStreetName", party["extra"])
        add(address, "cbc:CityName", party["city"])
        add(address, "cbc:PostalZone", party["postalCode"])
        add(address, "cac:Country/cbc:IdentificationCode", party["country"])
        if party["vatNumber"]:
            scheme = add(node, "cac:PartyTaxScheme")
            add(scheme, "cbc:CompanyID", party["vatNumber"])
            add(scheme, "cac:TaxScheme/cbc:ID", "VAT")
        entity = add(node, "cac:PartyLegalEntity")
        add(entity, "cbc:RegistrationName", party["name"])
        if party["registrationScheme"]:
            scheme = party["registrationScheme"]
            add(entity, "cbc:CompanyID", party["registrationNumber"], schemeID=scheme)
        elif party["country"] != "NL":
            maybe(entity, "cbc:CompanyID", party["registrationNumber"])
        self._contact(node, party)

    def _contact(self, node: Node, party: Says) -> None:
        name = party.get("contactName") or party["attention"]
        given = {
            "cbc:Name": name,
            "cbc:Telephone": party.get("telephone"),
            "cbc:ElectronicMail": party.get("email"),
        }
        if any(given.values()):
            contact = self._add(node, "cac:Contact")
            for path, text in given.items():
                self._maybe(contact, path, text)

    def _payment(self, root: Node) -> None:
        says, code = self._says, means_code(self._says)
        means = self._add(root, "cac:PaymentMeans")
        self._add(means, "cbc:PaymentMeansCode", code)
        self._add(means, "cbc:PaymentID", says["number"])
        if code == "58":
            account = self._add(means, "cac:PayeeFinancialAccount")
            self._add(account, "cbc:ID", says["seller"]["iban"])
            self._maybe(account, "cac:FinancialInstitutionBranch/cbc:ID", says["seller"]["bic"])
        note, discount = " ".join(words_of_payment(says)), says["discount"]
        if discount and self._profile is Profile.XRECHNUNG:
            percent = f"{float(discount['percent']):.2f}"
            note += f"\n#SKONTO#TAGE={discount['days']}#PROZENT={percent}#\n"
        self._add(root, "cac:PaymentTerms/cbc:Note", note)

    def _amount(self, parent: Node, path: str, amount: str) -> None:
        self._add(parent, path, amount, currencyID=self._says["currency"])

    def _totals(self, root: Node) -> None:
        says = self._says
        tax = self._add(root, "cac:TaxTotal")
        self._amount(tax, "cbc:TaxAmount", says["vat"])
        for group in says["vatGroups"]:
            part = self._add(tax, "cac:TaxSubtotal")
            self._amount(part, "cbc:TaxableAmount", group["net"])
            self._amount(part, "cbc:TaxAmount", group["vat"])
            self._category(part, "cac:TaxCategory", group["category"], group["rate"], group)
        total = self._add(root, "cac:LegalMonetaryTotal")
        self._amount(total, "cbc:LineExtensionAmount", says["net"])
        self._amount(total, "cbc:TaxExclusiveAmount", says["net"])
        self._amount(total, "cbc:TaxInclusiveAmount", says["gross"])
        if says["creditTaken"] != "0.00":
            self._amount(total, "cbc:PrepaidAmount", says["creditTaken"])
        self._amount(total, "cbc:PayableAmount", says["payable"])

    def _category(
        self, parent: Node, path: str, category: str, rate: str, reason: Says | None = None
    ) -> None:
        node = self._add(parent, path)
        self._add(node, "cbc:ID", category)
        if category != "O":
            self._add(node, "cbc:Percent", plain(rate))
        if reason:
            self._maybe(node, "cbc:TaxExemptionReasonCode", reason["code"])
            self._maybe(node, "cbc:TaxExemptionReason", reason["text"])
        self._add(node, "cac:TaxScheme/cbc:ID", "VAT")

    def _line(self, root: Node, line: Says) -> None:
        add, unit = self._add, {"unitCode": line["unitCode"]}
        quantity, price = signed(line)
        node = add(root, "cac:CreditNoteLine" if self._credit else "cac:InvoiceLine")
        add(node, "cbc:ID", str(line["position"]))
        self._maybe(node, "cbc:Note", words_of_share(line, language_of(self._says)))
        counted = "cbc:CreditedQuantity" if self._credit else "cbc:InvoicedQuantity"
        add(node, counted, plain(quantity), **unit)
        self._amount(node, "cbc:LineExtensionAmount", line["net"])
        self._period(node, line["firstDay"], line["lastDay"])
        item = add(node, "cac:Item")
        add(item, "cbc:Description", line["module"])
        add(item, "cbc:Name", line["name"])
        self._category(item, "cac:ClassifiedTaxCategory", line["vatCategory"], line["vatRate"])
        per = add(node, "cac:Price")
        self._amount(per, "cbc:PriceAmount", plain(price))
        add(per, "cbc:BaseQuantity", plain(line["baseQuantity"]), **unit)
