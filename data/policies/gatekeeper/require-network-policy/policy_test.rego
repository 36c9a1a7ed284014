package require_network_policy_test

import data.lib.testing
import data.require_network_policy

policies(specs) := {"networking.k8s.io/v1": {"NetworkPolicy": {sprintf("p%d", [i]): {"spec": spec} | some i, spec in specs}}}

in_shop(specs) := {"namespace": {"shop": policies(specs)}}

unplaced := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "cart", "labels": {"app": "cart"}},
	"spec": {},
}}}

test_denied_without_a_policy if {
	every inventory in [{}, {"namespace": {}}, in_shop([]), {"namespace": {"web": policies([{}])}}, {"cluster": policies([{}])}] {
		found := require_network_policy.violation with input as testing.deployment({}) with data.inventory as inventory
		testing.paths(found) == {"/spec/template/metadata/labels"}
	}
}

test_message if {
	found := require_network_policy.violation with input as testing.pod({}) with data.inventory as {}
	testing.messages(found) == {`Pod "shop/cart" is open to all pods: no NetworkPolicy in namespace "shop" selects its labels`}
	testing.paths(found) == {"/metadata/labels"}
}

test_denied_where_no_policy_selects_it if {
	every spec in [null, "x", {"podSelector": "x"}, {"podSelector": {"matchLabels": {"app": "orders"}}}] {
		found := require_network_policy.violation with input as testing.deployment({}) with data.inventory as in_shop([spec])
		count(found) == 1
	}
}

test_allowed if {
	every spec in [{}, {"podSelector": {}}, {"podSelector": null}, {"podSelector": {"matchLabels": {"app": "cart"}}}] {
		inventory := in_shop([{"podSelector": {"matchLabels": {"app": "orders"}}}, spec])
		found := require_network_policy.violation with input as testing.deployment({}) with data.inventory as inventory
		count(found) == 0
	}
}

test_without_a_namespace_the_manifests_belong_together if {
	every inventory in [{"cluster": policies([{}])}, {"namespace": {"default": policies([{}])}}] {
		found := require_network_policy.violation with input as unplaced with data.inventory as inventory
		count(found) == 0
	}
	found := require_network_policy.violation with input as unplaced with data.inventory as in_shop([{}])
	testing.messages(found) == {`Pod "cart" is open to all pods: no NetworkPolicy in its namespace selects its labels`}
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
	count(require_network_policy.violation) == 0 with input as service with data.inventory as {}
}
