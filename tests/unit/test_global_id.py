"""Global ids: what a type and a UUID become, and what comes back from anything else."""

from base64 import b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.language.global_id import decode, encode

ID = UUID("018f6f3e-0000-7000-8000-000000000001")


def test_an_id_says_its_type_and_its_row():
    assert encode("Account", ID) == ("QWNjb3VudDowMThmNmYzZS0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE=")
    assert decode(encode("Account", ID)) == ("Account", ID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Account",
        str(ID),
        "ü",
        "\0",
        "\ud800",
        "QWNjb3Vud",
        encode("Account", ID) + "\n",
        encode("Account", ID)[:-1],
        "!" + encode("Account", ID),
        b64encode(b"Account").decode(),
        b64encode(b"Account:1").decode(),
        b64encode(b"Account:\xff").decode(),
        b64encode("Aççount:1".encode()).decode(),
        b64encode(f"Account:{ID}:{ID}".encode()).decode(),
        encode("A" * 200, ID),
        "QQ==" * 2_500,
    ],
)
def test_what_is_no_id_has_nothing_in_it(text):
    assert decode(text) is None


@given(st.text())
def test_no_text_breaks_the_reading(text):
    assert decode(text) is None or decode(text)[1].version is not False
