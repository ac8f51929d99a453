"""How a setting is declared: its default, what it must be, and what it means."""

from typing import Any, Final

from pydantic import Field

PREFIX: Final = "PORTAL_"


class Incomplete(ValueError):
    """A setting is missing that another one makes necessary; their names in that order."""


def setting(default: Any, accepts: str, description: str, **limits: Any) -> Any:
    """Declare a setting; ``accepts`` finishes the sentence "it must be ..."."""
    return Field(default, description=description, json_schema_extra={"accepts": accepts}, **limits)


def variable(name: str) -> str:
    """Give the variable of the environment that sets it."""
    return PREFIX + name.upper()
