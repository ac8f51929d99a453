"""What would be issued, as staff see it before they decide."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from portal.actions.billing import preview as actions
from schema.fields import value
from schema.types.billing.forecast import DraftDocument
from schema.types.refusal import Refusal


@strawberry.type(
    description="What would be issued: it was tried, and nothing of it was kept, no number either."
)
class BillingPreview:
    """An ``actions.Preview``."""

    token: str = value(
        description=(
            "Send it as `previewToken` with the same arguments, and you get what is shown here."
            " Good for you, once, and on this day alone."
        )
    )
    valid_until: datetime = value(description="Until when the token is good.")
    documents: list[DraftDocument] = value(description="What would be issued.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.Preview)


BillingPreviewResult = Annotated[
    BillingPreview | Refusal,
    strawberry.union("BillingPreviewResult", description="What would be issued, or why not."),
]
