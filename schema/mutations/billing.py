"""What managers do with what is billed."""

import strawberry

from resolvers.mutations.billing import books, run
from schema.access import INVOICERS, MANAGERS
from schema.types.billing.books import BooksClosingResult
from schema.types.billing.preview import BillingPreviewResult
from schema.types.billing.run import BillingRunResult
from schema.verb import mutation


@strawberry.type
class BillingMutations:
    """The mutations of this area, which the root inherits."""

    close_books: BooksClosingResult = mutation(
        books.close,
        MANAGERS,
        description=(
            "Close the books up to a day that is over: what days cost until then changes no more."
            " They are never opened again."
        ),
    )
    run_billing: BillingRunResult = mutation(
        run.run,
        INVOICERS,
        description=(
            "Bill what is due up to a day: some accounts at once, or all of them in the background"
            " (ask `billingRuns` how far it is). What is billed already is billed no second time."
        ),
    )
    preview_billing: BillingPreviewResult = mutation(
        run.preview,
        INVOICERS,
        description="Try to bill some accounts, and say what would be issued.",
    )
