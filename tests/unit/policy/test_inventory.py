"""What policies are told of the cluster."""

from dataclasses import replace

from jade_policy.inventory import inventory_of, wanted_kinds
from jade_policy.library import own_library

POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "a", "namespace": "s"},
}
OPEN = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "b"}}
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c", "namespace": "s"}}


def test_inventory_has_gatekeepers_shape():
    assert inventory_of([POLICY, OPEN, POD], frozenset({("networking.k8s.io/v1", "NetworkPolicy")})) == {
        "namespace": {"s": {"networking.k8s.io/v1": {"NetworkPolicy": {"a": POLICY}}}},
        "cluster": {"networking.k8s.io/v1": {"NetworkPolicy": {"b": OPEN}}},
    }
    assert inventory_of([POD], None)["namespace"]["s"]["v1"]["Pod"]["c"] is POD
    assert inventory_of([], None) == {"cluster": {}, "namespace": {}}


def test_our_policies_say_what_they_look_at():
    kinds = wanted_kinds(own_library())
    assert kinds is not None
    assert ("networking.k8s.io/v1", "NetworkPolicy") in kinds
    assert ("v1", "Secret") not in kinds


def test_a_policy_that_does_not_say_what_it_looks_at_sees_everything():
    library = own_library()
    policy = library.policy("require-network-policy")
    assert wanted_kinds(replace(library, policies=(replace(policy, inventory=()),))) is None
    assert (
        wanted_kinds(replace(library, policies=(replace(policy, inventory=("the cluster's inventory",)),)))
        is None
    )
