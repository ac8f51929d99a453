"""From the values of a mail to its words: subject, plain text and HTML, from one template.

A template is ``KIND.LANGUAGE.txt`` beside the content of its area: a subject, and paragraphs with
empty lines between.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from portal.language.messages import day, moment, said
from portal.language.phrase import Translated
from portal.mail.content import Content
from portal.rules.link import has_link
from portal.viewer import Language

TEMPLATES = Path(__file__).parent / "templates"
FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/content.py"))
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in one language."""

    subject: str
    text: str
    html: str


def render(content: Content, language: Language, operator: str | None = None) -> Rendered:
    """Write a mail in a language; a value can neither break a line of the header nor be HTML.

    With the name of the operator it is signed by that.
    """
    values = {field.name: _carried(content, field.name, language) for field in fields(content)}
    name = f"{content.kind.lower()}.{language.lower()}.txt"
    footer = (TEMPLATES / f"footer.{language.lower()}.txt").read_text(encoding="utf-8").strip()
    signature = "\n".join(filter(None, (operator, footer)))
    plain, marked = _plain(language).get_template(name), _marked(language).get_template(name)
    subject = " ".join(_block(plain, "subject", values).split())[:_LONGEST_SUBJECT]
    html = _marked(language).get_template("layout.html")
    return Rendered(
        subject=subject,
        text="\n\n".join([*_paragraphs(_block(plain, "body", values)), f"-- \n{signature}"]) + "\n",
        html=html.render(
            language=language.lower(),
            subject=subject,
            # Escaped by the template that they come from.
            paragraphs=[Markup(part) for part in _paragraphs(_block(marked, "body", values))],  # noqa: S704
            operator=operator,
            footer=footer,
        ),
    )


def _carried(content: Content, name: str, language: Language) -> Any:
    """Give a value as the mail carries it: nothing for words with a link that go to strangers."""
    value = getattr(content, name)
    value = said(value, language) if isinstance(value, Translated) else value
    is_others = content.goes_to_strangers and isinstance(value, str) and name != "code"
    return None if is_others and has_link(value) else value


@cache
def _plain(language: Language) -> Environment:
    return _environment(
        language,
        escapes=False,
        code=lambda code: f"    {code}",
        point=lambda words: f"- {words}",
        quoted=lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
    )


@cache
def _marked(language: Language) -> Environment:
    return _environment(
        language,
        escapes=True,
        code=lambda code: Markup('<strong style="font-size: 20px">{}</strong>').format(code),
        point=lambda words: Markup("&bull; {}<br>").format(words),
        quoted=lambda text: Markup("<blockquote>{}</blockquote>").format(
            # Without a line feed, so that an empty line in it does not end the paragraph.
            Markup("<br>").join(escape(line) for line in text.splitlines())
        ),
    )


def _environment(
    language: Language, *, escapes: bool, **filters: Callable[[str], str]
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, *FOLDERS]),
        autoescape=escapes,  # noqa: S701 (plain text knows no markup)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken: dict[str, Callable[..., str]] = {"day": day, "moment": moment, "said": said}
    environment.filters |= {name: partial(say, language=language) for name, say in spoken.items()}
    environment.filters |= filters
    return environment


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values))).strip()


def _paragraphs(body: str) -> list[str]:
    return [part.strip("\n") for part in body.split("\n\n") if part.strip()]
