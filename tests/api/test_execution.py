"""What leaves when an operation fails half-way: codes, references, and nothing of ours."""

import asyncio
import logging
import re
from types import MappingProxyType

import pytest
from graphql import GraphQLSchema, build_schema

from portal.clock import now
from portal.errors import Forbidden, InvalidInput, Requirement, Several
from portal.installation import Installation
from portal.login.seal import Seal
from portal.settings.limits import Limits
from portal.viewer import ANONYMOUS, MemberRole, Role, Scope
from portal.web.graphql.execution import Execution
from portal.web.graphql.request import GraphQLRequest
from resolvers.context import Arrival, Context

SDL = """
type Query { row: Row rows: [Row!]! slow: Int sure: Int! number(of: Int!): Int shade: Shade }
type Row { id: ID refused: Int broken: Int cut: Int wrong: Int twice: Int }
enum Shade { DARK }
"""


class Source:
    """The root; each attribute is a resolver."""

    row = MappingProxyType({})
    rows = ({},) * 130

    async def slow(self, info) -> int:
        await asyncio.Event().wait()
        return 1

    def sure(self, info):
        raise ConnectionResetError

    def number(self, info, of):
        return of

    def shade(self, info):
        return "a value of ours"


def refuse(row, info):
    raise Forbidden(
        "Not for you.", required=Requirement((Role.MANAGER,), Scope.HISTORY, (MemberRole.OWNER,))
    )


def break_(row, info):
    raise KeyError("hunter2")


def cut(row, info):
    raise ConnectionResetError("10.0.0.1")


def two_faults(row, info):
    raise Several([InvalidInput("One.", path=["first"]), InvalidInput("Two.", path=["last"])])


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    row = schema.type_map["Row"].fields
    row["refused"].resolve = refuse
    row["broken"].resolve = break_
    row["cut"].resolve = cut
    row["wrong"].resolve = lambda row, info: "not a number"
    row["twice"].resolve = two_faults
    source = Source()
    for name, field in schema.query_type.fields.items():
        value = getattr(source, name)
        field.resolve = (
            (lambda root, info, call=value, **arguments: call(info, **arguments))
            if callable(value)
            else (lambda root, info, value=value: value)
        )
    return schema


@pytest.fixture
def run(schema, database):
    async def run(query: str, variables=None, **limits):
        installation = Installation(database, Seal("s" * 32))
        execution = Execution(schema, installation, Limits(**limits), compiled=False)
        operation = execution.prepare(GraphQLRequest(query, variables or {}))
        return await execution.perform(operation, ANONYMOUS, Arrival(now()))

    return run


async def test_a_refused_field_is_null_with_its_path_and_what_is_required(run):
    assert await run("{ row { id refused } }") == {
        "data": {"row": {"id": None, "refused": None}},
        "errors": [
            {
                "message": "Not for you.",
                "locations": [{"line": 1, "column": 12}],
                "path": ["row", "refused"],
                "extensions": {
                    "code": "FORBIDDEN",
                    "required": {
                        "roles": ["MANAGER"],
                        "scope": "HISTORY",
                        "memberRoles": ["OWNER"],
                    },
                },
            }
        ],
    }


async def test_a_hundred_errors_of_a_code_are_listed_and_the_rest_counted(run):
    answer = await run("{ rows { refused } row { cut } }")
    codes = [error["extensions"]["code"] for error in answer["errors"]]
    assert codes.count("FORBIDDEN") == 100
    assert codes.count("UNAVAILABLE") == 1
    assert answer["extensions"] == {"errorsOmitted": 30}


async def test_several_faults_are_several_errors(run):
    answer = await run("{ row { twice } }")
    paths = [error["extensions"]["inputPath"] for error in answer["errors"]]
    assert paths == [["first"], ["last"]]


@pytest.mark.parametrize("query", ["{ row { broken } }", "{ row { wrong } }", "{ shade }"])
async def test_a_failure_of_ours_leaves_only_a_reference_that_is_in_the_log(run, caplog, query):
    with caplog.at_level(logging.ERROR, "portal.web"):
        answer = await run(query)
    (error,) = answer["errors"]
    reference = error["extensions"]["reference"]
    assert error["extensions"] == {"code": "INTERNAL", "reference": reference}
    assert re.fullmatch("[0-9a-f]{12}", reference)
    assert reference in error["message"]
    assert reference in caplog.text
    assert not {"hunter2", "ours", "number", "KeyError"} & set(re.findall(r"\w+", str(error)))


async def test_a_cut_connection_is_unavailable(run):
    answer = await run("{ row { cut } }")
    assert answer["data"] == {"row": {"cut": None}}
    assert answer["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert "10.0.0.1" not in str(answer)
    assert (await run("{ sure }"))["data"] is None


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": "x"}, {"n": 2**31}, {"n": [1]}])
async def test_a_variable_that_does_not_fit_is_refused_by_graphql(run, variables):
    answer = await run("query ($n: Int!) { number(of: $n) }", variables)
    assert "data" not in answer
    assert [error["extensions"] for error in answer["errors"]] == [
        {"code": "GRAPHQL_VALIDATION_FAILED"}
    ]


async def test_an_operation_that_takes_too_long_ends(run, monkeypatch):
    closed = []
    close = Context.close

    async def watched(self):
        await close(self)
        closed.append(self)

    monkeypatch.setattr(Context, "close", watched)
    answer = await run("{ slow }", seconds=0.05)
    assert list(answer) == ["errors"]
    assert answer["errors"][0]["extensions"] == {"code": "TIMEOUT", "seconds": 0}
    assert len(closed) == 1
