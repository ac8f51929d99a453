"""What customers may send and their database role may not write stops the start."""

from dataclasses import replace
from types import MappingProxyType

import pytest
import strawberry

from permissions.guards import UndeclaredAccess
from portal.database.addresses import APP
from portal.models import Contract
from portal.models.wall import may
from schema.mutation import Mutation
from schema.query import Query
from schema.registry import complete
from schema.root import Names
from schema.scalars import SCALARS


def test_a_field_for_customers_whose_column_they_may_not_write_is_named(
    monkeypatch: pytest.MonkeyPatch,
):
    rights = may("SELECT INSERT", update=["billing_address", "document_delivery"])
    wall = replace(Contract.wall, rights=MappingProxyType({**Contract.wall.rights, APP: rights}))
    monkeypatch.setattr(Contract, "wall", wall)
    config = strawberry.schema.config.StrawberryConfig(scalar_map=SCALARS, name_converter=Names())
    with pytest.raises(UndeclaredAccess) as refusal:
        complete(strawberry.Schema(Query, Mutation, config=config))
    assert str(refusal.value) == "\n".join(
        f"Customers may send {field} to updateContract, and portal_app may not write"
        f" contract.{column}: the wall of Contract has to name it in its writes."
        for field, column in (
            ("iban", "iban"),
            ("purchaseOrderNumber", "purchase_order_number"),
        )
    )
