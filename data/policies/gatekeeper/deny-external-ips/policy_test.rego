package deny_external_ips_test

import data.deny_external_ips
import data.lib.testing

service_with(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

service(spec) := service_with({}, spec)

test_denied if {
	found := deny_external_ips.violation with input as service({"externalIPs": ["203.0.113.7", "203.0.113.8"]})
	testing.paths(found) == {"/spec/externalIPs/0", "/spec/externalIPs/1"}
	testing.messages(found) == {
		`Service "shop/cart" claims the external IP 203.0.113.7`,
		`Service "shop/cart" claims the external IP 203.0.113.8`,
	}
}

test_what_is_no_address_is_denied if {
	every ip in [null, "", 5, ["203.0.113.7"], {}] {
		found := deny_external_ips.violation with input as service({"externalIPs": [ip]})
		testing.paths(found) == {"/spec/externalIPs/0"}
	}
}

test_what_is_no_list_is_denied if {
	every ips in ["203.0.113.7", {"a": "203.0.113.7"}, 5, true] {
		found := deny_external_ips.violation with input as service({"externalIPs": ips})
		testing.paths(found) == {"/spec/externalIPs"}
		testing.messages(found) == {`Service "shop/cart" claims external IPs in a way that cannot be read: spec.externalIPs is no list`}
	}
}

test_allowed if {
	every spec in [{"externalIPs": []}, {"externalIPs": null}, {"loadBalancerIP": "203.0.113.7"}, {}, null, "x"] {
		count(deny_external_ips.violation) == 0 with input as service(spec)
	}
}

test_allowed_ips if {
	parameters := {"allowedIPs": ["203.0.113.7"]}
	count(deny_external_ips.violation) == 0 with input as service_with(parameters, {"externalIPs": ["203.0.113.7"]})
	found := deny_external_ips.violation with input as service_with(parameters, {"externalIPs": ["203.0.113.7", "203.0.113.70"]})
	testing.paths(found) == {"/spec/externalIPs/1"}
	every unread in [null, {"allowedIPs": null}, {"allowedIPs": {"a": "203.0.113.7"}}] {
		count(deny_external_ips.violation) == 1 with input as service_with(unread, {"externalIPs": ["203.0.113.7"]})
	}
}

test_only_core_services_are_judged if {
	every other in [["v1", "Node"], ["serving.knative.dev/v1", "Service"]] {
		every ips in [["203.0.113.7"], "203.0.113.7"] {
			object := {"apiVersion": other[0], "kind": other[1], "spec": {"externalIPs": ips}}
			count(deny_external_ips.violation) == 0 with input as {"review": {"object": object}}
		}
	}
}
