"""Rego is read well enough to move a module and to say what it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_policy.errors import RegoError
from jade_policy.rego import move, parse

ROOTS = {("lib",): "data.jade.lib.d1.lib", ("a",): "data.jade.p.u0"}


def moved(text: str) -> str:
    return move(parse(text), ("jade", "p", "u0"), roots=ROOTS, parameters="data.jade.params.u0")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("package a.b", "package jade.p.u0"),
        ('package a["b-c"].d', "package jade.p.u0"),
        ("import data.lib.x", "import data.jade.lib.d1.lib.x"),
        ("import data.lib", "import data.jade.lib.d1.lib as lib"),
        ("import data.lib as l", "import data.jade.lib.d1.lib as l"),
        ('x := data["lib"].f(1)', "x := data.jade.lib.d1.lib.f(1)"),
        ("x := data.lib[i].y", "x := data.jade.lib.d1.lib[i].y"),
        ("x := data.a.rule", "x := data.jade.p.u0.rule"),
        ("import input.parameters", "import data.jade.params.u0 as parameters"),
        ("import input.parameters as p", "import data.jade.params.u0 as p"),
        ("import input.parameters.images", "import data.jade.params.u0.images"),
        ("x := input.parameters.y[_]", "x := data.jade.params.u0.y[_]"),
        ('x := input["parameters"].y', "x := data.jade.params.u0.y"),
        ("x := input[`parameters`].y", "x := data.jade.params.u0.y"),
        ('x := $"{input.parameters.y} of {f({1})}"', 'x := $"{data.jade.params.u0.y} of {f({1})}"'),
        # What only looks like a reference stays.
        ("x := input.review.object.data.lib", None),
        ("x := obj.input.parameters", None),
        ('x := "data.lib and input.parameters"', None),
        ("x := `data.lib and\ninput.parameters`", None),
        (r'x := "\"data.lib"', None),
        ("x := 1 # data.lib, input.parameters", None),
        ("x := data.inventory.cluster", None),
        (r'x := $"\{input.parameters}"', None),
        ("database := mydata.lib", None),
    ],
)
def test_moving(before: str, after: str | None) -> None:
    if before.startswith("package"):
        assert moved(before) == after
    else:
        assert moved(f"package a\n{before}\n") == f"package jade.p.u0\n{after or before}\n"


def test_parameters_can_stay_where_they_are() -> None:
    text = "package a\nx := input.parameters.y"
    assert move(parse(text), ("a",), roots={}, parameters=None) == text


@given(st.text(alphabet='data.inputlib"`$\\{}[]()#\n :=', max_size=80))
def test_moving_keeps_the_lines_and_never_hangs(body: str) -> None:
    text = "package a\n" + body
    try:
        after = moved(text)
    except RegoError:
        return
    assert after.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("rule", "version"),
    [
        ('violation[{"msg": msg}] { msg := "x" }', 0),
        ("f(x) { x }", 0),
        ("allow { true }", 0),
        ("x = 1 { true }", 0),
        ('x := {"a": 1}', 1),
        ("x = {}", 1),
        ('violation contains {"msg": "x"} if { true }', 1),
        ('violation contains {"msg": "x"} if input.a', 1),
        ("f(x) := 1 if { x } else := 2", 1),
        ("f(x) := [y | y := x[_]]", 1),
        ("x if { every y in [1] { y > 0 } }", 1),
    ],
)
def test_the_version_is_guessed_from_rule_bodies(rule: str, version: int) -> None:
    assert parse(f"package a\n{rule}").version == version


def test_entry_rules_are_found_with_their_kind() -> None:
    text = """package a
import data.deny
default deny_all := false
violation[{"msg": "x"}] { true }
deny contains "y" if true
warn := "z" if true
deny_all if true
x := deny
denying := 1
f(violation) := 1
"""
    assert parse(text).entries == (
        ("deny_all", "value"),
        ("violation", "set"),
        ("deny", "set"),
        ("warn", "value"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("import data.x\npackage a", 1),
        ("# only a comment\n\nx := 1", 3),
        ('package a\nx := "open', 2),
        ("package a\nx := `open\n", 2),
        ('package a\n\nx := $"open {1}', 3),
        ("package a\nx := " + '$"{' * 30, 2),
        ("package", 1),
    ],
)
def test_what_is_no_module_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(RegoError) as caught:
        parse(text)
    assert caught.value.line == line


def test_dynamic_uses_are_seen() -> None:
    assert parse("package a\nx := input[y]").reads_input_dynamically
    assert parse("package a\nx if walk(input, [p, v])").reads_input_dynamically
    assert not parse("package a\nx := input.a[y]\nz := data.b[y]").reads_input_dynamically


def test_the_packages_metadata_wins_over_a_rules() -> None:
    text = """# METADATA
# title: the package
# custom:
#   id: mine
package a

# METADATA
# title: a rule
x := 1
"""
    assert parse(text).metadata == {"title": "the package", "custom": {"id": "mine"}}
    assert parse("package a\n# METADATA\n# title: a rule\nx := 1").metadata == {"title": "a rule"}
    assert parse("package a\n# METADATA\n# : [\nx := 1").metadata == {}
