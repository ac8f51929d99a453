"""What managers do with what is billed."""

import strawberry

from resolvers.mutations.billing import books
from schema.access import MANAGERS
from schema.types.billing.books import BooksClosingResult
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
