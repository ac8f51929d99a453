"""Invoices in CII (UN/CEFACT Cross Industry Invoice), as EN 16931 has them: inside a Factur-X."""

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

_CEFACT = "urn:un:unece:uncefact:data:standard:"
_GUIDELINE = "urn:cen.eu:en16931:2017"


def cii(says: Says) -> bytes:
    """Write what a document says."""
    return written(_Cii(says).document())


class _Cii:
    def __init__(self, says: Says) -> None:
        self._says = says
        self._writer = Writer(
            {
                "rsm": f"{_CEFACT}CrossIndustryInvoice:100",
                "ram": f"{_CEFACT}ReusableAggregateBusinessInformationEntity:100",
                "udt": f"{_CEFACT}UnqualifiedDataType:100",
                "qdt": f"{_CEFACT}QualifiedDataType:100",
            }
        )
        self._add, self._maybe = self._writer.add, self._writer.maybe

    def document(self) -> Node:
        says, add = self._says, self._add
        root = self._writer.root("rsm:CrossIndustryInvoice")
        context = add(root, "rsm:ExchangedDocumentContext")
        add(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", _GUIDELINE)
        head = add(root, "rsm:ExchangedDocument")
        add(head, "ram:ID", says["number"])
        add(head, "ram:TypeCode", "381" if is_credit_note(says) else "380")
        self._day(head, "ram:IssueDateTime", says["issuedOn"])
        if says["isTest"]:
            add(head, "ram:IncludedNote/ram:Content", words_of_test(language_of(says)))
        trade = add(root, "rsm:SupplyChainTradeTransaction")
        for line in says["lines"]:
            self._line(trade, line)
        self._agreement(trade)
        delivery = add(trade, "ram:ApplicableHeaderTradeDelivery")
        event = add(delivery, "ram:ActualDeliverySupplyChainEvent")
        self._day(event, "ram:OccurrenceDateTime", period_of(says)[1])
        self._settlement(trade)
        return root

    def _day(self, parent: Node, path: str, day: str, kind: str = "udt") -> None:
        self._add(parent, f"{path}/{kind}:DateTimeString", day.replace("-", ""), format="102")

    def _period(self, parent: Node, first: str, last: str) -> None:
        period = self._add(parent, "ram:BillingSpecifiedPeriod")
        self._day(period, "ram:StartDateTime", first)
        self._day(period, "ram:EndDateTime", last)

    def _line(self, trade: Node, line: Says) -> None:
        add, unit = self._add, {"unitCode": line["unitCode"]}
        quantity, price = signed(line)
        node = add(trade, "ram:IncludedSupplyChainTradeLineItem")
        head = add(node, "ram:AssociatedDocumentLineDocument")
        add(head, "ram:LineID", str(line["position"]))
        share = words_of_share(line, language_of(self._says))
        self._maybe(head, "ram:IncludedNote/ram:Content", share)
        product = add(node, "ram:SpecifiedTradeProduct")
        add(product, "ram:Name", line["name"])
        add(product, "ram:Description", line["module"])
        per = add(node, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
        add(per, "ram:ChargeAmount", plain(price))
        add(per, "ram:BasisQuantity", plain(line["baseQuantity"]), **unit)
        add(node, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", plain(quantity), **unit)
        settlement = add(node, "ram:SpecifiedLineTradeSettlement")
        tax = add(settlement, "ram:ApplicableTradeTax")
        add(tax, "ram:TypeCode", "VAT")
        add(tax, "ram:CategoryCode", line["vatCategory"])
        self._rate(tax, line["vatCategory"], line["vatRate"])
        self._period(settlement, line["firstDay"], line["lastDay"])
        total = add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
        add(total, "ram:LineTotalAmount", line["net"])

    def _rate(self, tax: Node, category: str, rate: str) -> None:
        if category != "O":
            self._add(tax, "ram:RateApplicablePercent", plain(rate))

    def _agreement(self, trade: Node) -> None:
        says = self._says
        agreement = self._add(trade, "ram:ApplicableHeaderTradeAgreement")
        self._maybe(agreement, "ram:BuyerReference", says["buyer"]["reference"])
        self._party(agreement, "ram:SellerTradeParty", says["seller"])
        self._party(agreement, "ram:BuyerTradeParty", says["buyer"])
        order = "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"
        self._maybe(agreement, order, says["purchaseOrderNumber"])

    def _party(self, agreement: Node, path: str, party: Says) -> None:
        add, maybe = self._add, self._maybe
        node = add(agreement, path)
        add(node, "ram:Name", party["name"])
        scheme = party["registrationScheme"]
        known = {"schemeID": scheme} if scheme else {}
        maybe(node, "ram:SpecifiedLegalOrganization/ram:ID", party["registrationNumber"], **known)
        self._contact(node, party)
        address = add(node, "ram:PostalTradeAddress")
        add(address, "ram:PostcodeCode", party["postalCode"])
        add(address, "ram:LineOne", party["street"])
        maybe(address, "ram:LineTwo", party["extra"])
        add(address, "ram:CityName", party["city"])
        add(address, "ram:CountryID", party["country"])
        if party["electronicAddress"]:
            scheme, _, number = party["electronicAddress"].partition(":")
            add(node, "ram:URIUniversalCommunication/ram:URIID", number, schemeID=scheme)
        vat_number = "ram:SpecifiedTaxRegistration/ram:ID"
        maybe(node, vat_number, party["vatNumber"], schemeID="VA")

    def _contact(self, node: Node, party: Says) -> None:
        given = {
            "ram:PersonName": party.get("contactName") or party["attention"],
            "ram:TelephoneUniversalCommunication/ram:CompleteNumber": party.get("telephone"),
            "ram:EmailURIUniversalCommunication/ram:URIID": party.get("email"),
        }
        if any(given.values()):
            contact = self._add(node, "ram:DefinedTradeContact")
            for path, text in given.items():
                self._maybe(contact, path, text)

    def _settlement(self, trade: Node) -> None:
        says, add = self._says, self._add
        node = add(trade, "ram:ApplicableHeaderTradeSettlement")
        add(node, "ram:PaymentReference", says["number"])
        add(node, "ram:InvoiceCurrencyCode", says["currency"])
        code = means_code(says)
        means = add(node, "ram:SpecifiedTradeSettlementPaymentMeans")
        add(means, "ram:TypeCode", code)
        if code == "58":
            account = "ram:PayeePartyCreditorFinancialAccount/ram:IBANID"
            add(means, account, says["seller"]["iban"])
            bank = "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"
            self._maybe(means, bank, says["seller"]["bic"])
        for group in says["vatGroups"]:
            self._tax(node, group)
        self._period(node, *period_of(says))
        terms = add(node, "ram:SpecifiedTradePaymentTerms")
        add(terms, "ram:Description", " ".join(words_of_payment(says)))
        self._day(terms, "ram:DueDateDateTime", says["dueOn"])
        self._totals(node)
        if says["corrects"]:
            reference = add(node, "ram:InvoiceReferencedDocument")
            add(reference, "ram:IssuerAssignedID", says["corrects"]["number"])
            self._day(reference, "ram:FormattedIssueDateTime", says["corrects"]["issuedOn"], "qdt")

    def _tax(self, node: Node, group: Says) -> None:
        tax = self._add(node, "ram:ApplicableTradeTax")
        self._add(tax, "ram:CalculatedAmount", group["vat"])
        self._add(tax, "ram:TypeCode", "VAT")
        self._maybe(tax, "ram:ExemptionReason", group["text"])
        self._add(tax, "ram:BasisAmount", group["net"])
        self._add(tax, "ram:CategoryCode", group["category"])
        self._maybe(tax, "ram:ExemptionReasonCode", group["code"])
        self._rate(tax, group["category"], group["rate"])

    def _totals(self, node: Node) -> None:
        says, add = self._says, self._add
        total = add(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
        add(total, "ram:LineTotalAmount", says["net"])
        add(total, "ram:TaxBasisTotalAmount", says["net"])
        add(total, "ram:TaxTotalAmount", says["vat"], currencyID=says["currency"])
        add(total, "ram:GrandTotalAmount", says["gross"])
        if says["creditTaken"] != "0.00":
            add(total, "ram:TotalPrepaidAmount", says["creditTaken"])
        add(total, "ram:DuePayableAmount", says["payable"])
