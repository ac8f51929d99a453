"""What the operator offers: modules, tariffs, their versions and price lists."""

import strawberry

from resolvers.mutations.catalogue import module, tariff
from schema.access import MANAGERS
from schema.types.catalogue.module_input import ModuleResult
from schema.types.catalogue.tariff_input import TariffResult, TariffVersionResult
from schema.verb import mutation


@strawberry.type
class CatalogueMutations:
    """The mutations of this area, which the root inherits."""

    create_module: ModuleResult = mutation(
        module.create,
        MANAGERS,
        description="Make a module; it can be ordered once it has a tariff that is published.",
    )
    update_module: ModuleResult = mutation(
        module.update,
        MANAGERS,
        description=(
            "Change a module. Data that its new schema does not allow stays until somebody edits"
            " it: see `Module.dataCheck`."
        ),
    )
    retire_module: ModuleResult = mutation(
        module.retire,
        MANAGERS,
        description="Take no more orders of a module from a day on; what runs goes on.",
    )
    create_tariff: TariffResult = mutation(
        tariff.create,
        MANAGERS,
        description="Make a tariff of a module: public, or opened by an offer number.",
    )
    update_tariff: TariffResult = mutation(
        tariff.update,
        MANAGERS,
        description="Rename a tariff, or limit how long and how often its offer can be used.",
    )
    close_tariff: TariffResult = mutation(
        tariff.close,
        MANAGERS,
        description=(
            "Close a tariff to new orders from a day on. Refused while a change of tariff to it is"
            " pending for that day or later, each of which is named."
        ),
    )
    create_version: TariffVersionResult = mutation(
        tariff.create_version,
        MANAGERS,
        description="Begin a draft of a tariff's version, which nobody gets until it is published.",
    )
    update_version: TariffVersionResult = mutation(
        tariff.update_version,
        MANAGERS,
        edits=(
            *("initialTerm", "renewal", "renewalTerm", "noticePeriod", "endingDay"),
            *("changeFreeOfNotice", "termContinues"),
        ),
        description="Give a draft other terms.",
    )
    save_price_list: TariffVersionResult = mutation(
        tariff.save_price_list,
        MANAGERS,
        edits=("sections",),
        description=(
            "Give a draft its whole price list. An item of a key that is there already is changed;"
            " what is not sent goes."
        ),
    )
    import_price_list: TariffVersionResult = mutation(
        tariff.import_price_list,
        MANAGERS,
        edits=("sections",),
        description=(
            "Give a draft its whole price list from a CSV that was uploaded; each fault has its"
            " line in its path."
        ),
    )
    delete_draft: TariffResult = mutation(
        tariff.delete_draft,
        MANAGERS,
        description="Throw a draft away, with its price list; the answer is its tariff.",
    )
