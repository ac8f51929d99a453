"""A person in front of a browser, who looks at the portal and nowhere else."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Request,
    Response,
)
from playwright.async_api import Page as Tab

from portal.pages.page import Page
from portal.viewer import Language
from tests.browser import programs
from tests.browser.hand import Keyboard, Mouse
from tests.pages import paths_of
from tests.world import Kind, World

# Everything that WCAG 2.2 asks at A and AA, and what axe's makers ask beside it.
_ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What is no fault stays in the browser: to hand it over takes longer than to find it.
_FIND = """async asked => Object.fromEntries((await axe.run(asked)).violations.map(
  ({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"""
# A browser says so of each answer that is no success; which those may be, the tests know.
_NO_SUCCESS = "Failed to load resource: the server responded with a status of"

_STOPS = (Path(__file__).parent / "stops.js").read_text(encoding="utf-8")
_MOST_STOPS = 400
_NARROW = {"width": 360, "height": 740}
_WIDE = {"width": 1280, "height": 720}


@dataclass(frozen=True, slots=True)
class Way:
    """In which way somebody looks: where they are scriptless no script runs but axe's."""

    language: Language
    scriptless: bool = False
    keyboard: bool = False
    narrow: bool = False
    dark: bool = False

    def __str__(self) -> str:
        """Name the language, and what is chosen beside it."""
        return "-".join([self.language, *(name for name, on in asdict(self).items() if on is True)])


@dataclass
class Visitor:
    """One who visits: the page in front of them, and what the browser complained of."""

    page: Tab
    address: str
    settings: CDPSession
    way: Way
    complaints: list[str] = field(default_factory=list)

    @property
    def hand(self) -> Mouse:
        """Give the hand that uses the page."""
        return Keyboard(self.page) if self.way.keyboard else Mouse(self.page)

    async def open(self, path: str) -> Response:
        """Go to a page by its path."""
        response = await self.page.goto(self.address + path)
        assert response
        return response

    async def open_as(self, page: Page, world: World, kinds: Sequence[Kind]) -> None:
        """Open a page, about any row of the world, as the first of these who may see it."""
        for kind in kinds:
            if not page.place.is_open:
                await self.log_in(world.own.tokens[kind])
            for path in paths_of(page, world.own.ids):
                if (await self.open(path)).status == 200:
                    return
        raise AssertionError(f"Nobody sees {page.name}")

    async def log_in(self, token: str | None) -> None:
        """Take the cookie of a session that is open."""
        await self.page.context.add_cookies(
            [{"name": "portal", "value": token, "url": self.address}]
        )

    async def barriers(self) -> dict[str, list[str]]:
        """Give what axe finds on the page as it is: the rule, and where it is broken."""
        await self._let_scripts_run(allowed=True)
        await self.page.evaluate(programs.axe())
        found: dict[str, list[str]] = await self.page.evaluate(_FIND, _ASKED)
        await self._let_scripts_run(allowed=not self.way.scriptless)
        return found

    async def overflow(self) -> int:
        """Give by how many pixels the page is wider than the window."""
        wider: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider

    async def unreached(self) -> list[str]:
        """Go along the page with Tab; give what it misses, and where no focus is seen."""
        await self.page.evaluate(_STOPS)
        await self.page.evaluate("stops.begin()")
        for _ in range(_MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate("stops.isOver()"):
                break
        faults: list[str] = await self.page.evaluate("stops.faults()")
        return faults

    async def _let_scripts_run(self, *, allowed: bool) -> None:
        await self.settings.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_NO_SUCCESS):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status}: {response.url}")

    async def begin(self) -> None:
        """Begin: note what the browser complains of, and what it asks elsewhere."""
        await self._let_scripts_run(allowed=not self.way.scriptless)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda fault: self.complaints.append(f"script: {fault}"))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)


@dataclass
class Windows:
    """The windows of a browser: one for each way of looking, with a tab for each visit."""

    browser: Browser
    opened: dict[Way, BrowserContext] = field(default_factory=dict)

    @asynccontextmanager
    async def visiting(self, address: str, way: Way) -> AsyncIterator[Visitor]:
        """Visit as nobody yet; at the end the browser must have had nothing to complain of."""
        window = await self._window(way)
        async with await window.new_page() as page:
            settings = await window.new_cdp_session(page)
            visitor = Visitor(page, address, settings, way)
            await visitor.begin()
            yield visitor
        assert not visitor.complaints, "\n".join(visitor.complaints)

    async def _window(self, way: Way) -> BrowserContext:
        if way not in self.opened:
            self.opened[way] = await self.browser.new_context(
                reduced_motion="reduce",
                locale=way.language.lower(),
                viewport=_NARROW if way.narrow else _WIDE,
                color_scheme="dark" if way.dark else "light",
            )
        await self.opened[way].clear_cookies()
        return self.opened[way]
