"""Rounds: each contender in turn, so that a busy moment of the machine hits all of them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import load, machine
from bench.contenders import Contender
from bench.data import Data
from bench.load import Figures, LoadFailed, NoAnswer
from bench.operations import Operation, requests
from bench.server import Server

_PATIENCE = 5
"""So many times longer is a run in which a slow server has answered nobody."""
WARM_UP = 2.0
"""Seconds before the first round, in which caches fill and code is compiled."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the load against one server; CPU in microseconds for each request."""

    figures: Figures
    server_cpu: float
    database_cpu: float


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of all rounds."""

    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "Result":
        """Take the median of each figure by itself."""
        return cls(
            median(run.figures.rate for run in runs),
            median(run.figures.p50 for run in runs),
            median(run.figures.p99 for run in runs),
            median(run.server_cpu for run in runs),
            median(run.database_cpu for run in runs),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """What one run measures: who, what, and over how many connections."""

    contender: Contender
    operation: Operation
    connections: int
    rows: int = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how often, and where."""

    rounds: int
    seconds: float
    folder: Path


def measure(
    cases: Sequence[tuple[Case, Server, Data]], plan: Plan, said: Callable[[str], None]
) -> dict[Case, Result]:
    """Measure every case once in each round, after a warm-up that is not counted."""
    files = {case: _written(case, data, plan.folder) for case, _, data in cases}
    for case, server, _ in cases:
        with suppress(NoAnswer):
            _load(case, server, files[case], WARM_UP)
        machine.settle(server.process.pid)
    runs: dict[Case, list[Run]] = {case: [] for case, _, _ in cases}
    for number in range(1, plan.rounds + 1):
        for case, server, data in cases:
            try:
                runs[case].append(_run(case, server, data, files[case], plan.seconds))
            except NoAnswer:
                machine.settle(server.process.pid)
                patient = plan.seconds * _PATIENCE
                runs[case].append(_run(case, server, data, files[case], patient))
            # The next one would pay for what is left of this run.
            machine.settle(server.process.pid)
        said(f"round {number} of {plan.rounds}")
    return {case: Result.of(those) for case, those in runs.items()}


def _run(case: Case, server: Server, data: Data, file: Path, seconds: float) -> Run:
    pid = server.process.pid
    before = [machine.cpu_seconds(one) for one in (pid, data.postmaster)]
    figures = _load(case, server, file, seconds)
    after = [machine.cpu_seconds(one) for one in (pid, data.postmaster)]
    used, in_database = (
        (later - earlier) / figures.requests * 1e6
        for earlier, later in zip(before, after, strict=True)
    )
    return Run(figures, used, in_database)


def _load(case: Case, server: Server, file: Path, seconds: float) -> Figures:
    try:
        return load.run(server.address, file, case.connections, seconds, machine.cores()[1])
    except LoadFailed as fault:
        asked = f"{case.operation.key}, {case.connections} connections"
        raise type(fault)(f"{case.contender.name}, {asked}: {fault}") from None


def _written(case: Case, data: Data, folder: Path) -> Path:
    name = f"{case.contender.key}-{case.operation.key}-{case.rows}-{data.accounts}.lua"
    file = folder / name
    load.write_requests(requests(case.operation, case.contender, data, case.rows), file)
    return file
