"""Making who the operator is, how invoices are paid, and what customers agree to."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from portal.actions.contract import consent, operator
from portal.actions.upload import uploaded
from portal.commands.operator_file.form import (
    Document,
    DocumentText,
    Operator,
    PaymentTerms,
)
from portal.commands.operator_file.source import Place
from portal.commands.operator_file.transaction import Making
from portal.errors import InvalidInput, PortalError
from portal.models import (
    ConsentDocument,
    GeneralPaymentTerms,
    OperatorProfile,
)
from portal.viewer import Language

_STAND_IN = "-"
_LANGUAGES = [language.lower() for language in Language]


async def make_operator(making: Making, wanted: Operator) -> None:
    """Say who the operator is, where nobody has."""
    if await making.is_there(OperatorProfile):
        return
    async with making.at(("operator",)):
        with _renamed(logoUploadId="logo"):
            logo_id = None if wanted.logo is None else await _upload(making, wanted.logo, "logo")
            values = wanted.values("logo")
            await operator.add_profile(making.session, making.today, values, logo_id, making.now)
        making.made.append(f"The operator is now {wanted.address.name}")


async def make_payment_terms(making: Making, wanted: PaymentTerms) -> None:
    """Say how invoices are paid, where nobody has."""
    if await making.is_there(GeneralPaymentTerms):
        return
    async with making.at(("payment_terms",), 2):
        operator.add_general_terms(making.session, making.today, wanted.values(), making.now)
        making.made.append(f"Contracts get the payment terms {wanted.name}.")


async def make_document(making: Making, wanted: Document, place: Place) -> None:
    """Publish a version of a document, where there is none of its name."""
    row = ConsentDocument
    if await making.is_there(row, row.kind == wanted.kind, row.version == wanted.version):
        return
    texts = [getattr(wanted.texts, name) for name in _LANGUAGES]
    named = dict(zip("012", _LANGUAGES, strict=True))
    new = consent.NewDocument(
        wanted.kind,
        wanted.version,
        wanted.published_on or making.today,
        wanted.asks_agreement,
        [
            await _text(making, language, text, (*place, "texts", language.lower()))
            for language, text in zip(Language, texts, strict=True)
        ],
    )
    async with making.at(place):
        with _renamed(uploadId="pdf", **named):
            await consent.publish(making.session, new, making.now)
        making.made.append(f"Customers agree to {wanted.kind} {wanted.version}.")


async def _text(
    making: Making, language: Language, text: DocumentText, place: Place
) -> consent.Text:
    """Give what a document says in a language; a file with a fault has a stand-in."""
    upload_id = None
    async with making.at(place):
        if (text.body is None) == (text.pdf is None):
            raise InvalidInput("Send the text or a file, one of the two.")
        if text.pdf is not None:
            upload_id = await _upload(making, text.pdf, "pdf")
    body = text.body if upload_id else text.body or _STAND_IN
    return consent.Text(language, text.title, body, upload_id)


async def _upload(making: Making, content: bytes, name: str) -> UUID:
    """Keep a file, as one that was sent; its kind is checked where it is used."""
    try:
        upload = uploaded(content, making.now)
    except InvalidInput as error:
        error.path = ("input", name)
        raise
    making.session.add(upload)
    await making.session.flush()
    return upload.id


@contextmanager
def _renamed(**names: str) -> Iterator[None]:
    """Say in the words of the file where a fault is, for those of a mutation's input."""
    try:
        yield
    except PortalError as error:
        for fault in error.problems:
            fault.path = tuple(names.get(step, step) for step in fault.path)
        raise
