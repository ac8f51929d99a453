"""Every time zone that an account may have is one in which PostgreSQL can count days."""

from importlib.resources import files

from sqlalchemy import text

from portal.rules.form import time_zone


async def test_postgresql_knows_every_zone_that_is_accepted(superuser):
    zones = [time_zone(name) for name in (files("tzdata") / "zones").read_text("utf-8").split()]
    async with superuser.connect() as connection:
        found = await connection.scalar(
            text("SELECT count(timezone(zone, now())) FROM unnest(CAST(:zones AS text[])) zone"),
            {"zones": zones},
        )
    assert found == len(zones) > 500
