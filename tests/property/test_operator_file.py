"""Whatever stands in the place of something in an operator's file is understood, or a fault."""

import copy
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portal.commands.operator_file.form import OperatorFile
from portal.commands.operator_file.reading import Reading

EXAMPLE = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "deploy" / "operator.yaml").read_text("utf-8")
)
EXAMPLE["modules"][0]["data_schema"] = {"properties": {"greeting": {"enum": ["a", 1]}}}
EXAMPLE["operator"]["logo"] = b"logo"
TOLD = re.compile(r"line \d+(, [\w.$?-]+)?: [A-Z].+\.")


def places(plain, here=()):
    """Give every place in what is plain, but for the whole."""
    pairs = plain.items() if isinstance(plain, dict) else enumerate(plain)
    for step, value in pairs:
        yield (*here, step)
        if isinstance(value, dict | list):
            yield from places(value, (*here, step))


PLACES = list(places(EXAMPLE))
NOTHING = object()
NAMES = st.sampled_from(["name", "names", "key", "nl", "Terms", "x", 5, True])
VALUES = st.one_of(
    st.sampled_from([NOTHING, None, 5, -1.5, True, "x", "NONE", date(2027, 1, 1), b"\xff"]),
    st.lists(st.sampled_from([5, None, {}, [1], "x"]), max_size=3),
    st.dictionaries(NAMES, st.sampled_from([5, None, {}, [1], "x"]), max_size=3),
)
CHANGES = st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=4)


def changed(changes):
    """Give the example with something else, or nothing, in some places."""
    whole = copy.deepcopy(EXAMPLE)
    for (*way, last), value in changes:
        there = whole
        try:
            for step in way:
                there = there[step]
            if value is NOTHING:
                del there[last]
            else:
                there[last] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # Another change took it away.
    return whole


def is_in_form(whole):
    try:
        OperatorFile.model_validate(whole)
    except ValidationError:
        return False
    return True


@given(CHANGES)
def test_a_file_is_in_its_form_or_has_faults(changes):
    whole = changed(changes)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "operator.yaml"
        file.write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
        reading = Reading(file, 100)
    assert (reading.faults == []) is is_in_form(whole)
    for fault in reading.faults:
        assert TOLD.fullmatch(fault), fault
        assert "Input should" not in fault


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_what_is_wrong_at_a_place_is_said_there(tmp_path, place):
    wrong = [{5: object.__name__}] if "data_schema" not in place else date(2027, 1, 1)
    file = tmp_path / "operator.yaml"
    file.write_text(yaml.safe_dump(changed([(place, wrong)])), "utf-8")
    faults = Reading(file, 100).faults
    assert faults
    names = ".".join(map(str, place))
    assert all(f", {names}" in fault for fault in faults), faults
