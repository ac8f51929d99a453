"""VAT by group, credit notes that add up to their invoice, numbers and hashes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from portal.rules.address import PartyKind
from portal.rules.billing import number, total
from portal.rules.billing.charge import Basis, foreseen, share_of
from portal.rules.billing.draft import drafts
from portal.rules.billing.number import DocumentKind, Series
from portal.rules.billing.problem import NotBillable, ProblemCode
from portal.rules.billing.settlement import settle
from portal.rules.billing.total import Sum, credit_totals, invoice_totals, key_of
from portal.rules.billing.vat import RATES, TaxCategory, VatGroup, rate_of, vat_group
from portal.rules.catalogue.terms import VatCategory
from portal.rules.contract.vat import VatTreatment
from tests.billing import DUTCH, EVER, item, period, source, taxed

STANDARD, REDUCED = (VatGroup(TaxCategory.S, Decimal(rate)) for rate in (21, 9))
TWENTY = VatGroup(TaxCategory.S, Decimal(20))
NL_STANDARD = Basis(UUID(int=1), VatCategory.STANDARD, None)


@pytest.mark.parametrize(
    ("lines", "net", "vat"),
    [
        ([(TWENTY, "37.50")], "37.50", ["7.50"]),
        ([(TWENTY, "299.33"), (TWENTY, "179.33"), (TWENTY, "99.34")], "578.00", ["115.60"]),
        ([(STANDARD, "0.07")] * 7, "0.49", ["0.10"]),
        (
            [(STANDARD, "249.95"), (STANDARD, "42.90"), (REDUCED, "55.50"), (STANDARD, "15.43")],
            "363.78",
            ["64.74", "5.00"],
        ),
    ],
)
def test_vat_is_worked_out_once_for_each_group(lines, net: str, vat: list[str]) -> None:
    groups = invoice_totals((group, Decimal(amount)) for group, amount in lines)
    assert str(sum(one.net for one in groups)) == net
    assert [str(one.vat) for one in groups] == vat


def test_the_amounts_of_case_20_are_rounded_once() -> None:
    assert str(share_of(Decimal("99.00"), 13, 30)) == "42.90"
    assert str(share_of(1234 * Decimal("0.0125"), 1, 1)) == "15.43"


def test_credit_notes_make_up_the_vat_of_their_invoice() -> None:
    amounts = [Decimal(text) for text in ("68.33", "57.50", "85.00", "68.33")]
    (whole,) = invoice_totals((TWENTY, amount) for amount in amounts)
    assert str(whole.net + whole.vat) == "334.99"
    key, credited = key_of(TWENTY), {}
    vat = []
    for amount in amounts:
        (one,) = credit_totals([(TWENTY, amount)], {key: Sum(whole.net, whole.vat)}, credited)
        before = credited.get(key, total.NONE)
        credited[key] = Sum(before.net + one.net, before.vat + one.vat)
        vat.append(str(one.vat))
    assert vat == ["13.67", "11.50", "17.00", "13.66"]
    assert credited[key] == Sum(whole.net, whole.vat)


@pytest.mark.parametrize(
    ("category", "treatment", "agreed", "expected"),
    [
        ("STANDARD", "STANDARD", None, ("S", 21, None)),
        ("REDUCED", "STANDARD", None, ("S", 9, None)),
        ("ZERO", "STANDARD", None, ("Z", 0, None)),
        ("EXEMPT", "STANDARD", None, ("E", 0, None)),
        ("EXEMPT", "REVERSE_CHARGE", None, ("E", 0, None)),
        ("REDUCED", "REVERSE_CHARGE", None, ("AE", 0, "VATEX-EU-AE")),
        ("STANDARD", "NOT_TAXABLE", None, ("O", 0, "VATEX-EU-O")),
        ("STANDARD", "REVERSE_CHARGE", "STANDARD", ("S", 21, None)),
        ("ZERO", "STANDARD", "REVERSE_CHARGE", ("AE", 0, "VATEX-EU-AE")),
    ],
)
def test_treatment_and_item_say_how_vat_applies(category, treatment, agreed, expected) -> None:
    basis = Basis(None, VatCategory(category), agreed and VatTreatment(agreed))
    parties = replace(DUTCH, treatment=VatTreatment(treatment))
    found = vat_group(basis, parties, date(2026, 5, 5))
    assert (found.category.value, found.rate, found.code) == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seller_has_number": False}, ProblemCode.NO_SELLER_VAT_NUMBER),
        ({"buyer_kind": PartyKind.CONSUMER}, ProblemCode.NO_REVERSE_CHARGE),
        ({"buyer_country": "DE", "buyer_has_number": False}, ProblemCode.NO_REVERSE_CHARGE),
    ],
)
def test_reverse_charge_is_stated_by_numbers(changes, code: ProblemCode) -> None:
    parties = replace(DUTCH, treatment=VatTreatment.REVERSE_CHARGE)
    assert vat_group(NL_STANDARD, replace(parties, buyer_has_number=False), date(2026, 1, 1))
    with pytest.raises(NotBillable) as refused:
        vat_group(NL_STANDARD, replace(parties, **changes), date(2026, 1, 1))
    assert refused.value.code is code


def test_rates_are_those_of_the_day() -> None:
    days = [date(2018, 12, 31), date(2019, 1, 1)]
    assert [rate_of("NL", VatCategory.REDUCED, day) for day in days] == [6, 9]
    days = [date(2020, 6, 30), date(2020, 7, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [rate_of("DE", VatCategory.STANDARD, day) for day in days] == [19, 16, 16, 19]
    for country, day in (("XX", days[0]), ("NL", date(1990, 1, 1))):
        with pytest.raises(NotBillable) as refused:
            rate_of(country, VatCategory.STANDARD, day)
        assert (refused.value.code, refused.value.values["country"]) == (
            ProblemCode.NO_VAT_RATE, country,
        )  # fmt: skip
    assert all(list(one) == sorted(one, key=lambda r: r.since, reverse=True) for one in
               RATES.values())  # fmt: skip


def test_numbers_begin_anew_with_each_year_and_stand_in_series() -> None:
    found = [
        number.number_of(number.series_of(kind, is_test=is_test), 2026, 1)
        for kind in DocumentKind
        for is_test in (False, True)
    ]
    assert found == ["2026-000001", "TEST-2026-000001", "C2026-000001", "TESTC-2026-000001"]
    assert number.number_of(Series.INV, 2027, 1_234_567) == "2027-1234567"


def test_days_of_a_document_are_counted() -> None:
    assert number.due_day(date(2027, 1, 30), 30) == date(2027, 3, 1)
    assert number.retained_until(date(2026, 5, 5)) == date(2033, 12, 31)


def test_a_hash_holds_what_the_document_says_and_all_before_it() -> None:
    first = number.chained(number.FIRST_HASH, "2026-000001", {"b": "é", "a": 1})
    assert first == number.chained(number.FIRST_HASH, "2026-000001", {"a": 1, "b": "é"})
    others = {
        number.chained(number.FIRST_HASH, "2026-000002", {"a": 1, "b": "é"}),
        number.chained(number.FIRST_HASH, "2026-000001", {"a": 2, "b": "é"}),
        number.chained(first, "2026-000001", {"a": 1, "b": "é"}),
    }
    assert len(others - {first}) == 3


def test_no_invoice_is_below_zero():
    day = date(2026, 5, 1)
    target = foreseen([source(period(day, None, item("-5.00")))], day)
    with pytest.raises(NotBillable) as refused:
        list(drafts(settle(target, [], EVER, day), taxed, {}))
    assert refused.value.code is ProblemCode.NEGATIVE_TOTAL
    assert refused.value.values == {"total": Decimal("-6.05")}
