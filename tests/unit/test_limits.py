"""Limits on documents, exact at n and n + 1, and the linear walk that measures them."""

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse

from portal.errors import Code, QueryTooLarge
from portal.web.document import DocumentRefused, Documents
from portal.web.limits import Limits, check_variables
from portal.web.measurement import Measurement, measure

LIMITS = Limits()
SCHEMA = build_schema(
    """
    type Query {
      thing: Thing
      things(first: Int, last: Int): [Thing!]!
      nodes(ids: [ID!]!): [Thing]!
    }
    type Thing {
      id: ID!
      thing: Thing
      things(first: Int, last: Int): [Thing!]!
      tags: [String!]!
    }
    """
)


def deep(depth: int) -> str:
    """A query of exactly this depth."""
    return "{ " + "thing { " * (depth - 1) + "__typename" + " }" * depth


def measured(source: str, variables: dict[str, object] | None = None, **limits: int) -> Measurement:
    chosen = Limits(**limits)
    return measure(parse(source), SCHEMA, variables or {}, None, chosen)


def refused(source: str, variables: dict[str, object] | None = None, **limits: int):
    with pytest.raises(QueryTooLarge) as caught:
        measured(source, variables, **limits)
    return caught.value.values


def prepared(source: str, schema: GraphQLSchema = SCHEMA):
    return Documents(schema, LIMITS).operation(source, {}, None)


def test_depth_is_exact():
    assert measured(deep(12)).depth == 12
    assert refused(deep(13)) == {"limit": "depth", "maximum": 12}


def test_depth_runs_through_fragments():
    spread = "{ thing { ...A } } fragment A on Thing { ... on Thing { ...B } }"
    assert measured(f"{spread} fragment B on Thing {{ thing {{ id }} }}").depth == 3
    assert refused(f"{spread} fragment B on Thing {{ thing {{ id }} }}", depth=2) == {
        "limit": "depth",
        "maximum": 2,
    }


def test_aliases_are_exact_and_counted_wherever_they_are_spread():
    assert measured("{ " + " ".join(f"a{n}: __typename" for n in range(30)) + " }").aliases == 30
    assert refused("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }") == {
        "limit": "aliases",
        "maximum": 30,
    }
    twice = "{ thing { ...A } a: thing { ...A } } fragment A on Thing { b: id c: id }"
    assert measured(twice).aliases == 5


def test_cost_is_exact():
    # 1 + 99 999 x 1.
    assert measured("{ things(first: 99999) { id } }").cost == 100_000
    assert refused("{ things(first: 100000) { id } }") == {"limit": "cost", "maximum": 100_000}


@pytest.mark.parametrize(
    ("source", "variables", "cost"),
    [
        ("{ thing { id } }", {}, 2),
        ("{ things { id } }", {}, 21),
        ("{ things(first: null) { id } }", {}, 21),
        ("{ things(first: 0) { id } }", {}, 2),
        ("{ things(first: -3) { id } }", {}, 2),
        ("{ things(first: 3) { id } }", {}, 4),
        ("{ things(last: 3) { id } }", {}, 4),
        ("{ things(first: 3, last: 5) { id } }", {}, 6),
        ("{ things(first: 3) { things(first: 3) { id } } }", {}, 13),
        ("query ($n: Int) { things(first: $n) { id } }", {}, 21),
        ("query ($n: Int) { things(first: $n) { id } }", {"n": 7}, 8),
        ("query ($n: Int) { things(first: $n) { id } }", {"n": 7.0}, 8),
        ("query ($n: Int) { things(first: $n) { id } }", {"n": True}, 21),
        ("query ($n: Int) { things(first: $n) { id } }", {"n": "7"}, 21),
        ("query ($n: Int = 5) { things(first: $n) { id } }", {}, 6),
        ("query ($n: Int = 5) { things(first: $n) { id } }", {"n": None}, 21),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 4),
        ('{ nodes(ids: "a") { id } }', {}, 2),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a", "b"]}, 3),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": "a"}, 2),
        ("{ thing { tags } }", {}, 2),
        ("{ unknown { id } }", {}, 2),
    ],
)
def test_cost_counts_pages(source: str, variables: dict[str, object], cost: int):
    assert measured(source, variables).cost == cost


@pytest.mark.parametrize("size", ["9" * 10, "9" * 5000])
def test_a_page_of_any_size_is_read_safely(size: str):
    assert refused(f"{{ things(first: {size}) {{ id }} }}")["limit"] == "cost"


@pytest.mark.parametrize("size", [10**9, 10**30, 1e300])
def test_a_page_in_a_variable_counts_too(size: float):
    query = "query ($n: Int) { things(first: $n) { id } }"
    assert refused(query, {"n": size})["limit"] == "cost"


def test_fragments_that_double_are_walked_once_each():
    def document(count: int) -> str:
        chain = (
            f"fragment F{n} on Thing {{ ...F{n + 1} thing {{ ...F{n + 1} }} }}"
            for n in range(count)
        )
        return "{ thing { ...F0 } }" + "".join(chain) + f"fragment F{count} on Thing {{ id }}"

    visited = [
        measured(document(n), depth=10**9, cost=10**10, aliases=10**9).visited for n in (50, 100)
    ]
    # Two selections of the query, three of each link, one at the end.
    assert visited == [2 + 3 * 50 + 1, 2 + 3 * 100 + 1]
    assert refused(document(100), depth=10**9) == {"limit": "cost", "maximum": 100_000}


