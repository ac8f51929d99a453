"""What the operator may set."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from portal.settings.database_settings import DatabaseSettings
from portal.settings.limit_settings import LimitSettings
from portal.settings.mail_settings import MailSettings
from portal.settings.manifest import read_manifest
from portal.settings.price_settings import PriceSettings
from portal.settings.setting import PREFIX, setting
from portal.viewer import Language

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


class Settings(LimitSettings, PriceSettings, MailSettings, DatabaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data: Path = setting(Path("var"), "a folder", "Folder of the embedded PostgreSQL and of files.")
    secret: Annotated[SecretStr | None, Field(min_length=32)] = setting(
        None,
        "a secret of 32 characters or more",
        "Signs previews; the same for every server of the portal. Needed in production; without it"
        " development makes one in `PORTAL_DATA`.",
    )
    host: str = setting(
        "127.0.0.1",
        "an address to listen on",
        "Address to listen on.",
        pattern=r"^[0-9A-Za-z.:-]+$",
    )
    port: int = setting(
        8000, "a whole number from 1 to 65535", "Port to listen on.", ge=1, le=65535
    )
    concurrency: int = setting(
        6,
        "a whole number from 1 to 100",
        "Operations that one process carries out at once; what is too much gets 503 soon.",
        ge=1,
        le=100,
    )
    queue_seconds: float = setting(
        0.1,
        "a number of seconds from 0 to 60",
        "How long a request waits for its turn before it gets 503.",
        ge=0,
        le=60,
    )
    budget: int = setting(
        10_000_000,
        "a whole number from 1000 to 1000000000",
        "Cost that each caller may ask at once (`extensions.cost`); an address, without a login.",
        ge=1_000,
        le=10**9,
    )
    budget_per_second: int = setting(
        2_000_000,
        "a whole number from 1 to 1000000000",
        "Cost by which that fills up again each second.",
        ge=1,
        le=10**9,
    )
    proxies: str | None = setting(
        None,
        "addresses or networks, separated by commas",
        "Proxies in front of the portal, which say in `X-Forwarded-For` who is calling.",
        pattern=r"^[0-9A-Fa-f.:/, ]+$",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        "names such as portal.operator.example, without a port, separated by commas",
        "Names under which the portal is reached, separated by commas; requests for any other are"
        " refused. Needed in production; without it development has `localhost`, `127.0.0.1` and"
        " `[::1]`.",
    )
    origins: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        "origins such as https://www.operator.example, separated by commas",
        "Sites whose pages may use the API (CORS), as origins separated by commas.",
    )
    env: Environment = setting(
        Environment.DEVELOPMENT,
        "development or production",
        "`development` shows GraphiQL and writes demo data on the first run.",
    )
    pages: bool = setting(
        True,
        "on or off",
        "Whether the pages of the portal are served beside the API; off, the API is served alone.",
    )
    language: Language = setting(
        Language.NL,
        "nl, en or de",
        "Language in which the operator writes what it offers; readers of another get the"
        " translation, where there is one.",
    )
    introspection: Introspection = setting(
        Introspection.EVERYONE,
        "everyone or logged-in",
        "Who may ask for the schema: `everyone`, or `logged-in` alone. Each role sees its own.",
    )
    trusted_documents: Path | None = setting(
        None,
        "a JSON file of documents, each under its id, as Relay and graphql-codegen write it",
        "File of the documents that are answered, written by Relay's compiler or graphql-codegen;"
        " all others are refused.",
    )
    metrics_token: Annotated[SecretStr | None, Field(min_length=16)] = setting(
        None,
        "a token of 16 characters or more",
        "Bearer token with which Prometheus reads `/metrics`; without it there is no such page.",
    )
    security_contact: str | None = setting(
        None,
        "an address such as mailto:security@operator.example or https://operator.example/security",
        "Whom to tell of a weakness; `/.well-known/security.txt` names it (RFC 9116).",
        pattern=r"^(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[0-9-]+)$",
        max_length=300,
    )
    log_level: LogLevel = setting(
        LogLevel.INFO, "debug, info, warning or error", "How much the log tells."
    )
    log_format: LogFormat = setting(
        LogFormat.LINE,
        "line or json",
        "`json` writes each line as an object, without personal data: what failed and where, and"
        " not with which values.",
    )

    compiled_reading: bool = setting(
        True,
        "on or off",
        "Whether a query, and what a mutation answers, becomes one SQL statement; off, GraphQL's"
        " executor answers it, slower.",
    )

    @field_validator("origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        return _listed(value, _ORIGIN)

    @field_validator("hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return _listed(value, _HOST_NAME)

    @field_validator("language", mode="before")
    @classmethod
    def _language(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) and value.islower() else value

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


def _listed(value: object, form: re.Pattern[str]) -> object:
    if not isinstance(value, str):
        return value
    parts = tuple(part.strip() for part in value.split(","))
    if not all(map(form.fullmatch, parts)):
        raise ValueError
    return parts
