"""Documents that customers agree to: published in versions, asked for or told of."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.consent import check_given
from portal.clock import OPERATOR_ZONE, now
from portal.errors import Several
from portal.jobs.effects import cause
from portal.jobs.worker import worker_engine
from portal.language.messages import day as said
from portal.models import Account, ConsentDocument
from portal.viewer import Language
from tests import factories
from tests.api.ordering import day_of_version, today
from tests.saying import not_permitted
from tests.world import Kind
from tests.writing import problem, refusal

# Where no account of another test is.
ZONE = "Pacific/Chatham"
FIELDS = "... on ConsentDocument { id kind version language title body publishedOn asksAgreement }"
REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
WITHDRAWN = "... on ConsentDocument { version withdrawnAt }"
NOTICES = """query ($id: ID!) { account(id: $id) {
  openConsents { version language } changedDocuments { version language } } }"""
MANAGERS = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}


def texts(**changed):
    """Give a text in each language."""
    return [
        {
            "language": language,
            "title": f"Title {language}",
            "content": {"body": f"Line\n\n{language}"},
        }
        | changed
        for language in ("NL", "DE", "EN")
    ]


@pytest.fixture
def publish(api, world):
    """Publish a version; give the mutation's own part of the answer."""

    async def publish(viewer=Kind.MANAGER, **given):
        given = {
            "kind": "TERMS",
            "version": factories.word(),
            "publishedOn": day_of_version().isoformat(),
            "asksAgreement": True,
            "texts": texts(),
        } | given
        answer = await api(
            "mutation ($input: PublishConsentDocumentInput!) { publishConsentDocument("
            f"input: $input) {{ __typename {FIELDS} {REFUSAL} }} }}",
            world.tokens[viewer],
            input=given,
        )
        assert set(answer) == {"data"}, answer
        return answer["data"]["publishConsentDocument"]

    return publish


@pytest.fixture
def withdraw(api, world):
    """Withdraw a version by the id of one of its documents."""

    async def withdraw(id, kind=Kind.MANAGER):
        answer = await api(
            "mutation ($input: WithdrawConsentDocumentInput!) { withdrawConsentDocument("
            f"input: $input) {{ __typename {WITHDRAWN} {REFUSAL} }} }}",
            world.tokens[kind],
            input={"id": id, "reason": "The year was a slip."},
        )
        return answer["data"]["withdrawConsentDocument"]

    return withdraw


@pytest.fixture
def notices(lane, world):
    """Give the notices of the account at hand, as a reader sees them."""

    async def notices():
        answer = await lane(NOTICES, world.tokens[Kind.READER], id=world.own.id)
        found = answer["data"]["account"]
        return [
            {one["version"] for one in found[name]} for name in ("openConsents", "changedDocuments")
        ]

    return notices


@pytest.fixture
def send(api, world):
    """Send a mutation about the account at hand."""

    async def send(mutation, kind=Kind.OWNER, **given):
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await api(
            f"mutation ($input: {name}!) {{ {mutation}(input: $input)"
            f" {{ __typename {REFUSAL} }} }}",
            world.tokens[kind],
            input={"id": world.own.id} | given,
        )
        return answer["data"][mutation]

    return send


@pytest.fixture
def documents(superuser):
    """Count the documents."""

    async def documents():
        async with superuser.connect() as connection:
            return await connection.scalar(sa.select(sa.func.count(ConsentDocument.id)))

    return documents


