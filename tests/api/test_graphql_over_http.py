"""The audits of the GraphQL over HTTP specification, as the npm package graphql-http has them."""

import json

from tests import javascript
from tests.server import serving


def test_every_audit_passes(addresses, tmp_path):
    javascript.node()
    with serving(addresses, tmp_path) as server:
        found = json.loads(javascript.run("audits.mjs", f"{server.address}/graphql"))
    assert [audit for audit in found if audit["status"] != "ok"] == []
    assert len(found) == 61
