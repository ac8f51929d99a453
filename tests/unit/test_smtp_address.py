"""The SMTP server and the sender, as the operator sets them."""

import os

import pytest

from portal.settings.environment import read_settings
from portal.settings.settings import WrongSetting
from portal.settings.smtp_address import Encryption, SmtpAddress, sender_of

SENDER = "Portal <portal@operator.example>"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every setting of the environment."""
    for variable in [name for name in os.environ if name.upper().startswith("PORTAL_")]:
        monkeypatch.delenv(variable)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://mail.internal", SmtpAddress("mail.internal", 587, Encryption.STARTTLS)),
        ("smtps://mail.internal", SmtpAddress("mail.internal", 465, Encryption.TLS)),
        (
            "smtp://mail.internal:2525?encryption=none",
            SmtpAddress("mail.internal", 2525, Encryption.NONE),
        ),
        ("smtp://[::1]/?encryption=none", SmtpAddress("::1", 25, Encryption.NONE)),
        (
            "smtps://me%40x:p%3Aw%2F@mail.internal:1465",
            SmtpAddress("mail.internal", 1465, Encryption.TLS, "me@x", "p:w/"),
        ),
    ],
)
def test_an_address_is_read(monkeypatch: pytest.MonkeyPatch, url: str, address: SmtpAddress):
    monkeypatch.setenv("PORTAL_SMTP_URL", url)
    monkeypatch.setenv("PORTAL_MAIL_FROM", SENDER)
    settings = read_settings()
    assert settings.smtp == address
    assert str(settings.sender) == SENDER


@pytest.mark.parametrize(
    "url",
    [
        "mail.internal",
        "http://u:secret-word@mail.internal",
        "smtp://u:secret-word@",
        "smtp://secret-word@mail.internal",
        "smtp://u:secret-word@mail.internal:99999",
        "smtp://u:secret-word@mail.internal/inbox",
        "smtp://u:secret-word@mail.internal#x",
        "smtp://u:secret-word@mail.internal?encryption=none",
        "smtp://u:secret-word@mail.internal?encryption=some",
        "smtps://u:secret-word@mail.internal?encryption=none",
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("PORTAL_SMTP_URL", url)
    monkeypatch.setenv("PORTAL_MAIL_FROM", SENDER)
    with pytest.raises(WrongSetting) as fault:
        read_settings()
    assert str(fault.value) == (
        "PORTAL_SMTP_URL must be an SMTP address such as smtp://user:password@mail.internal:587."
    )


def test_the_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://u:secret-word@mail.internal")
    monkeypatch.setenv("PORTAL_MAIL_FROM", SENDER)
    settings = read_settings()
    assert "secret-word" not in repr(settings)
    assert "secret-word" not in repr(settings.smtp)


def test_a_server_needs_a_sender(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://mail.internal")
    with pytest.raises(WrongSetting, match=r"^PORTAL_MAIL_FROM is missing: PORTAL_SMTP_URL needs"):
        read_settings()


def test_without_a_server_the_sender_is_this_machine():
    settings = read_settings()
    assert settings.smtp is None
    assert str(settings.sender) == "Portal <portal@localhost>"


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("portal@operator.example", "portal@operator.example"),
        ("Jörg & Co <info@bücher.example>", "Jörg & Co <info@xn--bcher-kva.example>"),
    ],
)
def test_a_sender_is_read(text: str, sender: str):
    assert str(sender_of(text)) == sender


@pytest.mark.parametrize(
    "text",
    ["Portal", "x\r\nBcc: all@example.org <a@b.example>", "Jörg <jörg@b.example>", "a@localhost"],
)
def test_a_wrong_sender_is_refused(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("PORTAL_MAIL_FROM", text)
    with pytest.raises(WrongSetting) as fault:
        read_settings()
    assert str(fault.value) == (
        f"PORTAL_MAIL_FROM must be a sender such as Portal <portal@operator.example>, not {text!r}."
    )
