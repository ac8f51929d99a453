"""Try everything in the schema as one viewer, over HTTP, and say what came of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_composite_type,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from permissions.fields import EVERYONE
from permissions.guards import access_of
from portal.models import Base
from tests.api.asking import Api
from tests.permission_matrix.coordinate import (
    CORE,
    Sent,
    Way,
    answers,
    compatible,
    everything_sent,
    required,
    target_of,
    ways,
)
from tests.permission_matrix.expected import ALLOWED, REFUSED, UNREACHED
from tests.world import MEMBERS, Kind, World

Path = tuple[str, ...]

_CODES = {"FORBIDDEN", "UNAUTHENTICATED"}
# Mutations of which every kind of viewer is refused one, and one for want of a scope.
_REFUSALS = """mutation ($account: ID!) {
  a: setTestAccount(input: {id: $account, expectedVersion: 0, isTest: true}) { ...refusal }
  b: giveConsent(input: {id: $account, expectedVersion: 0, documentIds: []}) { ...refusal }
  c: updateAccount(input: {id: $account, expectedVersion: 0, customerNumber: "1"}) { ...refusal }
}
fragment refusal on Refusal { %s }"""
_PROBLEMS = "... on Refusal { problems { code path } }"
_SAMPLES = {
    "Boolean": True,
    "Date": "2024-02-01",
    "DateTime": "2099-01-01T00:00:00Z",
    "Decimal": "1.50",
    "Int": 1,
    "JSON": {},
    "String": "a text",
}
# Whose ids the fields that take one are given; the others get one that everybody may see.
_TARGETS = {"account": "Account"}
_TYPES = {
    "appId": "App",
    "consentDocumentIds": "ConsentDocument",
    "documentIds": "ConsentDocument",
    "invitationId": "Invitation",
    "memberId": "Member",
    "module": "Module",
    "moduleId": "Module",
    "permissionProfileId": "PermissionProfile",
    "tariffId": "Tariff",
}
# Nobody is billed here, so nothing is foreseen; ``test_forecast.py`` reads all of it.
_FORESEEN = {
    f"{name}.{field}"
    for name in ("InvoiceForecast", "DraftDocument", "ForecastLine", "ForecastVat")
    for field in CORE.type_map[name].fields
}
# What is empty for everybody who may ask for it: of an account itself, nothing is requested; of a
# draft no days are known.
_EMPTY = {
    (Kind.MANAGER, "ItemKeyUse.endsOn"),
    *(
        (kind, coordinate)
        for kind in Kind
        if kind not in {Kind.ANONYMOUS, Kind.READER, Kind.EMPLOYEE_WITHOUT, Kind.PARTNER_READING}
        for coordinate in _FORESEEN
    ),
    (Kind.ANONYMOUS, "Viewer.name"),
    # Nobody has a code here; ``test_verification.py`` has one.
    *((kind, f"Verification.{name}") for kind in Kind for name in ("issuedOn", "isTest")),
    *((kind, "Account.deletedAt") for kind in (Kind.EMPLOYEE, Kind.MANAGER)),
    *(
        (kind, coordinate)
        for kind in (*MEMBERS, Kind.EMPLOYEE, Kind.MANAGER)
        for coordinate in (
            "FieldPermission.howToRequest",
            "HowToRequest.kind",
            "HowToRequest.mutation",
        )
    ),
}


class Attempt:
    """One viewer's way through the schema; ``outcomes`` has what each coordinate answered."""

    def __init__(self, api: Api, world: World, kind: Kind, connection: AsyncConnection) -> None:
        self.outcomes: dict[str, str] = {}
        self._api = api
        self._world = world
        self._kind = kind
        self._connection = connection
        self._before = ""
        self._is_harmless = True

    def earnest(self, name: str, paths: Sequence[Path] = ()) -> str:
        """Write a call of a mutation that nothing but a guard keeps from being tried."""
        self._is_harmless = False
        field = CORE.type_map["Mutation"].fields[name]
        return f"{name}{self._arguments(name, field, ['input'], paths)}"

    async def run(self) -> dict[str, str]:
        """Try everything."""
        self._before = await fingerprint(self._connection, self._world)
        for type_name, way in ways().items():
            if type_name == "Query":
                await self._read_roots()
            else:
                await self._read(type_name, way)
        for type_name, way in ways().items():
            for sent in everything_sent(type_name):
                await self._send(type_name, way, sent)
        for name in CORE.type_map["Mutation"].fields:
            # Guards are asked about here, not offer numbers guessed, which is slowed down.
            for table in ("attempt", "rate_event"):
                await self._connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
            await self._call(name)
            await self._send_to_mutation(name)
            after = await fingerprint(self._connection, self._world)
            assert after == self._before, f"{name} wrote something"
        self._take_answers()
        return self.outcomes

    async def _ask(self, document: str, **variables: Any) -> dict[str, Any]:
        answer = await self._api(document, self._world.tokens[self._kind], **variables)
        assert "data" in answer, answer
        return answer

    async def _read_roots(self) -> None:
        fields = CORE.type_map["Query"].fields
        for name, field in fields.items():
            given = self._arguments(name, field, required(field.args))
            answer = await self._ask(f"{{ {name}{given} {_inner(field)} }}")
            self._note(f"Query.{name}", answer, (name,))

    async def _read(self, type_name: str, way: Way) -> None:
        """Ask for all fields of a type at once: a refusal must not touch its siblings."""
        fields = CORE.type_map[type_name].fields
        selection = " ".join(f"{name} {_inner(field)}" for name, field in fields.items())
        answer = await self._reach(way, selection)
        for name in fields:
            self._note(f"{type_name}.{name}", answer, (*way.names, name))

    async def _reach(self, way: Way, selection: str) -> dict[str, Any]:
        selection = way.select(selection)
        if way.start == "Query":
            return _rooted(await self._ask(f"{{ {selection} }}"), 0)
        if way.start == "refused":
            return _rooted(
                await self._ask(_REFUSALS % selection, account=self._world.own.id), 1, own=True
            )
        answer = await self._ask(
            "query ($ids: [ID!]!) { nodes(ids: $ids)"
            f" {{ ... on {way.start} {{ {selection} }} }} }}",
            ids=self._world.own.ids[way.start],
        )
        return _rooted(answer, 1)

    def _note(self, coordinate: str, answer: dict[str, Any], path: Path) -> None:
        outcome = self._outcome(coordinate, answer, path)
        if self.outcomes.setdefault(coordinate, outcome) != outcome:
            raise AssertionError(f"{coordinate} for {self._kind}: two outcomes on two ways")

    def _outcome(self, coordinate: str, answer: dict[str, Any], path: Path) -> str:
        codes = {
            error["extensions"]["code"]
            for error in answer.get("errors", ())
            if _names(error["path"]) == path
        }
        if codes & _CODES:
            assert codes == {"FORBIDDEN" if self._world.tokens[self._kind] else "UNAUTHENTICATED"}
            assert not any(value is not None for value in _values(answer["data"], path))
            return REFUSED
        if codes:
            return ALLOWED if codes == {"INVALID_INPUT"} else f"{coordinate}: {codes}"
        if any(value is not None for value in _values(answer["data"], path)):
            return ALLOWED
        if (self._kind, coordinate) in _EMPTY:
            return ALLOWED
        reached = any(value is not None for value in _values(answer["data"], path[:-1]))
        return "empty" if reached else UNREACHED

    async def _send(self, type_name: str, way: Way, sent: Sent) -> None:
        """Send one argument, or one input field below one, to a field that answers."""
        if self.outcomes[f"{type_name}.{sent.field}"] != ALLOWED:
            self.outcomes.setdefault(sent.coordinate, UNREACHED)
            return
        field = CORE.type_map[type_name].fields[sent.field]
        given = self._arguments(
            sent.field, field, [*required(field.args), sent.path[0]], [sent.path]
        )
        answer = await self._reach(way, f"{sent.field}{given} {_inner(field)}")
        path = (*way.names, sent.field)
        about = [
            error["extensions"].get("inputPath")
            for error in answer.get("errors", ())
            if _names(error["path"]) == path and error["extensions"]["code"] in _CODES
        ]
        outcome = self._outcome(sent.coordinate, answer, path)
        self._note_sent(sent, outcome, about)

    def _note_sent(self, sent: Sent, outcome: str, about: list[Any]) -> None:
        if outcome == REFUSED:
            outcome = REFUSED if list(sent.path) in about else UNREACHED
        self.outcomes[sent.coordinate] = outcome

    async def _call(self, name: str) -> None:
        problems = await self._mutate(name)
        refused = {"code": "FORBIDDEN" if self._is_known else "UNAUTHENTICATED", "path": []}
        outcome = REFUSED if refused in problems else ALLOWED
        assert outcome is REFUSED or problems[0]["code"] == _harmless(name), (name, problems)
        self.outcomes[f"Mutation.{name}"] = outcome

    def _take_answers(self) -> None:
        """Note what mutations alone answer: nothing is carried out here, each has tests elsewhere.

        So a field of such an answer has to be for everybody who may call the mutation.
        """
        for type_name, mutations in answers().items():
            reached = any(self.outcomes[f"Mutation.{name}"] == ALLOWED for name in mutations)
            for name, field in CORE.type_map[type_name].fields.items():
                assert access_of(field) == EVERYONE, (type_name, name)
                self.outcomes[f"{type_name}.{name}"] = ALLOWED if reached else UNREACHED

    @property
    def _is_known(self) -> bool:
        return self._world.tokens[self._kind] is not None

    async def _send_to_mutation(self, name: str) -> None:
        """Send everything, at once where nothing excludes another: each refusal has its path."""
        for together in compatible(
            [sent for sent in everything_sent("Mutation") if sent.field == name]
        ):
            await self._send_together(name, together)

    async def _send_together(self, name: str, everything: Sequence[Sent]) -> None:
        """Send all of this. Then what of it is left, which must do."""
        problems = await self._mutate(name, [sent.path for sent in everything])
        refused = [tuple(problem["path"]) for problem in problems if problem["code"] in _CODES]
        left = [sent for sent in everything if not {(), *_along(sent.path)} & {*refused}]
        if left:
            problems = await self._mutate(name, [sent.path for sent in left])
            # The token of a preview may be looked at before the version of a row is.
            assert problems[0]["code"] in {_harmless(name), "INVALID_INPUT"}, (name, problems)
        for sent in everything:
            outcome = ALLOWED if sent in left else REFUSED if sent.path in refused else UNREACHED
            # The same input is sent to several mutations; one that answers says more.
            known = self.outcomes.get(sent.coordinate, UNREACHED)
            assert UNREACHED in {known, outcome} or known == outcome, sent
            self.outcomes[sent.coordinate] = outcome if known == UNREACHED else known

    async def _mutate(self, name: str, paths: Sequence[Path] = ()) -> list[dict[str, Any]]:
        """Call a mutation so that nothing comes of it: who may is told what is wrong.

        It gets a version that no row has; without versions, a key or other values that are none.
        """
        field = CORE.type_map["Mutation"].fields[name]
        given = self._arguments(name, field, ["input"], paths)
        answer = await self._ask(f"mutation {{ {name}{given} {{ {_PROBLEMS} }} }}")
        assert "errors" not in answer, answer
        problems: list[dict[str, Any]] = answer["data"][name]["problems"]
        return problems

    def _arguments(
        self,
        field_name: str,
        field: Any,
        names: list[str],
        paths: Sequence[Path] = (),
    ) -> str:
        is_mutation = field_name in CORE.type_map["Mutation"].fields
        target = target_of(field_name) if is_mutation else _TARGETS.get(field_name, "Tariff")
        given = ", ".join(
            f"{name}: {self._literal(field.args[name].type, name, _below(paths, name), target)}"
            for name in dict.fromkeys(names)
        )
        return f"({given})" if given else ""

    def _literal(self, kind: Any, name: str, paths: Sequence[Path], target: str) -> str:
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if isinstance(kind, GraphQLList):
            return f"[{self._literal(kind.of_type, name, paths, target)}]"
        named = get_named_type(kind)
        if isinstance(named, GraphQLInputObjectType):
            return "{" + ", ".join(self._fields(named, paths, target)) + "}"
        if isinstance(named, GraphQLEnumType):
            return next(iter(named.values))
        if name == "expectedVersion":
            return "0"
        if named.name == "ID":
            return json.dumps(self._id(name, target))
        return json.dumps(_SAMPLES[named.name])

    def _fields(
        self, kind: GraphQLInputObjectType, paths: Sequence[Path], target: str
    ) -> Iterator[str]:
        names = [*required(kind.fields), *(path[0] for path in paths if path)]
        if kind.is_one_of and not names:
            names = list(kind.fields)[:1]
        if not self._is_harmless:
            pass
        elif "expectedVersion" in kind.fields:
            names.append("expectedVersion")
        elif "idempotencyKey" in kind.fields:
            names = [name for name in names if name != "idempotencyKey"]
            yield 'idempotencyKey: ""'
        for name in dict.fromkeys(names):
            below = _below(paths, name)
            yield f"{name}: {self._literal(kind.fields[name].type, name, below, target)}"

    def _id(self, name: str, target: str) -> str:
        ids = self._world.own.ids
        return ids.get(_TYPES.get(name, target), ids["Account"])[0]


