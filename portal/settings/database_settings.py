"""The settings of a PostgreSQL of one's own."""

from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from portal.database.address import read_address
from portal.database.addresses import APP, LOGIN, OWNER, STAFF, WORKER, Addresses
from portal.settings.setting import Incomplete, setting

_LONG_ENOUGH = "a password of 12 characters or more"
_PASSWORDS = {
    OWNER: "owner_password",
    APP: "app_password",
    STAFF: "staff_password",
    LOGIN: "login_password",
    WORKER: "worker_password",
}
Password = Annotated[SecretStr | None, Field(min_length=12)]


class DatabaseSettings(BaseSettings):
    """Where it is, and the password of each role there."""

    database_url: str | None = setting(
        None,
        "a PostgreSQL address without a user, such as postgresql://db.internal:5432/portal",
        "PostgreSQL of your own, 15 or later; of several hosts (`one:5432,two:5432`) the one that"
        " can be written to. Without it the portal starts an embedded one.",
    )
    owner_password: Password = setting(
        None, _LONG_ENOUGH, "Password of `portal_owner`, with `PORTAL_DATABASE_URL`."
    )
    app_password: Password = setting(
        None, _LONG_ENOUGH, "Password of `portal_app`, with `PORTAL_DATABASE_URL`."
    )
    staff_password: Password = setting(
        None, _LONG_ENOUGH, "Password of `portal_staff`, with `PORTAL_DATABASE_URL`."
    )
    login_password: Password = setting(
        None, _LONG_ENOUGH, "Password of `portal_login`, with `PORTAL_DATABASE_URL`."
    )
    worker_password: Password = setting(
        None, _LONG_ENOUGH, "Password of `portal_worker`, with `PORTAL_DATABASE_URL`."
    )

    @field_validator("database_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            read_address(value)
        return value

    @model_validator(mode="after")
    def _passwords(self) -> Self:
        for name in _PASSWORDS.values() if self.database_url else ():
            if getattr(self, name) is None:
                raise Incomplete(name, "database_url")
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
