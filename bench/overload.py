"""What the portal does with three times as many requests as it can answer.

``make overload`` starts a server with demo data, finds out how many contract pages a second it
answers, then sends three times as many at fixed moments, whether or not earlier ones were
answered. A time runs from the moment a request was due, so that none is forgotten.
"""

import asyncio
import json
import os
import resource
import sys

import click
import uvloop

from bench.demo_server import serving_demo
from bench.flood import Flood, percentile
from portal import demo

_SECONDS = 10
_AT_ONCE = 8
_LOAD = 3
# Open before the load rises; more where none of them is idle.
_CONNECTIONS = 500
_MOST_SECONDS = 0.5
_FEW_PROCESSORS = 2
_PAGE = """
{ viewer { accounts(first: 1) { edges { node { name customerNumber owner { name email }
  contract { version contractPartner { name street city } paymentTerms { general { name dueDays }
    effective { name dueDays } } duration { startsOn basis } vatTreatment iban }
  modules { edges { node { module { name { value } } status currentTariff { name { value }
    priceList { sections { title { value } items { name { value } unitPrice } } } } } } }
  history { edges { node { number action actorRole values { field } } } } } } } } }
"""


def _request(port: int, path: str, content: object, token: str | None = None) -> bytes:
    body = json.dumps(content).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *([f"Authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _measure(port: int, load: float) -> bool:
    login = {"email": "owner@timmerwinkel.example", "password": demo.PASSWORD}
    token = json.loads(await _once(port, _request(port, "/login", login)))["token"]
    request = _request(port, "/graphql", {"query": _PAGE}, token)
    expected, found, _ = (await _once(port, request)).partition(b',"extensions":')
    if not found or b'"errors"' in expected:
        sys.exit(f"The page cannot be read: {expected!r}")
    flood = Flood(port, request, expected)
    await flood.closed(_AT_ONCE, 2)
    saturation = await flood.closed(_AT_ONCE, 5)
    await flood.warm(_CONNECTIONS)
    counts = await flood.open(load * saturation, _SECONDS)
    after = await flood.open(max(1, saturation / 4), 2)
    answered, refused = counts.answered, counts.refused
    print(  # noqa: T201
        f"{saturation:8.0f} answers a second is what it can ({_AT_ONCE} clients)",
        f"{load * saturation:8.0f} requests a second are sent for {_SECONDS} s,"
        f" p99 {percentile(counts.late, 99) * 1000:.0f} ms after they are due",
        f"{len(answered) / _SECONDS:8.0f} a second are answered, {counts.wrong} wrong",
        f"{percentile(answered, 50) * 1000:8.0f} ms median,"
        f" {percentile(answered, 99) * 1000:.0f} ms p99 of the answered",
        f"{len(refused) / _SECONDS:8.0f} a second get 503, {counts.bare} without Retry-After,"
        f" p99 {percentile(refused, 99) * 1000:.0f} ms",
        f"{counts.others.total():8} get anything else {dict(counts.others) or ''}",
        f"{counts.connections:8} connections are opened beside the {_CONNECTIONS} there are",
        f"{len(after.answered) / after.statuses.total():8.0%} answered afterwards, at a quarter",
        f"{os.getloadavg()[0]:8.1f} load average",
        sep="\n",
    )
    if not counts.kept_up:
        print("The requests were sent too late: these figures do not count.")  # noqa: T201
    return (
        percentile(answered, 99) < _MOST_SECONDS
        and counts.kept_up
        and not (counts.wrong or counts.bare or counts.others)
    )


async def _once(port: int, request: bytes) -> bytes:
    """Send one request on a connection of its own; gives the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length))
    writer.close()
    return body


def _apart() -> tuple[set[int], set[int]]:
    """Give the processors of the server and of the requests; the same where there are few."""
    every = os.sched_getaffinity(0)
    own = {max(every)} if len(every) > _FEW_PROCESSORS else every
    return every - own or every, own


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("workers", type=click.IntRange(1, 64), default=1)
def main(workers: int) -> None:
    """Send a server of WORKERS processes three times as many requests as it can answer.

    The exit status is 1 where the goal is missed.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    servers, requests = _apart()
    os.sched_setaffinity(0, servers)
    with serving_demo("--workers", str(workers)) as port:
        os.sched_setaffinity(0, requests)
        good = uvloop.run(_measure(port, _LOAD))
    print("good" if good else f"MISSED: p99 below {_MOST_SECONDS * 1000:.0f} ms, none wrong")  # noqa: T201
    sys.exit(not good)


if __name__ == "__main__":
    main()
