"""What the operator writes is read in the reader's language, or else in its own."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.errors import PortalError
from portal.language.global_id import encode
from portal.language.messages import said
from portal.language.phrase import Translated
from portal.settings.settings import Settings
from portal.viewer import Language, Role
from portal.writing.changes import apply_changes
from tests import factories
from tests.api.asking import api_of, own_client
from tests.saying import sentence


@pytest.fixture(params=["standard_api", "compiled_api"])
def lane(request):
    """Each of the two ways to an answer."""
    return request.getfixturevalue(request.param)


PAGE = """query ($id: ID!) { node(id: $id) { ... on Module {
  name { value language __typename } words: description { language text: value }
  tariffs { edges { node { name { value language }
    priceList { sections { title { value } items { name { value } unit { value language } } } }
  } } }
} } }"""


def offered(**values):
    """Give a module in three languages, and its tariff in two."""
    word = factories.word()
    module = factories.module(
        name=f"Telefoon {word}",
        name_translations={"de": f"Fernsprecher {word}", "en": f"Telephone {word}"},
        description="Wij nemen op.",
        description_translations={"en": "We answer."},
        **values,
    )
    tariff = factories.tariff(module, name="Basis", name_translations={"en": "Basic"})
    version = factories.tariff_version(tariff)
    section = factories.section(version, title="Vast", title_translations={"en": "Fixed"})
    item = factories.item(
        section, name="Bedrag", unit="maand", unit_translations={"en": "month", "de": "Monat"}
    )
    return word, module, [module, tariff, version, section, item]


def reader(language):
    person = factories.person(language=language)
    token, credential = factories.credential(Role.MANAGER, person)
    return token, [person, factories.staff(person), credential]


def text(value, language):
    return {"value": value, "language": language}


@pytest.mark.parametrize(
    ("language", "name", "words", "tariff", "section", "unit"),
    [
        ("NL", "Telefoon", "Wij nemen op.", "Basis", "Vast", "maand"),
        ("EN", "Telephone", "We answer.", "Basic", "Fixed", "month"),
        ("DE", "Fernsprecher", None, None, None, "Monat"),
    ],
)
async def test_each_reader_has_its_own_words_or_else_the_operators(
    lane, write, language, name, words, tariff, section, unit
):
    word, module, rows = offered()
    token, people = reader(Language(language))
    await write(*rows, *people)
    answer = await lane(PAGE, token, id=encode("Module", module.id))
    (edge,) = answer["data"]["node"].pop("tariffs")["edges"]
    assert answer["data"]["node"] == {
        "name": {**text(f"{name} {word}", language), "__typename": "Text"},
        "words": {
            "language": language if words else "NL",
            "text": words or "Wij nemen op.",
        },
    }
    assert edge["node"] == {
        "name": text(tariff or "Basis", language if tariff else "NL"),
        "priceList": {
            "sections": [
                {
                    "title": {"value": section or "Vast"},
                    "items": [{"name": {"value": "Bedrag"}, "unit": text(unit, language)}],
                }
            ]
        },
    }


WRITTEN = """query ($id: ID!) { node(id: $id) { ... on Module {
  name { original nl de en } description { ...written value }
} } } fragment written on Text { original nl de en }"""


async def test_whoever_edits_a_text_reads_all_that_was_written(lane, write):
    word, module, rows = offered()
    token, people = reader(Language.EN)
    await write(*rows, *people)
    answer = await lane(WRITTEN, token, id=encode("Module", module.id))
    assert answer["data"]["node"] == {
        "name": {
            "original": f"Telefoon {word}",
            "nl": None,
            "de": f"Fernsprecher {word}",
            "en": f"Telephone {word}",
        },
        "description": {
            "original": "Wij nemen op.",
            "nl": None,
            "de": None,
            "en": "We answer.",
            "value": "We answer.",
        },
    }


async def test_the_operator_may_write_in_another_language(addresses, write):
    _, module, rows = offered()
    token, people = reader(Language.DE)
    await write(*rows, *people)
    for compiled in (True, False):
        settings = Settings(language="de", compiled_reading=compiled)
        async with own_client(settings, addresses) as client:
            answer = await api_of(client)(PAGE, token, id=encode("Module", module.id))
        (edge,) = answer["data"]["node"]["tariffs"]["edges"]
        assert edge["node"]["name"] == text("Basis", "DE")


async def test_a_search_finds_the_readers_words_and_the_operators(lane, write):
    word, module, rows = offered()
    token, people = reader(Language.DE)
    customer = factories.person(language=Language.DE)
    account, owner = factories.account(customer)
    subscription = factories.module_subscription(account.id, module)
    period = factories.tariff_period(subscription, rows[1])
    await write(*rows, *people, customer, account, owner, subscription, period)
    found = """query ($id: ID!, $text: String) {
      modules(search: $text) { totalCount }
      account(id: $id) { modules(search: $text) { totalCount } } }"""
    for sought, count in (
        (f"FERNSPRÉCHER {word}", 1),
        (f"telefoon {word}", 1),
        (f"phone {word}", 0),
    ):
        answer = await lane(found, token, id=encode("Account", account.id), text=sought)
        assert answer["data"] == {
            "modules": {"totalCount": count},
            "account": {"modules": {"totalCount": count}},
        }


async def test_the_name_of_a_period_and_of_what_the_history_tells_follows_the_reader(lane, write):
    _, module, rows = offered()
    token, people = reader(Language.EN)
    customer = factories.person()
    account, owner = factories.account(customer)
    subscription = factories.module_subscription(account.id, module)
    period = factories.tariff_period(subscription, rows[1])
    await write(*rows, *people, customer, account, owner, subscription, period)
    answer = await lane(
        "query ($id: ID!) { node(id: $id) { ... on TariffPeriod { name { value language } } } }",
        token,
        id=encode("TariffPeriod", period.id),
    )
    assert answer["data"]["node"] == {"name": text("Basic", "EN")}


@pytest.mark.parametrize(
    "translations",
    [
        '{"fr": "Téléphone"}',
        '{"nl": ""}',
        '{"nl": 1}',
        '{"nl": null}',
        '["nl"]',
        '{"nl": "%s"}' % ("x" * 201),
    ],
)
async def test_the_database_takes_no_other_translations(superuser, write, translations):
    _, module, rows = offered()
    await write(*rows)
    with pytest.raises(IntegrityError, match="ck_module_name_translations"):
        async with superuser.begin() as connection:
            await connection.execute(
                sa.text("UPDATE module SET name_translations = CAST(:to AS jsonb) WHERE id = :id"),
                {"to": translations, "id": module.id},
            )


def test_a_text_is_sent_whole_and_each_fault_has_its_path():
    module = factories.module(name_translations={"de": "Alt"})
    apply_changes(module, {"name": {"value": " Post ", "en": "Mail", "nl": " "}})
    assert (module.name, module.name_translations) == ("Post", {"en": "Mail"})
    assert (module.sort_name, module.sort_name_translations) == ("post", {"en": "mail"})
    with pytest.raises(PortalError) as refused:
        apply_changes(module, {"name": {"value": "", "de": "x" * 201, "en": "a\u200bb"}})
    assert [(fault.path, sentence(fault)) for fault in refused.value.problems] == [
        (("input", "name", "value"), "Must not be empty."),
        (
            ("input", "name", "en"),
            "Must not have characters that are invisible or turn the direction of reading.",
        ),
        (("input", "name", "de"), "May have at most 200 characters."),
    ]


def test_sentences_and_mails_say_it_in_the_language_of_their_reader():
    name = Translated("Telefoon", {"de": "Fernsprecher"})
    assert [said(name, language) for language in Language] == [
        "Telefoon",
        "Telefoon",
        "Fernsprecher",
    ]
