"""Which conditions one row at most can meet, and which ones keep to an account."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.models import Account, Contract, Member, Person, TariffPeriod
from resolvers.reading.uniqueness import keeps_account, meets_one

VALUE = sa.bindparam("value")


def test_a_primary_key_or_a_unique_one_leads_to_one_row():
    member, contract = aliased(Member), aliased(Contract)
    assert meets_one(member.id == VALUE, member)
    assert meets_one(sa.and_(member.account_id == contract.account_id, member.id == VALUE), member)
    assert meets_one(
        sa.and_(contract.account_id == member.account_id, contract.version > 1), contract
    )
    assert meets_one(contract.account_id == sa.func.coalesce(member.account_id, VALUE), contract)
    assert meets_one(sa.literal(1) == member.id, member)


def test_less_than_a_key_does_not():
    member, period, other = aliased(Member), aliased(TariffPeriod), aliased(Member)
    assert not meets_one(member.account_id == VALUE, member)
    assert not meets_one(member.id > VALUE, member)
    assert not meets_one(sa.or_(member.id == VALUE, member.role == VALUE), member)
    assert not meets_one(member.id == member.person_id, member)
    assert not meets_one(member.id == sa.func.coalesce(member.person_id, VALUE), member)
    assert not meets_one(other.id == VALUE, member)
    assert not meets_one(sa.not_(member.id == VALUE), member)
    assert not meets_one(
        sa.and_(period.account_id == VALUE, period.module_subscription_id == VALUE), period
    )


def test_what_equates_the_accounts_keeps_to_one():
    account, contract, period = aliased(Account), aliased(Contract), aliased(TariffPeriod)
    assert keeps_account(contract.account_id == account.id, contract, account)
    assert keeps_account(account.id == contract.account_id, contract, account)
    both = sa.and_(period.id == VALUE, period.account_id == contract.account_id)
    assert keeps_account(both, period, contract)
    assert keeps_account(sa.and_(both, period.ends_on.is_(None)), period, contract)


def test_all_else_may_lead_to_another_account():
    account, contract, period = aliased(Account), aliased(Contract), aliased(TariffPeriod)
    person, other = aliased(Person), aliased(Contract)
    assert not keeps_account(period.account_id == VALUE, period, contract)
    assert not keeps_account(period.account_id >= contract.account_id, period, contract)
    assert not keeps_account(period.account_id == contract.id, period, contract)
    assert not keeps_account(period.account_id == other.account_id, period, contract)
    assert not keeps_account(contract.id == account.id, contract, account)
    assert not keeps_account(person.id == VALUE, person, contract)
    same = period.account_id == contract.account_id
    assert not keeps_account(sa.or_(same, period.id == VALUE), period, contract)
    assert not keeps_account(sa.not_(same), period, contract)
