"""What people change about themselves: name and language, password, sessions, and the end."""

from typing import Any

from portal.actions.people import erasure
from portal.actions.people import password as password_actions
from portal.actions.people import session as session_actions
from portal.actions.people.profile import Profile, update
from portal.actions.people.registration import CodeSent
from portal.actions.people.session import SessionsEnded
from portal.errors import faults_below
from portal.login.throttle import Purpose, Throttled
from portal.models import Person
from portal.rules.people.password import password as password_form
from portal.writing.changes import apply_changes
from resolvers.changing.proof import proof_in
from resolvers.changing.run import Change, logging_in, starting
from resolvers.context import Context
from resolvers.given import changes_in, id_in
from schema.types.people import person as types


@starting(Profile)
async def update_profile(change: Change, _row: None, given: types.UpdateProfileInput) -> Profile:
    return await update(change.session, change.person_id, changes_in(given))


async def _password_change(context: Context, given: types.ChangePasswordInput) -> Throttled:
    with faults_below("input", "newPassword"):
        password_form(given.new_password)
    return await _own_password(context, given)


@logging_in(SessionsEnded, prepare=_password_change)
async def change_password(
    change: Change, _row: None, given: types.ChangePasswordInput
) -> SessionsEnded:
    context = change.context
    ended = await password_actions.change(
        change.session,
        given.present_password,
        given.new_password,
        context.viewer.token_hash,
        context.received_at,
    )
    change.forget(change.prepared)
    return SessionsEnded(ended)


async def _reset_request(context: Context, given: types.RequestPasswordResetInput) -> str:
    person = Person()
    apply_changes(person, {"email": given.email})
    await context.count_attempt(Throttled(Purpose.PASSWORD_RESET, person.email))
    return person.email


@logging_in(CodeSent, prepare=_reset_request)
async def request_password_reset(
    change: Change, _row: None, given: types.RequestPasswordResetInput
) -> CodeSent:
    context = change.context
    return await password_actions.request_reset(
        change.session, change.prepared, context.viewer.language, context.received_at
    )


_prove_reset = proof_in("PasswordReset", Purpose.PASSWORD_RESET_CODE)


async def _reset(context: Context, given: types.ResetPasswordInput) -> object:
    with faults_below("input", "newPassword"):
        password_form(given.new_password)
    return await _prove_reset(context, given)


@logging_in(SessionsEnded, prepare=_reset)
async def reset_password(
    change: Change, _row: None, given: types.ResetPasswordInput
) -> SessionsEnded:
    proof = change.prepared
    ended = await password_actions.reset(
        change.session,
        change.context.throttle,
        proof.code,
        given.new_password,
        change.context.received_at,
    )
    change.forget(proof.attempt)
    return SessionsEnded(ended)


@starting(SessionsEnded)
async def logout_everywhere(
    change: Change, _row: None, given: types.LogoutEverywhereInput
) -> SessionsEnded:
    context = change.context
    token_hash = context.viewer.token_hash
    return SessionsEnded(
        await session_actions.end_all(change.session, token_hash, context.received_at)
    )


async def _own_password(context: Context, _given: Any) -> Throttled:
    """Count the guess that a password may be, whatever comes of it."""
    attempt = Throttled(Purpose.OWN_PASSWORD, str(context.viewer.id))
    await context.count_attempt(attempt)
    return attempt


@logging_in(SessionsEnded, prepare=_own_password)
async def delete_profile(
    change: Change, _row: None, given: types.DeleteProfileInput
) -> SessionsEnded:
    ended = await erasure.erase(change.session, given.password, change.context.received_at)
    change.forget(change.prepared)
    return SessionsEnded(ended)


@starting(SessionsEnded)
async def revoke_session(
    change: Change, _row: None, given: types.RevokeSessionInput
) -> SessionsEnded:
    context, id = change.context, id_in("Session", given.id)
    token_hash = context.viewer.token_hash
    return SessionsEnded(
        await session_actions.end_one(change.session, token_hash, id, context.received_at)
    )
