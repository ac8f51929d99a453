"""Declare, beside a type, by what lists of its rows can be filtered, searched and ordered.

From the declaration come the inputs that callers send, the conditions and the order of both lanes,
and the guard of each: that of the field it reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from permissions.enums import described
from permissions.fields import Access
from resolvers.given import pattern_to_find
from resolvers.listing import Condition, Criteria, Order, Search
from schema.criterion import Declared, Where
from schema.fields import argument, sent
from schema.shown import Shown, Undeclared


def search(description: str, where: Where, *, access: Access, reads: Sequence[str]) -> Search:
    """Search keys for a text; ``reads`` names each ``Type.field`` that is looked at."""

    def condition(given: str) -> Condition:
        return Condition(where, values=(pattern_to_find(given),))

    return Search(access, tuple(reads), description, condition)


def by(
    field: str, description: str, key: Callable[[Any], Any] | None = None
) -> Callable[[Shown], tuple[Order, str]]:
    """Order by a field: by its column, or by a key that is never null and tells nothing else."""

    def order(shown: Shown) -> tuple[Order, str]:
        access = shown.access(field)
        if key is None and getattr(shown.model, field).nullable:
            raise Undeclared(f"{shown.name}.{field} may be null, so rows need a key to follow.")
        column = key or (lambda row: getattr(row, field))
        return Order((column,), goes_by=field, access=access), description

    return order


def criteria(
    cls: type,
    plural: str,
    *declared: Declared,
    orders: Sequence[Callable[[Shown], tuple[Order, str]]],
    search: Search | None = None,
) -> Criteria:
    """Declare by what lists of a type's rows can be chosen; ``plural`` is what these are called."""
    shown = Shown(cls)
    given = tuple(criterion for each in declared for criterion in each(shown))
    made_orders = [order(shown) for order in orders]
    found = Criteria(
        shown.name,
        shown.model,
        given,
        search,
        {str(order.goes_by).upper(): order for order, _ in made_orders},
    )
    sentences = {str(order.goes_by).upper(): sentence for order, sentence in made_orders}
    arguments = _arguments(found, shown.module, plural, sentences)
    return replace(found, arguments=dict(arguments))


def _arguments(
    found: Criteria, module: str, plural: str, sentences: dict[str, str]
) -> Iterator[tuple[str, Any]]:
    if found.criteria:
        filter = _input(
            module,
            f"{found.type_name}Filter",
            f"Which {plural}; all that is given must hold.",
            {
                one.name: (
                    one.kind | None,
                    sent(one.access, default=strawberry.UNSET, description=one.description),
                )
                for one in found.criteria
            },
        )
        text = f"What the {plural} have in common; all of them when left out."
        yield "filter", Annotated[filter | None, argument(text)]
    if found.search:
        yield (
            "search",
            Annotated[str | None, argument(found.search.description, found.search.access)],
        )
    name = f"{found.type_name}OrderField"
    field: Any = StrEnum(name, {key: key for key in sentences})  # type: ignore[misc]
    order = _input(
        module,
        f"{found.type_name}Order",
        f"How a list of {plural} is ordered.",
        {
            "field": (
                described(field, f"What can decide the order of {plural}.", **sentences),
                sent(description="What decides the order; equals stand by their ids."),
            ),
            "descending": (
                bool,
                sent(default=False, description="Whether the largest comes first."),
            ),
        },
    )
    yield "order_by", Annotated[order | None, argument("In which order, instead of the usual one.")]


def _input(module: str, name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> Any:
    annotations = {key: kind for key, (kind, _) in fields.items()}
    values = {key: value for key, (_, value) in fields.items()}
    made = type(name, (), {"__module__": module, "__annotations__": annotations, **values})
    return strawberry.input(made, description=description)
