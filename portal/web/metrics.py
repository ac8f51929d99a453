"""What a serving process has counted, for Prometheus."""

import os
import secrets
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from portal.errors import Unauthenticated
from portal.web.door.headers import header
from resolvers.reading.plan import Plans


class Metrics(Collector):
    """The counters of one process, read when they are asked for."""

    def __init__(self, plans: Plans | None, token: str) -> None:
        """Show the counters to whoever brings the token; without plans the lane is off."""
        self._plans = plans
        self._expected = f"Bearer {token}".encode()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    async def answer(self, request: Request) -> Response:
        """Answer with the text format; 401 without the token."""
        given = (header(request.scope, b"authorization") or "").encode("latin-1")
        if not secrets.compare_digest(given, self._expected):
            raise Unauthenticated("The token is not valid.")
        text = generate_latest(self._registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    @override
    def collect(self) -> Iterator[Metric]:
        """Give each counter as it is now, under the number of this process."""
        if self._plans is None:
            return
        process = str(os.getpid())
        kept = GaugeMetricFamily("portal_plans", "Plans that are kept.", labels=["process"])
        kept.add_metric([process], len(self._plans))
        yield kept
        found = CounterMetricFamily(
            "portal_plan_lookups", "Plans looked for.", labels=["process", "outcome"]
        )
        found.add_metric([process, "hit"], self._plans.hits)
        found.add_metric([process, "miss"], self._plans.misses)
        yield found
        standard = CounterMetricFamily(
            "portal_standard_lane_operations",
            "Operations that did not compile.",
            labels=["process", "operation", "reason"],
        )
        for (name, reason), times in self._plans.standard.items():
            standard.add_metric([process, name, reason], times)
        yield standard

    def describe(self) -> Iterator[Metric]:
        """Name nothing in advance: what there is depends on what was asked."""
        yield from ()
