"""``portal catalogue``: what the operator offers, to a file and from one, as ``init`` reads it."""

import asyncio
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import click
import yaml

from portal.commands.init import fill
from portal.commands.operator_file.stored import whole_of
from portal.commands.postgresql import migrated
from portal.settings.environment import read_settings


@click.group()
def catalogue() -> None:
    """Write what the operator offers to a file, or read it from one."""


@catalogue.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_(file: Path) -> None:
    """Make what a file has and the portal has not: all of it, or nothing.

    \b
    Examples:
      portal catalogue import operator.yaml
    """
    fill(file, "portal catalogue import")


@catalogue.command()
def export() -> None:
    """Print the operator, its terms, documents, modules and tariffs of today, as YAML.

    The logo and documents that are PDFs stand in it. A tariff has the version that holds for new
    customers today, or else the first one to come. Left out are drafts, what follows later (other
    versions, documents, payment terms and profiles), what customers have, and how often an offer
    was used.

    \b
    Examples:
      portal catalogue export > operator.yaml
    """
    with migrated(read_settings()) as addresses:
        whole = asyncio.run(whole_of(addresses.owner))
    plain = _written(whole.model_dump(exclude_none=True))
    click.echo(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), nl=False)


def _written(value: Any) -> Any:
    """Give what YAML writes as text as text, so that no reader takes it for anything else."""
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    return str(value) if isinstance(value, Decimal | StrEnum | date) else value
