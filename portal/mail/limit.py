"""How much mail may go to people who have not asked for it."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from portal import clock
from portal.errors import RateLimited
from portal.language.phrase import Seconds
from portal.login.throttle import Throttle, Window

_DAY = timedelta(days=1)
OF_ACCOUNT = OF_PERSON = 20
TO_RECIPIENT = 3


class MailLimit:
    """What one caller may still cause, by the day.

    A mail that is not sent after all is not counted. How much a network may cause without a login
    is for the throttle.
    """

    def __init__(self, throttle: Throttle, person_id: UUID | None, most: int) -> None:
        self._throttle = throttle
        self._person_id = person_id
        self._most = most

    def of_operator(self) -> "MailLimit":
        """Give the limit of what managers do for the operator: they may bring in many a day."""
        return MailLimit(self._throttle, None, self._most)

    async def count(
        self, connection: AsyncConnection, recipient: str, account_id: UUID | None
    ) -> None:
        """Count a mail in the transaction that sends it; RateLimited where that is one too many."""
        counters = {"mails": self._most, f"mails:recipient:{recipient}": TO_RECIPIENT}
        if account_id is not None:
            counters[f"mails:account:{account_id}"] = OF_ACCOUNT
        if self._person_id is not None:
            counters[f"mails:person:{self._person_id}"] = OF_PERSON
        mail = f"{uuid4()}"
        windows = [Window(name, most, _DAY, mail) for name, most in counters.items()]
        # Whatever the portal's clock was moved to, mails go by the real time.
        seconds = await self._throttle.count_events(connection, windows, clock.now())
        if seconds:
            raise RateLimited(
                "Too many mails were sent. Try again in {seconds}.",
                path=["input"],
                seconds=Seconds(seconds),
            )
