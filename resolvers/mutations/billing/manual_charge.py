"""Invoices that managers write."""

from datetime import date

from portal.actions.billing import manual_charge as actions
from portal.clock import OPERATOR_ZONE
from portal.errors import RuleBroken
from portal.models import Document
from portal.rules.billing.manual_charge import ManualLine
from portal.rules.calendar import local_day
from portal.rules.contract.payment_terms import PaymentTerms
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, starting
from resolvers.given import id_in, reason_in, sent_or_none, values_of
from resolvers.mutations.billing.shown import shown_of_issue
from schema.types.billing.manual_charge import ChargeLineInput, IssueChargeInput


@starting(shows=shown_of_issue)
async def charge(change: Change, _row: None, given: IssueChargeInput) -> Document:
    reason = reason_in(given)
    if reason is None:
        raise RuleBroken("Say why: it is printed.", path=("input", "reason"))
    now = change.context.now
    today = local_day(now, OPERATOR_ZONE)
    terms = sent_or_none(given.terms)
    own = None if terms is None else PaymentTerms(**values_of(terms))
    lines = [_wanted(line, today) for line in given.lines]
    wanted = actions.Invoice(id_in("Account", given.account_id), lines, own, reason)
    return await actions.charge(change.session, wanted, now)


preview = preview_of(charge, "issueCharge")


def _wanted(given: ChargeLineInput, today: date) -> actions.Wanted:
    first = sent_or_none(given.first_day) or today
    line = ManualLine(
        given.quantity,
        first,
        sent_or_none(given.last_day) or first,
        sent_or_none(given.item_key),
        sent_or_none(given.text),
        sent_or_none(given.unit),
        sent_or_none(given.unit_code),
        sent_or_none(given.unit_price),
        sent_or_none(given.vat_category),
    )
    return actions.Wanted(
        line, id_in("ModuleSubscription", sent_or_none(given.module_subscription_id))
    )