async def test_a_version_is_published_in_each_language(publish, documents):
    before = await documents()
    day = day_of_version()
    answer = await publish(publishedOn=day.isoformat(), version="2195-1", reason="New law.")
    assert answer.pop("id")
    assert answer == {
        "__typename": "ConsentDocument",
        "kind": "TERMS",
        "version": "2195-1",
        "language": "EN",
        "title": "Title EN",
        "body": "Line\n\nEN",
        "publishedOn": day.isoformat(),
        "asksAgreement": True,
    }
    assert await documents() == before + 3


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"publishedOn": (today() - timedelta(days=1)).isoformat()}, "RULE_BROKEN", "publishedOn"),
        ({"publishedOn": today().isoformat()}, "RULE_BROKEN", "publishedOn"),
        ({"publishedOn": "2200-01-01"}, "INVALID_INPUT", "publishedOn"),
        ({"texts": texts()[:2]}, "INVALID_INPUT", "texts"),
        ({"texts": texts()[:2] * 2}, "INVALID_INPUT", "texts"),
        ({"texts": []}, "INVALID_INPUT", "texts"),
        ({"texts": texts(title=" ")}, "INVALID_INPUT", "texts.0.title"),
        ({"texts": texts(content={"body": "a\u0000b"})}, "INVALID_INPUT", "texts.0.content.body"),
        ({"texts": texts(content={"body": "x" * 60_001})}, "INVALID_INPUT", "texts.0.content.body"),
        ({"version": ""}, "INVALID_INPUT", "version"),
        ({"version": "x" * 21}, "INVALID_INPUT", "version"),
    ],
)
async def test_what_nobody_could_agree_to_is_refused(publish, documents, given, code, path):
    before = await documents()
    answer = await publish(**given)
    first, *_ = answer["problems"]
    assert (first["code"], ".".join(first["path"])) == (code, f"input.{path}")
    assert await documents() == before


async def test_a_version_comes_after_those_that_there_are(publish, documents):
    day = day_of_version()
    await publish(publishedOn=day.isoformat())
    before = await documents()
    for earlier in (day, day - timedelta(days=1)):
        answer = await publish(publishedOn=earlier.isoformat())
        (told,) = answer["problems"]
        assert (told["code"], told["path"]) == ("RULE_BROKEN", ["input", "publishedOn"])
        assert "is published on" in told["message"]
    name = factories.word()
    assert "id" in await publish(version=name)
    again = await publish(version=name)
    assert again == refusal(
        problem("CONFLICT", "input.version", "There is a version of this name already.")
    )
    assert await documents() == before + 3


async def test_a_version_withdrawn_before_its_day_is_as_if_it_had_not_been_published(
    publish, withdraw, notices
):
    day = day_of_version()
    asked = await publish(publishedOn=day.isoformat())
    assert (await withdraw(asked["id"], Kind.EMPLOYEE))["problems"][0]["code"] == "FORBIDDEN"
    assert asked["version"] in (await notices())[0]
    answer = await withdraw(asked["id"])
    assert (answer["version"], answer["withdrawnAt"] is None) == (asked["version"], False)
    assert asked["version"] not in (await notices())[0]
    again = problem("CONFLICT", "input.id", "This is withdrawn already.")
    assert await withdraw(asked["id"]) == refusal(again)
    # An earlier day is free again, in each language.
    earlier = await publish(publishedOn=(day - timedelta(days=1)).isoformat())
    assert earlier["version"] in (await notices())[0]


async def test_nobody_but_managers_publishes(publish, documents):
    before = await documents()
    for kind in (Kind.OWNER, Kind.EMPLOYEE, Kind.PARTNER):
        assert await publish(kind) == refusal(
            problem("FORBIDDEN", "", not_permitted("publish a document to consent to"), MANAGERS)
        )
    assert await documents() == before


async def test_an_asking_version_is_a_notice_until_somebody_agrees(publish, notices, send):
    asked = await publish()
    open_ones, _ = await notices()
    assert asked["version"] in open_ones
    # A told one does not take its place.
    await publish(asksAgreement=False)
    assert asked["version"] in (await notices())[0]
    later = await publish()
    open_ones, _ = await notices()
    assert (asked["version"] in open_ones, later["version"] in open_ones) == (False, True)
    assert await send("giveConsent", documentIds=[later["id"]]) == {"__typename": "Account"}
    assert later["version"] not in (await notices())[0]


async def test_a_told_version_is_a_notice_until_somebody_has_read_it(
    publish, notices, send, writer
):
    told = await publish(asksAgreement=False)
    assert told["version"] in (await notices())[1]
    before = await writer.fingerprint()
    answer = await send("markDocumentsRead", Kind.READER)
    assert answer["problems"][0]["code"] == "FORBIDDEN"
    assert await writer.fingerprint() == before
    assert await send("markDocumentsRead") == {"__typename": "Account"}
    assert told["version"] not in (await notices())[1]
    # Who agrees has read it, too.
    again = await publish(asksAgreement=False)
    assert again["version"] in (await notices())[1]
    await send("giveConsent", documentIds=[again["id"]])
    assert again["version"] not in (await notices())[1]


