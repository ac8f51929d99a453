"""The schema: its query and mutation types, guarded."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from typing_extensions import override

from resolvers.context import Info
from schema.mutation import Mutation
from schema.query import Query
from schema.registry import complete
from schema.scalars import SCALARS

_found = cache(NameConverter().apply_naming_config)


class Names(NameConverter):
    """Strawberry's names, each found once: it asks for all of an input whenever one is sent."""

    @override
    def apply_naming_config(self, name: str) -> str:
        """Give the name that the schema has for one of Python's."""
        return _found(name)


schema = strawberry.Schema(
    Query,
    Mutation,
    config=StrawberryConfig(scalar_map=SCALARS, info_class=Info, name_converter=Names()),
)
complete(schema)
