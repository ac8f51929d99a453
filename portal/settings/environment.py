"""Reading the settings: PORTAL_* variables of the environment, and files of secrets."""

import difflib
import os
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr, ValidationError

from portal.settings.setting import PREFIX, variable
from portal.settings.settings import Settings, WrongSetting

# What may hold a password where it is wrong, in more than one place: it is never shown.
_WITH_PASSWORDS = frozenset({"database_url"})
_USER = re.compile("://.*@", re.DOTALL)
_FILES = {
    f"{name}_file": name
    for name, field in Settings.model_fields.items()
    if SecretStr in get_args(field.annotation)
}
"""Where each secret may come from instead, as containers and systemd hand them over."""


def read_settings() -> Settings:
    """Read the environment; raises ``WrongSetting`` with one sentence about the first fault."""
    for given in sorted(os.environ):
        name = given.upper()
        known = _name(name) in Settings.model_fields or _name(name) in _FILES
        if name.startswith(PREFIX) and not known:
            raise WrongSetting(f"{given} is not a setting of the portal{_suggestion(name)}.")
    try:
        return Settings(**_from_files())
    except ValidationError as fault:
        raise WrongSetting(_sentence(fault)) from None


def _from_files() -> dict[str, Any]:
    """Read the secrets that stand in files, a newline at the end left out."""
    given = {name.upper(): value for name, value in os.environ.items() if value}
    read = {}
    for file, name in _FILES.items():
        path = given.get(variable(file))
        if path is None:
            continue
        if variable(name) in given:
            raise WrongSetting(f"{variable(name)} and {variable(file)} are both given.")
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or "it is no text"
            raise WrongSetting(f"{variable(file)} cannot be read: {path}: {reason}.") from None
        read[name] = text.removesuffix("\n").removesuffix("\r")
    return read


def _sentence(fault: ValidationError) -> str:
    first = fault.errors()[0]
    if not first["loc"]:
        missing, asking = first["ctx"]["error"].args
        return f"{variable(missing)} is missing: {variable(asking)} needs it."
    name = str(first["loc"][0])
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    accepts = extra["accepts"] if isinstance(extra, dict) else ""
    is_secret = name in _WITH_PASSWORDS or SecretStr in get_args(field.annotation)
    given = "" if is_secret else f", not {_USER.sub('://***@', str(first['input']))!r}"
    return f"{variable(name)} must be {accepts}{given}."


def _suggestion(given: str) -> str:
    close = difflib.get_close_matches(_name(given), Settings.model_fields, n=1)
    return f"; perhaps {variable(close[0])} is meant" if close else ""


def _name(given: str) -> str:
    return given.removeprefix(PREFIX).lower()
