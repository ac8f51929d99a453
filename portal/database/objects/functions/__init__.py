"""The functions of the database, by what they are about; each stands after those that it calls."""

from portal.database.objects.function import Function
from portal.database.objects.functions import (
    calendar,
    confirmation,
    deletion,
    document,
    file,
    guessing,
    login,
    member,
    offer,
    password,
    registration,
    trigger,
    upkeep,
)

_MODULES = (
    *(trigger, login, confirmation, registration, password, guessing),
    *(member, offer, deletion, upkeep, calendar, file, document),
)
FUNCTIONS = tuple(
    declared
    for module in _MODULES
    for declared in vars(module).values()
    if isinstance(declared, Function)
)
