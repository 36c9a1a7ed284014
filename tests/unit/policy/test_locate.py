"""The field that a violation hangs on: paths in texts, variants of a resource, and the choice among them."""

from typing import Any

import pytest

from jade_policy.locate import MAX_VARIANTS, Outcome, located, stated_path, variants_of
from jade_policy.locate.variants import NOTHING
from jade_policy.reads import Read
from jade_policy.verdicts import Verdict, Violation

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "cart", "labels": {"app.kubernetes.io/name": "cart"}},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {"name": "web", "image": "web:1", "securityContext": {"privileged": True}},
                    {"name": "log", "image": "log"},
                ],
                "hostNetwork": True,
            }
        }
    },
}
POD = "/spec/template/spec"
PRIVILEGED = Read(("{container}", "securityContext", "privileged"), ("containers",))
MEMORY = Read(("{container}", "resources", "limits", "memory"), ("containers",))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (f"see {POD}/hostNetwork", f"{POD}/hostNetwork"),
        ("spec.template.spec.containers[0].image is latest", f"{POD}/containers/0/image"),
        ("spec.template.spec.containers[name=log].image", f"{POD}/containers/1/image"),
        ("set spec.containers[*].securityContext.privileged to false", f"{POD}/containers/0/securityContext/privileged"),
        ("spec.hostNetwork must be false", f"{POD}/hostNetwork"),
        ('metadata.labels["app.kubernetes.io/name"]', "/metadata/labels/app.kubernetes.io~1name"),
        ("Container 'log' should set 'resources.limits.cpu'", f"{POD}/containers/1/resources/limits/cpu"),
        ("spec.template.spec.containers[7].image", None),
        ("see example.com/docs and v1.27.3, e.g. registry.k8s.io/pause", None),
        ("nothing is named", None),
    ],
)  # fmt: skip
def test_path_in_a_text_counts_where_it_fits_the_resource(text, pointer):
    assert stated_path(DEPLOYMENT, text) == pointer


def test_variants_drop_and_set_what_is_read_and_share_the_rest():
    variants = variants_of(DEPLOYMENT, [PRIVILEGED, MEMORY], ())
    web = f"{POD}/containers/0/securityContext/privileged"
    assert {(one.places, one.value) for one in variants if one.places == (web,)} >= {
        ((web,), False),
        ((web,), NOTHING),
    }
    both = (f"{POD}/containers/0/resources/limits/memory", f"{POD}/containers/1/resources/limits/memory")
    assert {(both[1],), both} <= {one.places for one in variants}
    assert DEPLOYMENT["spec"]["template"]["spec"]["containers"][0]["securityContext"] == {"privileged": True}
    assert all(one.obj["metadata"] is DEPLOYMENT["metadata"] for one in variants)


def test_variants_are_bounded_and_every_field_gets_its_first_value():
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "spec": {}}
    reads = [Read(("spec", f"field{number}")) for number in range(150)]
    variants = variants_of(widget, reads, ("a", "b"))
    assert len(variants) == MAX_VARIANTS
    assert {one.places for one in variants} == {(f"/spec/field{number}",) for number in range(150)}


def test_fields_that_the_kind_cannot_have_are_not_tried():
    read = Read(("{container}", "securityContext", "*"))
    places = {
        place for one in variants_of(DEPLOYMENT, [read], ("runAsUser", "nonsense")) for place in one.places
    }
    assert f"{POD}/containers/1/securityContext/runAsUser" in places
    assert not [one for one in places if one.endswith("nonsense")]


def test_label_that_a_parameter_asks_for_is_tried_beside_the_default():
    places = {
        place
        for one in variants_of(DEPLOYMENT, [Read(("metadata", "labels", "owner"))], ("team",))
        for place in one.places
    }
    assert {"/metadata/labels/owner", "/metadata/labels/team"} <= places


def test_resources_own_fields_are_tried_where_nothing_is_known_to_be_read():
    places = {place for one in variants_of(DEPLOYMENT, (), ()) for place in one.places}
    assert f"{POD}/hostNetwork" in places
    assert not {"/kind", "/apiVersion", "/metadata/name"} & places


def judged(policy, message: str = "not so") -> dict[int, str]:
    """The field found for a policy that is a function: the containers' pointers that it finds fault with."""
    verdict = policy_verdict(policy, DEPLOYMENT, message)
    outcomes = [
        Outcome(one, policy_verdict(policy, one.obj, message))
        for one in variants_of(
            DEPLOYMENT, [PRIVILEGED, MEMORY, Read(("{container}", "image"), ("containers",))], ()
        )
    ]
    return located(DEPLOYMENT, verdict, outcomes)


def policy_verdict(policy, obj, message: str) -> Verdict:
    found = [one["name"] for one in obj["spec"]["template"]["spec"]["containers"] if policy(one)]
    violations = tuple(Violation(message.format(name)) for name in found)
    return Verdict("p", None, "violated" if violations else "passed", violations=violations)


def test_field_whose_change_makes_the_violation_go_away_is_the_one():
    assert judged(lambda one: (one.get("securityContext") or {}).get("privileged")) == {
        0: f"{POD}/containers/0/securityContext/privileged"
    }


def test_each_violation_gets_the_field_of_the_container_that_it_names():
    lacks = judged(
        lambda one: not ((one.get("resources") or {}).get("limits") or {}).get("memory"), "{} lacks memory"
    )
    assert lacks == {
        0: f"{POD}/containers/0/resources/limits/memory",
        1: f"{POD}/containers/1/resources/limits/memory",
    }


def test_message_that_only_repeats_a_name_does_not_make_the_name_the_field():
    assert judged(lambda one: True, "{} is bad") == {}


def test_unknown_and_not_applicable_prove_nothing():
    verdict = Verdict("p", None, "violated", violations=(Violation("m"),))
    variants = variants_of(DEPLOYMENT, [PRIVILEGED], ())
    for name in ("unknown", "not_applicable"):
        assert (
            located(DEPLOYMENT, verdict, [Outcome(one, Verdict("p", None, name)) for one in variants]) == {}
        )
