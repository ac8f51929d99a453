"""A whole world for one test: two accounts with everything in them, and everybody who may look."""

from dataclasses import dataclass

from tests import factories
from tests.world import billing, catalogue, contract, modules, partner, people
from tests.world.account_world import MEMBERS, AccountWorld, Kind
from tests.world.people import add_staff

__all__ = [
    "MEMBERS",
    "AccountWorld",
    "Kind",
    "World",
    "account_world",
    "add_staff",
    "make_world",
]


def account_world() -> AccountWorld:
    """Make an account with everything, its members and the programs it authorised."""
    owner = factories.person()
    account, owning = factories.account(owner, is_test=True, reminds_of_deadlines=False)
    offer = catalogue.offer()
    world = AccountWorld(account, owner, factories.contract(account.id), offer.by_number)
    world.add(owner, account, owning, world.contract)
    prices = catalogue.fill(world, offer)
    running = modules.fill(world, offer, prices)
    contract.fill(world)
    people.fill(world, running, offer.public)
    billing.fill(world)
    partner.fill(world)
    world.tokens[Kind.ANONYMOUS] = None
    return world


@dataclass
class World:
    """The account at hand with every kind of viewer, and a foreign one with its own."""

    own: AccountWorld
    foreign: AccountWorld

    @property
    def tokens(self) -> dict[Kind, str | None]:
        """The tokens of everybody who may look at the account at hand."""
        return self.own.tokens


def make_world() -> World:
    """Make two accounts that know nothing of each other."""
    own = account_world()
    add_staff(own)
    return World(own, account_world())
