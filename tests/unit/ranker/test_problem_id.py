"""One problem, whoever sees it, in whatever order, however often."""

from itertools import permutations
from typing import Any

import pytest

from jade_policy.library import own_library
from jade_policy.resources import identity
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.meaning import Meaning, Meant, fields_of
from jade_ranker.domain.problems import NOBODY, Identity, Subject, identity_of, subject_of
from jade_ranker.domain.questions import Finding

LIBRARY = own_library()
MEANING = Meaning(LIBRARY)
ROWS = [policy.id for policy in LIBRARY.policies for _ in LIBRARY.constraints_of(policy.id)]
CONTAINER = "/spec/template/spec/containers/0"
CART: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "cart", "namespace": "shop"},
    "spec": {"template": {"spec": {"containers": [{"name": "cart", "image": "cart"}, {"name": "log"}]}}},
}
VIOLATED = {
    "deny-latest-tag": f"{CONTAINER}/image",
    "require-image-digest": f"{CONTAINER}/image",
    "require-memory-limits": f"{CONTAINER}/resources/limits/memory",
    "require-cpu-limits": f"{CONTAINER}/resources/limits/cpu",
    "require-liveness-probe": f"{CONTAINER}/livenessProbe",
    "require-readiness-probe": f"{CONTAINER}/readinessProbe",
    "require-drop-all-capabilities": f"{CONTAINER}/securityContext/capabilities/drop",
    "deny-net-raw-capability": f"{CONTAINER}/securityContext/capabilities/drop",
}
NEEDING_CLUSTER = {"require-limit-range", "require-network-policy"}


def subject(obj: dict[str, Any] = CART) -> Subject:
    verdicts = [
        Verdict(row, "c", "violated", violations=(Violation("m", VIOLATED[row]),))
        if row in VIOLATED
        else Verdict(row, "c", "unknown", needs_cluster=True)
        if row in NEEDING_CLUSTER
        else Verdict(row, "c", "passed")
        for row in ROWS
    ]
    return subject_of(identity(obj), obj, fields_of(verdicts))


def of(finding: Finding, path: str | None = None, about: Subject | None = None) -> Identity:
    about = about or subject()
    meant = MEANING.of(MEANING.shares(finding), path, about.fields)
    return identity_of("f", finding, about, path, meant)


MEMORY = (
    (Finding("checkov", "CKV_K8S_13", "Memory limits should be set"), VIOLATED["require-memory-limits"]),
    (Finding("trivy", "KSV-0018", "Memory not limited", "Container 'cart' should set 'resources.limits.memory'"), None),
    (Finding("polaris", "memoryLimitsMissing", "Memory limits should be set"), VIOLATED["require-memory-limits"]),
    (Finding("kube-linter", "unset-memory-requirements", "Indicates when containers do not have memory requests "
             "and limits set.", 'container "cart" has memory limit 0'), VIOLATED["require-memory-limits"]),
)  # fmt: skip


def test_what_several_scanners_say_is_one_problem_with_the_policy_that_says_the_same():
    found = {of(finding, path) for finding, path in MEMORY}
    assert len(found) == 1
    assert found.pop()[1:] == (
        "Deployment shop/cart",
        "require-memory-limits",
        VIOLATED["require-memory-limits"],
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("CKV_K8S_13", "Memory limits should be set", "require-memory-limits"),
         ("CKV_K8S_11", "CPU limits should be set", "require-cpu-limits")),
        (("CKV_K8S_8", "Liveness Probe Should be Configured", "require-liveness-probe"),
         ("CKV_K8S_9", "Readiness Probe Should be Configured", "require-readiness-probe")),
        (("CKV_K8S_14", "Image Tag should be fixed - not latest or blank", "deny-latest-tag"),
         ("CKV_K8S_43", "Image should use digest", "require-image-digest")),
    ],
)  # fmt: skip
def test_neighbours_are_problems_of_their_own_also_in_one_field(left, right):
    ids = {
        of(Finding("checkov", rule, title), VIOLATED[policy]).policy for rule, title, policy in (left, right)
    }
    assert ids == {left[2], right[2]}


