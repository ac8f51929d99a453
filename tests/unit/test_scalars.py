"""Days, instants and decimals: each written and read in one form alone."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from graphql import GraphQLError, parse_value
from hypothesis import given
from hypothesis import strategies as st

from schema.root import schema
from schema.scalars import NoDecimal

CORE = schema._schema.type_map  # noqa: SLF001 -- no public name
DATE, INSTANT, DECIMAL = CORE["Date"], CORE["DateTime"], CORE["Decimal"]
NOT_A_DAY = "A Date is written as 2026-12-31."
NOT_AN_INSTANT = "A DateTime is written as 2026-12-31T23:59:59Z."
NOT_A_DECIMAL = 'A Decimal is written as "12.50", with six decimals at most.'


@pytest.mark.parametrize(
    ("scalar", "value", "text"),
    [
        (DATE, date(2026, 12, 31), "2026-12-31"),
        (DATE, date(1, 1, 1), "0001-01-01"),
        (INSTANT, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2026-12-31T23:59:59.000000Z"),
        (
            INSTANT,
            datetime(2026, 1, 1, 0, 30, 0, 7, tzinfo=timezone(timedelta(hours=1))),
            "2025-12-31T23:30:00.000007Z",
        ),
        (DECIMAL, Decimal("249.95"), "249.95"),
        (DECIMAL, Decimal("249.950000"), "249.95"),
        (DECIMAL, Decimal("0.000001"), "0.000001"),
        (DECIMAL, Decimal(2), "2.00"),
        (DECIMAL, Decimal("1E+3"), "1000.00"),
        (DECIMAL, Decimal("-0.5"), "-0.50"),
    ],
)
def test_a_value_is_printed_in_its_one_form(scalar, value, text):
    assert scalar.serialize(value) == text


@pytest.mark.parametrize(
    ("scalar", "text", "value"),
    [
        (DATE, "2026-02-28", date(2026, 2, 28)),
        (INSTANT, "2026-12-31T23:59:59Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (INSTANT, "2026-01-01T00:30:00.5+01:00", datetime(2025, 12, 31, 23, 30, 0, 500_000, UTC)),
        (DECIMAL, "12.50", Decimal("12.50")),
        (DECIMAL, "-3", Decimal(-3)),
        (DECIMAL, 7, Decimal(7)),
        (DECIMAL, "99999999999999.999999", Decimal("99999999999999.999999")),
    ],
)
def test_a_value_is_read_in_variables_and_in_documents(scalar, text, value):
    assert scalar.parse_value(text) == value
    assert scalar.parse_literal(parse_value(json.dumps(text))) == value


@pytest.mark.parametrize(
    ("scalar", "given", "message"),
    [
        *(
            (DATE, given, NOT_A_DAY)
            for given in [
                "2026-02-30",
                "2026-13-01",
                "0000-01-01",
                "2026-W01-1",
                "20260101",
                "2026-1-1",
                "2026-01-01T00:00:00Z",
                " 2026-01-01",
                "2026-01-01\n",
                "2026-01-0\u0661",
                "",
                20260101,
                1.5,
                True,
                ["2026-01-01"],
                {"day": 1},
            ]
        ),
        *(
            (INSTANT, given, NOT_AN_INSTANT)
            for given in [
                "2026-12-31",
                "2026-12-31T23:59:59",
                "2026-02-30T00:00:00Z",
                "2026-W01-1T00:00:00Z",
                "20261231T235959Z",
                "2026-12-31 23:59:59Z",
                "2026-12-31T23:59:59Z\n",
                "0001-01-01T00:00:00+23:59",
                "9999-12-31T23:59:59-23:59",
                "",
                0,
                True,
                None,
            ]
        ),
        *(
            (DECIMAL, given, NOT_A_DECIMAL)
            for given in [12.5, float("nan"), float("inf"), True, [1], None, "1" * 41]
        ),
    ],
)
def test_any_other_form_is_refused(scalar, given, message):
    with pytest.raises(GraphQLError) as refused:
        scalar.parse_value(given)
    assert refused.value.message == message


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "Infinity", "-Infinity", "sNaN", "1e3", "1E-2", "1.0000001"),
        *("1,50", ".5", "1.", "+1", "1_000", " 1", "1\n", "\u0663", "", 10**14),
    ],
)
def test_a_text_that_is_no_decimal_is_left_to_the_input_that_holds_it(text):
    assert DECIMAL.parse_value(text) == NoDecimal(str(text))


@pytest.mark.parametrize(
    ("scalar", "literal"),
    [(DECIMAL, "12.5"), (DATE, "20260101"), (DATE, "[]"), (DECIMAL, "{a: 1}")],
)
def test_a_literal_of_another_kind_is_refused(scalar, literal):
    with pytest.raises(GraphQLError):
        scalar.parse_literal(parse_value(literal))


@given(st.dates())
def test_a_day_is_read_as_it_was_printed(day):
    assert DATE.parse_value(DATE.serialize(day)) == day


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_was_printed(instant):
    assert INSTANT.parse_value(INSTANT.serialize(instant)) == instant


@given(st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=6))
def test_a_decimal_is_read_as_it_was_printed(number):
    assert DECIMAL.parse_value(DECIMAL.serialize(number)) == number
