"""What managers do with what is billed."""

import strawberry

from resolvers.mutations.billing import books, by_hand, document, hold, manual_charge, run
from schema.access import INVOICERS, MANAGERS, RESENDERS
from schema.types.account import AccountResult
from schema.types.billing.books import BooksClosingResult
from schema.types.billing.by_hand import DocumentResult
from schema.types.billing.preview import BillingPreviewResult
from schema.types.billing.resending import ResendDocumentResult
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
    resend_document: ResendDocumentResult = mutation(
        document.resend,
        RESENDERS,
        description=(
            "Send a document again, as it was issued: to members, and to those who receive"
            " documents by the contract. One of a test account goes to members alone."
        ),
    )
    preview_billing: BillingPreviewResult = mutation(
        run.preview,
        INVOICERS,
        description="Try to bill some accounts, and say what would be issued.",
    )
    credit_document: DocumentResult = mutation(
        by_hand.credit,
        INVOICERS,
        description=(
            "Take back lines of an invoice, or all that is left of it, by a credit note. No later"
            " run bills that again; `reissueDocument` does."
        ),
    )
    preview_credit: BillingPreviewResult = mutation(
        by_hand.preview_credit,
        INVOICERS,
        description="Try to credit an invoice, and say what the credit note would be.",
    )
    reissue_document: DocumentResult = mutation(
        by_hand.reissue,
        INVOICERS,
        description=(
            "Credit what is left of an invoice, and issue that again with another number, and with"
            " the addresses, numbers and references of today. Of one that was credited whole by"
            " hand, that is issued again."
        ),
    )
    preview_reissue: BillingPreviewResult = mutation(
        by_hand.preview_reissue,
        INVOICERS,
        description="Try to issue an invoice again, and say what would be issued.",
    )
    issue_charge: DocumentResult = mutation(
        manual_charge.charge,
        MANAGERS,
        description=(
            "Issue an invoice of lines that are written: items at the prices that were agreed, or"
            " at others, or words with a price."
        ),
    )
    preview_charge: BillingPreviewResult = mutation(
        manual_charge.preview,
        MANAGERS,
        description="Try to issue an invoice of lines that are written, and say what it would be.",
    )
    hold_billing: AccountResult = mutation(
        hold.hold,
        MANAGERS,
        edits=("billingHeldUntil",),
        description=(
            "Let no run bill an account up to a day, or bill it again from now on. What falls due"
            " meanwhile is billed afterwards; `billingProblems` tells of the account until then."
        ),
    )
