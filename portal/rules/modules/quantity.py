"""How many of an item a subscription has."""

from portal.errors import InvalidInput

MOST = 1_000_000


def check_quantity(quantity: int, path: tuple[str, ...]) -> None:
    """Refuse a number of items that nobody can have."""
    if not 1 <= quantity <= MOST:
        raise InvalidInput("Must be from 1 to {most}.", path=path, most=MOST)
