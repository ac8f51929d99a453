"""Values of several columns, that more than one table holds: addresses and payment terms."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from portal.models.base import one_of
from portal.rules.contract.payment_terms import PaymentMethod
from portal.rules.form import country


def address(prefix: str, *, nullable: bool, kind: bool = False) -> list[Any]:
    """Give the columns of one address, in the order of the dataclass."""

    def text(name: str, length: int, *, optional: bool = nullable, **info: Any) -> Any:
        return mapped_column(f"{prefix}_{name}", sa.String(length), nullable=optional, info=info)

    return [
        text("name", 200),
        text("street", 200),
        text("postal_code", 20),
        text("city", 100),
        text("country", 2, form=country),
        *([mapped_column(f"{prefix}_kind", nullable=nullable)] if kind else []),
        text("attention", 200, optional=True),
        text("extra", 200, optional=True),
    ]


def payment_terms(prefix: str, *, nullable: bool) -> list[Any]:
    """Give the columns of one set of terms, in the order of the dataclass."""
    return [
        mapped_column(f"{prefix}_name", sa.String(100), nullable=nullable),
        mapped_column(f"{prefix}_due_days", nullable=nullable),
        mapped_column(f"{prefix}_method", nullable=nullable),
        mapped_column(f"{prefix}_discount_percent", sa.Numeric(5, 2), nullable=True),
        mapped_column(f"{prefix}_discount_days", nullable=True),
    ]


def terms_constraints(prefix: str) -> tuple[sa.CheckConstraint, ...]:
    """Keep the columns of one set of terms to what an invoice can state."""
    return (
        one_of(f"{prefix}_method", PaymentMethod),
        sa.CheckConstraint(f"{prefix}_due_days BETWEEN 0 AND 120", name=f"{prefix}_due_days"),
        sa.CheckConstraint(
            f"({prefix}_discount_percent IS NULL) = ({prefix}_discount_days IS NULL)"
            f" AND {prefix}_discount_percent > 0 AND {prefix}_discount_percent < 100"
            f" AND {prefix}_discount_days BETWEEN 0 AND {prefix}_due_days",
            name=f"{prefix}_discount",
        ),
    )
