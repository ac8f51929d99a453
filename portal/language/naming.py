"""Names of our attributes as the schema writes them."""

from functools import cache

from pydantic.alias_generators import to_camel

# There are only so many attributes, and each change names some.
camel = cache(to_camel)
