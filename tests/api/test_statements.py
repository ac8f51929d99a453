"""How many statements a page costs: one for each relation, whatever the number of rows."""

from datetime import timedelta

import pytest
from graphql import FieldNode, Visitor, parse, visit

from permissions.definition import definition_of
from portal.rules.people.request import RequestStatus
from portal.viewer import Role
from resolvers.sources import Entry, Relation
from schema.root import schema
from tests import factories
from tests.api.conftest import Api, CountStatements, Write
from tests.world import AccountWorld, Kind, account_world, add_staff

ROWS = 30
PAGE = """query ($id: ID!) {
  account(id: $id) {
    id version name customerNumber isTest language timeZone currency createdAt
    owner { id role name email }
    members(first: 30) { edges { node { id role name email joinedAt } } pageInfo { hasNextPage } }
    consents(first: 30) { edges { node { id givenAt givenBy document { id title version } } } }
    requests(first: 30) { edges { node {
      id kind status requestedBy decidedBy reason
      proposed { deviatingPaymentTerms { ...terms } vatTreatment contractPartner { name } }
      present { deviatingPaymentTerms { ...terms } vatTreatment contractPartner { name } }
    } } }
    viewerCan { field allowed reason requires { roles scope memberRoles } }
    contract {
      id version
      contractPartner { name kind city }
      billingAddress { name city }
      paymentTerms { general { ...terms } deviating { ...terms } effective { ...terms } }
      duration { startsOn basis }
      vatTreatment vatNumber iban purchaseOrderNumber
      documentDelivery { recipients mode }
      viewerCan {
        field allowed reason requires { roles scope memberRoles } howToRequest { mutation kind }
      }
    }
    modules(first: 30) { edges { node {
      id version status startsOn endsOn data
      module { id name { value } }
      currentTariff {
        id name { value } startsOn endsOn
        tariff { id name { value } isPublic }
        priceList { validFrom sections {
          title { value } items { name { value } unitPrice billingMode }
        } }
      }
    } } }
    history(first: 30) { edges { node {
      number at action actorRole actorName reason values { field before after }
    } } }
  }
}
fragment terms on PaymentTerms { name dueDays method discountPercent discountDays }"""
# account, owner, members, consents, their documents, requests, contract, modules, their module,
# tariff period, tariff, price list, sections and items, history and its values.
RELATIONS = 16
LOOK_UP = 1
# The modules of the account, in whose state it is whether it can be deleted.
STATE = 1


def small() -> AccountWorld:
    """Make an account with one row in every list."""
    world = account_world()
    add_staff(world)
    return world


def large() -> AccountWorld:
    """Make an account with thirty rows in every list, each with its own module and prices."""
    world = account_world()
    add_staff(world)
    account_id = world.account_id
    for _ in range(ROWS):
        module = factories.module()
        tariff = factories.tariff(module)
        subscription = factories.module_subscription(account_id, module)
        person, document = factories.person(), factories.consent_document()
        world.add(module, tariff, subscription, factories.tariff_period(subscription, tariff))
        world.add(*factories.price_list(tariff, sections=3, items=4))
        world.add(person, document, factories.consent(account_id, document, person))
        world.add(*factories.history(world.account))
        world.add(factories.request(account_id, person, state=RequestStatus.DECLINED))
    return world


@pytest.fixture
def api(standard_api: Api) -> Api:
    """The compiled lane has one statement whatever is asked for."""
    return standard_api


def relations_in(document: str) -> int:
    """Count the fields of a document that lead to rows of their own, by the declarations."""
    count = 0

    class Counter(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            nonlocal count
            count += node.name.value in leading

    leading = {"account"}
    for kind in schema._schema.type_map.values():  # noqa: SLF001 -- no public name
        for name, field in getattr(kind, "fields", {}).items():
            definition = definition_of(field)
            source = getattr(definition, "metadata", {}).get("portal.source")
            if isinstance(source, (Relation, Entry)):
                leading.add(name)
    visit(parse(document), Counter())
    return count


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_the_contract_page_costs_one_statement_for_each_relation(
    api: Api, write: Write, count_statements: CountStatements, kind: Kind
):
    counts = []
    for world in (small(), large()):
        await write(*world.rows)
        with count_statements() as sent:
            answer = await api(PAGE, world.tokens[kind], id=world.id)
        assert "errors" not in answer
        counts.append((len(answer["data"]["account"]["modules"]["edges"]), len(sent)))
    statements = RELATIONS + LOOK_UP + STATE
    assert counts == [(2, statements), (ROWS, statements)]
    assert relations_in(PAGE) == RELATIONS


async def test_one_module_costs_what_thirty_cost(
    api: Api, write: Write, count_statements: CountStatements
):
    counts = {}
    for number in (1, ROWS):
        owner, module = factories.person(), factories.module()
        account, owning = factories.account(owner)
        token, credential = factories.credential(Role.CUSTOMER, owner)
        rows = [owner, module, account, owning, credential]
        for place in range(number):
            tariff = factories.tariff(module)
            subscription = factories.module_subscription(
                account.id, module, starts_on=factories.OPENED + timedelta(days=place)
            )
            rows += [tariff, subscription, factories.tariff_period(subscription, tariff)]
            rows += factories.price_list(tariff, sections=1, items=8)
        await write(*rows)
        with count_statements() as sent:
            answer = await api(
                "{ viewer { accounts { edges { node { modules(first: 30) { edges { node {"
                " currentTariff { priceList { sections { items { name { value } } } } }"
                " } } } } } } } }",
                token,
            )
        (edge,) = answer["data"]["viewer"]["accounts"]["edges"]
        lists = [
            [item["name"]["value"] for section in sections for item in section["items"]]
            for module_edge in edge["node"]["modules"]["edges"]
            for sections in [module_edge["node"]["currentTariff"]["priceList"]["sections"]]
        ]
        assert [len(items) for items in lists] == [8] * number
        assert len({tuple(items) for items in lists}) == number
        counts[number] = len(sent)
    assert counts == {1: 7, ROWS: 7}


async def test_many_accounts_cost_what_one_costs(
    api: Api, write: Write, count_statements: CountStatements
):
    counts = {}
    for number in (1, 10):
        owner = factories.person()
        token, credential = factories.credential(Role.CUSTOMER, owner)
        rows = [owner, credential]
        for _ in range(number):
            account, owning = factories.account(owner)
            rows += [account, owning, factories.contract(account.id)]
        await write(*rows)
        with count_statements() as sent:
            answer = await api(
                "{ viewer { accounts { edges { node { contract { vatNumber } owner { name }"
                " members { totalCount } } } } } }",
                token,
            )
        assert len(answer["data"]["viewer"]["accounts"]["edges"]) == number
        counts[number] = len(sent)
    # The look-up, accounts, contract, owner, members and their number.
    assert counts == {1: 6, 10: 6}


async def test_what_is_not_asked_for_is_not_read(
    api: Api, write: Write, count_statements: CountStatements
):
    world = small()
    await write(*world.rows)
    with count_statements() as sent:
        await api("{ viewer { role } }", world.tokens[Kind.OWNER])
    assert len(sent) == LOOK_UP
    with count_statements() as sent:
        await api("{ viewer { role } }")
    # The clock, which may have been moved in development.
    assert len(sent) == LOOK_UP
    with count_statements() as sent:
        await api(
            "query ($id: ID!) { account(id: $id) { name history { totalCount } } }",
            world.tokens[Kind.READER],
            id=world.id,
        )
    assert len(sent) == LOOK_UP + 1
