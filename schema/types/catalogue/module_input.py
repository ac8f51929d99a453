"""What managers send to make, change and retire modules."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from portal import models
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.fields import sent
from schema.length import characters
from schema.types.catalogue.module import Module
from schema.types.edit import KEY, EditInput
from schema.types.refusal import Refusal
from schema.types.text import TextInput

_REASON = "Why; managers read it in the operator's history."
_DATA_SCHEMA = (
    "The JSON Schema of its data: draft 2020-12, 64 kB at most, patterns of ECMA-262, references"
    " into itself alone, `x-text` in nl, de and en."
)
_POSITION = "Its place in the catalogue, the first of which is 1; those behind it move."
_IS_SINGLE_BOOKING = "Whether an account can have it once at a time."


@strawberry.input(description="A new module; it can be ordered once it has a tariff.")
class CreateModuleInput:
    """A service."""

    key: str = sent(
        description="A short name for programs, which stays: letters, digits, - _ . (60).",
        length=characters(models.Module.key),
    )
    name: TextInput = sent(description="What it is called.", length=characters(models.Module.name))
    description: TextInput = sent(
        description="What it does.", length=characters(models.Module.description)
    )
    is_single_booking: bool = sent(default=True, description=_IS_SINGLE_BOOKING)
    data_schema: JSON | None = sent(
        description=f"{_DATA_SCHEMA} Without it there is no data.", default=strawberry.UNSET
    )
    position: int | None = sent(
        description=f"{_POSITION} Last when left out.", default=strawberry.UNSET
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Fields left out stay as they are.")
class UpdateModuleInput(EditInput):
    """What it is called, what it asks, and where it stands."""

    name: strawberry.Maybe[TextInput | None] = sent(
        description="What it is called; sent whole.", length=characters(models.Module.name)
    )
    description: strawberry.Maybe[TextInput | None] = sent(
        description="What it does; sent whole.", length=characters(models.Module.description)
    )
    is_single_booking: strawberry.Maybe[bool | None] = sent(description=_IS_SINGLE_BOOKING)
    data_schema: strawberry.Maybe[JSON | None] = sent(
        description=f"{_DATA_SCHEMA} Data that nobody edits stays as it is."
    )
    position: int | None = sent(description=_POSITION, default=strawberry.UNSET)
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="From when on a module takes no more orders.")
class RetireModuleInput(EditInput):
    """What runs goes on, and can change its tariff."""

    retired_from: strawberry.Maybe[date | None] = sent(
        description="The first day without new orders, today or later; null takes them again."
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


ModuleResult = Annotated[
    Module | Refusal, strawberry.union("ModuleResult", description="The module, or why not.")
]
