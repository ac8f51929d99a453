"""The one statement of a plan, in the one shape in which row level security sees the viewer first.

At the top there is nothing but the viewer and one expression: PostgreSQL sets the viewer before it
looks at any table, because every table stands in a sub-select of that expression. A WHERE, a JOIN,
a LIMIT or a second CTE beside it would let it ask a policy too early.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.models import Base
from resolvers.reading.arguments import Shape
from resolvers.reading.fragment import TODAY, Fragments, parameter
from resolvers.reading.tree import Place, Selection
from resolvers.reading.writer import Writer

_HEAD = (
    "WITH viewer AS MATERIALIZED (SELECT set_config('portal.accounts', {accounts}, true),"
    " set_config('portal.viewer', {viewer}, true)) SELECT "
)
_TAIL = " FROM viewer"
_PARAMETER = re.compile("\0(\\w+)\0")
_TODAY = re.compile(f"\0{TODAY}(\\w+)\0")
_DAY = f"CAST(timezone({{account}}.time_zone, {parameter('now')}::timestamptz) AS DATE)"
_DAY_OF_ROW = f"(SELECT {_DAY.format(account='d')} FROM account d WHERE d.id = {{row}}.account_id)"  # noqa: S608
# Arrays of the viewer, sent as text: PostgreSQL reads one faster than Python writes it. The
# sub-select makes it do so once for a statement.
_LISTS = {"viewer_accounts": "uuid[]", "viewer_readable": "text[]"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, and the names of its parameters in their order."""

    text: str
    parameters: tuple[str, ...]


def statement(root: Selection, shapes: Sequence[Shape], fragments: Fragments) -> Statement:
    """Write the statement that answers a whole operation, or what is asked of one row."""
    writer = Writer(shapes, fragments)
    data = writer.answered(root) if root.place is Place.ROW else writer.row(root, "")
    return _whole(_dated(data, writer.accounts))


def account_statement(model: type[Base], fragments: Fragments) -> Statement:
    """Write the statement that finds the account of a row that the viewer sees; null for none."""
    return _whole(Writer((), fragments).account_of(model))


def _dated(data: str, accounts: Mapping[str, str]) -> str:
    """Put the day of each row in its place: from the account at hand, or else from its table."""

    def day(found: re.Match[str]) -> str:
        row = found[1]
        account = accounts.get(row)
        return _DAY.format(account=account) if account else _DAY_OF_ROW.format(row=row)

    return _TODAY.sub(day, data)


def _whole(data: str) -> Statement:
    head = _HEAD.format(accounts=parameter("accounts"), viewer=parameter("viewer"))
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        name = found[1]
        place = f"${names.setdefault(name, len(names) + 1)}"
        return f"(SELECT {place}::text::{_LISTS[name]})" if name in _LISTS else place

    text = _PARAMETER.sub(numbered, f"{head}{data}{_TAIL}")
    return Statement(text, tuple(names))
