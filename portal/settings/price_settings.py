"""The settings of prices: how soon they may rise, and who may cancel for that."""

from enum import StrEnum

from pydantic_settings import BaseSettings

from portal.settings.setting import setting


class SpecialRight(StrEnum):
    """Who may cancel for the day before prices rise."""

    CONSUMERS = "consumers"
    EVERYONE = "everyone"
    NOBODY = "nobody"


class PriceSettings(BaseSettings):
    """What holds for versions of tariffs that are published from now on."""

    rise_days: int = setting(
        30,
        "a whole number from 1 to 365",
        "How many days after it is published a rise of prices reaches customers who have the tariff"
        " already, at the earliest.",
        ge=1,
        le=365,
    )
    rise_days_business: int = setting(
        30,
        "a whole number from 0 to 365",
        "The same where all of them are businesses.",
        ge=0,
        le=365,
    )
    special_right: SpecialRight = setting(
        SpecialRight.CONSUMERS,
        "consumers, everyone or nobody",
        "Who may cancel for the day before prices rise for them, without a notice period.",
    )
