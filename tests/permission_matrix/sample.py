"""A value for everything that can be sent to a mutation, and what is then stored of it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
)

from portal.clock import now
from tests.api.ordering import today

_numbers = count(1)

# Where any value of its type will not do.
_BY_NAME: Mapping[str, Any] = MappingProxyType(
    {
        "timeZone": "Europe/Berlin",
        "vatNumber": "NL002455799B11",
        "iban": "NL20INGB0001234567",
        "country": "BE",
        "postalCode": "1000",
        "recipients": ["documents@example.org"],
        "dueDays": 21,
        "discountPercent": "1.50",
        "discountDays": 5,
        "scopes": ["ACCOUNT_READ"],
        "expiresAt": (now() + timedelta(hours=12)).replace(microsecond=0).isoformat(),
        "receivedOn": (today() - timedelta(days=3)).isoformat(),
        "SetContractStartInput.startsOn": "2023-06-01",
        "isTest": False,
        "receivesUbl": False,
        "electronicAddress": "0106:11223344",
        "remindsOfDeadlines": True,
        "role": "BILLING",
        "AddStaffInput.role": "MANAGER",
        "asksAgreement": True,
        "AddGeneralPaymentTermsInput.terms": {"name": "Net", "dueDays": 21, "method": "TRANSFER"},
        "quantity": 3,
        "unitPrice": "1.25",
        "net": "1.25",
        "IssueChargeInput.terms": {"name": "21 days", "dueDays": 21, "method": "TRANSFER"},
        "mode": "ATTACHMENT",
        "data": {"greeting": "Hello again."},
        "offerMostUses": 41,
        "position": 1,
        "isSingleBooking": True,
        "dataSchema": {"type": "object", "description": "Another one."},
        "terms": {
            "initialTerm": {"count": 7, "unit": "WEEKS"},
            "renewal": "RENEWAL_TERM",
            "renewalTerm": {"count": 9, "unit": "WEEKS"},
            "noticePeriod": {"count": 5, "unit": "DAYS"},
            "endingDay": "END_OF_TERM",
            "changeFreeOfNotice": True,
            "termContinues": True,
        },
        "sections": [
            {
                "title": {"value": "Vast", "nl": "Vaste kosten", "de": "Fix", "en": "Fixed"},
                "items": [
                    {
                        "key": "SATURDAY",
                        "name": {"value": "Zaterdag", "en": "Saturday"},
                        "unit": {"value": "week", "de": "Woche"},
                        "unitCode": "WEE",
                        "unitPrice": "4.123456",
                        "vatCategory": "EXEMPT",
                        "vatExemptionCode": "VATEX-EU-132-1I",
                        "vatExemptionText": "Exempt",
                        "billingMode": "MONTHLY",
                        "billingBasis": "CALENDAR",
                        "isAdditionalOption": True,
                        "noticePeriod": {"count": 11, "unit": "DAYS"},
                        "endingDay": "END_OF_QUARTER",
                    }
                ],
            }
        ],
    }
)


def parts(kind: Any) -> Iterator[Mapping[str, str]]:
    """Give what there is to choose in an input: of each type of which one field is sent, which."""
    fields = kind.fields if isinstance(kind, GraphQLInputObjectType) else {}
    below = {name: list(parts(get_named_type(one.type))) for name, one in fields.items()}
    if getattr(kind, "is_one_of", False):
        yield from ({kind.name: name, **more} for name in below for more in below[name])
    else:
        chosen = [more for found in below.values() for more in found if more]
        yield from chosen or [{}]


def sample(
    kind: Any,
    name: str,
    ids: Mapping[str, Any],
    of: str = "",
    part: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    """Give a value of an input field that is like none before it.

    ``of`` is the type that the field belongs to; ``part`` is which field to send of an input of
    which one is sent.
    """
    kind = get_nullable_type(kind)
    for known in (f"{of}.{name}", name):
        if known in ids:
            return ids[known]
        if known in _BY_NAME:
            return _BY_NAME[known]
    if isinstance(kind, GraphQLList):
        return [sample(kind.of_type, name, ids, of, part)]
    if isinstance(kind, GraphQLInputObjectType):
        chosen = part.get(kind.name, next(iter(kind.fields)))
        return {
            field: sample(element.type, field, ids, kind.name, part)
            for field, element in kind.fields.items()
            if field == chosen or not kind.is_one_of
        }
    if isinstance(kind, GraphQLEnumType):
        return list(kind.values)[-1]
    return _scalar(get_named_type(kind).name, name)


def _scalar(type_name: str, name: str) -> str:
    if type_name == "Date":
        return (today() + timedelta(days=40)).isoformat()
    return (
        f"somebody.{next(_numbers)}@example.org" if name == "email" else f"{name} {next(_numbers)}"
    )
