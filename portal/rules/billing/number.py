"""Numbers of documents, without gaps in each series, and the chain of their hashes."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

RETENTION_YEARS = 7
"""How long a document is kept after the year of its issue."""
FIRST_HASH = bytes(32)
_WIDTH = 6


class DocumentKind(StrEnum):
    """What a document is."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


class Series(StrEnum):
    """Documents that are numbered together, each year from 1 on."""

    INV = "INV"
    CRN = "CRN"
    TEST = "TEST"
    TESTC = "TESTC"


_PREFIXES = {Series.INV: "", Series.CRN: "C", Series.TEST: "TEST-", Series.TESTC: "TESTC-"}


def series_of(kind: DocumentKind, *, is_test: bool) -> Series:
    """Give the series of a kind; documents of test accounts have their own."""
    if kind is DocumentKind.INVOICE:
        return Series.TEST if is_test else Series.INV
    return Series.TESTC if is_test else Series.CRN


def number_of(series: Series, year: int, number: int) -> str:
    """Write a number as documents show it."""
    return f"{_PREFIXES[series]}{year}-{number:0{_WIDTH}}"


def due_day(issued_on: date, due_days: int) -> date:
    """Give the day until which an invoice is to be paid: days, whatever months they cross."""
    return issued_on + timedelta(days=due_days)


def retained_until(issued_on: date) -> date:
    """Give the last day on which the law wants a document kept (AWR 52)."""
    return date(issued_on.year + RETENTION_YEARS, 12, 31)


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Write what a document says such that the same is always the same bytes."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(last_hash: bytes, number: str, payload: Mapping[str, Any]) -> bytes:
    """Give the hash of a document, which holds those of all before it."""
    return sha256(last_hash + number.encode() + sha256(canonical(payload)).digest()).digest()
