"""What our classes override in other packages, compared with what those packages have."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any

_OURS = ("portal", "schema", "resolvers", "permissions")
_POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD
_NAMED = inspect.Parameter.KEYWORD_ONLY
_ANY_NAMED = inspect.Parameter.VAR_KEYWORD
_ANY = {inspect.Parameter.VAR_POSITIONAL, _ANY_NAMED}
_NONE = inspect.Parameter.empty


def lost() -> list[str]:
    """Name each method of a loaded class of ours that overrides nothing, or is called otherwise.

    A newer release of a package would go on without it, silently.
    """
    return [sentence for cls in _classes() for sentence in _lost_by(cls)]


def _lost_by(cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        ours = _function(member)
        if not getattr(ours, "__override__", False):
            continue
        place = f"{cls.__module__}.{cls.__qualname__}.{name}"
        base = next((base for base in cls.__mro__[1:] if name in vars(base)), None)
        if base is None:
            others = (base for base in cls.__mro__[1:] if not _is_ours(base.__module__))
            other = next(others, object)
            yield f"{place} overrides nothing: {_named(other)} has no {name}."
        elif not _takes(ours, _function(vars(base)[name])):
            yield f"{place} does not take what {_named(base)} hands to {name}."


def _takes(ours: Any, theirs: Any) -> bool:
    """Tell whether ``ours`` may be called in every way in which ``theirs`` is."""
    if not callable(theirs):
        return True
    taken, handed = (_by_kind(inspect.signature(each)) for each in (ours, theirs))
    if taken.keys() >= _ANY:
        return True
    many = len(handed.get(_POSITIONAL, ()))
    first, others = taken.get(_POSITIONAL, [])[:many], taken.get(_POSITIONAL, [])[many:]
    named = handed.get(_NAMED, [])
    others += [each for each in taken.get(_NAMED, []) if each not in named]
    return (
        first == handed.get(_POSITIONAL, [])
        and taken.keys() & _ANY >= handed.keys() & _ANY
        and (_ANY_NAMED in taken or {*named} <= {*taken.get(_NAMED, [])})
        and all(inspect.signature(ours).parameters[each].default is not _NONE for each in others)
    )


def _by_kind(signature: inspect.Signature) -> dict[Any, list[str]]:
    """Give the names of the parameters of each kind."""
    found: dict[Any, list[str]] = {}
    for name, each in signature.parameters.items():
        kind = _POSITIONAL if each.kind is inspect.Parameter.POSITIONAL_ONLY else each.kind
        found.setdefault(kind, []).append(name)
    return found


def _function(member: Any) -> Any:
    """Give the function of a method, a class method or a property."""
    return getattr(member, "__func__", None) or getattr(member, "fget", None) or member


def _classes() -> Iterator[type]:
    modules = [(name, module) for name, module in sys.modules.items() if _is_ours(name)]
    for name, module in modules:
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == name:
                yield value


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in _OURS


def _named(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
