"""Every mutation that somebody may use has its form, whose controls are what it takes."""

import re

import pytest
from graphql import FieldNode, OperationDefinitionNode

from portal.pages.form import Form
from portal.pages.page import FOLDER, load_pages
from portal.pages.posted import Fault
from portal.viewer import Language
from schema.root import schema

pytestmark = pytest.mark.check
CORE = schema._schema  # noqa: SLF001 -- no public name
PAGES = load_pages(CORE)

# The clock is moved in development alone, by programs.
WITHOUT = {"setClock"}


def mutations_of(page):
    operations = (page.operation(name) for name in ("Change", "Preview"))
    return [
        field.name.value
        for operation in operations
        if isinstance(operation, OperationDefinitionNode)
        for field in operation.selection_set.selections
        if isinstance(field, FieldNode)
    ]


def test_every_mutation_that_a_role_may_use_has_its_form():
    with_form = {name for page in PAGES.values() for name in mutations_of(page)}
    assert set(CORE.mutation_type.fields) - with_form == WITHOUT


@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if mutations_of(page)))
def test_each_control_of_a_form_is_one_that_its_mutation_takes(name):
    page = PAGES[name]
    form = Form(CORE, page.operation("Change"), Language.EN, {})
    text = (FOLDER / page.template).read_text(encoding="utf-8")
    named = set(re.findall(r'form, "(input[\w.]+)"', text))
    assert {one for one in named if not form.has(one)} == set()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_form_says_what_it_did(name):
    """So the page that follows can tell it; where the same page shows it, it says so itself."""
    page = PAGES[name]
    text = (FOLDER / page.template).read_text(encoding="utf-8")
    says = "{% block done %}" in text
    assert says is bool(mutations_of(page) and not page.place.shows_result)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_stands_in_the_frame_and_has_a_title(name):
    text = (FOLDER / PAGES[name].template).read_text(encoding="utf-8")
    assert text.startswith('{% extends "layout.html" %}')
    assert "{% block title %}" in text


def test_a_sentence_about_what_the_form_does_not_show_is_told_once():
    change = PAGES["contract/test"].operation("Change")
    names = ("input.expectedVersion", "input.name", "input.isTest")
    faults = [Fault(name, "Changed.", "CONFLICT") for name in names]
    form = Form(CORE, change, Language.EN, {}, faults=faults, labels={"input.isTest": "Test"})
    assert form.summary == [("", "Changed."), ("input.isTest", "Changed.")]
