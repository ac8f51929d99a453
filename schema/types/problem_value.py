"""What the sentence of a fault speaks of, as programs take it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import strawberry

from portal.language.naming import camel
from portal.language.phrase import Money, Phrase, Texts, Translated
from portal.viewer import Language
from schema.fields import value
from schema.scalars import print_decimal, print_instant


@strawberry.type(description="A value that the sentence of a fault speaks of.")
class ProblemValue:
    """A name and a value; of a list there is one for each of its entries."""

    name: str = value(
        description=(
            "What it is: `before` and `after` the nearest possible days, `first` and `last` the"
            " first and the last one, `least` and `most` the limits, `seconds` the time to wait,"
            " `present` what a field holds now (`present.city` of a part), `day` and others as the"
            " sentence has them."
        )
    )
    value: str | None = value(
        description=(
            "A day, an instant or a number as the schema writes it, a name of the schema, or text"
            " in your language; null where there is none."
        )
    )


def named_values(values: Mapping[str, object], language: Language) -> Iterator[ProblemValue]:
    """Give the values of a sentence, and those of the phrases and the lists among them."""
    for name, content in values.items():
        match content:
            case Phrase():
                yield from named_values(content.values, language)
            case Mapping():
                parts = {f"{name}.{part}": held for part, held in content.items()}
                yield from named_values(parts, language)
            case list() | tuple():
                for part in content:
                    yield from named_values({name: part}, language)
            case _:
                called = ".".join(map(camel, name.split(".")))
                written = None if content is None else _written(content, language)
                yield ProblemValue(name=called, value=written)


def _written(content: object, language: Language) -> str:
    match content:
        case bool():
            written = str(content).lower()
        case Enum():
            written = str(content.value)
        case datetime():
            written = print_instant(content)
        case date():
            written = content.isoformat()
        case Decimal():
            written = print_decimal(content)
        case Money():
            written = print_decimal(content.amount)
        case Texts() | Translated():
            written = content.in_language(language)
        case _:
            written = str(content)
    return written
