"""The pages of the modules of an account."""

from portal.pages.page import Place

PAGES = {
    "notice": Place("/accounts/{account}/modules/{id}/notice", back="/accounts/{account}"),
}
