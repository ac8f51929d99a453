"""What the declarations promise to each kind of viewer, said a second time."""

from functools import cache

from permissions.fields import Access
from permissions.guards import access_of
from tests.permission_matrix.coordinate import CORE, answers, everything_sent, may, ways
from tests.world import Kind

ALLOWED, REFUSED, UNREACHED = "yes", "no", "-"


@cache
def expected(kind: Kind) -> dict[str, str]:
    """Say what the declarations promise to a kind of viewer, for each coordinate."""
    found: dict[str, str] = {}
    for type_name, way in ways().items():
        for name, field in CORE.type_map[type_name].fields.items():
            own = ALLOWED if may(kind, access_of(field)) else REFUSED
            found[f"{type_name}.{name}"] = own if way.is_open(kind) else UNREACHED
        for sent in everything_sent(type_name):
            reached = found[f"{type_name}.{sent.field}"] == ALLOWED
            if reached:
                found[sent.coordinate] = _sent(kind, sent.guards)
            else:
                # The same filter is sent to several lists; one that answers says more.
                found.setdefault(sent.coordinate, UNREACHED)
    for name, field in CORE.type_map["Mutation"].fields.items():
        found[f"Mutation.{name}"] = ALLOWED if may(kind, access_of(field)) else REFUSED
    for sent in everything_sent("Mutation"):
        if found[f"Mutation.{sent.field}"] == ALLOWED:
            found[sent.coordinate] = _sent(kind, sent.guards)
        else:
            found.setdefault(sent.coordinate, UNREACHED)
    for type_name, mutations in answers().items():
        reached = any(found[f"Mutation.{name}"] == ALLOWED for name in mutations)
        for name, field in CORE.type_map[type_name].fields.items():
            own = ALLOWED if may(kind, access_of(field)) else REFUSED
            found[f"{type_name}.{name}"] = own if reached else UNREACHED
    return found


def _sent(kind: Kind, guards: tuple[Access, ...]) -> str:
    *above, own = (may(kind, access) for access in guards)
    if not all(above):
        return UNREACHED
    return ALLOWED if own else REFUSED
