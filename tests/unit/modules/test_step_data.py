"""Reasons that are stored come back as the same steps."""

import json
from datetime import date

from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.step_data import restored, stored

DAY = date(2024, 2, 29)
STEPS = (
    Step(Rule.NOTICE_ARRIVES, DAY),
    Step(Rule.INITIAL_TERM, DAY, (("period", Term(12, TermUnit.MONTHS)), ("first_day", DAY))),
    Step(Rule.ENDING_DAY, DAY, (("ending_day", EndingDay.END_OF_QUARTER), ("not_before", DAY))),
    Step(Rule.LEGAL_ANY_DAY, DAY, (("law", "BW 6:236 (j)"), ("not_before", DAY))),
    Step(Rule.NOTICE_PERIOD, DAY, (("period", Term(2, TermUnit.WEEKS)),)),
    Step(Rule.NO_DAY_LEFT, None, (("until", DAY), ("not_before", DAY))),
)


def test_the_same_steps_come_back_through_json():
    assert restored(json.loads(json.dumps(stored(STEPS)))) == STEPS


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
