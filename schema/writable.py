"""Whether customers may write what they may send: their database role has rights of its own."""

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa

from permissions.explain import Editable
from portal.database.addresses import APP
from portal.database.objects.table import grants
from portal.language.naming import camel
from portal.models import Base
from portal.viewer import Role

_SERVED_BY_APP = (Role.CUSTOMER, Role.PARTNER)


def unwritable(models: Mapping[str, type[Base]], edits: Iterable[Editable]) -> Iterator[str]:
    """Name each field that customers may change, and the column that their role may not."""
    for edited in filter(_is_open_to_customers, edits):
        model = models[edited.type_name]
        written = {one.column for one in grants(model) if (one.role, one.verb) == (APP, "UPDATE")}
        attributes = {camel(attribute.key): attribute for attribute in sa.inspect(model).attrs}
        for column in getattr(attributes.get(edited.field), "columns", ()):
            if not written & {None, column.name}:
                yield (
                    f"Customers may send {edited.field} to {edited.mutation}, and {APP} may not"
                    f" write {column}: the wall of {model.__name__} has to name it in its writes."
                )


def _is_open_to_customers(edited: Editable) -> bool:
    return any(all(access.is_open_to(role) for access in edited.guards) for role in _SERVED_BY_APP)
