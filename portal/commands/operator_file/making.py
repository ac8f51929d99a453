"""Making what an operator's file wants and the portal has not, in one transaction."""

from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.actions.catalogue import module as modules
from portal.actions.catalogue import price_list, tariff_version
from portal.actions.catalogue import tariff as tariffs
from portal.actions.contract import consent, operator
from portal.commands.operator_file.form import (
    STAND_IN_TERMS,
    Document,
    Module,
    Operator,
    OperatorFile,
    PaymentTerms,
    Section,
    Tariff,
)
from portal.commands.operator_file.source import Place
from portal.database.connection import engine_at
from portal.errors import Conflict, PortalError, RuleBroken
from portal.language.messages import translate
from portal.models import (
    Base,
    ConsentDocument,
    GeneralPaymentTerms,
    OperatorProfile,
    TariffVersion,
)
from portal.models import Module as ModuleRow
from portal.models import Tariff as TariffRow
from portal.rules.calendar import check_day, local_day
from portal.rules.key import unique_key
from portal.viewer import Language
from portal.writing.audit import COMMAND_LINE, Occasion, record_for
from portal.writing.uniqueness import taken_by

Fault = tuple[Place, str]
_Row = TypeVar("_Row", bound=Base)
_LANGUAGES = [language.lower() for language in Language]


async def make(
    owner: URL, wanted: OperatorFile, action: str, *, only_checks: bool
) -> tuple[list[str], list[Fault]]:
    """Make what is wanted and not there yet, or find every fault and make nothing.

    Gives a sentence for each thing that was made, and for each fault, with its path.
    """
    engine = engine_at(owner)
    session = AsyncSession(engine)
    making = _Making(session)
    try:
        async with session, session.begin() as transaction:
            record_for(session.sync_session, Occasion(COMMAND_LINE, action, making.now))
            await making.all_of(wanted)
            if making.faults or only_checks:
                await transaction.rollback()
    finally:
        await engine.dispose()
    return making.made, making.faults


async def is_there(owner: URL, model: type[Base]) -> bool:
    """Say whether there is a row of a kind."""
    engine = engine_at(owner)
    try:
        async with AsyncSession(engine) as session:
            return bool(await session.scalar(sa.select(sa.exists().select_from(model))))
    finally:
        await engine.dispose()


