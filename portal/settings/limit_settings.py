"""The settings PORTAL_LIMIT_*: how much one request may ask."""

from dataclasses import fields
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings

from portal.settings.limits import MOST_MAILS, Limits


def _most(default: float, description: str, *, least: int = 1, most: int = 10**9) -> Any:
    """Declare a limit; the default is the one in ``Limits``."""
    whole = isinstance(default, int)
    accepts = f"a {'whole ' if whole else ''}number from {least} to {most}"
    return Field(
        default,
        description=description,
        json_schema_extra={"accepts": accepts},
        ge=least,
        le=most,
        allow_inf_nan=False,
    )


class LimitSettings(BaseSettings):
    """One setting for each limit."""

    limit_source: int = _most(Limits.source, "Characters of a document.")
    limit_tokens: int = _most(Limits.tokens, "Tokens of a document.")
    limit_comments: int = _most(Limits.comments, "Comments in a document.", least=0)
    limit_depth: int = _most(Limits.depth, "Fields below one another.", most=100)
    limit_introspection_depth: int = _most(
        Limits.introspection_depth, "The same in the schema's own description.", most=100
    )
    limit_aliases: int = _most(Limits.aliases, "Aliases, fragments expanded.", least=0)
    limit_root_fields: int = _most(Limits.root_fields, "Fields of an operation's first level.")
    limit_fields: int = _most(Limits.fields, "Fields, fragments expanded.")
    limit_equal_names: int = _most(
        Limits.equal_names, "Fields that are answered under one name in one place."
    )
    limit_directives: int = _most(Limits.directives, "Directives, fragments expanded.", least=0)
    limit_operations: int = _most(Limits.operations, "Operations in a document.")
    limit_fragments: int = _most(Limits.fragments, "Fragments in a document.", least=0)
    limit_cost: int = _most(
        Limits.cost, "Cost of an operation: its fields, each as often as its pages are long."
    )
    limit_page: int = _most(Limits.page, "Rows of a page.", most=Limits.page)
    limit_text: int = _most(Limits.text, "Characters of a text that is sent.")
    limit_list_items: int = _most(Limits.list_items, "Items of a list that is sent.")
    limit_guarded_mutations: int = _most(
        Limits.guarded_mutations, "Mutations that try a password or a code, or pay."
    )
    limit_variable_depth: int = _most(
        Limits.variable_depth, "Lists and objects within one another in variables.", most=200
    )
    limit_variable_values: int = _most(Limits.variable_values, "Values in variables.")
    limit_listed_errors: int = _most(
        Limits.listed_errors, "Errors of one code in an answer; the rest is counted."
    )
    limit_body: int = _most(Limits.body, "Bytes of a body.")
    limit_upload: int = _most(Limits.upload, "Bytes of a file that is sent.")
    limit_header_bytes: int = _most(Limits.header_bytes, "Bytes of a request's headers.")
    limit_header_seconds: float = _most(
        Limits.header_seconds, "Seconds in which the headers arrive.", least=0
    )
    limit_body_seconds: float = _most(
        Limits.body_seconds, "Seconds in which the body arrives.", least=0
    )
    limit_seconds: float = _most(Limits.seconds, "Seconds that an operation may take.", least=0)

    limit_mails: int = _most(
        MOST_MAILS, "Mails in a day, in all, to addresses that nobody has confirmed."
    )

    @property
    def limits(self) -> Limits:
        """The limits that these settings make."""
        return Limits(**{one.name: getattr(self, f"limit_{one.name}") for one in fields(Limits)})
