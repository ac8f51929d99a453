"""Cancelling modules, changing their tariffs, and how many of an item they have."""

import strawberry

from resolvers.mutations.modules import notice, publication, quantity
from schema.access import MANAGERS, ORDERERS
from schema.types.modules.module_subscription import ModuleSubscriptionResult
from schema.types.modules.publication import PublicationPreviewResult, VersionJobResult
from schema.types.preview import PreviewResult
from schema.verb import mutation


@strawberry.type
class ModulesMutations:
    """The mutations of this area, which the root inherits."""

    give_notice: ModuleSubscriptionResult = mutation(
        notice.give,
        ORDERERS,
        edits=("endsOn",),
        description=(
            "Cancel a module, for the earliest day or a later one that the tariff allows. It is"
            " confirmed by mail."
        ),
    )
    preview_notice: PreviewResult = mutation(
        notice.preview,
        ORDERERS,
        description="Try a cancellation without giving it, and say what would come of it.",
    )
    withdraw_notice: ModuleSubscriptionResult = mutation(
        notice.withdraw,
        ORDERERS,
        description="Take a cancellation back while the module still runs.",
    )
    change_tariff: ModuleSubscriptionResult = mutation(
        notice.change_tariff,
        ORDERERS,
        edits=("currentTariff",),
        description=(
            "Let another tariff of the module follow, on the earliest day or a later one that the"
            " present tariff allows. It is confirmed by mail."
        ),
    )
    preview_tariff_change: PreviewResult = mutation(
        notice.preview_change,
        ORDERERS,
        description="Try a change of tariff without making it, and say what would come of it.",
    )
    withdraw_tariff_change: ModuleSubscriptionResult = mutation(
        notice.withdraw_change,
        ORDERERS,
        description="Take a change of tariff back before its first day.",
    )
    publish_version: VersionJobResult = mutation(
        publication.publish,
        MANAGERS,
        description=(
            "Publish a draft of a tariff's version for a day. Customers who have the tariff are"
            " told by mail what changes for them, in the background."
        ),
    )
    preview_publish_version: PublicationPreviewResult = mutation(
        publication.preview,
        MANAGERS,
        description="Try to publish a version, and say whom it reaches and what each would pay.",
    )
    withdraw_version: VersionJobResult = mutation(
        publication.withdraw,
        MANAGERS,
        description=(
            "Withdraw a published version that is not in force yet. Whoever was told of it is told"
            " so by mail; a cancellation that was given for it stands until it is withdrawn."
        ),
    )
    assess_version: VersionJobResult = mutation(
        publication.assess,
        MANAGERS,
        description="Count who pays more by a version, and who less, in the background.",
    )
    change_quantity: ModuleSubscriptionResult = mutation(
        quantity.change,
        ORDERERS,
        edits=("quantities",),
        description=(
            "Let a module have more of an item from any day on, or fewer from a day on which its"
            " tariff could change."
        ),
    )
    preview_quantity_change: PreviewResult = mutation(
        quantity.preview,
        ORDERERS,
        description="Try a change of a quantity without making it, and say what would come of it.",
    )
