"""What our classes override in other packages, compared with what those packages have."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any

_OURS = ("portal", "schema", "resolvers", "permissions")
_ANY = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


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
    taken = list(inspect.signature(ours).parameters.values())
    handed = list(inspect.signature(theirs).parameters.values())
    if {each.kind for each in taken} >= _ANY:
        return True
    own = taken[len(handed) :]
    return [*map(_place, taken[: len(handed)])] == [*map(_place, handed)] and all(
        each.default is not inspect.Parameter.empty or each.kind in _ANY for each in own
    )


def _place(parameter: inspect.Parameter) -> Any:
    """Give what a call goes by: the name of a parameter, or that it takes whatever is left."""
    return parameter.kind if parameter.kind in _ANY else parameter.name


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
