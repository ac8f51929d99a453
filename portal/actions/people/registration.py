"""From a stranger to a customer with an account: register, then confirm by a code from the mail.

A known e-mail address is registered like any other, with a code that nobody is sent; its owner is
told by mail instead. So neither the answer nor its time tells who is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.contract.consent import latest_documents
from portal.database.engines import set_viewer
from portal.errors import (
    NotFound,
    PortalError,
    RuleBroken,
    Several,
    check_all,
    faults_below,
)
from portal.language import global_id
from portal.login.one_time_code import LIFE, Code, hash_of_code, new_code, wrong_code
from portal.mail.limit import MailLimit
from portal.mail.outbox import Stranger, post
from portal.mail.people.content import AlreadyRegistered, RegistrationCode
from portal.models import Account, Consent, Member, Person, Registration
from portal.rules.people.password import password as password_form
from portal.viewer import NOTHING, Language, MemberRole, Role, Viewer
from portal.writing.audit import Actor, act_as
from portal.writing.changes import apply_changes

_START = sa.text(
    "SELECT known_name, known_language FROM start_registration(:id, :email, :person_name,"
    " :account_name, :language, :password_hash, :consent_document_ids, :code_hash, :at,"
    " :expires_at)"
).bindparams(sa.bindparam("consent_document_ids", type_=sa.ARRAY(sa.Uuid())))
_TAKE = sa.text("SELECT * FROM take_registration(:id, :code_hash, :at)")
_FINISH = sa.text("SELECT finish_registration(:id, :code_hash, :person_id)")


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way; the global ``id`` says what it is for, and comes back with it."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationConfirmed:
    """There is an account now; its owner logs in with this address."""

    email: str


def application(values: Mapping[str, Any], password: str) -> Registration:
    """Check what somebody who registers has sent; it becomes no row before ``register``."""
    applicant = Registration()

    def check_password() -> None:
        with faults_below("input", "password"):
            password_form(password, applicant.person_name, applicant.account_name, applicant.email)

    check_all(lambda: apply_changes(applicant, values), check_password)
    return applicant


async def register(
    session: AsyncSession,
    applicant: Registration,
    document_ids: Sequence[UUID | None],
    limit: MailLimit,
    now: datetime,
) -> CodeSent:
    """Keep a registration, its password hashed by now, and post the mail with its code."""
    await _check_documents(session, document_ids, now)
    id, code = uuid4(), new_code()
    sent = CodeSent(global_id.encode("Registration", id), now + LIFE)
    values = {
        "id": id,
        "email": applicant.email,
        "person_name": applicant.person_name,
        "account_name": applicant.account_name,
        "language": applicant.language,
        "password_hash": applicant.password_hash,
        "consent_document_ids": list(dict.fromkeys(document_ids)),
        "code_hash": hash_of_code(id, code),
        "at": now,
        "expires_at": sent.expires_at,
    }
    known = (await session.execute(_START, values)).one_or_none()
    content: RegistrationCode | AlreadyRegistered = (
        AlreadyRegistered(name=known.known_name)
        if known
        else RegistrationCode(code=code, minutes=int(LIFE.total_seconds()) // 60)
    )
    language = Language(known.known_language) if known else applicant.language
    recipient = Stranger(applicant.email, language, limit)
    await post(session, content, to=recipient, now=now)
    return sent


async def confirm(session: AsyncSession, code: Code, now: datetime) -> Person:
    """Make the person, the account that it owns, and the consents as of the registration."""
    proof = {"id": code.id, "code_hash": hash_of_code(code.id, code.text)}
    taken = (await session.execute(_TAKE, {**proof, "at": now})).one_or_none()
    if taken is None:
        raise wrong_code()
    person = Person(
        id=uuid7(),
        email=taken.email,
        name=taken.person_name,
        language=Language(taken.language),
        created_at=now,
    )
    account_id = uuid7()
    # From here on the transaction is the new customer's, for the walls and for the history.
    viewer = Viewer(
        Role.CUSTOMER, person.id, person.name, grants=MappingProxyType({account_id: NOTHING})
    )
    await set_viewer(await session.connection(), viewer)
    act_as(session, Actor(Role.CUSTOMER, person.id, person.name))
    await _make(session, person, account_id, taken, now)
    await session.execute(_FINISH, {**proof, "person_id": person.id})
    return person


async def _make(
    session: AsyncSession,
    person: Person,
    account_id: UUID,
    taken: sa.Row[Any],
    now: datetime,
) -> None:
    """Write the rows, those first that others refer to."""
    owner = Member(
        id=uuid7(),
        account_id=account_id,
        person_id=person.id,
        role=MemberRole.OWNER,
        joined_at=now,
    )
    account = Account(
        id=account_id,
        name=taken.account_name,
        language=person.language,
        owner_id=owner.id,
        created_at=now,
    )
    for row in (person, account, owner):
        session.add(row)
        await session.flush()
    session.add_all(
        Consent(
            account_id=account_id,
            consent_document_id=document_id,
            person_id=person.id,
            given_at=taken.created_at,
        )
        for document_id in taken.consent_document_ids
    )
    await session.flush()


async def _check_documents(
    session: AsyncSession, document_ids: Sequence[UUID | None], now: datetime
) -> None:
    """Refuse what is no document; and too few: one of each kind, in its latest version."""
    latest = {row.id: row.kind for row in await latest_documents(session, now)}
    path = ("input", "documentIds")
    faults: list[PortalError] = [
        NotFound("There is no such document.", path=[*path, str(index)])
        for index, id in enumerate(document_ids)
        if id not in latest
    ]
    if faults:
        raise Several(faults)
    if {latest[id] for id in document_ids if id} != set(latest.values()):
        raise RuleBroken("Agree to each document for which your agreement is asked.", path=path)
