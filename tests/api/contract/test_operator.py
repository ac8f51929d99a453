"""Who the operator is, and the payment terms of new contracts: rows that managers add."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.operator import operator_country
from portal.language.global_id import decode
from portal.models import GeneralPaymentTerms, OperatorProfile
from portal.models.contract.operator_profile import of_day
from tests.api.ordering import today
from tests.saying import not_permitted, written
from tests.world import Kind
from tests.writing import problem, refusal

# Far beyond what another test looks at.
FAR = date(2190, 1, 1)
REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
PROFILE = """... on OperatorProfile { id validFrom name address { street postalCode country }
  registrationNumber vatNumber telephone email colour contactName iban bic creditorId
  peppolEndpoint }"""
TERMS = "... on GeneralPaymentTerms { id validFrom terms { name dueDays method discountPercent } }"
ADDRESS = {
    "name": "Portal Services BV",
    "street": "Kaai 21",
    "postalCode": "9000",
    "city": "Gent",
    "country": "be",
}
WHOLE = {
    "address": ADDRESS,
    "registrationNumber": "0403.019.261",
    "vatNumber": "be 0403.019.261",
    "iban": "BE31 4354 1116 1155",
    "bic": "kred be bb",
    "creditorId": "be50 zzz 0403019261",
    "peppolEndpoint": "0208:0403019261",
    "contactName": "Hanna Vos",
    "telephone": "+32 9 123 45 67",
    "email": "Info@Portaal.example",
    "colour": "#1A5FB4",
}
GIVEN = {"name": "21 dagen", "dueDays": 21, "method": "TRANSFER"}


@pytest.fixture
def send(api, world):
    """Send a mutation of the operator; give its own part of the answer."""

    async def send(mutation, kind=Kind.MANAGER, **given):
        row = PROFILE if "OperatorProfile" in mutation else TERMS
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await api(
            f"mutation ($input: {name}!) {{ {mutation}(input: $input)"
            f" {{ __typename {row} {REFUSAL} }} }}",
            world.tokens[kind],
            input=given,
        )
        assert set(answer) == {"data"}, answer
        return answer["data"][mutation]

    return send


@pytest.fixture
def counts(superuser):
    """Count what was said."""

    async def counts():
        async with superuser.connect() as connection:
            return [
                await connection.scalar(sa.select(sa.func.count()).select_from(model))
                for model in (OperatorProfile, GeneralPaymentTerms)
            ]

    return counts


async def test_a_manager_says_who_the_operator_is_from_a_day_on(send, api, world):
    answer = await send("addOperatorProfile", validFrom=FAR.isoformat(), reason="Moved.", **WHOLE)
    id = answer.pop("id")
    assert answer == {
        "__typename": "OperatorProfile",
        "validFrom": "2190-01-01",
        "name": "Portal Services BV",
        "address": {"street": "Kaai 21", "postalCode": "9000", "country": "BE"},
        "registrationNumber": "0403.019.261",
        "vatNumber": "BE0403019261",
        "telephone": "+3291234567",
        "email": "info@portaal.example",
        "colour": "#1a5fb4",
        "contactName": "Hanna Vos",
        "iban": "BE31435411161155",
        "bic": "KREDBEBB",
        "creditorId": "BE50ZZZ0403019261",
        "peppolEndpoint": "0208:0403019261",
    }
    # That day has not come.
    assert (await api("{ operator { name } }"))["data"]["operator"]["name"] != answer["name"]
    told = await api(
        "query ($id: ID!) { operatorHistory(filter: { subject: $id }) { edges { node {"
        " action reason changes { field after } } } } }",
        world.tokens[Kind.MANAGER],
        id=id,
    )
    (entry,) = [edge["node"] for edge in told["data"]["operatorHistory"]["edges"]]
    assert (entry["action"], entry["reason"]) == ("addOperatorProfile", "Moved.")
    assert {"field": "OperatorProfile.bic", "after": "KREDBEBB"} in entry["changes"]


async def test_the_later_one_of_two_for_a_day_holds(send, api, world):
    days = [FAR + timedelta(days=1), FAR]
    for name in ("First", "Second"):
        await send(
            "addOperatorProfile", validFrom=days[0].isoformat(), address=ADDRESS | {"name": name}
        )
    listed = await api(
        "{ operatorProfiles(first: 2) { edges { node { name validFrom } } } }",
        world.tokens[Kind.MANAGER],
    )
    names = [edge["node"]["name"] for edge in listed["data"]["operatorProfiles"]["edges"]]
    assert names[0] == "Second"


@pytest.mark.parametrize(
    ("add", "withdraw", "given"),
    [
        ("addOperatorProfile", "withdrawOperatorProfile", {"address": ADDRESS}),
        ("addGeneralPaymentTerms", "withdrawGeneralPaymentTerms", {"terms": GIVEN}),
    ],
)
async def test_what_does_not_hold_yet_is_withdrawn_and_what_holds_stays(
    send, superuser, add, withdraw, given
):
    added = await send(add, validFrom=FAR.isoformat(), **given)
    for kind in (Kind.OWNER, Kind.EMPLOYEE):
        answer = await send(withdraw, kind, id=added["id"])
        assert answer["problems"][0]["code"] == "FORBIDDEN"
    answer = await send(withdraw, id=added["id"], reason="The year was a slip.")
    assert answer == added
    model = OperatorProfile if "Profile" in add else GeneralPaymentTerms
    row_id = decode(added["id"])[1]
    async with superuser.begin() as connection:
        changed = sa.select(model.withdrawn_at).where(model.id == row_id)
        assert await connection.scalar(changed) is not None
        # Its day comes, and it does not hold.
        holds = sa.update(model).where(model.id == row_id).values(valid_from=today())
        await connection.execute(holds)
    async with AsyncSession(superuser) as session:
        found = await session.scalar(
            of_day(today(), OperatorProfile.id)
            if model is OperatorProfile
            else sa.select(model.id).where(model.id == row_id, model.withdrawn_at.is_(None))
        )
    assert found != row_id
    again = problem("CONFLICT", "input.id", "This is withdrawn already.")
    assert await send(withdraw, id=added["id"]) == refusal(again)
    began = await send(add, validFrom=today().isoformat(), **given)
    try:
        assert await send(withdraw, id=began["id"]) == refusal(
            problem(
                "RULE_BROKEN",
                "input.id",
                f"This holds since {written(today())}: it cannot be withdrawn. Add what is to hold"
                " from now on.",
            )
        )
    finally:
        async with superuser.begin() as connection:
            await connection.execute(sa.delete(model).where(model.valid_from == today()))


async def test_the_operator_of_today_is_for_everybody(lane, world, send, superuser):
    await send("addOperatorProfile", validFrom=today().isoformat(), **WHOLE)
    fields = "{ operator { name address { city } registrationNumber vatNumber email colour } }"
    told = {
        "name": "Portal Services BV",
        "address": {"city": "Gent"},
        "registrationNumber": "0403.019.261",
        "vatNumber": "BE0403019261",
        "email": "info@portaal.example",
        "colour": "#1a5fb4",
    }
    try:
        for kind in (Kind.ANONYMOUS, Kind.READER, Kind.PARTNER, Kind.EMPLOYEE, Kind.MANAGER):
            assert (await lane(fields, world.tokens[kind]))["data"] == {"operator": told}
        hidden = await lane("{ operator { name iban } }", None)
        assert hidden["data"] == {"operator": {"name": told["name"], "iban": None}}
        assert hidden["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    finally:
        async with superuser.begin() as connection:
            await connection.execute(
                sa.delete(OperatorProfile).where(OperatorProfile.valid_from == today())
            )


async def test_nobody_but_managers_says_anything(send, counts):
    before = await counts()
    titles = {
        "addOperatorProfile": ("say who the operator is", {"address": ADDRESS}),
        "addGeneralPaymentTerms": ("add general payment terms", {"terms": GIVEN}),
    }
    required = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}
    for mutation, (title, given) in titles.items():
        for kind in (Kind.OWNER, Kind.EMPLOYEE, Kind.PARTNER):
            answer = await send(mutation, kind, validFrom=FAR.isoformat(), **given)
            told = problem("FORBIDDEN", "", not_permitted(title), required)
            assert answer == refusal(told)
    assert await counts() == before


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (
            {"validFrom": (today() - timedelta(days=1)).isoformat(), "iban": "NL92ABNA0417164300"},
            [
                ("RULE_BROKEN", "input.validFrom", "Must be today"),
                ("INVALID_INPUT", "input.iban", "This is not a valid IBAN."),
            ],
        ),
        (
            {
                "validFrom": "2200-01-01",
                "address": ADDRESS | {"country": "XX"},
                "bic": "x",
                "creditorId": "DE99ZZZ09999999999",
                "peppolEndpoint": "12345678",
                "telephone": "020",
                "email": "nobody",
                "colour": "red; background: url(x)",
            },
            [
                ("INVALID_INPUT", "input.validFrom", "Must be a day from"),
                ("INVALID_INPUT", "input.address.country", "Must be a country code"),
                ("INVALID_INPUT", "input.bic", "This is not a valid BIC."),
                ("INVALID_INPUT", "input.creditorId", "This is not a valid SEPA creditor"),
                ("INVALID_INPUT", "input.peppolEndpoint", "Must be a scheme of four digits"),
                ("INVALID_INPUT", "input.telephone", "Must be a telephone number"),
                ("INVALID_INPUT", "input.email", "This is not an e-mail address."),
                ("INVALID_INPUT", "input.colour", "May have at most 7 characters"),
            ],
        ),
        (
            {
                "validFrom": FAR.isoformat(),
                "address": ADDRESS | {"country": "NL", "postalCode": "1011 AA"},
                "registrationNumber": "HRB 12345",
            },
            [("INVALID_INPUT", "input.registrationNumber", "A number of the KvK")],
        ),
    ],
)
async def test_what_no_operator_is_is_refused(send, counts, given, faults):
    before = await counts()
    answer = await send("addOperatorProfile", **{"address": ADDRESS} | given)
    found = [(one["code"], ".".join(one["path"]), one["message"]) for one in answer["problems"]]
    assert [fault[:2] for fault in found] == [fault[:2] for fault in faults]
    assert all(
        said.startswith(start) for (*_, said), (*_, start) in zip(found, faults, strict=True)
    )
    assert await counts() == before


async def test_general_terms_hold_from_their_day_on(send, api, world):
    answer = await send(
        "addGeneralPaymentTerms",
        validFrom=FAR.isoformat(),
        terms=GIVEN | {"discountPercent": "1.50", "discountDays": 7},
    )
    id = answer.pop("id")
    assert answer == {
        "__typename": "GeneralPaymentTerms",
        "validFrom": "2190-01-01",
        "terms": GIVEN | {"discountPercent": "1.50"},
    }
    listed = await api(
        "{ generalPaymentTerms { edges { node { id } } } }", world.tokens[Kind.EMPLOYEE]
    )
    assert id in [edge["node"]["id"] for edge in listed["data"]["generalPaymentTerms"]["edges"]]


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"dueDays": 121}, "input.terms.dueDays"),
        ({"dueDays": -1}, "input.terms.dueDays"),
        ({"discountPercent": "3"}, "input.terms.discountDays"),
        ({"discountPercent": "0", "discountDays": 3}, "input.terms.discountPercent"),
        ({"name": " "}, "input.terms.name"),
    ],
)
async def test_terms_that_no_invoice_could_state_are_refused(send, counts, terms, path):
    before = await counts()
    answer = await send("addGeneralPaymentTerms", validFrom=FAR.isoformat(), terms=GIVEN | terms)
    assert [".".join(one["path"]) for one in answer["problems"]] == [path]
    assert await counts() == before


async def test_a_key_makes_it_safe_to_say_it_twice(send, counts):
    before = await counts()
    given = {"validFrom": FAR.isoformat(), "terms": GIVEN, "idempotencyKey": "once"}
    first = await send("addGeneralPaymentTerms", **given)
    assert await send("addGeneralPaymentTerms", **given) == first
    assert await counts() == [before[0], before[1] + 1]


@pytest.mark.parametrize(("earlier", "country"), [(0, "BE"), (1, "NL")])
async def test_the_operators_country_is_that_of_the_day(send, owner_engine, earlier, country):
    day = FAR + timedelta(days=30)
    await send("addOperatorProfile", validFrom=day.isoformat(), address=ADDRESS)
    at = datetime.combine(day - timedelta(days=31 * earlier), time(12), UTC)
    async with AsyncSession(owner_engine) as session:
        assert await operator_country(session, at) == country
