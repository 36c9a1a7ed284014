"""Objects as policies see them."""

import json

import pytest

from jade_policy import pointers
from jade_policy.pod_templates import TEMPLATE_ITSELF, TEMPLATE_PATHS
from jade_policy.resources import (
    ResourceId,
    as_pod,
    containers,
    digest,
    identity,
    pod_pointer,
    pod_spec,
    shape_problem,
    wrapped,
)


def workload(group, kind, path, spec, metadata=None):
    obj = {
        "apiVersion": f"{group}/v1" if group else "v1",
        "kind": kind,
        "metadata": {"name": "w", "namespace": "n"},
    }
    template = {"metadata": metadata or {"labels": {"app": "w"}}, "spec": spec}
    for key in reversed(path):
        template = {key: template}
    return {**obj, **template}


@pytest.mark.parametrize(("group_kind", "path"), TEMPLATE_PATHS.items(), ids=str)
def test_each_workload_makes_a_pod(group_kind, path):
    spec = {
        "containers": [{"name": "c"}],
        "initContainers": [{"name": "i"}],
        "ephemeralContainers": [{"name": "e"}],
    }
    obj = workload(*group_kind, path, spec)
    before = json.dumps(obj)
    assert as_pod(obj) == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "w-pod", "namespace": "n", "labels": {"app": "w"}},
        "spec": spec,
    }
    assert pointers.get(obj, pod_pointer(obj) + "/spec") is spec
    pointer, found = pod_spec(obj)
    assert (pointer, found) == (pod_pointer(obj) + "/spec", spec)
    at = list(containers(obj))
    assert [(c.list_name, c.container["name"]) for c in at] == [
        ("containers", "c"),
        ("initContainers", "i"),
        ("ephemeralContainers", "e"),
    ]
    assert all(pointers.get(obj, c.pointer) is c.container for c in at)
    assert json.dumps(obj) == before
    assert shape_problem(obj) is None


@pytest.mark.parametrize("group_kind", TEMPLATE_ITSELF)
def test_a_written_out_template_is_a_pod_too(group_kind):
    obj = workload(*group_kind, (), {"containers": [{"image": "a"}]})
    obj["metadata"] = {"name": "r"}
    assert pod_pointer(obj) == ""
    assert as_pod(obj)["metadata"] == {"name": "r-pod"}
    assert next(containers(obj)).pointer == "/spec/containers/0"


def test_a_pod_is_its_own_pod():
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a"}, "odd"]}}
    assert as_pod(pod) is None
    assert pod_pointer(pod) == ""
    assert [c.pointer for c in containers(pod)] == ["/spec/containers/0"]


@pytest.mark.parametrize(
    "obj",
    [
        {},
        {"apiVersion": "v1", "kind": "Service", "spec": {"template": {"spec": {}}}},
        {"apiVersion": "example.org/v1", "kind": "Deployment", "spec": {"template": {"spec": {}}}},
        {"apiVersion": "apps/v1", "kind": "Deployment"},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": None},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": []}},
        {"apiVersion": ["apps/v1"], "kind": {"a": 1}},
    ],
)
def test_what_has_no_pod_template_has_no_pod(obj):
    assert as_pod(obj) is None
    assert pod_spec(obj) is None
    assert list(containers(obj)) == []


def test_a_template_in_another_namespace_is_not_believed():
    obj = workload("apps", "Deployment", ("spec", "template"), {}, {"name": "x", "namespace": "other"})
    assert as_pod(obj)["metadata"] == {"name": "w-pod", "namespace": "n"}


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        ({}, ResourceId("", "", "", "")),
        ({"kind": "A", "metadata": {"name": "a", "namespace": "b"}}, ResourceId("", "A", "b", "a")),
        ({"kind": "Job", "metadata": {"generateName": "a-"}}, ResourceId("", "Job", "", "a-")),
        ({"kind": 5, "metadata": []}, ResourceId("", "", "", "")),
    ],
)  # fmt: skip
def test_identity(obj, expected):
    assert identity(obj) == expected


def test_items_of_a_list_and_the_kind_that_a_typed_list_leaves_out():
    pod = {"apiVersion": "v1", "kind": "Pod"}
    assert wrapped({"apiVersion": "v1", "kind": "List", "items": [pod, None]}) == [
        ("/items/0", pod),
        ("/items/1", None),
    ]
    pods = {"apiVersion": "v1", "kind": "PodList", "items": [{"spec": {}}]}
    assert wrapped(pods) == [("/items/0", {"apiVersion": "v1", "kind": "Pod", "spec": {}})]
    assert wrapped(pod) is None


def test_object_of_a_review():
    pod = {"apiVersion": "v1", "kind": "Pod"}
    review = {"kind": "AdmissionReview", "request": {"object": pod}}
    assert wrapped(review) == [("/request/object", pod)]
    assert wrapped({"kind": "AdmissionReview", "request": {"object": None, "oldObject": pod}}) == [
        ("/request/oldObject", pod)
    ]
    assert wrapped({"kind": "AdmissionReview", "request": {}}) is None


def test_a_custom_resource_named_list_is_no_list():
    assert wrapped({"apiVersion": "x/v1", "kind": "AllowList", "spec": {}, "items": []}) is None


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
    assert len(digest({})) == 32


def test_pointers_round_trip_and_refuse():
    pointer = pointers.join("", "a/b", "c~d", 0)
    assert pointer == "/a~1b/c~0d/0"
    assert pointers.split(pointer) == ["a/b", "c~d", "0"]
    assert pointers.of(pointers.split(pointer)) == pointer
    assert pointers.get({"a/b": {"c~d": [5]}}, pointer) == 5
    assert pointers.parent(pointer) == "/a~1b/c~0d"
    for missing in ("/x", "/a/0", "/l/5", "/l/-1"):
        with pytest.raises(LookupError):
            pointers.get({"a": 5, "l": [1]}, missing)
    with pytest.raises(ValueError, match="no JSON pointer"):
        pointers.split("a")
