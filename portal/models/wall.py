"""Walls: who sees the rows of a table, and what each database role may do with them, as data.

A model declares its ``wall`` with one of the functions below. From it follow the row conditions
(``permissions.rows``), and the policies and grants of PostgreSQL (``portal.database.objects``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.database.addresses import APP, LOGIN, STAFF, WORKER
from portal.viewer import STAFF as STAFF_ROLES
from portal.viewer import Role

# No setting has a default: a statement without a viewer must fail loudly. The inner SELECT makes
# PostgreSQL read the setting once for a statement, and the outer cast keeps an index usable.
ACCOUNTS = "((SELECT current_setting('portal.accounts')::uuid[])::uuid[])"
VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"
OWN_ROWS = f"account_id = ANY ({ACCOUNTS})"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do with a table: verbs of SQL, each with columns, or with none for all.

    Columns are named as the model's attributes: the key of a name, the parts of a composite and
    the version that counts a change follow from them.
    """

    verbs: Mapping[str, tuple[str, ...]]


def may(verbs: str = "", **columns: Iterable[str]) -> Rights:
    """Give rights: verbs to all columns, and by keyword those to a few."""
    whole = dict.fromkeys(verbs.replace(",", " ").split(), ())
    some = {verb.upper(): tuple(names) for verb, names in columns.items()}
    return Rights(MappingProxyType(whole | some))


EVERYTHING = may("SELECT, INSERT, UPDATE, DELETE")
READING = may("SELECT")
NOTHING = may()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of row level security: which rows of its table one role reaches with a verb."""

    name: str
    role: str
    verb: str = "ALL"
    using: str | None = None
    check: str | None = None
    is_restrictive: bool = False


@dataclass(frozen=True, slots=True)
class ByAccount:
    """Rows of one account: seen by whoever holds something in it, and by staff."""

    column: str = "account_id"


@dataclass(frozen=True, slots=True)
class ByPerson:
    """Rows of one person or app: seen by itself, and by staff.

    ``known_through`` is a column, as ``table.column``, of rows of accounts: whoever sees such a row
    sees whom it names.
    """

    column: str
    known_through: str | None = None


@dataclass(frozen=True, slots=True)
class StaffOnly:
    """Rows of the operator, without any right of ``portal_app``: seen by staff in some roles."""

    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows that everybody sees.

    Who is not staff once the column ``once`` is set, where one is named.
    """

    once: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Rows that no query answers: reached by functions, or written and never read."""

    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """Rows that everybody sees where a flag is set; others by whoever's rows name them.

    ``used_by`` is a column, as ``table.column``, of rows of accounts. Even with its flag a row is
    seen by who is not staff only once the column ``once`` is set.
    """

    flag: str
    once: str
    used_by: str


@dataclass(frozen=True, slots=True)
class Inside:
    """Rows that are seen with the row of a shared table that they are a part of.

    By who is not staff, once the column ``once`` is set, where one is named.
    """

    column: str
    table: str
    once: str | None = None


Seen = ByAccount | ByPerson | StaffOnly | Shared | Closed | Conditional | Inside


@dataclass(frozen=True, slots=True)
class Wall:
    """Who sees the rows; the rights of each serving role; and policies of the table's own.

    ``check`` is a condition more for what customers write. A role with a policy of its own gets no
    other one, but for restrictive ones.
    """

    seen: Seen
    rights: Mapping[str, Rights]
    check: str | None = None
    policies: tuple[Policy, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a check that no policy would take in."""
        if self.check and self.own_policies(APP):
            raise TypeError(f"{self.check} belongs into the policies of {APP}, which are declared")

    def own_policies(self, role: str) -> list[Policy]:
        """Give what a role gets in the place of the policy that follows from its rights."""
        return [one for one in self.policies if one.role == role and not one.is_restrictive]


def of_account(  # noqa: PLR0913  (what a model declares, by name)
    *,
    column: str = "account_id",
    adds: bool = False,
    writes: Iterable[str] = (),
    removes: bool = False,
    check: str | None = None,
    policies: tuple[Policy, ...] = (),
    staff: Rights = EVERYTHING,
    worker: Rights = READING,
    login: Rights = NOTHING,
) -> Wall:
    """Declare rows of accounts: what customers may do with their own, and the others with all."""
    app = _of_customers(adds=adds, writes=writes, removes=removes)
    return Wall(ByAccount(column), _by_role(app, staff, worker, login), check, policies)


def of_person(  # noqa: PLR0913  (what a model declares, by name)
    column: str,
    *,
    known_through: str | None = None,
    app: Rights = READING,
    policies: tuple[Policy, ...] = (),
    staff: Rights = EVERYTHING,
    worker: Rights = READING,
    login: Rights = NOTHING,
) -> Wall:
    """Declare rows of people, each seen by itself."""
    seen = ByPerson(column, known_through)
    return Wall(seen, _by_role(app, staff, worker, login), policies=policies)


def staff_only(*roles: Role, staff: Rights = EVERYTHING, worker: Rights = READING) -> Wall:
    """Declare rows of the operator: for staff of some roles, of all where none is named."""
    seen = StaffOnly(frozenset(roles) or STAFF_ROLES)
    return Wall(seen, _by_role(NOTHING, staff, worker, NOTHING))


def shared(*, once: str | None = None, worker: Rights = READING, login: Rights = NOTHING) -> Wall:
    """Declare rows that everybody reads, and staff write."""
    return Wall(Shared(once), _by_role(READING, EVERYTHING, worker, login))


def closed(
    *,
    functions: Iterable[str] = (),
    writers: Mapping[str, Rights] | None = None,
    policies: tuple[Policy, ...] = (),
) -> Wall:
    """Declare rows that nobody reads: by which functions they are reached, and who adds to them."""
    return Wall(Closed(tuple(functions)), MappingProxyType(dict(writers or {})), policies=policies)


def condition(*, flag: str, once: str, used_by: str) -> Wall:
    """Declare shared rows of which some are seen by those accounts alone that use them."""
    seen = Conditional(flag, once, used_by)
    return Wall(seen, _by_role(READING, EVERYTHING, READING, NOTHING))


def inside(column: str, table: str, *, once: str | None = None) -> Wall:
    """Declare rows that are a part of a shared row."""
    return Wall(Inside(column, table, once), _by_role(READING, EVERYTHING, READING, NOTHING))


def _of_customers(*, adds: bool, writes: Iterable[str], removes: bool) -> Rights:
    verbs = ["SELECT", *(["INSERT"] if adds else []), *(["DELETE"] if removes else [])]
    written = tuple(writes)
    return may(" ".join(verbs), **({"update": written} if written else {}))


def _by_role(app: Rights, staff: Rights, worker: Rights, login: Rights) -> Mapping[str, Rights]:
    return MappingProxyType({APP: app, STAFF: staff, WORKER: worker, LOGIN: login})
