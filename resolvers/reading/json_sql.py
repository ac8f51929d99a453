"""Rows and values as JSON, in SQL."""

from collections.abc import Sequence

from resolvers.reading.fragment import literal

NULL = "NULL::json"

# PostgreSQL cuts a column's name here, and row_to_json takes its keys from those.
_LONGEST_NAME = 63
# base64 ends a line after so many bytes of ours, the last one too.
_LINE = 57
_UUID = 36

Values = Sequence[tuple[str, str]]


def one_object(values: Values, source: str, name: str) -> str:
    """Give the JSON of keys and their values, of the one row of a source or of none."""
    return f"(SELECT {_json(values, name)} FROM (SELECT {_columns(values)}{source}) {name})"


def all_objects(values: Values, source: str, name: str) -> str:
    """Give the JSON of all rows of a source, in their order."""
    each = _json(values, name) if _is_long(values) else name
    return (
        f"coalesce((SELECT json_agg({each}) FROM (SELECT {_columns(values)}{source}) {name}), '[]')"
    )


def _columns(values: Values) -> str:
    if _is_long(values):
        return ", ".join(f"{value} AS c{index}" for index, (_, value) in enumerate(values))
    return ", ".join(f'{value} AS "{key}"' for key, value in values)


def _json(values: Values, name: str) -> str:
    if not _is_long(values):
        return f"row_to_json({name})"
    # As row_to_json writes it, without a blank.
    pairs = (
        f"""'"{key}":' || coalesce(to_json({name}.c{index})::text, 'null')"""
        for index, (key, _) in enumerate(values)
    )
    joined = " || ',' || ".join(pairs)
    return f"('{{' || {joined} || '}}')::json"


def _is_long(values: Values) -> bool:
    return any(len(key) > _LONGEST_NAME for key, _ in values)


def required(value: str, id: str) -> str:
    """Let the statement fail where null cannot stand; the standard lane then says what is wrong.

    ``id`` is that of the row at hand: it is not null, which PostgreSQL does not know beforehand, so
    the division is by zero.
    """
    return f"coalesce(to_json({value}), to_json(1 / num_nulls({id})))"


def global_id(name: str, id: str) -> str:
    """Give the id under which callers know a row."""
    encoded = f"encode(convert_to({literal(name + ':')} || {id}::text, 'UTF8'), 'base64')"
    return encoded if len(name) + 1 + _UUID < _LINE else f"translate({encoded}, E'\\n', '')"
