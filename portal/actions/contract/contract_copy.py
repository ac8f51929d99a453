"""The customer's copy of what an order agreed: kept with it, set as PDF when it is needed."""

import asyncio
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.contract.contract_paper import contract_says
from portal.actions.printed_file import File, logo_of
from portal.models import ContractCopy, ModuleSubscription
from portal.printing.contract_sheet import contract_pdf
from portal.rules.billing.file_kind import DocumentFileKind
from portal.rules.billing.number import canonical


async def keep_copy(
    session: AsyncSession, subscription: ModuleSubscription, now: datetime
) -> UUID | None:
    """Keep what an order agreed; None where nobody has said who the operator is."""
    says = await contract_says(session, subscription.account_id, now, subscription.id)
    if says is None:
        return None
    (module,) = says["modules"]
    row = {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module": module["name"],
        "agreed_at": now,
        "payload": says,
        "sha256": sha256(canonical(says)).digest(),
    }
    # Past the session, which would take it for a change of the account's data.
    connection = await session.connection()
    await connection.execute(sa.insert(ContractCopy), [row])
    id: UUID = row["id"]
    return id


async def file_of_copy(session: AsyncSession, copy: ContractCopy) -> File:
    """Set what a copy says, and nothing else: the same bytes each time."""
    says = copy.payload
    logo = await logo_of(session, says["logoId"])
    content = await asyncio.to_thread(contract_pdf, says, logo, copy.sha256.hex())
    name = f"contract-{says['on']}-{copy.sha256.hex()[:8]}.pdf"
    return File(DocumentFileKind.PDF, name, content, sha256(content).digest())
