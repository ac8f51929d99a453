"""Cancelling modules, changing their tariffs, quantities, options and agreements."""

import strawberry

from portal.actions.modules.additional_option import (
    check_end_withdrawable,
    check_endable,
    check_withdrawable,
)
from portal.rules.modules import special_agreement as agreement
from portal.rules.modules.course import Course
from portal.viewer import Role
from resolvers.mutations.modules import (
    additional_option,
    notice,
    publication,
    quantity,
    special_agreement,
)
from schema.access import MANAGERS, ORDERERS
from schema.types.account import AccountResult
from schema.types.modules.additional_option import BookedOptionResult
from schema.types.modules.module_subscription import ModuleSubscriptionResult
from schema.types.modules.publication import PublicationPreviewResult, VersionJobResult
from schema.types.modules.special_agreement import SpecialAgreementResult
from schema.types.preview import PreviewResult
from schema.verb import mutation


def _open(course: Course, _: Role) -> None:
    course.check_open()


@strawberry.type
class ModulesMutations:
    """The mutations of this area, which the root inherits."""

    give_notice: ModuleSubscriptionResult = mutation(
        notice.give,
        ORDERERS,
        edits=("endsOn",),
        when=_open,
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
        edits=("notice",),
        when=lambda course, role: course.check_notice_withdrawable(role),
        description="Take a cancellation back while the module still runs.",
    )
    preview_notice_withdrawal: PreviewResult = mutation(
        notice.preview_withdrawal,
        ORDERERS,
        description="Try to take a cancellation back, and say what would come of it.",
    )
    change_tariff: ModuleSubscriptionResult = mutation(
        notice.change_tariff,
        ORDERERS,
        edits=("currentTariff",),
        when=_open,
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
        edits=("pendingTariffChange",),
        when=lambda course, role: course.check_change_withdrawable(role),
        description="Take a change of tariff back before its first day.",
    )
    preview_tariff_change_withdrawal: PreviewResult = mutation(
        notice.preview_undoing,
        ORDERERS,
        description="Try to take a change of tariff back, and say what would come of it.",
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
        when=lambda course, _: course.check_not_over(),
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
    book_option: BookedOptionResult = mutation(
        additional_option.book,
        MANAGERS,
        edits=("bookedOptions",),
        description="Let a module have an additional option of its tariff, from a day on.",
    )
    preview_option_booking: PreviewResult = mutation(
        additional_option.preview_booking,
        MANAGERS,
        description="Try to book an option without doing so, and say what would come of it.",
    )
    withdraw_option: ModuleSubscriptionResult = mutation(
        additional_option.withdraw,
        MANAGERS,
        edits=("startsOn",),
        when=lambda state, _: check_withdrawable(state.option, state.course),
        description="Undo the booking of an option before its first day.",
    )
    end_option: BookedOptionResult = mutation(
        additional_option.end,
        MANAGERS,
        edits=("endsOn",),
        when=lambda state, _: check_endable(state.option, state.course),
        description=(
            "End a booked option by its own notice terms, or without any by those of its tariff;"
            " or on a deviating day. It ends with its module at the latest."
        ),
    )
    preview_option_end: PreviewResult = mutation(
        additional_option.preview_end,
        MANAGERS,
        description="Try to end an option without doing so, and say what would come of it.",
    )
    withdraw_option_end: BookedOptionResult = mutation(
        additional_option.withdraw_end,
        MANAGERS,
        edits=("endsOn",),
        when=lambda state, _: check_end_withdrawable(state.option, state.course),
        description="Take the end of an option back while it still runs.",
    )
    make_special_agreement: SpecialAgreementResult = mutation(
        special_agreement.make,
        MANAGERS,
        edits=("specialAgreements",),
        description=(
            "Agree a price, a discount or a VAT treatment with an account, for an item of a module"
            " or for all of them. Of each kind one holds for a target on a day."
        ),
    )
    preview_special_agreement: PreviewResult = mutation(
        special_agreement.preview,
        MANAGERS,
        description="Try a special agreement without making it, and say what would come of it.",
    )
    end_special_agreement: SpecialAgreementResult = mutation(
        special_agreement.end,
        MANAGERS,
        edits=("endsOn",),
        description="Give a special agreement another last day.",
    )
    preview_special_agreement_end: PreviewResult = mutation(
        special_agreement.preview_end,
        MANAGERS,
        description="Try another last day of a special agreement, and say what would come of it.",
    )
    withdraw_special_agreement: AccountResult = mutation(
        special_agreement.withdraw,
        MANAGERS,
        edits=("startsOn",),
        when=lambda state, _: agreement.check_withdrawable(state.starts_on, state.today),
        description="Undo a special agreement before its first day.",
    )
