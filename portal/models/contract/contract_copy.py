"""What was agreed by an order, as it was on that day."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, of_account


class ContractCopy(OfAccount, Base):
    """What the customer's copy of an order says: ``payload`` is all that it prints.

    Written in the transaction that orders. It stays, whatever becomes of the order, so no key
    leads to that; ``sha256`` is of the payload in its canonical form.
    """

    __tablename__ = "contract_copy"
    wall = of_account(adds=True, staff=may("SELECT, INSERT"))
    # The history tells of the order.
    history: ClassVar[History] = History.NONE
    erasure = (kept("module", "agreed_at", "payload", "sha256"),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
            sa.Index("ix_contract_copy_list", "account_id", "agreed_at", "id"),
        )

    # As it was called, in the language of the account.
    module: Mapped[str] = mapped_column(sa.String(200))
    agreed_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary())
