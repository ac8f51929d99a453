"""``portal schema``: the schema in GraphQL's own language."""

import click


@click.command()
def schema() -> None:
    """Print the schema, with who may use what.

    \b
    Example:
      portal schema > schema.graphql
    """
    from schema.root import schema as whole  # noqa: PLC0415  (help need not wait for GraphQL)

    click.echo(whole.as_str())
