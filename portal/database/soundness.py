"""Whether days can be computed under the terms of every tariff version that is stored."""

import sqlalchemy as sa

from portal.errors import PortalError
from portal.language.messages import translate
from portal.models import Module, Tariff, TariffVersion
from portal.rules.catalogue.terms_check import check_terms
from portal.viewer import Language

# Columns that every migration knows, for a database that has not taken all of them.
_TERMS = (
    *(TariffVersion.id, TariffVersion.valid_from, TariffVersion.renewal, TariffVersion.ending_day),
    *(TariffVersion.initial_term_count, TariffVersion.initial_term_unit),
    *(TariffVersion.renewal_term_count, TariffVersion.renewal_term_unit),
    *(TariffVersion.notice_period_count, TariffVersion.notice_period_unit),
)
_VERSIONS = (
    sa.select(Module.name, Tariff.name, *_TERMS)
    .join_from(TariffVersion, Tariff, Tariff.id == TariffVersion.tariff_id)
    .join(Module, Module.id == Tariff.module_id)
    # A draft has no day: nobody has agreed to it, and its manager is told as it is saved.
    .where(TariffVersion.valid_from.is_not(None))
    .order_by(Module.name, Tariff.name, TariffVersion.valid_from)
)


def unsound_terms(connection: sa.Connection) -> list[str]:
    """Name each version whose terms ``check_terms`` refuses, with every fault.

    In a database without the table there is none.
    """
    if not sa.inspect(connection).has_table(TariffVersion.__tablename__):
        return []
    found = []
    for module, tariff, *values in connection.execute(_VERSIONS):
        version = TariffVersion(**dict(zip((one.key for one in _TERMS), values, strict=True)))
        try:
            check_terms(version.terms)
        except PortalError as refused:
            faults = " ".join(
                f"{fault.path[-1]}: {translate(fault.message, Language.EN, **fault.values)}"
                for fault in refused.problems
            )
            found.append(
                f"no day can be computed under tariff {tariff} of {module}, {version.valid_from}."
                f" {faults} Correct tariff_version {version.id}."
            )
    return found
