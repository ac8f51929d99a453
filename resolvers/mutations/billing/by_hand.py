"""Crediting invoices, and issuing them again."""

from typing import Any

from portal.actions.billing import by_hand as actions
from portal.errors import RuleBroken
from portal.models import Document
from portal.rules.billing.by_hand import Wanted
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, starting
from resolvers.given import id_in, reason_in, sent_or_none
from resolvers.mutations.billing.shown import shown_of_issue
from schema.types.billing.by_hand import CreditDocumentInput, ReissueDocumentInput


@starting(shows=shown_of_issue)
async def credit(change: Change, _row: None, given: CreditDocumentInput) -> Document:
    lines = sent_or_none(given.lines) or ()
    wanted = [Wanted(line.position, sent_or_none(line.net)) for line in lines]
    return await actions.credit(change.session, _wish(given), wanted, change.context.now)


preview_credit = preview_of(credit, "creditDocument")


@starting(shows=shown_of_issue)
async def reissue(change: Change, _row: None, given: ReissueDocumentInput) -> Document:
    due_on = sent_or_none(given.due_on)
    return await actions.reissue(change.session, _wish(given), due_on, change.context.now)


preview_reissue = preview_of(reissue, "reissueDocument")


def _wish(given: Any) -> actions.Wish:
    reason = reason_in(given)
    if reason is None:
        raise RuleBroken("Say why: it is printed.", path=("input", "reason"))
    expected = sent_or_none(given.expected_credited)
    return actions.Wish(id_in("Document", given.id), reason, expected)
