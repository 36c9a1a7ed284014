package deny_wildcard_ingress_hosts_test

import data.deny_wildcard_ingress_hosts
import data.lib.testing

ingress_with(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

ingress(rules) := ingress_with({}, {"rules": rules})

test_denied if {
	found := deny_wildcard_ingress_hosts.violation with input as ingress([{"host": "cart.example.com"}, {"host": "*.example.com"}])
	testing.paths(found) == {"/spec/rules/1/host"}
	testing.messages(found) == {`Ingress "shop/cart" answers for more hosts than one: /spec/rules/1 has host *.example.com`}
}

test_denied_without_a_host if {
	every rule in [{}, {"http": {}}, {"host": null}, {"host": ""}, null, "x"] {
		found := deny_wildcard_ingress_hosts.violation with input as ingress([rule])
		testing.paths(found) == {"/spec/rules/0/host"}
		testing.messages(found) == {`Ingress "shop/cart" answers for more hosts than one: /spec/rules/0 has no host`}
	}
}

test_a_host_of_a_wrong_type_is_not_trusted if {
	every host in [["cart.example.com"], 5, {}, true, "*", "cart.*"] {
		count(deny_wildcard_ingress_hosts.violation) == 1 with input as ingress([{"host": host}])
	}
}

test_denied_without_rules if {
	every spec in [{"defaultBackend": {}}, {}, null, "x", {"rules": []}, {"rules": null}, {"rules": {"a": {"host": "cart.example.com"}}}] {
		found := deny_wildcard_ingress_hosts.violation with input as ingress_with({}, spec)
		testing.paths(found) == {"/spec/rules"}
		testing.messages(found) == {`Ingress "shop/cart" answers for every host: it has no rules`}
	}
}

test_allowed if {
	count(deny_wildcard_ingress_hosts.violation) == 0 with input as ingress([{"host": "cart.example.com"}, {"host": "orders"}])
}

test_allowed_hosts if {
	parameters := {"allowedHosts": ["*.preview.example.com"]}
	allowed := {"rules": [{"host": "*.preview.example.com"}]}
	count(deny_wildcard_ingress_hosts.violation) == 0 with input as ingress_with(parameters, allowed)
	every host in ["*.example.com", "*.a.preview.example.com", null] {
		count(deny_wildcard_ingress_hosts.violation) == 1 with input as ingress_with(parameters, {"rules": [{"host": host}]})
	}
	every unread in [null, {"allowedHosts": null}, {"allowedHosts": {"a": "*.preview.example.com"}}] {
		count(deny_wildcard_ingress_hosts.violation) == 1 with input as ingress_with(unread, allowed)
	}
}

test_nothing_but_ingresses_is_judged if {
	object := {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "spec": {"rules": [{"host": "*"}]}}
	count(deny_wildcard_ingress_hosts.violation) == 0 with input as {"review": {"object": object}}
}
