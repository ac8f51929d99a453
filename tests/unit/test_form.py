"""Forms of text: what is stored of what was typed, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import InvalidInput
from portal.rules import form as forms
from portal.rules.form import country, email, iban, time_zone, vat_number


def line(text):
    return forms.line(text, 200)


def lines(text):
    return forms.lines(text, 1000)


def key_of_60(text):
    return forms.key(text, 60)


FORMS = [country, email, iban, line, lines, time_zone, vat_number]
IBAN = "This is not a valid IBAN."
VAT_NUMBER = "This is not a valid VAT number of a country of the European Union."
COUNTRY = "Must be a country code of two letters (ISO 3166-1)."
EMAIL = "This is not an e-mail address."
TIME_ZONE = "This is not a time zone, for example Europe/Amsterdam."
KEY = "A key has letters without accents, digits, and the signs _ . - behind the first one."
LINE = "Must be one line of text without control characters."
INVISIBLE = "Must not have characters that are invisible or turn the direction of reading."
LINES = "Must be text without control characters."


@pytest.mark.parametrize(
    ("form", "typed", "stored"),
    [
        (iban, "NL91ABNA0417164300", "NL91ABNA0417164300"),
        (iban, "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        (iban, "BE31435411161155", "BE31435411161155"),
        (iban, "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (vat_number, "NL004495445B01", "NL004495445B01"),
        (vat_number, "NL002455799B11", "NL002455799B11"),
        (vat_number, "nl 0044.95.445.B01", "NL004495445B01"),
        (vat_number, "BE0403019261", "BE0403019261"),
        (vat_number, "DE 136 695 976", "DE136695976"),
        (country, "NL", "NL"),
        (country, "be", "BE"),
        (email, "Jan.De.Boer@Example.NL", "jan.de.boer@example.nl"),
        (email, "info@bücher.example", "info@bücher.example"),
        (email, "info@xn--bcher-kva.example", "info@bücher.example"),
        (email, "Ren\u0065\u0301e@BU\u0308CHER.example", "renée@bücher.example"),
        (email, "info@\uff42ü\uff43\uff48\uff45\uff52\uff0eexample", "info@bücher.example"),
        (email, " info@bücher.example\n", "info@bücher.example"),
        (time_zone, "Europe/Amsterdam", "Europe/Amsterdam"),
        (time_zone, "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        (time_zone, "UTC", "UTC"),
        (key_of_60, " Telephone_2.a-b ", "Telephone_2.a-b"),
        (key_of_60, "A" * 60, "A" * 60),
        (line, "  Zagerij 12 ", "Zagerij 12"),
        (line, "Ga\u0308rtnerei", "Gärtnerei"),
        (line, "", ""),
        (lines, " Agreed:\r\n\t30 days. \n", "Agreed:\n\t30 days."),
        (lines, "Ga\u0308rtnerei", "Gärtnerei"),
        (line, "  Ga\u0308rtnerei O'Hara-Smit & Zn. ", "Gärtnerei O'Hara-Smit & Zn."),
        # A Persian plural, a Hindi conjunct, a craftswoman, a Hebrew name with a mark of direction.
        (line, "می\u200cشود", "می\u200cشود"),
        (line, "क्\u200dष", "क्\u200dष"),
        (line, "👩\u200d🔧 👩🏽\u200d🔧", "👩\u200d🔧 👩🏽\u200d🔧"),
        (line, "👁\ufe0f\u200d🗨\ufe0f", "👁\ufe0f\u200d🗨\ufe0f"),
        (line, "כהן\u200f (Cohen)", "כהן\u200f (Cohen)"),
    ],
)
def test_a_valid_text_is_stored_in_its_form(form, typed, stored):
    assert form(typed) == stored
    assert form(stored) == stored


@pytest.mark.parametrize(
    ("form", "typed", "message"),
    [
        (iban, "NL92ABNA0417164300", IBAN),
        (iban, "NL56 3003 0A17 1643 00", IBAN),
        (iban, "NL91ABNA041716430", IBAN),
        (iban, "XX91ABNA0417164300", IBAN),
        (iban, "N", IBAN),
        (iban, "NL91ABNA0417164300" * 500, IBAN),
        (iban, "DE8937040044053201300\u0660", IBAN),
        (vat_number, "NL123456789B90", VAT_NUMBER),
        (vat_number, "NL009122746B00", VAT_NUMBER),
        (vat_number, "004495445B01", VAT_NUMBER),
        (vat_number, "GB980780684", VAT_NUMBER),
        (vat_number, "NL", VAT_NUMBER),
        (vat_number, "9" * 10_000, VAT_NUMBER),
        (country, "N", COUNTRY),
        (country, "NLD", COUNTRY),
        (country, "XX", COUNTRY),
        (country, "ß", COUNTRY),
        (country, "ﬁ", COUNTRY),
        (country, "12", COUNTRY),
        (email, "jan", EMAIL),
        (email, "jan@", EMAIL),
        (email, "@example.nl", EMAIL),
        (email, "jan@example.nl, piet@example.nl", EMAIL),
        (email, "Jan <jan@example.nl>", EMAIL),
        (email, "jan@localhost", EMAIL),
        (email, f"{'a' * 10_000}@example.nl", EMAIL),
        (time_zone, "Amsterdam", TIME_ZONE),
        (time_zone, "europe/amsterdam", TIME_ZONE),
        (time_zone, "../../etc/passwd", TIME_ZONE),
        (time_zone, "localtime", TIME_ZONE),
        (time_zone, "Factory", TIME_ZONE),
        (time_zone, "Etc/GMT+12", TIME_ZONE),
        (time_zone, "EST5EDT", TIME_ZONE),
        (time_zone, "CET", TIME_ZONE),
        (key_of_60, "telephone service", KEY),
        (key_of_60, "telefoon-\u00e9\u00e9n", KEY),
        (key_of_60, "<script>", KEY),
        (key_of_60, "-a", KEY),
        (key_of_60, "a/b", KEY),
        (line, "two\nlines", LINE),
        (line, "two\u2028lines", LINE),
        (line, "two\u2029lines", LINE),
        (line, "a\0b", LINE),
        (line, "a\x1bb", LINE),
        (line, "a\x85b", LINE),
        (line, "a\ud800b", LINE),
        *(
            (line, f"V{one}os", INVISIBLE)
            # Overrides, embeddings, isolates and marks of direction.
            for one in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
            # A zero-width space and others that show nothing; joiners that join nothing.
            "\u200b\u2060\ufeff\u00ad\u180e\u2063\U000e0041\u034f\u115f\u3164\uffa0\u2800\u200c\u200d"
        ),
        (line, "כהן\u202e", INVISIBLE),
        (line, "می\u200c", INVISIBLE),
        (line, "\u200dمی", INVISIBLE),
        (line, "ک\u200dV", INVISIBLE),
        (line, "👩\u200c🔧", INVISIBLE),
        (line, "V\u200d🔧", INVISIBLE),
        (lines, "a\0b", LINES),
        (lines, "a\x1bb", LINES),
        (lines, "a\ud800b", LINES),
    ],
)
def test_an_invalid_text_is_refused_in_one_sentence(form, typed, message):
    with pytest.raises(InvalidInput) as refused:
        form(typed)
    assert refused.value.message == message
    assert refused.value.path == ()


@pytest.mark.parametrize("form", FORMS)
@given(
    text=st.one_of(
        st.text(),
        st.text(alphabet="NLBEDFRIT0123456789ABab .-@/\u0130ß²\u0663", max_size=40),
        st.builds(
            "{}{}".format,
            st.sampled_from(["NL", "DE", "BE", "FR", "GR", "EL", "IE", "ES", "EU", "XI"]),
            st.text(max_size=30),
        ),
    )
)
def test_whatever_is_typed_is_stored_once_or_refused(form, text):
    try:
        stored = form(text)
    except InvalidInput:
        return
    assert form(stored) == stored
    assert "\0" not in stored
