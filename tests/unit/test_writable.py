"""What callers may send and their database role may not write stops the start."""

from dataclasses import replace
from types import MappingProxyType

import pytest
import sqlalchemy as sa
import strawberry

from permissions.guards import UndeclaredAccess
from portal.database.addresses import APP, STAFF
from portal.models import Contract
from portal.models.wall import may
from schema.mutation import Mutation
from schema.query import Query
from schema.registry import complete
from schema.root import Names
from schema.scalars import SCALARS

ALL_BUT_ONE = [one.key for one in sa.inspect(Contract).attrs if one.key not in {"id", "iban"}]


@pytest.mark.parametrize(
    ("role", "callers"), [(APP, "Customers"), (STAFF, "Staff")], ids=["customers", "staff"]
)
def test_a_field_that_may_be_sent_and_whose_column_may_not_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, role: str, callers: str
):
    rights = may("SELECT INSERT", update=ALL_BUT_ONE)
    wall = replace(Contract.wall, rights=MappingProxyType({**Contract.wall.rights, role: rights}))
    monkeypatch.setattr(Contract, "wall", wall)
    config = strawberry.schema.config.StrawberryConfig(scalar_map=SCALARS, name_converter=Names())
    with pytest.raises(UndeclaredAccess) as refusal:
        complete(strawberry.Schema(Query, Mutation, config=config))
    assert str(refusal.value) == (
        f"{callers} may send iban to updateContract, and {role} may not write contract.iban:"
        " the wall of Contract has to name it."
    )
