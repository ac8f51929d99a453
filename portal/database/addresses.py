"""Where each database role connects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import URL

OWNER = "portal_owner"
APP = "portal_app"
STAFF = "portal_staff"
LOGIN = "portal_login"
WORKER = "portal_worker"
ROLES = (OWNER, APP, STAFF, LOGIN, WORKER)


@dataclass(frozen=True, slots=True)
class Addresses:
    """One address for each database role, all of the same database."""

    owner: URL
    app: URL
    staff: URL
    login: URL
    worker: URL

    @classmethod
    def at(cls, place: URL, passwords: Mapping[str, str]) -> Self:
        """Give the addresses of all roles at ``place``; ``passwords`` has one for each role."""
        owner, app, staff, login, worker = (
            place.set(drivername="postgresql+asyncpg", username=role, password=passwords[role])
            for role in ROLES
        )
        return cls(owner=owner, app=app, staff=staff, login=login, worker=worker)

    @property
    def each(self) -> tuple[URL, ...]:
        """Every address, in the order of ``ROLES``."""
        return self.owner, self.app, self.staff, self.login, self.worker
