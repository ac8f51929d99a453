"""What people read is in their own language, and calls one thing by one word: docs/glossary.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.mail.rendering import FOLDERS, TEMPLATES
from portal.viewer import Language
from tests.unit.test_messages_complete import TRANSLATED, both, entries, sentences

GLOSSARY = Path(__file__).parent.parent.parent / "docs" / "glossary.md"
# What a text says apart from its words: placeholders, and what Jinja does.
NOT_SAID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|\{[^{}]*\}", re.DOTALL)
# English words that are not Dutch, or not German, as well.
COMMON = "the and not has must your with for from which this that every only been are you"
ENGLISH = {Language.NL: COMMON, Language.DE: f"{COMMON} of is to were by or"}
# A law that is named as the sources name it: the law before its number, or "no.".
LAW = re.compile(r"\b(?:BGB|BW|WER) [0-9IVX]|\bno\. ?[0-9]|\([a-z]\)")
# What is written alike in Dutch and English.
ALIKE = {
    *("1 week", "{count} week", "bic", "account", "accounts", "app", "apps", "bytes", "code"),
    *("contract", "details", "name", "per {unit}", "portal", "{count} module"),
    *(
        "document",
        "contact",
        "filter",
        "logo",
        "manager",
        "managers",
        "module",
        "modules",
        "moment",
        "open",
        "status",
        "text",
        "tokens",
        "version",
        "{count} token",
        "{text}",
    ),
    *("{title}: {fault}", "{what}; {nearest}."),
}

pytestmark = pytest.mark.check


def mails(language: Language) -> Iterator[str]:
    for folder in (TEMPLATES, *FOLDERS):
        for path in sorted(folder.glob(f"*.{language.lower()}.txt")):
            yield path.read_text(encoding="utf-8")


def said(language: Language) -> list[str]:
    """Give all that people read in a language, without what stands in for values."""
    if language is Language.EN:
        texts = [*sorted({sentence for sentence, _ in sentences()}), *mails(language)]
    else:
        words = (words for entry in entries(language) for _, words in both(entry))
        texts = [*words, *mails(language)]
    return [NOT_SAID.sub(" ", text) for text in texts]


def english_in(text: str, language: Language) -> list[str]:
    words = "|".join(ENGLISH[language].split())
    return [*re.findall(rf"\b(?:{words})\b", text, re.IGNORECASE), *LAW.findall(text)]


def avoided(language: Language) -> list[str]:
    """Give the words of the last column for a language."""
    rows = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    columns = [part.strip() for row in rows for part in row.strip("|").split("|")[3:]]
    parts = (part.partition(":") for column in columns for part in column.split(";"))
    return [
        word.strip()
        for spoken, _, words in parts
        if spoken.strip() == language.lower()
        for word in words.split(",")
    ]


def others_in(text: str, language: Language) -> list[str]:
    words = "|".join(re.escape(word) for word in avoided(language))
    return re.findall(rf"(?<![\w-])(?:{words})(?:e[nrs]?|n|s)?(?![\w-])", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (Language.NL, "Kies of Cancel the order.", ["the"]),
        (Language.DE, "Ein Ende of the term.", ["of", "the"]),
        (Language.NL, "volgens BGB 309 no. 9", ["BGB 3", "no. 9"]),
        (Language.NL, "§ 309 nr. 9 BGB, artikel 6:236 onder j en 6:237 onder k BW", []),
        (Language.DE, "Was war, § 309 Nr. 9 BGB", []),
    ],
)
def test_what_is_left_of_english_is_found(language, text, found):
    assert sorted(english_in(text, language)) == sorted(found, key=str)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (Language.NL, "Uw Abonnementen en tarieven", ["Abonnementen"]),
        (Language.NL, "de bestelling", []),
        (Language.DE, "Ihr Antrag, des Auftrags", ["Antrag", "Auftrags"]),
        (Language.DE, "beantragt", []),
        (Language.EN, "Your email, your e-mail", ["email"]),
    ],
)
def test_other_words_are_found(language, text, found):
    assert others_in(text, language) == found


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left(language):
    assert [(text, found) for text in said(language) if (found := english_in(text, language))] == []
    alike = {
        sentence.lower()
        for entry in entries(language)
        for sentence, words in both(entry)[:1]
        if sentence == words
    }
    assert alike <= ALIKE


@pytest.mark.parametrize("language", Language)
def test_one_thing_has_one_word(language):
    assert len(avoided(language)) > 5
    assert [(text, found) for text in said(language) if (found := others_in(text, language))] == []
