"""What people change about themselves, and what they are answered."""

from typing import Annotated, Any

import strawberry

from portal import models
from portal.actions.people import profile
from portal.actions.people import session as actions
from portal.rules.people import password
from portal.viewer import Language
from resolvers.changing.idempotency import LONGEST_KEY
from schema.fields import sent, value
from schema.length import characters
from schema.types.edit import KEY
from schema.types.people.registration import PASSWORD
from schema.types.refusal import Refusal


@strawberry.type(description="What a person tells about itself.")
class Profile:
    """A ``profile.Profile``."""

    name: str = value(description="The name that others see.")
    language: Language = value(description="The language of messages and mails.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, profile.Profile)


@strawberry.type(description="Sessions and keys that are good no more.")
class SessionsEnded:
    """An ``actions.SessionsEnded``."""

    count: int = value(description="How many were ended.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.SessionsEnded)


@strawberry.input(description="Fields left out stay as they are.")
class UpdateProfileInput:
    """The viewer's own name and language."""

    name: strawberry.Maybe[str | None] = sent(
        description="The name that others see.", length=characters(models.Person.name)
    )
    language: strawberry.Maybe[Language | None] = sent(
        description="The language of messages and mails."
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="A new password, for somebody who knows the present one.")
class ChangePasswordInput:
    """Both passwords."""

    present_password: str = sent(description="The password until now.")
    new_password: str = sent(
        description=PASSWORD, length=characters(password.LONGEST, password.SHORTEST)
    )


@strawberry.input(description="The proof that it is you.")
class DeleteProfileInput:
    """The password that goes too."""

    password: str = sent(description="The password by which you log in now.")


@strawberry.input(description="Whose password is lost.")
class RequestPasswordResetInput:
    """An address that somebody may have."""

    email: str = sent(description="The e-mail address that you log in with.")


@strawberry.input(description="The code from the mail, and a new password.")
class ResetPasswordInput:
    """Proof of reading the mail."""

    id: strawberry.ID = sent(description="The id that requestPasswordReset answered.")
    code: str = sent(description="The code; capitals, blanks and hyphens do not matter.")
    new_password: str = sent(
        description=PASSWORD, length=characters(password.LONGEST, password.SHORTEST)
    )


@strawberry.input(description="Nothing needs to be said.")
class LogoutEverywhereInput:
    """Every session and key of the viewer."""

    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which session or key to end.")
class RevokeSessionInput:
    """One of the viewer's own."""

    id: strawberry.ID = sent(description="The id, as viewer.sessions shows it.")
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


ProfileResult = Annotated[
    Profile | Refusal,
    strawberry.union("ProfileResult", description="The profile as it is now, or why not."),
]
SessionsEndedResult = Annotated[
    SessionsEnded | Refusal,
    strawberry.union("SessionsEndedResult", description="How many sessions ended, or why not."),
]
