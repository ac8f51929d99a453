"""Values are written as their readers write them."""

import pytest

from portal.pages.speaking import filters_in
from portal.viewer import Language

pytestmark = pytest.mark.check


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.NL, "15 januari 2026, 10:30"),
        (Language.EN, "15 January 2026, 10:30"),
        (Language.DE, "15. Januar 2026, 10:30"),
    ],
)
def test_an_instant_is_in_the_zone_and_the_words_of_its_reader(language, words):
    moment = filters_in(language)["moment"]
    assert moment("2026-01-15T09:30:00+00:00", "Europe/Amsterdam") == words
