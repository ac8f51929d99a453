"""How documents reach people, for the contract that says so and for what was sent."""

from permissions.enums import described
from portal.rules.contract.document_delivery import DocumentDeliveryMode

__all__ = ["DocumentDeliveryMode"]

described(
    DocumentDeliveryMode,
    "How a document reaches its recipients.",
    ATTACHMENT="Attached to an e-mail.",
    LINK="As a link from which it can be downloaded.",
)
