"""Asking for what no operator can do without, each answer checked before the next question."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from portal.commands.operator_file.form import Address, Operator, OperatorFile, PaymentTerms
from portal.errors import OperatorFault, PortalError
from portal.language.messages import translate
from portal.models import GeneralPaymentTerms, OperatorProfile
from portal.rules.contract.operator_form import check_registration_number
from portal.rules.contract.payment_terms import MOST_DUE_DAYS, PaymentMethod
from portal.rules.postal_code import postal_code
from portal.viewer import Language
from portal.writing.changes import apply_changes

_OPTIONAL = (
    ("vat_number", "VAT number"),
    ("iban", "IBAN"),
    ("email", "E-mail address for customers"),
    ("telephone", "Telephone, with its country"),
)


def ask(*, operator: bool, payment_terms: bool) -> OperatorFile:
    """Ask who the operator is and how invoices are paid, as far as wanted, until that is right."""
    if not operator and not payment_terms:
        return OperatorFile()
    try:
        while True:
            wanted = OperatorFile(
                operator=_operator() if operator else None,
                payment_terms=_payment_terms() if payment_terms else None,
            )
            if click.confirm("\nIs all of that right?", default=True):
                return wanted
    except click.Abort:
        raise OperatorFault(
            "Nothing was written. Where nobody can be asked: 'portal init FILE'."
        ) from None


def _operator() -> Operator:
    click.echo("Who is the operator? What has [] may stay empty.")
    name = _line("address_name", "Legal name")
    country = _line("address_country", "Country, two letters such as NL")
    street = _line("address_street", "Street and number")
    code = _prompt("Postal code", lambda typed: _postal_code(typed, country))
    city = _line("address_city", "City")
    address = Address(name=name, street=street, postal_code=code, city=city, country=country)
    number = _prompt(
        "Number in the trade register", lambda typed: _registration(typed, country), default=""
    )
    others: dict[str, Any] = {
        name: _line(name, text, default="") or None for name, text in _OPTIONAL
    }
    return Operator(address=address, registration_number=number or None, **others)


def _payment_terms() -> PaymentTerms:
    click.echo("\nHow are invoices paid, where nothing else is agreed?")
    days = click.prompt(
        "Days until an invoice falls due", default=14, type=click.IntRange(0, MOST_DUE_DAYS)
    )
    methods = click.Choice([method.value for method in PaymentMethod], case_sensitive=False)
    method = click.prompt("By", default=PaymentMethod.TRANSFER.value, type=methods)
    name = _prompt(
        "What customers read of it",
        partial(_kept, GeneralPaymentTerms, "terms_name"),
        default=f"{days} dagen",
    )
    return PaymentTerms(name=name, due_days=days, method=PaymentMethod(method))


def _line(name: str, text: str, default: str | None = None) -> str:
    return _prompt(text, partial(_kept, OperatorProfile, name), default)


def _prompt(text: str, form: Callable[[str], str], default: str | None = None) -> str:
    """Ask until the answer has its form."""

    def formed(typed: str) -> str:
        if not typed and default == "":
            return typed
        try:
            return form(typed)
        except PortalError as error:
            sentences = (
                translate(fault.message, Language.EN, **fault.values) for fault in error.problems
            )
            raise click.UsageError(" ".join(sentences)) from None

    answer: str = click.prompt(text, default=default, value_proc=formed, show_default=True)
    return answer


def _kept(model: Any, column: str, typed: str) -> str:
    """Give an answer as it is kept."""
    row = model()
    apply_changes(row, {column: typed})
    kept: str = getattr(row, column)
    return kept


def _postal_code(typed: str, country: str) -> str:
    return postal_code(_kept(OperatorProfile, "address_postal_code", typed), country)


def _registration(typed: str, country: str) -> str:
    number = _kept(OperatorProfile, "registration_number", typed)
    check_registration_number(number, country)
    return number
