"""Every document of the demo's year keeps the official rules, and its chain holds."""

from datetime import UTC, datetime

import sqlalchemy as sa

from portal import demo
from portal.actions.billing.audit import Audited, faults
from portal.actions.billing.document_file import kinds_of
from portal.database.connection import engine_at
from portal.embedded import EmbeddedPostgres
from portal.printing.cii import cii
from portal.printing.einvoice import Profile, profile_of
from portal.printing.pdf import pdf
from portal.printing.ubl import ubl
from portal.rules.billing.file_kind import DocumentFileKind
from tests.official import EN16931_CII, EN16931_UBL, FACTUR_X, PEPPOL, XRECHNUNG, broken

_NAME = "demo_year"
_DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
_NATIONAL = {Profile.PEPPOL: PEPPOL, Profile.XRECHNUNG: XRECHNUNG}


async def test_every_document_keeps_the_rules(cluster: EmbeddedPostgres, template: str) -> None:
    cluster.drop_database(_NAME)
    cluster.create_database(_NAME, template)
    addresses = cluster.addresses(_NAME)
    await demo.write_demo(addresses.owner, _DAY)
    engine = engine_at(addresses.worker)
    async with engine.connect() as connection:
        assert [fault async for fault in faults(connection, Audited())] == []
        rows = await connection.execute(sa.text("SELECT payload FROM document ORDER BY number"))
        documents = [row.payload for row in rows]
    await engine.dispose()
    cluster.drop_database(_NAME)
    counted = dict.fromkeys(DocumentFileKind, 0)
    for says in documents:
        kinds = kinds_of(says)
        for kind in kinds:
            counted[kind] += 1
        assert pdf(says).startswith(b"%PDF-1.7")
        if DocumentFileKind.UBL in kinds:
            rules = EN16931_UBL, _NATIONAL[profile_of(says)]
            assert (says["number"], broken(ubl(says), *rules)) == (says["number"], [])
        assert (says["number"], broken(cii(says), EN16931_CII, FACTUR_X)) == (says["number"], [])
    assert len(documents) == counted[DocumentFileKind.PDF] == counted[DocumentFileKind.CII]
    assert counted[DocumentFileKind.UBL] > len(documents) / 2
