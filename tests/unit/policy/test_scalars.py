"""Plain scalars and keys mean what they mean to Kubernetes."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_policy.scalars import key_text, resolve

# Recorded from Kubernetes' own YAML library; the file says which version.
ANSWERS = json.loads(Path(__file__).with_name("kubernetes_yaml_answers.json").read_text())


@pytest.mark.parametrize(("text", "value"), ANSWERS["values"], ids=str)
def test_a_plain_scalar_has_the_value_that_kubernetes_gives_it(text, value):
    found = resolve(text)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    assert (float(found) == float(value)) if number else (found == value)
    assert isinstance(found, bool) == isinstance(value, bool)
    assert isinstance(found, str) == isinstance(value, str)


@pytest.mark.parametrize("text", [".inf", "-.inf", "+.Inf", ".nan", ".NaN"])
def test_what_is_no_json_number_is_left_to_the_caller(text):
    found = resolve(text)
    assert isinstance(found, float)
    assert not math.isfinite(found)


@pytest.mark.parametrize(("text", "key"), ANSWERS["keys"], ids=str)
def test_a_key_becomes_the_text_that_kubernetes_makes_of_it(text, key):
    assert key_text(resolve(text)) == key


@pytest.mark.parametrize("text", ["1.10", "~", "1e3"])
def test_a_key_that_kubernetes_would_alter_has_no_text(text):
    assert key_text(resolve(text)) is None


@given(st.text())
def test_any_text_resolves_to_a_json_value(text):
    assert isinstance(resolve(text), str | int | float | bool | None)


def test_a_number_too_long_for_python_is_no_trap():
    assert resolve("9" * 5000) == "9" * 5000
    assert isinstance(resolve("9" * 50), float)
