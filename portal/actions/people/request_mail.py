"""What a member is told of its request, by mail."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.requestable import Requestable
from portal.language.messages import translate
from portal.mail.content import Content
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import RequestAccepted, RequestDeclined, RequestReceived
from portal.models import Account, Member, Person, Request
from portal.rules.people.request import RequestStatus, last_day


async def tell(session: AsyncSession, request: Request, now: datetime) -> None:
    """Tell the member who made a request how it stands; nobody, once that member has left."""
    found = (
        await session.execute(
            sa.select(Person, Account)
            .join(Member, Member.person_id == Person.id)
            .join(Account, Account.id == Member.account_id)
            .where(Account.id == request.account_id, Person.id == request.requested_by)
        )
    ).one_or_none()
    if found is None:
        return
    person, account = found
    await post(
        session,
        _content(request, person, account),
        to=Recipient(person.email, person.language),
        now=now,
        account_id=account.id,
    )


def _content(request: Request, person: Person, account: Account) -> Content:
    about = {
        "name": person.name,
        "account": account.name,
        "topic": translate(Requestable.known[request.kind].topic, person.language),
    }
    if request.state is RequestStatus.ACCEPTED:
        return RequestAccepted(**about)
    if request.state is RequestStatus.DECLINED:
        return RequestDeclined(**about, reason=request.reason or "")
    return RequestReceived(**about, until=last_day(request.requested_at, account.time_zone))
