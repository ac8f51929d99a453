"""Which documents a change causes: shown by its preview, and promised by the token of that."""

from dataclasses import replace
from uuid import UUID

from portal.actions.billing.next_run import of_next_run
from portal.actions.modules.preview import Shown
from portal.clock import OPERATOR_ZONE
from portal.rules.calendar import local_day
from portal.viewer import Scope
from resolvers.changing.run import Change
from schema.types.billing.forecast import draft_document


async def with_documents(change: Change, account_id: UUID, shown: Shown) -> Shown:
    """Add what the next run would issue; nothing to whom may not see what was billed."""
    context = change.context
    if Scope.FINANCIALS not in context.viewer.grant_in(account_id).scopes:
        return shown
    day = local_day(context.now, OPERATOR_ZONE)
    found = await of_next_run(change.session, account_id, context.now)
    documents = tuple(draft_document(billable, draft, day) for billable, draft in found)
    return replace(shown, documents=documents)
