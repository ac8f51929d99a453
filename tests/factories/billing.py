"""Documents for tests; each is the first of a year that no other one has."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from portal import models
from portal.models import Base
from portal.printing.pdf import RENDERER
from portal.rules.billing.delivery import DeliveryCause, DeliveryState
from portal.rules.billing.file_kind import DocumentFileKind
from portal.rules.billing.kept_line import kept
from portal.rules.billing.number import FIRST_HASH, DocumentKind, canonical, number_of, series_of
from portal.rules.billing.problem import ProblemCode
from portal.rules.billing.vat import TaxCategory
from portal.rules.billing.verification import new_code
from portal.rules.catalogue.terms import BillingMode, VatCategory
from portal.rules.contract.document_delivery import DocumentDeliveryMode
from portal.rules.modules.item_price import CostLine
from tests import printed
from tests.factories.base import BEGAN, OPENED, word

_YEARS = count(2100)
_PRICED = CostLine(
    key="BASE",
    billing_mode=BillingMode.MONTHLY_IN_ADVANCE,
    is_additional_option=False,
    quantity=2,
    quantity_from=OPENED,
    unit_price=Decimal(5),
    price_from=OPENED,
)


def document(account_id: UUID, **values: Any) -> tuple[models.Document, list[Base]]:
    """Give an invoice of 10.00 without VAT, or what the values say, and all that belongs to it."""
    year = next(_YEARS)
    kind = values.get("kind", DocumentKind.INVOICE)
    series = series_of(kind, is_test=True)
    counter = models.NumberSeries(
        key=series, year=year, kind=kind, is_test=True, last_number=1,
        last_issued_on=date(year, 1, 1), last_hash=FIRST_HASH,
    )  # fmt: skip
    payload = printed.says(
        [printed.Line("Item", "2", "5.00", printed.EXEMPT, unit_code="DAY", unit="day",
                      share=(1, 31))],
        isTest=True, issuedOn=str(date(year, 1, 1)), dueOn=str(date(year, 1, 31)),
        number=number_of(series, year, 1), kind=kind, verificationCode=new_code(),
        purchaseOrderNumber=word(), reason=word(),
        buyer=printed.BUYER | {"name": f"Buyer {word()}", "city": "Utrecht",
                               "vatNumber": "NL004495445B01", "electronicAddress": None},
    )  # fmt: skip
    defaults = {
        "id": uuid7(), "account_id": account_id, "xact": 0, "kind": kind, "series": series,
        "series_year": year, "series_number": 1, "number": number_of(series, year, 1),
        "is_test": True, "issued_on": date(year, 1, 1), "due_on": date(year, 1, 31),
        "currency": "EUR", "net": Decimal(10), "vat": Decimal(), "gross": Decimal(10),
        "payload": payload, "verification_code": payload["verificationCode"], "hash": FIRST_HASH,
        "retained_until": date(year + 7, 12, 31),
    }  # fmt: skip
    issued = models.Document(**defaults | values)
    own = {"account_id": account_id, "document_id": issued.id}
    line = models.DocumentLine(
        id=uuid7(), xact=0, position=1, module="Module", name=f"Item {word()}", item_key="BASE",
        first_day=OPENED, last_day=OPENED, quantity=Decimal(2), unit="day", unit_code="DAY",
        base_quantity=Decimal(1), unit_price=Decimal(5), net=Decimal(10),
        vat_category=TaxCategory.E, vat_rate=Decimal(), share_days=1, share_of_days=31,
        is_correction=False, priced=kept(_PRICED), **own,
    )  # fmt: skip
    vat = models.DocumentVat(
        id=uuid7(), xact=0, position=1, category=TaxCategory.E, rate=Decimal(), net=Decimal(10),
        vat=Decimal(), code="VATEX-EU-132", text="Exempt", **own,
    )  # fmt: skip
    return issued, [counter, issued, line, vat]


def billed_span(document: models.Document, **values: Any) -> models.BilledSpan:
    """Give the days that the line of a document carries."""
    defaults = {
        "id": uuid7(), "account_id": document.account_id, "document_id": document.id,
        "position": 1, "source_id": uuid7(), "item_key": "BASE", "first_day": OPENED,
        "last_day": OPENED, "period_days": 31, "quantity": 2, "unit_price": Decimal(5),
        "tariff_id": uuid7(), "vat_category": VatCategory.EXEMPT, "net_left": Decimal(10),
        "is_correction": False,
    }  # fmt: skip
    return models.BilledSpan(**defaults | values)


def document_file(document: models.Document, **values: Any) -> models.DocumentFile:
    """Give a file that somebody has downloaded."""
    content = b"%PDF-1.7 %%EOF"
    defaults = {
        "id": uuid7(), "account_id": document.account_id, "document_id": document.id,
        "kind": DocumentFileKind.PDF, "sha256": sha256(content).digest(), "size": len(content),
        "content": content, "renderer": RENDERER, "made_at": BEGAN,
    }  # fmt: skip
    return models.DocumentFile(**defaults | values)


def contract_copy(account_id: UUID, **values: Any) -> models.ContractCopy:
    """Give the copy of an order."""
    says = {"on": str(OPENED)}
    defaults = {
        "id": uuid7(), "account_id": account_id, "module": f"Module {word()}", "agreed_at": BEGAN,
        "payload": says, "sha256": sha256(canonical(says)).digest(),
    }  # fmt: skip
    return models.ContractCopy(**defaults | values)


def delivery(document: models.Document, **values: Any) -> models.Delivery:
    """Give one that somebody has received."""
    defaults = {
        "id": uuid7(), "account_id": document.account_id, "document_id": document.id,
        "recipient": f"{word()}@example.org", "cause": DeliveryCause.ISSUED,
        "cause_id": document.id, "mode": DocumentDeliveryMode.ATTACHMENT, "with_ubl": True,
        "state": DeliveryState.SENT, "queued_at": BEGAN, "sent_at": BEGAN,
    }  # fmt: skip
    return models.Delivery(**defaults | values)


def billing_problem(account_id: UUID) -> models.BillingProblem:
    return models.BillingProblem(
        id=uuid7(), account_id=account_id, run_day=OPENED, code=ProblemCode.NO_CONTRACT, detail={},
        noted_at=BEGAN,
    )  # fmt: skip


def books_closing(**values: Any) -> models.BooksClosing:
    """Give a closing of books before all days: it closes them for every test of the process."""
    defaults = {"id": uuid7(), "closed_until": date(1899, 12, 31), "closed_at": BEGAN}
    return models.BooksClosing(**defaults | values)


def billing_run(**values: Any) -> models.BillingRun:
    """Give a run that is finished."""
    defaults = {
        "id": uuid7(), "billed_until": OPENED, "requested_at": BEGAN, "finished_at": BEGAN,
        "accounts": 3, "invoices": 2, "credit_notes": 1, "unbilled": 1,
    }  # fmt: skip
    return models.BillingRun(**defaults | values)
