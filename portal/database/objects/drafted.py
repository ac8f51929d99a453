"""The seal of a drafted migration: what follows from declarations is written by no hand."""

import ast
import hashlib
import re

# Policies, grants and functions, the one that erases among them, follow from what is declared.
_FOLLOWS = re.compile(
    r"\b(GRANT|REVOKE|POLICY|ROW\s+LEVEL\s+SECURITY|(CREATE|REPLACE|ALTER|DROP)\s+(FUNCTION|TRIGGER))\b",
    re.IGNORECASE,
)
_NAME = "DRAFTED"
_AFTER = "depends_on = None\n"


def sealed(source: str) -> str:
    """Write into a migration the seal of its statements that follow from declarations, if any."""
    seal = seal_of(source)
    return source.replace(_AFTER, f'{_AFTER}{_NAME} = "{seal}"\n', 1) if seal else source


def seal_of(source: str) -> str | None:
    """Give the seal that fits the statements of a migration; None where nothing follows."""
    said = [
        node.value
        for node in ast.walk(_without_descriptions(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _FOLLOWS.search(node.value)
    ]
    return hashlib.sha256("\0".join(sorted(said)).encode()).hexdigest()[:16] if said else None


def seal_in(source: str) -> str | None:
    """Give the seal that stands in a migration."""
    found = re.search(rf'^{_NAME} = "(\w+)"$', source, re.MULTILINE)
    return found and found[1]


def _without_descriptions(source: str) -> ast.Module:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree
