"""Billing what is due, of all accounts or of some."""

from portal.actions.billing.asked_run import ask_for_run, run_for
from portal.actions.billing.preview import Shown
from portal.actions.billing.run import Run
from portal.errors import InvalidInput
from portal.models import BillingRun
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, starting
from resolvers.given import id_in, sent_or_none
from resolvers.mutations.billing.shown import shown_of_issue
from schema.types.billing.run import RunBillingInput


async def shown(change: Change, run: BillingRun) -> Shown:
    """Read back what was issued to the accounts that were named."""
    if run.finished_at is None:
        raise InvalidInput(
            "Name the accounts: what all of them get is known when it is done.",
            path=("input", "accountIds"),
        )
    return await shown_of_issue(change, run)


@starting(shows=shown)
async def run(change: Change, _row: None, given: RunBillingInput) -> BillingRun:
    wanted = Run(change.context.now, sent_or_none(given.until))
    ids = sent_or_none(given.account_ids)
    if ids is None:
        return await ask_for_run(change.session, wanted)
    return await run_for(change.session, wanted, [id_in("Account", id) for id in ids])


preview = preview_of(run, "runBilling")
