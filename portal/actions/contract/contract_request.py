"""Requests for a change of the contract that only managers make."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract import contract as contracts
from portal.actions.requestable import Requestable, Values
from portal.errors import Conflict, PortalError, RuleBroken, Several, translatable
from portal.language.naming import camel
from portal.language.phrase import Named
from portal.models import Contract, Request
from portal.rules.people.request import RequestKind


@dataclass(frozen=True, slots=True)
class _Change:
    """The attributes of a contract that a kind is about, and the managers' own action.

    ``place`` is the path of what is sent for it, which ``read`` gives as the action takes it.
    """

    attributes: tuple[str, ...]
    do: Callable[[AsyncSession, Contract, Values, datetime], Awaitable[None]]
    place: tuple[str, ...]
    read: Callable[[Values], Values] = dict

    async def propose(
        self, session: AsyncSession, contract: Contract, request: Request, values: Values
    ) -> None:
        """Note the values proposed beside those that apply; the change is tried on a copy."""
        tried = _copy(contract)
        with self._faults_in_place():
            await self.do(session, tried, self.read(values), request.requested_at)
            if self._values(tried) == self._values(contract):
                raise RuleBroken(
                    "This is what applies already.", path=["input", camel(self.attributes[0])]
                )
        for name in self.attributes:
            setattr(request, f"proposed_{name}", getattr(tried, name))
            setattr(request, f"present_{name}", getattr(contract, name))

    async def carry_out(
        self, session: AsyncSession, request: Request, _person_id: UUID, now: datetime
    ) -> None:
        """Do it by the managers' own action on the contract of today."""
        contract = (
            await session.scalars(
                sa.select(Contract)
                .where(Contract.account_id == request.account_id)
                .with_for_update()
            )
        ).one()
        self._refuse_other_present(request, contract)
        proposed = {name: getattr(request, f"proposed_{name}") for name in self.attributes}
        values = {name: _as_sent(value) for name, value in proposed.items()}
        await self.do(session, contract, values, now)

    @contextmanager
    def _faults_in_place(self) -> Iterator[None]:
        """Put the faults of the managers' action where its input stands in a request."""
        try:
            yield
        except PortalError as error:
            for problem in error.problems:
                problem.path = (*self.place, *problem.path[1:])
            raise

    def _refuse_other_present(self, request: Request, contract: Contract) -> None:
        """Refuse to carry out what was asked for when something else applied."""
        faults = [
            Conflict(
                "This has changed since the request was made: {field}.",
                path=["input", camel(name)],
                field=Named(camel(name)),
            )
            for name, value in self._values(contract).items()
            if value != getattr(request, f"present_{name}")
        ]
        if faults:
            raise Several(faults)

    def _values(self, contract: Contract) -> dict[str, Any]:
        return {name: getattr(contract, name) for name in self.attributes}


async def _change_payment_terms(
    _session: AsyncSession, contract: Contract, values: Values, _now: datetime
) -> None:
    contracts.change_payment_terms(contract, values.get("deviating_payment_terms"))


async def _change_vat_treatment(
    session: AsyncSession, contract: Contract, values: Values, now: datetime
) -> None:
    number = {name: value for name, value in values.items() if name == "vat_number"}
    treatment = values["vat_treatment"]
    await contracts.change_vat_treatment(session, contract, treatment, number, now)


async def _change_contract_partner(
    session: AsyncSession, contract: Contract, values: Values, now: datetime
) -> None:
    await contracts.change_contract_partner(session, contract, values["contract_partner"], now)


def _copy(contract: Contract) -> Contract:
    """Give a copy of a contract that belongs to no session: what is done to it is not written."""
    keys = sa.inspect(Contract).column_attrs.keys()
    return Contract(**{key: getattr(contract, key) for key in keys})


def _as_sent(value: Any) -> Any:
    """Give a value in the form in which the managers' action takes it."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


_PROPOSED = ("input", "proposed")
_payment_terms = _Change(
    ("deviating_payment_terms",), _change_payment_terms, (*_PROPOSED, "paymentTerms")
)
_vat_treatment = _Change(
    ("vat_treatment", "vat_number"), _change_vat_treatment, (*_PROPOSED, "vatTreatment")
)
_contract_partner = _Change(
    ("contract_partner",),
    _change_contract_partner,
    _PROPOSED,
    lambda partner: {"contract_partner": partner},
)

PAYMENT_TERMS = Requestable(
    RequestKind.PAYMENT_TERMS,
    "payment_terms",
    translatable("other payment terms"),
    _payment_terms.propose,
    _payment_terms.carry_out,
)
VAT_TREATMENT = Requestable(
    RequestKind.VAT_TREATMENT,
    "vat_treatment",
    translatable("another VAT treatment"),
    _vat_treatment.propose,
    _vat_treatment.carry_out,
)
CONTRACT_PARTNER = Requestable(
    RequestKind.CONTRACT_PARTNER,
    "contract_partner",
    translatable("another contract partner"),
    _contract_partner.propose,
    _contract_partner.carry_out,
)
