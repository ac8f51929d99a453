"""Equal rows of one list: what is below them is found out once."""

from collections.abc import Hashable, Sequence
from typing import Any

from graphql import GraphQLError


class Merged(list[Any]):
    """The different items of a list; ``at`` says which of them stands in each place."""

    at: Sequence[int]

    @classmethod
    def of(cls, keys: Sequence[Hashable]) -> "Merged":
        """Merge a list whose items are equal where their keys are; the items are the keys yet."""
        merged = cls(dict.fromkeys(keys))
        number = {key: index for index, key in enumerate(merged)}
        merged.at = [number[key] for key in keys]
        return merged

    def errors_in_place(
        self, errors: Sequence[GraphQLError], path: Sequence[str | int]
    ) -> list[GraphQLError]:
        """Give the errors below the list, which is at a path, in each place where they belong."""
        found = []
        for error in errors:
            given = list(error.path or ())
            depth = len(path)
            if given[:depth] != list(path) or len(given) <= depth:
                found.append(error)
                continue
            found += [
                relocated(error, [*path, place, *given[depth + 1 :]])
                for place, number in enumerate(self.at)
                if number == given[depth]
            ]
        return found


def relocated(error: GraphQLError, path: Sequence[str | int]) -> GraphQLError:
    """Give an error as it would have come of another place."""
    return GraphQLError(
        error.message, error.nodes, path=list(path), original_error=error.original_error
    )
