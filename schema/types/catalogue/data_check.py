"""What a schema does not allow of the data of modules, as managers see it."""

import strawberry

from permissions.fields import EVERYONE
from schema.fields import answered_by, value
from schema.types.refusal import message_of


@strawberry.type(description="A fault of data, in words.")
class DataProblem:
    """What a schema asks, and is not there."""

    path: list[str] = value(
        description="Names of properties and numbers of entries, from the outside in."
    )
    message: str = answered_by(
        EVERYONE, message_of, description="What is missing or wrong, in the viewer's language."
    )


@strawberry.type(description="A module subscription whose data a schema does not allow.")
class UnmetData:
    """Which one, and why."""

    id: strawberry.ID = value(description="The global id of the module subscription.")
    account_id: strawberry.ID = value(description="The global id of its account.")
    account: str = value(description="What the account is called.")
    problems: list[DataProblem] = value(description="What is missing or wrong in its data.")


@strawberry.type(description="What a schema does not allow of the data that there is.")
class DataCheck:
    """Of the module subscriptions that are not over."""

    checked: int = value(description="How many have data of the module.")
    unmet: int = value(description="Of how many the schema does not allow the data.")
    subscriptions: list[UnmetData] = value(
        description="The first 50 of these after the one that was named, by their ids."
    )
