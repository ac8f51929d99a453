"""Listening for announcements begins once, and its end is for good."""

import asyncio

from sqlalchemy import make_url

from portal.database import announcements


async def test_what_is_closed_does_not_listen_again(monkeypatch) -> None:
    asked = []

    async def connect(address, **options):
        asked.append(address)
        raise OSError

    monkeypatch.setattr(announcements, "connect", connect)
    listening = announcements.Announcements(make_url("postgresql://x"), "channel", lambda: None)
    await listening.close()
    # A request that was begun before may still ask for it.
    listening.start()
    await asyncio.sleep(0)
    assert asked == []
