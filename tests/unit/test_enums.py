"""Enums are published whole: a value without its sentence stops the start."""

from enum import StrEnum

import pytest

from permissions.enums import described


class Shade(StrEnum):
    """An enum of the test's own."""

    DARK = "DARK"
    LIGHT = "LIGHT"


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"DARK": "Dark."}, "LIGHT"),
        ({}, "DARK, LIGHT"),
        ({"DARK": "Dark.", "LIGHT": "Light.", "GREY": "Grey."}, "GREY"),
    ],
)
def test_a_value_without_a_sentence_or_a_sentence_without_a_value_is_named(values, missing):
    with pytest.raises(TypeError) as refused:
        described(Shade, "How light it is.", **values)
    assert str(refused.value) == f"Shade: describe {missing}."


def test_every_value_carries_its_sentence():
    published = described(Shade, "How light it is.", DARK="Dark.", LIGHT="Light.")
    definition = published.__strawberry_definition__
    assert [(value.name, value.description) for value in definition.values] == [
        ("DARK", "Dark."),
        ("LIGHT", "Light."),
    ]
