"""In which order a list stands for a viewer: by what the viewer may read, else by id."""

from permissions.fields import Access
from portal.language.naming import camel
from portal.viewer import Viewer
from resolvers.sources import BY_ID, Entry, Listing, Order

# The guard of what a list can go by, where not everybody may read that who reads the list; filled
# by the schema. Both directions go by the same field.
GUARDS: dict[tuple[Entry, str | None], Access] = {}


def listing_of(entry: Entry, viewer: Viewer, asked: Order | None = None) -> Listing:
    """Give the rows that a root field leads to, in an order that tells the viewer nothing new.

    A place among others tells of each row, so it takes the right to read that of every one. Raises
    ``Forbidden`` where the viewer asked for an order without that right.
    """
    order = asked or entry.order
    guard = GUARDS.get((entry, order.goes_by))
    if guard is None or _reads_all(guard, viewer):
        return Listing(entry.target, order)
    if asked is not None:
        name = f"{entry.target.__name__}.{camel(order.goes_by)}"
        raise guard.refusal(viewer, name, path=("orderBy",))
    return Listing(entry.target, BY_ID)


def _reads_all(guard: Access, viewer: Viewer) -> bool:
    if viewer.is_staff:
        return guard.allows(viewer, None)
    return all(guard.allows(viewer, account_id) for account_id in viewer.grants)
