"""The report: ``docs/benchmark.md`` and its plot, written anew by each whole run."""

import platform
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.contenders import ALL, LIMIT, NODE, Contender
from bench.growth import Growth
from bench.measuring import Case, Plan, Result
from bench.operations import has_monthly_total
from bench.plot import plot
from bench.reading import Reading
from bench.table import growth_tables, memory_table, results_table
from bench.target import targets_of

NAMES = {contender.key: contender.name for contender in ALL}

_INTRODUCTION = """\
# Benchmark

Written by `make bench` on {day}; do not edit. {machine}

Every server has one worker, pinned to one core; wrk, which sends the requests, has another one.
PostgreSQL has every core but the server's: on two, that of wrk. All servers run at once over the
same database of {accounts:,} accounts
(`portal demo --accounts`), and are measured in turn, in {rounds} rounds of {seconds:g} seconds each
after a warm-up. A figure is the median of its rounds.

Before and after the rounds every contender's answers are compared with the limit's: for 20
customers each, whole, and equal but for what a contender cannot give in the portal's shape
(`bench/sameness.py`): PostGraphile's answers are flatter, the peers' ids lack a type's name,
decimals end in zeros, instants are written otherwise.

Customers ask for their own page: 100 of them in turn, each with a token of its own. A manager asks
for the list. CPU is that of the server's process, and of all of PostgreSQL's processes, for one
request.
"""
_CONTENDERS = """\
## Contenders

{rows}

The peers check nothing and read as `portal_staff`, whose row policies let every row through. Their
sources stand in `bench/peers/`, their versions in its lock file.
"""
_REPEAT = """\
## To repeat it

`make bench` on a machine that does nothing else; `ARGS="--help"` lists what can be chosen. It needs
wrk, and npm for the peers; without npm the Python contenders are measured alone.
"""


@dataclass(slots=True)
class Outcome:
    """What a run has measured so far."""

    plan: Plan
    accounts: int
    missing: dict[Contender, str] = field(default_factory=dict)
    reading: Reading | None = None
    growth: Growth | None = None
    changing: dict[Case, Result] = field(default_factory=dict)


def write(outcome: Outcome, target: Path, postgresql: str) -> None:
    """Write the report, and its plot beside it."""
    picture = target.with_suffix(".svg")
    sections = [
        _INTRODUCTION.format(
            day=date.today().isoformat(),  # noqa: DTZ011  (the day here)
            machine=machine(postgresql),
            accounts=outcome.accounts,
            rounds=outcome.plan.rounds,
            seconds=outcome.plan.seconds,
        ),
        targets(outcome),
    ]
    results = outcome.reading.results if outcome.reading else {}
    if outcome.reading and any(case.contender is LIMIT for case in results):
        picture.write_text(plot(results), encoding="utf-8")
        sections.append(f"![Throughput as a share of the limit's]({picture.name})\n")
    sections += tables(outcome)
    rows = "\n".join(
        f"- **{one.name}.** {one.note}"
        + (f" Not measured: {outcome.missing[one]}." if one in outcome.missing else "")
        for one in ALL
    )
    sections += [_CONTENDERS.format(rows=rows), _REPEAT]
    target.write_text("\n".join(sections), encoding="utf-8")


def targets(outcome: Outcome) -> str:
    """Give what was to be reached, and whether it was."""
    found = targets_of(outcome.reading, outcome.growth, outcome.changing or None)
    return "\n".join(("## Targets, at 16 connections\n", *(f"- {one}" for one in found), ""))


def tables(outcome: Outcome) -> list[str]:
    """Give a section for everything that was measured."""
    found = []
    if outcome.reading:
        for operation in dict.fromkeys(case.operation for case in outcome.reading.results):
            results = {
                case: result
                for case, result in outcome.reading.results.items()
                if case.operation is operation
            }
            found.append(f"## {operation.name}\n\n{results_table(results)}\n")
        if not has_monthly_total():
            found.append("The schema has no monthly total yet; nobody was asked for it.\n")
        found.append(f"## Memory after the rounds\n\n{memory_table(outcome.reading, NAMES)}\n")
    if outcome.changing:
        found.append(
            "## A change: updateContract\n\nAgainst a hand-written transaction that locks the"
            " contract, changes it, and writes the same entry in the history; both with a commit"
            " that waits for the disk, in a database of their own.\n\n"
            f"{results_table(outcome.changing)}\n"
        )
    if outcome.growth:
        by_rows, by_accounts = growth_tables(outcome.growth)
        found.append(
            "## Growth\n\nThe list by its rows, at 16 connections (200 rows are two pages of 100 in"
            f" one request, for the limit one of 200):\n\n{by_rows}\n\nBy the accounts in the"
            f" database:\n\n{by_accounts}\n"
        )
    return found


def machine(postgresql: str) -> str:
    """Say on what it was measured."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    node = ""
    if NODE.exists():
        done = subprocess.run([NODE, "--version"], check=True, capture_output=True, text=True)
        node = f", Node {done.stdout.strip().removeprefix('v')}"
    cpu = f"{len(models)} cores of {models[0]}" if models else platform.machine()
    return f"{cpu}; Python {platform.python_version()}{node}, PostgreSQL {postgresql}."
