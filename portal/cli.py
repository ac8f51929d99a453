"""The command line: ``portal COMMAND``."""

import sys
from importlib import import_module

import click
from typing_extensions import override

from portal.database.outage import refusal_of
from portal.embedded import EmbeddedFault, NoBinaries
from portal.errors import OperatorFault, PortalError
from portal.language.messages import translate
from portal.settings.settings import WrongSetting
from portal.viewer import Language

_COMMANDS = (
    "audit",
    "backup",
    "bill",
    "catalogue",
    "clock",
    "demo",
    "doctor",
    "init",
    "migrate",
    "restore",
    "roles",
    "schema",
    "serve",
    "token",
    "user",
    "worker",
)


class _Commands(click.Group):
    """Commands that are imported when they are called: a small one need not wait for GraphQL."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"portal.commands.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """Run the portal, and look after it.

    \b
    Examples:
      portal serve                       start everything, with demo data on the first run
      PORTAL_PORT=8001 portal serve      the same on another port
      portal token bookkeeping           print a token of a partner program
      portal doctor                      say what was found, and what is wrong with it

    Settings are PORTAL_* variables of the environment. The exit status is 0 when all went well,
    1 when something is wrong, and 2 for a wrong command or setting.
    """


def main() -> None:
    """Run the command line; what the operator can mend is a sentence, never a traceback."""
    try:
        portal(prog_name="portal")
    except WrongSetting as fault:
        _fail(str(fault), 2)
    except PortalError as fault:
        _fail(translate(fault.message, Language.EN, **fault.values), 1)
    except (EmbeddedFault, NoBinaries, OperatorFault) as fault:
        _fail(str(fault), 1)
    except Exception as fault:
        sentence = refusal_of(fault)
        if sentence is None:
            raise
        _fail(sentence, 1)


def _fail(sentence: str, status: int) -> None:
    click.echo(f"portal: {sentence}", err=True)
    sys.exit(status)
