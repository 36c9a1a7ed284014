"""The engine gives every policy's verdict, whatever dialect it is written in."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jade_policy.errors import EngineError, PolicyError
from jade_policy.library import Library, own_library
from jade_policy.opa import Engine
from jade_policy.opa.bundle import SLOTS
from jade_policy.opa.client import EvaluationError, OpaClient
from jade_policy.verdicts import Review, Violation

pytestmark = pytest.mark.integration

TEMPLATE = """
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {{name: {name}}}
spec:
  crd: {{spec: {{names: {{kind: {kind}}}}}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      {code}
"""
CONSTRAINT = """
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: {kind}
metadata: {{name: {name}}}
spec: {spec}
"""

# Two templates with the same package, rule and library names but other contents, in both versions of Rego.
V0 = TEMPLATE.format(
    name="zero",
    kind="Zero",
    code="""rego: |
        package same
        import data.lib.helpers
        violation[{"msg": msg}] { msg := helpers.say(input.parameters.word) }
      libs:
        - |
          package lib.helpers
          say(x) = y { y := sprintf("zero says %v", [x]) }
""",
) + "".join(
    CONSTRAINT.format(kind="Zero", name=word, spec=f"{{parameters: {{word: {word}}}}}")
    for word in ("one", "two")
)
V1 = TEMPLATE.format(
    name="first",
    kind="First",
    code="""code:
        - engine: Rego
          source:
            version: v1
            rego: |
              package same
              import data.lib.helpers
              violation contains {"msg": helpers.say(input.parameters.word)}
            libs:
              - |
                package lib.helpers
                say(x) := $"first says {x}"
""",
) + CONSTRAINT.format(
    kind="First", name="three", spec="{parameters: {word: three}, enforcementAction: dryrun}"
)
FOREIGN = {
    "v0.yaml": V0,
    "v1.yaml": V1,
    # input as a whole, in the entry and in a library
    "whole.yaml": TEMPLATE.format(
        name="whole",
        kind="Whole",
        code="""rego: |
        package whole
        import data.lib.deep
        violation[{"msg": msg}] {
          msg := concat(" ", [object.get(input, ["parameters", "x"], ""), deep.kind])
        }
      libs: ["package lib.deep\\nkind = k { walk(input, [[\\"review\\", \\"object\\", \\"kind\\"], k]) }"]
""",
    )
    + CONSTRAINT.format(kind="Whole", name="w", spec="{parameters: {x: seven}}"),
    # a library that reads parameters cannot be shared; an import of several packages keeps them together
    "shared.yaml": TEMPLATE.format(
        name="shared",
        kind="Shared",
        code="""rego: |
        package shared
        import data.lib
        violation[{"msg": lib.a.word}] { lib.b.yes }
      libs: ["package lib.a\\nword = input.parameters.word", "package lib.b\\nyes { data.lib.a.word }"]
""",
    )
    + CONSTRAINT.format(kind="Shared", name="s1", spec="{parameters: {word: a}}")
    + CONSTRAINT.format(kind="Shared", name="s2", spec="{parameters: {word: b}}"),
    "plain/pack.rego": """package main
deny[msg] { input.kind == "Pod"; msg := sprintf("%s is a Pod", [input.metadata.name]) }
deny_named = msg { input.metadata.name == "p"; msg := "p is no name" }
""",
    "plain/warn.rego": 'package warned\nwarn contains "careful" if input.kind == "Pod"\n',
    "plain/v1.rego": "package v1\nimport data.helpers\ndeny contains helpers.text if input.kind\n",
    "plain/helpers.rego": 'package helpers\ntext := sprintf("a %s", [input.kind])\n',
}
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p", "namespace": "shop"},
    "spec": {"containers": [{"name": "c", "image": "a"}]},
}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "d", "namespace": "shop"},
    "spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": POD["spec"]}},
}
PODS = '{match: {kinds: [{apiGroups: [""], kinds: ["Pod"]}]}}'
PODS_ONLY = TEMPLATE.format(
    name="pods",
    kind="Pods",
    code="""rego: |
        package pods
        violation[{"msg": msg, "details": {"path": path}}] {
          input.review.object.spec.containers[i].image == "a"
          review := input.review
          msg := sprintf("%v in %v/%v", [review.kind.kind, review.namespace, review.object.kind])
          path := sprintf("/spec/containers/%d/image", [i])
        }
""",
) + CONSTRAINT.format(kind="Pods", name="pods", spec=PODS)


@pytest.fixture(params=[True, False], ids=["compiled", "interpreted"])
def start(start: Any, request: pytest.FixtureRequest) -> Any:
    """Whoever answers, the answer is the same."""

    def begin(files: Any, **options: Any) -> Engine:
        engine: Engine = start(files, **{"compiled": request.param, **options})
        return engine

    return begin


def test_a_foreign_library_of_both_versions(start: Any, judge_one: Any) -> None:
    engine = start(FOREIGN)
    assert engine.problems == ()
    verdicts = judge_one(engine, POD)
    assert {name: (verdict.verdict, verdict.messages) for name, verdict in verdicts.items()} == {
        "first/three": ("violated", ("first says three",)),
        "main": ("violated", ("p is a Pod", "p is no name")),
        "shared/s1": ("violated", ("a",)),
        "shared/s2": ("violated", ("b",)),
        "v1": ("violated", ("a Pod",)),
        "warned": ("violated", ("careful",)),
        "whole/w": ("violated", ("seven Pod",)),
        "zero/one": ("violated", ("zero says one",)),
        "zero/two": ("violated", ("zero says two",)),
    }
    assert verdicts["first/three"].enforcement == "dryrun"
    assert verdicts["warned"].enforcement == "warn"
    service = judge_one(engine, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}})
    assert (service["main"].verdict, service["warned"].verdict) == ("passed", "passed")
    assert service["v1"].messages == ("a Service",)


def test_a_workload_is_judged_by_its_pod(start: Any, judge_one: Any) -> None:
    engine = start({"t.yaml": PODS_ONLY})
    by_pod = judge_one(engine, DEPLOYMENT)["pods/pods"]
    assert (by_pod.verdict, by_pod.via) == ("violated", "pod")
    assert by_pod.violations == (Violation("Pod in shop/Pod", "/spec/template/spec/containers/0/image"),)
    itself = judge_one(engine, POD)["pods/pods"]
    assert (itself.via, itself.path) == (None, "/spec/containers/0/image")
    service = judge_one(engine, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}})
    assert service["pods/pods"].verdict == "not_applicable"


def test_a_match_excludes(start: Any, judge_one: Any) -> None:
    spec = '{match: {kinds: [{apiGroups: [""], kinds: ["Pod"]}], excludedNamespaces: ["shop"]}}'
    engine = start({"t.yaml": PODS_ONLY + CONSTRAINT.format(kind="Pods", name="elsewhere", spec=spec)})
    for resource in (POD, DEPLOYMENT):
        verdicts = judge_one(engine, resource)
        assert verdicts["pods/pods"].verdict == "violated"
        assert verdicts["pods/elsewhere"].verdict == "not_applicable"


def test_a_namespace_selector_asks_the_inventory(start: Any, judge_one: Any) -> None:
    spec = "{match: {namespaceSelector: {matchLabels: {team: a}}}}"
    engine = start({"t.yaml": PODS_ONLY.replace(PODS, spec)})
    assert judge_one(engine, POD)["pods/pods"].verdict == "unknown"
    assert "Namespace 'shop'" in judge_one(engine, POD)["pods/pods"].reason

    def inventory(team: str) -> dict[str, Any]:
        namespace = {"metadata": {"name": "shop", "labels": {"team": team}}}
        return {"cluster": {"v1": {"Namespace": {"shop": namespace}}}}

    assert judge_one(engine, POD, inventory=inventory("a"))["pods/pods"].verdict == "violated"
    assert judge_one(engine, POD, inventory=inventory("b"))["pods/pods"].verdict == "not_applicable"


INVENTORY_REGO = """# METADATA
# custom:
#   id: needs
#   inventory: [v1/Service]
package needs
violation contains {"msg": name} if some name, _ in data.inventory.namespace.shop["v1"].Service
violation contains {"msg": "no review"} if not input.review
"""


def test_the_inventory(start: Any, judge_one: Any) -> None:
    undeclared = INVENTORY_REGO.replace("needs", "asks").replace("#   inventory: [v1/Service]\n", "")
    engine = start({"needs.rego": INVENTORY_REGO, "asks.rego": undeclared})
    without = judge_one(engine, POD)
    assert without["needs"].verdict == "unknown"
    assert without["needs"].reason == "needs v1/Service; no inventory was given"
    assert [verdict.needs_cluster for verdict in (without["needs"], without["asks"])] == [True, False]
    assert without["asks"].verdict == "passed"  # as with gator, an inventory that is not given is empty
    some = {"namespace": {"shop": {"v1": {"Service": {"web": {}}}}}}
    assert {verdict.messages for verdict in judge_one(engine, POD, inventory=some).values()} == {("web",)}
    mixed = engine.judge([Review(POD, inventory=some), Review(POD, inventory={}), Review(POD)])
    assert [[verdict.verdict for verdict in verdicts] for verdicts in mixed] == [
        ["violated", "violated"],
        ["passed", "passed"],
        ["passed", "unknown"],
    ]


WITH_NAMESPACE = """package {name}
violation contains {{"msg": "b"}} if {look}.metadata.labels.team == "b"
"""


def test_what_needs_nothing_of_the_cluster_is_judged_without_it(start: Any) -> None:
    undeclared = INVENTORY_REGO.replace("needs", "asks").replace("#   inventory: [v1/Service]\n", "")
    object_only = 'rego: |\n        package p\n        violation[{"msg": "x"}] { input.review.object.kind }\n'
    selector = "{match: {namespaceSelector: {matchLabels: {team: a}}}}"
    engine = start(
        {
            "needs.rego": INVENTORY_REGO,
            "asks.rego": undeclared,
            "looks.rego": WITH_NAMESPACE.format(name="looks", look="input.review.namespaceObject"),
            "whole.rego": WITH_NAMESPACE.format(name="whole", look="input.review[_]"),
            "free.rego": 'package free\ndeny contains "x" if input.kind\n',
            "pods.yaml": TEMPLATE.format(name="pods", kind="Pods", code=object_only)
            + CONSTRAINT.format(kind="Pods", name="pods", spec=PODS),
            "picks.yaml": TEMPLATE.format(name="picks", kind="Picks", code=object_only)
            + CONSTRAINT.format(kind="Picks", name="picks", spec=selector),
        }
    )
    assert engine.problems == ()
    assert engine.needing_cluster == {"needs", "asks", "looks", "whole", "picks"}
    alone = frozenset(policy.id for policy in engine.library.policies) - engine.needing_cluster
    assert alone == {"free", "pods"}
    for team in ("a", "b"):
        namespace = {"metadata": {"name": "shop", "labels": {"team": team}}}
        inventory = {
            "cluster": {"v1": {"Namespace": {"shop": namespace}}},
            "namespace": {"shop": {"v1": {"Service": {"web": {}}}}},
        }
        reviews = [Review(POD, inventory=inventory), Review(DEPLOYMENT, inventory=inventory)]
        first = engine.judge([review._replace(inventory=None) for review in reviews], only=alone)
        second = engine.judge(reviews, only=engine.needing_cluster)
        parts = [sorted(a + b, key=lambda one: one.policy_id) for a, b in zip(first, second, strict=True)]
        assert parts == engine.judge(reviews)
        assert {one.policy_id for one in parts[0] if one.verdict == "violated"} == {
            *("asks", "free", "needs", "pods"),
            *(("picks",) if team == "a" else ("looks", "whole")),
        }


def test_an_inventory_outlives_a_restart_and_many_others(start: Any, judge_one: Any) -> None:
    engine = start({"needs.rego": INVENTORY_REGO}, compiled=False)
    inventories = [{"namespace": {"shop": {"v1": {"Service": {f"web{i}": {}}}}}} for i in range(2 * SLOTS)]
    for _ in range(2):
        for number, inventory in enumerate(inventories):
            assert judge_one(engine, POD, inventory=inventory)["needs"].messages == (f"web{number}",)
        os.kill(engine.pid, signal.SIGKILL)
    verdicts = engine.judge([Review(POD, inventory=inventory) for inventory in inventories])
    assert [verdict.messages for (verdict,) in verdicts] == [(f"web{i}",) for i in range(2 * SLOTS)]


def test_an_inventory_that_is_none(start: Any, judge_one: Any) -> None:
    engine = start(
        {"needs.rego": INVENTORY_REGO, "free.rego": 'package free\ndeny contains "x" if input.kind\n'}
    )
    verdicts = judge_one(engine, POD, inventory={"namespace": {"shop": 2**70}})
    assert verdicts["free"].verdict == "violated"
    assert verdicts["needs"].verdict == "unknown"
    assert "the inventory cannot be written as JSON" in verdicts["needs"].reason


def test_an_inventory_that_opa_does_not_take(
    start: Any, judge_one: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(
        {"needs.rego": INVENTORY_REGO, "free.rego": 'package free\ndeny contains "x" if input.kind\n'},
        compiled=False,
    )

    def refuse(self: OpaClient, path: str, body: bytes, limit_seconds: float) -> None:
        raise EvaluationError("no room for it")

    monkeypatch.setattr(OpaClient, "put", refuse)
    verdicts = judge_one(engine, POD, inventory={"namespace": {}})
    assert verdicts["free"].verdict == "violated"
    assert verdicts["needs"].verdict == "unknown"
    assert verdicts["needs"].reason == "the inventory cannot be used: no room for it"


def test_one_request_asks_those_that_look_at_the_inventory_and_all_others(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(
        {"needs.rego": INVENTORY_REGO, "free.rego": 'package free\ndeny contains "x" if input.kind\n'},
        compiled=False,
    )
    review = Review(POD, inventory={"namespace": {}})
    first = engine.judge([review])
    asked = []
    query = OpaClient.query

    def counted(self: OpaClient, rule: str, body: bytes, limit_seconds: float) -> Any:
        asked.append(rule)
        return query(self, rule, body, limit_seconds)

    monkeypatch.setattr(OpaClient, "query", counted)
    assert engine.judge([review]) == first
    assert len(asked) == 1


def test_a_review_carries_the_request(start: Any, judge_one: Any) -> None:
    rego = """package request
violation contains {"msg": json.marshal(seen)} if {
	r := input.review
	seen := [r.operation, r.name, r.kind, r.oldObject.kind, r.userInfo.username]
}
"""
    engine = start({"request.rego": rego})
    update = judge_one(engine, POD, operation="UPDATE", old_object=POD, user_info={"username": "u"})
    assert update["request"].messages == (
        '["UPDATE","p",{"group":"","kind":"Pod","version":"v1"},"Pod","u"]',
    )
    delete = judge_one(engine, None, operation="DELETE", old_object=POD, user_info={"username": "u"})
    assert delete["request"].messages == (
        '["DELETE","p",{"group":"","kind":"Pod","version":"v1"},"Pod","u"]',
    )
    nothing = judge_one(engine, None)
    assert (nothing["request"].verdict, nothing["request"].reason) == (
        "unknown",
        "the review holds no object",
    )


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('violation contains x if x := {"msg": 1}', "without a msg that is a string"),
        ('violation contains x if x := {"details": {}}', "without a msg that is a string"),
        ("violation := 3", "without a msg that is a string"),
        ("deny := 3", "without a msg that is a string"),
    ],
)
def test_an_answer_that_is_none_is_unknown(start: Any, judge_one: Any, rule: str, reason: str) -> None:
    verdict = judge_one(start({"a.rego": f"package a\n{rule}\n"}), POD)["a"]
    assert verdict.verdict == "unknown"
    assert reason in verdict.reason


def test_a_value_rule_that_does_not_hold_is_no_violation(start: Any, judge_one: Any) -> None:
    engine = start(
        {"a.rego": 'package a\ndeny if input.kind == "Job"\n', "b.rego": "package b\ndeny := input.x\n"}
    )
    assert [verdict.verdict for verdict in judge_one(engine, POD).values()] == ["passed", "passed"]
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}}
    assert judge_one(engine, job)["a"].messages == ("deny is true",)


def test_what_cannot_be_json_is_unknown_and_stands_alone(start: Any) -> None:
    engine = start({"a.rego": 'package a\nviolation contains {"msg": "x"}\n'})
    odd = [{**POD, "spec": 2**70}, {**POD, "spec": "\ud800"}]
    verdicts = engine.judge([Review(POD), *(Review(obj) for obj in odd), Review(POD)])
    assert [verdict.verdict for (verdict,) in verdicts] == ["violated", "unknown", "unknown", "violated"]
    assert "cannot be written as JSON" in str(verdicts[1][0].reason)


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_many_reviews_from_many_threads(opa: Any, compiled: bool) -> None:
    """Answers come back to their own question, whoever asks at the same time."""
    reviews = [Review({**POD, "metadata": {"name": f"p{i}"}}) for i in range(120)]
    with Engine(own_library(), opa=opa, compiled=compiled) as engine:
        expected = [engine.judge([review])[0] for review in reviews]
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda n: engine.judge(reviews[n:]), range(8)))
    assert all(verdicts == expected[n:] for n, verdicts in enumerate(found))


def test_it_may_be_started_by_a_thread_that_ends(opa: Any) -> None:
    """The kernel's death signal follows the thread that forked; OPA must outlive whoever called start."""
    engine = Engine(own_library(), opa=opa, compiled=False)
    starter = threading.Thread(target=engine.start)
    starter.start()
    starter.join()
    try:
        pid = engine.pid
        assert all(
            verdict.verdict != "unknown" or verdict.reason for verdict in engine.judge([Review(POD)])[0]
        )
        assert engine.healthy()
        assert (engine.pid, engine.restarts) == (pid, 0)
    finally:
        engine.close()
    assert not engine.healthy()


def test_an_engine_that_is_not_started_says_so(opa: Any) -> None:
    with pytest.raises(EngineError, match="not started"):
        Engine(own_library(), opa=opa).judge([Review(POD)])


def test_no_opa_is_an_error_that_says_what_to_do(tmp_path: Any) -> None:
    with pytest.raises(EngineError, match="make setup"):
        Engine(own_library(), opa=tmp_path / "opa").start()
    assert issubclass(EngineError, PolicyError)


def test_an_empty_library_judges_nothing(opa: Any) -> None:
    with Engine(Library(()), opa=opa) as engine:
        assert engine.judge([Review(POD)]) == [[]]
        assert engine.judge([]) == []
        assert engine.version.split(".")[0].isdigit()
