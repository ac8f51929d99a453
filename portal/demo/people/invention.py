"""Further customers of the demo's kind, invented from a seed."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from portal.demo.catalogue.modules import MODULES
from portal.demo.catalogue.tariffs import FROM_THE_START, TARIFFS
from portal.demo.people.accounts import ACCOUNTS, Agreed, Booking, DemoAccount
from portal.rules.address import ContractPartner
from portal.rules.modules.special_agreement import AgreementKind
from portal.viewer import MemberRole

FIRST_NUMBER = 20_001

_TRADES = (
    "Bakkerij Bloemisterij Boekhandel Brouwerij Drukkerij Fietsenmakerij Fotostudio Garage"
    " Hoveniersbedrijf Kapsalon Loodgietersbedrijf Makelaardij Notariskantoor Praktijk"
    " Schildersbedrijf Slagerij Stoffeerderij Timmerbedrijf Vertaalbureau Wijnhandel"
)
_FAMILIES = (
    "Aarts Baltus Claes Dekker Everts Fabri Gielen Hendriks Ickx Janssens Kuiper Lemmens"
    " Maes Nauta Oosting Peters Quist Roels Smits Timmermans Udo Verhage Wolters Zwart"
)
_FIRST_NAMES = "Anna Bram Cato Daan Eva Finn Griet Hugo Iris Jelle Klara Lars Mette Niels Olga Pia"
_STREETS = "Akker Beemd Dijk Gaard Haven Kade Laan Markt Plein Singel Veld Wal"
_COLLEAGUES = ((4, MemberRole.ADMIN), (5, MemberRole.BILLING), (7, MemberRole.READER))
_FEWEST_MODULES = 3
_OLDEST = 60
# What a customer may have several of.
_COUNTED = ("NUMBER", "SIGN")
_MOST_COUNTED = 9
_TARIFFS_OF = {
    module: [tariff for tariff in FROM_THE_START if TARIFFS[tariff].module == module]
    for module in MODULES
}


def invented(index: int, random: Random) -> DemoAccount:
    """Give customer ``index``: a kind of the demo's, with a name, people and modules of its own."""
    kind = ACCOUNTS[index % len(ACCOUNTS)]
    number = FIRST_NUMBER + index
    name = f"{_one_of(_TRADES, random)} {_one_of(_FAMILIES, random)}"
    roles = [MemberRole.OWNER, *(role for each, role in _COLLEAGUES if index % each == 0)]
    partner = ContractPartner(
        name,
        f"{_one_of(_STREETS, random)} {random.randint(1, 200)}",
        kind.partner.postal_code,
        kind.partner.city,
        kind.partner.country,
        kind.partner.kind,
    )
    # Of its own: who the customers are does not hang on what they pay.
    dice = Random(f"{number}")  # noqa: S311  (made up, not secret)
    demo = replace(
        kind,
        name=name,
        number=str(number),
        people=tuple(
            (
                f"{role.lower()}@klant{number}.example",
                f"{_one_of(_FIRST_NAMES, random)} {_one_of(_FAMILIES, random)}",
                role,
            )
            for role in roles
        ),
        partner=partner,
        bookings=tuple(_counted(booking, dice) for booking in _bookings(index, random)),
        purchase_order_number=None,
        registration_number=None,
        electronic_address=None,
        buyer_reference=None,
    )
    return replace(demo, agreed=tuple(_agreed(demo.bookings, dice)))


def _bookings(index: int, random: Random) -> list[Booking]:
    """Book three, four and five modules in turn; a fifth of them ends or has ended."""
    modules = random.sample(list(MODULES), _FEWEST_MODULES + index % 3)
    return [
        Booking(
            module,
            random.choice(_TARIFFS_OF[module]),
            random.randint(13, _OLDEST),
            ends_in=random.choice((*[None] * 8, random.randint(1, 9), -random.randint(1, 9))),
            data=_data_of(module),
        )
        for module in modules
    ]


def _counted(booking: Booking, dice: Random) -> Booking:
    """Of what can be counted or added, about a half is."""
    lines = [line for those in TARIFFS[booking.tariff].items.values() for line in those]
    counted = [line.key for line in lines if line.key in _COUNTED and _heads(dice)]
    options = [line.key for line in lines if line.is_option and _heads(dice)]
    return replace(
        booking,
        quantities={key: dice.randint(2, _MOST_COUNTED) for key in counted},
        options=dict.fromkeys(options, 1),
    )


def _agreed(bookings: tuple[Booking, ...], dice: Random) -> list[Agreed]:
    """Agree with half of the customers on a base price for one module, and less for another."""
    if _heads(dice):
        return []
    priced, reduced, *_ = bookings
    price = Decimal(dice.randint(1000, 9000)) / 100
    percent = Decimal(dice.choice((5, 10, 15)))
    return [
        Agreed(priced.module, AgreementKind.UNIT_PRICE, price, "BASE"),
        Agreed(reduced.module, AgreementKind.DISCOUNT, percent),
    ]


def _heads(dice: Random) -> bool:
    return dice.choice((True, False))


def _data_of(module: str) -> dict[str, str]:
    return (
        {"greeting": "Goedemorgen, waarmee kan ik u helpen?", "forwardTo": "+31201234567"}
        if module == "telephone"
        else {}
    )


def _one_of(words: str, random: Random) -> str:
    return random.choice(words.split())
