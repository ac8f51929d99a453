"""The rows of any number of demo accounts.

Account ``n`` has the same ids, names and numbers in every run, however many accounts there are;
its days lie in the same distance from the day of the run.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import orjson

from portal.demo.catalogue.rows import GENERAL_TERMS, Catalogue
from portal.demo.people.accounts import DemoAccount
from portal.demo.people.crowd_modules import CrowdModules, Rows
from portal.demo.people.invention import invented
from portal.rules.contract.document_delivery import DocumentDeliveryMode
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.viewer import MemberRole, Role
from portal.writing.audit import Actor
from portal.writing.difference import plain

COLUMNS = {
    "person": "id email name language created_at",
    "password": "person_id hash",
    "account": "id version name customer_number is_test language time_zone currency owner_id"
    " owner_role created_at history_length",
    "member": "id account_id person_id role joined_at",
    "contract": "id account_id version contract_partner_name contract_partner_street"
    " contract_partner_postal_code contract_partner_city contract_partner_country"
    " contract_partner_kind general_payment_terms_name general_payment_terms_due_days"
    " general_payment_terms_method deviating_payment_terms_name deviating_payment_terms_due_days"
    " deviating_payment_terms_method vat_treatment vat_number iban document_delivery_recipients"
    " document_delivery_mode purchase_order_number receives_ubl concluded_on",
    "consent": "id account_id consent_document_id person_id given_at",
    "module_subscription": "id account_id version module_id starts_on ends_on data",
    "tariff_period": "id account_id module_subscription_id tariff_id starts_on ends_on agreed_on",
    "subscription_item_quantity": "id account_id module_subscription_id item_key quantity starts_on"
    " agreed_on asked_by steps",
    "booked_option": "id account_id version module_subscription_id item_key quantity starts_on"
    " agreed_on steps",
    "special_agreement": "id account_id version module_id item_key kind unit_price discount_percent"
    " starts_on",
    "history_entry": "id account_id number at action actor_role actor_id actor_name reason",
    "history_value": "id account_id history_entry_id position subject_id subject_version field"
    " before after",
}
"""The columns that are written, by table; a table stands after those that it refers to."""

FEWEST_CHANGES = 10
_MOST_CHANGES = 14
_SEED = "portal"
_FIRST_MOMENT = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_LONGER_TERMS = PaymentTerms("30 dagen netto", 30, PaymentMethod.TRANSFER)


class Crowd:
    """What the accounts share: catalogue, manager, password and day."""

    def __init__(self, catalogue: Catalogue, manager: Actor, secret: str, now: datetime) -> None:
        self._catalogue = catalogue
        self._manager = manager
        self._secret = secret
        self._now = now
        self._modules = CrowdModules(catalogue, now.date())

    def rows(self, first: int, number: int) -> Rows:
        """Give the rows of so many accounts, by table."""
        rows: Rows = {table: [] for table in COLUMNS}
        for index in range(first, first + number):
            self._add(index, rows)
        return rows

    def _add(self, index: int, rows: Rows) -> None:
        random = Random(f"{_SEED} {index}")  # noqa: S311  (made up, not secret)
        ids = _ids(index, random)
        demo = invented(index, random)
        account_id, contract_id = islice(ids, 2)
        people = list(islice(ids, len(demo.people)))
        members = list(islice(ids, len(demo.people)))
        began = self._now - timedelta(days=2000)
        for id, member_id, (email, name, role) in zip(people, members, demo.people, strict=True):
            rows["person"].append((id, email, name, demo.language, began))
            rows["password"].append((id, self._secret))
            rows["member"].append((member_id, account_id, id, role, began))
        owner = Actor(Role.CUSTOMER, people[0], demo.people[0][1])
        changes = random.randint(FEWEST_CHANGES, _MOST_CHANGES)
        rows["account"].append(
            (
                *(account_id, 1, demo.name, demo.number, False, demo.language, demo.time_zone),
                *("EUR", members[0], MemberRole.OWNER, began, changes),
            )
        )
        rows["consent"] += [
            (next(ids), account_id, document_id, owner.id, began)
            for (_, language), document_id in self._catalogue.documents.items()
            if language is demo.language
        ]
        for booking in demo.bookings:
            self._modules.book(booking, account_id, ids, rows)
        self._modules.agree(demo, account_id, ids, rows)
        self._conclude(demo, (account_id, contract_id), changes, rows)
        self._change((account_id, contract_id), changes, owner, ids, rows)

    def _conclude(
        self, demo: DemoAccount, key: tuple[UUID, UUID], changes: int, rows: Rows
    ) -> None:
        """Write the contract as the last of its changes left it."""
        account_id, contract_id = key
        partner, general, longer = demo.partner, GENERAL_TERMS, _LONGER_TERMS
        rows["contract"].append(
            (
                *(contract_id, account_id, 1 + changes),
                *(partner.name, partner.street, partner.postal_code, partner.city),
                *(partner.country, partner.kind),
                *(general.name, general.due_days, general.method),
                *(longer.name, longer.due_days, longer.method),
                *(demo.treatment, demo.vat_number, demo.iban),
                *([demo.people[0][0]], DocumentDeliveryMode.ATTACHMENT, _number(changes), False),
                min(self._modules.first_day(booking) for booking in demo.bookings),
            )
        )

    def _change(
        self,
        key: tuple[UUID, UUID],
        changes: int,
        owner: Actor,
        ids: Iterator[UUID],
        rows: Rows,
    ) -> None:
        """Write the history: other terms first, then one purchase order number after the other."""
        account_id, contract_id = key
        for number in range(1, changes + 1):
            is_first = number == 1
            actor = self._manager if is_first else owner
            action = "changePaymentTerms" if is_first else "updateContract"
            reason = "Afgesproken per telefoon." if is_first else None
            name = "deviatingPaymentTerms" if is_first else "purchaseOrderNumber"
            before = None if is_first else _number(number - 1)
            after = plain(_LONGER_TERMS) if is_first else _number(number)
            entry_id = next(ids)
            at = self._now - timedelta(days=30 * (changes - number), hours=number)
            rows["history_entry"].append(
                (
                    *(entry_id, account_id, number, at, action),
                    *(actor.role, actor.id, actor.name, reason),
                )
            )
            rows["history_value"].append(
                (
                    *(next(ids), account_id, entry_id, 0, contract_id, 1 + number),
                    *(f"Contract.{name}", _json(before), _json(after)),
                )
            )


def _number(change: int) -> str | None:
    """Give the purchase order number after a change; the first one sets none."""
    return f"PO-{1000 + change}" if change > 1 else None


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _ids(index: int, random: Random) -> Iterator[UUID]:
    """Give UUIDs of version 7, all of one moment: an account's rows lie together in an index."""
    moment = (_FIRST_MOMENT + index) << 80 | 7 << 76 | 2 << 62
    while True:
        bits = random.getrandbits(74)
        yield UUID(int=moment | (bits >> 62) << 64 | bits & ((1 << 62) - 1))
