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

# What a sentence is known by: itself, and the context where it has one.
Id = tuple[str, str | None]
ROOT = Path(__file__).parent.parent.parent
TRANSLATED = sorted(set(Language) - {Language.EN})

pytestmark = pytest.mark.check


@cache
def keywords():
    """Give the names whose calls in Python carry a sentence, as the project's settings have it."""
    return parse_keywords(_mappings()[0]["keywords"])


@cache
def sentences() -> frozenset[Id]:
    """Find every sentence in the sources, as `make messages` does; of several, the one for one."""
    return frozenset(
        (message[0] if isinstance(message, tuple) else message, context)
        for mapping in _mappings()
        for _file, _line, message, _comments, context in _found(mapping)
    )


def _found(mapping):
    methods = [(pattern, mapping["method"]) for pattern in mapping["pattern"]]
    options = {name: value for name, value in mapping.items() if isinstance(value, str)}
    return extract_from_dir(
        ROOT,
        methods,
        options_map=dict.fromkeys(mapping["pattern"], options),
        keywords=parse_keywords(mapping["keywords"]),
    )


@cache
def _mappings():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["babel"]["mappings"]


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


def id_of(entry) -> Id:
    """Name an entry of a catalogue as the sources do."""
    return entry.id if isinstance(entry.id, str) else entry.id[0], entry.context


def listed(found: Iterable[Id]) -> str:
    """Give one sentence on each line, however many: pytest shortens what it compares."""
    lines = sorted(sentence for sentence, _ in found)
    return "\n".join(["run `make messages`, then write the words:", *lines])


def both(entry) -> list[tuple[str, str]]:
    """Give what an entry says and its words, of one and of several."""
    if isinstance(entry.id, str):
        return [(entry.id, entry.string)]
    return list(zip(entry.id, entry.string, strict=True))


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
        "Skip to the content",  # in a template
        "{count} day left",  # of several
    } <= {sentence for sentence, _ in sentences()}
    assert ("Staff", "a person") in sentences()


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
    translated = {
        id_of(entry) for entry in entries(language) if all(words for _, words in both(entry))
    }
    assert not sentences() - translated, listed(sentences() - translated)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_keeps_what_nobody_says(language):
    kept = {id_of(entry) for entry in entries(language)}
    kept |= {(entry, None) for entry in catalogue(language).obsolete}
    assert not kept - sentences(), listed(kept - sentences())


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_guessed(language):
    guessed = {id_of(entry) for entry in entries(language) if entry.fuzzy}
    assert not guessed, listed(guessed)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_sentences(language):
    differing = {
        id_of(entry)
        for entry in entries(language)
        for sentence, words in both(entry)
        if words and placeholders(sentence) != placeholders(words)
    }
    assert not differing, listed(differing)
