"""The billing run: what is due is billed, account by account, in batches that commit whole."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.billing.billable import Billable, billables
from portal.actions.billing.issue import Issue
from portal.actions.books import check_open
from portal.actions.modules.module_terms import read_module_terms
from portal.clock import OPERATOR_ZONE
from portal.errors import RuleBroken
from portal.models import (
    Account,
    BilledSpan,
    BillingProblem,
    BillingRunAccount,
    BillingStart,
    ModuleSubscription,
)
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.problem import NotBillable, ProblemCode
from portal.rules.calendar import local_day

BATCH = 100
"""How many accounts one transaction bills."""

_UNTIL = ("input", "until")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """A run at an instant; ``until`` is its day where one is named, else each account's own."""

    now: datetime
    until: date | None = None

    @property
    def today(self) -> date:
        """The operator's day, on which documents are issued."""
        return local_day(self.now, OPERATOR_ZONE)

    @property
    def day(self) -> date:
        """The day under which it is remembered which accounts are done."""
        return self.until or self.today

    def until_of(self, account: Account) -> date:
        """Give the day up to which an account is billed."""
        return self.until or local_day(self.now, account.time_zone)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run, or a part of it, has done."""

    accounts: int = 0
    invoices: int = 0
    credit_notes: int = 0
    unbilled: int = 0

    def plus(self, other: "Report") -> "Report":
        """Add up."""
        return Report(
            self.accounts + other.accounts,
            self.invoices + other.invoices,
            self.credit_notes + other.credit_notes,
            self.unbilled + other.unbilled,
        )


@dataclass
class _Batch:
    """What becomes of some accounts."""

    run: Run
    issue: Issue
    done: dict[UUID, int] = field(default_factory=dict)
    problems: dict[UUID, NotBillable] = field(default_factory=dict)

    def add(self, billable: Billable) -> None:
        """Work out what an account is billed."""
        id = billable.account.id
        held_until = billable.account.billing_held_until
        if held_until is not None and held_until >= self.run.today:
            self.problems[id] = NotBillable(ProblemCode.ON_HOLD, until=held_until)
            return
        settlement = billable.settlement(self.run.until_of(billable.account))
        try:
            drafts = billable.drafts(settlement, self.run.today)
        except NotBillable as problem:
            self.problems[id] = problem
            return
        self.issue.drafts += [(billable, draft) for draft in drafts]
        self.issue.kept += [(billable, change) for change in settlement.kept]
        self.done[id] = billable.account.history_length

    @property
    def report(self) -> Report:
        kinds = [draft.kind for _, draft in self.issue.drafts]
        return Report(
            len(self.done) + len(self.problems),
            kinds.count(DocumentKind.INVOICE),
            kinds.count(DocumentKind.CREDIT_NOTE),
            len(self.problems),
        )


async def check_run(session: AsyncSession, until: date | None, now: datetime) -> None:
    """Refuse a run that nobody may ask for; one up to today comes by itself."""
    check_until(until, now)
    if until is not None:
        await check_open(session, until, _UNTIL)
    if await session.scalar(sa.select(BillingStart.first_day)) is None:
        raise RuleBroken("Nobody has said yet from which day on is billed: the operator does.")


def check_until(until: date | None, now: datetime) -> None:
    """Refuse a day that is yet to come: nobody knows what will have changed by then."""
    if until is not None and until > (today := local_day(now, OPERATOR_ZONE)):
        raise RuleBroken(
            "{day} is yet to come: bill up to {today} at the latest.",
            path=_UNTIL,
            day=until,
            today=today,
        )


async def lock_accounts(
    session: AsyncSession, run: Run, after: UUID, *, waiting: bool, size: int = BATCH
) -> Sequence[UUID]:
    """Lock the next accounts that a run has not done; without ``waiting`` those at hand."""
    # A run that begins again looks once more at those whom it could not bill.
    tried = sa.exists().where(
        BillingProblem.account_id == Account.id, BillingProblem.noted_at >= run.now
    )
    has_modules = sa.exists().where(ModuleSubscription.account_id == Account.id)
    is_billed = sa.exists().where(BilledSpan.account_id == Account.id)
    locked = await session.scalars(
        sa.select(Account.id)
        .where(
            Account.id > after,
            Account.deleted_at.is_(None),
            has_modules | is_billed,
            ~_is_done(run),
            ~tried,
        )
        .order_by(Account.id)
        .limit(size)
        .with_for_update(skip_locked=not waiting)
    )
    return locked.all()


def _is_done(run: Run) -> sa.ColumnElement[bool]:
    """Say that an account at hand is done, and has not changed since."""
    return sa.exists().where(
        BillingRunAccount.run_day == run.day,
        BillingRunAccount.account_id == Account.id,
        BillingRunAccount.history_length == Account.history_length,
    )


async def bill(session: AsyncSession, run: Run, account_ids: Collection[UUID]) -> Report:
    """Bill accounts that this transaction has locked.

    What is billed is read after the lock is there, by statements of their own: one that locks reads
    what was there when it began.
    """
    left = await session.scalars(
        sa.select(Account.id).where(Account.id.in_(account_ids), ~_is_done(run))
    )
    batch = _Batch(run, Issue(run.today))
    for billable in await billables(session, left.all(), run.today):
        batch.add(billable)
    await _read_terms(session, batch)
    connection = await session.connection()
    if batch.done:
        rows = [
            {"run_day": run.day, "account_id": id, "history_length": length}
            for id, length in batch.done.items()
        ]
        row = insert(BillingRunAccount)
        await connection.execute(
            row.on_conflict_do_update(
                index_elements=["run_day", "account_id"],
                set_={"history_length": row.excluded.history_length},
            ),
            rows,
        )
        await connection.execute(
            sa.delete(BillingProblem).where(BillingProblem.account_id.in_(list(batch.done)))
        )
    for id, problem in batch.problems.items():
        await note_problem(session, run, id, problem)
    await batch.issue.write(connection)
    return batch.report


async def _read_terms(session: AsyncSession, batch: _Batch) -> None:
    """Read what invoices say of the modules that they bill."""
    ids = {
        line.charge.source_id
        for _, draft in batch.issue.drafts
        for line in draft.lines
        if line.charge
    }
    terms = await read_module_terms(session, ids, batch.run.now) if ids else {}
    for billable, _ in batch.issue.drafts:
        billable.module_terms.update({id: terms[id] for id in billable.modules if id in terms})


async def note_problem(
    session: AsyncSession, run: Run, account_id: UUID, problem: NotBillable
) -> None:
    """Remember why an account could not be billed."""
    values = {
        "run_day": run.day,
        "code": problem.code,
        "detail": {name: str(value) for name, value in problem.values.items()},
        "noted_at": run.now,
    }
    row = insert(BillingProblem).values(id=uuid7(), account_id=account_id, **values)
    connection = await session.connection()
    await connection.execute(row.on_conflict_do_update(index_elements=["account_id"], set_=values))


def refused(account_id: UUID, error: DataError | IntegrityError) -> NotBillable:
    """Give the problem of an account whose documents the database refused."""
    reference = uuid4().hex
    _log.error("Account %s could not be billed [%s]: %s", account_id, reference, error.orig)
    return NotBillable(ProblemCode.REFUSED, reference=reference)
