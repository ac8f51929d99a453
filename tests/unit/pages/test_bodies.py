"""A form with a file is read as it comes."""

import pytest

from portal.pages.bodies import Multipart


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_form_with_a_file_is_read_in_any_pieces(step):
    content = b"".join(
        b"--x\r\nContent-Disposition: form-data; " + part.encode() + b"\r\n"
        for part in (
            'name="input.id"\r\n\r\nZoë',
            'name="input.tags"\r\n\r\na',
            'name="input.tags"\r\n\r\nb',
            'name="input.uploadId"; filename="prices.csv"\r\n\r\nkey;price\r\n',
            'name="input.none"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
        )
    )
    content += b"--x--\r\n"
    body = Multipart(b"x")
    for start in range(0, len(content), step):
        body.take(content[start : start + step])
    body.take(None)
    assert body.pairs == [
        ("input.id", "Zoë"),
        ("input.tags", "a"),
        ("input.tags", "b"),
    ]
    assert body.files == {"input.uploadId": b"key;price\r\n"}


@pytest.mark.parametrize("content", [b"", b"--x\r\n", b"nothing of the kind"])
def test_what_is_no_form_is_refused(content):
    body = Multipart(b"x")

    def read():
        body.take(content)
        body.take(None)

    with pytest.raises(ValueError, match=r"."):
        read()
