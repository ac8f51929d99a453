"""Files of managers: whole, small enough, of a kind that is taken, and gone after a day."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from portal.actions.upload import taken, text_once, uploaded
from portal.clock import now
from portal.errors import PortalError
from portal.jobs.upkeep import clean_up
from portal.language.global_id import decode
from portal.models import Upload
from portal.rules.file_kind import FileKind
from portal.settings.settings import Settings
from tests.api.asking import own_client
from tests.saying import sentence
from tests.world import Kind

CSV = "\ufeffnaam;prijs\r\nBasis;39,00\r\n".encode()
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20 + b"\xff\xd9"
NONE = (
    "This is none of the files that are taken, or not a whole one: CSV, PDF, PNG, JPEG."
    " A CSV is text in UTF-8."
)
FORM = "The body must be a form with one file, and nothing else."


def headers(token):
    return {"Authorization": f"Bearer {token}"} if token else {}


@pytest.fixture
def token(seen_world):
    return seen_world.own.tokens[Kind.MANAGER]


async def send(client, token, content):
    files = {"file": ("a b.bin", content)}
    return await client.post("/uploads", files=files, headers=headers(token))


async def stored(superuser):
    async with superuser.connect() as connection:
        return await connection.scalar(sa.text("SELECT count(*) FROM upload"))


def told(response):
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize(
    ("content", "kind"), [(CSV, "CSV"), (PDF, "PDF"), (PNG, "PNG"), (JPEG, "JPEG")]
)
async def test_a_manager_sends_a_file(client, token, superuser, content, kind):
    response = await send(client, token, content)
    answer = response.json()
    assert response.status_code == 201
    assert answer == {
        "id": answer["id"],
        "hash": sha256(content).hexdigest(),
        "kind": kind,
        "size": len(content),
    }
    name, id = decode(answer["id"])
    async with AsyncSession(superuser) as session:
        row = (
            await session.execute(sa.select(Upload.content, Upload.used_at).where(Upload.id == id))
        ).one()
    assert (name, *row) == ("Upload", content, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\n <html>",
        b"\xef\xbb\xbf<svg/>",
        "prijs;€".encode("cp1252"),
        "naam;prijs".encode("utf-16"),
        b"a;b\x00",
        b"GIF89a\x01\x00",
        b"PK\x03\x04",
        PDF[:-7],
        PNG[:-1],
        JPEG[:-2],
        b"%PDF-9.9\n%%EOF\xff",
    ],
    ids=repr,
)
async def test_what_is_no_such_file_is_refused_and_not_kept(client, token, superuser, content):
    before = await stored(superuser)
    assert told(await send(client, token, content)) == (400, "INVALID_INPUT", NONE)
    assert await stored(superuser) == before


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.MANAGER}))
async def test_nobody_else_sends_files(client, seen_world, superuser, kind):
    before = await stored(superuser)
    response = await send(client, seen_world.own.tokens.get(kind), CSV)
    assert told(response) == (
        (401, "UNAUTHENTICATED", "Log in first: managers send files.")
        if kind is Kind.ANONYMOUS
        else (403, "FORBIDDEN", "Only managers send files.")
    )
    assert await stored(superuser) == before


async def test_a_file_has_the_size_of_the_limit_at_most(addresses, token, superuser):
    before = await stored(superuser)
    wrong = (
        413,
        "QUERY_TOO_LARGE",
        "The request is too large: bytes of a file may be 1,000 at most.",
    )

    async def in_pieces(content):
        head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for piece in (head, content, b"\r\n--B--\r\n"):
            yield piece

    async with own_client(Settings(limit_upload=1000, budget=10**8), addresses) as client:
        assert (await send(client, token, b"x" * 1000)).status_code == 201
        assert told(await send(client, token, b"x" * 1001)) == wrong
        # Refused by its length, before a byte of it is looked at.
        assert told(await send(client, token, b"x" * 20_000)) == wrong
        form = headers(token) | {"Content-Type": "multipart/form-data; boundary=B"}
        for size in (1001, 20_000):
            content = in_pieces(b"x" * size)
            assert told(await client.post("/uploads", content=content, headers=form)) == wrong
        # The limit of every other body stays as it is.
        body = b"x" * (1 << 20)
        response = await client.post("/graphql", content=body + b"x", headers=headers(token))
        assert response.status_code == 413
    assert await stored(superuser) == before + 1


PART = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--B--\r\n",
        PART + b"a;b",
        PART + b"a;b\r\n" + PART + b"c;d\r\n--B--\r\n",
        PART + b'a;b\r\n--B\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--B--\r\n',
        b'--B\r\nContent-Disposition: form-data; name="file"\r\n\r\na;b\r\n--B--\r\n',
        b"--B\r\n\r\na;b\r\n--B--\r\n",
        b"--B\r\nX: " + b"y" * 5000 + b"\r\n" + PART[5:] + b"a;b\r\n--B--\r\n",
        b"x" * 10_000,
    ],
    ids=range(9),
)
async def test_a_body_that_is_no_form_with_one_file_is_refused(client, token, superuser, body):
    before = await stored(superuser)
    form = headers(token) | {"Content-Type": "multipart/form-data; boundary=B"}
    response = await client.post("/uploads", content=body, headers=form)
    assert told(response) == (400, "BAD_REQUEST", FORM)
    assert await stored(superuser) == before


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/csv",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 71,
    ],
)
async def test_another_type_of_body_is_refused_unread(client, token, content_type):
    sent = headers(token) | ({"Content-Type": content_type} if content_type else {})
    response = await client.post("/uploads", content=PART + b"a;b\r\n--B--\r\n", headers=sent)
    assert told(response) == (
        415,
        "BAD_REQUEST",
        "The body must be multipart/form-data with one file.",
    )


async def test_pages_of_other_sites_and_other_methods_are_refused(client, token):
    foreign = await client.post(
        "/uploads", files={"file": CSV}, headers=headers(token) | {"Origin": "https://evil.example"}
    )
    assert told(foreign)[:2] == (403, "FORBIDDEN")
    assert (await client.get("/uploads", headers=headers(token))).status_code == 405


async def test_a_whole_megabyte_comes_byte_for_byte(client, token, superuser):
    """Boundaries that are none, and line breaks of each kind, in the middle of the file."""
    content = (b"\r\n--B\r\r\n\n--" + b"a" * 1013) * 2048
    response = await send(client, token, PNG[:16] + content + PNG[-12:])
    _, id = decode(response.json()["id"])
    async with AsyncSession(superuser) as session:
        kept = await session.scalar(sa.select(Upload.content).where(Upload.id == id))
    assert kept == PNG[:16] + content + PNG[-12:]


async def test_what_nothing_uses_is_gone_after_a_day(superuser, addresses):
    at = now() - timedelta(days=1, minutes=1)
    old, used, young = (
        uploaded(CSV, at),
        uploaded(PDF, at),
        uploaded(CSV, at + timedelta(minutes=2)),
    )
    ids = [old.id, used.id, young.id]
    staff, worker = create_async_engine(addresses.staff), create_async_engine(addresses.worker)
    async with AsyncSession(staff) as session, session.begin():
        session.add_all([old, used, young])
        await session.flush()
        assert (await taken(session, ids[1], [FileKind.PDF, FileKind.PNG], now())).content == PDF
    await clean_up(worker, now())
    async with AsyncSession(superuser) as session:
        left = set(await session.scalars(sa.select(Upload.id).where(Upload.id.in_(ids))))
    assert left == set(ids[1:])
    async with AsyncSession(staff) as session, session.begin():
        assert await text_once(session, ids[2]) == "naam;prijs\r\nBasis;39,00\r\n"
    for id, kinds, said in (
        (ids[2], [FileKind.CSV], "There is no such file, or not any more. Send it again."),
        (None, [FileKind.CSV], "There is no such file, or not any more. Send it again."),
        (
            ids[1],
            [FileKind.PNG, FileKind.JPEG],
            "This file is of the kind PDF; it must be one of these: PNG, JPEG.",
        ),
    ):
        async with AsyncSession(staff) as session, session.begin():
            with pytest.raises(PortalError) as refused:
                await taken(session, id, kinds, now(), ("input", "logo"))
        assert (refused.value.path, sentence(refused.value)) == (("input", "logo"), said)
    for engine in (staff, worker):
        await engine.dispose()


async def test_one_of_many_uses_a_table(addresses):
    """Each waits for the one before it, and finds that it is gone."""
    engine = create_async_engine(addresses.staff)
    upload = uploaded(CSV, now())
    id = upload.id
    async with AsyncSession(engine) as session, session.begin():
        session.add(upload)

    async def once():
        async with AsyncSession(engine) as session, session.begin():
            return await text_once(session, id)

    found = await asyncio.gather(*(once() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, str) for one in found) == 1
    await engine.dispose()
