"""What follows from declarations stands in a migration as it was drafted, and by no hand."""

import pytest

from portal.database import migration
from portal.database.objects.drafted import seal_in, seal_of, sealed

LAST_BY_HAND = "0027_history_note"
NEWER = [path for path in sorted(migration.VERSIONS.glob("[0-9]*.py")) if path.stem > LAST_BY_HAND]
MIGRATION = '''\
"""Grant customers a fax."""

from alembic import op

revision = "20261201T090000"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Grant it."""
    op.execute("UPDATE contract SET fax = ''")
    {step}
'''


@pytest.mark.check
@pytest.mark.parametrize("path", NEWER, ids=lambda path: path.stem)
def test_no_policy_grant_or_function_is_written_by_hand(path):
    source = path.read_text(encoding="utf-8")
    assert seal_in(source) == seal_of(source), "declare it, and run `make migration`"


@pytest.mark.parametrize(
    "step",
    [
        'op.execute("GRANT UPDATE (fax) ON contract TO portal_app")',
        'op.execute("revoke all on contract from portal_app")',
        'op.execute(f"CREATE POLICY {name} ON fax TO portal_app USING (true)")',
        'op.execute("ALTER TABLE fax DISABLE ROW LEVEL SECURITY")',
        'op.execute("CREATE OR REPLACE FUNCTION erase(accounts uuid[], people uuid[]) ...")',
        """op.execute("DO $$ BEGIN EXECUTE 'DROP  FUNCTION erase'; END $$")""",
    ],
)
def test_what_is_written_by_hand_is_seen(step):
    source = MIGRATION.format(step=step)
    assert seal_in(source) is None
    assert seal_of(source) is not None
    drafted = sealed(source)
    assert seal_in(drafted) == seal_of(drafted) == seal_of(source)
    added = f'{drafted}    op.execute("GRANT SELECT ON fax TO portal_app")\n'
    assert seal_in(added) == seal_in(drafted)
    assert seal_of(added) != seal_in(added)


def test_a_migration_of_tables_and_rows_has_no_seal():
    source = MIGRATION.format(step='op.drop_column("contract", "fax")')
    assert seal_of(source) is None
    assert sealed(source) == source
