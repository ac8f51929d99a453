"""``portal init``: a new portal gets its operator and its catalogue from one file, or asks."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy import create_engine

from portal import clock
from portal.database.addresses import Addresses
from portal.embedded import EmbeddedPostgres
from portal.language.messages import day
from portal.rules.calendar import local_day
from portal.viewer import Language
from tests.command_line import environment, migrated, portal, settings

__all__ = ["environment", "migrated"]

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
UNKNOWN = (
    "This is none of the files that are taken, or not a whole one: CSV, PDF, PNG, JPEG. A CSV is"
    " text in UTF-8."
)
EXAMPLE = Path(__file__).parents[3] / "docs" / "deploy" / "operator.yaml"
COUNTED = sa.text(
    "SELECT (SELECT count(*) FROM operator_profile), (SELECT count(*) FROM general_payment_terms),"
    " (SELECT count(*) FROM consent_document), (SELECT count(*) FROM module),"
    " (SELECT count(*) FROM tariff), (SELECT count(*) FROM item),"
    " (SELECT count(*) FROM tariff_version WHERE published_at IS NOT NULL),"
    " (SELECT count(*) FROM operator_history WHERE action = 'portal init')"
)
NOTHING = (0,) * 8


TODAY = day(local_day(clock.now(), clock.OPERATOR_ZONE), Language.EN)
PAST = f"Must be today, {TODAY}, or a later day: what held before stays as it was."


def written(folder, *changes):
    """Write the example with changes, each of which is one."""
    text = EXAMPLE.read_text("utf-8")
    for good, bad in changes:
        assert text.count(good) == 1, good
        text = text.replace(good, bad)
    file = folder / "operator.yaml"
    file.write_text(text, "utf-8")
    return file


def refusal(environment, file):
    """Give the lines in which a file is refused."""
    status, output, complaint = portal(environment, "init", str(file))
    assert (status, output) == (1, "")
    return [line.strip() for line in complaint.removeprefix("portal: ").splitlines()]


@pytest.fixture
def counts(migrated, cluster: EmbeddedPostgres, worker_id):
    """Count what a new portal has."""
    addresses: Addresses = cluster.addresses(f"own_{worker_id}")

    def counts():
        engine = create_engine(addresses.owner.set(drivername="postgresql+psycopg"))
        with engine.connect() as connection:
            found = tuple(connection.execute(COUNTED).one())
        engine.dispose()
        return found

    return counts


def test_a_new_portal_is_filled_by_one_file_and_once(migrated, counts):
    assert counts() == NOTHING
    status, output, complaint = portal(migrated, "init", str(EXAMPLE))
    assert (status, complaint) == (0, "")
    assert output.splitlines() == [
        "The operator is now Portaal Diensten B.V.",
        "Contracts get the payment terms 14 dagen netto.",
        "Customers agree to TERMS 2027-1.",
        "Made the module telephone.",
        "Made the tariff Basis.",
    ]
    made = counts()
    assert made[:7] == (1, 1, 3, 1, 1, 1, 1)
    assert portal(migrated, "init", str(EXAMPLE)) == (0, "Everything was there already.\n", "")
    assert counts() == made


def test_a_file_is_checked_as_a_whole_and_nothing_of_it_is_written(migrated, counts, tmp_path):
    """Faults of its form and of the rules are told at once, in its own spelling and its order."""
    file = written(
        tmp_path,
        ("    postal_code: 1011 AA\n", "    postal_code: 1011\n"),
        ('registration_number: "12345678"', 'registration_number: "1"'),
        ("NL91ABNA0417164300", "NL92ABNA0417164300"),
        ("  telephone:", "  telefone:"),
        ("due_days: 14", "due_days: 200"),
        ("kind: TERMS", "kind: TERMS\n    published_on: 2020-01-01"),
        ("title: Allgemeine Bedingungen, body: Der Text.", "title: ' ', body: Der Text."),
        ("  - key: telephone\n", "  - key: telephone\n    is_single_booking: perhaps\n"),
        ("en: Telephone service", "fr: Service de téléphone"),
        ("      - name: Basis\n", "      - name: 5\n"),
        ("ending_day: END_OF_MONTH", "ending_day: END_OF_TERM"),
        ("unit_code: MON", "unit_code: MONTH"),
    )
    tariff = "modules.0.tariffs.0"
    text = "quotes make text of a number, a day, yes or no"
    ending = "A contract that goes on open-ended ends with no term."
    assert refusal(migrated, file) == [
        f"Nothing was written: {file} has faults.",
        f"line 7, operator.address.postal_code: Must be text; {text}.",
        "line 10, operator.registration_number: A number of the KvK has eight digits.",
        "line 12, operator.iban: This is not a valid IBAN.",
        "line 14, operator.telefone: Is no name that stands here; perhaps telephone is meant.",
        "line 19, payment_terms.due_days: Must be from 0 to 120 days.",
        f"line 24, documents.0.published_on: {PAST}",
        "line 28, documents.0.texts.de.title: Must not be empty.",
        "line 33, modules.0.is_single_booking: Must be true or false.",
        "line 34, modules.0.name.fr: Is no name that stands here; there may be value, nl, de, en.",
        f"line 37, {tariff}.name: Must be text; {text}.",
        f"line 42, {tariff}.terms.ending_day: {ending}",
        f"line 49, {tariff}.price_list.0.items.0.unit_code: May have at most 3 characters.",
    ]
    assert counts() == NOTHING


def test_what_was_left_out_of_a_list_moves_no_place(migrated, counts, tmp_path):
    """What has a fault of its form is not looked at; of the rest each fault has its own place."""
    module = "{key: fax, name: Fax, description: Fax, tariffs: [5, {name: Basis, price_list: [],"
    terms = EXAMPLE.read_text("utf-8").partition("        terms:\n")[2].splitlines()[:4]
    terms = "{" + ", ".join(line.strip() for line in terms) + "}"
    file = written(tmp_path, ("modules:\n", f"modules:\n  - x\n  - {module} terms: {terms}}}]}}\n"))
    _, *faults = refusal(migrated, file)
    assert [fault.partition(":")[0] for fault in faults] == [
        "line 31, modules.0",
        "line 32, modules.1.tariffs.0",
        "line 32, modules.1.tariffs.1.price_list",
    ]
    assert faults[-1].endswith("This version has no price list yet.")
    assert counts() == NOTHING


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a list", "line 1: Must have entries of its own, each with its name: operator, payment"),
        ("operator: {}\noperator: {}", "line 2, operator: Stands there twice."),
        ("modules: {}", "line 1, modules: Must be a list: each entry on a line of its own, behind"),
        ("documents: [{kind: BYLAWS}]", "documents.0.kind: Must be TERMS or DATA_PROTECTION."),
    ],
)
def test_what_is_no_such_file_is_refused(migrated, tmp_path, text, complaint):
    file = tmp_path / "operator.yaml"
    file.write_text(text, "utf-8")
    assert complaint in "\n".join(refusal(migrated, file))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a: [", "as YAML: line 1, column 5: "),
        (b"a: !!python/object/apply:os.system ['true']", "as YAML: line 1, column 4: "),
        (b"[" * 2_000, "as YAML: it is nested too deeply."),
        (b"a: \xff", "it is no text in UTF-8."),
        (None, "No such file or directory."),
    ],
)
def test_what_cannot_be_read_is_refused_before_a_database_is_asked(
    environment, tmp_path, content, complaint
):
    file = tmp_path / "operator.yaml"
    if content is not None:
        file.write_bytes(content)
    (told,) = refusal(environment, file)
    assert told.startswith(f"{file} cannot be read")
    assert complaint in told


def test_what_is_there_twice_is_told_at_its_place(migrated, counts, tmp_path):
    tariff = "      - name: Basis\n"
    wrong = EXAMPLE.read_text("utf-8").replace(tariff, f"{tariff}        offer_number: ABC\n")
    first, _, rest = wrong.partition("      - name: Basis")
    file = tmp_path / "operator.yaml"
    file.write_text(f"{first}      - name: Basis{rest}      - name: Other{rest}", "utf-8")
    assert refusal(migrated, file)[1:] == [
        "line 52, modules.0.tariffs.1.offer_number: Another tariff has this offer number.",
    ]
    assert counts() == NOTHING


ANSWERS = [
    *("Portaal Diensten B.V.", "Nederland", "nl", "Kade 1", "1011", "1011 aa", "Amsterdam"),
    *("123", "12345678", "", "NL91 ABNA 0417 1643 01", "NL91 ABNA 0417 1643 00", "", ""),
    *("500", "30", "", ""),
]


def test_without_a_file_it_asks_until_each_answer_has_its_form(migrated, counts):
    answers = "\n".join([*ANSWERS, "n", *ANSWERS, ""]) + "\n"
    status, output, complaint = portal(migrated, "init", answers=answers)
    assert (status, complaint) == (0, "")
    assert output.count("Error: ") == 2 * 5
    for sentence in (
        "Error: Must be a country code of two letters (ISO 3166-1).",
        "Error: This is not a postal code of NL, for example 1234 AB.",
        "Error: A number of the KvK has eight digits.",
        "Error: This is not a valid IBAN.",
        "Error: 500 is not in the range 0<=x<=120.",
    ):
        assert sentence in output
    assert output.endswith(
        "The operator is now Portaal Diensten B.V.\n"
        "Contracts get the payment terms 30 dagen.\n"
        "Documents, modules and tariffs come from a file, 'portal init FILE', or managers.\n"
    )
    assert counts()[:7] == (1, 1, 0, 0, 0, 0, 0)
    exported = yaml.safe_load(portal(migrated, "catalogue", "export")[1])
    assert exported["operator"] == {
        "address": {
            "name": "Portaal Diensten B.V.",
            "street": "Kade 1",
            "postal_code": "1011 AA",
            "city": "Amsterdam",
            "country": "NL",
        },
        "registration_number": "12345678",
        "iban": "NL91ABNA0417164300",
    }
    # What was said once is not asked again.
    status, output, _ = portal(migrated, "init")
    assert (status, output.splitlines()[0]) == (
        0,
        "Operator and payment terms were there already.",
    )


def test_who_stops_answering_has_written_nothing(migrated, counts):
    status, _, complaint = portal(migrated, "init", answers="\n".join(ANSWERS))
    assert (status, complaint) == (
        1,
        "portal: Nothing was written. Where nobody can be asked: 'portal init FILE'.\n",
    )
    assert counts() == NOTHING


def with_everything(folder):
    """Write the example with all that a file may hold, its pictures and documents beside it."""
    whole = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    (folder / "logo.png").write_bytes(PNG)
    (folder / "terms.pdf").write_bytes(PDF)
    whole["operator"]["logo"] = "logo.png"
    whole["documents"][0]["texts"]["de"] = {"title": "Bedingungen", "pdf": "terms.pdf"}
    (module,) = whole["modules"]
    module["data_schema"] = {"type": "object", "properties": {"zz": {}, "a": {"default": [1.5]}}}
    (tariff,) = module["tariffs"]
    (section,) = tariff["price_list"]
    option = section["items"][0] | {
        "key": "OPTION",
        "vat_category": "EXEMPT",
        "vat_exemption_text": "Onderwijs",
        "is_additional_option": True,
        "notice_period": {"count": 0, "unit": "DAYS"},
        "ending_day": "ANY_DAY",
    }
    section["items"].append(option)
    offer = {"offer_number": "ZOMER 26", "offer_expires_on": "2026-01-31", "offer_most_uses": 5}
    module["tariffs"] += [
        tariff | {"name": {"value": "Oud", "de": "Alt"}, "closed_from": "2020-01-01"},
        tariff | offer | {"name": "Zomer"},
        tariff | {"name": "Later", "valid_from": "2190-01-01"},
    ]
    whole["modules"].append(module | {"key": "fax", "name": "Fax", "retired_from": "2025-12-31"})
    whole["modules"][1] = whole["modules"][1] | {"tariffs": []}
    file = folder / "whole.yaml"
    file.write_text(yaml.safe_dump(whole), "utf-8")
    return file


def exported(environment):
    status, text, complaint = portal(environment, "catalogue", "export")
    assert (status, complaint) == (0, "")
    return text


@pytest.fixture
def another(cluster: EmbeddedPostgres, environment, worker_id, template):
    """Give the settings of a second new portal."""
    name = f"another_{worker_id}"
    cluster.create_database(name, template)
    yield environment | settings(cluster.addresses(name))
    cluster.drop_database(name)


def test_what_is_exported_is_imported_into_another_portal_as_it_was(
    migrated, counts, another, tmp_path
):
    assert portal(migrated, "init", str(with_everything(tmp_path)))[0] == 0
    assert counts()[:7] == (1, 1, 3, 2, 4, 8, 4)
    text = exported(migrated)
    whole = yaml.safe_load(text)
    assert [*whole] == ["operator", "payment_terms", "documents", "modules"]
    assert whole["operator"]["logo"] == PNG
    german = whole["documents"][0]["texts"]["de"]
    assert german == {"title": "Bedingungen", "pdf": PDF}
    telephone, fax = whole["modules"]
    assert telephone["name"] == {"value": "Telefoonservice", "en": "Telephone service"}
    assert (fax["retired_from"], fax["tariffs"]) == ("2025-12-31", [])
    _, old, summer, later = telephone["tariffs"]
    assert (old["name"], old["closed_from"]) == ({"value": "Oud", "de": "Alt"}, "2020-01-01")
    offer = {name: value for name, value in summer.items() if name.startswith("offer")}
    assert offer == {
        "offer_number": "ZOMER 26",
        "offer_expires_on": "2026-01-31",
        "offer_most_uses": 5,
    }
    assert later["valid_from"] == "2190-01-01"
    assert later["price_list"][0]["items"][0]["unit_price"] == "29.950000"
    file = tmp_path / "exported.yaml"
    file.write_text(text, "utf-8")
    there = (0, "Everything was there already.\n", "")
    assert portal(migrated, "catalogue", "import", str(file)) == there
    status, output, complaint = portal(another, "catalogue", "import", str(file))
    assert (status, complaint) == (0, "")
    assert output.splitlines()[-2:] == ["Made the tariff Later.", "Made the module fax."]
    assert exported(another) == text


def test_files_are_checked_where_they_are_named(migrated, counts, tmp_path):
    (tmp_path / "logo.pdf").write_bytes(PDF)
    (tmp_path / "terms.pdf").write_bytes(PDF[:-8])
    nl = "nl: { title: Algemene voorwaarden, body: De tekst. }"
    file = written(
        tmp_path,
        ('colour: "#1a5fb4"', "logo: logo.pdf"),
        (nl, nl.replace("}", ", pdf: logo.pdf }")),
        ("body: Der Text.", "pdf: terms.pdf"),
        ("body: The text.", "pdf: none.pdf"),
    )
    texts = "documents.0.texts"
    assert refusal(migrated, file)[1:] == [
        "line 15, operator.logo: This file is of the kind PDF; it must be one of these: PNG, JPEG.",
        f"line 26, {texts}.nl: Send the text or a file, one of the two.",
        f"line 27, {texts}.de.pdf: {UNKNOWN}",
        f"line 28, {texts}.en.pdf: none.pdf cannot be read: No such file or directory.",
    ]
    assert counts() == NOTHING
