"""The schema: its query and mutation types, guarded."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.context import Info
from schema.mutation import Mutation
from schema.query import Query
from schema.registry import complete
from schema.scalars import SCALARS

schema = strawberry.Schema(
    Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS, info_class=Info)
)
complete(schema)
