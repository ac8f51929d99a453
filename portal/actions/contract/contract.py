"""What may happen to a contract."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.operator import operator_country
from portal.errors import check_all, faults_below
from portal.models import Account, Contract, ModuleSubscription
from portal.rules.calendar import local_day
from portal.rules.contract.duration import check_contract_start
from portal.rules.contract.payment_terms import PaymentTerms, check_payment_terms
from portal.rules.contract.vat import VatTreatment, check_vat_treatment
from portal.writing.changes import apply_changes


def update(contract: Contract, changes: Mapping[str, Any]) -> None:
    """Set what the parties may set themselves."""
    apply_changes(contract, changes)


async def change_contract_partner(
    session: AsyncSession, contract: Contract, partner: Mapping[str, Any], now: datetime
) -> None:
    """Put another party in the contract; documents that were issued keep theirs."""
    apply_changes(contract, {"contract_partner": partner})
    check_vat_treatment(
        contract.vat_treatment,
        contract.vat_number,
        contract.contract_partner,
        await _operator_country(session, contract.vat_treatment, now),
        (("input", "contractPartner", "kind"), ("input", "contractPartner", "country")),
    )


def change_payment_terms(contract: Contract, terms: Mapping[str, Any] | None) -> None:
    """Let terms deviate from the general ones; None lets the general ones apply again."""

    def check() -> None:
        if terms is not None:
            with faults_below("input", "deviatingPaymentTerms"):
                check_payment_terms(PaymentTerms(**terms))

    check_all(lambda: apply_changes(contract, {"deviating_payment_terms": terms}), check)


async def set_contract_start(
    session: AsyncSession, contract: Contract, starts_on: date | None, now: datetime
) -> None:
    """Set the day from which the contract runs; None derives it from the modules again.

    Whoever calls holds the account's lock.
    """
    if starts_on is not None:
        check_contract_start(starts_on, await _oldest(session, contract, now))
    contract.starts_on_override = starts_on


async def change_vat_treatment(
    session: AsyncSession,
    contract: Contract,
    treatment: VatTreatment,
    changes: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change how VAT applies, and the VAT number where one was sent."""
    apply_changes(contract, changes)
    country = await _operator_country(session, treatment, now)
    check_vat_treatment(treatment, contract.vat_number, contract.contract_partner, country)
    contract.vat_treatment = treatment


async def _operator_country(
    session: AsyncSession, treatment: VatTreatment, now: datetime
) -> str | None:
    """Give the operator's country, where a treatment depends on it."""
    if treatment is not VatTreatment.REVERSE_CHARGE:
        return None
    return await operator_country(session, now)


async def _oldest(session: AsyncSession, contract: Contract, now: datetime) -> date | None:
    """Give the first day of the oldest module that runs or is to come."""
    account = await session.get_one(Account, contract.account_id)
    today = local_day(now, account.time_zone)
    return await session.scalar(
        sa.select(sa.func.min(ModuleSubscription.starts_on)).where(
            ModuleSubscription.account_id == contract.account_id,
            sa.or_(ModuleSubscription.ends_on.is_(None), ModuleSubscription.ends_on >= today),
        )
    )
