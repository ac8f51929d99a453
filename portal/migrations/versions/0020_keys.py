"""What names are ordered by and told apart by, beside the names; made by Python, as for every row.

Revision ID: 0020

Lists, searches and unique names are the same whatever collations a database has. Where two names
that had to differ differ in case, accents' form or blanks alone, one has to be changed first.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import sqlalchemy as sa
from alembic import op

from portal.errors import Conflict, translatable
from portal.rules.key import number_key, sort_key, unique_key

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

Key = Callable[[str], str]
# Of each table the new columns: the column that each follows from, how, and whether it may be null.
KEYS: Mapping[str, Mapping[str, tuple[str, Key, bool]]] = MappingProxyType(
    {
        "account": {
            "sort_name": ("name", sort_key, False),
            "unique_customer_number": ("customer_number", unique_key, True),
            "sort_customer_number": ("customer_number", sort_key, True),
        },
        "app": {"unique_key": ("key", unique_key, False), "sort_name": ("name", sort_key, False)},
        "contract": {"sort_contract_partner_name": ("contract_partner_name", sort_key, False)},
        "module": {
            "unique_key": ("key", unique_key, False),
            "unique_name": ("name", unique_key, False),
            "sort_name": ("name", sort_key, False),
        },
        "permission_profile": {
            "unique_name": ("name", unique_key, False),
            "sort_name": ("name", sort_key, False),
        },
        "person": {
            "sort_email": ("email", sort_key, False),
            "sort_name": ("name", sort_key, False),
        },
        "tariff": {
            "unique_name": ("name", unique_key, False),
            "sort_name": ("name", sort_key, False),
            "unique_offer_number": ("offer_number", number_key, True),
        },
    }
)
# The constraints that go, and the columns of those that come.
UNIQUE = {
    "uq_account_customer_number": ("account", ["unique_customer_number"]),
    "uq_app_key": ("app", ["unique_key"]),
    "uq_module_key": ("module", ["unique_key"]),
    None: ("module", ["unique_name"]),
    "uq_permission_profile_name": ("permission_profile", ["unique_name"]),
    "uq_tariff_module_id_name": ("tariff", ["module_id", "unique_name"]),
    "uq_tariff_offer_number": ("tariff", ["unique_offer_number"]),
}
GRANTS = ("UPDATE (sort_name) ON account", "UPDATE (sort_name) ON person")
# A plain word is its own key. So what functions write when they erase leaves no key behind.
OWN_KEYS = {
    "account": (
        "name, customer_number",
        """
        IF NEW.name COLLATE "C" ~ '^[a-z0-9]+$' THEN NEW.sort_name := NEW.name; END IF;
        IF NEW.customer_number IS NULL THEN
            NEW.unique_customer_number := NULL;
            NEW.sort_customer_number := NULL;
        END IF;
        """,
    ),
    "person": (
        "name, email",
        """
        IF NEW.name COLLATE "C" ~ '^[a-z0-9]+$' THEN NEW.sort_name := NEW.name; END IF;
        IF NEW.email COLLATE "C" ~ '^[a-z0-9][a-z0-9@.-]*$' THEN
            NEW.sort_email := NEW.email;
        END IF;
        """,
    ),
}
USE_OFFER = """
CREATE OR REPLACE FUNCTION use_offer(number text, module_id uuid, today date)
RETURNS SETOF tariff_version
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
WITH used AS (
    UPDATE tariff t SET offer_uses = t.offer_uses + 1
    WHERE t.unique_offer_number = use_offer.number
        AND t.module_id = use_offer.module_id
        AND (t.offer_expires_on IS NULL OR t.offer_expires_on >= use_offer.today)
        AND (t.offer_most_uses IS NULL OR t.offer_most_uses > t.offer_uses)
    RETURNING t.id
)
SELECT v.* FROM tariff_version v JOIN used ON used.id = v.tariff_id
WHERE v.valid_from <= use_offer.today
ORDER BY v.valid_from DESC LIMIT 1
$body$
"""
_AT_ONCE = 5_000


def upgrade() -> None:
    """Add the columns, fill them, and let lists, searches and unique names go by them."""
    for table, columns in KEYS.items():
        for name in columns:
            op.add_column(table, sa.Column(name, sa.Text(collation="C"), nullable=True))
        _fill(table, columns)
        for name, (_, _, nullable) in columns.items():
            if not nullable:
                op.alter_column(table, name, nullable=False)
    for constraint, (table, together) in UNIQUE.items():
        _check_unique(table, together)
        if constraint:
            op.drop_constraint(op.f(constraint), table)
        op.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(together)}"), table, together)
    _index_accounts()
    for grant in GRANTS:
        op.execute(f"GRANT {grant} TO portal_app")
    for table, (sources, body) in OWN_KEYS.items():
        op.execute(
            f"CREATE FUNCTION keep_keys_of_{table}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = pg_catalog, pg_temp AS $body$BEGIN{body}RETURN NEW; END$body$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION keep_keys_of_{table}() FROM PUBLIC")
        op.execute(
            f"CREATE TRIGGER keep_keys BEFORE UPDATE OF {sources} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION keep_keys_of_{table}()"
        )
    op.execute(USE_OFFER)


def _fill(table: str, columns: Mapping[str, tuple[str, Key, bool]]) -> None:
    connection = op.get_bind()
    known = sa.table(table, *map(sa.column, ["id", *{source for source, *_ in columns.values()}]))
    rows = connection.execute(sa.select(known)).all()
    ids = sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid()))
    given = [sa.bindparam(name, type_=sa.ARRAY(sa.Text())) for name in columns]
    update = sa.text(
        f"UPDATE {table} t SET {', '.join(f'{name} = v.{name}' for name in columns)}"
        f" FROM unnest(:ids, {', '.join(f':{name}' for name in columns)})"
        f" AS v(id, {', '.join(columns)}) WHERE t.id = v.id"
    ).bindparams(ids, *given)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        values = {
            name: [None if (text := getattr(row, source)) is None else make(text) for row in some]
            for name, (source, make, _) in columns.items()
        }
        connection.execute(update, {"ids": [row.id for row in some], **values})


def _check_unique(table: str, columns: list[str]) -> None:
    """Say which names are the same, before a constraint says less."""
    *_, key = columns
    source = KEYS[table][key][0]
    same = op.get_bind().scalar(
        sa.text(
            f"SELECT string_agg({source}, ' = ') FROM {table} WHERE {key} IS NOT NULL"
            f" GROUP BY {', '.join(columns)} HAVING count(*) > 1 LIMIT 1"
        )
    )
    if same is not None:
        raise Conflict(
            translatable("Two rows of {table} have the same {column}: {same}. Change one first."),
            table=table,
            column=source,
            same=same,
        )


def _index_accounts() -> None:
    for index in ("name_id", "customer_number_id", "search"):
        op.drop_index(f"ix_account_{index}", table_name="account")
    op.create_index("ix_account_sort_name_id", "account", ["sort_name", "id"])
    op.create_index(
        "ix_account_sort_customer_number_id",
        "account",
        [sa.text("coalesce(sort_customer_number, '')"), "id"],
    )
    op.create_index(
        "ix_account_search",
        "account",
        [sa.text("(sort_name || ' ' || coalesce(sort_customer_number, '')) gin_trgm_ops")],
        postgresql_using="gin",
    )
