"""What a session of each database role begins with.

It is set on the role, and not asked for when a connection starts: a pooler refuses what it does not
know, or loses it without a word.
"""

from collections.abc import Mapping

from portal.database.addresses import APP, LOGIN, OWNER, STAFF

LOCK_TIMEOUT = "4s"
"""A migration that waits for a lock makes every later statement on that table wait behind it."""
BEYOND_THE_LIMIT = 2
"""Seconds that PostgreSQL gives a statement after the operation that asked for it is over."""


def role_settings(seconds: float) -> Mapping[str, Mapping[str, str]]:
    """Give the settings of the roles whose operations may take so many seconds."""
    serving = {
        # Compiling takes longer than any of the statements.
        "jit": "off",
        # Planned once: which cursors are given decides the text of a statement, not its values.
        "plan_cache_mode": "force_generic_plan",
        "TimeZone": "UTC",
        # PostgreSQL ends a statement by itself where nobody is left to ask it to.
        "statement_timeout": f"{seconds + BEYOND_THE_LIMIT:g}s",
    }
    return {
        OWNER: {"lock_timeout": LOCK_TIMEOUT},
        APP: serving,
        STAFF: serving,
        LOGIN: serving,
    }


def role_settings_sql(seconds: float) -> str:
    """Give the part of a script that sets them, and nothing else, on the roles."""
    return "\n".join(
        (
            "BEGIN;",
            *(
                line
                for role, settings in role_settings(seconds).items()
                for line in (
                    f"ALTER ROLE {role} RESET ALL;",
                    *(f"ALTER ROLE {role} SET {key} = '{text}';" for key, text in settings.items()),
                )
            ),
            "COMMIT;",
        )
    )
