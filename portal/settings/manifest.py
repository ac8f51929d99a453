"""The file of an operator's trusted documents, as the compilers of clients write it."""

import json
from collections.abc import Mapping
from pathlib import Path


def read_manifest(file: Path) -> Mapping[str, str]:
    """Give the documents of a manifest by their ids; raises ValueError for another file.

    Relay's compiler (``persistConfig``) and graphql-codegen (``persistedDocuments``) both write
    one JSON object of texts, each under the id that the client sends.
    """
    try:
        documents = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError from None
    if not isinstance(documents, dict):
        raise ValueError  # noqa: TRY004  (a fault of the file, as all the others)
    if not all(isinstance(text, str) for text in documents.values()):
        raise ValueError
    return documents
