"""What the history holds of a field, in words: by the type that the schema gives the field."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from portal.errors import translatable
from portal.language.messages import translate
from portal.language.titles import title_of_name
from portal.language.titles.value import VALUES
from portal.viewer import Language

# Of an address; to the schema it is text.
_COUNTRY = object()
_YES, _NO = translatable("Yes"), translatable("No")
_NOTHING = translatable("nothing")

Write = Callable[..., str]


class Recorded:
    """Values of fields in one language, written by its ``filters``."""

    def __init__(
        self, schema: GraphQLSchema, language: Language, filters: Mapping[str, Write]
    ) -> None:
        self._schema = schema
        self._language = language
        self._filters = filters

    def title(self, name: str) -> str:
        """Give what people call a field or a mutation, as words of its own."""
        words = translate(title_of_name(name), self._language)
        return words[:1].upper() + words[1:]

    def written(self, value: Any, field: str, zone: str) -> str:
        """Write what a field held: ``Contract.paymentTerms.deviating``."""
        return self._written(value, self._type_of(field), zone)

    def _type_of(self, field: str) -> Any:
        name, *path = field.split(".")
        found: Any = self._schema.type_map.get(name)
        for key in path:
            known = found.fields.get(key) if isinstance(found, GraphQLObjectType) else None
            found = known and get_named_type(known.type)
        return found

    def _written(self, value: Any, kind: Any, zone: str) -> str:
        if isinstance(value, list):
            return ", ".join(self._written(one, kind, zone) for one in value)
        if isinstance(value, dict):
            return "; ".join(self._parts(value, kind, zone))
        if value is None or value == "":
            return translate(_NOTHING, self._language)
        if isinstance(value, bool):
            return translate(_YES if value else _NO, self._language)
        return self._leaf(value, kind, zone)

    def _parts(self, value: Mapping[str, Any], kind: Any, zone: str) -> list[str]:
        """Write an object by its fields, without those that hold nothing."""
        fields = kind.fields if isinstance(kind, GraphQLObjectType) else {}
        return [
            f"{self.title(key)}: {self._written(one, _kind(fields, key), zone)}"
            for key, one in value.items()
            if one not in (None, "", [])
        ]

    def _leaf(self, value: Any, kind: Any, zone: str) -> str:
        name = getattr(kind, "name", "")
        if kind is _COUNTRY:
            return self._filters["country"](value)
        if isinstance(kind, GraphQLEnumType) and f"{name}.{value}" in VALUES:
            return self._filters["word"](value, name)
        if name == "DateTime":
            return self._filters["moment"](value, zone)
        if name in {"Date", "Decimal", "Int"}:
            return self._filters["day" if name == "Date" else "number"](value)
        return str(value)


def _kind(fields: Mapping[str, Any], key: str) -> Any:
    if key == "country":
        return _COUNTRY
    return get_named_type(fields[key].type) if key in fields else None
