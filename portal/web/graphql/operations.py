"""Operations: the way from a request to its answer, the same for every client of the schema."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from portal.errors import Code
from portal.installation import Installation
from portal.viewer import Viewer
from portal.web.answer import first_code
from portal.web.door.limiter import Limiter
from portal.web.graphql.budget import Budgets, Lease, payer
from portal.web.graphql.cost import encoded, with_cost
from portal.web.graphql.document import Operation
from portal.web.graphql.execution import Execution
from portal.web.graphql.request_cache import CachedRequest, RequestCache
from resolvers.context import Arrival
from resolvers.points import Meter


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, how far the clock is moved for them, and the network that they ask from."""

    viewer: Viewer
    shift: timedelta
    network: str


class Operations:
    """Runs operations, each in a place of the ``limiter`` and at the cost of who asks.

    Whoever comes with a request takes the place, which looking up the caller needs too.
    """

    def __init__(
        self,
        execution: Execution,
        installation: Installation,
        limiter: Limiter,
        hashing: Limiter,
        budgets: Budgets,
    ) -> None:
        self._execution = execution
        self._installation = installation
        self.limiter = limiter
        self._hashing = hashing
        self._budgets = budgets
        self._requests = RequestCache()

    def requested(self, body: bytes) -> CachedRequest:
        """Give what a body asks for; BadRequest where it asks for nothing."""
        return self._requests.of_body(body)

    def prepare(self, asked: CachedRequest) -> Operation:
        """Give the operation; DocumentRefused or a PortalError where it may not run."""
        if asked.operation is not None:
            return asked.operation
        operation = self._execution.prepare(asked.request)
        self._requests.note(asked, operation)
        return operation

    async def perform(
        self, operation: Operation, caller: Caller, touched: set[UUID] | None = None
    ) -> dict[str, object]:
        """Give the response map; ``touched`` takes in the accounts that were answered of."""
        touched = set() if touched is None else touched
        lease = self._budgets.lease_of(payer(caller.viewer, caller.network))
        if not operation.is_hashing:
            return await self._performed(operation, caller, lease, touched)
        with self.limiter.outside():
            async with self._hashing.place(caller.network):
                return await self._performed(operation, caller, lease, touched)

    async def _performed(
        self, operation: Operation, caller: Caller, lease: Lease, touched: set[UUID]
    ) -> dict[str, object]:
        arrival = Arrival(self._installation.now(), caller.shift, caller.network)
        reserved = await self._budgets.take(lease, operation.cost)
        meter = Meter()
        response = await self._execution.perform(operation, caller.viewer, arrival, touched, meter)
        if "data" not in response:
            # It did not begin, or ran out of time and has cost what it could.
            if first_code(response) is not Code.TIMEOUT:
                await self._budgets.give_back(lease, reserved)
            return response
        actual = min(reserved, encoded(response) + meter.work)
        budget = await self._budgets.give_back(lease, reserved - actual)
        return with_cost(response, operation.cost, actual, budget)
