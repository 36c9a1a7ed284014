"""Gatekeeper's own command line and the engine say the same of the same library and resources."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from jade_common.tools import ToolNotFoundError, find
from jade_policy.library import load_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review

pytestmark = pytest.mark.integration

TEMPLATES = """
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: always}
spec:
  crd: {spec: {names: {kind: Always}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package always
        violation[{"msg": "always"}] { true }
---
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: images}
spec:
  crd:
    spec:
      names: {kind: Images}
      validation: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package images
        import data.lib.pods
        violation[{"msg": msg, "details": {"image": image}}] {
          image := pods.containers[_].image
          not allowed(image)
          msg := sprintf("%v is not from %v", [image, input.parameters.repos])
        }
        allowed(image) { startswith(image, input.parameters.repos[_]) }
      libs:
        - |
          package lib.pods
          spec = input.review.object.spec { input.review.kind.kind == "Pod" }
          spec = input.review.object.spec.template.spec { input.review.kind.group == "apps" }
          containers[c] { c := spec.containers[_] }
          containers[c] { c := spec.initContainers[_] }
---
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: owner}
spec:
  crd:
    spec:
      names: {kind: Owner}
      validation: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      code:
        - engine: Rego
          source:
            version: v1
            rego: |
              package owner
              violation contains {"msg": sprintf("no %s", [key])} if {
                some key in object.get(input, ["parameters", "keys"], ["owner"])
                not input.review.object.metadata.labels[key]
              }
