"""A type as it shows the rows of its model: what declarations of lists are made from."""

from collections import ChainMap
from collections.abc import Callable
from inspect import get_annotations
from types import NoneType
from typing import Any, get_args

from permissions.fields import Access, declared
from portal.models import Base
from resolvers.sources import KEY, Column, Expression


class Undeclared(Exception):
    """A list that goes by something that its rows do not show."""


class Shown:
    """A type as it shows the rows of its model."""

    def __init__(self, cls: Any) -> None:
        definition = cls.__strawberry_definition__
        self.name: str = definition.name
        self.module: str = cls.__module__
        self.model: type[Base] = cls.__portal_model__
        self._annotations = ChainMap(*(get_annotations(base) for base in cls.__mro__))
        self._fields = {field.python_name: field for field in definition.fields}

    def access(self, name: str) -> Access:
        """Give the guard of a field."""
        found = declared(self._field(name))
        if found is None:
            raise Undeclared(f"{self.name}.{name} declares no access.")
        return found

    def kind(self, name: str) -> Any:
        """Give the type of a field in Python, null left out."""
        self._field(name)
        annotation = self._annotations[name]
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return kinds[0] if kinds else annotation

    def value(self, name: str) -> Callable[[Any, Any], Any]:
        """Give the SQL of a field that PostgreSQL answers, as a function of a row."""
        source = self._field(name).metadata.get(KEY)
        if isinstance(source, Expression):
            return source.value
        if not isinstance(source, Column):
            raise Undeclared(f"{self.name}.{name} is no column and no expression.")
        (attribute,) = source.attributes or (name,)
        return lambda row, _: getattr(row, attribute)

    def _field(self, name: str) -> Any:
        if name not in self._fields:
            raise Undeclared(f"{self.name} has no field {name}.")
        return self._fields[name]