async def fingerprint(connection: AsyncConnection, world: World) -> str:
    """Give a hash over every row of both accounts: versions, lengths of history and all."""
    found: str = await connection.scalar(
        _FINGERPRINT, {"accounts": [world.own.account_id, world.foreign.account_id]}
    )
    return found


def _hash_of(table: sa.Table) -> str:
    """Write the hash over a table's rows of the accounts, whatever their order."""
    columns = table.columns.keys()
    account = "account_id" if "account_id" in columns else "id"
    where = "" if table.name == "idempotency_key" else f"WHERE {account} = ANY (:accounts)"
    return f"(SELECT sum(hashtextextended(row::text, 0)) FROM {table.name} row {where})"  # noqa: S608


_FINGERPRINT = sa.text(
    "SELECT concat_ws(' ', "
    + ", ".join(
        _hash_of(table)
        for table in Base.metadata.sorted_tables
        if table.name in {"account", "idempotency_key"} or "account_id" in table.columns
    )
    + ")"
)


def _along(path: Path) -> list[Path]:
    """Give the paths that a path goes through, its own end included."""
    return [path[: length + 1] for length in range(len(path))]


def _below(paths: Sequence[Path], name: str) -> list[Path]:
    """Give what is left of the paths that begin with a name."""
    return [path[1:] for path in paths if path[:1] == (name,)]


def _harmless(mutation: str) -> str:
    """Give the code of the refusal that a call ends in when no guard stops it."""
    given = get_named_type(CORE.type_map["Mutation"].fields[mutation].args["input"].type)
    return "CONFLICT" if "expectedVersion" in given.fields else "INVALID_INPUT"


def _inner(field: Any) -> str:
    return "{ __typename }" if is_composite_type(get_named_type(field.type)) else ""


def _names(path: list[Any]) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def _rooted(answer: dict[str, Any], depth: int, *, own: bool = False) -> dict[str, Any]:
    """Leave out the first fields of an answer, which led to the rows."""
    if not depth:
        return answer
    errors = [
        {**error, "path": _names(error["path"])[depth:]} for error in answer.get("errors", ())
    ]
    return {"data": list((answer["data"] or {}).values()), "errors": errors}


def _values(data: Any, path: Path) -> Iterator[Any]:
    """Give every value at the end of a path, through all lists on the way."""
    if isinstance(data, list) and (path or data):
        for value in data:
            yield from _values(value, path)
    elif path and isinstance(data, dict):
        if path[0] in data:
            yield from _values(data[path[0]], path[1:])
    elif not path:
        yield data
