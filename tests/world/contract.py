"""What the operator says of itself, and what a world's account agreed to."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from portal.clock import now
from portal.rules.file_kind import FileKind
from portal.viewer import Language
from tests import factories
from tests.world.account_world import AccountWorld

_worlds = count()


def fill(world: AccountWorld) -> None:
    """Add a consent, and documents that nobody agreed to yet."""
    document = factories.consent_document()
    world.add(document, factories.consent(world.account_id, document, world.owner))
    _add_operator(world)


def _add_operator(world: AccountWorld) -> None:
    """Add what the operator says of itself, and what it asks of the account."""
    # Of each kind one that comes, later than those of any other world: nobody agreed to it yet.
    coming = date(2100, 1, 1) + timedelta(days=next(_worlds))
    world.add(
        *(
            factories.consent_document(
                kind=kind,
                language=Language.NL,
                published_on=coming,
                asks_agreement=asks,
                added_at=datetime(2099, 1, 1, tzinfo=UTC),
            )
            for kind, asks in (("TERMS", True), ("DATA_PROTECTION", False))
        )
    )
    logo, text = factories.upload(FileKind.PNG), factories.upload()
    document = {"kind": "TERMS", "body": None, "file_id": text.id, "withdrawn_at": now()}
    world.add(logo, text, factories.consent_document(**document))
    world.add(factories.operator_profile(logo_id=logo.id), factories.general_payment_terms())
    world.add(factories.operator_profile(withdrawn_at=now()))
    world.add(factories.general_payment_terms(withdrawn_at=now()))
