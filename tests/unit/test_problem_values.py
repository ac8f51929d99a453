"""What the sentence of a fault speaks of is given to programs, whatever it is."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.language.phrase import Money, Named, Phrase, Seconds, Texts, Translated
from portal.rules.modules.notice import Party
from portal.rules.modules.refused_day import refused_day
from portal.viewer import Language
from schema.types.problem_value import named_values


def told(language=Language.EN, **values):
    """Give the pairs of names and values."""
    return [(one.name, one.value) for one in named_values(values, language)]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2027, 8, 31), "2027-08-31"),
        (datetime(2027, 8, 31, 12, tzinfo=UTC), "2027-08-31T12:00:00.000000Z"),
        (1000, "1000"),
        (Seconds(90), "90"),
        (Decimal("0.1"), "0.10"),
        (Money(Decimal("1249.5")), "1249.50"),
        (Party.OPERATOR, "OPERATOR"),
        (Named("iban"), "iban"),
        ("Telefonie", "Telefonie"),
        (Texts({"en": "Terms", "de": "AGB"}), "AGB"),
        (Translated("Telefonie", {"de": "Telefon"}), "Telefon"),
        (True, "true"),
        (None, None),
    ],
)
def test_each_kind_is_written_as_the_schema_writes_it(value, written):
    assert told(Language.DE, last_day=value) == [("lastDay", written)]


def test_what_is_in_a_phrase_a_list_or_a_composite_is_told_too():
    phrase = Phrase("{what} and {other}", {"what": Phrase("{day}", {"day": 1}), "other": 2})
    assert told(both=phrase, keys=["a", "b"], none=[]) == [
        ("day", "1"),
        ("other", "2"),
        ("keys", "a"),
        ("keys", "b"),
    ]
    assert told(present={"city": "Utrecht", "extra": None}) == [
        ("present.city", "Utrecht"),
        ("present.extra", None),
    ]


@pytest.mark.parametrize(
    ("before", "after", "nearest"),
    [
        (date(2027, 3, 31), date(2027, 4, 30), [("before", "2027-03-31"), ("after", "2027-04-30")]),
        (None, date(2027, 4, 30), [("after", "2027-04-30")]),
        (None, None, []),
    ],
)
def test_a_refused_day_has_its_nearest_ones(before, after, nearest):
    refused = refused_day("It cannot end on {day}", date(2027, 4, 2), before, after)
    assert told(**refused.values) == [("day", "2027-04-02"), *nearest]
