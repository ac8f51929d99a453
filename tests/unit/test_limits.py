"""Limits on documents, exact at n and n + 1, and the linear walk that measures them."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse

from portal.errors import Code, QueryTooLarge
from portal.settings.limits import Limits
from portal.web.graphql.document import DocumentRefused, Documents
from portal.web.graphql.measurement import Measurement, measure
from portal.web.graphql.size import Size
from portal.web.graphql.variables import check_variables
from schema.root import schema
from schema.verb import is_guarded

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


def walked(source: str, variables: dict[str, object] | None = None, **limits: int) -> Measurement:
    return measure(parse(source), SCHEMA, variables or {}, None, Limits(**limits))


def measured(source: str, variables: dict[str, object] | None = None, **limits: int) -> Size:
    return walked(source, variables, **limits).size


def refused(source: str, variables: dict[str, object] | None = None, **limits: int):
    with pytest.raises(QueryTooLarge) as caught:
        measured(source, variables, **limits)
    return caught.value.values


def prepared(source: str, schema: GraphQLSchema = SCHEMA):
    return Documents(schema, LIMITS).operation(source, {}, None)


def test_depth_is_exact():
    assert measured(deep(14)).depth == 14
    assert refused(deep(15)) == {"limit": "depth", "maximum": 14}


def test_depth_runs_through_fragments():
    spread = "{ thing { ...A } } fragment A on Thing { ... on Thing { ...B } }"
    assert measured(f"{spread} fragment B on Thing {{ thing {{ id }} }}").depth == 3
    assert refused(f"{spread} fragment B on Thing {{ thing {{ id }} }}", depth=2) == {
        "limit": "depth",
        "maximum": 2,
    }


def test_aliases_are_counted_wherever_they_are_spread():
    twice = "{ thing { ...A } a: thing { ...A } } fragment A on Thing { b: id c: id }"
    assert measured(twice).aliases == 5


def test_cost_is_exact():
    # 1 + 100 x (1 + 99 x (1 + 9)) + 899 = 100 000.
    rows = "things(first: 100) { things(first: 99) { things(first: 9) { id } } }"
    rest = "things(first: 99) { things(first: 9) { id } } "
    assert measured(f"{{ {rows} }}").cost == 1 + 100 * (1 + 99 * (1 + 9))
    assert refused(f"{{ {rows} a: {rest} }}") == {
        "limit": "cost",
        "cost": 100_092,
        "maximum": 100_000,
    }
    assert measured("{ things(first: 3) { id } }", cost=4).cost == 4
    assert refused("{ things(first: 3) { id } thing }", cost=4) == {
        "limit": "cost",
        "cost": 5,
        "maximum": 4,
    }


def many(count: int, piece: str) -> str:
    """A piece so many times over, its number in place of N."""
    return " ".join(piece.replace("N", str(n)) for n in range(count))


EXACT: list[tuple[str, int, Callable[[int], str]]] = [
    ("root_fields", 20, lambda n: f"{{ {many(n, 'fN')} }}"),
    (
        "root_fields",
        20,
        lambda n: (
            f"{{ ...F ... {{ {many(n - 10, 'fN')} }} }} fragment F on Query {{ "
            + many(10, "gN")
            + " }"
        ),
    ),
    ("fields", 1_000, lambda n: f"{{ thing {{ {many(n - 1, 'fN')} }} }}"),
    (
        "fields",
        1_000,
        lambda n: (
            "{ t0 { ...F } t1 { ...F } t2 { "
            + many(n - 503, "gN")
            + f" }} }} fragment F on Thing {{ {many(250, 'fN')} }}"
        ),
    ),
    ("equal_names", 10, lambda n: f"{{ {many(n, 'thing { id }')} }}"),
    ("equal_names", 10, lambda n: f"{{ thing {{ {many(n, 'id')} }} }}"),
    ("equal_names", 10, lambda n: f"{{ thing {{ {many(n - 1, 'id')} }} thing {{ id }} }}"),
    (
        "equal_names",
        10,
        lambda n: (
            f"{{ thing {{ ...F ... on Thing {{ {many(n - 5, 'id')} }} }} }}"
            " fragment F on Thing { id id id ...G } fragment G on Thing { id id }"
        ),
    ),
    ("aliases", 30, lambda n: f"{{ thing {{ {many(n, 'aN: id')} }} }}"),
    ("directives", 20, lambda n: f"{{ thing {{ {many(n, 'fN @a')} }} }}"),
    ("directives", 20, lambda n: f"{{ thing {many(n, '@a')} {{ id }} }}"),
    ("directives", 20, lambda n: f"query {many(n, '@a')} {{ id }}"),
    ("directives", 20, lambda n: f"query ($a: Int {many(n, '@a')}) {{ id }}"),
    (
        "directives",
        20,
        lambda n: (
            "{ a { ...F @a } b { ...F @a ... @a { id } } "
            + many(n - 7, "fN @a")
            + " } fragment F on Thing @a { id @a }"
        ),
    ),
    ("operations", 10, lambda n: many(n, "query QN { id }")),
    ("fragments", 60, lambda n: "{ id } " + many(n, "fragment FN on Thing { id }")),
    ("page", 100, lambda n: f"{{ things(first: {n}) {{ id }} }}"),
    ("page", 100, lambda n: f"{{ things(last: {n}) {{ id }} }}"),
    ("page", 100, lambda n: f"query ($n: Int = {n}) {{ things(last: $n) {{ id }} }}"),
    ("list_items", 250, lambda n: f"{{ nodes(ids: [{'1 ' * n}]) {{ id }} }}"),
    ("list_items", 250, lambda n: f"{{ a(b: {{c: [[{'1 ' * n}]]}}) }}"),
    ("list_items", 250, lambda n: f"{{ a @a(b: [{'1 ' * n}]) }}"),
    ("list_items", 250, lambda n: f"query ($a: [ID] = [{'1 ' * n}]) {{ a }}"),
]


@pytest.mark.parametrize(
    ("limit", "most", "document"),
    EXACT,
    ids=[f"{limit}-{number}" for number, (limit, *_) in enumerate(EXACT)],
)
def test_every_limit_is_exact(limit: str, most: int, document: Callable[[int], str]):
    assert getattr(LIMITS, limit) == most
    assert measured(document(most))
    assert refused(document(most + 1)) == {"limit": limit, "maximum": most}


@pytest.mark.parametrize("limit", ["fields", "equal_names", "aliases", "directives", "depth"])
def test_what_does_not_run_keeps_the_limits_too(limit: str):
    too_large = "thing { a: id @a id id thing { id } }"
    small = {"fields": 4, "equal_names": 1, "aliases": 0, "directives": 0, "depth": 2}[limit]
    for document in (
        f"query A {{ id }} query B {{ {too_large} }}",
        f"query A {{ id }} fragment F on Query {{ {too_large} }}",
    ):
        chosen = Limits(**{limit: small})
        with pytest.raises(QueryTooLarge) as caught:
            measure(parse(document), SCHEMA, {}, "A", chosen)
        assert caught.value.values == {"limit": limit, "maximum": small}


def test_one_guarded_mutation_in_a_request():
    def document(*names: str) -> str:
        return "mutation { " + " ".join(f"a{n}: {name}" for n, name in enumerate(names)) + " }"

    portal = schema._schema  # noqa: SLF001 -- no public name
    guarded = [name for name, field in portal.mutation_type.fields.items() if is_guarded(field)]
    assert guarded == [
        "acceptInvitation",
        "registerAccount",
        "confirmRegistration",
        "requestPasswordReset",
        "resetPassword",
        "changePassword",
        "deleteProfile",
    ]
    assert measure(
        parse(document("changePassword", "updateProfile", "updateProfile")),
        portal,
        {},
        None,
        LIMITS,
    )
    spread = "mutation { ...F changePassword } fragment F on Mutation { ... { resetPassword } }"
    for twice in (document("changePassword", "changePassword"), spread):
        with pytest.raises(QueryTooLarge) as caught:
            measure(parse(twice), portal, {}, None, LIMITS)
        assert caught.value.values == {"limit": "guarded_mutations", "maximum": 1}


def test_comments_are_exact():
    assert prepared("#\n" * 50 + "{ __typename }")
    with pytest.raises(QueryTooLarge) as caught:
        prepared("#\n" * 51 + "{ __typename }")
    assert caught.value.values == {"limit": "comments", "maximum": 50}


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


@pytest.mark.parametrize("size", ["9" * 10, "9" * 40])
def test_a_page_of_any_size_is_read_safely(size: str):
    assert refused(f"{{ things(first: {size}) {{ id }} }}")["limit"] == "page"


@pytest.mark.parametrize("size", [10**9, 10**30, 1e300])
def test_a_page_in_a_variable_counts_too(size: float):
    query = "query ($n: Int) { things(first: $n) { id } }"
    assert refused(query, {"n": size})["limit"] == "page"


def test_fragments_that_double_are_walked_once_each():
    def document(count: int) -> str:
        chain = (
            f"fragment F{n} on Thing {{ ...F{n + 1} thing {{ ...F{n + 1} }} }}"
            for n in range(count)
        )
        return "{ thing { ...F0 } }" + "".join(chain) + f"fragment F{count} on Thing {{ id }}"

    # Two selections of the query, three of each link, one at the end.
    assert walked(document(8), equal_names=10**6).visited == 2 + 3 * 8 + 1
    assert refused(document(59), depth=100, equal_names=10**6) == {
        "limit": "fields",
        "maximum": 1_000,
    }


def test_fragment_cycles_end_and_validation_refuses_them():
    cycle = "{ thing { ...A } } fragment A on Thing { ...B } fragment B on Thing { id ...A }"
    assert measured(cycle).depth == 2
    with pytest.raises(DocumentRefused) as caught:
        prepared(cycle)
    assert caught.value.code is Code.GRAPHQL_VALIDATION_FAILED


def test_an_unknown_fragment_is_left_to_validation():
    assert measured("{ thing { ...Missing } }").cost == 1


def test_only_the_operation_that_runs_has_a_cost():
    document = parse("query A { thing { id } } query B { things(first: 99) { id } }")
    limits = Limits(cost=50)
    assert measure(document, SCHEMA, {}, "A", limits).size.cost == 2
    assert measure(document, SCHEMA, {}, "C", limits).size.cost == 0
    with pytest.raises(QueryTooLarge):
        measure(document, SCHEMA, {}, "B", limits)


def test_the_variables_that_decided_a_size_are_named():
    assert walked("{ things(first: 3) { id } }").sized_by == set()
    sized = walked("query ($n: Int, $id: ID) { things(first: $n) { id } thing(id: $id) { id } }")
    assert sized.sized_by == {"n"}


def test_a_kept_document_costs_what_its_variables_say():
    documents = Documents(SCHEMA, LIMITS)
    source = "query ($n: Int = 5, $m: Int) { things(first: $n) { id } b: things(last: $m) { id } }"
    given = [{}, {"n": 7}, {"n": None}, {"n": 7.0}, {"n": True}, {"n": [1] * 7}, {"m": 7}]
    costs = [documents.operation(source, variables, None).cost for variables in given * 2]
    assert costs == [27, 29, 42, 29, 42, 42, 14] * 2
    with pytest.raises(QueryTooLarge):
        documents.operation(source, {"n": 101}, None)


def test_source_is_exact():
    assert prepared("{ __typename }".ljust(50_000))
    with pytest.raises(QueryTooLarge) as caught:
        prepared("{ __typename }".ljust(50_001))
    assert caught.value.values == {"limit": "source", "maximum": 50_000}


def of_tokens(count: int) -> str:
    """A query of exactly so many tokens; a comment is none."""
    around, of_one, each = 2, 12, 200
    lists = (count - around) // (of_one + each)
    last = (count - around) % (of_one + each) - of_one
    sizes = (*[each] * lists, last)
    fields = (f"a{n}: nodes(ids: [{'1 ' * size}]) {{ id }}" for n, size in enumerate(sizes))
    return f"{{ {' '.join(fields)} }} # a comment"


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
    links = 59
    chain = "".join(f"fragment F{n} on Thing{{...F{n + 1}}}" for n in range(links))
    source = "{thing{...F0}}" + chain + f"fragment F{links} on Thing{{id}}"
    assert walked(source).visited == 2 + links + 1
    with pytest.raises(QueryTooLarge) as caught:
        prepared(source.replace("{id}", "{id} fragment F on Thing{id}"))
    assert caught.value.values == {"limit": "fragments", "maximum": 60}


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

    whole = schema._schema  # noqa: SLF001 -- no public name
    for count, allowed in ((2, True), (3, False)):
        with nullcontext() if allowed else pytest.raises(QueryTooLarge):
            measure(parse(lists(count)), whole, {}, None, Limits())
    assert measured(chain(20)).introspection_depth == 20
    assert refused(chain(21)) == {"limit": "introspection_depth", "maximum": 20}


@pytest.mark.parametrize(
    "document",
    [
        '{ a(b: "TEXT") }',
        '{ a(b: {c: ["TEXT"]}) }',
        '{ a @a(b: """TEXT""") }',
        'query ($a: ID = "TEXT") { a }',
        'fragment A on Thing { a(b: "TEXT") } { id }',
    ],
)
def test_a_text_in_a_document_is_limited(document):
    measured(document.replace("TEXT", "x" * 30), text=30)
    assert refused(document.replace("TEXT", "x" * 31), text=30) == {"limit": "text", "maximum": 30}


def test_variables_are_limited():
    def nest(depth: int) -> object:
        value: object = 1
        for _ in range(depth):
            value = [value]
        return value

    check_variables({"a": nest(20), "b": {"c": [0] * 250}}, LIMITS)
    check_variables(dict.fromkeys(map(str, range(10_000))), LIMITS)
    check_variables({"a": ["x" * 70_000]}, LIMITS)
    for variables, limit, maximum in (
        ({"a": nest(21)}, "variable_depth", 20),
        ({"a": nest(1_000)}, "variable_depth", 20),
        ({"a": {"b": [0] * 251}}, "list_items", 250),
        (dict.fromkeys(map(str, range(10_001))), "variable_values", 10_000),
        ({"a": {"b": ["x" * 70_001]}}, "text", 70_000),
        ({"a": {"x" * 70_001: 1}}, "text", 70_000),
    ):
        with pytest.raises(QueryTooLarge) as caught:
            check_variables(variables, LIMITS)
        assert caught.value.values == {"limit": limit, "maximum": maximum}


def test_documents_are_kept_within_a_budget():
    documents = Documents(SCHEMA, LIMITS)
    first = documents.operation("{ __typename }", {}, None).query.document
    assert documents.operation("{ __typename }", {}, None).query.document is first
    for n in range(25):
        documents.operation(of_tokens(2_000) + " " * n, {}, None)
    assert documents.operation("{ __typename }", {}, None).query.document is not first


def test_no_kept_document_is_a_circle():
    # Else what is dropped would stay until a whole collection of garbage, which takes long.
    document = Documents(SCHEMA, LIMITS).operation("{ things { id } }", {}, None).query.document
    (operation,) = document.definitions
    for node in (document, operation, *operation.selection_set.selections):
        for token in (node.loc.start_token, node.loc.end_token):
            assert (token.prev, token.next) == (None, None)
    assert operation.selection_set.loc.start == 0


def test_a_kept_document_is_measured_again_where_variables_decide():
    documents = Documents(SCHEMA, LIMITS)
    query = "query ($n: Int) { things(first: $n) { id } }"
    documents.operation(query, {"n": 10}, None)
    with pytest.raises(QueryTooLarge):
        documents.operation(query, {"n": 100_000}, None)
