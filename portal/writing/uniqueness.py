"""What cannot be there twice, as callers are told of it."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from portal.errors import translatable

# What a constraint of the database says to callers, and which field of the input is to blame: the
# first one that the input has.
_CONSTRAINTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "uq_account_unique_customer_number": (
        translatable("Another account has this customer number."),
        ("customer_number",),
    ),
    "uq_module_unique_key": (translatable("Another module has this key."), ("key",)),
    "uq_module_unique_name": (translatable("Another module has this name."), ("name",)),
    "uq_app_unique_key": (translatable("Another app has this key."), ("key",)),
    "uq_consent_document_kind_version_language": (
        translatable("There is a version of this name already."),
        ("version",),
    ),
    "uq_permission_profile_unique_name": (
        translatable("Another permission profile has this name."),
        ("name",),
    ),
    "uq_person_email": (
        translatable("Somebody has registered with this e-mail address already."),
        ("email", "id"),
    ),
    "uq_tariff_module_id_unique_name": (
        translatable("Another tariff of this module has this name."),
        ("name",),
    ),
    "uq_tariff_unique_offer_number": (
        translatable("Another tariff has this offer number."),
        ("offer_number",),
    ),
    "uq_staff_person_id": (
        translatable("This person is staff already."),
        ("email",),
    ),
}


def taken_by(error: Exception) -> tuple[str, tuple[str, ...]] | None:
    """Give the sentence and the fields of a broken constraint; None for one of ours alone."""
    cause = error.orig.__cause__ if isinstance(error, IntegrityError) and error.orig else error
    return _CONSTRAINTS.get(getattr(cause, "constraint_name", ""))
