"""Files of the operator: a logo, documents as PDF, for everybody; and no other upload."""

import pytest
from uuid_utils.compat import uuid7

from portal.language.global_id import decode, encode
from tests import factories
from tests.api.ordering import day_of_version
from tests.world import Kind

PDF = b"%PDF-1.7 terms %%EOF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00IEND\xaeB`\x82"
REFUSAL = "... on Refusal { problems { code path } }"
ADDRESS = {
    "name": "Portaal Diensten B.V.",
    "street": "Kade 1",
    "postalCode": "1011 AA",
    "city": "Amsterdam",
    "country": "NL",
}


@pytest.fixture
def upload(client, world):
    """Send a file as a manager; give its id."""

    async def upload(content):
        headers = {"authorization": f"Bearer {world.tokens[Kind.MANAGER]}"}
        answer = await client.post("/uploads", files={"file": ("a", content)}, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    return upload


@pytest.fixture
def publish(api, world):
    """Publish a version whose English text is given."""

    async def publish(**english):
        texts = [
            {"language": one, "title": "Title", "content": {"body": "Text."}}
            for one in ("NL", "DE")
        ]
        given = {
            "kind": "TERMS",
            "version": factories.word(),
            "publishedOn": day_of_version().isoformat(),
            "asksAgreement": True,
            "texts": [*texts, {"language": "EN", "title": "Title", "content": english}],
        }
        answer = await api(
            "mutation ($input: PublishConsentDocumentInput!) { publishConsentDocument("
            f"input: $input) {{ ... on ConsentDocument {{ body fileUrl }} {REFUSAL} }} }}",
            world.tokens[Kind.MANAGER],
            input=given,
        )
        return answer["data"]["publishConsentDocument"]

    return publish


@pytest.mark.reads
async def test_a_document_may_be_a_pdf_that_everybody_reads(publish, upload, client):
    id = await upload(PDF)
    answer = await publish(uploadId=id)
    assert answer["body"] is None
    found = await client.get(answer["fileUrl"])
    assert (found.status_code, found.content) == (200, PDF)
    headers = found.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    known = await client.get(answer["fileUrl"], headers={"if-none-match": headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.reads
async def test_a_logo_is_a_picture(api, world, upload, client):
    async def add(id):
        answer = await api(
            "mutation ($input: AddOperatorProfileInput!) { addOperatorProfile(input: $input)"
            f" {{ ... on OperatorProfile {{ logoUrl }} {REFUSAL} }} }}",
            world.tokens[Kind.MANAGER],
            input={"validFrom": "2189-01-01", "address": ADDRESS, "logoUploadId": id},
        )
        return answer["data"]["addOperatorProfile"]

    answer = await add(await upload(PNG))
    found = await client.get(answer["logoUrl"])
    assert (found.status_code, found.content) == (200, PNG)
    assert found.headers["content-type"] == "image/png"
    path = ["input", "logoUploadId"]
    assert await add(await upload(PDF)) == {"problems": [{"code": "INVALID_INPUT", "path": path}]}
    nothing = {"problems": [{"code": "NOT_FOUND", "path": path}]}
    for id in ("nothing", encode("Upload", uuid7())):
        assert await add(id) == nothing


@pytest.mark.reads
async def test_what_nothing_shows_is_as_what_does_not_exist(upload, client):
    """An upload that was not used, another row's id, and what is no id at all."""
    unused = decode(await upload(PDF))[1]
    for id in (unused, uuid7(), "x", "..%2f..%2fetc%2fpasswd", "%00"):
        found = await client.get(f"/files/{id}")
        assert (found.status_code, b"%PDF" in found.content) == (404, False)


@pytest.mark.parametrize(
    ("english", "path"),
    [
        ({"body": " "}, "texts.2.content.body"),
        ({"uploadId": "PNG"}, "texts.2.content.uploadId"),
        ({"uploadId": "nothing"}, "texts.2.content.uploadId"),
    ],
)
@pytest.mark.reads
async def test_a_text_or_a_pdf(publish, upload, english, path):
    if english.get("uploadId") == "PNG":
        english = {"uploadId": await upload(PNG)}
    answer = await publish(**english)
    assert [".".join(one["path"]) for one in answer["problems"]] == [f"input.{path}"]
