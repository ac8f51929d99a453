"""The pages of what is billed."""

from portal.pages.page import Place

_BOOKS = "/billing/books"

PAGES = {
    "books": Place(_BOOKS),
    "close_books": Place(f"{_BOOKS}/close", back=_BOOKS),
}
