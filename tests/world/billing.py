"""What the account of a world was billed, an invoice and a credit note, and a hold that is over."""

from portal.rules.billing.number import DocumentKind
from tests import factories
from tests.factories.base import OPENED
from tests.world.account_world import AccountWorld


def fill(world: AccountWorld) -> None:
    """Add them, with what their lines carry."""
    world.account.billing_held_until = OPENED
    invoice, rows = factories.document(world.account_id)
    _, more = factories.document(
        world.account_id, kind=DocumentKind.CREDIT_NOTE, corrects_id=invoice.id
    )
    world.add(
        *rows,
        *more,
        factories.billed_span(invoice),
        factories.document_file(invoice),
        factories.delivery(invoice),
        factories.contract_copy(world.account_id),
    )
    world.add(factories.billing_problem(world.account_id), factories.books_closing())
    world.add(factories.billing_run())
