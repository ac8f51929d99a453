"""More than one process can do: told so soon, and what was begun is finished."""

import asyncio
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy import create_engine

from portal.errors import Unavailable
from portal.settings.settings import Settings
from portal.web.door.admission import Admission
from portal.web.door.limiter import Limiter
from portal.web.door.server import shutdown_seconds
from tests.server import serving
from tests.world import Kind
from tests.writing import document

QUERY = {"query": "{ viewer { role } }"}
# Of a client, in seconds: a machine may be busy.
PATIENCE = 120
HERE, THERE = "192.0.2.1", "192.0.2.2"
WAITING = sa.text("""
    SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
""")


async def test_what_finds_no_place_is_told_so_after_a_moment():
    limiter = Limiter(2, 0.05)
    leave = asyncio.Event()
    inside = []

    async def work(number):
        async with limiter.place(HERE):
            inside.append(number)
            await leave.wait()

    working = [asyncio.create_task(work(number)) for number in range(2)]
    await asyncio.sleep(0)
    assert inside == [0, 1]
    begun = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable):
        await work(2)
    # At least; a busy machine may take as long as it likes.
    assert asyncio.get_running_loop().time() - begun >= 0.05
    leave.set()
    await asyncio.gather(*working)
    await work(3)
    assert inside == [0, 1, 3]


async def test_the_line_is_served_in_its_order():
    limiter = Limiter(1, 5)
    order = []

    async def work(number):
        async with limiter.place(HERE):
            order.append(number)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(work(number)) for number in range(6)]
    await asyncio.sleep(0)
    # Whoever goes away leaves the line, and loses no place.
    tasks[3].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [0, 1, 2, 4, 5]
    await work(11)


async def test_a_long_line_grows_no_longer():
    limiter = Limiter(1, 5)
    leave = asyncio.Event()

    async def work(network):
        async with limiter.place(network):
            await leave.wait()

    tasks = [asyncio.create_task(work(HERE)) for _ in range(9)]
    await asyncio.sleep(0)
    # One network may not have the whole line, so that others find room.
    assert (limiter.room(HERE), limiter.room(THERE), limiter.room()) == (0, 2, 2)
    with pytest.raises(Unavailable):
        await work(HERE)
    tasks += [asyncio.create_task(work(THERE)) for _ in range(2)]
    await asyncio.sleep(0)
    assert limiter.room() == limiter.room("elsewhere") == 0
    with pytest.raises(Unavailable):
        await work("elsewhere")
    leave.set()
    await asyncio.gather(*tasks)
    assert (limiter.room(), limiter.room(HERE)) == (11, 9)


