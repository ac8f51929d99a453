"""Random days, terms and agreements, the awkward ones often."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from portal.rules.address import PartyKind
from portal.rules.calendar import FIRST_DAY, LAST_DAY
from portal.rules.catalogue.consumer import Law, law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.terms_check import can_be_longer
from portal.rules.modules.agreement import Agreement

# Dates go wrong on few days, and are cheap to try.
enough = settings(max_examples=max(250, settings().max_examples))
# For what walks day by day: an example costs more.
fewer = settings(max_examples=max(100, settings().max_examples))

DAY = timedelta(days=1)
DAYS, WEEKS, MONTHS = TermUnit
HARD_DAYS = [
    date(2025, 1, 31),
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2024, 12, 31),
    date(2025, 3, 30),
    date(2100, 2, 28),
    FIRST_DAY,
    LAST_DAY,
]
LAWS = {
    None: None,
    "NL": law_of(PartyKind.CONSUMER, "NL", date(2020, 1, 1)),
    "DE": law_of(PartyKind.CONSUMER, "DE", date(2022, 3, 1)),
    "old DE": law_of(PartyKind.CONSUMER, "DE", date(2022, 2, 28)),
    "BE": law_of(PartyKind.CONSUMER, "BE", date(2020, 1, 1)),
}

# As if they had always been in force, so that they meet every day that is drawn.
TIMELESS = {name: law and replace(law, in_force_on=date(1890, 1, 1)) for name, law in LAWS.items()}

any_day = st.integers(FIRST_DAY.toordinal(), LAST_DAY.toordinal()).map(date.fromordinal)
days = st.sampled_from(HARD_DAYS) | any_day
# Around the days on which the law of a country changed.
TURNS = (date(1977, 4, 1), date(2011, 12, 1), date(2014, 5, 31), date(2022, 3, 1))
turning_days = st.builds(
    lambda turn, later: turn + later * DAY, st.sampled_from(TURNS), st.integers(-800, 400)
)
countries = st.sampled_from(["NL", "BE", "DE", "AT"])
laws = st.sampled_from([*LAWS.values(), *TIMELESS.values()])


RENEWED = (Renewal.RENEWAL_TERM,)
GOES_ON = (Renewal.OPEN_ENDED, Renewal.RENEWAL_TERM)
USUAL = [
    *(Term(count, MONTHS) for count in (1, 2, 3, 6, 12, 24, 36, 60)),
    *(Term(count, DAYS) for count in (14, 28, 30, 31, 60, 90, 365, 366)),
    *(Term(count, WEEKS) for count in (1, 2, 4, 6, 52)),
]


def lengths(most: int, least: int = 0) -> st.SearchStrategy[Term]:
    """Give usual terms, and others of up to a number of units."""
    any_count = st.builds(Term, st.integers(least, most), st.sampled_from(TermUnit))
    return any_count | st.sampled_from([term for term in USUAL if term.count <= most])


def sound_terms(most: int = 1_200, renewals: tuple[Renewal, ...] = tuple(Renewal)):
    """Give terms that a tariff may be saved with."""
    return st.one_of(*(_SOUND[renewal](most) for renewal in renewals))


def ends_by_itself(most: int):
    return st.builds(
        Terms,
        lengths(most, least=1),
        st.just(Renewal.NONE),
        st.none(),
        lengths(min(30, most)),
        st.sampled_from(EndingDay),
    )


def goes_on(most: int):
    ending_days = [day for day in EndingDay if day is not EndingDay.END_OF_TERM]
    return st.builds(
        Terms,
        lengths(most),
        st.just(Renewal.OPEN_ENDED),
        st.none(),
        lengths(min(30, most)),
        st.sampled_from(ending_days),
    )


def is_renewed(most: int):
    return st.builds(renewed, lengths(most), lengths(min(36, most), 1), lengths(min(30, most)))


def renewed(initial_term: Term, renewal_term: Term, notice_period: Term) -> Terms:
    """Give terms with a notice period that is no longer than the renewal term."""
    if can_be_longer(notice_period, renewal_term):
        notice_period = renewal_term
    ending_day = EndingDay.END_OF_TERM
    return Terms(initial_term, Renewal.RENEWAL_TERM, renewal_term, notice_period, ending_day)


_SOUND = {
    Renewal.NONE: ends_by_itself,
    Renewal.OPEN_ENDED: goes_on,
    Renewal.RENEWAL_TERM: is_renewed,
}


def agreed(counted_from: date, later: int, terms: Terms, law: Law | None) -> Agreement:
    return Agreement(min(counted_from + later * DAY, LAST_DAY), terms, law, counted_from)


def agreements(most: int = 1_200, renewals: tuple[Renewal, ...] = tuple(Renewal)):
    """Give agreements under any law, some of them with a term that began earlier."""
    later = st.just(0) | st.integers(0, 800)
    return st.builds(agreed, days, later, sound_terms(most, renewals), laws)


def noticed(agreement: Agreement, later: int) -> tuple[Agreement, date]:
    notice = agreement.starts_on + later * DAY
    return agreement, min(max(notice, FIRST_DAY), LAST_DAY)


def cases(renewals: tuple[Renewal, ...] = tuple(Renewal)):
    """Give an agreement and a day of notice in reach of it."""
    return st.builds(noticed, agreements(120, renewals), st.integers(-400, 6_000))
