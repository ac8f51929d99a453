"""Where the text of a document comes from: the request, what it sent before, or a manifest.

Every transport asks here first, before anything is measured or parsed.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, Protocol

from portal.errors import BadRequest, Forbidden, NotFound
from portal.web.graphql.request import HASHED, GraphQLRequest

# What Apollo's clients look for, in these letters, before they send the text.
_NOT_FOUND: Final = "PersistedQueryNotFound"
# In all; a document has 50,000 characters at most.
_KEPT_CHARACTERS: Final = 5_000_000


class Sources(Protocol):
    """A way from a request to the text of its document."""

    def text_of(self, asked: GraphQLRequest) -> str:
        """Give the text; a PortalError where the request has none that may run."""

    def keep(self, asked: GraphQLRequest, text: str) -> None:
        """Learn that the text was accepted."""


class PersistedQueries:
    """Automatic persisted queries: a text that was accepted once can be asked for by its hash.

    Those used last are kept, in this process alone: a client that meets another one is told
    PersistedQueryNotFound and sends the text again (Apollo's protocol, version 1).
    """

    def __init__(self, most_characters: int = _KEPT_CHARACTERS) -> None:
        self._most = most_characters
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text_of(self, asked: GraphQLRequest) -> str:
        """Give the text that was sent, its hash checked, or the one that its hash names."""
        if asked.query is not None:
            if asked.sha256 is not None and asked.sha256 != _sha256(asked.query):
                raise BadRequest("The hash is not that of the document.")
            return asked.query
        text = self._texts.get(asked.sha256 or "")
        if text is None:
            raise NotFound(_NOT_FOUND)
        return text

    def keep(self, asked: GraphQLRequest, text: str) -> None:
        """Keep a text that was sent with its hash."""
        if asked.sha256 is None:
            return
        if asked.sha256 not in self._texts:
            self._texts[asked.sha256] = text
            self._characters += len(text)
        self._texts.move_to_end(asked.sha256)
        while self._characters > self._most:
            _, dropped = self._texts.popitem(last=False)
            self._characters -= len(dropped)


class TrustedDocuments:
    """The documents of a manifest, and no others.

    One is asked for by its id, by the hash of its text, or by the text itself, so that each kind
    of client works as it is.
    """

    def __init__(self, manifest: Mapping[str, str]) -> None:
        self._by_hash = {_sha256(text): text for text in manifest.values()}
        # GraphQL over HTTP has ids with the name of their hash before them, which was taken off.
        named = {id.removeprefix(HASHED): text for id, text in manifest.items()}
        self._by_id = {**self._by_hash, **named}

    def text_of(self, asked: GraphQLRequest) -> str:
        """Give the text of a trusted document; Forbidden for all others."""
        if asked.query is not None:
            found = self._by_hash.get(_sha256(asked.query))
        else:
            found = self._by_id.get(asked.document_id or asked.sha256 or "")
        if found is None:
            raise Forbidden("Only documents that the operator has approved are answered.")
        return found

    def keep(self, asked: GraphQLRequest, text: str) -> None:
        """Do nothing: what is trusted is known from the start."""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
