"""The pages of what is billed."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{id}"
_DOCUMENTS = f"{_ACCOUNT}/invoices"
_RUNS = "/billing"
_ISSUED = "/billing/documents"
_CHARGE = "/billing/charge"
_BOOKS = "/billing/books"

PAGES = {
    "invoices": Place(_DOCUMENTS, back=_ACCOUNT),
    "invoice": Place(f"{_DOCUMENTS}/{{document}}", back=_DOCUMENTS),
    "resend": Place(f"{_DOCUMENTS}/{{document}}/resend", back=f"{_DOCUMENTS}/{{document}}"),
    "runs": Place(_RUNS),
    "run": Place(f"{_RUNS}/run", back=_RUNS),
    "bill_account": Place("/accounts/{id}/bill", back=_RUNS),
    "issued": Place(_ISSUED, back=_RUNS),
    "credit": Place(f"{_ISSUED}/{{id}}/credit", back=_ISSUED),
    "reissue": Place(f"{_ISSUED}/{{id}}/reissue", back=_ISSUED),
    "charge": Place(_CHARGE, back=_RUNS),
    "charge_account": Place("/accounts/{id}/charge", back=_CHARGE, then=_ISSUED),
    "hold": Place("/accounts/{id}/hold", back=_RUNS),
    "verify": Place("/verify", is_open=True),
    "books": Place(_BOOKS, back=_RUNS),
    "close_books": Place(f"{_BOOKS}/close", back=_BOOKS),
}
