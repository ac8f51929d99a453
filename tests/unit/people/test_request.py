"""How long a request is open, and that its values leak nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from graphql import get_named_type

from permissions.definition import definition_of
from permissions.fields import STORED
from permissions.guards import access_of
from portal.actions.contract.contract_request import VAT_TREATMENT
from portal.actions.requestable import Requestable
from portal.rules.people.request import RequestKind, RequestStatus, expiry, last_day, status_at
from schema.registry import complete
from schema.root import schema

CORE = schema._schema  # noqa: SLF001 -- no public name


@pytest.mark.parametrize(
    ("made_at", "time_zone", "day", "instant"),
    [
        (
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            "Europe/Amsterdam",
            date(2026, 1, 31),
            datetime(2026, 1, 31, 23, tzinfo=UTC),
        ),
        # The clock goes forward on 29 March, within the thirty days.
        (
            datetime(2026, 3, 10, 12, tzinfo=UTC),
            "Europe/Amsterdam",
            date(2026, 4, 9),
            datetime(2026, 4, 9, 22, tzinfo=UTC),
        ),
        # It is the next day already where the account is.
        (
            datetime(2026, 1, 1, 23, 30, tzinfo=UTC),
            "Europe/Amsterdam",
            date(2026, 2, 1),
            datetime(2026, 2, 1, 23, tzinfo=UTC),
        ),
        (
            datetime(2026, 1, 1, 23, 30, tzinfo=UTC),
            "America/New_York",
            date(2026, 1, 31),
            datetime(2026, 2, 1, 5, tzinfo=UTC),
        ),
    ],
)
def test_a_request_is_open_until_its_thirtieth_day_ends(made_at, time_zone, day, instant):
    assert last_day(made_at, time_zone) == day
    assert expiry(made_at, time_zone) == instant


def test_only_an_open_request_expires():
    end = datetime(2026, 1, 31, 23, tzinfo=UTC)
    before = end - timedelta(microseconds=1)
    assert status_at(before, RequestStatus.OPEN, end) is RequestStatus.OPEN
    assert status_at(end, RequestStatus.OPEN, end) is RequestStatus.EXPIRED
    for state in (RequestStatus.ACCEPTED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN):
        assert status_at(end, state, end) is state


# Where the contract itself shows each value of a request.
SHOWN_BY = {
    "deviatingPaymentTerms": ("ContractPaymentTerms", "deviating"),
    "vatTreatment": ("Contract", "vatTreatment"),
    "vatNumber": ("Contract", "vatNumber"),
    "contractPartner": ("Contract", "contractPartner"),
    "lastDay": ("ModuleSubscription", "endsOn"),
    "startsOn": ("TariffPeriod", "startsOn"),
    "tariff": ("TariffPeriod", "tariff"),
}
NOT_PRESENT = {"startsOn"}
STORED_AS = {"tariff": "TariffId"}


@pytest.mark.parametrize("side", ["Proposed", "Present"])
def test_nobody_reads_in_a_request_what_the_contract_hides(side):
    fields = CORE.type_map[f"{side}Values"].fields
    assert set(fields) == set(SHOWN_BY) - (NOT_PRESENT if side == "Present" else set())
    for name in fields:
        type_name, field_name = SHOWN_BY[name]
        own = access_of(fields[name])
        shown = access_of(CORE.type_map[type_name].fields[field_name])
        assert set(own.roles) <= set(shown.roles)
        assert (own.scope, own.member_roles) == (shown.scope, shown.member_roles)
        kept = STORED_AS.get(name, f"{name[0].upper()}{name[1:]}")
        assert STORED[f"Request.{side.lower()}{kept}"] == own


def test_what_can_be_requested_is_what_there_are_requests_for():
    mutations = CORE.mutation_type.fields.values()
    inputs = [get_named_type(field.args["input"].type) for field in mutations]
    elements = [*mutations, *(field for given in inputs for field in given.fields.values())]
    declared = {definition_of(element).metadata.get("portal.requestable") for element in elements}
    assert declared - {None} == set(RequestKind)


def test_a_kind_that_no_area_declares_stops_the_start(monkeypatch):
    monkeypatch.delitem(Requestable.known, RequestKind.VAT_TREATMENT)
    with pytest.raises(TypeError, match="No area declares these requests: VAT_TREATMENT"):
        complete(schema)


def test_a_kind_is_declared_once():
    with pytest.raises(TypeError, match="VAT_TREATMENT is declared twice"):
        replace(VAT_TREATMENT, topic="another one")
