"""Settings: what is read, and the one sentence for what is wrong."""

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from pydantic import SecretStr

from portal.settings.environment import read_settings
from portal.settings.settings import Environment, Introspection, LogLevel, Settings, WrongSetting
from portal.settings.table import settings_table

Given = Callable[[dict[str, str]], Settings]

OWN = {
    "PORTAL_DATABASE_URL": "postgresql://db.internal:5433/shop",
    "PORTAL_OWNER_PASSWORD": "owner-secret-1",
    "PORTAL_APP_PASSWORD": "app-secret-123",
    "PORTAL_STAFF_PASSWORD": "staff-secret-1",
    "PORTAL_LOGIN_PASSWORD": "login-secret-1",
    "PORTAL_WORKER_PASSWORD": "worker-secret",
}


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Read the settings in an environment that has these variables and no other of ours."""

    def read(variables: dict[str, str]) -> Settings:
        for variable in [name for name in os.environ if name.upper().startswith("PORTAL_")]:
            monkeypatch.delenv(variable)
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        return read_settings()

    return read


def test_defaults(settings_of: Given) -> None:
    settings = settings_of({})
    assert settings.addresses is None
    assert settings.data == Path("var")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.env is Environment.DEVELOPMENT
    assert settings.log_level is LogLevel.INFO
    assert settings.introspection is Introspection.EVERYONE
    assert settings.trusted_documents is None


def test_an_empty_variable_counts_as_absent(settings_of: Given) -> None:
    assert settings_of({"PORTAL_DATABASE_URL": "", "PORTAL_PORT": ""}) == settings_of({})


def test_other_variables_are_none_of_our_business(settings_of: Given) -> None:
    assert settings_of({"PORT": "x", "MY_PORTAL_PORT": "x"}) == settings_of({})


def test_each_value_is_read(settings_of: Given) -> None:
    settings = settings_of(
        {
            "PORTAL_DATA": "/srv/portal",
            "PORTAL_HOST": "::1",
            "PORTAL_PORT": "8080",
            "PORTAL_ENV": "production",
            "PORTAL_LOG_LEVEL": "warning",
            "PORTAL_INTROSPECTION": "logged-in",
            "PORTAL_SECRET": "s" * 32,
        }
    )
    assert settings.introspection is Introspection.LOGGED_IN
    assert settings.data == Path("/srv/portal")
    assert (settings.host, settings.port) == ("::1", 8080)
    assert settings.env is Environment.PRODUCTION
    assert settings.log_level is LogLevel.WARNING
    assert settings.secret is not None
    assert settings.secret.get_secret_value() == "s" * 32


def test_a_postgresql_of_ones_own_has_an_address_for_each_role(settings_of: Given) -> None:
    addresses = settings_of(OWN).addresses
    assert addresses is not None
    shown = [address.render_as_string(hide_password=False) for address in addresses.each]
    place = "db.internal:5433/shop"
    assert shown == [
        f"postgresql+asyncpg://portal_owner:owner-secret-1@{place}",
        f"postgresql+asyncpg://portal_app:app-secret-123@{place}",
        f"postgresql+asyncpg://portal_staff:staff-secret-1@{place}",
        f"postgresql+asyncpg://portal_login:login-secret-1@{place}",
        f"postgresql+asyncpg://portal_worker:worker-secret@{place}",
    ]


def test_encryption_is_asked_for_as_in_every_postgresql_address(settings_of: Given) -> None:
    url = "postgresql://db.internal/shop?sslmode=verify-full"
    addresses = settings_of(OWN | {"PORTAL_DATABASE_URL": url}).addresses
    assert addresses is not None
    assert dict(addresses.app.query) == {"ssl": "verify-full"}


ADDRESS = (
    "PORTAL_DATABASE_URL must be a PostgreSQL address without a user, such as"
    " postgresql://db.internal:5432/portal."
)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"PORTAL_PORT": "eighty"},
            "PORTAL_PORT must be a whole number from 1 to 65535, not 'eighty'.",
        ),
        ({"PORTAL_PORT": "0"}, "PORTAL_PORT must be a whole number from 1 to 65535, not '0'."),
        (
            {"PORTAL_PORT": "65536"},
            "PORTAL_PORT must be a whole number from 1 to 65535, not '65536'.",
        ),
        ({"PORTAL_HOST": "a b"}, "PORTAL_HOST must be an address to listen on, not 'a b'."),
        ({"PORTAL_SECRET": "short"}, "PORTAL_SECRET must be a secret of 32 characters or more."),
        ({"PORTAL_ENV": "prod"}, "PORTAL_ENV must be development or production, not 'prod'."),
        (
            {"PORTAL_LOG_LEVEL": "loud"},
            "PORTAL_LOG_LEVEL must be debug, info, warning or error, not 'loud'.",
        ),
        ({"PORTAL_DATA": __file__}, f"PORTAL_DATA must be a folder, not '{__file__}'."),
        ({"PORTAL_DATABASE_URL": "db.internal"}, ADDRESS),
        ({"PORTAL_DATABASE_URL": "mysql://db/portal"}, ADDRESS),
        ({"PORTAL_DATABASE_URL": "postgresql://db"}, ADDRESS),
        ({"PORTAL_DATABASE_URL": "postgresql://me@db/portal"}, ADDRESS),
        ({"PORTAL_DATABASE_URL": "postgresql://db/portal?user=me"}, ADDRESS),
        (
            {**OWN, "PORTAL_STAFF_PASSWORD": ""},
            "PORTAL_STAFF_PASSWORD is missing: PORTAL_DATABASE_URL needs it.",
        ),
        (
            {**OWN, "PORTAL_APP_PASSWORD": "short"},
            "PORTAL_APP_PASSWORD must be a password of 12 characters or more.",
        ),
        (
            {"PORTAL_PROT": "8000"},
            "PORTAL_PROT is not a setting of the portal; perhaps PORTAL_PORT is meant.",
        ),
        ({"PORTAL_COLOUR": "red"}, "PORTAL_COLOUR is not a setting of the portal."),
    ],
)
def test_a_fault_is_one_sentence(
    settings_of: Given, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(WrongSetting) as fault:
        settings_of(variables)
    assert str(fault.value) == sentence


@pytest.mark.parametrize(
    "written", [None, b"", b"[]", b'{"1": 2}', b'["{ viewer { role } }"]', b"\xff{}"]
)
def test_a_manifest_is_an_object_of_texts(
    settings_of: Given, tmp_path: Path, written: bytes | None
) -> None:
    file = tmp_path / "documents.json"
    if written is not None:
        file.write_bytes(written)
    with pytest.raises(WrongSetting) as wrong:
        settings_of({"PORTAL_TRUSTED_DOCUMENTS": str(file)})
    assert str(wrong.value) == (
        "PORTAL_TRUSTED_DOCUMENTS must be a JSON file of documents, each under its id, as Relay"
        f" and graphql-codegen write it, not '{file}'."
    )
    file.write_text('{"1": "{ viewer { role } }"}')
    settings = settings_of({"PORTAL_TRUSTED_DOCUMENTS": str(file)})
    assert settings.trusted_documents == file


def test_a_password_is_never_shown(settings_of: Given) -> None:
    settings = settings_of(OWN)
    assert "-secret" not in repr(settings)
    assert "secret" not in repr(settings.addresses)


# Not in the lines that a traceback shows.
WITH_USER = "https://me:hush@hush@www.operator.example"
SHORT = "hush://"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hush-hush@db/portal",
        "postgresql://me:hush/hush@db/portal",
        "postgresql://me:hush@hush@db/portal",
        "postgresql://db/portal?password=hush-hush",
        "host=db password=hush-hush dbname=portal",
        "postgresql://me:hush-hush@db:port/portal",
        "postgresql://me:hush-hush@[db/portal",
    ],
)
def test_a_password_in_an_address_of_postgresql_is_never_shown(
    settings_of: Given, address: str
) -> None:
    with pytest.raises(WrongSetting) as fault:
        settings_of({**OWN, "PORTAL_DATABASE_URL": address})
    assert str(fault.value) == ADDRESS
    told = "".join(traceback.format_exception(fault.value))
    assert "hush" not in told


@pytest.mark.parametrize("name", ["ORIGINS", "PROXIES", "HOSTS", "PORT", "MAIL_FROM", "ENV"])
def test_a_password_in_any_other_address_is_never_shown(settings_of: Given, name: str) -> None:
    with pytest.raises(WrongSetting) as fault:
        settings_of({f"PORTAL_{name}": WITH_USER})
    assert "hush" not in "".join(traceback.format_exception(fault.value))
    assert str(fault.value).endswith(", not 'https://***@www.operator.example'.")


@pytest.mark.parametrize(
    "name", [n for n, f in Settings.model_fields.items() if SecretStr in get_args(f.annotation)]
)
def test_a_wrong_secret_is_never_shown(settings_of: Given, name: str) -> None:
    with pytest.raises(WrongSetting) as fault:
        settings_of({f"PORTAL_{name.upper()}": SHORT})
    assert "hush" not in "".join(traceback.format_exception(fault.value))


def test_the_table_names_every_setting() -> None:
    rows = settings_table().splitlines()
    assert rows[0] == "| setting | default | meaning |"
    assert len(rows) == 2 + len(Settings.model_fields)
    assert "| `PORTAL_PORT` | `8000` | Port to listen on. |" in rows


SECRETS = [
    name for name, field in Settings.model_fields.items() if SecretStr in get_args(field.annotation)
]


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_come_from_a_file(settings_of: Given, tmp_path: Path, name: str) -> None:
    secret = "smtp://u:p@mail.internal" if name == "smtp_url" else 32 * "é"
    file = tmp_path / "secret"
    file.write_text(f"{secret}\n", encoding="utf-8")
    variable = f"PORTAL_{name.upper()}"
    others = {"PORTAL_MAIL_FROM": "portal@operator.example"}
    read = getattr(settings_of({**others, f"{variable}_FILE": str(file)}), name)
    assert read.get_secret_value() == secret
    with pytest.raises(WrongSetting) as both:
        settings_of({**others, f"{variable}_FILE": str(file), variable: secret})
    assert str(both.value) == f"{variable} and {variable}_FILE are both given."


def test_a_file_that_cannot_be_read_is_one_sentence(settings_of: Given, tmp_path: Path) -> None:
    place = tmp_path / "nothing"
    with pytest.raises(WrongSetting) as gone:
        settings_of({"PORTAL_SECRET_FILE": str(place)})
    assert str(gone.value) == (
        f"PORTAL_SECRET_FILE cannot be read: {place}: No such file or directory."
    )
    place.write_bytes(b"\xff" * 40)
    with pytest.raises(WrongSetting) as binary:
        settings_of({"PORTAL_SECRET_FILE": str(place)})
    assert str(binary.value) == f"PORTAL_SECRET_FILE cannot be read: {place}: it is no text."
    place.write_text("too short\n")
    with pytest.raises(WrongSetting) as short:
        settings_of({"PORTAL_SECRET_FILE": str(place)})
    assert str(short.value) == "PORTAL_SECRET must be a secret of 32 characters or more."


def test_what_is_no_secret_comes_from_no_file(settings_of: Given) -> None:
    with pytest.raises(WrongSetting) as fault:
        settings_of({"PORTAL_PORT_FILE": "/run/port"})
    assert str(fault.value).startswith("PORTAL_PORT_FILE is not a setting of the portal")
