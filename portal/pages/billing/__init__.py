"""The pages of what is billed."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{id}"
_DOCUMENTS = f"{_ACCOUNT}/invoices"
_RUNS = "/billing"
_BOOKS = "/billing/books"

PAGES = {
    "documents": Place(_DOCUMENTS, back=_ACCOUNT),
    "document": Place(f"{_DOCUMENTS}/{{document}}", back=_DOCUMENTS),
    "runs": Place(_RUNS),
    "run": Place(f"{_RUNS}/run", back=_RUNS),
    "bill_account": Place("/accounts/{id}/bill", back=_RUNS),
    "books": Place(_BOOKS, back=_RUNS),
    "close_books": Place(f"{_BOOKS}/close", back=_BOOKS),
}
