"""Where each page stands in a world: its paths, with the ids of that world's rows."""

from collections.abc import Mapping, Sequence
from itertools import product
from string import Formatter

from graphql import (
    FieldNode,
    InlineFragmentNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)

from portal.pages.page import Page, load_pages
from schema.root import schema

_CORE = schema._schema  # noqa: SLF001 -- no public name
PAGES = load_pages(_CORE)
_ANY_TYPE = "node"
# What stands in a path that is no id.
_WORDS = {"kind": ("payment_terms", "vat_treatment", "contract_partner", "deviating_date")}


def paths_of(page: Page, ids: Mapping[str, Sequence[str]]) -> list[str]:
    """Give every path of a page about rows, whose ids are given by their types."""
    types = _types_of(page)
    names = [name for _, name, _, _ in Formatter().parse(page.place.path) if name]
    choices = [_choices(name, types, ids) for name in names]
    return [
        page.place.path.format_map(dict(zip(names, chosen, strict=True)))
        for chosen in product(*choices)
    ]


def _choices(
    name: str, types: Mapping[str, str], ids: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    """Give what may stand for a part of a path: of a type without rows nothing."""
    if name in types:
        return ids.get(types[name], ())
    # What no row stands for is any text.
    return _WORDS.get(name) or ids.get(name.capitalize(), ("x",))


def _types_of(page: Page) -> Mapping[str, str]:
    """Give of which type each id is that ``Show`` takes: that of what it finds with it."""
    info = TypeInfo(_CORE)
    finding = _Finding(info)
    visit(page.show, TypeInfoVisitor(info, finding))
    return finding.found


class _Finding(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.found: dict[str, str] = {}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for given in node.arguments or ():
            if isinstance(given.value, VariableNode):
                self.found[given.value.name.value] = self._type(node)

    def _type(self, node: FieldNode) -> str:
        selected = node.selection_set.selections if node.selection_set else ()
        narrowed = [one.type_condition for one in selected if isinstance(one, InlineFragmentNode)]
        if node.name.value == _ANY_TYPE and narrowed and narrowed[0]:
            return narrowed[0].name.value
        return str(get_named_type(self.info.get_type()))
