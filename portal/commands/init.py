"""``portal init``: the first steps of an operator, from a file or by asking."""

import asyncio
from pathlib import Path

import click

from portal.commands.operator_file.asking import ask
from portal.commands.operator_file.making import is_there, make
from portal.commands.operator_file.reading import Reading
from portal.commands.postgresql import migrated
from portal.errors import OperatorFault
from portal.models import GeneralPaymentTerms, OperatorProfile
from portal.settings.environment import read_settings

_ACTION = "portal init"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def init(file: Path | None) -> None:
    """Say who the operator is, and what it offers: from a YAML file, or asked for.

    All of it, or nothing. What is there already (a module by its key, a tariff by its name, a
    version of a document) stays as it is, so the command can be repeated.

    \b
    Examples:
      portal init                     asks who the operator is, and how invoices are paid
      portal init operator.yaml       reads documents, modules and tariffs too
    """
    if file is None:
        _ask()
    else:
        fill(file, _ACTION)


def fill(file: Path, action: str) -> None:
    """Make what a file has and the portal has not, or say everything that is wrong with it."""
    settings = read_settings()
    reading = Reading(file, settings.limits.upload)
    with migrated(settings) as addresses:
        is_wrong = bool(reading.faults)
        made, faults = asyncio.run(
            make(addresses.owner, reading.wanted, action, only_checks=is_wrong)
        )
    for path, sentence in faults:
        reading.add(path, sentence)
    if reading.faults:
        told = [f"Nothing was written: {file} has faults.", *reading.faults]
        raise OperatorFault("\n  ".join(told))
    click.echo("\n".join(made) or "Everything was there already.")


def _ask() -> None:
    """Ask for what nobody has said yet."""
    with migrated(read_settings()) as addresses:
        wanted = ask(
            operator=not asyncio.run(is_there(addresses.owner, OperatorProfile)),
            payment_terms=not asyncio.run(is_there(addresses.owner, GeneralPaymentTerms)),
        )
        made, faults = asyncio.run(make(addresses.owner, wanted, _ACTION, only_checks=False))
    if faults:
        told = (f"{'.'.join(map(str, path))}: {sentence}" for path, sentence in faults)
        raise OperatorFault("\n  ".join(["Nothing was written.", *told]))
    click.echo("\n".join(made) or "Operator and payment terms were there already.")
    click.echo("Documents, modules and tariffs come from a file, 'portal init FILE', or managers.")
