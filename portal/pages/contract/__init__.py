"""The pages of accounts and their contracts."""

from portal.pages.page import Place

PAGES = {
    "overview": Place("/"),
    "contract": Place("/accounts/{id}"),
    "billing": Place("/accounts/{id}/billing", back="/accounts/{id}"),
}
