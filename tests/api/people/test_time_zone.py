"""Every time zone that an account may have is one in which PostgreSQL can count days."""

from contextlib import suppress
from importlib.resources import files

from sqlalchemy import text

from portal.errors import InvalidInput
from portal.rules.form import time_zone


async def test_postgresql_knows_every_zone_that_is_accepted(superuser):
    zones = []
    for name in (files("tzdata") / "zones").read_text("utf-8").split():
        with suppress(InvalidInput):
            zones.append(time_zone(name))
    assert len(zones) > 400
    async with superuser.connect() as connection:
        found = await connection.scalar(
            text("SELECT count(timezone(zone, now())) FROM unnest(CAST(:zones AS text[])) zone"),
            {"zones": zones},
        )
    assert found == len(zones)
