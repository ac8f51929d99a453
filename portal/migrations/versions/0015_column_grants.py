"""What a customer's database role may change of an account and a contract: a few columns.

Revision ID: 0015

The guards of the fields say that only staff set the customer number, and only managers the payment
terms, the contract partner, the VAT treatment, the first day, the test flag and the time zone. This
says it again where no mistake in the guards can reach.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CUSTOMERS_COLUMNS = {
    "account": "name, language, owner_id, deleted_at, history_length, version",
    "contract": (
        "billing_address_name, billing_address_street, billing_address_postal_code,"
        " billing_address_city, billing_address_country, billing_address_attention,"
        " billing_address_extra, iban, document_delivery_recipients, document_delivery_mode,"
        " purchase_order_number, version"
    ),
}


def upgrade() -> None:
    """Take the right to change every column, and give the one to change these."""
    for table, columns in CUSTOMERS_COLUMNS.items():
        op.execute(f"REVOKE UPDATE ON {table} FROM portal_app")
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO portal_app")
