"""The pages of the modules of an account."""

from portal.pages.page import Place

PAGES = {
    "data": Place("/accounts/{account}/modules/{id}/data", back="/accounts/{account}"),
    "notice": Place("/accounts/{account}/modules/{id}/notice", back="/accounts/{account}"),
}
