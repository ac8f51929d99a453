"""Contracts on paper: as they stand, and as orders made them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import strawberry

from portal import models
from resolvers.context import Context
from resolvers.points import REASON
from resolvers.queries.billing.document_file import copies_of, hexadecimal, summaries_of
from schema.access import PARTIES
from schema.criteria import by, criteria
from schema.fields import column, expression, function, of_model, own_id, value
from schema.types.node import Node


@strawberry.type(description="A contract on paper: parties, terms, prices, what was agreed to.")
class ContractPaper:
    """A PDF (PDF/A-3, tagged) in the language of the account."""

    url: str = value(
        description="Where it is, after the portal's own address: for whoever asked for it, as long"
        " as their login holds and they may read it."
    )
    expires_at: datetime = value(description="When the link is over: 15 minutes after the answer.")


async def summaries(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> list[ContractPaper | None]:
    """Answer for accounts."""
    links = await summaries_of(context, rows)
    return [ContractPaper(**asdict(link)) if link else None for link in links]


async def _copies(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[ContractPaper]:
    return [ContractPaper(**asdict(link)) for link in copies_of(context, rows)]


@of_model(models.ContractCopy, description="What was agreed by an order, as it was on that day.")
class ContractCopy(Node):
    """A copy stays as it was made, whatever becomes of the order; it went by mail, too."""

    id: strawberry.ID = own_id()
    module: str | None = column(
        PARTIES, description="The module that was ordered, as the copy calls it."
    )
    agreed_at: datetime | None = column(PARTIES, description="When it was ordered.")
    sha256: str | None = expression(
        PARTIES,
        hexadecimal,
        description="The SHA-256 of what it says, in hexadecimal digits, as it is printed on it.",
    )
    paper: ContractPaper | None = function(
        PARTIES, _copies, ("id",), weight=REASON, description="The copy as PDF."
    )


CONTRACT_COPIES = criteria(
    ContractCopy,
    "contractCopies",
    orders=(by("agreed_at", "When it was ordered, the earliest first."),),
)
