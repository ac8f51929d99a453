"""The same application and worlds that the API tests use."""

from tests.api.conftest import (  # noqa: F401  (fixtures)
    api,
    app,
    client,
    fresh_account,
    neighbour,
    owner_engine,
    seen_world,
    world,
    write,
    writer,
)
