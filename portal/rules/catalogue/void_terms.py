"""What of a tariff's terms does not hold for consumers, by the law of their country."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.errors import translatable
from portal.rules.catalogue.consumer import LAWS, Law
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms
from portal.rules.catalogue.terms_check import can_be_longer


@dataclass(frozen=True, slots=True)
class VoidTerm:
    """A term that binds no consumer of a country; ``most`` is what the law leaves of it."""

    country: str
    field: str
    law: str
    sentence: str
    most: Term | None = None


def void_terms(terms: Terms, agreed_on: date) -> list[VoidTerm]:
    """Give what is void of terms that consumers agree to on a day, country by country.

    It is told and not refused: the terms hold for businesses, and for consumers the law does.
    """
    laws = ((country, _law_on(known, agreed_on)) for country, known in LAWS.items())
    return [one for country, law in laws if law for one in _void(terms, country, law)]


def _law_on(known: tuple[Law, ...], agreed_on: date) -> Law | None:
    return next((law for law in known if law.agreed_from <= agreed_on), None)


def _void(terms: Terms, country: str, law: Law) -> Iterator[VoidTerm]:
    longest = law.longest_initial_term
    if longest and can_be_longer(terms.initial_term, longest):
        sentence = translatable(
            "Consumers are bound for {most} at most, whatever the initial term ({law})."
        )
        yield VoidTerm(country, "initialTerm", law.name, sentence, longest)
    is_renewed = terms.renewal is Renewal.RENEWAL_TERM
    if terms.renewal is Renewal.NONE or (law.after_renewal_alone and not is_renewed):
        return
    if law.longest_renewal_term is None and terms.ending_day is not EndingDay.ANY_DAY:
        sentence = translatable("Consumers may cancel for any day after the initial term ({law}).")
        yield VoidTerm(country, "renewalTerm" if is_renewed else "endingDay", law.name, sentence)
    longest = law.longest_renewal_term
    if longest and terms.renewal_term and can_be_longer(terms.renewal_term, longest):
        sentence = translatable(
            "With consumers the contract is renewed for {most} at most ({law})."
        )
        yield VoidTerm(country, "renewalTerm", law.name, sentence, longest)
    if can_be_longer(terms.notice_period, law.longest_notice_period):
        sentence = translatable("For consumers the notice period is {most} at most ({law}).")
        yield VoidTerm(country, "noticePeriod", law.name, sentence, law.longest_notice_period)
