"""Faults of a policy that the compiler does not see, each found and each of its sound twins left alone."""

import subprocess
import textwrap

import pytest

from jade_policy.kubernetes_fields import kubernetes_fields
from jade_policy.lint import lint_policy, lint_tests
from jade_policy.opa.syntax import syntax_tree, syntax_trees
from jade_policy.policies import Constraint, KindSelector, Match, Policy, RegoModule

DEPLOYMENT = KindSelector(("apps",), ("Deployment",))
SERVICE = KindSelector(("",), ("Service",))


def module(text, line=1):
    text = textwrap.dedent(text).strip()
    return RegoModule(text, 1, (text.split("\n")[0].removeprefix("package "),), "policy.rego", line)


@pytest.fixture
def lint(opa):
    def ask(body, *kinds, line=1, more=""):
        text = f'package p\nviolation contains {{"msg": "no"}} if {{\n\t{body}\n}}\n{textwrap.dedent(more)}'
        policy = Policy("p", "P", module(text, line))
        constraints = [Constraint("p", "p", match=Match(kinds=kinds or (DEPLOYMENT,)))]
        return lint_policy(policy, constraints, syntax_trees([policy], opa))

    return ask


HELPERS = """
short(name) if count(name) < 3
default owner := "nobody"
owner := input.review.object.metadata.labels.owner
team := input.review.object.metadata.labels.team
teams contains "shop"
both := array.concat(["a"], names(["b"]))
names(more) := [name | some name in more]
"""


@pytest.mark.parametrize(
    "body",
    [
        'not startswith(input.review.object.metadata.name, "x")',
        'name := "x"; not input.review.object.metadata.name in {name}',
        "spec := input.review.object.spec; not short(spec.paused)",
        "not input.review.object.spec.replicas > 1",
        'not lower(input.review.object.metadata.name) == "x"',
        'not {"x": input.review.object.metadata.name} == {"x": "y"}',
        "not short(team)",
        'not teams[input.review.object.metadata.name] == "x"',
    ],
)
def test_a_negation_of_what_may_be_undefined(lint, opa, body):
    (found,) = lint(body, more=HELPERS)
    assert (found.rule, found.path, found.line) == ("unguarded-not", "policy.rego", 3)
    assert "bind it first, with object.get and a default" in found.message
    # So it is: without the field the body is undefined, although the negation looks true.
    text = f"package p\n{HELPERS}\nviolation if {{ {body} }}\nobject := input.review.object"
    command = [opa, "eval", "--format", "raw", "--stdin-input", "--data", "/dev/fd/3", "data.p.violation"]
    command = ["bash", "-c", 'exec 3<<<"$0"; exec "$@"', text, *map(str, command)]
    given = '{"review": {"object": {"metadata": {}, "spec": {}}}}'
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    "body",
    [
        "not input.review.object.spec.paused",
        'not input.review.object.metadata.name == "x"',
        'name := input.review.object.metadata.name; not startswith(name, "x")',
        'input.review.object.metadata.name; not startswith(input.review.object.metadata.name, "x")',
        'name := object.get(input.review.object, ["metadata", "name"], ""); not startswith(name, "x")',
        "not short(owner)",
        "not short(both)",
        "not count(teams) == 3",
        'fact := {"name": "a"}; not short(fact.name)',
        'some label in input.review.object.metadata.labels; not startswith(label, "x")',
        "not count([c | some c in input.review.object.spec.template.spec.containers]) == 1",
    ],
)
def test_a_negation_of_what_is_defined(lint, body):
    assert lint(body, more=HELPERS) == []


def test_the_line_is_that_of_the_file(lint):
    (found,) = lint("not startswith(input.review.object.metadata.name, input.x)", line=40, more=HELPERS)[:1]
    assert found.line == 42


@pytest.mark.parametrize(
    ("body", "kinds", "field"),
    [
        ("input.review.object.spec.replica == 1", (DEPLOYMENT,), "spec/replica"),
        ("input.review.object.spec.replicas == 1", (SERVICE,), "spec/replicas"),
        ("input.review.object.spec.containers[_].securityContext.priviledged", (DEPLOYMENT,), "priviledged"),
        ("input.review.object.spec.template.spec.hostnetwork", (DEPLOYMENT,), "{pod}/spec/hostnetwork"),
        ("input.review.object.spec.type.name == 1", (SERVICE,), "spec/type/name"),
    ],
)
def test_a_field_that_no_matched_kind_has(lint, body, kinds, field):
    (found,) = lint(body, *kinds)
    assert found.rule == "impossible-path"
    assert field in found.message


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("input.review.object.spec.replicas == 1", (SERVICE, DEPLOYMENT)),
        ("input.review.object.spec.whatever == 1", (KindSelector(("example.com",), ("Database",)),)),
        ("input.review.object.spec.ports[_].nodePort", (SERVICE,)),
        ('input.review.object.metadata.annotations["a/b"] == "x"', (SERVICE,)),
        ('input.review.object.spec.template.spec.nodeSelector["x"] == "y"', (DEPLOYMENT,)),
    ],
)
def test_a_field_that_some_matched_kind_has(lint, body, kinds):
    assert lint(body, *kinds) == []


def test_a_path_may_end_anywhere_and_go_anywhere_below_what_has_no_schema():
    fields = kubernetes_fields()
    assert fields.possible("Deployment", ["spec", "template", "spec", "containers", "0", "image"])
    assert fields.possible("ConfigMap", ["data", "any.key"])
    assert fields.possible("PodTemplateSpec", ["**"])
    assert fields.possible("Container", ["*", "privileged"])
    assert not fields.possible("Deployment", ["spec", "template", "spec", "containers", "image"])
    assert not fields.possible("ConfigMap", ["data", "any.key", "more"])


TESTS = """
package p_test

import data.p

denied(spec) if { count(p.violation) > 0 with input as spec }

test_asks if { count(p.violation) == 1 with input as {} }
test_asks_through_a_function if denied({})
test_asks_by_its_full_name if { count(data.p.violation) == 1 with input as {} }
test_compares_with_itself if {"a"} == {"a"}
test_loops_over_nothing if { every x in [] { count(p.violation) == x with input as x } }
"""


def test_tests_that_cannot_fail(opa):
    tests = module(TESTS)
    found = lint_tests(tests, syntax_tree(tests, opa), ["data", "p"])
    assert [(each.line, each.message.split()[0], each.rule) for each in found] == [
        (10, "test_compares_with_itself", "vacuous-test"),
        (11, "test_loops_over_nothing", "vacuous-test"),
    ]
    assert str(found[0]).startswith("policy.rego:10: test_compares_with_itself does not ask data.p,")
