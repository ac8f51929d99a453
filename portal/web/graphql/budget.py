"""Rate limit: what each caller may ask over time, a leaky bucket in PostgreSQL used by leases.

A process takes a tenth of the bucket at a time and counts by itself until that is used up, so a
request seldom costs a statement. What an operation did not use of its cost goes back.
"""

import asyncio
import math
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from portal.clock import now
from portal.errors import RateLimited
from portal.language.phrase import Seconds
from portal.login.network import network_of
from portal.viewer import Viewer

_LEASE = sa.text(
    "SELECT granted, remaining"
    " FROM lease_cost(:caller, :needed, :wanted, :capacity, :per_second, :at)"
)
_SHARES = 10
# A lease that was given and not used is worth little more than its entry in memory.
_MOST_LEASES = 10_000


@dataclass(slots=True)
class Lease:
    """What this process may still give a caller, and what the bucket held beside it."""

    caller: bytes
    left: float
    remaining: float
    taken: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budgets:
    """The budgets of all callers, as one process sees them; points, and points a second."""

    def __init__(self, engine: AsyncEngine, capacity: int, per_second: int) -> None:
        self._engine = engine
        self._capacity = capacity
        self._per_second = per_second
        self._leases: OrderedDict[bytes, Lease] = OrderedDict()

    async def take(self, lease: Lease, cost: int) -> int:
        """Reserve the cost of an operation, or the whole bucket where that is smaller.

        Raises RateLimited with the seconds until there is enough.
        """
        reserved = min(cost, self._capacity)
        if lease.left < reserved:
            # One at a time, or each request of many at once would take a share for itself.
            async with lease.turn:
                if lease.left < reserved:
                    await self._extend(lease, reserved)
                lease.left -= reserved
                return reserved
        lease.left -= reserved
        return reserved

    async def give_back(self, lease: Lease, unused: int) -> int:
        """Return what an operation did not use; gives what the caller may ask now."""
        lease.left += unused
        share = self._capacity / _SHARES
        if lease.left >= 2 * share:
            # An operation that reserved much and used little must not starve other processes.
            surplus = lease.left - share
            lease.left = share
            await self._ask(lease, -surplus, -surplus)
        leaked = (monotonic() - lease.taken) * self._per_second
        return int(min(self._capacity, lease.left + lease.remaining + leaked))

    async def _extend(self, lease: Lease, cost: int) -> None:
        needed = cost - lease.left
        granted = await self._ask(lease, needed, max(needed, self._capacity / _SHARES))
        lease.left += granted
        # Another request of this process may have used the lease meanwhile.
        if lease.left < cost:
            missing = cost - lease.left - lease.remaining
            seconds = max(1, math.ceil(missing / self._per_second))
            raise RateLimited(
                "You have asked too much in a short time. Try again in {seconds}.",
                seconds=Seconds(seconds),
            )

    async def _ask(self, lease: Lease, needed: float, wanted: float) -> float:
        parameters = {
            "caller": lease.caller,
            "needed": needed,
            "wanted": wanted,
            "capacity": self._capacity,
            "per_second": self._per_second,
            "at": now(),
        }
        async with self._engine.begin() as connection:
            row = (await connection.execute(_LEASE, parameters)).one()
        lease.remaining = row.remaining
        lease.taken = monotonic()
        return float(row.granted)

    def lease_of(self, caller: bytes) -> Lease:
        """Give what this process may still give a caller."""
        lease = self._leases.get(caller)
        if lease is None:
            lease = self._leases[caller] = Lease(caller, 0, self._capacity, monotonic())
            if len(self._leases) > _MOST_LEASES:
                self._leases.popitem(last=False)
        else:
            self._leases.move_to_end(caller)
            # What leaks in that time is more than the lease: keeping it would add to the budget.
            if (monotonic() - lease.taken) * self._per_second > self._capacity:
                lease.left = min(lease.left, 0)
        return lease


def caller_of(viewer: Viewer, request: Request) -> bytes:
    """Name who pays for a request."""
    return payer(viewer, network_of_request(request))


def payer(viewer: Viewer, network: str) -> bytes:
    """Name who pays: the person or app; for nobody in particular, the network address."""
    if viewer.id is not None:
        caller: bytes | None = viewer.known.get("caller")
        if caller is None:
            caller = viewer.known["caller"] = sha256(f"{viewer.id}".encode()).digest()
        return caller
    return sha256(f"address:{network}".encode()).digest()


def network_of_request(request: Request) -> str:
    """Give the network that a request comes from; nothing where the server does not know it."""
    return network_of(request.client.host) if request.client else ""
