"""Becoming a customer: what is sent, and what is answered."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from portal import models
from portal.actions.people import registration as actions
from portal.rules.people import password
from portal.viewer import Language
from schema.fields import sent, value
from schema.length import characters
from schema.types.refusal import Refusal

PASSWORD = "Long, and not the e-mail address."  # noqa: S105  (a description)


@strawberry.type(description="A code is on its way by mail; it is good for 30 minutes, once.")
class CodeSent:
    """An ``actions.CodeSent``."""

    id: strawberry.ID = value(description="What the code is for: send it back with the code.")
    expires_at: datetime = value(description="Until when the code is good.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.CodeSent)


@strawberry.type(description="The account is there; log in with the address and the password.")
class RegistrationConfirmed:
    """An ``actions.RegistrationConfirmed``."""

    email: str = value(description="The e-mail address to log in with.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.RegistrationConfirmed)


@strawberry.input(description="Somebody who wants an account.")
class RegisterAccountInput:
    """No idempotency key: repeating costs a mail, and nothing else."""

    email: str = sent(description="Where the code goes, and what you log in with.")
    person_name: str = sent(
        description="Your own name, as the others in the account will see it.",
        length=characters(models.Person.name),
    )
    account_name: str = sent(
        description="The name of the account: of the business, or yours.",
        length=characters(models.Account.name),
    )
    password: str = sent(
        description=PASSWORD, length=characters(password.LONGEST, password.SHORTEST)
    )
    language: Language | None = sent(
        description="The language of mails and documents; that of the request when left out.",
        default=strawberry.UNSET,
    )
    document_ids: list[strawberry.ID] = sent(
        description="What you agree to: every document that documentsToConsent shows.",
    )


@strawberry.input(description="The code from the mail.")
class ConfirmRegistrationInput:
    """Proof of reading the mail."""

    id: strawberry.ID = sent(description="The id that registerAccount answered.")
    code: str = sent(description="The code; capitals, blanks and hyphens do not matter.")


CodeSentResult = Annotated[
    CodeSent | Refusal,
    strawberry.union("CodeSentResult", description="That a code is on its way, or why not."),
]
RegistrationConfirmedResult = Annotated[
    RegistrationConfirmed | Refusal,
    strawberry.union(
        "RegistrationConfirmedResult", description="That the account is there, or why not."
    ),
]
