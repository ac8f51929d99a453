"""``python -m bench``: measure, compare, and write the report."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bench import billing, dates, load, pages, text
from bench.changing import measure_changing
from bench.contenders import ALL, Contender
from bench.data import FOLDER, Data
from bench.growth import ROWS, measure_growth
from bench.load import LoadFailed
from bench.machine import cores
from bench.measuring import WARM_UP, Plan
from bench.operations import READS
from bench.progress import say
from bench.reading import Different, Wanted, first_of, measure_reading
from bench.report import Outcome, tables, targets, write
from bench.server import ServerFault
from portal.commands.postgresql import ask
from portal.embedded import EmbeddedPostgres

PARTS = ("dates", "text", "pages", "billing", "reading", "growth", "changes")
# What is computed here alone, without a server.
_COMPUTED = {"dates": dates.main, "text": text.main, "pages": pages.main}
REPORT = Path("docs") / "benchmark.md"
_CONNECTIONS = (1, 16, 64)
_GROWTH = (2_000, 20_000)
_CHANGED_ACCOUNTS = 2_000
_BUSY = 0.5


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--accounts", default=20_000, show_default=True, type=click.IntRange(50))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=4.0, show_default=True, type=click.FloatRange(2), help="A run.")
@click.option(
    "--connections",
    multiple=True,
    type=click.IntRange(1, 500),
    help="How many at once; again for more.  [default: 1, 16, 64]",
)
@click.option(
    "--contender",
    "chosen",
    multiple=True,
    type=click.Choice([contender.key for contender in ALL]),
    help="Whom to measure reading; again for more.  [default: all]",
)
@click.option(
    "--operation",
    "asked",
    multiple=True,
    type=click.Choice([operation.key for operation in READS]),
    help="What to read; again for more.  [default: all]",
)
@click.option(
    "--growth",
    multiple=True,
    type=click.IntRange(50),
    help="Accounts to grow to; again for more.  [default: 2000, 20000; 200000 takes minutes]",
)
@click.option("--write/--no-write", "written", default=None, help="Write the report.")
def bench(
    parts: tuple[str, ...],
    accounts: int,
    rounds: int,
    seconds: float,
    connections: tuple[int, ...],
    chosen: tuple[str, ...],
    asked: tuple[str, ...],
    growth: tuple[int, ...],
    written: bool | None,
) -> None:
    """Measure how long dates, texts, pages, reading, growing and changing take: all without PARTS.

    \b
    Examples:
      python -m bench
      python -m bench dates
      python -m bench reading --contender limit --contender portal --operation viewer
      python -m bench growth --growth 2000 --growth 20000 --growth 200000

    A run that leaves nothing out writes docs/benchmark.md and its plot. The exit status is 0 when
    all was measured, whether or not a target was met.
    """
    contenders = [one for one in ALL if not chosen or one.key in chosen]
    missing = {one: why for one in contenders if (why := one.missing)}
    present = first_of([one for one in contenders if one not in missing])
    wanted = Wanted(
        present,
        [one for one in READS if not asked or one.key in asked],
        connections or _CONNECTIONS,
    )
    is_whole = not (parts or chosen or asked or connections)
    plan = Plan(rounds, seconds, FOLDER / "runs")
    todo = parts or PARTS
    if not set(todo) <= {*_COMPUTED, "billing"} and not hasattr(os, "sched_setaffinity"):
        sys.exit(
            "bench: Only Linux can keep a server to one core; dates, text and pages need none."
        )
    _announce(todo, wanted, plan, accounts, growth or _GROWTH, missing)
    for part, compute in _COMPUTED.items():
        if part in todo:
            compute()
    if "billing" in todo:
        billing.main(accounts)
    if set(todo) <= {*_COMPUTED, "billing"}:
        return
    if not load.is_present():
        sys.exit(f"bench: {load.MISSING}.")
    plan.folder.mkdir(parents=True, exist_ok=True)
    postgresql = EmbeddedPostgres(FOLDER / "postgresql")
    postgresql.start()
    try:
        outcome = Outcome(plan, accounts, missing)
        _measure(outcome, todo, wanted, growth or _GROWTH, postgresql)
        say("\n".join(("", *tables(outcome), targets(outcome))))
        if is_whole if written is None else written:
            data = postgresql.addresses(f"bench_{accounts}")
            write(outcome, REPORT, asyncio.run(ask(data.owner)).version)
            say(f"Written: {REPORT}")
    except (Different, LoadFailed, ServerFault) as fault:
        sys.exit(f"bench: {fault}")
    finally:
        postgresql.stop()


def _measure(
    outcome: Outcome,
    todo: Sequence[str],
    wanted: Wanted,
    growth: Sequence[int],
    postgresql: EmbeddedPostgres,
) -> None:
    data = Data.prepare(postgresql, outcome.accounts)
    if "reading" in todo:
        outcome.reading = measure_reading(data, wanted, outcome.plan, _saying("reading"))
    if "growth" in todo:
        others = [
            Data.prepare(postgresql, number) for number in growth if number != outcome.accounts
        ]
        outcome.growth = measure_growth(data, others, outcome.plan, _saying("growth"))
    if "changes" in todo:
        own = Data.prepare(postgresql, _CHANGED_ACCOUNTS, "bench_changes")
        outcome.changing = measure_changing(own, outcome.plan, _saying("changes"))


def _announce(
    todo: Sequence[str],
    wanted: Wanted,
    plan: Plan,
    accounts: int,
    growth: Sequence[int],
    missing: dict[Contender, str],
) -> None:
    """Say first what will be done, and how long it will take."""
    say(f"To measure: {', '.join(todo)}.")
    if set(todo) <= set(_COMPUTED):
        return
    runs = {
        "reading": len(wanted.contenders) * len(wanted.operations) * len(wanted.connections),
        "growth": 2 * len(ROWS) + 4 * len({accounts, *growth}),
        "changes": 2,
    }
    number = sum(runs.get(part, 0) for part in todo)
    minutes = number * (plan.seconds * plan.rounds + WARM_UP) / 60
    say(f"{number} cases, {plan.rounds} rounds of {plan.seconds:g} s each: {minutes:.0f} minutes,")
    say(f"besides writing {accounts:,} accounts where they are not there yet (var/bench).")
    if "reading" in todo:
        say(f"Contenders: {', '.join(one.name for one in wanted.contenders)}.")
        say(f"Operations: {', '.join(one.key for one in wanted.operations)};")
        say(f"connections: {', '.join(map(str, wanted.connections))}.")
    for one, why in missing.items():
        say(f"Not measured: {one.name}: {why}.")
    server, its_load = cores()
    say(f"Servers on core {server}, load on core {its_load}, PostgreSQL on all but {server}.")
    if server == its_load:
        say("There is one core alone: the load takes from what it measures.")
    if os.getloadavg()[0] > _BUSY:
        say(f"The machine is busy (load {os.getloadavg()[0]:.1f}): the figures mean little.")


def _saying(part: str) -> Callable[[str], None]:
    return lambda text: say(f"  {part}: {text}")


if __name__ == "__main__":
    bench()
