"""PORTAL_DATABASE_URL, as libpq reads it: one host, or several of which one can be written to."""

from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from sqlalchemy import URL

DEFAULT_PORT = 5432
DRIVER = "postgresql+asyncpg"
WRITABLE = "read-write"
"""Which of several hosts is taken, unless the address says ``primary`` or ``any``."""
_SCHEMES = ("postgresql", "postgres")
_TARGETS = (WRITABLE, "primary", "any")
_KNOWN = {"host", "port", "sslmode", "target_session_attrs"}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def read_address(text: str) -> URL:
    """Read ``postgresql://one:5432,two:5432/portal?target_session_attrs=read-write``.

    Hosts may stand in ``host`` and ``port`` instead, as libpq has it, each once for each host or
    separated by commas; a host that begins with ``/`` is a socket's folder. Raises ValueError for
    anything else, a user or a password too.
    """
    url = urlsplit(text)
    given = parse_qs(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
    database = unquote(url.path[1:])
    if url.scheme not in _SCHEMES or "@" in url.netloc or url.fragment or not database:
        raise ValueError
    if set(given) - _KNOWN or "/" in database:
        raise ValueError
    places = list(_places(url, given))
    query: dict[str, str | tuple[str, ...]] = {}
    if "sslmode" in given:
        query["ssl"] = _one_of(given["sslmode"], _SSL_MODES)
    if "target_session_attrs" in given:
        query["target_session_attrs"] = _one_of(given["target_session_attrs"], _TARGETS)
    if len(places) > 1:
        query.setdefault("target_session_attrs", WRITABLE)
        query["host"] = tuple(f"{host}:{port or DEFAULT_PORT}" for host, port in places)
        return URL.create(DRIVER, database=database, query=query)
    ((host, port),) = places
    if host.startswith("/"):
        query["host"] = host
        query |= {"port": str(port)} if port else {}
        return URL.create(DRIVER, database=database, query=query)
    return URL.create(DRIVER, host=host or None, port=port, database=database, query=query)


def hosts_of(address: URL) -> list[tuple[str | None, int]]:
    """Give each host of an address with its port; None where the driver knows best."""
    listed = address.query.get("host", ())
    if isinstance(listed, str):
        return [(listed, int(str(address.query.get("port", DEFAULT_PORT))))]
    several = [one.rpartition(":") for one in listed]
    return [(host, int(port)) for host, _, port in several] or [
        (address.host, address.port or DEFAULT_PORT)
    ]


def _places(url: SplitResult, given: dict[str, list[str]]) -> Iterator[tuple[str, int | None]]:
    if url.netloc and ("host" in given or "port" in given):
        raise ValueError
    if url.netloc:
        for place in url.netloc.split(","):
            yield _place(place)
        return
    hosts = _listed(given.get("host", [""]))
    ports = _listed(given.get("port", []))
    if len(ports) > 1 and len(ports) != len(hosts):
        raise ValueError
    for number, place in enumerate(hosts):
        host, port = (place, None) if place.startswith("/") else _place(place)
        if ports:
            if port is not None:
                raise ValueError
            port = _port(ports[number if len(ports) > 1 else 0])
        yield host, port


def _place(text: str) -> tuple[str, int | None]:
    """Read ``host``, ``host:port`` or ``[::1]:port``."""
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError
        return host, _port(rest[1:]) if rest else None
    host, colon, port = text.partition(":")
    return unquote(host), _port(port) if colon else None


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 1 << 16:
        raise ValueError
    return port


def _listed(values: list[str]) -> list[str]:
    return [part for value in values for part in value.split(",")]


def _one_of(values: list[str], known: tuple[str, ...]) -> str:
    (value,) = values
    if value not in known:
        raise ValueError
    return value
