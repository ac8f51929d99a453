"""Whatever a sentence may speak of has a title for people; none is there that nobody needs."""

import re
from collections import Counter
from dataclasses import fields

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from permissions.fields import EVERYONE
from permissions.guards import access_of
from portal.actions.modules.preview import Shown
from portal.actions.modules.publication_preview import Shown as ShownOfPublication
from portal.language.naming import camel
from portal.language.titles import FIELDS, LIMITS, MUTATIONS, VALUES, title_of_name, title_of_value
from portal.language.titles.recorded import EFFECTS, RECORDED
from portal.models import Base
from portal.models.effect import EffectKind
from portal.models.recording import History
from portal.pages.form import Form
from portal.pages.page import FOLDER, load_pages
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.notice import Party
from portal.rules.people.request import RequestStatus
from portal.settings.limits import Limits
from portal.viewer import Language, MemberRole, Role, Scope
from portal.writing.difference import recorded_names
from schema.root import schema

pytestmark = pytest.mark.check
CORE = schema._schema  # noqa: SLF001 -- no public name
# Limits whose own sentences tell them otherwise, and those that nothing is refused by.
OTHERWISE_TOLD = {
    *("seconds", "header_seconds", "body_seconds", "header_bytes"),
    *("introspection_page", "listed_errors"),
}
# Objects that the history holds whole.
WHOLE = ("ContractPartner", "DocumentDelivery", "PaymentTerms")
SHOWN = (Shown, ShownOfPublication)
SPOKEN_OF = (Role, MemberRole, Scope, Party, VatTreatment, RequestStatus)


# How a template says the value of an enum.
_SAID = re.compile(r"""(?:word|said)\("(\w+)"\)|chip\([^()]+, "(\w+)"\)|enum="(\w+)\"""")


def shown_on_pages() -> set[str]:
    """Name the enums whose values the pages show, or have to choose from."""
    texts = [file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.html")]
    named = {name for text in texts for found in _SAID.findall(text) for name in found if name}
    return named | chosen_from()


def chosen_from() -> set[str]:
    """Name the enums of the controls of forms."""
    kinds = set()
    for page in load_pages(CORE).values():
        change = page.operation("Change")
        if change is None:
            continue
        text = (FOLDER / page.template).read_text(encoding="utf-8")
        form = Form(CORE, change, Language.EN, {})
        for name in re.findall(r'ui\.(?:field|choice)\(form, "([\w.]+)"', text):
            if form.options(name):
                kinds.add(form.kind(name))
    return kinds


def values_of(kind: str) -> list[str]:
    """Give the values of an enum of the schema."""
    return list(CORE.type_map[kind].values)


def guarded() -> set[str]:
    """Name every field, argument and input field that somebody may be refused."""
    found = set()
    for kind in CORE.type_map.values():
        if not isinstance(kind, (GraphQLObjectType, GraphQLInputObjectType)):
            continue
        if kind.name.startswith("__") or kind is CORE.mutation_type:
            continue
        for name, field in kind.fields.items():
            elements = {name: field, **getattr(field, "args", {})}
            found |= {one for one, element in elements.items() if access_of(element) != EVERYONE}
    return found


def test_every_field_that_can_be_refused_has_a_title():
    asked = {name for name in guarded() - set(FIELDS) if title_of_name(name) != name}
    # What a preview showed is named when it is not so any more.
    shown = {camel(field.name) for kind in SHOWN for field in fields(kind)}
    assert set(FIELDS) == guarded() - asked | shown - {"publication", "specialRight"}


def test_every_mutation_has_a_title():
    assert set(MUTATIONS) == set(CORE.mutation_type.fields)


def recorded() -> set[str]:
    """Name what the history of the operator tells, and the parts of what a history holds whole."""
    told = {
        last if (last := name.rpartition(".")[2]) in FIELDS else last.removesuffix("Id")
        for mapper in Base.registry.mappers
        if getattr(mapper.class_, "history", None) is History.OPERATOR
        for name in recorded_names(mapper)
    }
    return told | {name for kind in WHOLE for name in CORE.type_map[kind].fields}


def test_what_histories_tell_has_a_title():
    assert set(RECORDED) == recorded() - {*FIELDS, *MUTATIONS, *LIMITS}
    assert set(EFFECTS) == {camel(kind.lower()) for kind in EffectKind}


def test_every_limit_has_a_title():
    assert set(LIMITS) == {field.name for field in fields(Limits)} - OTHERWISE_TOLD


def test_every_value_that_is_spoken_of_has_a_title():
    titled = {name.partition(".")[0] for name in VALUES}
    assert {kind.__name__ for kind in SPOKEN_OF} | shown_on_pages() <= titled
    assert set(VALUES) == {f"{kind}.{value}" for kind in titled for value in values_of(kind)}


def test_no_name_means_two_things():
    names = Counter([*FIELDS, *MUTATIONS, *LIMITS])
    assert [name for name, number in names.items() if number > 1] == []


def test_a_path_is_called_by_its_last_part():
    assert title_of_name("Query.accounts.filter.customerNumber") == "customer number"
    assert title_of_value(Role.MANAGER) == "managers"
    assert title_of_name("no such name") == "no such name"


def test_what_a_filter_asks_of_a_field_is_called_by_the_field():
    named = ("statusIn", "startsOnFrom", "startsOnTo", "requestedAtBefore")
    assert [title_of_name(f"Account.modules.filter.{name}") for name in named] == [
        "status",
        "first day",
        "first day",
        "when it was asked for",
    ]
    assert title_of_name("countedFrom") == "first day of the initial term"
