"""Sentences in the language of who reads them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.errors import translatable
from portal.language.messages import translate
from portal.language.phrase import Money, Phrase, Seconds
from portal.viewer import Language
from portal.web.door.negotiation import language_of


def test_a_sentence_without_a_translation_is_the_english_one_with_its_values():
    sentence = "No catalogue has this: {most}."
    assert [translate(sentence, language, most=3) for language in Language] == [
        "No catalogue has this: 3."
    ] * 3


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.EN, "Must be from 0 to 100."),
        (Language.NL, "Moet 0 tot en met 100 zijn."),
        (Language.DE, "Muss von 0 bis 100 sein."),
    ],
)
def test_a_sentence_is_told_in_the_language_with_its_values(language, sentence):
    assert translate("Must be from 0 to {most}.", language, most=100) == sentence


def test_a_marked_sentence_is_itself():
    assert translatable("Must be from 0 to {most}.") == "Must be from 0 to {most}."


def test_braces_in_a_value_stay_as_they_are():
    assert translate("Name: {name}", Language.EN, name="{0} {x}") == "Name: {0} {x}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "EN"),
        ("", "EN"),
        ("nl", "NL"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "NL"),
        ("de-AT", "DE"),
        ("DE", "DE"),
        ("fr,de;q=0.5", "DE"),
        ("de;q=0.5,nl;q=0.9", "NL"),
        ("nl;q=0.8, en-GB", "EN"),
        ("nl;q=0.8;q=0.1,de;q=0.5", "DE"),
        ("nl;q=0,de;q=0.001", "DE"),
        ("nl;q=0", "EN"),
        ("nl;q=2,de;q=0.1", "DE"),
        ("nl;q=high,de;q=-1", "EN"),
        ("nl;q=nan,de", "DE"),
        ("de;q=0.7,nl;q=0.7", "DE"),
        ("NL-be ; Q=0.3 , fr", "NL"),
        (",;,nl", "NL"),
        ("fr-FR", "EN"),
        ("*", "EN"),
        ("x" * 10_000, "EN"),
        ("é;q=ü,\x00", "EN"),
        (",".join(["fr"] * 334 + ["nl"]), "EN"),
    ],
)
def test_the_language_of_a_header(header, language):
    assert language_of(header) is Language(language)


ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("value", "dutch", "english", "german"),
    [
        (date(2027, 8, 31), "31 augustus 2027", "31 August 2027", "31. August 2027"),
        (
            datetime(2027, 3, 1, 23, 59, 58, tzinfo=ZONE),
            "1 maart 2027, 23:59 CET",
            "1 March 2027, 23:59 CET",
            "1. März 2027, 23:59 MEZ",
        ),
        (True, "Ja", "Yes", "Ja"),
        (False, "Nee", "No", "Nein"),
        (70_000, "70.000", "70,000", "70.000"),
        (Decimal("1234.5"), "1.234,5", "1,234.5", "1.234,5"),
        (Decimal("0.123456"), "0,123456", "0.123456", "0,123456"),
        (Money(Decimal("1234.50")), "€ 1.234,50", "€1,234.50", "1.234,50 €"),
        (Seconds(1), "1 seconde", "1 second", "1 Sekunde"),
        (Seconds(120), "120 seconden", "120 seconds", "120 Sekunden"),
        (Seconds(121), "3 minuten", "3 minutes", "3 Minuten"),
        (Seconds(7200), "120 minuten", "120 minutes", "120 Minuten"),
        (Seconds(7201), "3 uur", "3 hours", "3 Stunden"),
        (Phrase("{count} weeks", {"count": 1000}), "1.000 weken", "1,000 weeks", "1.000 Wochen"),
        (
            (date(2027, 8, 31), "x"),
            "31 augustus 2027, x",
            "31 August 2027, x",
            "31. August 2027, x",
        ),
        ("2027-08-31", "2027-08-31", "2027-08-31", "2027-08-31"),
    ],
)
def test_a_value_is_written_as_its_readers_write(value, dutch, english, german):
    said = [
        translate("No catalogue has this: {x}", language, x=value).replace(
            "\N{NO-BREAK SPACE}", " "
        )
        for language in (Language.NL, Language.EN, Language.DE)
    ]
    assert said == [f"No catalogue has this: {words}" for words in (dutch, english, german)]
