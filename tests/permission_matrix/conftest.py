"""The same application and worlds that the API tests use."""

from tests.api.conftest import (  # noqa: F401  (fixtures)
    api,
    app,
    client,
    owner_engine,
    world,
    write,
)
