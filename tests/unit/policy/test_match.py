"""A constraint applies to what Gatekeeper would apply it to."""

from typing import Any, ClassVar

import pytest

from jade_policy.errors import MatchError, PolicyError
from jade_policy.match import Target, matches, parse_match


def obj(kind: str = "Pod", api_version: str = "v1", **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web", **metadata}}


def applies(match: dict[str, Any], resource: dict[str, Any], namespace: dict[str, Any] | None = None) -> bool:
    return matches(parse_match(match), Target.of(resource, namespace))


def kinds(*selectors: tuple[list[str], list[str]]) -> dict[str, Any]:
    return {"kinds": [{"apiGroups": groups, "kinds": names} for groups, names in selectors]}


@pytest.mark.parametrize(
    ("match", "resource", "expected"),
    [
        ({}, obj(), True),
        (kinds(([""], ["Pod"])), obj(), True),
        (kinds((["apps"], ["Pod"])), obj(), False),
        (kinds((["*"], ["Pod"])), obj(), True),
        (kinds(([], ["Pod"])), obj(), True),
        (kinds(([""], [])), obj("Service"), True),
        (kinds(([""], ["*"])), obj("Deployment", "apps/v1"), False),
        (kinds(([""], ["Pod"]), (["apps"], ["Deployment"])), obj("Deployment", "apps/v1"), True),
        (kinds(([""], ["Pod"]), (["apps"], ["Deployment"])), obj("Pod", "apps/v1"), False),
        ({"namespaces": ["shop"]}, obj(namespace="shop"), True),
        ({"namespaces": ["shop"]}, obj(namespace="shop2"), False),
        ({"namespaces": ["shop*"]}, obj(namespace="shop2"), True),
        ({"namespaces": ["*-system"]}, obj(namespace="kube-system"), True),
        ({"namespaces": ["*ho*"]}, obj(namespace="shop"), True),
        ({"namespaces": ["s*p"]}, obj(namespace="shop"), False),
        ({"namespaces": ["shop"]}, obj(), False),  # it will be in some namespace, but in which is open
        ({"namespaces": ["shop"]}, obj("Node"), True),
        ({"namespaces": ["shop"]}, obj("ClusterRole", "rbac.authorization.k8s.io/v1"), True),
        ({"namespaces": ["shop"]}, obj("Namespace", name="shop"), True),
        ({"namespaces": ["shop"]}, obj("Namespace", name="other"), False),
        ({"excludedNamespaces": ["kube-*"]}, obj(namespace="kube-system"), False),
        ({"excludedNamespaces": ["kube-*"]}, obj(namespace="shop"), True),
        ({"excludedNamespaces": ["kube-*"]}, obj(), True),
        ({"excludedNamespaces": ["*"]}, obj(), False),
        ({"excludedNamespaces": ["*"]}, obj("Node"), True),
        ({"excludedNamespaces": ["kube-*"]}, obj("Namespace", name="kube-system"), False),
        ({"labelSelector": {"matchLabels": {"a": "b"}}}, obj(labels={"a": "b"}), True),
        ({"labelSelector": {"matchLabels": {"a": "b"}}}, obj(labels={"a": "c"}), False),
        ({"labelSelector": {"matchLabels": {"a": "b"}}}, obj(), False),
        ({"labelSelector": {}}, obj(), True),
        ({"scope": "Namespaced"}, obj(namespace="shop"), True),
        ({"scope": "Namespaced"}, obj(), True),
        ({"scope": "Namespaced"}, obj("Node"), False),
        ({"scope": "Namespaced"}, obj("Required", "constraints.gatekeeper.sh/v1beta1"), False),
        ({"scope": "Namespaced"}, obj("Namespace"), False),
        ({"scope": "Cluster"}, obj(namespace="shop"), False),
        ({"scope": "Cluster"}, obj(), False),
        ({"scope": "Cluster"}, obj("Node"), True),
        ({"scope": "Cluster"}, obj("Namespace"), True),
        ({"scope": "namespaced"}, obj(), True),  # a misspelt scope is no scope
        ({"name": "web"}, obj(), True),
        ({"name": "we*"}, obj(), True),
        ({"name": "db"}, obj(), False),
        ({"name": "web-*"}, obj(name="", generateName="web-"), True),
        ({"name": "web-"}, obj(name="", generateName="web-"), False),
        ({"source": "Original"}, obj(), True),
        ({"source": "Generated"}, obj(), False),
        ({"source": "All"}, obj(), True),
    ],
)
def test_match(match: dict[str, Any], resource: dict[str, Any], expected: bool) -> None:
    assert applies(match, resource) is expected


@pytest.mark.parametrize(
    ("operator", "values", "labels", "expected"),
    [
        ("In", ["x", "y"], {"k": "x"}, True),
        ("In", ["x"], {"k": "z"}, False),
        ("In", ["x"], {}, False),
        ("NotIn", ["x"], {"k": "z"}, True),
        ("NotIn", ["x"], {"k": "x"}, False),
        ("NotIn", ["x"], {}, True),
        ("Exists", [], {"k": ""}, True),
        ("Exists", [], {}, False),
        ("DoesNotExist", [], {}, True),
        ("DoesNotExist", [], {"k": "x"}, False),
    ],
)
def test_label_expressions(operator: str, values: list[str], labels: dict[str, str], expected: bool) -> None:
    selector = {"matchExpressions": [{"key": "k", "operator": operator, "values": values}]}
    assert applies({"labelSelector": selector}, obj(labels=labels)) is expected


class TestNamespaceSelector:
    match: ClassVar[dict[str, Any]] = {"namespaceSelector": {"matchLabels": {"team": "shop"}}}

    def test_asks_the_namespace_that_the_resource_lives_in(self) -> None:
        mine = {"metadata": {"name": "a", "labels": {"team": "shop"}}}
        other = {"metadata": {"name": "a", "labels": {"team": "bank"}}}
        assert applies(self.match, obj(namespace="a"), mine)
        assert not applies(self.match, obj(namespace="a"), other)

    def test_cannot_be_decided_without_it(self) -> None:
        with pytest.raises(MatchError, match="Namespace 'a', which is not known"):
            applies(self.match, obj(namespace="a"))
        with pytest.raises(MatchError, match=r"set metadata\.namespace"):
            applies(self.match, obj())

    def test_takes_cluster_scoped_resources_and_a_namespaces_own_labels(self) -> None:
        assert applies(self.match, obj("ClusterRole", "rbac.authorization.k8s.io/v1"))
        assert applies(self.match, obj("Namespace", labels={"team": "shop"}))
        assert not applies(self.match, obj("Namespace"))

    def test_an_earlier_no_hides_the_missing_namespace(self) -> None:
        assert not applies({**self.match, "kinds": [{"kinds": ["Service"]}]}, obj(namespace="a"))


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ([], "spec.match is a list"),
        ({"kinds": ["Pod"]}, r"spec.match.kinds\[0\] is a str"),
        ({"kinds": [{"kinds": "Pod"}]}, r"spec.match.kinds\[0\].kinds must be a list of strings"),
        ({"namespaces": [1]}, "spec.match.namespaces must be a list of strings"),
        ({"source": "Elsewhere"}, "spec.match.source is 'Elsewhere'"),
        ({"labelSelector": {"matchExpressions": [{"key": "k", "operator": "Like"}]}}, "operator is 'Like'"),
    ],
)
def test_a_wrong_match_is_named(match: Any, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        parse_match(match)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (kinds(([""], ["Pod"])), True),
        (kinds((["*"], ["Pod"])), True),
        (kinds(([], ["Pod"])), True),
        (kinds(([""], ["Pod"]), (["apps"], ["Deployment"])), False),
        (kinds(([""], ["Pod", "Service"])), False),
        (kinds((["example.com"], ["Pod"])), False),
        ({}, False),
    ],
)
def test_whether_nothing_but_pods_can_match(match: dict[str, Any], expected: bool) -> None:
    assert parse_match(match).pods_only is expected
