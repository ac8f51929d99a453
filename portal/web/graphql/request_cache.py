"""Request cache: what the same bytes asked for before is not found out again."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from graphql import OperationType

from portal.web.graphql.document import Operation
from portal.web.graphql.request import GraphQLRequest, of_body

# A page that is looked at again and again is asked for in the same bytes.
_MOST: Final = 1_000
_LONGEST: Final = 4_000
# Of the documents behind them, each as often as it is asked for in other bytes.
_MOST_TOKENS: Final = 50_000


@dataclass(slots=True)
class CachedRequest:
    """What a request asks for, and which operation that is, as soon as it is known."""

    request: GraphQLRequest
    body: bytes | None = None
    operation: Operation | None = None


class RequestCache:
    """The bodies of the queries that were asked last."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, CachedRequest] = OrderedDict()
        self._tokens = 0

    def of_body(self, body: bytes) -> CachedRequest:
        """Give what a body asks for; BadRequest where it asks for nothing."""
        known = self._known.get(body)
        if known is None:
            return CachedRequest(of_body(body), body)
        self._known.move_to_end(body)
        return known

    def note(self, asked: CachedRequest, operation: Operation) -> None:
        """Take note of the operation that a request turned out to be."""
        body = asked.body
        if body is None or len(body) > _LONGEST or body in self._known:
            return
        # What a mutation is given may end up in a row: no two of them share it.
        if operation.query.definition.operation is not OperationType.QUERY:
            return
        self._known[body] = CachedRequest(asked.request, body, operation)
        self._tokens += operation.query.document.token_count
        while self._tokens > _MOST_TOKENS or len(self._known) > _MOST:
            _, dropped = self._known.popitem(last=False)
            if dropped.operation:
                self._tokens -= dropped.operation.query.document.token_count
