"""Demo accounts from a seed: always the same ones, and sound before the database looks at them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal.demo.catalogue.rows import Catalogue
from portal.demo.people.crowd import COLUMNS, Crowd, Rows
from portal.viewer import Role
from portal.writing.audit import Actor

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MANAGER = Actor(Role.MANAGER, UUID(int=1), "Hanna Vos")


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd(Catalogue(), MANAGER, "a hash", NOW)


def column(rows: Rows, table: str, name: str) -> list:
    index = COLUMNS[table].split().index(name)
    return [row[index] for row in rows[table]]


def test_an_account_is_the_same_however_many_there_are(crowd):
    alone, among = crowd.rows(2, 1), crowd.rows(0, 5)
    assert alone["account"] == [among["account"][2]]
    for table in COLUMNS:
        assert set(map(str, alone[table])) <= set(map(str, among[table]))


def test_days_move_with_the_day_of_the_run():
    catalogue = Catalogue()
    rows = Crowd(catalogue, MANAGER, "a hash", NOW).rows(0, 3)
    later = Crowd(catalogue, MANAGER, "a hash", NOW + timedelta(days=31)).rows(0, 3)
    for table in COLUMNS:
        first = COLUMNS[table].split()[0]
        assert column(later, table, first) == column(rows, table, first)
    assert column(rows, "history_entry", "at")[-1].month == 11
    assert column(later, "history_entry", "at")[-1].month == 12


def test_three_four_and_five_modules_in_turn(crowd):
    rows = crowd.rows(0, 6)
    accounts = column(rows, "account", "id")
    booked = column(rows, "module_subscription", "account_id")
    assert [booked.count(account) for account in accounts] == [3, 4, 5, 3, 4, 5]
    assert set(column(rows, "tariff_period", "module_subscription_id")) == set(
        column(rows, "module_subscription", "id")
    )


def test_a_part_of_them_counts_books_and_agrees(crowd):
    rows = crowd.rows(0, 200)
    booked = set(column(rows, "module_subscription", "id"))
    for table, keys in (
        ("subscription_item_quantity", {"NUMBER", "SIGN"}),
        ("booked_option", {"SATURDAY", "SECOND_LANGUAGE"}),
    ):
        assert set(column(rows, table, "item_key")) == keys
        assert set(column(rows, table, "module_subscription_id")) < booked
    assert set(column(rows, "subscription_item_quantity", "quantity")) == set(range(2, 10))
    kinds, keys = (column(rows, "special_agreement", name) for name in ("kind", "item_key"))
    assert set(zip(kinds, keys, strict=True)) == {("UNIT_PRICE", "BASE"), ("DISCOUNT", None)}
    agreed = set(column(rows, "special_agreement", "account_id"))
    assert len(kinds) == 2 * len(agreed)
    assert 80 < len(agreed) < 120


def test_histories_have_no_gap_and_end_in_what_the_contract_says(crowd):
    rows = crowd.rows(0, 50)
    lengths = column(rows, "account", "history_length")
    assert (min(lengths), max(lengths)) == (10, 14)
    numbers = column(rows, "history_entry", "number")
    assert numbers == [number for length in lengths for number in range(1, length + 1)]
    moments = column(rows, "history_entry", "at")
    assert max(moments) < NOW
    ends = [index for index, number in enumerate(numbers[1:]) if number == 1]
    values = column(rows, "history_value", "after")
    orders = column(rows, "contract", "purchase_order_number")
    assert [values[end] for end in (*ends, -1)] == [f'"{order}"' for order in orders]
    assert column(rows, "contract", "version") == [length + 1 for length in lengths]


def test_every_id_is_a_uuid_of_version_7_of_its_own(crowd):
    rows = crowd.rows(0, 200)
    ids = [id for table in COLUMNS if table != "password" for id in column(rows, table, "id")]
    assert len(set(ids)) == len(ids)
    assert {id.version for id in ids} == {7}
    assert {id.variant for id in ids} == {"specified in RFC 4122"}
