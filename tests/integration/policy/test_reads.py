"""Which fields decide a verdict: followed through rules, functions, comprehensions and tables of paths."""

import textwrap

import pytest

from jade_policy.errors import RegoError
from jade_policy.opa.syntax import syntax_tree, syntax_trees
from jade_policy.policies import Policy, RegoModule
from jade_policy.reads import Read, reads_of

LIB = """
package lib.pods

paths := {"Pod": [], "apps/Deployment": ["spec", "template"], "batch/CronJob": ["spec", "jobTemplate", "spec", "template"]}

template := object.get(input.review.object, paths[input.review.kind.kind], null)

pod_spec := template.spec if is_object(template.spec)

containers := [found |
    some list in ["containers", "initContainers"]
    some spec in pod_spec[list]
    found := {"spec": spec, "label": sprintf("%v of %v", [spec.name, template.metadata.name]), "list": list}
]

privileged(container) if container.spec.securityContext.privileged == true
"""


def module(text, version=1):
    text = textwrap.dedent(text).strip()
    package = tuple(text.split("\n")[0].removeprefix("package ").split("."))
    return RegoModule(text, version, package, "policy.rego")


def policy(text, *libs, version=1, **fields):
    return Policy("p", "P", module(text, version), tuple(module(lib) for lib in libs), **fields)


@pytest.fixture
def reads(opa):
    def ask(*arguments, **fields):
        one = policy(*arguments, **fields)
        return [str(read) for read in reads_of(one, syntax_trees([one], opa))]

    return ask


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('input.review.object.spec.type == "NodePort"', ["spec/type"]),
        ("obj := input.review.object; some port in obj.spec.ports; port.nodePort > 0", ["spec/ports/*/nodePort"]),
        ("input.review.object.spec.ports[_].nodePort", ["spec/ports/*/nodePort"]),
        ("some key, value in input.review.object.metadata.labels; startswith(value, key)", ["metadata/labels/*"]),
        ("not input.review.object.spec.tls", ["spec/tls"]),
        ('some key in ["owner", null]; input.review.object.metadata.labels[key]', ["metadata/labels/owner"]),
        ('object.get(input.review.object, ["spec", "a", "b"], 3) == 3', ["spec/a/b"]),
        ('field := ["hostPID", "hostIPC"][_]; input.review.object.spec[field]', ["{pod}/spec/hostIPC", "{pod}/spec/hostPID"]),
        ('every rule in input.review.object.spec.rules { rule.host != "*" }', ["spec/rules/*/host"]),
        ("hosts := {h | h := input.review.object.spec.rules[_].host}; count(hosts) > 3", ["spec/rules/*/host"]),
        ('walk(input.review.object.data, [_, value]); value == "x"', ["data/**"]),
        ('{"a": a} = input.review.object.spec; a == 1', ["spec/a"]),
        ("value := input.review.object.spec.found", ["spec/found"]),
        ("1 == 1", []),
    ],
)  # fmt: skip
def test_reads_of_a_condition(reads, body, expected):
    text = f'package p\nviolation contains {{"msg": "no"}} if {{ {body} }}'
    assert reads(text) == expected


def test_what_only_stands_in_a_message_is_not_read(reads):
    assert reads("""
        package p
        violation contains {"msg": msg} if {
            value := input.review.object.spec.replicas
            value < 2
            msg := sprintf("%v of %v", [value, input.review.object.metadata.name])
        }
    """) == ["spec/replicas"]


def test_a_field_that_only_has_to_exist_is_read(reads):
    assert reads("""
        package p
        violation contains {"msg": msg} if {
            port := input.review.object.spec.hostPort
            msg := sprintf("%v", [port])
        }
    """) == ["spec/hostPort"]


def test_workloads_are_read_under_one_name_through_a_library(opa):
    one = policy(
        """
        package p
        import data.lib.pods
        violation contains {"msg": msg} if {
            some container in pods.containers
            pods.privileged(container)
            msg := sprintf("%v", [container.label])
        }
        """,
        LIB,
    )
    assert reads_of(one, syntax_trees([one], opa)) == (
        Read(("{container}", "securityContext", "privileged"), ("containers", "initContainers")),
    )


def test_every_definition_default_and_else_counts(reads):
    assert reads("""
        package p
        default limit := 3
        limit := input.review.object.spec.own if input.review.object.spec.trusted
        level := 1 if input.review.object.spec.a else := 2 if input.review.object.spec.b
        violation contains {"msg": "no"} if limit > 2
        violation contains {"msg": "no"} if level == 2
    """) == ["spec/a", "spec/b", "spec/own", "spec/trusted"]


def test_functions_are_followed_by_their_arguments(reads):
    assert reads("""
        package p
        missing(obj, field) if not obj[field]
        missing(obj, field) if obj[field] == ""
        loop(x) if loop(x.next)
        violation contains {"msg": "no"} if missing(input.review.object.spec, "owner")
        violation contains {"msg": "no"} if loop(input.review.object.spec)
    """) == ["spec/owner"]


def test_parameters_and_inventory_are_not_fields_of_the_resource(reads):
    assert reads("""
        package p
        violation contains {"msg": "no"} if {
            input.review.object.kind in input.parameters.kinds
            data.inventory.namespace[input.review.object.metadata.namespace]
        }
    """) == ["kind", "metadata/namespace"]


def test_version_0_is_read_too(reads):
    text = """
        package p
        violation[{"msg": msg}] {
            container := input_containers[_]
            not container.livenessProbe
            msg := sprintf("%v", [container.name])
        }
        input_containers[c] { c := input.review.object.spec.containers[_] }
        input_containers[c] { c := input.review.object.spec.initContainers[_] }
    """
    assert reads(text, version=0) == ["{container}/livenessProbe"]


def test_a_policy_for_conftest_reads_the_bare_resource(reads):
    text = 'package p\ndeny contains "no" if input.spec.replicas == 1'
    assert reads(text, shape="object", entries=(("deny", "set"),)) == ["spec/replicas"]


def test_text_that_is_no_rego_is_refused(opa):
    with pytest.raises(RegoError, match=r"policy\.rego:2: unexpected eof token \(rego_parse_error\)"):
        syntax_tree(module("package p\nviolation contains {"), opa)
