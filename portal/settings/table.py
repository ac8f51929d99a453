"""The table of the settings, for the README."""

from pydantic.fields import FieldInfo

from portal.settings.limit_settings import LimitSettings
from portal.settings.setting import variable
from portal.settings.settings import Settings


def settings_table() -> str:
    """Give the table of the settings for the README."""
    rows = (
        f"| `{variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in sorted(Settings.model_fields.items(), key=_is_limit)
    )
    return "\n".join(("| setting | default | meaning |", "|---|---|---|", *rows))


def _is_limit(named: tuple[str, FieldInfo]) -> bool:
    return named[0] in LimitSettings.model_fields


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, bool):
        return "`on`" if field.default else "`off`"
    return "" if field.default in (None, ()) else f"`{field.default}`"
