"""The log of a process, on standard error: lines for people, or JSON without personal data."""

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any

import orjson
from typing_extensions import override

from portal.settings.settings import Settings

_ADDRESS = re.compile(r"[^\s@<>()\"'=,;]+@[^\s@<>()\"'=,;]+")
_QUERY_STRING = re.compile(r"(?<=[^\s?])\?[^\s\"']+")
# PostgreSQL repeats there what was written.
_DETAIL = re.compile(r"(DETAIL|CONTEXT|HINT|QUERY|parameters): .*", re.DOTALL)


def log_to_stderr(settings: Settings) -> None:
    """Write the log, as much as is set and in the form that is set."""
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
                "json": {"()": JsonFormatter},
            },
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": settings.log_format}
            },
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                # Says for every malformed request that it was one: a stranger could fill the disk.
                "uvicorn.error": {"level": "ERROR"},
                "portal": {"level": settings.log_level.upper()},
            },
        }
    )


class JsonFormatter(logging.Formatter):
    """One object a line: ``time level logger message``, and ``reference`` and ``error`` if any."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Write what happened, without addresses, query strings and values."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
        }
        reference = getattr(record, "reference", None)
        if reference is not None:
            line["reference"] = reference
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = list(_described(record.exc_info[1]))
        return orjson.dumps(line).decode()


def without_personal_data(text: str) -> str:
    """Leave e-mail addresses, query strings and what PostgreSQL repeats out of a sentence."""
    return _ADDRESS.sub("...", _QUERY_STRING.sub("?...", _DETAIL.sub(r"\1: ...", text)))


def _described(error: BaseException) -> Iterator[dict[str, Any]]:
    """Give an error and those that led to it: its kind and its place, and never what it says.

    What it says may hold the value that was wrong.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        kind = type(link)
        described = {"type": f"{kind.__module__}.{kind.__qualname__}"}
        if isinstance(state := getattr(link, "sqlstate", None), str):
            described["sqlstate"] = state
        frames = traceback.extract_tb(link.__traceback__)
        yield {**described, "at": [f"{one.filename}:{one.lineno} {one.name}" for one in frames]}
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
