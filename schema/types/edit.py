"""What the inputs of all mutations share."""

import strawberry

from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.access import STAFF
from schema.fields import sent
from schema.length import characters

KEY = (
    "A key of your choice: the same mutation with the same key and"
    " arguments is carried out once in 48 hours."
)
SHOWN_BEFORE = (
    "The token of the preview with the same arguments. You get what that showed; otherwise"
    " PREVIEW_STALE names the difference, and nothing is written."
)


@strawberry.input(description="Which row a mutation is about.")
class EditInput:
    """The row, the version the caller saw, and a key that makes repeating safe."""

    id: strawberry.ID = sent(description="The row to change.")
    expected_version: int | None = sent(
        description=(
            "The version you read. When the row has changed since, you get CONFLICT with the"
            " fields that differ, and nothing is written."
        ),
        default=strawberry.UNSET,
    )
    idempotency_key: str | None = sent(
        description=(
            "A key of your choice. The same mutation with the same key"
            " and arguments is carried out once in 48 hours; with other arguments it answers"
            " KEY_REUSED."
        ),
        default=strawberry.UNSET,
        length=characters(LONGEST_KEY),
    )


@strawberry.input(description="Which row a mutation is about, with a note for staff.")
class NotedEditInput(EditInput):
    """A change with a note that customers and partners do not see."""

    internal_note: str | None = sent(
        STAFF,
        description=("What staff alone read of it in the history of the account."),
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )


@strawberry.input(description="Which row a mutation is about, and why.")
class ReasonedEditInput(NotedEditInput):
    """A change whose reason is kept in the history."""

    reason: str | None = sent(
        description=("Why; both sides read it in the history of the account."),
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