def test_field_that_is_not_there_is_one_problem_whoever_asks_for_it():
    drop = VIOLATED["deny-net-raw-capability"]
    raw = of(Finding("checkov", "A", "Containers with the NET_RAW capability"), drop)
    everything = of(Finding("polaris", "B", "Require dropping all capabilities"), drop)
    assert (raw.policy, everything.policy) == ("deny-net-raw-capability", "require-drop-all-capabilities")
    assert raw.problem_id == everything.problem_id


def test_another_resource_or_container_is_another_problem():
    finding, path = MEMORY[0]
    other = CART | {"metadata": {"name": "web", "namespace": "shop"}}
    assert of(finding, path).problem_id != of(finding, path, subject(other)).problem_id
    elsewhere = of(finding, "/spec/template/spec/containers/1/resources/limits/memory")
    assert elsewhere.problem_id != of(finding, path).problem_id


def test_what_is_missing_in_a_namespace_is_one_problem_of_the_namespace():
    finding = Finding(
        "trivy", "KSV-0039", "limit range usage", "limit range policy should be set for the namespace"
    )
    web = subject(CART | {"metadata": {"name": "web", "namespace": "shop"}})
    elsewhere = subject(CART | {"metadata": {"name": "cart", "namespace": "bank"}})
    assert of(finding)[1:] == ("Namespace shop", "require-limit-range", "")
    assert of(finding).problem_id == of(finding, None, web).problem_id
    assert of(finding).problem_id != of(finding, None, elsewhere).problem_id


def test_signature_checks_that_nobody_could_run_are_one_problem():
    finding = Finding("kubescape", "C-0237", "Check if signature exists")
    web = subject(CART | {"metadata": {"name": "web", "namespace": "bank"}})
    assert of(finding, f"{CONTAINER}/image").problem_id == of(finding, None, web).problem_id


def test_where_no_policy_says_the_same_resource_field_and_the_rules_words_tell_problems_apart():
    one = of(Finding("a", "A-1", "Frobnicate the quux"), "/spec/x")
    same = of(Finding("b", "B-2", "The quux should FROBNICATE"), "/spec/x")
    assert one.policy is None
    assert one.problem_id == same.problem_id
    assert one.problem_id != of(Finding("a", "A-1", "Frobnicate the quux"), "/spec/y").problem_id
    assert one.problem_id != of(Finding("a", "A-1", "Frobnicate the gizmo"), "/spec/x").problem_id


def test_without_a_resource_every_finding_is_its_own_problem():
    ids = {identity_of(name, None, NOBODY, None, None).problem_id for name in ("f1", "f2")}
    assert len(ids) == 2


def test_order_of_the_violations_changes_nothing():
    paths = [f"{CONTAINER}/resources/limits/memory", f"{CONTAINER}/resources/limits/cpu", "/spec/z"]
    finding = Finding("checkov", "X", "Memory limits should be set")
    row = ROWS.index("require-memory-limits")
    found = {
        MEANING.of(
            MEANING.shares(finding),
            None,
            fields_of([Verdict("p", "c", "passed")] * row
                      + [Verdict("p", "c", "violated", violations=tuple(Violation("m", path) for path in order))]),
        )
        for order in permutations(paths)
    }  # fmt: skip
    assert found == {Meant("require-memory-limits", paths[1])}


def test_members_of_a_map_of_labels_have_nothing_to_do_with_each_other():
    labels = fields_of([
        Verdict(row, "c", "violated", violations=(Violation("m", "/metadata/labels/owner"),))
        if row == "require-labels"
        else Verdict(row, "c", "passed")
        for row in ROWS
    ])  # fmt: skip
    shares = MEANING.shares(Finding("t", "required-labels", "Require labels"))
    assert MEANING.of(shares, "/metadata/labels/owner", labels) == Meant(
        "require-labels", "/metadata/labels/owner"
    )
    assert MEANING.of(shares, "/metadata/labels/app", labels) is None
