"""Making what an operator's file wants and the portal has not, in one transaction."""

import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from portal.commands.operator_file.form import OperatorFile
from portal.commands.operator_file.offer import make_module
from portal.commands.operator_file.profile import make_document, make_operator, make_payment_terms
from portal.commands.operator_file.transaction import Fault, Making
from portal.database.connection import engine_at
from portal.models import Base
from portal.writing.audit import COMMAND_LINE, Occasion, record_for


async def make(
    owner: URL, wanted: OperatorFile, action: str, *, only_checks: bool
) -> tuple[list[str], list[Fault]]:
    """Make what is wanted and not there yet, or find every fault and make nothing.

    Gives a sentence for each thing that was made, and for each fault, with its path.
    """
    engine = engine_at(owner)
    session = AsyncSession(engine)
    making = Making(session)
    try:
        async with session, session.begin() as transaction:
            record_for(session.sync_session, Occasion(COMMAND_LINE, action, making.now))
            await _all_of(making, wanted)
            if making.faults or only_checks:
                await transaction.rollback()
    finally:
        await engine.dispose()
    return making.made, making.faults


async def is_there(owner: URL, model: type[Base]) -> bool:
    """Say whether there is a row of a kind."""
    engine = engine_at(owner)
    try:
        async with AsyncSession(engine) as session:
            return bool(await session.scalar(sa.select(sa.exists().select_from(model))))
    finally:
        await engine.dispose()


async def _all_of(making: Making, wanted: OperatorFile) -> None:
    """Make each part that is not there yet; one with a fault is none, and the next is tried."""
    if wanted.operator is not None:
        await make_operator(making, wanted.operator)
    if wanted.payment_terms is not None:
        await make_payment_terms(making, wanted.payment_terms)
    for number, document in enumerate(wanted.documents):
        await make_document(making, document, ("documents", number))
    for number, module in enumerate(wanted.modules):
        await make_module(making, module, ("modules", number))
