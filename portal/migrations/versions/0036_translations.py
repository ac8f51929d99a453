"""Translate what the operator offers.

Revision ID: 0036
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Translate what the operator offers."""
    op.add_column(
        "item",
        sa.Column(
            "name_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "item",
        sa.Column(
            "unit_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "module",
        sa.Column(
            "name_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "module",
        sa.Column(
            "sort_name_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "module",
        sa.Column(
            "description_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.alter_column(
        "module",
        "description",
        existing_type=sa.TEXT(),
        type_=sa.String(length=5000),
        existing_nullable=False,
    )
    op.add_column(
        "price_list_section",
        sa.Column(
            "title_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "tariff",
        sa.Column(
            "name_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "tariff",
        sa.Column(
            "sort_name_translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_item_name_translations"),
        "item",
        "jsonb_typeof(name_translations) = 'object' AND name_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(name_translations -> 'nl') = 'string' AND length(name_translations ->> 'nl') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'en') = 'string' AND length(name_translations ->> 'en') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'de') = 'string' AND length(name_translations ->> 'de') BETWEEN 1 AND 200, true)",
    )
    op.create_check_constraint(
        op.f("ck_item_unit_translations"),
        "item",
        "jsonb_typeof(unit_translations) = 'object' AND unit_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(unit_translations -> 'nl') = 'string' AND length(unit_translations ->> 'nl') BETWEEN 1 AND 40, true) AND coalesce(jsonb_typeof(unit_translations -> 'en') = 'string' AND length(unit_translations ->> 'en') BETWEEN 1 AND 40, true) AND coalesce(jsonb_typeof(unit_translations -> 'de') = 'string' AND length(unit_translations ->> 'de') BETWEEN 1 AND 40, true)",
    )
    op.create_check_constraint(
        op.f("ck_module_description_translations"),
        "module",
        "jsonb_typeof(description_translations) = 'object' AND description_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(description_translations -> 'nl') = 'string' AND length(description_translations ->> 'nl') BETWEEN 1 AND 5000, true) AND coalesce(jsonb_typeof(description_translations -> 'en') = 'string' AND length(description_translations ->> 'en') BETWEEN 1 AND 5000, true) AND coalesce(jsonb_typeof(description_translations -> 'de') = 'string' AND length(description_translations ->> 'de') BETWEEN 1 AND 5000, true)",
    )
    op.create_check_constraint(
        op.f("ck_module_name_translations"),
        "module",
        "jsonb_typeof(name_translations) = 'object' AND name_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(name_translations -> 'nl') = 'string' AND length(name_translations ->> 'nl') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'en') = 'string' AND length(name_translations ->> 'en') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'de') = 'string' AND length(name_translations ->> 'de') BETWEEN 1 AND 200, true)",
    )
    op.create_check_constraint(
        op.f("ck_price_list_section_title_translations"),
        "price_list_section",
        "jsonb_typeof(title_translations) = 'object' AND title_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(title_translations -> 'nl') = 'string' AND length(title_translations ->> 'nl') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(title_translations -> 'en') = 'string' AND length(title_translations ->> 'en') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(title_translations -> 'de') = 'string' AND length(title_translations ->> 'de') BETWEEN 1 AND 200, true)",
    )
    op.create_check_constraint(
        op.f("ck_tariff_name_translations"),
        "tariff",
        "jsonb_typeof(name_translations) = 'object' AND name_translations - ARRAY['nl', 'en', 'de'] = '{}' AND coalesce(jsonb_typeof(name_translations -> 'nl') = 'string' AND length(name_translations ->> 'nl') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'en') = 'string' AND length(name_translations ->> 'en') BETWEEN 1 AND 200, true) AND coalesce(jsonb_typeof(name_translations -> 'de') = 'string' AND length(name_translations ->> 'de') BETWEEN 1 AND 200, true)",
    )
