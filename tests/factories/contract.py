"""Contracts and consents for tests."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from portal import models
from portal.models.contract.consent import ConsentDocumentKind
from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.rules.contract.vat import VatTreatment
from portal.rules.file_kind import FileKind
from portal.viewer import Language
from tests.factories.base import BEGAN, OPENED, word


def payment_terms(**values: Any) -> PaymentTerms:
    defaults = {
        "name": f"Terms {word()}",
        "due_days": 30,
        "method": PaymentMethod.TRANSFER,
        "discount_percent": Decimal("2.50"),
        "discount_days": 8,
    }
    return PaymentTerms(**defaults | values)


def contract(account_id: UUID, **values: Any) -> models.Contract:
    """Give a contract with every field filled."""
    place = {
        "name": f"Partner {word()}",
        "street": "Hoofdstraat 1",
        "postal_code": "3511 AA",
        "city": "Utrecht",
        "country": "NL",
        "attention": "Administratie",
        "extra": "2e verdieping",
    }
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "contract_partner": ContractPartner(kind=PartyKind.BUSINESS, **place),
        "billing_address": Address(**place),
        "general_payment_terms": payment_terms(),
        "deviating_payment_terms": payment_terms(),
        "starts_on_override": OPENED,
        "vat_treatment": VatTreatment.STANDARD,
        "vat_number": "NL004495445B01",
        "iban": "NL91ABNA0417164300",
        "document_delivery": DocumentDelivery([f"{word()}@example.org"], DocumentDeliveryMode.LINK),
        "purchase_order_number": word(),
        "registration_number": "87654321",
        "electronic_address": "0106:87654321",
        "buyer_reference": word(),
        "receives_ubl": True,
        "concluded_on": OPENED,
    }
    return models.Contract(**defaults | values)


def general_payment_terms(**values: Any) -> models.GeneralPaymentTerms:
    """Give general terms of long ago."""
    defaults = {"id": uuid7(), "valid_from": date(2001, 1, 1), "terms": payment_terms()}
    return models.GeneralPaymentTerms(**defaults | values)


def operator_profile(**values: Any) -> models.OperatorProfile:
    """Give an operator in the Netherlands, since long ago, with every field filled."""
    defaults = {
        "id": uuid7(),
        "valid_from": date(2001, 1, 1),
        "address": Address(
            *("Portaal Diensten B.V.", "Kade 1", "1011 AA", "Amsterdam", "NL"),
            attention="Administratie",
            extra="2e verdieping",
        ),
        "registration_number": "12345678",
        "vat_number": "NL004495445B01",
        "iban": "NL91ABNA0417164300",
        "bic": "ABNANL2A",
        "creditor_id": "NL69ZZZ123456780000",
        "peppol_endpoint": "0106:12345678",
        "contact_name": "Hanna Vos",
        "telephone": "+31201234567",
        "email": "administratie@portaal.example",
        "colour": "#1a5fb4",
    }
    return models.OperatorProfile(**defaults | values)


def upload(kind: FileKind = FileKind.PDF, **values: Any) -> models.Upload:
    """Give a file that something refers to."""
    content = f"%PDF-1.7 {word()} %%EOF".encode()
    defaults = {
        "id": uuid7(),
        "kind": kind,
        "hash": sha256(content).digest(),
        "size": len(content),
        "content": content,
        "created_at": BEGAN,
        "used_at": BEGAN,
    }
    return models.Upload(**defaults | values)


def consent_document(**values: Any) -> models.ConsentDocument:
    defaults = {
        "id": uuid7(),
        "kind": ConsentDocumentKind.TERMS,
        "version": word(),
        "language": Language.EN,
        "title": "General terms",
        "body": "Be kind.",
        "published_on": OPENED,
        "asks_agreement": True,
    }
    return models.ConsentDocument(**defaults | values)


def consent(
    account_id: UUID, document: models.ConsentDocument, person: models.Person, **values: Any
) -> models.Consent:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "consent_document_id": document.id,
        "person_id": person.id,
        "given_at": BEGAN,
    }
    return models.Consent(**defaults | values)
