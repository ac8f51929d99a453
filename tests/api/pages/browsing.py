"""A browser without a window: what it shows is read, and its forms are sent as browsers do."""

from dataclasses import dataclass, field
from typing import Any

from httpx import AsyncClient, Response
from selectolax.lexbor import LexborHTMLParser, LexborNode

ORIGIN = {"origin": "http://localhost", "accept": "text/html", "accept-language": "nl"}
FORM = "application/x-www-form-urlencoded"
_UNTYPED = {"submit", "button", "reset", "image"}


@dataclass
class Browser:
    """One window; ``page`` is what it shows, ``status`` with which status that came."""

    client: AsyncClient
    status: int = 0
    address: str = ""
    page: LexborHTMLParser = field(default_factory=lambda: LexborHTMLParser(""))
    response: Response | None = None

    async def open(self, address: str) -> "Browser":
        """Go to an address, and follow where it leads."""
        return self._shown(await self.client.get(address, headers=ORIGIN, follow_redirects=True))

    async def follow(self, words: str) -> "Browser":
        """Follow the link with these words."""
        (link, *_) = [one for one in self.page.css("a") if text_of(one) == words]
        return await self.open(str(link.attributes["href"]))

    async def press(self, button: str, **typed: Any) -> "Browser":
        """Type into the controls of the form of a button, and press it: by its words.

        A control is named with two underscores for a point; a list is typed at once.
        """
        (pressed, *_) = [one for one in self.page.css("form button") if text_of(one) == button]
        form = _form_of(pressed)
        values = {name.replace("__", "."): value for name, value in typed.items()}
        known = {name for name, _ in controls(form)} | set(_names(form))
        assert values.keys() <= known, values.keys() - known
        pairs = [(name, value) for name, value in controls(form) if name not in values]
        for name, value in values.items():
            pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
        if pressed.attributes.get("name"):
            pairs.append((str(pressed.attributes["name"]), str(pressed.attributes["value"])))
        return await self.send(str(form.attributes["action"]).partition("#")[0], pairs)

    async def send(
        self, address: str, pairs: list[tuple[str, str]], headers: dict[str, str] | None = None
    ) -> "Browser":
        """Send a form."""
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        said = {**ORIGIN, "content-type": FORM, **(headers or {})}
        return self._shown(
            await self.client.post(address, data=data, headers=said, follow_redirects=True)
        )

    def texts(self, selector: str) -> list[str]:
        """Give the words of what a selector finds."""
        return [text_of(one) for one in self.page.css(selector)]

    def text(self, selector: str) -> str:
        """Give the words of the one thing that a selector finds."""
        (found,) = self.texts(selector)
        return found

    @property
    def rows(self) -> dict[str, str]:
        """Give what stands beside each term."""
        terms = self.page.css("dl.rows .row")
        return {
            text_of(one.css_first("dt span:last-child")): text_of(one.css_first("dd"))
            for one in terms
        }

    @property
    def typed(self) -> dict[str, str]:
        """Give what the controls of the page's own form hold."""
        return dict(controls(self.page.css_first("main form:not(.search)")))

    def _shown(self, response: Response) -> "Browser":
        self.response, self.status = response, response.status_code
        self.address = response.url.path
        self.page = LexborHTMLParser(response.text)
        return self


def text_of(node: LexborNode | None) -> str:
    """Give the words of a part, blanks made one."""
    return " ".join(node.text(separator=" ").split()) if node else ""


def controls(form: LexborNode) -> list[tuple[str, str]]:
    """Give the names and values that a browser would send of a form, without its buttons."""
    found: list[tuple[str, str]] = []
    for control in form.css("input, select, textarea"):
        name, kind = control.attributes.get("name"), control.attributes.get("type")
        if not name or kind in _UNTYPED:
            continue
        if kind in {"radio", "checkbox"} and "checked" not in control.attributes:
            continue
        if control.tag == "select":
            options = control.css("option[selected]") or control.css("option")[:1]
            found += [(name, str(one.attributes.get("value") or "")) for one in options]
        elif control.tag == "textarea":
            found.append((name, control.text(deep=True).removeprefix("\n")))
        else:
            found.append((name, str(control.attributes.get("value") or "")))
    return found


def _names(form: LexborNode) -> list[str]:
    named = form.css("input, select, textarea")
    return [str(one.attributes.get("name")) for one in named]


def _form_of(node: LexborNode) -> LexborNode:
    at: LexborNode | None = node
    while at is not None and at.tag != "form":
        at = at.parent
    assert at is not None
    return at