class _Making:
    """One transaction, to be rolled back where anything was wrong."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.now = clock.now()
        self.today = local_day(self.now, clock.OPERATOR_ZONE)
        self.made: list[str] = []
        self.faults: list[Fault] = []

    async def all_of(self, wanted: OperatorFile) -> None:
        """Make each part that is not there yet; one with a fault is none, and the next is tried."""
        if wanted.operator is not None:
            await self._operator(wanted.operator)
        if wanted.payment_terms is not None:
            await self._payment_terms(wanted.payment_terms)
        for number, document in enumerate(wanted.documents):
            await self._document(document, ("documents", number))
        for number, module in enumerate(wanted.modules):
            await self._module(module, ("modules", number))

    @asynccontextmanager
    async def _at(self, place: Place, steps: int = 1) -> AsyncIterator[None]:
        """Keep the faults of a part, to which so many steps lead in the input of a mutation."""
        try:
            async with self.session.begin_nested():
                yield
        except PortalError as error:
            for fault in error.problems:
                self._add((*place, *fault.path[steps:]), fault)
        except IntegrityError as error:
            known = taken_by(error)
            if known is None:
                raise
            sentence, (field, *_) = known
            self._add((*place, field), Conflict(sentence))

    def _add(self, path: Place, fault: PortalError) -> None:
        self.faults.append((path, translate(fault.message, Language.EN, **fault.values)))

    async def _is_there(self, model: Any, *conditions: Any) -> UUID | None:
        found: UUID | None = await self.session.scalar(
            sa.select(model.id).where(*conditions).limit(1)
        )
        return found

    async def _operator(self, wanted: Operator) -> None:
        if await self._is_there(OperatorProfile):
            return
        async with self._at(("operator",)):
            await operator.add_profile(self.session, self.today, wanted.values(), None, self.now)
            self.made.append(f"The operator is now {wanted.address.name}")

    async def _payment_terms(self, wanted: PaymentTerms) -> None:
        if await self._is_there(GeneralPaymentTerms):
            return
        async with self._at(("payment_terms",), 2):
            operator.add_general_terms(self.session, self.today, wanted.values(), self.now)
            self.made.append(f"Contracts get the payment terms {wanted.name}.")

    async def _document(self, wanted: Document, place: Place) -> None:
        row = ConsentDocument
        if await self._is_there(row, row.kind == wanted.kind, row.version == wanted.version):
            return
        texts = [getattr(wanted.texts, name) for name in _LANGUAGES]
        new = consent.NewDocument(
            wanted.kind,
            wanted.version,
            wanted.published_on or self.today,
            wanted.asks_agreement,
            [
                consent.Text(language, text.title, text.body, None)
                for language, text in zip(Language, texts, strict=True)
            ],
        )
        async with self._at(place):
            with _by_language():
                await consent.publish(self.session, new, self.now)
            self.made.append(f"Customers agree to {wanted.kind} {wanted.version}.")

    async def _module(self, wanted: Module, place: Place) -> None:
        row = ModuleRow
        module_id = await self._is_there(row, row.unique_key == unique_key(wanted.key))
        if module_id is None:
            async with self._at(place):
                values = wanted.values("tariffs")
                made = await self._flushed(modules.create(self.session, values, None))
                module_id = made.id
                self.made.append(f"Made the module {wanted.key}.")
        module_id = module_id or await self._stand_in_module()
        for number, tariff in enumerate(wanted.tariffs):
            await self._tariff(module_id, tariff, (*place, "tariffs", number))

    async def _tariff(self, module_id: UUID, wanted: Tariff, place: Place) -> None:
        row = TariffRow
        is_named = row.unique_name == unique_key(wanted.name.value)
        if await self._is_there(row, row.module_id == module_id, is_named):
            return
        tariff = None
        async with self._at(place):
            values = wanted.values("terms", "price_list", "valid_from")
            tariff = await self._flushed(
                tariffs.create(self.session, module_id, values, draws=False)
            )
        tariff = tariff or await self._stand_in_tariff(module_id)
        version = None
        async with self._at((*place, "terms"), 2):
            terms = wanted.terms.values()
            version = await self._flushed(tariff_version.create(self.session, tariff, terms))
        version = version or await self._stand_in_version(tariff)
        async with self._at(place):
            await self._price_list(version, wanted.price_list)
        async with self._at(place):
            await self._publish(version, wanted.valid_from or self.today)
        self.made.append(f"Made the tariff {wanted.name.value}.")

    async def _price_list(self, version: TariffVersion, wanted: Sequence[Section]) -> None:
        path = ("input", "priceList")
        if not any(section.items for section in wanted):
            raise RuleBroken("This version has no price list yet.", path=path)
        sections = [
            price_list.Section(
                {"title": section.title.values()},
                (*path, str(number)),
                [
                    (item.values(), (*path, str(number), "items", str(position)))
                    for position, item in enumerate(section.items)
                ],
            )
            for number, section in enumerate(wanted)
        ]
        await price_list.save(self.session, version, sections, path, _at_once)

    async def _publish(self, version: TariffVersion, valid_from: date) -> None:
        """Publish the first version of a tariff that nobody has: there is nobody to tell."""
        check_day(valid_from, path=("input", "validFrom"))
        version.valid_from = version.valid_from_for_existing = valid_from
        version.published_at = self.now
        await self.session.flush()

    async def _flushed(self, making: Awaitable[_Row]) -> _Row:
        made = await making
        await self.session.flush()
        return made

    # What has a fault is stood in for, so that what belongs to it is looked at too. It is never
    # there to stay: with a fault nothing is written.

    async def _stand_in_module(self) -> UUID:
        values = {name: str(uuid4()) for name in ("key", "name", "description")}
        schema = {"data_schema": {"type": "object"}}
        made = await self._flushed(modules.create(self.session, values | schema, None))
        return made.id

    async def _stand_in_tariff(self, module_id: UUID) -> TariffRow:
        values = {"name": str(uuid4())}
        return await self._flushed(tariffs.create(self.session, module_id, values, draws=False))

    async def _stand_in_version(self, tariff: TariffRow) -> TariffVersion:
        terms = STAND_IN_TERMS.values()
        return await self._flushed(tariff_version.create(self.session, tariff, terms))


@contextmanager
def _by_language() -> Iterator[None]:
    """Name the language of a text, which the input of a mutation has in a list."""
    try:
        yield
    except PortalError as error:
        for fault in error.problems:
            match fault.path:
                case ("input", "texts", number, *rest):
                    fault.path = ("input", "texts", _LANGUAGES[int(number)], *rest)
        raise


async def _at_once() -> None:
    """Let nobody else have a turn: there is nobody."""
