"""The operator's colour stays readable, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.colour import accent_sheet, contrast, ink_on, is_colour, readable

LIGHT, DARK = (244, 245, 248), (30, 34, 45)
colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_letters_of_a_colour_and_on_it_are_read(colour, ground):
    shown = readable(colour, ground)
    assert contrast(shown, ground) >= 4.5
    assert contrast(ink_on(shown), shown) >= 4.5


def test_a_colour_that_is_readable_stays_as_it_is():
    assert readable((26, 95, 180), LIGHT) == (26, 95, 180)
    assert "--accent: #1a5fb4; --accent-ink: #ffffff" in accent_sheet("#1a5fb4")


@pytest.mark.parametrize(
    ("text", "is_one"), [("#1a5fb4", True), ("#1A5FB4", False), ("red", False)]
)
def test_what_a_colour_is(text, is_one):
    assert is_colour(text) is is_one
