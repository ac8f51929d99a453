"""What the viewer may change on a page."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from permissions import explain
from permissions.enums import described
from permissions.fields import EVERYONE, Access
from portal.language.messages import translate
from portal.rules.people.request import RequestKind
from resolvers.context import Context
from resolvers.points import PERMISSION
from schema.access import PARTIES
from schema.fields import answered_by, function, value
from schema.types.refusal import Requirements

described(
    RequestKind,
    "What a customer may only ask for.",
    PAYMENT_TERMS="Terms that deviate from the general ones, or none any more.",
    VAT_TREATMENT="How VAT applies, with the VAT number.",
    CONTRACT_PARTNER="Another party in the contract.",
    DEVIATING_DATE="A last day of a module, or a first day of another tariff, that deviates.",
)

# Reads the states of rows, by their ids.
States = Callable[[Context, Sequence[UUID]], Awaitable[Mapping[UUID, Any]]]

# Of an account or a contract, which have the most of them.
_USUAL = 10


def _reason(root: strawberry.Parent[explain.FieldPermission]) -> str | None:
    if root.allowed:
        return None
    return translate(explain.reason(root), root.viewer.language, **explain.needed(root))


@strawberry.type(description="How to ask for a change that the viewer may not make.")
class HowToRequest:
    """A ``permissions.explain.HowToRequest``, as callers see it."""

    mutation: str = value(description="The mutation that makes the request.")
    kind: RequestKind = value(description="The kind of request that it makes.")


@strawberry.type(description="Whether the viewer may change a field here, and what that requires.")
class FieldPermission:
    """A ``permissions.explain.FieldPermission``, as callers see it."""

    field: str = value(description="The field that can be changed.")
    mutation: str = value(description="The mutation that changes it.")
    input_path: list[str] | None = value(
        description=(
            "Which argument of the mutation holds it, from the outside in, as in Problem.path;"
            " null where the mutation as a whole changes it."
        )
    )
    allowed: bool = value(description="Whether the viewer may, in the state that it is in.")
    reason: str | None = answered_by(
        EVERYONE, _reason, description="Why not, in the viewer's language; null when allowed."
    )
    requires: Requirements = value(description="What changing the field requires.")
    how_to_request: HowToRequest | None = value(
        description="How to ask for it; null when you may change it, and when you may not ask."
    )


def viewer_can(type_name: str, states: States | None = None, access: Access = PARTIES) -> Any:
    """Declare what the viewer may change of a type, whose rows are in ``states``."""

    async def answer(context: Context, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        found = await states(context, [id for _, id in rows]) if states else {}
        return [
            list(explain.permissions_of(context.viewer, type_name, account_id, found.get(id)))
            for account_id, id in rows
        ]

    return function(
        access,
        answer,
        ("account_id", "id"),
        weight=PERMISSION,
        usual=_USUAL,
        description=(
            "Each field that can be changed, and what can be withdrawn: whether you may now, and"
            " what it requires."
        ),
    )
