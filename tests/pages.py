"""Where each page stands in a world: its path, with the ids of that world's rows."""

import re
from collections.abc import Mapping, Sequence

from portal.pages.page import Page, load_pages
from schema.root import schema

PAGES = load_pages(schema._schema)  # noqa: SLF001 -- no public name
# Of what type an id is that follows such a word in a path.
_TYPES = {
    "accounts": "Account",
    "modules": "ModuleSubscription",
    "members": "Member",
}
_VARIABLE = re.compile(r"/([a-z_-]+)/\{([a-z_]+)\}")


def path_of(page: Page, ids: Mapping[str, Sequence[str]]) -> str:
    """Give the path of a page about rows, whose ids are given by their types."""

    def filled(found: re.Match[str]) -> str:
        return f"/{found[1]}/{ids[_TYPES[found[1]]][0]}"

    return _VARIABLE.sub(filled, page.place.path)
