package lib.ingresses_test

import data.lib.ingresses

reviewed(api_version, kind, spec) := {"review": {"object": {"apiVersion": api_version, "kind": kind, "spec": spec}}}

test_both_groups_of_ingresses if {
	every api_version in ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"] {
		ingresses.spec == {"tls": []} with input as reviewed(api_version, "Ingress", {"tls": []})
	}
}

test_nothing_else_is_one if {
	every other in [["v1", "Ingress"], ["networking.k8s.io/v1", "NetworkPolicy"], ["config.openshift.io/v1", "Ingress"]] {
		asked := reviewed(other[0], other[1], {"rules": [{}]})
		not ingresses.spec with input as asked
		ingresses.rules == [] with input as asked
	}
}

test_a_spec_of_a_wrong_type_is_empty if {
	every spec in [null, "x", [], 5] {
		ingresses.spec == {} with input as reviewed("networking.k8s.io/v1", "Ingress", spec)
	}
}

test_rules_know_where_they_stand if {
	rules := [{"host": "cart.example.com", "http": {}}, null, {"host": null}]
	found := ingresses.rules with input as reviewed("networking.k8s.io/v1", "Ingress", {"rules": rules})
	found == [
		{"host": "cart.example.com", "pointer": "/spec/rules/0", "spec": {"host": "cart.example.com", "http": {}}},
		{"host": null, "pointer": "/spec/rules/1", "spec": {}},
		{"host": null, "pointer": "/spec/rules/2", "spec": {"host": null}},
	]
}

test_rules_that_are_no_list_are_none if {
	every rules in [null, "x", {"a": {"host": "cart.example.com"}}] {
		ingresses.rules == [] with input as reviewed("networking.k8s.io/v1", "Ingress", {"rules": rules})
	}
}
