"""Rows for tests: one function each, random where a test does not care."""

from tests.factories.base import BEGAN, OPENED, network, word, write
from tests.factories.catalogue import item, module, price_list, section, tariff, tariff_version
from tests.factories.contract import consent, consent_document, contract, payment_terms
from tests.factories.modules import module_subscription, notice, tariff_change, tariff_period
from tests.factories.partner import app, app_authorization
from tests.factories.people import (
    account,
    credential,
    history,
    history_note,
    idempotency_key,
    invitation,
    member,
    message,
    operator_history,
    permission_profile,
    person,
    request,
    staff,
)

__all__ = [
    "BEGAN",
    "OPENED",
    "account",
    "app",
    "app_authorization",
    "consent",
    "consent_document",
    "contract",
    "credential",
    "history",
    "history_note",
    "idempotency_key",
    "invitation",
    "item",
    "member",
    "message",
    "module",
    "module_subscription",
    "network",
    "notice",
    "operator_history",
    "payment_terms",
    "permission_profile",
    "person",
    "price_list",
    "request",
    "section",
    "staff",
    "tariff",
    "tariff_change",
    "tariff_period",
    "tariff_version",
    "word",
    "write",
]