@pytest.mark.parametrize(
    ("versions", "agreed", "may_order"),
    [
        # Days before today, and whether each asks; which one was agreed to.
        ([(2, True), (1, False)], 0, True),
        ([(2, True), (1, False)], 1, True),
        ([(2, True), (1, True)], 0, False),
        ([(2, True), (1, True)], 1, True),
        ([(3, True), (2, False), (1, True)], 1, False),
        ([(3, True), (2, True), (1, False)], 0, False),
        ([(3, True), (2, True), (1, False)], 2, True),
        # One that does not hold yet counts for whoever agreed to it.
        ([(1, True), (-30, True)], 0, True),
        ([(1, True), (-30, True)], 1, True),
        ([(2, False), (1, False)], 0, True),
        ([(2, False), (1, False)], None, False),
    ],
)
async def test_agreed_is_to_the_latest_version_that_asks_or_a_later_one(
    superuser, owner_engine, write, world, versions, agreed, may_order
):
    """Asked of the database as it would be with these versions alone."""
    rows = [
        factories.consent_document(published_on=today() - timedelta(days=ago), asks_agreement=asks)
        for ago, asks in versions
    ]
    await write(*rows)
    if agreed is not None:
        await write(factories.consent(world.own.account_id, rows[agreed], world.own.owner))
    ids = [row.id for row in rows]
    async with AsyncSession(owner_engine) as session:
        kept = sa.delete(ConsentDocument).where(ConsentDocument.id.not_in(ids))
        await session.execute(
            sa.text("DELETE FROM consent WHERE consent_document_id <> ALL (:ids)"), {"ids": ids}
        )
        await session.execute(kept)
        account = await session.get_one(Account, world.own.account_id)
        if may_order:
            await check_given(session, account, now())
        else:
            with pytest.raises(Several) as refused:
                await check_given(session, account, now())
            assert [fault.values["title"] for fault in refused.value.problems] == ["General terms"]
        await session.rollback()


@pytest.fixture
async def elsewhere(world, superuser):
    """Let the account at hand be where no other one is, while its test runs."""
    moved = sa.text("UPDATE account SET time_zone = :zone, created_at = :at WHERE id = :id")
    for zone in (ZONE, OPERATOR_ZONE):
        given = {"zone": zone, "at": datetime(2020, 1, 1, tzinfo=UTC)}
        async with superuser.begin() as connection:
            await connection.execute(moved, given | {"id": world.own.account_id})
        if zone == ZONE:
            yield


@pytest.mark.usefixtures("elsewhere")
async def test_each_customer_is_mailed_once_of_what_is_new_and_of_what_does_not_come(
    addresses, superuser, world, publish, withdraw
):
    engine = worker_engine(addresses)

    async def told(kind="DOCUMENTS_CHANGED"):
        found = sa.text(
            "SELECT o.text FROM outbox o JOIN message m ON m.id = o.message_id WHERE"
            " m.account_id = :id AND m.kind = :kind ORDER BY m.id"
        )
        given = {"id": world.own.account_id, "kind": kind}
        async with superuser.connect() as connection:
            return list(await connection.scalars(found, given))

    async def pass_to(at):
        done = at.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
        await cause.cause_in(engine, ZONE, done, at)

    asked = await publish(version="2195-A")
    for _ in range(2):
        await pass_to(now())
    (text,) = await told()
    first = date.fromisoformat(asked["publishedOn"])
    assert f"Title EN (2195-A), from {said(first, Language.EN)}" in text
    assert "We ask for your agreement" in text
    # The day itself tells nobody twice.
    await pass_to(datetime.combine(first, time(), ZoneInfo(ZONE)).astimezone(UTC))
    assert await told() == [text]
    # Withdrawn, it is told of once more, to whoever was told; what nobody was told of, to nobody.
    untold = await publish(version="2195-B")
    for document in (asked, untold):
        await withdraw(document["id"])
    for _ in range(2):
        await pass_to(now())
    (text,) = await told("DOCUMENTS_WITHDRAWN")
    assert f"Title EN (2195-A), from {said(first, Language.EN)}" in text
    assert "2195-B" not in text
    await engine.dispose()
