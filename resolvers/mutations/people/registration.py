"""Becoming a customer."""

from portal.actions.people import registration as actions
from portal.actions.people.registration import CodeSent, RegistrationConfirmed
from portal.login.hashing import hashed
from portal.login.throttle import Purpose, Throttled
from portal.models import Registration
from resolvers.changing.proof import proof_in
from resolvers.changing.run import Change, logging_in
from resolvers.context import Context
from resolvers.given import id_in
from schema.types.people import registration as types


async def _application(context: Context, given: types.RegisterAccountInput) -> Registration:
    """Check everything and hash the password before a connection is held."""
    values = {
        "email": given.email,
        "person_name": given.person_name,
        "account_name": given.account_name,
        "language": given.language or context.viewer.language,
    }
    applicant = actions.application(values, given.password)
    await context.count_attempt(Throttled(Purpose.REGISTRATION, applicant.email))
    applicant.password_hash = await hashed(given.password)
    return applicant


@logging_in(CodeSent, prepare=_application)
async def register_account(
    change: Change, _row: None, given: types.RegisterAccountInput
) -> CodeSent:
    return await actions.register(
        change.session,
        change.prepared,
        [id_in("ConsentDocument", id) for id in given.document_ids],
        change.context.mail_limit,
        change.context.now,
    )


@logging_in(RegistrationConfirmed, prepare=proof_in("Registration", Purpose.REGISTRATION_CODE))
async def confirm_registration(
    change: Change, _row: None, given: types.ConfirmRegistrationInput
) -> RegistrationConfirmed:
    proof = change.prepared
    person = await actions.confirm(change.session, proof.code, change.context.now)
    change.forget(proof.attempt)
    return RegistrationConfirmed(person.email)
