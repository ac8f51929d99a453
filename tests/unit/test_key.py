"""What names are ordered by, found and told apart by."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.rules.key import folded, number_key, sort_key, unique_key


def test_names_stand_where_people_look_for_them():
    people = ["zwart", "Écluse", "Evers", "de Vries", "(Dekker)", "'t Hoekje", "Østergaard", "Pauw"]
    assert sorted(people, key=sort_key) == [
        *("de Vries", "(Dekker)", "Écluse", "Evers", "Østergaard", "Pauw", "'t Hoekje", "zwart")
    ]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("cafe", "Café Ørsted"),
        ("CAFÉ", "cafe"),
        ("gross", "Groß"),
        ("GROẞ", "gross"),
        ("cafe\u0301", "Café"),
        ("orsted", "Café Ørsted"),
        ("ijssel", "Ĳssel"),
        ("istanbul", "İstanbul"),
        ("'", "'t Hoekje"),
        ("'t h", "Bakker & 't Hoekje"),
        ("t hoek", "'t Hoekje"),
        ("\u2019t hoek", "'t Hoekje"),
        ("% _", "100% _"),
        ("full", "\uff26\uff55\uff4c\uff4c"),
    ],
)
def test_a_name_is_found_however_it_is_typed(asked, name):
    assert folded(asked) in sort_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ä", "a"), ("か", "が"), ("Jansen", "Janssen"), ("ab", "a b"), ("1", "01")],
)
def test_names_that_differ_are_told_apart(one, other):
    assert unique_key(one) != unique_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Verkoop", "VERKOOP"),
        ("Caf\u00e9", "cafe\u0301"),
        ("Groß", "GROSS"),
        ("\uff26\uff55\uff4c\uff4c", "full"),
        ("ﬁn", "FIN"),
        ("a  b", "A\u00a0B"),
    ],
)
def test_names_that_look_alike_are_the_same(one, other):
    assert unique_key(one) == unique_key(other)
    assert number_key(one) == number_key(other)


def test_blanks_of_a_number_do_not_matter():
    assert number_key("desk-2026 08 15") == number_key("DESK-2026 0815") == "desk-20260815"


@given(st.text())
@example("A\u00b4")
def test_a_key_is_its_own_key(text):
    assert folded(folded(text)) == folded(text)
    assert unique_key(unique_key(text)) == unique_key(text)
    assert number_key(number_key(text)) == number_key(text)


@given(st.text(max_size=200))
def test_what_is_folded_is_found(text):
    assert folded(text)[:200] in sort_key(text)


def test_a_key_fits_into_an_index():
    for key in (sort_key, unique_key, number_key):
        assert len(key("\ufdfa" * 200).encode()) <= 2_000
