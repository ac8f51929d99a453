"""Scalars: days, instants, decimals and module data, each with one form alone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,14}(\.\d{1,6})?", re.ASCII)
_LEAST_DECIMALS = 2
# Nothing longer is a value of any of them.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class NoDecimal:
    """A text that is no decimal, or has more decimals than are kept: ``schema.inputs`` refuses it.

    A validation error would tell a program; a Refusal tells whoever filled in the form.
    """

    text: str


def print_decimal(value: Decimal) -> str:
    """Write a decimal with two decimals at least and no idle zeros beyond them."""
    whole, _, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(_LEAST_DECIMALS, '0')}"


def print_instant(value: datetime) -> str:
    """Write an instant in UTC, to the microsecond."""
    written = value.astimezone(UTC).isoformat(timespec="microseconds")
    return written.removesuffix("+00:00") + "Z"


def _is_short(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= LONGEST


def _read_day(value: Any) -> date:
    if _is_short(value) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError("A Date is written as 2026-12-31.")


def _read_instant(value: Any) -> datetime:
    if _is_short(value) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise GraphQLError("A DateTime is written as 2026-12-31T23:59:59Z.")


def _read_decimal(value: Any) -> Decimal | NoDecimal:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if _is_short(text):
        return Decimal(text) if _DECIMAL.fullmatch(text) else NoDecimal(text)
    raise GraphQLError('A Decimal is written as "12.50", with six decimals at most.')


def _scalar(name: str, description: str, serialize: Any, parse_value: Any) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, serialize=serialize, parse_value=parse_value
    )


SCALARS: dict[object, ScalarDefinition] = {
    date: _scalar(
        "Date",
        "A calendar day in the account's time zone, as ISO 8601 writes it: 2026-12-31.",
        date.isoformat,
        _read_day,
    ),
    datetime: _scalar(
        "DateTime",
        "An instant in UTC, as ISO 8601 writes it: 2026-12-31T22:59:59.000000Z.",
        print_instant,
        _read_instant,
    ),
    Decimal: _scalar(
        "Decimal",
        'A decimal number as text, never a float: "249.95".',
        print_decimal,
        _read_decimal,
    ),
}

__all__ = ["JSON", "SCALARS"]
