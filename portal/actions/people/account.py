"""What may happen to an account."""

from collections.abc import Mapping
from typing import Any

from portal.models import Account
from portal.writing.changes import apply_changes


def update(account: Account, changes: Mapping[str, Any]) -> None:
    """Set an account's own fields."""
    apply_changes(account, changes)


def set_test_account(account: Account, *, is_test: bool) -> None:
    """Say whether an account is a test account."""
    account.is_test = is_test
