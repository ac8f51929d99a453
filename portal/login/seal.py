"""What the secret is for: what callers take away and bring back unchanged, and names as hashes.

What is closed can be read by whoever has it; what is hidden by nobody.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadData, URLSafeSerializer

from portal.settings.settings import Environment, Settings, WrongSetting

_FILE = "secret"
_BYTES = 32
LONGEST = 4096


class Seal:
    """Signs JSON for one purpose, hides it for another, and hashes names."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._signed = URLSafeSerializer(
            secret,
            salt="portal.preview",
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )

    @cached_property
    def _hidden(self) -> Fernet:
        key = hmac.digest(self._secret, b"portal.hidden", "sha256")
        return Fernet(urlsafe_b64encode(key))

    def hash(self, text: str) -> bytes:
        """Name something so that nobody without the secret can tell, or try out, what it is."""
        message = b"portal.name:" + text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, "sha256")

    def hide(self, content: Any) -> str:
        """Encrypt JSON (Fernet: AES-CBC and HMAC-SHA-256)."""
        return self._hidden.encrypt(orjson.dumps(content)).decode()

    def found(self, token: str, seconds: int) -> Any:
        """Give what was hidden here so many seconds ago at most; None for anything else."""
        try:
            return orjson.loads(self._hidden.decrypt(token, ttl=seconds))
        except (InvalidToken, ValueError):
            return None

    def close(self, content: dict[str, Any]) -> str:
        """Give the token of a content: about a hundred characters and those of the content."""
        token = self._signed.dumps(content)
        return token if isinstance(token, str) else token.decode()

    def open(self, token: str) -> dict[str, Any] | None:
        """Give the content of a token; None for anything that was not made here as it is."""
        if len(token) > LONGEST or not token.isascii():
            return None
        try:
            content: dict[str, Any] = self._signed.loads(token)
        except BadData:
            return None
        # The last letter of a signature in base64 has bits that decide nothing.
        return content if hmac.compare_digest(self.close(content), token) else None


def secret_of(settings: Settings) -> str:
    """Give the secret that is set; in development else the one that the data folder keeps."""
    if settings.secret is not None:
        return settings.secret.get_secret_value()
    if settings.env is Environment.PRODUCTION:
        raise WrongSetting("PORTAL_SECRET is missing: PORTAL_ENV=production needs it.")
    file = settings.data / _FILE
    try:
        return _kept_in(file)
    except OSError as fault:
        raise WrongSetting(f"PORTAL_DATA cannot keep a secret: {fault}.") from None


def _kept_in(file: Path) -> str:
    """Read a secret, which the first to ask makes: whole, or not there at all."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, prefix=f"{file.name}.") as made:
            made.write(secrets.token_urlsafe(_BYTES))
            made.flush()
            # Where another process was first, its secret is the one.
            with suppress(FileExistsError):
                file.hardlink_to(made.name)
    return file.read_text()
