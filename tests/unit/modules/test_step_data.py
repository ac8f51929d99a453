"""Reasons that are stored come back as the same steps."""

import json
from datetime import date

import pytest

from portal.language.messages import said
from portal.rules.catalogue.consumer import LAWS
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.modules.reason import Rule, Step, phrase
from portal.rules.modules.step_data import restored, stored
from portal.viewer import Language

DAY = date(2024, 2, 29)
STEPS = (
    Step(Rule.NOTICE_ARRIVES, DAY),
    Step(Rule.INITIAL_TERM, DAY, (("period", Term(12, TermUnit.MONTHS)), ("first_day", DAY))),
    Step(Rule.ENDING_DAY, DAY, (("ending_day", EndingDay.END_OF_QUARTER), ("not_before", DAY))),
    Step(Rule.LEGAL_ANY_DAY, DAY, (("law", "WER VI.91"), ("not_before", DAY))),
    Step(Rule.NOTICE_PERIOD, DAY, (("period", Term(2, TermUnit.WEEKS)),)),
    Step(Rule.NO_DAY_LEFT, None, (("until", DAY), ("not_before", DAY))),
)


def test_the_same_steps_come_back_through_json():
    assert restored(json.loads(json.dumps(stored(STEPS)))) == STEPS


def test_a_day_on_which_contracts_end_is_stored_as_its_kind():
    ((name, value), _) = stored(STEPS[2:3])[0]["inputs"]
    assert (name, value) == ("ending_day", {"endingDay": "END_OF_QUARTER"})


def test_what_is_stored_can_be_read_by_itself():
    assert stored(STEPS[1:2]) == [
        {
            "rule": "INITIAL_TERM",
            "outcome": "2024-02-29",
            "inputs": [
                ["period", {"count": 12, "unit": "MONTHS"}],
                ["first_day", {"day": "2024-02-29"}],
            ],
        }
    ]


# A name that changes stays here, and is read as the present one.
LAW_NAMES = {
    "BW 6:236 (j), 6:237 (k)": "BW 6:236 (j), 6:237 (k)",
    "BGB 309 no. 9": "BGB 309 no. 9",
    "BGB 309 no. 9 (until 2022-02-28)": "BGB 309 no. 9 (until 28 February 2022)",
    "BGB 309 no. 9 (until 28 February 2022)": "BGB 309 no. 9 (until 28 February 2022)",
    "WER VI.91": "WER VI.91",
}


@pytest.mark.parametrize(("kept", "present"), LAW_NAMES.items())
def test_a_law_is_read_by_its_present_name(kept, present):
    step = Step(Rule.LEGAL_ANY_DAY, DAY, (("law", kept), ("not_before", DAY)))
    (read,) = restored(stored([step]))
    assert read.inputs[0] == ("law", present)


def test_every_law_ever_kept_is_a_law_of_today():
    assert set(LAW_NAMES.values()) == {law.name for laws in LAWS.values() for law in laws}


def test_reasons_kept_before_laws_had_names_in_each_language_are_read_in_german():
    kept = (("law", "BGB 309 no. 9 (until 2022-02-28)"), ("not_before", DAY))
    (step,) = restored(stored([Step(Rule.LEGAL_ANY_DAY, DAY, kept)]))
    assert said(phrase(step), Language.DE).startswith(
        "Für Verbraucher lässt § 309 Nr. 9 BGB (in der bis zum 28. Februar 2022 geltenden Fassung)"
    )
