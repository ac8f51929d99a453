"""What the portal is to reach, and whether it did."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.contenders import LIMIT, PORTAL, POSTGRAPHILE
from bench.growth import Growth
from bench.measuring import Case, Result
from bench.operations import UPDATE_CONTRACT, Operation
from bench.reading import Reading

CONNECTIONS = 16
MOST_MICROSECONDS = 5.0
MOST_MEMORY = 150.0


@dataclass(frozen=True, slots=True)
class Target:
    """A bound, and what was measured against it."""

    text: str
    measured: float
    bound: float
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        """Say whether the bound was kept."""
        return self.measured <= self.bound if self.at_most else self.measured >= self.bound

    def __str__(self) -> str:
        sign = "at most" if self.at_most else "at least"
        verdict = "pass" if self.is_met else "FAIL"
        return f"{verdict}: {self.text}: {self.measured:.2f}, {sign} {self.bound:g}"


def targets_of(
    reading: Reading | None, growth: Growth | None, changing: dict[Case, Result] | None
) -> list[Target]:
    """Give the targets that these measurements can tell about."""
    found: list[Target] = []
    if reading:
        operations = list(dict.fromkeys(case.operation for case in reading.results))
        for operation in operations:
            found += _of_reading(operation, reading.results)
        if PORTAL.key in reading.memory:
            text = "memory of a worker after the reading bench, MB"
            found.append(Target(text, reading.memory[PORTAL.key], MOST_MEMORY, at_most=True))
    if growth:
        text = "server CPU for one account more in the list, microseconds"
        found.append(Target(text, growth.cpu_per_account, MOST_MICROSECONDS, at_most=True))
    if changing:
        found += _of_reading(UPDATE_CONTRACT, changing)
    return found


def _of_reading(operation: Operation, results: dict[Case, Result]) -> Iterator[Target]:
    by_key = {
        case.contender.key: result
        for case, result in results.items()
        if case.operation is operation and case.connections == CONNECTIONS
    }
    portal, limit, peer = (by_key.get(one.key) for one in (PORTAL, LIMIT, POSTGRAPHILE))
    if portal is None:
        return
    if limit:
        text = f"{operation.key}, share of the limit's throughput"
        yield Target(text, portal.rate / limit.rate, operation.of_limit)
    if peer and operation.of_postgraphile:
        text = f"{operation.key}, times PostGraphile's throughput"
        yield Target(text, portal.rate / peer.rate, operation.of_postgraphile)
        text = f"{operation.key}, p99 as a share of PostGraphile's p50"
        yield Target(text, portal.p99 / peer.p50, 1.0, at_most=True)
