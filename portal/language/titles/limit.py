"""What people call the limits of one request."""

from portal.errors import translatable

LIMITS = {
    "source": translatable("characters of the document"),
    "tokens": translatable("tokens of the document"),
    "comments": translatable("comments"),
    "depth": translatable("levels of fields"),
    "introspection_depth": translatable("levels of fields about the schema"),
    "aliases": translatable("aliases"),
    "root_fields": translatable("fields at the top"),
    "fields": translatable("selected fields"),
    "equal_names": translatable("fields of one name"),
    "directives": translatable("directives"),
    "operations": translatable("operations"),
    "fragments": translatable("fragments"),
    "cost": translatable("cost"),
    "page": translatable("entries of a page"),
    "text": translatable("characters of a text"),
    "list_items": translatable("entries of a list"),
    "guarded_mutations": translatable("changes that can be guessed at"),
    "variable_depth": translatable("levels of variables"),
    "variable_values": translatable("values of variables"),
    "body": translatable("bytes"),
    "upload": translatable("bytes of a file"),
}
