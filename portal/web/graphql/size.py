"""Size of a selection with its fragments expanded, refused as soon as it passes a limit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from portal.settings.limits import Limits, too_costly, too_large

# Beyond every limit, and small enough that sums and products stay machine-sized.
CEILING = 10**9


@dataclass(frozen=True, slots=True)
class Name:
    """How often a response name is selected, and what is selected below it, all merged.

    Never changed once made, because fragments share them.
    """

    count: int
    below: Mapping[str, "Name"]


@dataclass(slots=True)
class Size:
    """What a selection set counts.

    ``top_fields`` are the fields of the set itself, ``fields`` those below them too, and ``names``
    says how often each is answered under one name. ``guarded_mutations`` counts those that are
    worth repeating to somebody who guesses, ``hashing`` those that hash a password. ``description``
    is the part of ``cost`` for which Python describes the schema.
    """

    limits: Limits
    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    directives: int = 0
    top_fields: int = 0
    fields: int = 0
    guarded_mutations: int = 0
    hashing: int = 0
    cost: int = 0
    description: int = 0
    names: dict[str, Name] = field(default_factory=dict)

    def include(self, other: "Size") -> None:
        """Add what a fragment selects at this level."""
        self.depth = max(self.depth, other.depth)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.top_fields = min(self.top_fields + other.top_fields, CEILING)
        self.guarded_mutations += other.guarded_mutations
        self.hashing += other.hashing
        self.cost = min(self.cost + other.cost, CEILING)
        self.description = min(self.description + other.description, CEILING)
        self._add(other)
        for name, selected in other.names.items():
            self._select(name, selected)

    def add_field(
        self, name: str, below: "Size", *, page: float, weight: int, introspective: bool
    ) -> None:
        """Add one field, and what it selects ``page`` times, each with a ``weight`` beside it."""
        if introspective:
            level = 1 + below.introspection_depth
            self.introspection_depth = max(self.introspection_depth, level)
            self._check("introspection_depth")
        else:
            self.depth = max(self.depth, 1 + below.depth)
            self.introspection_depth = max(self.introspection_depth, below.introspection_depth)
            self._check("depth")
        self.top_fields += 1
        self.fields += 1
        self.cost = min(self.cost + 1 + ceil(page * (weight + below.cost)), CEILING)
        described = ceil(page * (weight * introspective + below.description))
        self.description = min(self.description + described, CEILING)
        self._add(below)
        self._select(name, Name(1, below.names))

    def add_alias(self) -> None:
        """Count an alias."""
        self.aliases += 1
        self._check("aliases")

    def add_directives(self, count: int) -> None:
        """Count directives."""
        self.directives += count
        self._check("directives")

    def check_operation(self) -> None:
        """Refuse what only a whole operation can pass; its cost apart."""
        if self.top_fields > self.limits.root_fields:
            raise too_large("root_fields", self.limits.root_fields)
        self._check("guarded_mutations")

    def check_cost(self) -> None:
        """Refuse what costs too much; the schema's description, which grows, counts its fields."""
        cost = self.cost - self.description
        if cost > self.limits.cost:
            raise too_costly(cost, self.limits.cost)

    def _add(self, other: "Size") -> None:
        # Refused at once, or what is shared by fragments would grow without bound.
        self.fields += other.fields
        self._check("fields")
        self.aliases += other.aliases
        self._check("aliases")
        self.directives += other.directives
        self._check("directives")

    def _select(self, name: str, selected: Name) -> None:
        known = self.names.get(name)
        self.names[name] = self._merged(known, selected) if known else selected

    def _merged(self, one: Name, other: Name) -> Name:
        count = one.count + other.count
        if count > self.limits.equal_names:
            raise too_large("equal_names", self.limits.equal_names)
        below = dict(one.below)
        for name, selected in other.below.items():
            known = below.get(name)
            below[name] = self._merged(known, selected) if known else selected
        return Name(count, below)

    def _check(self, name: str) -> None:
        maximum: int = getattr(self.limits, name)
        if getattr(self, name) > maximum:
            raise too_large(name, maximum)
