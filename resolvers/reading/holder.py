"""Whom a plan is made for: viewers who hold the same."""

from dataclasses import dataclass
from functools import lru_cache

from permissions.fields import Access
from portal.viewer import NOTHING, Grant, Role, Viewer
from resolvers.reading.fallback import NotCompiled


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """Whoever holds a role, one grant in every account of theirs, and one outside of accounts.

    Plans are looked up by it in every request, so it is told apart by identity: ``holder_of``.
    """

    role: Role
    in_account: Grant
    everywhere: Grant

    def may(self, access: Access, *, inside: bool) -> bool:
        """Say whether such a viewer may use something."""
        grant = self.in_account if inside else self.everywhere
        return access.is_open_to(self.role) and access.is_held(grant)


@lru_cache(maxsize=1000)
def holder_of(role: Role, in_account: Grant, everywhere: Grant) -> Holder:
    """Give the one holder of these."""
    return Holder(role, in_account, everywhere)


def holder_for(viewer: Viewer) -> Holder:
    """Give what a viewer holds in each of its accounts; NotCompiled where that differs."""
    holder: Holder | None = viewer.known.get("holder")
    if holder is None:
        grants = {viewer.everywhere} if viewer.is_staff else viewer.held
        if len(grants) > 1:
            raise NotCompiled("a viewer whose accounts differ in what it holds")
        holder = holder_of(viewer.role, next(iter(grants), NOTHING), viewer.everywhere)
        viewer.known["holder"] = holder
    return holder
