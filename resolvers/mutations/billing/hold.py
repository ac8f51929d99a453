"""Holding the billing of an account."""

from portal.actions.billing import hold as actions
from portal.models import Account
from resolvers.changing.run import Change, changing
from resolvers.given import reason_in, sent_or_none
from schema.types.billing.hold import HoldBillingInput


@changing(Account)
def hold(change: Change, account: Account, given: HoldBillingInput) -> None:
    actions.hold(account, sent_or_none(given.until), reason_in(given), change.context.now)
