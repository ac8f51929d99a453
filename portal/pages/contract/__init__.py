"""The pages of accounts and their contracts."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{id}"
PAGES = {
    "overview": Place("/"),
    "contract": Place(_ACCOUNT),
    "billing": Place("/accounts/{id}/billing", back=_ACCOUNT),
    "partner": Place("/accounts/{id}/partner", back=_ACCOUNT),
    "terms": Place("/accounts/{id}/terms", back=_ACCOUNT),
    "start": Place("/accounts/{id}/start", back=_ACCOUNT),
    "vat": Place("/accounts/{id}/vat", back=_ACCOUNT),
    "number": Place("/accounts/{id}/data", back=_ACCOUNT),
    "test": Place("/accounts/{id}/test", back=_ACCOUNT),
    "consent": Place("/accounts/{id}/consent", back=_ACCOUNT),
    "changed": Place("/accounts/{id}/changed", back=_ACCOUNT),
    "document": Place("/accounts/{id}/documents/{document}", back=_ACCOUNT),
}