async def test_networks_that_wait_are_served_in_turn():
    """However many of one wait, another one's request is the next but one."""
    limiter = Limiter(1, 5)
    order = []

    async def work(network, number):
        async with limiter.place(network):
            order.append((network, number))

    async with limiter.place(HERE):
        tasks = [asyncio.create_task(work(HERE, number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(work(THERE, number)) for number in range(2)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == [
        *((HERE, 0), (THERE, 0), (HERE, 1), (THERE, 1)),
        *((HERE, 2), (HERE, 3), (HERE, 4)),
    ]
    assert limiter.room() == 11


async def test_whoever_goes_away_leaves_no_line_of_its_network():
    limiter = Limiter(1, 5)

    async def work():
        async with limiter.place(THERE):
            pytest.fail("It went away.")

    async with limiter.place(HERE):
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert limiter.room() == 10
    assert limiter.room() == 11


async def test_admission_counts_who_is_on_the_way_to_the_limiter():
    admission = Admission(Limiter(1, 5))
    assert [admission.let_in(None) for _ in range(13)] == [True] * 11 + [False] * 2
    await asyncio.sleep(0)
    assert [admission.let_in(HERE) for _ in range(10)] == [True] * 9 + [False]
    assert admission.is_closed(HERE)
    assert [admission.let_in(THERE) for _ in range(3)] == [True] * 2 + [False]
    await asyncio.sleep(0)
    assert admission.let_in(HERE)


async def test_whoever_came_last_is_served_where_the_first_waited_long():
    limiter = Limiter(1, 2)
    order = []

    async def work(name):
        async with limiter.place(HERE):
            order.append(name)

    async with limiter.place(HERE):
        early = asyncio.create_task(work("early"))
        await asyncio.sleep(1.1)
        last = asyncio.create_task(work("last"))
        await asyncio.sleep(0)
    await asyncio.gather(early, last)
    assert order == ["last", "early"]


@contextmanager
def locked(addresses, world):
    """Hold the row that a mutation of the world's account waits for; give how many wait."""
    url = addresses.owner.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    # Within one transaction PostgreSQL tells the same of others, however often it is asked.
    watching = engine.execution_options(isolation_level="AUTOCOMMIT")
    statement = sa.text("SELECT id FROM account WHERE id = :id FOR UPDATE")
    with engine.connect() as connection, watching.connect() as watch:
        connection.execute(statement, {"id": world.own.account_id})
        yield lambda: watch.scalar(WAITING)
        connection.rollback()
    engine.dispose()


def pids_below(pid):
    """Give the serving processes that a process started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        return []
    found = []
    for child in children.read_text().split():
        with suppress(FileNotFoundError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def listens(server):
    """Whether the server takes new connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


def change(server, world, number):
    """Send the mutation that waits for the lock."""
    given = {"id": world.own.contract_id, "purchaseOrderNumber": f"PO {number}"}
    return httpx.post(
        f"{server.address}/graphql",
        json={"query": document("updateContract"), "variables": {"input": given}},
        headers={"authorization": f"Bearer {world.tokens[Kind.OWNER]}"},
        timeout=PATIENCE,
    )


async def test_places_that_wait_for_the_database_shed_and_a_stopped_server_finishes(
    addresses, tmp_path, world
):
    answers = []
    # However long the lock is kept: on a busy machine it is kept long.
    with serving(addresses, tmp_path, concurrency=3, limit_seconds=90) as server:
        senders = [
            threading.Thread(target=lambda n=number: answers.append(change(server, world, n)))
            for number in range(3)
        ]
        with locked(addresses, world) as waiting:
            for sender in senders:
                sender.start()
            while waiting() < len(senders):
                assert answers == []
                await asyncio.sleep(0.05)
            shed = httpx.post(f"{server.address}/graphql", json=QUERY, timeout=PATIENCE)
            assert shed.status_code == 503
            assert shed.headers["retry-after"] == "1"
            assert shed.json()["errors"][0]["extensions"] == {
                "code": "UNAVAILABLE",
                "seconds": 1,
            }
            assert httpx.get(f"{server.address}/health", timeout=PATIENCE).status_code == 200
            # A terminal that is closed sends the first, and whoever stops it the second.
            for number in (signal.SIGHUP, signal.SIGTERM):
                server.process.send_signal(number)
            while listens(server):
                await asyncio.sleep(0.05)
            assert answers == []
        for sender in senders:
            sender.join()
    assert [answer.status_code for answer in answers] == [200] * 3
    versions = sorted(a.json()["data"]["updateContract"]["version"] for a in answers)
    assert versions == [2, 3, 4]


def test_a_server_that_stops_waits_for_whatever_may_still_be_under_way():
    given = {"limit_seconds": 60, "limit_body_seconds": 30, "queue_seconds": 0.5}
    assert shutdown_seconds(Settings(**given)) == 96


async def test_a_place_that_is_left_is_given_to_whoever_is_next():
    limiter = Limiter(1, 5)
    order = []

    async def waiting():
        async with limiter.place(HERE):
            order.append("next")

    async with limiter.place(HERE):
        task = asyncio.create_task(waiting())
        await asyncio.sleep(0)
        assert order == []
        with limiter.outside():
            await task
            assert limiter.room() == 11
        assert limiter.room() == 10
    assert limiter.room() == 11


def asked(address, *headers, path="/graphql", body=b'{"query": "{ viewer { role } }"}'):
    """Give the bytes of a request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {address}", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read(stream):
    """Give status, headers and body of the next answer."""
    status = int(stream.readline().split(b" ")[1])
    headers = dict(line.strip().lower().split(b": ", 1) for line in iter(stream.readline, b"\r\n"))
    return status, headers, orjson.loads(stream.read(int(headers[b"content-length"])))


def test_what_is_shed_is_told_so_and_its_connection_is_served_again(addresses, tmp_path, world):
    answers = []
    sentence = {
        "": "The portal is busy. Try again in a moment.",
        "Accept-Language: nl": "Het portaal heeft het te druk. Probeer het zo nog eens.",
    }
    with serving(addresses, tmp_path, concurrency=1, queue_seconds=60, limit_seconds=90) as server:
        host = f"127.0.0.1:{server.port}"
        sender = threading.Thread(target=lambda: answers.append(change(server, world, 1)))
        with locked(addresses, world):
            sender.start()
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.settimeout(PATIENCE)
                stream = connection.makefile("rb")
                # The first are served, until the change has the place; then the line fills.
                whole = asked(host)
                while status_soon(server, whole) != 503:
                    pass
                for language, words in sentence.items():
                    given = [language] if language else []
                    simple, halves = asked(host, *given), asked(host, *given, "Origin: null")
                    for pieces in ([simple], [halves[:-9], halves[-9:]], [simple + simple]):
                        for piece in pieces:
                            connection.sendall(piece)
                        for _ in range(1 + (len(pieces[0]) > len(simple) * 1.5)):
                            status, headers, body = read(stream)
                            assert (status, headers[b"retry-after"]) == (503, b"1")
                            assert headers[b"content-type"] == b"application/json; charset=utf-8"
                            assert headers[b"cache-control"] == b"no-store"
                            extensions = {"code": "UNAVAILABLE", "seconds": 1}
                            error = {"message": words, "extensions": extensions}
                            assert body == {"errors": [error]}
                # Who logs in has a line of their own.
                unknown = b'{"email": "nobody@customer.example", "password": "x"}'
                connection.sendall(asked(host, path="/login", body=unknown))
                assert read(stream)[0] == 401
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: portal\r\n\r\n")
                assert read(stream)[0] == 200
                connection.sendall(asked(host))
                assert read(stream)[0] == 503
                assert answers == []
                kept = connection.dup()
        sender.join()
        assert [answer.json()["data"]["updateContract"]["version"] for answer in answers] == [2]
        with kept:
            kept.sendall(whole)
            status, _, body = read(kept.makefile("rb"))
            assert (status, body["data"]) == (200, {"viewer": {"role": "ANONYMOUS"}})


def status_soon(server, whole):
    """Ask on a connection of its own; None where it stands in the line."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.settimeout(0.1)
        connection.sendall(whole)
        with suppress(TimeoutError):
            return read(connection.makefile("rb"))[0]
    return None


def test_of_several_processes_one_that_dies_comes_back_and_all_finish(addresses, tmp_path, world):
    """They finish what they began, however often they are told to stop."""
    answers = []
    with serving(addresses, tmp_path, "--workers", "2", limit_seconds=90) as server:
        asking = {"url": f"{server.address}/graphql", "json": QUERY, "timeout": PATIENCE}
        children = pids_below(server.process.pid)
        assert len(children) == 2
        os.kill(children[0], signal.SIGKILL)
        while len(alive := pids_below(server.process.pid)) < 2 or children[0] in alive:
            assert httpx.post(**asking).json()["data"]
            time.sleep(0.05)
        assert httpx.post(**asking).json()["data"]

        sender = threading.Thread(target=lambda: answers.append(change(server, world, 1)))
        with locked(addresses, world) as waiting:
            sender.start()
            while not waiting():
                assert answers == []
                time.sleep(0.05)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
                server.process.send_signal(number)
                while listens(server):
                    time.sleep(0.05)
            assert answers == []
        sender.join()
    assert [answer.json()["data"]["updateContract"]["version"] for answer in answers] == [2]
    assert pids_below(server.process.pid) == []
