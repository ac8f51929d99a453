"""Every sentence for users has its words in every language; `make messages` adds what is new."""

import inspect
import tomllib
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

from portal import errors
from portal.language.messages import CATALOGUES
from portal.viewer import Language

ROOT = Path(__file__).parent.parent.parent
TRANSLATED = sorted(set(Language) - {Language.EN})

pytestmark = pytest.mark.check


@cache
def keywords():
    """Give the names whose calls carry a sentence, as the project's settings have them."""
    return parse_keywords(_mapping()["keywords"])


@cache
def sentences() -> frozenset[str]:
    """Find every sentence in the sources, as `make messages` does."""
    methods = [(pattern, _mapping()["method"]) for pattern in _mapping()["pattern"]]
    found = extract_from_dir(ROOT, methods, keywords=keywords())
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
def _mapping():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (mapping,) = settings["tool"]["babel"]["mappings"]
    return mapping


@cache
def catalogue(language: Language) -> Catalog:
    with (CATALOGUES / f"{language.lower()}.po").open("rb") as file:
        return read_po(file, locale=language.lower(), abort_invalid=True)


def entries(language: Language):
    return [entry for entry in catalogue(language) if entry.id]


def placeholders(sentence: str) -> set[str]:
    return {
        f"{name}!{conversion}:{form}"
        for _text, name, form, conversion in Formatter().parse(sentence)
        if name is not None
    }


def listed(found: Iterable[str]) -> str:
    """Give one sentence on each line, however many: pytest shortens what it compares."""
    return "\n".join(["run `make messages`, then write the words:", *sorted(found)])


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_as_make_messages_writes_it(language: Language):
    """So whoever adds a sentence finds nothing in the difference but the sentence."""
    written = BytesIO()
    write_po(
        written,
        catalogue(language),
        width=None,
        sort_output=True,
        no_location=True,
        omit_header=True,
    )
    assert written.getvalue() == (CATALOGUES / f"{language.lower()}.po").read_bytes()


def test_the_sources_are_read():
    assert {
        "This is not a valid IBAN.",  # raised
        "Another account has this customer number.",  # kept in a constant
        "This needs a right in the account: {scope}.",  # returned
        "Something went wrong here. It is noted as {reference}.",  # translated on the spot
        "Only queries may use GET.",  # the second argument
    } <= sentences()


def test_every_error_carries_sentences():
    known = {
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.PortalError)
    }
    assert known - set(keywords()) == {"PortalError", "Several"}


def test_there_is_a_catalogue_for_each_language():
    assert sorted(path.name for path in CATALOGUES.iterdir()) == ["de.po", "nl.po"]
    assert TRANSLATED == ["DE", "NL"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language):
    translated = {entry.id for entry in entries(language) if entry.string}
    assert not sentences() - translated, listed(sentences() - translated)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_keeps_what_nobody_says(language):
    kept = {entry.id for entry in entries(language)} | set(catalogue(language).obsolete)
    assert not kept - sentences(), listed(kept - sentences())


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_guessed(language):
    guessed = {entry.id for entry in entries(language) if entry.fuzzy}
    assert not guessed, listed(guessed)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_sentences(language):
    differing = {
        entry.id
        for entry in entries(language)
        if entry.string and placeholders(entry.id) != placeholders(entry.string)
    }
    assert not differing, listed(differing)
