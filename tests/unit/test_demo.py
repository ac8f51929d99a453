"""The demo shows one of everything that can be offered and agreed."""

from random import Random

from portal.demo.catalogue.modules import MODULES
from portal.demo.catalogue.tariffs import TARIFFS
from portal.demo.catalogue.translated import translated
from portal.demo.people.accounts import ACCOUNTS
from portal.demo.people.invention import invented
from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Renewal,
    TermUnit,
    VatCategory,
)
from portal.rules.catalogue.terms_check import check_terms
from portal.rules.modules.module_data import check_module_data
from portal.rules.modules.special_agreement import AgreementKind

TERMS = [offered.terms for offered in TARIFFS.values()]
LINES = [line for offered in TARIFFS.values() for lines in offered.items.values() for line in lines]
OPTIONS = [line for line in LINES if line.is_option]


def test_twelve_tariffs_show_every_kind_of_terms():
    assert len(TARIFFS) == 12
    for terms in TERMS:
        check_terms(terms)
    assert {terms.renewal for terms in TERMS} == {*Renewal}
    assert {terms.ending_day for terms in TERMS} == {*EndingDay}
    assert {terms.initial_term.unit for terms in TERMS} == {*TermUnit}
    assert {terms.notice_period.unit for terms in TERMS} == {*TermUnit}
    assert {terms.initial_term.count == 0 for terms in TERMS} == {True, False}
    assert {terms.notice_period.count == 0 for terms in TERMS} == {True, False}
    for flag in ("change_free_of_notice", "term_continues"):
        assert {getattr(offered, flag) for offered in TARIFFS.values()} == {True, False}
    offers = [offered for offered in TARIFFS.values() if offered.offer_number]
    assert {offered.offer_expires_on is None for offered in offers} == {True, False}
    assert {offered.offer_most_uses is None for offered in offers} == {True, False}


def test_each_module_has_tariffs_to_change_between():
    counted = [offered.module for offered in TARIFFS.values()]
    assert {module: counted.count(module) > 1 for module in MODULES} == dict.fromkeys(MODULES, True)


def test_price_lists_show_every_way_to_bill_and_to_tax():
    assert {line.mode for line in LINES} == {*BillingMode}
    assert {line.basis for line in LINES} == {*BillingBasis}
    assert {line.vat for line in LINES} == {*VatCategory}
    assert {line.exemption is None for line in LINES} == {True, False}
    assert {line.notice is None for line in OPTIONS} == {True, False}


def test_accounts_show_quantities_options_and_agreements():
    booked = [booking for account in ACCOUNTS for booking in account.bookings]
    assert any(booking.quantities for booking in booked)
    options = {(booking.tariff, key) for booking in booked for key in booking.options}
    lines = {
        (tariff, line.key): line
        for tariff, offered in TARIFFS.items()
        for lines in offered.items.values()
        for line in lines
    }
    assert {lines[option].notice is None for option in options} == {True, False}
    agreed = [one for account in ACCOUNTS for one in account.agreed]
    assert {one.kind for one in agreed} == {*AgreementKind}
    assert {one.item_key is None for one in agreed} == {True, False}


def test_what_is_booked_has_the_data_that_its_module_asks_for():
    random = Random(1)  # noqa: S311 -- the same each time
    accounts = [*ACCOUNTS, *(invented(index, random) for index in range(50))]
    for booking in (booking for account in accounts for booking in account.bookings):
        *_, schema = MODULES[booking.module]
        check_module_data(booking.data, schema)


def test_what_is_offered_is_said_in_three_languages():
    texts = {line.name for line in LINES} | {line.unit for line in LINES}
    texts |= {title for offered in TARIFFS.values() for title in offered.items}
    # What is called the same everywhere needs no other word.
    same = {"Plus", "Compact", "Volume", "Project"}
    texts |= {offered.name for offered in TARIFFS.values()} - same
    untold = [text for text in texts if not translated(name=text)["name_translations"]]
    assert untold == []
