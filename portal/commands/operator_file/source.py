"""The text of an operator's file: what it says, and on which line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from portal.errors import OperatorFault

# With the files that stand in it.
MOST_BYTES = 64 * 1024 * 1024
Place = tuple[str | int, ...]
# Stands in several mappings for the same.
_MERGED = "tag:yaml.org,2002:merge"


class Source:
    """A file that is YAML, in which no name stands twice beside itself."""

    def __init__(self, path: Path) -> None:
        try:
            if path.stat().st_size > MOST_BYTES:
                raise OperatorFault(f"{path} is too large: it may have 64 MiB at most.")
            loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
            self._node = loader.get_single_node()
            self.doubles = list(_doubles(self._node, (), set()))
            self.plain: Any = {} if self._node is None else loader.construct_document(self._node)
        except UnicodeDecodeError:
            raise OperatorFault(f"{path} cannot be read: it is no text in UTF-8.") from None
        except OSError as fault:
            raise OperatorFault(f"{path} cannot be read: {fault.strerror}.") from None
        except (yaml.YAMLError, ValueError, RecursionError) as fault:
            raise OperatorFault(f"{path} cannot be read as YAML: {_where(fault)}.") from None

    def told(self, place: Place) -> str:
        """Give a place as whoever wrote the file finds it: its line, and the names that lead there.

        What is missing stands where it would have to.
        """
        node, names = self._node, []
        line = 1 if node is None else node.start_mark.line + 1
        for step in place:
            if isinstance(node, yaml.ScalarNode):
                break
            names.append(str(step))
            found = _below(node, step)
            if found is not None:
                line = found[0].start_mark.line + 1
            node = found and found[1]
        return f"line {line}, {'.'.join(names)}" if names else f"line {line}"


def _below(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Give what leads a step further, where there is such a thing, and what is there."""
    if isinstance(node, yaml.MappingNode):
        # Of what is merged in, what stands beside it goes before.
        return next((pair for pair in reversed(node.value) if pair[0].value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return (node.value[step],) * 2 if step < len(node.value) else None
    return None


def _doubles(node: yaml.Node | None, here: Place, seen: set[int]) -> Iterator[Place]:
    """Find names that stand beside the same name, of which YAML would take the last."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            yield from _doubles(one, (*here, number), seen)
    elif isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in names and key.tag != _MERGED:
                yield (*here, name)
            names.add(name)
            yield from _doubles(value, (*here, name), seen)


def _where(fault: Exception) -> str:
    if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark is not None:
        mark = fault.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {fault.problem}"
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    return " ".join(str(fault).split())
