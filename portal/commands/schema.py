"""``portal schema``: the schema in GraphQL's own language."""

import click

from portal.viewer import Role


@click.command()
@click.option(
    "--role",
    type=click.Choice([role.lower() for role in Role]),
    help="Only what this role may use. Left out, the whole, with who may use what.",
)
@click.option("--markdown", is_flag=True, help="A page to read, instead of GraphQL.")
def schema(role: str | None, *, markdown: bool) -> None:
    """Print the schema.

    \b
    Examples:
      portal schema > schema.graphql
      portal schema --role customer > customer.graphql
      portal schema --role partner --markdown > partner.md
    """
    # Help need not wait for GraphQL.
    from graphql import print_schema  # noqa: PLC0415

    from permissions.visible_schema import visible_schema  # noqa: PLC0415
    from schema.reference import reference  # noqa: PLC0415
    from schema.root import schema as whole  # noqa: PLC0415

    core = whole._schema  # noqa: SLF001  (Strawberry gives no other way to graphql-core)
    shown = visible_schema(core, Role(role.upper())) if role else core
    if markdown:
        click.echo(reference(shown, who=role is None), nl=False)
    else:
        click.echo(print_schema(shown) if role else whole.as_str())