"""
MATCHES: dict[str, dict[str, Any]] = {
    "everything": {},
    "pods": {"kinds": [{"apiGroups": [""], "kinds": ["Pod"]}]},
    "any-group": {"kinds": [{"apiGroups": ["*"], "kinds": ["Deployment"]}]},
    "core": {"kinds": [{"apiGroups": [""]}]},
    "two-selectors": {"kinds": [{"apiGroups": ["apps"], "kinds": ["*"]}, {"kinds": ["Namespace"]}]},
    "in-shop": {"namespaces": ["shop"]},
    "in-globs": {"namespaces": ["sh*", "*-system"]},
    "in-middle": {"namespaces": ["*ho*"]},
    "not-shop": {"excludedNamespaces": ["shop"]},
    "not-system": {"excludedNamespaces": ["*-system", "b*"]},
    "namespaced": {"scope": "Namespaced"},
    "cluster": {"scope": "Cluster"},
    "labelled": {"labelSelector": {"matchLabels": {"owner": "a"}}},
    "unlabelled": {"labelSelector": {"matchExpressions": [{"key": "owner", "operator": "DoesNotExist"}]}},
    "one-of": {
        "labelSelector": {"matchExpressions": [{"key": "owner", "operator": "NotIn", "values": ["a"]}]}
    },
    "team": {"namespaceSelector": {"matchLabels": {"team": "shop"}}},
    "no-team": {
        "namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["shop"]}]}
    },
    "by-name": {"name": "we*"},
    "original": {"source": "Original"},
    "generated": {"source": "Generated"},
    "everything-at-once": {
        "kinds": [{"apiGroups": ["", "apps"], "kinds": ["Pod", "Deployment"]}],
        "namespaces": ["shop", "bank"],
        "scope": "Namespaced",
        "labelSelector": {"matchExpressions": [{"key": "owner", "operator": "Exists"}]},
        "namespaceSelector": {"matchLabels": {"team": "shop"}},
    },
}


def resource(kind: str, name: str, namespace: str | None = None, **more: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": more.pop("labels", {})}
    if namespace is not None:
        metadata["namespace"] = namespace
    return {"apiVersion": more.pop("api", "v1"), "kind": kind, "metadata": metadata, **more}


SPEC = {"containers": [{"name": "a", "image": "good/a"}], "initContainers": [{"name": "b", "image": "bad/b"}]}
RESOURCES = [
    resource("Namespace", "shop", labels={"team": "shop", "owner": "a"}),
    resource("Namespace", "bank", labels={"team": "bank"}),
    resource("Namespace", "kube-system"),
    resource("Pod", "web", "shop", labels={"owner": "a"}, spec=SPEC),
    resource("Pod", "db", "bank", labels={"owner": "b"}, spec=SPEC),
    resource("Pod", "dns", "kube-system", spec={"containers": [{"name": "a", "image": "good/dns"}]}),
    resource("Pod", "nowhere", spec=SPEC),
    resource(
        "Deployment", "web", "shop", api="apps/v1", labels={"owner": "a"}, spec={"template": {"spec": SPEC}}
    ),
    resource("Deployment", "old", "shop", api="extensions/v1beta1", spec={"template": {"spec": SPEC}}),
    resource("ClusterRole", "web", api="rbac.authorization.k8s.io/v1", labels={"owner": "a"}),
    resource("ConfigMap", "we", "bank", data={"owner": "a"}),
]


def constraint(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    head = {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": kind, "metadata": {"name": name}}
    return {**head, "spec": spec}


CONSTRAINTS = [
    *(constraint("Always", name, {"match": match}) for name, match in MATCHES.items()),
    constraint("Images", "good", {"parameters": {"repos": ["good/"]}}),
    constraint("Images", "both", {"parameters": {"repos": ["good/", "bad/"]}, "enforcementAction": "warn"}),
    constraint("Owner", "default", {}),
    constraint("Owner", "two", {"parameters": {"keys": ["owner", "team"]}, "enforcementAction": "dryrun"}),
]


@pytest.fixture(scope="module")
def gator() -> Path:
    try:
        return find("gator").path
    except ToolNotFoundError as error:
        pytest.skip(f"gator comes with `make setup-dev`: {error}")


def by_gator(gator: Path, library: Path, resources: Path) -> set[tuple[str, ...]]:
    command = [gator, "test", "-f", library, "-f", resources, "-o", "json"]
    results = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    return {
        (
            result["constraint"]["kind"].lower(),
            result["constraint"]["metadata"]["name"],
            result["enforcementAction"],
            key(result["violatingObject"]),
            result["msg"],
        )
        for result in results
        if ".gatekeeper.sh/" not in result["violatingObject"]["apiVersion"]
    }


def by_engine(opa: Path, library: Path) -> set[tuple[str, ...]]:
    namespaces = {each["metadata"]["name"]: each for each in RESOURCES if each["kind"] == "Namespace"}
    inventory = {"cluster": {"v1": {"Namespace": namespaces}}}
    with Engine(load_library(library), opa=opa) as engine:
        assert engine.problems == ()
        judged = engine.judge([Review(each, inventory=inventory) for each in RESOURCES])
    unknown = {
        (key(each), v.constraint)
        for each, vs in zip(RESOURCES, judged, strict=True)
        for v in vs
        if v.verdict == "unknown"
    }
    assert unknown == {(NOWHERE, "team"), (NOWHERE, "no-team")}
    return {
        (verdict.policy_id, str(verdict.constraint), verdict.enforcement, key(each), message)
        for each, verdicts in zip(RESOURCES, judged, strict=True)
        for verdict in verdicts
        if verdict.via is None  # gator makes Pods of workloads only where it is given an ExpansionTemplate
        for message in verdict.messages
    }


def key(obj: dict[str, Any]) -> str:
    metadata = obj["metadata"]
    return f"{obj['apiVersion']}/{obj['kind']}/{metadata.get('namespace')}/{metadata['name']}"


# `gator test` gives whatever names no namespace one without a name and labels, cluster-scoped kinds too.
CLUSTER_ROLE = "rbac.authorization.k8s.io/v1/ClusterRole/None/web"
NOWHERE = "v1/Pod/None/nowhere"
GATORS_OWN = {
    ("always", "namespaced", "deny", CLUSTER_ROLE, "always"),
    ("always", "no-team", "deny", NOWHERE, "always"),
}
OUR_OWN = {
    ("always", name, "deny", CLUSTER_ROLE, "always")
    for name in ("cluster", "in-shop", "in-globs", "in-middle", "team")
}


def test_the_same_violations_as_gator(opa: Path, gator: Path, tmp_path: Path) -> None:
    library, resources = tmp_path / "library", tmp_path / "resources.yaml"
    library.mkdir()
    (library / "library.yaml").write_text(TEMPLATES + "---\n" + yaml.safe_dump_all(CONSTRAINTS))
    resources.write_text(yaml.safe_dump_all(RESOURCES))
    ours, theirs = by_engine(opa, library), by_gator(gator, library, resources)
    assert ours - theirs == OUR_OWN
    assert theirs - ours == GATORS_OWN
    assert len(ours) > len(MATCHES)
