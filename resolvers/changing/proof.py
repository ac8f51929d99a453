"""What somebody proves by a code from a mail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from portal.errors import faults_below
from portal.login.one_time_code import Code, code_form, wrong_code
from portal.login.throttle import Purpose, Throttled
from resolvers.context import Context
from resolvers.given import id_in


@dataclass(frozen=True, slots=True)
class Proof:
    """A code, and the attempt that it is."""

    code: Code
    attempt: Throttled


def proof_in(type_name: str, purpose: Purpose) -> Callable[[Context, Any], Awaitable[Proof]]:
    """Make the step that reads a code and counts the guess, whatever comes of it."""

    async def prepare(context: Context, given: Any) -> Proof:
        with faults_below("input", "code"):
            code = code_form(given.code)
        id = id_in(type_name, given.id)
        if id is None:
            raise wrong_code()
        attempt = Throttled(purpose, str(id))
        await context.count_attempt(attempt)
        return Proof(Code(id, code), attempt)

    return prepare
