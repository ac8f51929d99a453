"""What the models declare holds in both walls and both lanes; undeclared, the start fails."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions import rows
from permissions.viewing import parameters_of, viewing_of
from portal import models
from portal.clock import now
from portal.database.addresses import APP
from portal.database.engines import set_viewer
from portal.database.objects.reach import misnamed
from portal.database.objects.table import grants, rows_of_viewer
from portal.models.base import models as every_model
from portal.models.erasure import (
    DeletedData,
    by_person,
    deleted,
    emptied,
    kept,
    taken_away,
    undeclared,
)
from portal.models.wall import NOTHING, Closed, Policy, StaffOnly, closed, of_account, staff_only
from portal.viewer import ANONYMOUS, Grant, Role, Viewer
from resolvers.listing import Listing
from resolvers.loaders import Projection, related_count, related_rows
from resolvers.reading.fragment import ROW, Fragments
from resolvers.sources import Relation
from tests.world import Kind

CUSTOMERS = [Kind.ANONYMOUS, *(kind for kind in Kind if kind in {"OWNER", "READER", "PARTNER"})]
READ_BY_CUSTOMERS = [
    model for model in every_model() if "SELECT" in model.wall.rights.get(APP, NOTHING).verbs
]
CLOSED = [model for model in every_model() if isinstance(model.wall.seen, Closed | StaffOnly)]


def viewer_of(world, kind):
    """Give a viewer of the account at hand."""
    grants = {world.own.account_id: Grant()}
    if kind is Kind.ANONYMOUS:
        return ANONYMOUS
    if kind is Kind.PARTNER:
        app = next(row for row in world.own.rows if isinstance(row, models.App))
        return Viewer(Role.PARTNER, app.id, grants=grants)
    if kind is Kind.OWNER:
        return Viewer(Role.CUSTOMER, world.own.owner.id, grants=grants)
    *_, member = (row for row in world.own.rows if isinstance(row, models.Member))
    return Viewer(Role.CUSTOMER, member.person_id, grants=grants)


def drafted_in(world):
    """Give the drafts of a world, and what is in them."""
    drafts = [
        row
        for row in world.own.rows
        if isinstance(row, models.TariffVersion) and row.published_at is None
    ]
    ids = {draft.id for draft in drafts}
    parts = [row for row in world.own.rows if getattr(row, "tariff_version_id", None) in ids]
    return [*drafts, *parts]


@pytest.mark.reads
@pytest.mark.parametrize("kind", CUSTOMERS)
async def test_both_walls_show_the_same_rows(world, database, superuser, kind):
    viewer = viewer_of(world, kind)
    by_condition, by_policy = {}, {}
    async with superuser.connect() as unwalled, database.app.connect() as walled:
        await set_viewer(walled, viewer)
        for model in READ_BY_CUSTOMERS:
            row = aliased(model)
            ids = sa.select(*sa.inspect(row).mapper.primary_key).select_from(model)
            seen = ids.where(rows.visible(model, viewing_of(viewer)))
            found = await unwalled.execute(seen, parameters_of(viewer, now()))
            by_condition[model.__name__] = set(map(tuple, found))
            by_policy[model.__name__] = set(map(tuple, await walled.execute(ids)))
    assert by_condition == by_policy
    assert len(by_policy["Account"]) == (0 if kind is Kind.ANONYMOUS else 1)
    assert len(by_policy["TariffVersion"]) >= (1 if kind is Kind.ANONYMOUS else 2)
    for model in (models.TariffVersion, models.PriceListSection, models.Item):
        drafted = {row.id for row in drafted_in(world) if isinstance(row, model)}
        assert drafted
        assert drafted.isdisjoint(id for (id,) in by_policy[model.__name__])


@pytest.mark.reads
@pytest.mark.parametrize("kind", CUSTOMERS)
async def test_closed_tables_read_as_if_they_had_no_row(world, database, kind):
    """No right to the table is asked for: not by a list, a count, or a relation to it."""
    viewer = viewer_of(world, kind)
    viewing = viewing_of(viewer)
    fragments = Fragments(viewing)
    keys = [row.id for row in world.own.rows if isinstance(row, models.Module)]
    values = parameters_of(viewer, now()) | {"keys": keys, "keys_id": keys}
    async with database.app.connect() as connection:
        await set_viewer(connection, viewer)
        for model in CLOSED:
            source, visible = fragments.source(model), fragments.visible(model)
            compiled = f"SELECT count(*) FROM {source} {ROW} WHERE {visible}"  # noqa: S608  (as it is)
            assert await connection.scalar(sa.text(compiled)) == 0
            if "id" in model.__table__.c:
                relation = Relation(model, lambda _module, _row, _viewing: sa.true(), many=True)
                related = related_rows(models.Module, relation, Projection(), viewing)
                assert (await connection.execute(related, values)).all() == []
                counted = related_count(models.Module, relation, Listing(model), viewing)
                assert {count for _, count in await connection.execute(counted, values)} == {0}


def test_a_relation_asks_for_the_wall_of_rows_that_its_key_does_not_keep():
    """Inside an account a key cannot leave it; what staff alone see there is asked for."""
    assert not rows.needs_condition(models.Account, models.Contract)
    assert not rows.needs_condition(models.Notice, models.TariffPeriod)
    assert not rows.needs_condition(models.Tariff, models.TariffVersion)
    assert not rows.needs_condition(models.Member, models.Person)
    assert rows.needs_condition(models.Account, models.HistoryNote)
    assert rows.needs_condition(models.Member, models.Account)
    assert rows.needs_condition(models.Tariff, models.TariffPeriod)
    assert rows.needs_condition(models.Person, models.Staff)
    assert rows.needs_condition(models.Person, models.Password)


@pytest.mark.reads
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MANAGER])
async def test_what_is_for_managers_is_no_node(world, standard_api, compiled_api, kind):
    ids = [id for name in ("Staff", "PermissionProfile") for id in world.own.ids[name]]
    for api in (standard_api, compiled_api):
        answer = await api(
            "query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } }",
            world.tokens[kind],
            ids=ids,
            id=ids[0],
        )
        assert answer == {"data": {"nodes": [None] * len(ids), "node": None}}


def test_closed_tables_and_the_functions_that_reach_them_name_each_other(monkeypatch):
    assert list(misnamed()) == []
    wall = models.Password.wall
    monkeypatch.setattr(models.Password, "wall", models.CostBucket.wall)
    monkeypatch.setattr(models.CostBucket, "wall", wall)
    sentences = list(misnamed())
    assert "lease_cost reaches cost_bucket, whose wall does not name it." in sentences
    assert "The wall of password names lease_cost, which does not reach it." in sentences


def test_a_check_that_no_policy_takes_in_is_refused():
    own = (Policy("app_rows", APP, "SELECT", using="true"),)
    with pytest.raises(TypeError, match=r"^state = 'OPEN' belongs into the policies of portal_app"):
        of_account(check="state = 'OPEN'", policies=own)
    with pytest.raises(TypeError, match=r"^who adds to a closed table needs a policy of its own"):
        rows_of_viewer(closed().seen)
    with pytest.raises(TypeError, match=r"^portal_app has no right to rows of staff"):
        rows_of_viewer(staff_only().seen)


def test_a_wall_names_columns_of_its_model(monkeypatch):
    monkeypatch.setattr(models.Contract, "wall", of_account(writes=["ibann"]))
    with pytest.raises(TypeError, match=r"^Contract\.ibann stands in its wall, and is no column"):
        list(grants(models.Contract))


FAXES = DeletedData.MESSAGES


@pytest.mark.parametrize(
    ("erasure", "named"),
    [
        (None, ["fax"]),
        ((), ["fax"]),
        ((kept(),), ["fax.number", "fax.sent_at"]),
        (
            (kept("sent_at"), emptied(FAXES, "nunber")),
            ["fax.nunber, which is no column", "fax.number"],
        ),
        ((kept("sent_at"), emptied(FAXES, "number")), []),
        ((deleted(FAXES),), ["fax.number", "fax.sent_at"]),
        ((deleted(FAXES), emptied(FAXES, "number", whose=by_person("person_id"))), ["fax.sent_at"]),
        ((deleted(FAXES), kept("number", "sent_at")), []),
        (
            (deleted(FAXES, whose=by_person("persn_id")),),
            ["fax.persn_id, which is no column", "fax.number", "fax.sent_at"],
        ),
        ((deleted(FAXES, whose=by_person("person_id")),), []),
    ],
)
def test_each_column_of_a_row_that_stays_has_a_word(erasure, named):
    fax = sa.Table(
        "fax",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.ForeignKey("account.id")),
        sa.Column("person_id", sa.ForeignKey("person.id")),
        sa.Column("number", sa.Text()),
        sa.Column("sent_at", sa.DateTime()),
    )
    assert list(undeclared(fax, erasure)) == named


def test_what_a_deletion_takes_away_is_what_models_say():
    assert taken_away(model.erasure for model in every_model()) == [*DeletedData]
    faxes = (kept("sent_at"), emptied(DeletedData.MODULES, "number"), deleted(FAXES))
    assert taken_away([faxes, (kept(),)]) == [DeletedData.MODULES, FAXES]


@pytest.mark.parametrize(
    ("wall", "fault"),
    [
        ("", "__main__.Fax declares no wall"),
        (
            "wall = of_account(); history = None",
            "__main__.Fax declares no history",
        ),
        ("wall = of_account()", "erasing does not declare what becomes of fax"),
        (
            "wall = of_account(); erasure = (deleted(),)",
            "deleted() missing 1 required positional argument: 'what'",
        ),
    ],
)
def test_an_undeclared_model_stops_the_start_and_is_named(wall, fault):
    program = f"""
from sqlalchemy.orm import Mapped
from portal.models.base import Base, OfAccount
from portal.models.erasure import deleted
from portal.models.wall import of_account

class Fax(OfAccount, Base):
    __tablename__ = "fax"
    {wall}
    number: Mapped[str]
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"TypeError: {fault}"
