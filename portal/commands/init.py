"""``portal init``: the first steps of an operator, from a file or by asking."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.actions.catalogue import module as modules
from portal.actions.catalogue import price_list, tariff_version
from portal.actions.catalogue import tariff as tariffs
from portal.actions.contract import consent, operator
from portal.commands.operator_file import (
    Address,
    Document,
    Module,
    Operator,
    OperatorFile,
    PaymentTerms,
    Tariff,
)
from portal.commands.postgresql import migrated
from portal.database.connection import engine_at
from portal.errors import OperatorFault, PortalError
from portal.language.messages import translate
from portal.models import ConsentDocument, GeneralPaymentTerms, OperatorProfile
from portal.models import Module as ModuleRow
from portal.models import Tariff as TariffRow
from portal.rules.calendar import local_day
from portal.rules.contract.payment_terms import PaymentMethod
from portal.rules.key import unique_key
from portal.settings.environment import read_settings
from portal.viewer import Language
from portal.writing.audit import COMMAND_LINE, Occasion, record_for

_ACTION = "portal init"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def init(file: Path | None) -> None:
    """Say who the operator is, and what it offers: from a YAML file, or asked for.

    All of it, or nothing. What is there already (a module by its key, a tariff by its name, a
    version of a document) stays as it is, so the command can be repeated.

    \b
    Examples:
      portal init                     asks who the operator is, and how invoices are paid
      portal init operator.yaml       reads documents, modules and tariffs too
    """
    wanted = _asked() if file is None else OperatorFile.read(file)
    with migrated(read_settings()) as addresses:
        made = asyncio.run(make(addresses.owner, wanted, _ACTION))
    click.echo("\n".join(made) or "Everything was there already.")


def _asked() -> OperatorFile:
    """Ask for what no operator can do without."""
    address = {
        name: click.prompt(text)
        for name, text in (
            ("name", "Legal name"),
            ("street", "Street and number"),
            ("postal_code", "Postal code"),
            ("city", "City"),
            ("country", "Country (two letters)"),
        )
    }
    days = click.prompt("Days until an invoice falls due", default=14, type=int)
    terms = PaymentTerms(name=f"{days} dagen", due_days=days, method=PaymentMethod.TRANSFER)
    return OperatorFile(operator=Operator(address=Address(**address)), payment_terms=terms)


async def make(owner: URL, wanted: OperatorFile, action: str) -> list[str]:
    """Make what is wanted and not there yet; give a sentence for each thing that was made."""
    engine = engine_at(owner)
    session = AsyncSession(engine)
    making = _Making(session)
    try:
        async with session, session.begin():
            record_for(session.sync_session, Occasion(COMMAND_LINE, action, making.now))
            await making.all_of(wanted)
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "__cause__", None), "constraint_name", "")
        making.faults.append(f"  Something is there twice, or already ({name}).")
    finally:
        await engine.dispose()
    if making.faults:
        raise OperatorFault("\n".join(["Nothing was written:", *making.faults]))
    return making.made


class _Making:
    """One transaction, which is rolled back where anything was wrong."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.now = clock.now()
        self.today = local_day(self.now, clock.OPERATOR_ZONE)
        self.made: list[str] = []
        self.faults: list[str] = []

    async def all_of(self, wanted: OperatorFile) -> None:
        """Make what is not there yet, and find every fault before the first is told."""
        if wanted.operator is not None:
            with self._at("operator"):
                await self._operator(wanted.operator)
        if wanted.payment_terms is not None:
            with self._at("payment_terms", "terms"):
                await self._payment_terms(wanted.payment_terms)
        for number, document in enumerate(wanted.documents):
            with self._at(f"documents.{number}"):
                await self._document(document)
        for number, module in enumerate(wanted.modules):
            await self._module(module, f"modules.{number}")
        if self.faults:
            await self.session.rollback()
            return
        await self.session.flush()

    @contextmanager
    def _at(self, place: str, within: str = "") -> Iterator[None]:
        """Tell where in the file a fault is; ``within`` leads there in the input of a mutation."""
        try:
            yield
        except PortalError as error:
            for fault in error.problems:
                path = ".".join([place, *fault.path[1:]]).replace(f"{place}.{within}.", f"{place}.")
                said = translate(fault.message, Language.EN, **fault.values)
                self.faults.append(f"  {path}: {said}")

    async def _is_there(self, model: Any, *conditions: Any) -> UUID | None:
        found: UUID | None = await self.session.scalar(
            sa.select(model.id).where(*conditions).limit(1)
        )
        return found

    async def _operator(self, wanted: Operator) -> None:
        if await self._is_there(OperatorProfile):
            return
        await operator.add_profile(self.session, self.today, wanted.values(), None, self.now)
        self.made.append(f"The operator is now {wanted.address.name}")

    async def _payment_terms(self, wanted: PaymentTerms) -> None:
        if await self._is_there(GeneralPaymentTerms):
            return
        operator.add_general_terms(self.session, self.today, wanted.values(), self.now)
        self.made.append(f"Contracts get the payment terms {wanted.name}.")

    async def _document(self, wanted: Document) -> None:
        row = ConsentDocument
        if await self._is_there(row, row.kind == wanted.kind, row.version == wanted.version):
            return
        new = consent.NewDocument(
            wanted.kind,
            wanted.version,
            wanted.published_on or self.today,
            wanted.asks_agreement,
            [
                consent.Text(language, text.title, text.body, None)
                for language, text in wanted.texts.items()
            ],
        )
        await consent.publish(self.session, new, self.now)
        await self.session.flush()
        self.made.append(f"Customers agree to {wanted.kind} {wanted.version}.")

    async def _module(self, wanted: Module, place: str) -> None:
        row = ModuleRow
        module_id = await self._is_there(row, row.unique_key == unique_key(wanted.key))
        with self._at(place):
            if module_id is None:
                made = await modules.create(self.session, wanted.values("tariffs"), None)
                await self.session.flush()
                module_id = made.id
                self.made.append(f"Made the module {wanted.key}.")
        if module_id is None:
            return
        for number, tariff in enumerate(wanted.tariffs):
            with self._at(f"{place}.tariffs.{number}"):
                await self._tariff(module_id, tariff)

    async def _tariff(self, module_id: UUID, wanted: Tariff) -> None:
        row = TariffRow
        is_named = row.unique_name == unique_key(wanted.name.value)
        if await self._is_there(row, row.module_id == module_id, is_named):
            return
        values = wanted.values("terms", "price_list", "valid_from")
        tariff = await tariffs.create(self.session, module_id, values, draws=False)
        await self.session.flush()
        terms = wanted.terms.values()
        version = await tariff_version.create(self.session, tariff, terms)
        await self.session.flush()
        sections = [
            price_list.Section(
                {"title": section.title.values()},
                ("input", "price_list", str(number)),
                [
                    (item.values(), ("input", "price_list", str(number), "items", str(place)))
                    for place, item in enumerate(section.items)
                ],
            )
            for number, section in enumerate(wanted.price_list)
        ]
        await price_list.save(self.session, version, sections, ("input", "price_list"), _at_once)
        await self._publish(version, wanted.valid_from or self.today)
        self.made.append(f"Made the tariff {wanted.name.value}.")

    async def _publish(self, version: Any, valid_from: date) -> None:
        """Publish the first version of a tariff that nobody has: there is nobody to tell."""
        version.valid_from = version.valid_from_for_existing = valid_from
        version.published_at = self.now
        await self.session.flush()


async def _at_once() -> None:
    """Let nobody else have a turn: there is nobody."""
