"""registerAccount and confirmRegistration: from a stranger to a customer with an account."""

import pytest

from portal.global_id import decode, encode
from tests import factories
from tests.api.people import PASSWORD, WRONG_CODE
from tests.writing import problem, refusal

LATEST = (
    "{ nl: documentsToConsent(language: NL) { id } en: documentsToConsent(language: EN) { id } }"
)


@pytest.fixture
async def documents(api):
    """The ids of what has to be agreed to now, in English."""
    shown = (await api("{ documentsToConsent(language: EN) { id kind } }"))["data"]
    kinds = {one["kind"]: one["id"] for one in shown["documentsToConsent"]}
    return sorted(kinds.values())


@pytest.fixture
def applicant(documents):
    """What somebody sends who registers."""
    return {
        "email": f"{factories.word()}@example.org",
        "personName": "Noor Vos",
        "accountName": "Vos & Zn.",
        "password": PASSWORD,
        "language": "EN",
        "documentIds": documents,
    }


async def test_a_stranger_becomes_the_owner_of_an_account(people, applicant):
    email = applicant["email"]
    sent = await people.send("registerAccount", applicant)
    assert set(sent) == {"__typename", "id", "expiresAt"}
    assert (await people.log_in(email)).status_code == 401
    given = {"id": sent["id"], "code": await people.code(email)}
    confirmed = await people.send("confirmRegistration", given)
    assert confirmed == {"__typename": "RegistrationConfirmed", "email": email}
    token = await people.token(email)
    print(
        await people.api(
            "{ viewer { name sessions { isCurrent kind } accounts { edges { node { name consents { totalCount } history { edges { node { number action } } } } } } } }",
            token,
        )
    )
