package require_egress_policy_test

import data.lib.testing
import data.require_egress_policy

policies(specs) := {"networking.k8s.io/v1": {"NetworkPolicy": {sprintf("p%d", [i]): {"spec": spec} | some i, spec in specs}}}

in_shop(specs) := {"namespace": {"shop": policies(specs)}}

unplaced := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "cart", "labels": {"app": "cart"}},
	"spec": {},
}}}

denies_all := {"podSelector": {}, "policyTypes": ["Egress"]}

# A policy with these egress rules.
with_rules(rules) := in_shop([{"policyTypes": ["Egress"], "egress": rules}])

test_denied_without_a_policy if {
	every inventory in [{}, {"namespace": {}}, in_shop([]), {"namespace": {"web": policies([denies_all])}}, {"cluster": policies([denies_all])}] {
		found := require_egress_policy.violation with input as testing.deployment({}) with data.inventory as inventory
		testing.paths(found) == {"/spec/template/metadata/labels"}
		testing.messages(found) == {`Deployment "shop/cart" may call everything: no NetworkPolicy in namespace "shop" is for its egress`}
	}
}

test_denied_where_no_policy_is_for_its_egress if {
	every spec in [
		null,
		"x",
		{},
		{"policyTypes": ["Ingress"]},
		{"policyTypes": ["Ingress"], "egress": [{"to": [{"podSelector": {}}]}]},
		{"policyTypes": "Egress"},
		{"policyTypes": null},
		{"policyTypes": [], "egress": []},
		{"egress": null},
		{"egress": 5},
		object.union(denies_all, {"podSelector": {"matchLabels": {"app": "orders"}}}),
		object.union(denies_all, {"podSelector": "x"}),
	] {
		found := require_egress_policy.violation with input as testing.deployment({}) with data.inventory as in_shop([spec])
		count(found) == 1
	}
}

test_allowed if {
	every spec in [
		denies_all,
		{"policyTypes": ["Ingress", "Egress"]},
		{"podSelector": {"matchLabels": {"app": "cart"}}, "policyTypes": ["Egress"]},
		{"egress": [{"to": [{"podSelector": {}}]}]},
		{"policyTypes": null, "egress": [{"to": [{"podSelector": {}}]}]},
		{"policyTypes": [], "egress": [{"ports": [{"port": 53}]}]},
	] {
		inventory := in_shop([{"policyTypes": ["Ingress"]}, spec])
		count(require_egress_policy.violation) == 0 with input as testing.deployment({}) with data.inventory as inventory
	}
}

test_denied_where_a_rule_has_no_limits if {
	every rule in [
		{},
		null,
		{"to": null, "ports": []},
		{"to": [], "ports": null},
		{"to": [{"podSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]},
		{"to": [{"ipBlock": {"cidr": "::/0", "except": []}}], "ports": null},
		{"to": [{"ipBlock": {"cidr": "::/0", "except": null}}]},
	] {
		inventory := with_rules([{"ports": [{"port": 53}]}, rule])
		found := require_egress_policy.violation with input as testing.deployment({}) with data.inventory as inventory
		testing.paths(found) == {"/spec/template/metadata/labels"}
		testing.messages(found) == {concat("", [
			`Deployment "shop/cart" may call everything: `,
			`a NetworkPolicy in namespace "shop" has an egress rule without limits`,
		])}
	}
}

test_one_policy_without_limits_undoes_the_others if {
	inventory := in_shop([denies_all, {"egress": [{}]}])
	count(require_egress_policy.violation) == 1 with input as testing.deployment({}) with data.inventory as inventory
}

test_rules_of_policies_for_other_pods_do_not_count if {
	inventory := in_shop([denies_all, {"podSelector": {"matchLabels": {"app": "orders"}}, "egress": [{}]}])
	count(require_egress_policy.violation) == 0 with input as testing.deployment({}) with data.inventory as inventory
}

test_rules_with_limits if {
	every rule in [
		{"ports": [{"port": 443}]},
		{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443}]},
		{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]},
		{"to": [{"ipBlock": {"cidr": "10.0.0.0/10"}}]},
		{"to": [{"ipBlock": {"cidr": null}}]},
		{"to": [null]},
		{"to": "x"},
	] {
		count(require_egress_policy.violation) == 0 with input as testing.deployment({}) with data.inventory as with_rules([rule])
	}
	every rules in [[], null, {"a": {}}, "x"] {
		count(require_egress_policy.violation) == 0 with input as testing.deployment({}) with data.inventory as with_rules(rules)
	}
}

test_without_a_namespace_the_manifests_belong_together if {
	every inventory in [{"cluster": policies([denies_all])}, {"namespace": {"default": policies([denies_all])}}] {
		count(require_egress_policy.violation) == 0 with input as unplaced with data.inventory as inventory
	}
	found := require_egress_policy.violation with input as unplaced with data.inventory as in_shop([denies_all])
	testing.messages(found) == {`Pod "cart" may call everything: no NetworkPolicy in its namespace is for its egress`}
	testing.paths(found) == {"/metadata/labels"}
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
	every inventory in [{}, {"cluster": policies([{"egress": [{}]}])}] {
		count(require_egress_policy.violation) == 0 with input as service with data.inventory as inventory
	}
}
