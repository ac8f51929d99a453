"""Whether callers may write what they may send: their database role has rights of its own."""

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa

from permissions.explain import Editable
from portal.database.addresses import APP, STAFF
from portal.database.objects.table import grants
from portal.language.naming import camel
from portal.models import Base
from portal.viewer import Role

_SERVED_BY = (
    (APP, "Customers", (Role.CUSTOMER, Role.PARTNER)),
    (STAFF, "Staff", (Role.EMPLOYEE, Role.MANAGER)),
)


def unwritable(models: Mapping[str, type[Base]], edits: Iterable[Editable]) -> Iterator[str]:
    """Name each field that a caller may change, and the column that its database role may not."""
    for edited in edits:
        model = models[edited.type_name]
        attributes = {camel(attribute.key): attribute for attribute in sa.inspect(model).attrs}
        columns = getattr(attributes.get(edited.field), "columns", ())
        for role, callers, roles in _SERVED_BY:
            written = {one.column for one in grants(model) if one[:2] == (role, "UPDATE")}
            if None in written or not any(_is_open_to(edited, caller) for caller in roles):
                continue
            for column in columns:
                if column.name not in written:
                    yield (
                        f"{callers} may send {edited.field} to {edited.mutation}, and {role} may"
                        f" not write {column}: the wall of {model.__name__} has to name it."
                    )


def _is_open_to(edited: Editable, role: Role) -> bool:
    return all(access.is_open_to(role) for access in edited.guards)