def test_fragment_cycles_end_and_validation_refuses_them():
    cycle = "{ thing { ...A } } fragment A on Thing { ...B } fragment B on Thing { id ...A }"
    assert measured(cycle).depth == 2
    with pytest.raises(DocumentRefused) as caught:
        prepared(cycle)
    assert caught.value.code is Code.GRAPHQL_VALIDATION_FAILED


def test_an_unknown_fragment_is_left_to_validation():
    assert measured("{ thing { ...Missing } }").cost == 1


def test_only_the_operation_that_runs_is_measured():
    document = parse(f"query A {{ thing {{ id }} }} query B {deep(13)}")
    assert measure(document, SCHEMA, {}, "A", LIMITS).depth == 2
    for name in ("B", None, "C"):
        with pytest.raises(QueryTooLarge):
            measure(document, SCHEMA, {}, name, LIMITS)


def test_fixed_says_whether_variables_decided():
    assert measured("{ things(first: 3) { id } }").fixed
    assert not measured("query ($n: Int) { things(first: $n) { id } }").fixed


def test_source_is_exact():
    assert prepared("{ __typename }".ljust(50_000))
    with pytest.raises(QueryTooLarge) as caught:
        prepared("{ __typename }".ljust(50_001))
    assert caught.value.values == {"limit": "source", "maximum": 50_000}


def of_tokens(count: int) -> str:
    """A query of exactly so many tokens; a comment is none."""
    around = 12
    return "{ nodes(ids: [" + '"a" ' * (count - around) + "]) { id } } # a comment"


def test_tokens_are_exact():
    assert prepared(of_tokens(2_000))
    with pytest.raises(QueryTooLarge) as caught:
        prepared(of_tokens(2_001))
    assert caught.value.values == {"limit": "tokens", "maximum": 2_000}


@pytest.mark.parametrize(
    "piece", ["{a", "{a:b", "[", "{... on Thing", "{a(b:[", "{a(b:{c:", "query($a:[", "{...@a(b:["]
)
def test_nesting_without_end_is_refused(piece: str):
    with pytest.raises((QueryTooLarge, DocumentRefused)) as caught:
        prepared((piece * 50_000)[:50_000])
    if isinstance(caught.value, DocumentRefused):
        assert caught.value.code is Code.GRAPHQL_PARSE_FAILED


def test_nesting_through_fragments_is_refused():
    links = 240
    chain = "".join(f"fragment F{n} on Thing{{...F{n + 1}}}" for n in range(links))
    source = "{thing{...F0}}" + chain + f"fragment F{links} on Thing{{id}}"
    assert measured(source).visited == 2 + links + 1
    with pytest.raises(DocumentRefused) as caught:
        prepared(source)
    assert caught.value.code is Code.GRAPHQL_VALIDATION_FAILED


@pytest.mark.parametrize("every", [False, True])
def test_the_standard_introspection_query_runs(every: bool):
    query = get_introspection_query(
        specified_by_url=every,
        directive_is_repeatable=every,
        schema_description=every,
        input_value_deprecation=every,
        one_of=every,
    )
    assert prepared(query)


def test_introspection_is_limited():
    def lists(count: int) -> str:
        """Fields of types of fields: each list may be as long as the schema."""
        return (
            "{ __schema { types {" + " fields { type {" * count + " name " + "} }" * count + "} } }"
        )

    def chain(depth: int) -> str:
        return "{ __schema { types {" + " ofType {" * (depth - 3) + " name" + " }" * depth

    assert measured(lists(3)).cost < 100_000
    assert refused(lists(4)) == {"limit": "cost", "maximum": 100_000}
    assert measured(chain(20)).introspection_depth == 20
    assert refused(chain(21)) == {"limit": "introspection_depth", "maximum": 20}


def test_variables_are_limited():
    def nest(depth: int) -> object:
        value: object = 1
        for _ in range(depth):
            value = [value]
        return value

    check_variables({"a": nest(20), "b": {"c": [0] * 250}}, LIMITS)
    for variables, limit, maximum in (
        ({"a": nest(21)}, "variable_depth", 20),
        ({"a": nest(1_000)}, "variable_depth", 20),
        ({"a": {"b": [0] * 251}}, "list_items", 250),
    ):
        with pytest.raises(QueryTooLarge) as caught:
            check_variables(variables, LIMITS)
        assert caught.value.values == {"limit": limit, "maximum": maximum}


def test_documents_are_kept_within_a_budget():
    documents = Documents(SCHEMA, LIMITS)
    first = documents.operation("{ __typename }", {}, None).document
    assert documents.operation("{ __typename }", {}, None).document is first
    for n in range(50):
        documents.operation(of_tokens(2_000) + " " * n, {}, None)
    assert documents.operation("{ __typename }", {}, None).document is not first


def test_a_kept_document_is_measured_again_where_variables_decide():
    documents = Documents(SCHEMA, LIMITS)
    query = "query ($n: Int) { things(first: $n) { id } }"
    documents.operation(query, {"n": 10}, None)
    with pytest.raises(QueryTooLarge):
        documents.operation(query, {"n": 100_000}, None)
