"""``portal init``: a new portal gets its operator and its catalogue from one file, or asks."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy import create_engine

from portal.database.addresses import Addresses
from portal.embedded import EmbeddedPostgres
from tests.command_line import environment, migrated, portal

__all__ = ["environment", "migrated"]

EXAMPLE = Path(__file__).parents[3] / "docs" / "deploy" / "operator.yaml"
COUNTED = sa.text(
    "SELECT (SELECT count(*) FROM operator_profile), (SELECT count(*) FROM general_payment_terms),"
    " (SELECT count(*) FROM consent_document), (SELECT count(*) FROM module),"
    " (SELECT count(*) FROM tariff), (SELECT count(*) FROM item),"
    " (SELECT count(*) FROM tariff_version WHERE published_at IS NOT NULL),"
    " (SELECT count(*) FROM operator_history WHERE action = 'portal init')"
)
NOTHING = (0,) * 8


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
    wrong = EXAMPLE.read_text("utf-8")
    for good, bad in (
        ("NL91ABNA0417164300", "NL92ABNA0417164300"),
        ("due_days: 14", "due_days: 200"),
        ("ending_day: END_OF_MONTH", "ending_day: END_OF_TERM"),
    ):
        assert good in wrong
        wrong = wrong.replace(good, bad)
    file = tmp_path / "operator.yaml"
    file.write_text(wrong, "utf-8")
    status, output, complaint = portal(migrated, "init", str(file))
    assert (status, output) == (1, "")
    first, *faults = complaint.splitlines()
    assert first == "portal: Nothing was written:"
    assert [fault.strip().partition(":")[0] for fault in faults] == [
        "operator.iban",
        "payment_terms.dueDays",
        "modules.0.tariffs.0.terms.endingDay",
    ]
    assert counts() == NOTHING


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("operator: {name: x}", "operator.address: Field required"),
        ("operatr: {}", "operatr: Extra inputs are not permitted"),
        ("payment_terms: {name: x, due_days: many, method: CASH}", "payment_terms.due_days:"),
        ("- a list", "the whole:"),
        ("a: [", "cannot be read:"),
        ("a: !!python/object/apply:os.system ['true']", "cannot be read:"),
    ],
)
def test_what_is_no_such_file_is_refused(environment, tmp_path, text, complaint):
    file = tmp_path / "operator.yaml"
    file.write_text(text, "utf-8")
    status, output, complained = portal(environment, "init", str(file))
    assert (status, output) == (1, "")
    assert complaint in complained


def test_what_is_there_twice_is_a_sentence(migrated, counts, tmp_path):
    tariff = "      - name: Basis\n"
    wrong = EXAMPLE.read_text("utf-8").replace(tariff, f"{tariff}        offer_number: ABC\n")
    first, _, rest = wrong.partition("      - name: Basis")
    file = tmp_path / "operator.yaml"
    again = rest.replace("Basis\n", "Other\n")
    file.write_text(f"{first}      - name: Basis{rest}      - name: Other{again}", "utf-8")
    status, output, complaint = portal(migrated, "init", str(file))
    assert (status, output) == (1, "")
    assert "Something is there twice, or already (uq_tariff_unique_offer_number)." in complaint
    assert counts() == NOTHING


def test_what_is_exported_is_imported_again(migrated, counts, tmp_path):
    assert portal(migrated, "init", str(EXAMPLE))[0] == 0
    status, exported, complaint = portal(migrated, "catalogue", "export")
    assert (status, complaint) == (0, "")
    whole = yaml.safe_load(exported)
    assert [*whole] == ["operator", "payment_terms", "documents", "modules"]
    (module,) = whole["modules"]
    assert module["name"] == {"value": "Telefoonservice", "en": "Telephone service"}
    (section,) = module["tariffs"][0]["price_list"]
    assert section["items"][0]["unit_price"] == "29.950000"
    file = tmp_path / "exported.yaml"
    file.write_text(exported, "utf-8")
    there = (0, "Everything was there already.\n", "")
    assert portal(migrated, "catalogue", "import", str(file)) == there
    # Under another name it is made anew, and comes out as it went in.
    module |= {"key": "fax", "name": {"value": "Fax"}}
    file.write_text(yaml.safe_dump(whole), "utf-8")
    status, output, complaint = portal(migrated, "catalogue", "import", str(file))
    assert (status, complaint) == (0, "")
    assert output.splitlines() == ["Made the module fax.", "Made the tariff Basis."]
    _, again, _ = portal(migrated, "catalogue", "export")
    assert yaml.safe_load(again)["modules"][1] == module
    assert counts()[3:7] == (2, 2, 2, 2)
