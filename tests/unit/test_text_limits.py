"""No text costs more than it is long: what reads texts is handed none that is beyond its limit."""

import asyncio
import contextlib
import re
import unicodedata

import pytest
import sqlalchemy as sa

from bench.text import WORST
from portal.actions.catalogue import offer
from portal.errors import PortalError
from portal.language import global_id
from portal.login import credentials, one_time_code, seal
from portal.models import Contract, Tariff
from portal.models.base import Base
from portal.rules import form
from portal.rules.form import LONGEST_EMAIL, LONGEST_IBAN, LONGEST_VAT_NUMBER
from portal.rules.modules import module_data
from portal.rules.people import password
from portal.rules.text import LONGEST_DECOMPOSITION, MOST_MARKS, check_marks
from portal.settings.limits import Limits
from portal.writing.changes import apply_changes
from resolvers import given, page
from schema import scalars

LONGEST = Limits.text
OFFER_NUMBER = Tariff.offer_number.type.length
MARKS = "a" + "\u0301" * (LONGEST - 1)
TEXTS = [text(LONGEST) for text in WORST.values()]


class Reader:
    """Stands in for something that reads texts, and keeps the length of the longest."""

    def __init__(self, read):
        self.read = read
        self.longest = 0

    def __call__(self, *given, **named):
        self.longest = max(self.longest, *(len(one) for one in given if hasattr(one, "encode")), 0)
        return self.read(*given, **named)

    def fullmatch(self, text):
        """Read as a regular expression does."""
        return self(text)


@pytest.fixture
def reads(monkeypatch):
    """Put a reader in the place of a function, or of a regular expression."""

    def put(owner, name):
        original = getattr(owner, name)
        reader = Reader(original.fullmatch if isinstance(original, re.Pattern) else original)
        monkeypatch.setattr(owner, name, reader)
        return reader

    return put


def text_columns():
    """Give each column that callers may fill with text, and the longest that it keeps."""
    for mapper in sorted(Base.registry.mappers, key=str):  # a set: each process has its own order
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            length = getattr(column.type, "length", None)
            if isinstance(column.type, sa.String) and length and not column.foreign_keys:
                yield pytest.param(mapper.class_, attribute.key, length, id=str(column))


@pytest.mark.parametrize(("model", "name", "length"), list(text_columns()))
def test_the_form_of_a_column_is_given_no_more_than_the_column_allows(model, name, length, reads):
    normalize = reads(unicodedata, "normalize")
    libraries = [
        (reads(form, "validate_email"), LONGEST_EMAIL),
        (reads(form, "IBAN"), 2 * LONGEST_IBAN),
        (reads(form.vat, "validate"), 2 * LONGEST_VAT_NUMBER),
        (reads(form.pycountry.countries, "get"), 2),
    ]
    for text in TEXTS:
        with contextlib.suppress(PortalError):
            apply_changes(model(), {name: text})
    assert normalize.longest <= LONGEST_DECOMPOSITION * length
    assert [(reader.longest, most) for reader, most in libraries if reader.longest > most] == []


def test_a_list_of_recipients_is_counted_before_any_is_looked_at(reads):
    validate = reads(form, "validate_email")
    for recipients, path in (
        (["a@b.example"] * 21, "recipients"),
        ([MARKS] * 20, "0"),
    ):
        delivery = {"recipients": recipients, "mode": "LINK"}
        with pytest.raises(PortalError) as caught:
            apply_changes(Contract(), {"document_delivery": delivery})
        assert caught.value.problems[0].path[-1] == path
    assert validate.longest == 0


# What else reads a text, who reads it, and how much of it at most.
OTHERS = {
    "search": (
        given.pattern_to_find,
        [(unicodedata, "normalize", LONGEST_DECOMPOSITION * given.LONGEST_SEARCH)],
    ),
    "value of a filter": (
        given.text_to_find,
        [(unicodedata, "normalize", LONGEST_DECOMPOSITION * given.LONGEST_SEARCH)],
    ),
    "offer number": (
        lambda text: asyncio.run(offer.by_number(None, None, text, None)),
        [(unicodedata, "normalize", LONGEST_DECOMPOSITION * OFFER_NUMBER)],
    ),
    "reason": (
        lambda text: given.reason_in(type("Input", (), {"reason": text})),
        [(unicodedata, "normalize", LONGEST_DECOMPOSITION * given.LONGEST_REASON)],
    ),
    "email": (
        credentials.known_form,
        [
            (unicodedata, "normalize", LONGEST_DECOMPOSITION * LONGEST_EMAIL),
            (form, "validate_email", LONGEST_EMAIL),
        ],
    ),
    "IBAN": (form.iban, [(form, "IBAN", 2 * LONGEST_IBAN)]),
    "VAT number": (form.vat_number, [(form.vat, "validate", 2 * LONGEST_VAT_NUMBER)]),
    "country": (form.country, [(form.pycountry.countries, "get", 2)]),
    "new password": (
        lambda text: password.password(text, "a@b.example"),
        [(unicodedata, "category", 1), (unicodedata, "normalize", password.LONGEST)],
    ),
    "day": (scalars.SCALARS[scalars.date].parse_value, [(scalars, "_DAY", scalars.LONGEST)]),
    "instant": (
        scalars.SCALARS[scalars.datetime].parse_value,
        [(scalars, "_INSTANT", scalars.LONGEST)],
    ),
    "decimal": (
        scalars.SCALARS[scalars.Decimal].parse_value,
        [(scalars, "_DECIMAL", scalars.LONGEST)],
    ),
    "id": (global_id.decode, [(global_id, "b64decode", global_id.LONGEST)]),
    "cursor": (
        lambda text: page.values_of_cursor(text, [str], "after"),
        [(page, "b64decode", page.LONGEST_CURSOR)],
    ),
    "code": (one_time_code.code_form, [(unicodedata, "normalize", 0)]),
    "preview token": (
        lambda text: seal.Seal("secret").open(text),
        [(seal.URLSafeSerializer, "loads", seal.LONGEST)],
    ),
    "module data": (
        lambda text: module_data.check_module_data({"a": text}, {}),
        [(module_data, "Validator", 0), (unicodedata, "normalize", 0)],
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_reads_a_text_is_given_no_more_than_its_limit(what, reads):
    take, readers = OTHERS[what]
    watched = [(reads(owner, name), name, most) for owner, name, most in readers]
    for text in TEXTS:
        with contextlib.suppress(Exception):
            take(text)
    assert [(name, reader.longest) for reader, name, most in watched if reader.longest > most] == []


def test_marks_are_counted_on_one_letter():
    many = "\u0301" * MOST_MARKS
    check_marks(f"a{many}b{many}")
    check_marks("\u0f73" * (MOST_MARKS // 2))
    for text in (f"a{many}\u0327", f"á{many}", "\u0f73" * (MOST_MARKS // 2 + 1)):
        with pytest.raises(PortalError, match="accents"):
            check_marks(text)
