"""What a query was run with is known, and never that of another viewer, query or instant."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.viewer import Grant, Language, Role, Scope, Viewer
from resolvers.reading import prepared as module
from resolvers.reading.variables import NONE
from tests.unit.test_plans import MANAGER, query, reading

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCOPES = Grant(frozenset(Scope))
VIEWERS = [
    MANAGER,
    *(
        Viewer(
            Role.CUSTOMER,
            UUID(int=number),
            f"Customer {number}",
            Language.NL,
            {UUID(int=100 + number): SCOPES},
        )
        for number in (1, 2)
    ),
]
ID = "QWNjb3VudDowMTk5NGUwOC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="
STATUS = "modules(first: 2) { edges { node { status } } }"
QUERIES = [
    query("{ viewer { name } }"),
    query(f"query ($id: ID!) {{ account(id: $id) {{ {STATUS} }} }}", id=ID),
    query("query ($n: Int) { modules(first: $n) { totalCount } }", n=3),
]
TIMED = QUERIES[1]
INSTANTS = [NOW, NOW + timedelta(seconds=1)]
ASKED = st.tuples(st.sampled_from(QUERIES), st.sampled_from(VIEWERS), st.sampled_from(INSTANTS))


def told(prepared):
    return prepared.statement.text, prepared.arguments, prepared.types


@given(st.lists(ASKED, max_size=20))
def test_it_is_what_would_be_found_out(asked):
    remembering, forgetful = reading(), reading()
    for one, viewer, now in asked:
        forgetful.plans.planned += 1
        expected = forgetful.prepared(one, viewer, now)
        assert told(remembering.prepared(one, viewer, now)) == told(expected)
    assert forgetful.plans.hits + forgetful.plans.misses == len(asked)
    assert remembering.plans.hits + remembering.plans.misses == len(asked)


def test_the_instant_is_that_of_the_request():
    compiled = reading()
    first, second, third = (
        compiled.prepared(TIMED, MANAGER, now).arguments for now in (*INSTANTS, NOW)
    )
    assert [NOW in first, INSTANTS[1] in second, NOW in third] == [True] * 3
    assert first == third != second


def test_nothing_is_found_out_twice(monkeypatch):
    compiled = reading()
    once = compiled.prepared(QUERIES[0], MANAGER, NOW)
    monkeypatch.setattr(compiled, "filled", None)
    assert compiled.prepared(QUERIES[0], MANAGER, NOW) is once
    assert (compiled.plans.hits, compiled.plans.misses) == (1, 1)
    with pytest.raises(TypeError):
        compiled.prepared(QUERIES[0], VIEWERS[1], NOW)


def test_what_was_known_is_forgotten_when_something_is_planned():
    compiled = reading()
    kept = compiled._preparations  # noqa: SLF001
    for asked in QUERIES:
        compiled.prepared(asked, MANAGER, NOW)
        assert kept.known(asked, MANAGER, NOW) is not None
        assert len(kept) == 1
    assert kept.known(QUERIES[0], MANAGER, NOW) is None
    compiled.prepared(QUERIES[0], MANAGER, NOW)
    assert kept.known(QUERIES[0], MANAGER, NOW) is not None
    assert len(kept) == 2
    # As a mutation does, whose answer is planned and not kept here.
    compiled.filled(query("{ viewer { role } }").operation(NONE), MANAGER, NOW)
    assert kept.known(QUERIES[0], MANAGER, NOW) is None


def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    compiled = reading()
    for _ in range(10):
        compiled.prepared(query("{ viewer { name } }"), MANAGER, NOW)
    same = QUERIES[0]
    for number in range(10):
        viewer = Viewer(Role.MANAGER, UUID(int=number), everywhere=SCOPES)
        compiled.prepared(same, viewer, NOW)
        assert len(compiled._preparations) <= 3  # noqa: SLF001
