"""Texts that the operator wrote, as callers see and send them."""

from typing import Any

import strawberry

from permissions.fields import Access
from portal.language.phrase import Translated
from portal.viewer import Language
from resolvers.context import Info
from schema.fields import answered_by, sent, value


@strawberry.type(description="Words of the operator, in your language where it has them in that.")
class Text:
    """A copy of ``portal.language.phrase.Text``."""

    language: Language = value(
        description="The language of the words: yours, or else the operator's own."
    )
    original: str = value(description="The words in the operator's own language.")
    nl: str | None = value(description="The same in Dutch; null where nobody translated it.")
    de: str | None = value(description="The same in German; null where nobody translated it.")
    en: str | None = value(description="The same in English; null where nobody translated it.")
    value: str = value(description="The words.")


@strawberry.input(
    description="Words of the operator in its own language, and translated; sent whole."
)
class TextInput:
    """A text with its translations."""

    value: str = sent(description="The words in the operator's own language.")
    nl: str | None = sent(description="The same in Dutch.", default=strawberry.UNSET)
    de: str | None = sent(description="The same in German.", default=strawberry.UNSET)
    en: str | None = sent(description="The same in English.", default=strawberry.UNSET)


def text_value(access: Access, attribute: str, **options: Any) -> Any:
    """Declare an attribute of a value, which holds a text in every language that it has."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        found: Translated | None = getattr(root, attribute)
        context = info.context
        return found and found.read_by(context.viewer.language, context.installation.language)

    return answered_by(access, resolve, **options)
