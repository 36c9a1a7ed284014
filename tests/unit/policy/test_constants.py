"""Guarded parameters become constants where they are given and have their type, and nothing else changes."""

import re

import pytest

from jade_policy.library import own_library
from jade_policy.opa.bundle import build_bundle
from jade_policy.opa.constants import with_constants

MODULE = """package p

default minimum := 1

minimum := input.parameters.minimum if is_number(input.parameters.minimum)
"""
GUARD = "minimum := input.parameters.minimum if is_number(input.parameters.minimum)"


@pytest.mark.parametrize(
    ("guard", "value", "constant"),
    [
        ("number", 5, "5"),
        ("number", 0.5, "0.5"),
        ("array", ["a/*", 'b"'], '["a/*","b\\""]'),
        ("object", {"ndots": "2"}, '{"ndots":"2"}'),
        ("string", "", '""'),
        ("boolean", False, "false"),
    ],
)
def test_given(guard: str, value: object, constant: str) -> None:
    module = MODULE.replace("is_number", f"is_{guard}")
    written = with_constants(module, {"minimum": value})
    assert written.splitlines() == [*module.splitlines()[:-1], f"minimum := {constant}"]


@pytest.mark.parametrize(
    "parameters",
    [{}, {"maximum": 5}, {"minimum": None}, {"minimum": "5"}, {"minimum": True}, {"minimum": [5]}],
)
def test_default_holds(parameters: dict[str, object]) -> None:
    assert with_constants(MODULE, parameters) == MODULE


@pytest.mark.parametrize(
    "text",
    [
        GUARD + " + 1",
        GUARD.replace("is_number(input.parameters.minimum)", "is_number(input.parameters.maximum)"),
        GUARD.replace("is_number", "is_null"),
        "f(x) := input.parameters.minimum if is_number(input.parameters.minimum)",
        "\t" + GUARD,
        "minimum := input.parameters.minimum if {\n\tis_number(input.parameters.minimum)\n}",
    ],
)
def test_anything_else_stays(text: str) -> None:
    module = f"package p\n\n{text}\n"
    assert with_constants(module, {"minimum": 5, "maximum": 5}) == module


def test_text_stays() -> None:
    module = f"package p\n\nx := `\n{GUARD}\n`\n"
    assert with_constants(module, {"minimum": 5}) == module


def test_own_policies_guard_no_parameter_again() -> None:
    files = build_bundle(own_library()).files
    read = re.compile(rb"^\w+ := data\.jade\.params\.\w+\.\w+ if is_", re.MULTILINE)
    assert [name for name, content in files.items() if read.search(content)] == []


def test_libraries_stand_at_the_root() -> None:
    files = build_bundle(own_library()).files
    libraries = [text.decode() for name, text in files.items() if name.startswith("lib-")]
    packages = [line for text in libraries for line in text.splitlines() if line.startswith("package ")]
    assert len(packages) == len(libraries) > 0
    assert not [package for package in packages if "." in package]
