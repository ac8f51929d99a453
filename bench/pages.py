"""What it costs to render the contract page: ``python -m bench pages``.

The operation's own cost is measured under reading; here a page of ten modules is written out of
its answer, over and over.
"""

import asyncio
import copy
import zlib
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from unittest.mock import patch

from httpx import ASGITransport, AsyncClient

from bench.data import FOLDER, Customer, Data
from portal.app import create_app
from portal.embedded import EmbeddedPostgres
from portal.language.global_id import encode
from portal.pages.templates import Templates
from portal.settings.settings import Settings

_MOST_MILLISECONDS = 4
_MOST_KILOBYTES = 40
_ACCOUNTS = 50
_MODULES = 10
_ROUNDS = 200
_COOKIE = "portal"

Rendering = tuple[Templates, str, Any, dict[str, Any]]


async def _rendering(data: Data, customer: Customer, folder: Path) -> Rendering:
    """Give what the application renders a customer's contract page with."""
    noted: list[Rendering] = []
    render = Templates.render

    def noting(templates: Templates, name: str, language: Any, values: Mapping[str, Any]) -> str:
        noted.append((templates, name, language, dict(values)))
        return render(templates, name, language, values)

    app = create_app(Settings(data=folder), data.addresses)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport) as client:
        client.cookies.set(_COOKIE, customer.token)
        with patch.object(Templates, "render", noting):
            page = f"http://localhost/accounts/{encode('Account', customer.account)}"
            (await client.get(page)).raise_for_status()
    (found,) = noted
    return found


def _with_modules(values: dict[str, Any]) -> dict[str, Any]:
    """Give what a page shows, with ten modules: those that there are, over again."""
    account = copy.deepcopy(values["account"])
    edges = account["modules"]["edges"]
    account["modules"]["edges"] = (edges * _MODULES)[:_MODULES]
    return values | {"account": account}


def main() -> None:
    """Print what rendering takes, and how large the page is."""
    postgresql = EmbeddedPostgres(FOLDER / "postgresql")
    postgresql.start()
    try:
        data = Data.prepare(postgresql, _ACCOUNTS, "bench_pages")
        with TemporaryDirectory() as folder:
            found = asyncio.run(_rendering(data, data.customers[0], Path(folder)))
    finally:
        postgresql.stop()
    templates, name, language, values = found
    values = _with_modules(values)
    taken = []
    for _ in range(_ROUNDS):
        began = process_time()
        page = templates.render(name, language, values)
        taken.append(1e3 * (process_time() - began))
    _say(median(taken), _MOST_MILLISECONDS, f"ms  to render the contract page, {_MODULES} modules")
    size = len(zlib.compress(page.encode())) / 1e3
    _say(size, _MOST_KILOBYTES, f"kB  of HTML, compressed ({len(page.encode()) / 1e3:.0f} kB)")


def _say(measured: float, most: float, text: str) -> None:
    mark = "" if measured <= most else "  TOO MUCH"
    print(f"{measured:6.2f} {text}{mark}")  # noqa: T201  (what it is for)
