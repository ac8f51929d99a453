"""Everything that can be changed: the mutations of all areas."""

import strawberry

from schema.mutations.billing import BillingMutations
from schema.mutations.catalogue import CatalogueMutations
from schema.mutations.clock import ClockMutations
from schema.mutations.contract import ContractMutations
from schema.mutations.modules import ModulesMutations
from schema.mutations.partner import PartnerMutations
from schema.mutations.people import PeopleMutations


@strawberry.type(description="Everything that can be changed.")
class Mutation(
    ClockMutations,
    PartnerMutations,
    BillingMutations,
    PeopleMutations,
    ContractMutations,
    ModulesMutations,
    CatalogueMutations,
):
    """One verb of the business each."""
