"""What the owner of an account is told of a special agreement, which managers make and end."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.notice_mail import tell
from portal.language.phrase import Phrase, Translated
from portal.mail.contract.content import AgreementChange, SpecialAgreementChanged
from portal.models import Item, Module, SpecialAgreement, Tariff, TariffVersion
from portal.models.text import text_of
from portal.rules.modules.cost_reason import agreement_sentence


async def tell_of_agreement(
    session: AsyncSession, agreement: SpecialAgreement, change: AgreementChange, now: datetime
) -> None:
    """Tell what is agreed, about what, and until when."""
    module = await session.get_one(Module, agreement.module_id)
    item = await _item(session, agreement)
    await tell(
        session,
        agreement.account_id,
        None,
        now,
        lambda about: SpecialAgreementChanged(
            module=text_of(module, "name"),
            item=item,
            change=change,
            terms=_terms(agreement),
            last_day=agreement.ends_on,
            comment=agreement.comment,
            **about,
        ),
    )


def _terms(agreement: SpecialAgreement) -> Phrase:
    value = agreement.unit_price, agreement.discount_percent, agreement.vat_treatment
    return agreement_sentence(agreement.kind, agreement.starts_on, next(filter(_is_given, value)))


def _is_given(value: object) -> bool:
    return value is not None


async def _item(session: AsyncSession, agreement: SpecialAgreement) -> Translated | None:
    """Give the name of the item that it is about, as it was published last; None for them all."""
    item = await session.scalar(
        sa.select(Item)
        .join(TariffVersion, TariffVersion.id == Item.tariff_version_id)
        .join(Tariff, Tariff.id == TariffVersion.tariff_id)
        .where(
            Tariff.module_id == agreement.module_id,
            Item.key == agreement.item_key,
            TariffVersion.published_at.is_not(None),
        )
        .order_by(TariffVersion.published_at.desc(), Item.id)
        .limit(1)
    )
    return None if item is None else text_of(item, "name")
