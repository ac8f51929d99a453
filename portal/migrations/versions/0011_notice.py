"""Notices and changes of tariff: who asked when, for which day, and why that day.

Revision ID: 0011

A customer's database role gives and withdraws a customer's notice, never the operator's, and never
for a day that deviates from what the tariff allows; whatever becomes of the portal's own checks.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWN_ROWS = "account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))"
BY_CUSTOMER = f"{OWN_ROWS} AND asked_by = 'CUSTOMER'"
TABLES = ("notice", "tariff_change")
MESSAGE_KINDS = (
    *("REGISTRATION_CODE", "ALREADY_REGISTERED", "EMAIL_CONFIRMATION", "PASSWORD_RESET_CODE"),
    *("INVITATION", "MEMBER_REMOVED", "REQUEST_RECEIVED", "REQUEST_ACCEPTED", "REQUEST_DECLINED"),
    *("APP_AUTHORIZED", "APP_REVOKED", "ACCOUNT_DELETED", "CANCELLATION_CONFIRMATION"),
    *("ORDER_CONFIRMATION", "TARIFF_CHANGE_CONFIRMATION"),
)
REQUEST_KINDS = ("PAYMENT_TERMS", "VAT_TREATMENT", "CONTRACT_PARTNER", "DEVIATING_DATE")
REASON_CODES = (
    *("NO_LONGER_NEEDED", "PRICE", "QUALITY", "MOVING", "BUSINESS_ENDS", "OTHER_PROVIDER"),
    *("PAYMENT_DEFAULT", "OTHER"),
)

ERASE_ACCOUNT = """
CREATE OR REPLACE FUNCTION erase_account(account_id uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
    people uuid[];
    emails text[];
BEGIN
    IF NOT (
            session_user = 'portal_staff' AND EXISTS (SELECT FROM staff s
                WHERE s.person_id = viewer AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)
            OR session_user = 'portal_app' AND EXISTS (SELECT FROM member m
                WHERE m.account_id = erase_account.account_id AND m.person_id = viewer
                    AND m.role = 'OWNER')
        )
        OR NOT EXISTS (SELECT FROM account a
            WHERE a.id = erase_account.account_id AND a.deleted_at IS NOT NULL)
        OR EXISTS (SELECT FROM module_subscription s
            JOIN account a ON a.id = s.account_id
            WHERE s.account_id = erase_account.account_id
                AND (s.ends_on IS NULL
                    OR s.ends_on >= timezone(a.time_zone, a.deleted_at)::date))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'this account may not be erased';
    END IF;

    -- Nobody joins another account while it is looked who has one.
    PERFORM FROM person p JOIN member m ON m.person_id = p.id
    WHERE m.account_id = erase_account.account_id ORDER BY p.id FOR UPDATE OF p;
    SELECT array_agg(p.id), array_agg(p.email) INTO people, emails
    FROM person p JOIN member m ON m.person_id = p.id
    WHERE m.account_id = erase_account.account_id
        AND NOT EXISTS (SELECT FROM staff s WHERE s.person_id = p.id)
        AND NOT EXISTS (SELECT FROM member o
            WHERE o.person_id = p.id AND o.account_id <> erase_account.account_id);

    DELETE FROM outbox t WHERE t.account_id = erase_account.account_id;
    DELETE FROM message t WHERE t.account_id = erase_account.account_id;
    DELETE FROM invitation t WHERE t.account_id = erase_account.account_id;
    DELETE FROM app_authorization t WHERE t.account_id = erase_account.account_id;
    DELETE FROM request t WHERE t.account_id = erase_account.account_id;
    DELETE FROM consent t WHERE t.account_id = erase_account.account_id;
    DELETE FROM notice t WHERE t.account_id = erase_account.account_id;
    DELETE FROM tariff_change t WHERE t.account_id = erase_account.account_id;
    DELETE FROM tariff_period t WHERE t.account_id = erase_account.account_id;
    DELETE FROM module_subscription t WHERE t.account_id = erase_account.account_id;
    DELETE FROM contract t WHERE t.account_id = erase_account.account_id;
    DELETE FROM member t WHERE t.account_id = erase_account.account_id;
    UPDATE history_value t SET before = NULL, after = NULL
    WHERE t.account_id = erase_account.account_id;
    UPDATE history_entry t SET reason = NULL, on_behalf_of = NULL,
        actor_name = CASE WHEN t.actor_role IN ('EMPLOYEE', 'MANAGER', 'PARTNER')
            THEN t.actor_name END
    WHERE t.account_id = erase_account.account_id;
    UPDATE account t SET name = 'deleted', customer_number = NULL
    WHERE t.id = erase_account.account_id;

    DELETE FROM password t WHERE t.person_id = ANY (people);
    DELETE FROM credential t WHERE t.person_id = ANY (people);
    DELETE FROM password_reset t WHERE t.person_id = ANY (people);
    DELETE FROM registration t WHERE t.email = ANY (emails);
    -- The answer to this very change stays for whoever sends it twice; it names nobody.
    DELETE FROM idempotency_key t
    WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';
    UPDATE history_entry t SET actor_name = NULL WHERE t.actor_id = ANY (people);
    UPDATE history_value t SET before = NULL, after = NULL FROM invitation i
    WHERE i.email = ANY (emails) AND t.account_id = i.account_id AND t.subject_id = i.id;
    DELETE FROM invitation t WHERE t.email = ANY (emails);
    UPDATE message t SET recipient = '' WHERE t.recipient = ANY (emails);
    UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'
    WHERE t.id = ANY (people);
END
$body$
"""


def upgrade() -> None:
    """Let tariffs say more, make the tables, close them, and open to each role what it needs."""
    _extend_tariffs()
    _create_tables()
    for table in TABLES:
        _close(table)
    op.execute("GRANT UPDATE (ends_on, version) ON module_subscription TO portal_app")
    op.execute("GRANT UPDATE (ends_on) ON tariff_period TO portal_app")
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    op.create_check_constraint(
        op.f("ck_message_kind_known"), "message", _one_of("kind", MESSAGE_KINDS)
    )
    _extend_requests()
    op.execute(ERASE_ACCOUNT)


def _extend_tariffs() -> None:
    for name in ("change_free_of_notice", "term_continues"):
        column: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column("tariff_version", column)
        op.alter_column("tariff_version", name, server_default=None)
    basis = sa.Column("billing_basis", sa.String(30), nullable=False, server_default="CONTRACT")
    op.add_column("item", basis)
    op.alter_column("item", "billing_basis", server_default=None)
    op.create_check_constraint(
        op.f("ck_item_billing_basis_known"),
        "item",
        _one_of("billing_basis", ("CONTRACT", "CALENDAR")),
    )
    op.add_column("tariff_period", sa.Column("counted_from", sa.Date(), nullable=True))


def _extend_requests() -> None:
    """Let a request ask for a day that the tariff does not allow."""
    for name in ("proposed_last_day", "present_last_day", "proposed_starts_on"):
        op.add_column("request", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("request", sa.Column("module_subscription_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_request_account_id_module_subscription_id"),
        "request",
        "module_subscription",
        ["account_id", "module_subscription_id"],
        ["account_id", "id"],
    )
    op.create_index("ix_request_subscription", "request", ["account_id", "module_subscription_id"])
    for name in ("proposed_tariff_id", "present_tariff_id"):
        op.add_column("request", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_request_{name}"), "request", "tariff", [name], ["id"])
        op.create_index(op.f(f"ix_request_{name}"), "request", [name])
    op.drop_constraint(op.f("ck_request_kind_known"), "request")
    op.create_check_constraint(
        op.f("ck_request_kind_known"), "request", _one_of("kind", REQUEST_KINDS)
    )
    op.create_check_constraint(
        op.f("ck_request_deviating_date_whole"),
        "request",
        "(kind = 'DEVIATING_DATE') = (module_subscription_id IS NOT NULL)"
        " AND num_nonnulls(proposed_last_day, proposed_starts_on)"
        " = CASE kind WHEN 'DEVIATING_DATE' THEN 1 ELSE 0 END"
        " AND (proposed_starts_on IS NULL) = (proposed_tariff_id IS NULL)"
        " AND (kind = 'DEVIATING_DATE') = (present_tariff_id IS NOT NULL)"
        " AND (kind = 'DEVIATING_DATE' OR present_last_day IS NULL)",
    )


def _create_tables() -> None:
    op.create_table(
        "notice",
        *_shared("notice"),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=30), nullable=True),
        sa.CheckConstraint(
            _one_of("reason_code", REASON_CODES), name=op.f("ck_notice_reason_code_known")
        ),
    )
    op.create_table(
        "tariff_change",
        *_shared("tariff_change"),
        sa.Column("tariff_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("uses_offer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_tariff_change_tariff_id")
        ),
    )
    for table in TABLES:
        for column in ("asked_by_person", "withdrawn_by"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
        op.create_index(f"ix_{table}_subscription", table, ["account_id", "module_subscription_id"])
    op.create_index(op.f("ix_tariff_change_tariff_id"), "tariff_change", ["tariff_id"])
    _keep_single("uq_notice_one_stands", "notice", ["module_subscription_id"])
    _keep_single(
        "uq_tariff_change_one_on_a_day", "tariff_change", ["module_subscription_id", "starts_on"]
    )


def _shared(table: str) -> list[Any]:
    """Give what the two tables have in common."""
    return [
        sa.Column("module_subscription_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(length=30), nullable=False),
        sa.Column("asked_by_person", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("is_deviating", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("previous_ends_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            _one_of("asked_by", ("CUSTOMER", "OPERATOR")), name=op.f(f"ck_{table}_asked_by_known")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f(f"ck_{table}_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint(
            "NOT is_deviating OR deadline IS NULL",
            name=op.f(f"ck_{table}_deviating_without_deadline"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "module_subscription_id"],
            ["module_subscription.account_id", "module_subscription.id"],
            name=op.f(f"fk_{table}_account_id_module_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_person"], ["person.id"], name=op.f(f"fk_{table}_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name=op.f(f"fk_{table}_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("account_id", "id", name=op.f(f"uq_{table}_account_id_id")),
    ]


def _keep_single(name: str, table: str, columns: list[str]) -> None:
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(name, table, columns, unique=True, postgresql_where=standing)


def _close(table: str) -> None:
    """Let staff see and write all rows, customers their own; nobody changes what was asked."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for name, role in (
        ("owner_rows", "portal_owner"),
        ("staff_rows", "portal_staff"),
        ("worker_rows", "portal_worker"),
    ):
        op.execute(f"CREATE POLICY {name} ON {table} TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY app_rows ON {table} FOR SELECT TO portal_app USING ({OWN_ROWS})")
    op.execute(
        f"CREATE POLICY app_asks ON {table} FOR INSERT TO portal_app"
        f" WITH CHECK ({BY_CUSTOMER} AND NOT is_deviating)"
    )
    op.execute(
        f"CREATE POLICY app_withdraws ON {table} FOR UPDATE TO portal_app"
        f" USING ({BY_CUSTOMER}) WITH CHECK ({BY_CUSTOMER})"
    )
    op.execute(f"GRANT SELECT ON {table} TO portal_app, portal_staff, portal_worker")
    op.execute(f"GRANT INSERT ON {table} TO portal_app, portal_staff")
    op.execute(
        f"GRANT UPDATE (withdrawn_at, withdrawn_by, version) ON {table} TO portal_app, portal_staff"
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
