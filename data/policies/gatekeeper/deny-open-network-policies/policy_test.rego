package deny_open_network_policies_test

import data.deny_open_network_policies
import data.lib.testing

policy_with(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "NetworkPolicy",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

from_peer(peer) := policy_with({}, {"ingress": [{"from": [peer]}]})

web := {"matchLabels": {"app": "web"}}

by_expression := {"matchExpressions": [{"key": "app", "operator": "Exists"}]}

test_denied_without_from if {
	found := deny_open_network_policies.violation with input as policy_with({}, {"ingress": [{"from": [{"podSelector": web}]}, {}]})
	testing.paths(found) == {"/spec/ingress/1/from"}
	testing.messages(found) == {`NetworkPolicy "shop/cart" lets in everybody: /spec/ingress/1/from names nobody`}
}

test_a_rule_that_names_nobody if {
	every rule in [{}, null, "x", {"ports": [{"port": 80}]}, {"from": []}, {"from": null}, {"from": {"a": {}}}, {"from": "web"}] {
		found := deny_open_network_policies.violation with input as policy_with({}, {"ingress": [rule]})
		testing.paths(found) == {"/spec/ingress/0/from"}
	}
}

test_all_addresses if {
	every cidr in ["0.0.0.0/0", "::/0", "10.0.0.0/0", ["0.0.0.0/0"], 5] {
		found := deny_open_network_policies.violation with input as from_peer({"ipBlock": {"cidr": cidr, "except": ["10.0.0.0/8"]}})
		testing.paths(found) == {"/spec/ingress/0/from/0/ipBlock/cidr"}
	}
	found := deny_open_network_policies.violation with input as from_peer({"ipBlock": {"cidr": "::/0"}})
	testing.messages(found) == {`NetworkPolicy "shop/cart" lets in everybody: /spec/ingress/0/from/0/ipBlock/cidr is ::/0`}
}

test_all_namespaces if {
	every selector in [{}, {"matchLabels": {}}, {"matchLabels": null, "matchExpressions": []}, {"matchLabels": "x"}, {"matchExpressions": {"a": {}}}, "x", []] {
		every peer in [{}, {"podSelector": {}}, {"podSelector": null}, {"podSelector": "x"}] {
			asked := from_peer(object.union(peer, {"namespaceSelector": selector}))
			found := deny_open_network_policies.violation with input as asked
			testing.paths(found) == {"/spec/ingress/0/from/0/namespaceSelector"}
		}
	}
}

test_allowed_peers if {
	every peer in [
		{"podSelector": web},
		{"podSelector": {}},
		{"namespaceSelector": web},
		{"namespaceSelector": by_expression},
		{"namespaceSelector": {}, "podSelector": web},
		{"namespaceSelector": {}, "podSelector": by_expression},
		{"namespaceSelector": null, "podSelector": {}},
		{"ipBlock": {"cidr": "203.0.113.0/24"}},
		{"ipBlock": {"cidr": "10.0.0.0/10"}},
		{"ipBlock": {"cidr": null}},
		{"ipBlock": null},
		null,
		"x",
	] {
		count(deny_open_network_policies.violation) == 0 with input as from_peer(peer)
	}
}

test_the_peer_that_is_open_is_named if {
	asked := policy_with({}, {"ingress": [{"from": [{"podSelector": web}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]}]})
	found := deny_open_network_policies.violation with input as asked
	testing.paths(found) == {"/spec/ingress/0/from/1/ipBlock/cidr"}
}

test_nothing_is_let_in if {
	every spec in [{}, null, "x", {"ingress": []}, {"ingress": null}, {"ingress": {"a": {}}}, {"egress": [{}]}] {
		count(deny_open_network_policies.violation) == 0 with input as policy_with({}, spec)
	}
}

test_policy_types if {
	count(deny_open_network_policies.violation) == 0 with input as policy_with({}, {"policyTypes": ["Egress"], "ingress": [{}]})
	every types in [["Ingress"], ["Ingress", "Egress"], [], null, "Egress", {"a": "Egress"}, ["egress"]] {
		count(deny_open_network_policies.violation) == 1 with input as policy_with({}, {"policyTypes": types, "ingress": [{}]})
	}
}

test_allowed_ports if {
	parameters := {"allowedPorts": [443, 8443]}
	every ports in [
		[{"port": 443}],
		[{"port": 443, "protocol": "UDP"}, {"port": 8443}],
		[{"port": 443, "endPort": 443}],
		[{"port": 443, "endPort": null}],
	] {
		every from in [null, [{"ipBlock": {"cidr": "0.0.0.0/0"}}]] {
			asked := policy_with(parameters, {"ingress": [{"ports": ports, "from": from}]})
			count(deny_open_network_policies.violation) == 0 with input as asked
		}
	}
	every ports in [
		[{"port": 443}, {"port": 80}],
		[{"port": 443, "endPort": 444}],
		[{"protocol": "TCP"}],
		[{"port": "https"}],
		[{"port": null}],
		[null],
		[],
		null,
		{"a": {"port": 443}},
	] {
		asked := policy_with(parameters, {"ingress": [{"ports": ports}]})
		count(deny_open_network_policies.violation) == 1 with input as asked
	}
	every unread in [null, {"allowedPorts": null}, {"allowedPorts": {"a": 443}}] {
		asked := policy_with(unread, {"ingress": [{"ports": [{"port": 443}]}]})
		count(deny_open_network_policies.violation) == 1 with input as asked
	}
}

test_only_network_policies_are_judged if {
	every other in [["cilium.io/v2", "NetworkPolicy"], ["networking.k8s.io/v1", "Ingress"]] {
		object := {"apiVersion": other[0], "kind": other[1], "spec": {"ingress": [{}]}}
		count(deny_open_network_policies.violation) == 0 with input as {"review": {"object": object}}
	}
}
