"""Figures as tables: the same in the terminal and in the report."""

from collections.abc import Iterable, Sequence

from bench.contenders import LIMIT
from bench.growth import Growth
from bench.measuring import Case, Result
from bench.reading import Reading

_HEAD = (
    *("", "connections", "requests/s", "of the limit", "p50 ms", "p99 ms"),
    *("CPU us", "database CPU us"),
)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table that reads as well in a terminal."""
    table = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[at]) for row in table) for at in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in table
    ]
    rule = (
        "|"
        + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths))
        + "|"
    )
    return "\n".join((lines[0], rule, *lines[1:]))


def results_table(results: dict[Case, Result]) -> str:
    """Give the figures of one operation: contenders one after the other."""
    limits = {
        case.connections: result.rate for case, result in results.items() if case.contender is LIMIT
    }
    ordered = sorted(results, key=lambda case: (case.connections, -results[case].rate))
    return markdown(_HEAD, (_row(case, results[case], limits) for case in ordered))


def memory_table(reading: Reading, names: dict[str, str]) -> str:
    """Give what each worker holds after the rounds."""
    rows = ((names[key], f"{value:.0f}") for key, value in reading.memory.items())
    return markdown(("", "resident MB"), rows)


def growth_tables(growth: Growth) -> tuple[str, str]:
    """Give the list by its rows, and two operations by the accounts in the database."""
    by_rows = markdown(
        ("", "rows", "requests/s", "p50 ms", "p99 ms", "CPU us", "database CPU us"),
        (
            (case.contender.name, str(case.rows), *_figures(result))
            for case, result in growth.by_rows.items()
        ),
    )
    by_accounts = markdown(
        ("", "", "accounts", "requests/s", "p50 ms", "p99 ms", "CPU us", "database CPU us"),
        (
            (case.contender.name, case.operation.key, f"{accounts:,}", *_figures(result))
            for accounts, results in growth.by_accounts.items()
            for case, result in results.items()
        ),
    )
    return by_rows, by_accounts


def _row(case: Case, result: Result, limits: dict[int, float]) -> tuple[str, ...]:
    limit = limits.get(case.connections)
    rate, *rest = _figures(result)
    share = f"{result.rate / limit:.2f}" if limit else ""
    return (case.contender.name, str(case.connections), rate, share, *rest)


def _figures(result: Result) -> tuple[str, ...]:
    return (
        f"{result.rate:,.0f}",
        f"{result.p50:.2f}",
        f"{result.p99:.2f}",
        f"{result.server_cpu:,.0f}",
        f"{result.database_cpu:,.0f}",
    )
