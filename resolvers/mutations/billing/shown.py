"""What a change of this area has issued."""

from portal.actions.billing.preview import Shown, issued_here
from portal.models import Base
from resolvers.changing.run import Change
from schema.types.billing.forecast import issued_document


async def shown_of_issue(change: Change, _row: Base) -> Shown:
    """Read back the documents of this transaction."""
    found = await issued_here(change.session)
    return Shown(tuple(issued_document(*one) for one in found))
