"""``portal schema``: the schema in GraphQL's own language."""

import click

from portal.viewer import Role


@click.command()
@click.option(
    "--role",
    type=click.Choice([role.lower() for role in Role]),
    help="Only what this role may use. Left out, the whole, with who may use what.",
)
def schema(role: str | None) -> None:
    """Print the schema.

    \b
    Examples:
      portal schema > schema.graphql
      portal schema --role customer > customer.graphql
    """
    # Help need not wait for GraphQL.
    from graphql import print_schema  # noqa: PLC0415

    from permissions.visible_schema import visible_schema  # noqa: PLC0415
    from schema.root import schema as whole  # noqa: PLC0415

    if role is None:
        click.echo(whole.as_str())
    else:
        core = whole._schema  # noqa: SLF001  (Strawberry gives no other way to graphql-core)
        click.echo(print_schema(visible_schema(core, Role(role.upper()))))
