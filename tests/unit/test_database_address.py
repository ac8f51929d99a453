"""PORTAL_DATABASE_URL in every form that libpq knows."""

import pytest

from portal.database.address import hosts_of, read_address
from portal.database.connection import libpq_options

TARGET = {"target_session_attrs": "read-write"}


@pytest.mark.parametrize(
    ("text", "hosts", "others"),
    [
        ("postgresql://db.internal/portal", [("db.internal", 5432)], {}),
        ("postgres://db.internal:5433/portal", [("db.internal", 5433)], {}),
        ("postgresql:///portal", [(None, 5432)], {}),
        ("postgresql:///portal?host=/run/postgresql", [("/run/postgresql", 5432)], {}),
        ("postgresql:///portal?host=%2Frun&port=5433", [("/run", 5433)], {}),
        ("postgresql://one,two:5433/portal", [("one", 5432), ("two", 5433)], TARGET),
        ("postgresql:///portal?host=one:5433&host=two", [("one", 5433), ("two", 5432)], TARGET),
        ("postgresql:///portal?host=one,two&port=5433", [("one", 5433), ("two", 5433)], TARGET),
        ("postgresql:///portal?host=one,two&port=1,2", [("one", 1), ("two", 2)], TARGET),
        ("postgresql:///portal?host=/a,/b", [("/a", 5432), ("/b", 5432)], TARGET),
        ("postgresql://[::1]:5433,[::2]/portal", [("::1", 5433), ("::2", 5432)], TARGET),
        (
            "postgresql://one,two/portal?target_session_attrs=primary&sslmode=verify-full",
            [("one", 5432), ("two", 5432)],
            {"target_session_attrs": "primary", "ssl": "verify-full"},
        ),
        (
            "postgresql://one/portal?target_session_attrs=any",
            [("one", 5432)],
            {"target_session_attrs": "any"},
        ),
    ],
)
def test_an_address_names_its_hosts(text, hosts, others):
    address = read_address(text)
    assert address.database == "portal"
    assert hosts_of(address) == hosts
    assert {name: address.query[name] for name in {"ssl", *TARGET} & set(address.query)} == others


@pytest.mark.parametrize(
    "text",
    [
        "db.internal",
        "mysql://db/portal",
        "postgresql://db",
        "postgresql://db/portal/other",
        "postgresql://me@db/portal",
        "postgresql://me:secret@one,two/portal",
        "postgresql://db/portal?user=me",
        "postgresql://db/portal?sslmode=maybe",
        "postgresql://db/portal?sslmode=require&sslmode=disable",
        "postgresql://db/portal#x",
        "postgresql://db/portal?host=other",
        "postgresql://one:1,two:x/portal",
        "postgresql://one:0/portal",
        "postgresql://one:65536/portal",
        "postgresql://[::1/portal",
        "postgresql:///portal?host=one,two&port=1,2,3",
        "postgresql:///portal?host=one:1&port=2",
        # What only reads is no use.
        "postgresql://one,two/portal?target_session_attrs=standby",
        "postgresql://one,two/portal?target_session_attrs=prefer-standby",
    ],
)
def test_any_other_address_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  (it says nothing; the setting has its sentence)
        read_address(text)


def test_libpq_is_told_the_same():
    address = read_address("postgresql://one,[::2]:5433/portal?sslmode=require")
    assert libpq_options(address.set(username="portal_worker", password="secret")) == {  # noqa: S106
        "host": "one,::2",
        "port": "5432,5433",
        "user": "portal_worker",
        "password": "secret",
        "dbname": "portal",
        "sslmode": "require",
        "target_session_attrs": "read-write",
        "connect_timeout": "5",
    }
