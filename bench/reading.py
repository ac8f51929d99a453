"""The reading bench: three operations, every contender, from one connection to many."""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import machine
from bench.contenders import LIMIT, PORTAL, Contender
from bench.data import Data
from bench.measuring import Case, Plan, Result, measure
from bench.operations import READS, Operation, has_monthly_total, requests
from bench.sameness import difference, normal
from bench.server import Server, serving

_COMPARED = 20
"""So many customers' answers are compared before and after the rounds."""


class Different(Exception):
    """Two contenders that do not say the same: their speeds are not to be compared."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure."""

    contenders: Sequence[Contender]
    operations: Sequence[Operation] = READS
    connections: Sequence[int] = (1, 16, 64)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured; memory in MB, by the contender's key."""

    accounts: int
    results: dict[Case, Result]
    memory: dict[str, float] = field(default_factory=dict)


def measure_reading(data: Data, wanted: Wanted, plan: Plan, said: Callable[[str], None]) -> Reading:
    """Run every contender, see that they answer alike, and measure them in turn."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving(contender, data, plan.folder, has_monthly_total()))
            for contender in wanted.contenders
        ]
        compare(servers, data, wanted.operations)
        said("every contender gives the same answers")
        cases = [
            (Case(server.contender, operation, connections), server, data)
            for operation in wanted.operations
            for connections in wanted.connections
            for server in servers
        ]
        results = measure(cases, plan, said)
        compare(servers, data, wanted.operations)
        memory = {server.contender.key: machine.memory(server.process.pid) for server in servers}
    return Reading(data.accounts, results, memory)


def compare(servers: Sequence[Server], data: Data, operations: Sequence[Operation]) -> None:
    """Ask all the same; raises ``Different`` at the first answer that is not the limit's."""
    for operation in operations:
        expected: list[object] = []
        for server in servers:
            asked = requests(operation, server.contender, data)[:_COMPARED]
            answers = [
                _answer(server, request.path, dict(request.headers), request.body)
                for request in asked
            ]
            expected = expected or answers
            for one, other in zip(expected, answers, strict=True):
                where = difference(one, other)
                if where is not None:
                    names = f"{servers[0].contender.name} and {server.contender.name}"
                    raise Different(f"{operation.name}: {names} differ at {where}")


def _answer(server: Server, path: str, headers: dict[str, str], body: str) -> object:
    status, text = server.post(path, headers, body)
    answer = json.loads(text) if status == 200 else {}  # noqa: PLR2004  (OK)
    if not isinstance(answer.get("data"), dict) or answer.get("errors"):
        said = text[:300].decode(errors="replace")
        raise Different(f"{server.contender.name} answers {path} with {status}: {said}")
    found: object = normal(answer["data"])
    return found


def first_of(contenders: Sequence[Contender]) -> list[Contender]:
    """Put the limit first: the others are compared with it."""
    return sorted(contenders, key=lambda one: (one is not LIMIT, one is not PORTAL))
