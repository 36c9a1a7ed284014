"""Features over all containers and controllers."""

import pytest

from jade_ranker.domain.features import Features, extract, tag

SAFE = {
    "image": "shop/cart:1.2",
    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}
LISTS = ("containers", "initContainers", "ephemeralContainers")
TEMPLATES = {
    "Pod": ("v1", ()),
    "Deployment": ("apps/v1", ("template",)),
    "StatefulSet": ("apps/v1", ("template",)),
    "DaemonSet": ("apps/v1", ("template",)),
    "ReplicaSet": ("apps/v1", ("template",)),
    "ReplicationController": ("v1", ("template",)),
    "Job": ("batch/v1", ("template",)),
    "CronJob": ("batch/v1", ("jobTemplate", "spec", "template")),
}


def workload(kind: str, spec: dict) -> dict:
    version, path = TEMPLATES[kind]
    for step in reversed(path):
        spec = {step: {"spec": spec}} if step == "template" else {step: spec}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "namespace": "shop"}, "spec": spec}


def test_safe_pod_asserts_nothing_bad():
    features = extract(workload("Pod", {"containers": [SAFE]}))
    assert features == Features(
        "Pod", "shop", image_tags=frozenset({"1.2"}), run_as_non_root=True, drops_all=True
    )


@pytest.mark.parametrize("kind", TEMPLATES)
@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (
            {"securityContext": SAFE["securityContext"] | {"privileged": True}},
            "securityContext.privileged=true",
        ),
        ({"securityContext": {}}, "securityContext.allowPrivilegeEscalation=true"),
        ({"image": "shop/cart"}, "image.tag=latest"),
        ({"resources": {"limits": {"cpu": "1"}}}, "resources.limits.missing=true"),
        ({"ports": [{"hostPort": 80}]}, "hostPort=true"),
        (
            {"securityContext": SAFE["securityContext"] | {"runAsNonRoot": None}},
            "securityContext.runAsNonRoot=false",
        ),
        (
            {"securityContext": SAFE["securityContext"] | {"seccompProfile": {}}},
            "seccompProfile.missing=true",
        ),
        ({"securityContext": SAFE["securityContext"] | {"capabilities": {}}}, "capabilities.drop_all=false"),
        (
            {
                "securityContext": SAFE["securityContext"]
                | {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}
            },
            "capabilities.added=true",
        ),
    ],
)
def test_one_container_anywhere_is_enough(kind, where, change, fact):
    spec = {"containers": [SAFE], where: [SAFE, SAFE | change]}
    assert fact in extract(workload(kind, spec)).facts()
    assert fact not in extract(workload(kind, {"containers": [SAFE], where: [SAFE]})).facts()


@pytest.mark.parametrize(
    ("spec", "fact"),
    [
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "volume.hostPath=true"),
        ({"hostNetwork": True}, "hostNetwork=true"),
        ({"hostPID": True}, "hostPID=true"),
        ({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}, "sysctl.unsafe=true"),
    ],
)
def test_what_the_pod_asks_for(spec, fact):
    assert fact in extract(workload("Deployment", {"containers": [SAFE]} | spec)).facts()


def test_pod_level_settings_count_for_its_containers():
    bare = SAFE | {"securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}
    pod = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [bare],
    }
    features = extract(workload("Pod", pod))
    assert (features.run_as_non_root, features.seccomp_missing) == (True, False)


def test_wildcard_verbs_of_roles_only():
    role = {"kind": "ClusterRole", "metadata": {"name": "x"}, "rules": [{"verbs": ["get", "*"]}]}
    assert extract(role).wildcard_verbs
    assert not extract(role | {"kind": "Other"}).wildcard_verbs


@pytest.mark.parametrize("netpol", [True, False, None])
def test_network_policy_is_said_only_where_it_is_known(netpol):
    facts = extract(workload("Pod", {"containers": [SAFE]}), netpol_present=netpol).facts()
    assert {fact for fact in facts if fact.startswith("netpol")} == (
        set() if netpol is None else {f"netpol_present={str(netpol).lower()}"}
    )


@pytest.mark.parametrize("broken", [None, 7, "x", [], {}, [7], {"containers": 7}, {"containers": [7, None]}])
def test_odd_values_are_no_feature_and_no_error(broken):
    extract({"kind": "Pod", "metadata": broken if isinstance(broken, dict) else {}, "spec": broken})
    extract({"kind": "Role", "rules": broken})


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("a:1", "1"),
        ("a", "latest"),
        ("r:5000/a", "latest"),
        ("a:1@sha256:0", "1"),
        ("a@sha256:0", "digest"),
        ("a:", "latest"),
    ],
)
def test_tag(image, expected):
    assert tag(image) == expected
