"""The data of a module: what any of it may be, and what the module's own JSON Schema asks."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable

from portal.errors import InvalidInput, PortalError, RuleBroken, Several, translatable
from portal.language.phrase import Phrase, Texts
from portal.rules.catalogue.data_schema import Validator, unknown_properties
from portal.rules.pattern import UnknownPattern

MOST_BYTES = 50_000
MOST_DEPTH = 10
MOST_FAULTS = 100
# What a column of JSON keeps as it was sent: whole numbers of 64 bits.
_WHOLE = range(-(2**63), 2**63)

_NO_OBJECT = translatable("Must be an object.")
_TYPES = {
    "string": translatable("Must be text."),
    "number": translatable("Must be a number."),
    "integer": translatable("Must be a whole number."),
    "boolean": translatable("Must be true or false."),
    "object": _NO_OBJECT,
    "array": translatable("Must be a list."),
    "null": translatable("Must be null."),
}
# Keywords with a sentence, to which the keyword's own value is the ``limit``.
_LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "const": translatable("Must be {limit}."),
        "exclusiveMaximum": translatable("Must be below {limit}."),
        "exclusiveMinimum": translatable("Must be above {limit}."),
        "maxItems": translatable("May have {limit} entries at most."),
        "maxLength": translatable("May have {limit} characters at most."),
        "maxProperties": translatable("May have {limit} fields at most."),
        "maximum": translatable("Must be {limit} at most."),
        "minItems": translatable("Must have {limit} entries at least."),
        "minLength": translatable("Must have {limit} characters at least."),
        "minProperties": translatable("Must have {limit} fields at least."),
        "minimum": translatable("Must be {limit} at least."),
        "multipleOf": translatable("Must be a multiple of {limit}."),
        "uniqueItems": translatable("Must not have the same entry twice."),
    }
)


# What a text that has to match a pattern is called, by the format that stands beside it.
_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "date": translatable("Must be a day, for example 2027-08-31."),
        "email": translatable("Must be an e-mail address."),
        "telephone": translatable("Must be a telephone number, for example +31201234567."),
        "time": translatable("Must be a time, for example 17:30."),
        "uri": translatable("Must be a web address."),
    }
)
_FORM = translatable("Must have the form that is asked for here.")


def check_module_data(data: object, schema: Mapping[str, Any]) -> None:
    """Refuse what the schema (draft 2020-12) does not allow, each fault with its full path.

    Size, depth and what no database keeps are asked first, without the schema; of the schema's
    faults the first hundred are told. Patterns take linear time.
    """
    _check_shape(data)
    # Without a way to fetch anything: a reference leads into the schema itself.
    validator = Validator(schema, registry=Registry())
    faults = (fault for error in validator.iter_errors(data) for fault in _faults(error))
    try:
        told = {_place(fault): fault for fault in islice(faults, MOST_FAULTS)}
    except (UnknownPattern, Unresolvable):
        # The doctor has named it.
        raise RuleBroken("The operator has to mend what this module asks for first.") from None
    if told:
        raise Several(told[key] for key in sorted(told))


def data_faults(data: object, schema: Mapping[str, Any]) -> Sequence[PortalError]:
    """Give what the schema does not allow, for whoever does not change it now."""
    try:
        check_module_data(data, schema)
    except PortalError as refused:
        return refused.problems
    return ()


def _check_shape(data: object) -> None:
    if not isinstance(data, dict):
        raise InvalidInput(_NO_OBJECT)
    waiting: list[tuple[object, tuple[str, ...]]] = [(data, ())]
    size = 0
    while waiting:
        value, path = waiting.pop()
        if len(path) > MOST_DEPTH:
            raise InvalidInput("May be {most} levels deep at most.", most=MOST_DEPTH)
        size += _size(value, path)
        if size > MOST_BYTES:
            raise InvalidInput("May have {most} bytes at most.", most=MOST_BYTES)
        if isinstance(value, dict):
            for name in value:
                size += _size(name, path)
            waiting += [(part, (*path, name)) for name, part in value.items()]
        elif isinstance(value, list):
            waiting += [(part, (*path, str(index))) for index, part in enumerate(value)]


def _size(value: object, path: tuple[str, ...]) -> int:
    """Give the bytes of a text, else of one sign; refuse what cannot be kept."""
    if isinstance(value, str):
        try:
            written = value.encode()
        except UnicodeEncodeError:
            written = b"\0"
        if b"\0" in written:
            raise InvalidInput("Must be text without control characters.", path=path)
        return len(written) + 2
    if isinstance(value, int) and value not in _WHOLE:
        raise InvalidInput("Must be a number of 64 bits.", path=path)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput("Must be a number of 64 bits.", path=path)
    return 1


def _place(fault: PortalError) -> tuple[tuple[str, ...], str, str]:
    """Give by what faults are ordered, and the same one is told once."""
    return fault.path, fault.message, str(fault.values)


def _faults(error: Any) -> Iterator[PortalError]:
    path = tuple(map(str, error.absolute_path))
    if error.validator == "required":
        for name in _missing(error):
            yield _required((*path, name), _property(error.schema, name))
    elif error.validator == "additionalProperties":
        for name in unknown_properties(error.instance, error.schema):
            yield InvalidInput("Is not known here.", path=(*path, name))
    elif texts := _texts(error.schema, "message"):
        yield InvalidInput("{text}", path=path, text=texts)
    elif title := _texts(error.schema, "title"):
        fault = Phrase(*_fault(error))
        yield InvalidInput("{title}: {fault}", path=path, title=title, fault=fault)
    else:
        sentence, values = _fault(error)
        yield InvalidInput(sentence, path=path, **values)


def _fault(error: Any) -> tuple[str, dict[str, Any]]:
    """Give the sentence about a value, by the keyword that it does not fit."""
    keyword, limit = str(error.validator), error.validator_value
    if keyword == "pattern":
        return _FORMS.get(error.schema.get("format"), _FORM), {}
    if keyword == "type" and isinstance(limit, str):
        return _TYPES[limit], {}
    if keyword in {"type", "enum"}:
        values = ", ".join(map(_written, limit))
        return translatable("Must be one of: {values}."), {"values": values}
    if keyword in _LIMITS:
        return _LIMITS[keyword], {"limit": _written(limit)}
    unfit = translatable("Does not fit the schema of the module: {keyword}.")
    return unfit, {"keyword": keyword}


def _required(path: tuple[str, ...], schema: Any) -> InvalidInput:
    if title := _texts(schema, "title"):
        return InvalidInput("{title} is required.", path=path, title=title)
    return InvalidInput("Is required.", path=path)


def _property(schema: Any, name: str) -> Any:
    properties = schema.get("properties")
    return properties.get(name) if isinstance(properties, Mapping) else None


def _texts(schema: Any, part: str) -> Texts | None:
    """Give what the schema itself says to people: what a value is called, or what is wrong."""
    texts = schema.get("x-text") if isinstance(schema, Mapping) else None
    if not isinstance(texts, Mapping):
        return None
    told = {name: text.get(part) for name, text in texts.items() if isinstance(text, Mapping)}
    said = {name: words for name, words in told.items() if words and type(words) is str}
    return Texts(said) if said else None


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _missing(error: Any) -> Iterator[str]:
    return (name for name in error.validator_value if name not in error.instance)
