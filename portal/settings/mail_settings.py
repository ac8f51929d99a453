"""The settings of mails: the server that takes them, and their sender."""

from email.headerregistry import Address
from typing import Self

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from portal.settings.setting import Incomplete, setting
from portal.settings.smtp_address import SmtpAddress, sender_of


class MailSettings(BaseSettings):
    """Both, or neither: then mails are files."""

    smtp_url: SecretStr | None = setting(
        None,
        "an SMTP address such as smtp://user:password@mail.internal:587",
        "SMTP server for mails: `smtp://` (STARTTLS), `smtps://` (TLS), or `?encryption=none`."
        " Without it they are files in `PORTAL_DATA/mail`.",
    )
    mail_from: str | None = setting(
        None,
        "a sender such as Portal <portal@operator.example>",
        "Sender of mails, with `PORTAL_SMTP_URL`.",
    )

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
    def _with_sender(self) -> Self:
        if self.smtp_url and self.mail_from is None:
            raise Incomplete("mail_from", "smtp_url")
        return self

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
