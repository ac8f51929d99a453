"""The pages of people: who they are, and how they come in."""

from portal.pages.page import Place

PAGES = {
    "login": Place("/login", is_open=True),
}
