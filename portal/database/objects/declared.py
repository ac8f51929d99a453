"""All that is declared beside tables, together."""

from dataclasses import replace

from portal.database.addresses import APP, WORKER
from portal.database.objects.catalogue import Objects
from portal.database.objects.erasure import erase
from portal.database.objects.functions import FUNCTIONS
from portal.database.objects.table import Grant, grants, models, policies
from portal.database.objects.trigger import TRIGGERS

BESIDE_MODELS = (Grant(APP, "SELECT", "alembic_version"),)
"""What the server asks of a table that no model declares: which migration the database is at."""
JOBS = ("procrastinate", WORKER)
"""A schema that belongs to a package, whole, and the role that may use what is in it."""


def declared() -> Objects:
    """Give what the database shall hold."""
    functions = [
        replace(function, roles=tuple(sorted(function.roles))) for function in (erase(), *FUNCTIONS)
    ]
    return Objects(
        walled=frozenset(str(model.__tablename__) for model in models()),
        policies={
            (str(model.__tablename__), policy.name): policy
            for model in models()
            for policy in policies(model)
        },
        grants=frozenset(BESIDE_MODELS).union(*map(grants, models())),
        functions={function.signature: function for function in functions},
        triggers={(trigger.table, trigger.name): trigger.statement for trigger in TRIGGERS},
    )
