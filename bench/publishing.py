"""What publishing costs where 20,000 customers have the tariff.

``python -m bench.publishing`` fills a database, and says the CPU of the server's process and of
PostgreSQL together: of a preview with the first page of customers, of publishing, and of the worker
for each customer; and how long the contract page takes before that and meanwhile.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import click
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bench import machine
from bench.contenders import ALL
from bench.data import FOLDER, Data
from bench.operations import CONTRACT_PAGE, requests
from bench.server import Server, serving
from portal.embedded import EmbeddedPostgres
from portal.language.global_id import encode

_TARGET_MS = 100
_PREVIEWS = 10
_PAGES = 1_000
_WARM_UP = 100
_DEMO = 50
_PREVIEW = """
mutation ($input: PublishVersionInput!) { previewPublishVersion(input: $input) {
  ... on PublicationPreview { token customerCount specialRight dearerItems
    customers(first: 50) { account { id name } startsOn monthlyBefore monthlyAfter isRise } }
  ... on Refusal { problems { code message } } } }
"""
_PUBLISH = """
mutation ($input: PublishVersionInput!) { publishVersion(input: $input) {
  ... on VersionJob { id customers } ... on Refusal { problems { code message } } } }
"""
_JOB = "query ($id: ID!) { node(id: $id) { ... on VersionJob { done finishedAt } } }"

# Copies of one account that has a contract, each with the tariff.
_CUSTOMERS = (
    """
CREATE TEMP TABLE fresh ON COMMIT DROP AS
SELECT n, gen_random_uuid() person, gen_random_uuid() account, gen_random_uuid() member,
    gen_random_uuid() contract, gen_random_uuid() subscription
FROM generate_series(1, :count) n
""",
    """
INSERT INTO person SELECT (jsonb_populate_record(p, jsonb_build_object('id', f.person,
    'email', 'n' || f.n || '@klant.example', 'sort_email', 'n' || f.n || '@klant.example'))).*
FROM fresh f, person p
WHERE p.id = (SELECT m.person_id FROM member m WHERE m.account_id = :template LIMIT 1)
""",
    """
INSERT INTO account SELECT (jsonb_populate_record(a, jsonb_build_object('id', f.account,
    'owner_id', f.member, 'customer_number', NULL, 'unique_customer_number', NULL,
    'sort_customer_number', NULL, 'history_length', 0))).*
FROM fresh f, account a WHERE a.id = :template
""",
    """
INSERT INTO member SELECT (jsonb_populate_record(m, jsonb_build_object('id', f.member,
    'account_id', f.account, 'person_id', f.person))).*
FROM fresh f, member m WHERE m.id = (SELECT owner_id FROM account WHERE id = :template)
""",
    """
INSERT INTO contract SELECT (jsonb_populate_record(c, jsonb_build_object('id', f.contract,
    'account_id', f.account))).*
FROM fresh f, contract c WHERE c.account_id = :template
""",
    """
INSERT INTO module_subscription SELECT (jsonb_populate_record(s, jsonb_build_object(
    'id', f.subscription, 'account_id', f.account, 'ends_on', NULL))).*
FROM fresh f, module_subscription s WHERE s.id = :subscription
""",
    """
INSERT INTO tariff_period SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'account_id', f.account, 'ends_on', NULL,
    'module_subscription_id', f.subscription))).*
FROM fresh f, tariff_period p
WHERE p.id = (SELECT l.id FROM tariff_period l WHERE l.module_subscription_id = :subscription
    ORDER BY l.starts_on DESC LIMIT 1)
""",
)
# How many each of them has of one item.
_QUANTITIES = """
INSERT INTO subscription_item_quantity (id, account_id, module_subscription_id, item_key, quantity,
    starts_on, agreed_on, asked_by, steps)
SELECT gen_random_uuid(), s.account_id, s.id, 'BENCH', 2, s.starts_on, s.starts_on, 'CUSTOMER', '[]'
FROM module_subscription s WHERE s.module_id =
    (SELECT o.module_id FROM module_subscription o WHERE o.id = :subscription)
ON CONFLICT DO NOTHING
"""
# A draft like the version in force, each price five per cent higher.
_DRAFT = (
    """
INSERT INTO tariff_version SELECT (jsonb_populate_record(v, jsonb_build_object('id', :draft,
    'published_at', NULL, 'valid_from', NULL, 'valid_from_for_existing', NULL))).*
FROM tariff_version v WHERE v.id = :version
""",
    """
INSERT INTO price_list_section SELECT (jsonb_populate_record(s, jsonb_build_object(
    'id', md5(s.id || :draft)::uuid, 'tariff_version_id', :draft))).*
FROM price_list_section s WHERE s.tariff_version_id = :version
""",
    """
INSERT INTO item SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(),
    'tariff_version_id', :draft, 'unit_price', i.unit_price * 1.05,
    'price_list_section_id', md5(i.price_list_section_id || :draft)::uuid))).*
FROM item i WHERE i.tariff_version_id = :version
""",
)
_TEMPLATE = """
SELECT s.account_id, s.id, (SELECT v.id FROM tariff_version v WHERE v.tariff_id = p.tariff_id
    AND v.published_at IS NOT NULL ORDER BY v.valid_from DESC LIMIT 1)
