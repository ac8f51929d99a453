"""Changes to accounts."""

import strawberry

from portal.actions.contract import consent as consents
from portal.actions.people import account as actions
from portal.actions.people import calendar_address, deletion
from portal.actions.people.person import PersonOf
from portal.errors import faults_below
from portal.models import Account
from resolvers.changing.run import Change, changing, starting
from resolvers.given import changes_in, id_in, sent_or_none
from schema.types.contract.consent import GiveConsentInput, MarkDocumentsReadInput
from schema.types.people import account as types
from schema.types.people import calendar_address as calendar
from schema.types.people import deletion as answers


@changing(Account)
def update(_change: Change, account: Account, given: types.UpdateAccountInput) -> None:
    actions.update(account, changes_in(given))


@starting()
async def create(change: Change, _row: None, given: types.CreateAccountInput) -> Account:
    values = {
        name: value
        for name in ("name", "customer_number", "language", "time_zone", "is_test")
        if (value := sent_or_none(getattr(given, name))) is not None
    }
    owner = PersonOf(
        given.owner.email, sent_or_none(given.owner.name), sent_or_none(given.owner.language)
    )
    limit = change.context.mail_limit.of_operator()
    return await actions.create(change.session, values, owner, limit, change.context.now)


@changing(Account)
def set_test_account(_change: Change, account: Account, given: types.SetTestAccountInput) -> None:
    actions.set_test_account(account, is_test=given.is_test)


@changing(Account)
async def give_consent(change: Change, account: Account, given: GiveConsentInput) -> None:
    ids = [id_in("ConsentDocument", id) for id in given.document_ids]
    with faults_below("input", "documentIds"):
        await consents.give(change.session, account, change.person_id, ids, change.context.now)


@changing(Account)
def mark_documents_read(change: Change, account: Account, given: MarkDocumentsReadInput) -> None:
    consents.mark_read(account, change.context.now)


@changing(Account, answers.Deleted)
async def delete(
    change: Change, account: Account, given: answers.DeleteAccountInput
) -> answers.Deleted:
    await deletion.delete(change.session, account, change.context.now)
    return answers.Deleted(account_id=strawberry.ID(given.id))


@changing(Account, calendar.CalendarAddressCreated)
async def create_calendar_address(
    change: Change, account: Account, given: calendar.CreateCalendarAddressInput
) -> calendar.CalendarAddressCreated:
    path = await calendar_address.create(
        change.session, account, change.person_id, change.context.now
    )
    return calendar.CalendarAddressCreated(path=path)


@changing(Account)
async def revoke_calendar_address(
    change: Change, account: Account, given: calendar.RevokeCalendarAddressInput
) -> None:
    await calendar_address.revoke(change.session, account, change.context.now)
