"""The growth bench: more rows in an answer, more accounts in the database."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench.contenders import LIMIT, PORTAL
from bench.data import Data
from bench.measuring import Case, Plan, Result, measure
from bench.operations import ACCOUNT_LIST, CONTRACT_PAGE, has_monthly_total
from bench.server import serving

ROWS = (10, 50, 200)
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Growth:
    """The list by its rows, and two operations by the accounts in the database."""

    by_rows: dict[Case, Result]
    by_accounts: dict[int, dict[Case, Result]]

    @property
    def cpu_per_account(self) -> float:
        """Server CPU in microseconds for one account more in the portal's list."""
        cpu = {
            case.rows: result.server_cpu
            for case, result in self.by_rows.items()
            if case.contender is PORTAL
        }
        return (cpu[ROWS[-1]] - cpu[ROWS[0]]) / (ROWS[-1] - ROWS[0])


def measure_growth(
    data: Data, others: Sequence[Data], plan: Plan, said: Callable[[str], None]
) -> Growth:
    """Measure the limit and the portal, on ``data`` for the rows and on each for the accounts."""
    with ExitStack() as stack:
        servers = [
            (stack.enter_context(serving(contender, held, plan.folder, has_monthly_total())), held)
            for held in (data, *others)
            for contender in (LIMIT, PORTAL)
        ]
        by_rows = measure(
            [
                (Case(server.contender, ACCOUNT_LIST, CONNECTIONS, rows), server, held)
                for rows in ROWS
                for server, held in servers
                if held is data
            ],
            plan,
            said,
        )
        by_accounts = {
            held.accounts: measure(
                [
                    (Case(server.contender, operation, CONNECTIONS), server, held)
                    for operation in (CONTRACT_PAGE, ACCOUNT_LIST)
                    for server, its in servers
                    if its is held
                ],
                plan,
                said,
            )
            for held in (data, *others)
        }
    return Growth(by_rows, dict(sorted(by_accounts.items())))