FROM module_subscription s JOIN tariff_period p ON p.module_subscription_id = s.id
JOIN contract c ON c.account_id = s.account_id
JOIN tariff t ON t.id = p.tariff_id AND t.is_public
WHERE s.ends_on IS NULL AND p.ends_on IS NULL AND p.agreed_on < current_date ORDER BY s.id LIMIT 1
"""


async def _fill(data: Data, count: int) -> UUID:
    """Write the customers, unless they are there, and a draft of their tariff; give its id."""
    engine = create_async_engine(data.addresses.owner)
    async with engine.begin() as connection:
        account, subscription, version = (await connection.execute(sa.text(_TEMPLATE))).one()
        if await connection.scalar(sa.text("SELECT count(*) < :n FROM account"), {"n": count}):
            given = {"count": count, "template": account, "subscription": subscription}
            for text in _CUSTOMERS:
                statement = sa.text(text)
                names = statement.compile().params
                await connection.execute(statement, {name: given[name] for name in names})
            await connection.execute(sa.text(_QUANTITIES), {"subscription": subscription})
        draft: UUID = (await connection.execute(sa.text("SELECT gen_random_uuid()"))).scalar_one()
        for text in _DRAFT:
            statement = sa.text(text.replace(":draft", "CAST(:draft AS text)"))
            await connection.execute(statement, {"draft": str(draft), "version": version})
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text("VACUUM ANALYZE"))
    await engine.dispose()
    return draft


def _ask(server: Server, token: str, document: str, **variables: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"query": document, "variables": variables})
    status, answer = server.post("/graphql", headers, body)
    content = json.loads(answer)
    if status != 200 or "errors" in content:  # noqa: PLR2004
        sys.exit(f"bench: {answer.decode()}")
    return content["data"]


def _cpu(server: Server, data: Data) -> float:
    return machine.cpu_seconds(server.process.pid) + machine.cpu_seconds(data.postmaster)


def _pages(server: Server, data: Data, count: int = _PAGES) -> float:
    """Give the 99th percentile of the contract page, in milliseconds, one after another."""
    asked = requests(CONTRACT_PAGE, server.contender, data)
    times = []
    for number in range(count):
        one = asked[number % len(asked)]
        begun = time.perf_counter()
        server.post(one.path, dict(one.headers), one.body)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[count * 99 // 100]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--customers", default=20_000, show_default=True, type=click.IntRange(100))
def main(customers: int) -> None:
    """Measure a preview, publishing, and the worker."""
    postgresql = EmbeddedPostgres(FOLDER / "postgresql")
    postgresql.start()
    portal = next(one for one in ALL if one.key == "portal")
    try:
        data = Data.prepare(postgresql, _DEMO, f"publishing_{customers}")
        draft = asyncio.run(_fill(data, customers))
        with (
            tempfile.TemporaryDirectory(prefix="portal-publishing-") as folder,
            serving(portal, data, Path(folder), monthly_total=True) as server,
        ):
            _measure(server, data, encode("TariffVersion", draft), Path(folder))
    finally:
        postgresql.stop()


def _measure(server: Server, data: Data, draft: str, folder: Path) -> None:
    given = {"id": draft, "validFrom": str(date.today() + timedelta(days=60))}  # noqa: DTZ011
    used = []
    for _ in range(_PREVIEWS + 2):
        before = _cpu(server, data)
        shown = _ask(server, data.manager_token, _PREVIEW, input=given)["previewPublishVersion"]
        used.append((_cpu(server, data) - before) * 1000)
    cpu = median(used[2:])
    print(f"{shown['customerCount']:,} customers, {len(shown['customers'])} shown")  # noqa: T201
    print(f"{cpu:8.0f} ms of CPU a preview; {_TARGET_MS} at most")  # noqa: T201
    # The first ones are compiled, and prepared on each connection.
    _pages(server, data, _WARM_UP)
    alone = _pages(server, data)
    before = _cpu(server, data)
    job = _ask(server, data.manager_token, _PUBLISH, input=given)["publishVersion"]
    print(f"{(_cpu(server, data) - before) * 1000:8.0f} ms of CPU to publish")  # noqa: T201
    command = [str(Path(sys.executable).with_name("portal")), "worker"]
    environment = {**os.environ, **data.environment, "PORTAL_DATA": str(folder)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            while not (
                done := _ask(server, data.manager_token, _JOB, id=job["id"])["node"]["done"]
            ):
                time.sleep(0.1)
            begun, spent = done, machine.cpu_seconds(worker.pid)
            meanwhile = _pages(server, data)
            done = _ask(server, data.manager_token, _JOB, id=job["id"])["node"]["done"]
            spent = (machine.cpu_seconds(worker.pid) - spent) * 1000
        finally:
            worker.kill()
    print(f"{spent / max(1, done - begun):8.1f} ms of CPU of the worker a customer and mail")  # noqa: T201
    print(  # noqa: T201
        f"{alone:8.1f} ms p99 of the contract page alone, {meanwhile:.1f} ms while the worker"
        f" tells them: {meanwhile / alone:.2f} times"
    )
    sys.exit(cpu > _TARGET_MS)


if __name__ == "__main__":
    main()
