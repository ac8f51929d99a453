"""What the operator may set: PORTAL_* variables of the environment, read once."""

import difflib
import os
import re
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import NoDecode, SettingsConfigDict

from portal.database.address import read_address
from portal.database.addresses import APP, LOGIN, OWNER, STAFF, WORKER, Addresses
from portal.settings.limit_settings import LimitSettings
from portal.settings.manifest import read_manifest
from portal.settings.smtp_address import SmtpAddress, sender_of

PREFIX = "PORTAL_"


# As browsers write it: no path, no capital letters.
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


class WrongSetting(Exception):
    """A setting that the portal cannot work with; the message is one sentence."""


class Environment(StrEnum):
    """Where the portal runs: on a developer's machine, or for customers."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    """How much the log tells."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log is written."""

    LINE = "line"
    JSON = "json"


class Introspection(StrEnum):
    """Who is shown the schema, each their own part of it."""

    EVERYONE = "everyone"
    LOGGED_IN = "logged-in"


def _setting(default: Any, accepts: str, description: str, **limits: Any) -> Any:
    """Declare a setting; ``accepts`` finishes the sentence "it must be ..."."""
    return Field(default, description=description, json_schema_extra={"accepts": accepts}, **limits)


_LONG_ENOUGH = "a password of 12 characters or more"
Password = Annotated[SecretStr | None, Field(min_length=12)]


