"""How documents reach people: why one is sent, and what became of it."""

from enum import StrEnum


class DeliveryCause(StrEnum):
    """Why a document is sent to somebody."""

    ISSUED = "ISSUED"
    RESENT = "RESENT"


class DeliveryState(StrEnum):
    """What became of it."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"
    WITHHELD = "WITHHELD"
