"""Fields that foreign policies do not name, found with the real engine, and kept."""

import pytest

from jade_common.cache import MemoryCache
from jade_common.tools import find
from jade_policy.library import load_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review
from jade_ranker.adapters.locating import Locating, Locator

TEMPLATE = """
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {{name: {name}}}
spec:
  crd: {{spec: {{names: {{kind: {kind}}}}}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package {name}
        {rego}
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: {kind}
metadata: {{name: {name}}}
spec: {{match: {{kinds: [{{apiGroups: [""], kinds: [Pod]}}]}}, parameters: {parameters}}}
"""
EXEMPT = 'violation[{"msg": msg}] { c := input.review.object.spec.containers[_]; not startswith(c.image, "safe/"); '
POLICIES = {
    "Privileged": (EXEMPT + 'c.securityContext.privileged; msg := sprintf("%v must not", [c.name]) }', "{}",
                   "/securityContext/privileged"),
    "Memory": ('violation[{"msg": "memory limit"}] { c := input.review.object.spec.containers[_]; '
               "not c.resources.limits.memory }", "{}", "/resources/limits/memory"),
    "Repos": ('violation[{"msg": "not allowed"}] { c := input.review.object.spec.containers[_]; '
              "not startswith(c.image, input.parameters.repo) }", '{repo: "good.example/"}', "/image"),
    "Said": ('violation[{"msg": "spec.template.spec.containers[0].tty is set"}] { '
             "input.review.object.spec.containers[_].tty }", "{}", "/tty"),
}  # fmt: skip
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "cart"},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {"name": "web", "image": "bad/x", "tty": True, "securityContext": {"privileged": True}}
                ]
            }
        }
    },
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    for kind, (rego, parameters, _) in POLICIES.items():
        text = TEMPLATE.format(name=kind.lower(), kind=kind, rego=rego, parameters=parameters)
        (folder / f"{kind}.yaml").write_text(text)
    with Engine(load_library(folder), opa=find("opa").path, limit_seconds=20) as started:
        yield started


class CountingJudge:
    """The engine, with a count of the bulk requests."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.requests = engine, 0

    def judge(self, reviews, *, only=None):
        self.requests += 1
        return self.engine.judge(reviews, only=only)


async def test_fields_are_found_in_the_workload_and_asked_for_once(engine):
    judge, cache = CountingJudge(engine), MemoryCache()
    review = Review(DEPLOYMENT)
    verdicts = engine.judge([review])[0]
    assert [one.path for one in verdicts] == [None] * len(POLICIES)
    for _ in range(2):  # the second time by another process
        locating = Locating(Locator(judge, engine.library, engine.opa), cache, policies="x")
        found = await locating.of([(review, one) for one in verdicts] * 2)
    expected = {
        kind.lower(): f"/spec/template/spec/containers/0{end}" for kind, (_, _, end) in POLICIES.items()
    }
    assert {one.policy_id: one.path for one in found} == expected
    assert judge.requests == len(POLICIES) - 1  # the message of one says it


async def test_engine_in_trouble_costs_only_the_field_and_is_asked_again(engine):
    class Gone(CountingJudge):
        def judge(self, reviews, *, only=None):
            answers = super().judge(reviews, only=only)
            return [[one._replace(verdict="unknown", transient=True) for one in row] for row in answers]

    review, cache = Review(DEPLOYMENT), MemoryCache()
    verdict = next(one for one in engine.judge([review])[0] if one.policy_id == "memory")
    locating = Locating(Locator(Gone(engine), engine.library, engine.opa), cache, policies="x")
    assert await locating.of([(review, verdict)]) == [verdict]
    locating = Locating(Locator(engine, engine.library, engine.opa), cache, policies="x")
    assert (await locating.of([(review, verdict)]))[0].path is not None