class Settings(LimitSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    database_url: str | None = _setting(
        None,
        "a PostgreSQL address without a user, such as postgresql://db.internal:5432/portal",
        "PostgreSQL of your own, 15 or later; of several hosts (`one:5432,two:5432`) the one that"
        " can be written to. Without it the portal starts an embedded one.",
    )
    owner_password: Password = _setting(
        None, _LONG_ENOUGH, "Password of `portal_owner`, with `PORTAL_DATABASE_URL`."
    )
    app_password: Password = _setting(
        None, _LONG_ENOUGH, "Password of `portal_app`, with `PORTAL_DATABASE_URL`."
    )
    staff_password: Password = _setting(
        None, _LONG_ENOUGH, "Password of `portal_staff`, with `PORTAL_DATABASE_URL`."
    )
    login_password: Password = _setting(
        None, _LONG_ENOUGH, "Password of `portal_login`, with `PORTAL_DATABASE_URL`."
    )
    worker_password: Password = _setting(
        None, _LONG_ENOUGH, "Password of `portal_worker`, with `PORTAL_DATABASE_URL`."
    )
    data: Path = _setting(
        Path("var"), "a folder", "Folder of the embedded PostgreSQL and of files."
    )
    smtp_url: SecretStr | None = _setting(
        None,
        "an SMTP address such as smtp://user:password@mail.internal:587",
        "SMTP server for mails: `smtp://` (STARTTLS), `smtps://` (TLS), or `?encryption=none`."
        " Without it they are files in `PORTAL_DATA/mail`.",
    )
    mail_from: str | None = _setting(
        None,
        "a sender such as Portal <portal@operator.example>",
        "Sender of mails, with `PORTAL_SMTP_URL`.",
    )
    secret: Annotated[SecretStr | None, Field(min_length=32)] = _setting(
        None,
        "a secret of 32 characters or more",
        "Signs previews; the same for every server of the portal. Needed in production; without it"
        " development makes one in `PORTAL_DATA`.",
    )
    host: str = _setting(
        "127.0.0.1",
        "an address to listen on",
        "Address to listen on.",
        pattern=r"^[0-9A-Za-z.:-]+$",
    )
    port: int = _setting(
        8000, "a whole number from 1 to 65535", "Port to listen on.", ge=1, le=65535
    )
    concurrency: int = _setting(
        6,
        "a whole number from 1 to 100",
        "Operations that one process carries out at once; what is too much gets 503 soon.",
        ge=1,
        le=100,
    )
    queue_seconds: float = _setting(
        0.1,
        "a number of seconds from 0 to 60",
        "How long a request waits for its turn before it gets 503.",
        ge=0,
        le=60,
    )
    budget: int = _setting(
        10_000_000,
        "a whole number from 1000 to 1000000000",
        "Cost that each caller may ask at once (`extensions.cost`); an address, without a login.",
        ge=1_000,
        le=10**9,
    )
    budget_per_second: int = _setting(
        2_000_000,
        "a whole number from 1 to 1000000000",
        "Cost by which that fills up again each second.",
        ge=1,
        le=10**9,
    )
    proxies: str | None = _setting(
        None,
        "addresses or networks, separated by commas",
        "Proxies in front of the portal, which say in `X-Forwarded-For` who is calling.",
        pattern=r"^[0-9A-Fa-f.:/, ]+$",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "names such as portal.operator.example, without a port, separated by commas",
        "Names under which the portal is reached, separated by commas; requests for any other are"
        " refused. Needed in production; without it development has `localhost`, `127.0.0.1` and"
        " `[::1]`.",
    )
    origins: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "origins such as https://www.operator.example, separated by commas",
        "Sites whose pages may use the API (CORS), as origins separated by commas.",
    )
    env: Environment = _setting(
        Environment.DEVELOPMENT,
        "development or production",
        "`development` shows GraphiQL and writes demo data on the first run.",
    )
    introspection: Introspection = _setting(
        Introspection.EVERYONE,
        "everyone or logged-in",
        "Who may ask for the schema: `everyone`, or `logged-in` alone. Each role sees its own.",
    )
    trusted_documents: Path | None = _setting(
        None,
        "a JSON file of documents, each under its id, as Relay and graphql-codegen write it",
        "File of the documents that are answered, written by Relay's compiler or graphql-codegen;"
        " all others are refused.",
    )
    metrics_token: Annotated[SecretStr | None, Field(min_length=16)] = _setting(
        None,
        "a token of 16 characters or more",
        "Bearer token with which Prometheus reads `/metrics`; without it there is no such page.",
    )
    security_contact: str | None = _setting(
        None,
        "an address such as mailto:security@operator.example or https://operator.example/security",
        "Whom to tell of a weakness; `/.well-known/security.txt` names it (RFC 9116).",
        pattern=r"^(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[0-9-]+)$",
        max_length=300,
    )
    log_level: LogLevel = _setting(
        LogLevel.INFO, "debug, info, warning or error", "How much the log tells."
    )
    log_format: LogFormat = _setting(
        LogFormat.LINE,
        "line or json",
        "`json` writes each line as an object, without personal data: what failed and where, and"
        " not with which values.",
    )

    compiled_reading: bool = _setting(
        True,
        "on or off",
        "Whether a query, and what a mutation answers, becomes one SQL statement; off, GraphQL's"
        " executor answers it, slower.",
    )

    @field_validator("database_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            read_address(value)
        return value

    @field_validator("origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        return _listed(value, _ORIGIN)

    @field_validator("hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return _listed(value, _HOST_NAME)

    @field_validator("data")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError
        return value

    @field_validator("trusted_documents")
    @classmethod
    def _manifest(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_manifest(value)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            SmtpAddress.of(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None:
            sender_of(value)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, others in _NEEDS.items():
            if getattr(self, name):
                for other in others:
                    if getattr(self, other) is None:
                        raise _Incomplete(other, name)
        return self

    @property
    def addresses(self) -> Addresses | None:
        """The addresses of a PostgreSQL of one's own; None for the embedded one."""
        if self.database_url is None:
            return None
        passwords = {
            role: getattr(self, name).get_secret_value() for role, name in _PASSWORDS.items()
        }
        return Addresses.at(read_address(self.database_url), passwords)

    @property
    def smtp(self) -> SmtpAddress | None:
        """The server that takes our mails; None when they become files."""
        return SmtpAddress.of(self.smtp_url.get_secret_value()) if self.smtp_url else None

    @property
    def sender(self) -> Address:
        """The sender of our mails."""
        return (
            sender_of(self.mail_from)
            if self.mail_from
            else Address("Portal", "portal", "localhost")
        )


_PASSWORDS = {
    OWNER: "owner_password",
    APP: "app_password",
    STAFF: "staff_password",
    LOGIN: "login_password",
    WORKER: "worker_password",
}
# What may hold a password where it is wrong, in more than one place: it is never shown.
_WITH_PASSWORDS = frozenset({"database_url"})
_USER = re.compile("://.*@", re.DOTALL)
_NEEDS = {"database_url": tuple(_PASSWORDS.values()), "smtp_url": ("mail_from",)}


_FILES = {
    f"{name}_file": name
    for name, field in Settings.model_fields.items()
    if SecretStr in get_args(field.annotation)
}
"""Where each secret may come from instead, as containers and systemd hand them over."""


class _Incomplete(ValueError):
    """A setting is missing that another one makes necessary."""


def _listed(value: object, form: re.Pattern[str]) -> object:
    if not isinstance(value, str):
        return value
    parts = tuple(part.strip() for part in value.split(","))
    if not all(map(form.fullmatch, parts)):
        raise ValueError
    return parts


def read_settings() -> Settings:
    """Read the environment; raises ``WrongSetting`` with one sentence about the first fault."""
    for variable in sorted(os.environ):
        name = variable.upper()
        known = _name(name) in Settings.model_fields or _name(name) in _FILES
        if name.startswith(PREFIX) and not known:
            raise WrongSetting(f"{variable} is not a setting of the portal{_suggestion(name)}.")
    try:
        return Settings(**_from_files())
    except ValidationError as fault:
        raise WrongSetting(_sentence(fault)) from None


def _from_files() -> dict[str, Any]:
    """Read the secrets that stand in files, a newline at the end left out."""
    given = {name.upper(): value for name, value in os.environ.items() if value}
    read = {}
    for file, name in _FILES.items():
        path = given.get(_variable(file))
        if path is None:
            continue
        if _variable(name) in given:
            raise WrongSetting(f"{_variable(name)} and {_variable(file)} are both given.")
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or "it is no text"
            raise WrongSetting(f"{_variable(file)} cannot be read: {path}: {reason}.") from None
        read[name] = text.removesuffix("\n").removesuffix("\r")
    return read


def settings_table() -> str:
    """Give the table of the settings for the README."""
    rows = (
        f"| `{_variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in sorted(Settings.model_fields.items(), key=_is_limit)
    )
    return "\n".join(("| setting | default | meaning |", "|---|---|---|", *rows))


def _is_limit(named: tuple[str, FieldInfo]) -> bool:
    return named[0] in LimitSettings.model_fields


def _sentence(fault: ValidationError) -> str:
    first = fault.errors()[0]
    if not first["loc"]:
        missing, asking = first["ctx"]["error"].args
        return f"{_variable(missing)} is missing: {_variable(asking)} needs it."
    name = str(first["loc"][0])
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    accepts = extra["accepts"] if isinstance(extra, dict) else ""
    is_secret = name in _WITH_PASSWORDS or SecretStr in get_args(field.annotation)
    given = "" if is_secret else f", not {_USER.sub('://***@', str(first['input']))!r}"
    return f"{_variable(name)} must be {accepts}{given}."


def _suggestion(variable: str) -> str:
    close = difflib.get_close_matches(_name(variable), Settings.model_fields, n=1)
    return f"; perhaps {_variable(close[0])} is meant" if close else ""


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, bool):
        return "`on`" if field.default else "`off`"
    return "" if field.default in (None, ()) else f"`{field.default}`"


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _name(variable: str) -> str:
    return variable.removeprefix(PREFIX).lower()
