"""Which conditions one row at most can meet."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.models import Contract, Member, TariffPeriod
from resolvers.reading.uniqueness import meets_one

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
