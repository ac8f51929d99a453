"""PostgreSQL in a folder of our own, for a start without any set-up."""

from portal.embedded.binaries import OLDEST, Binaries, NoBinaries, found
from portal.embedded.clients import clients_of
from portal.embedded.folder import EmbeddedFault
from portal.embedded.server import EmbeddedPostgres

__all__ = [
    "OLDEST",
    "Binaries",
    "EmbeddedFault",
    "EmbeddedPostgres",
    "NoBinaries",
    "clients_of",
    "found",
]
