package require_dns_options_test

import data.lib.testing
import data.require_dns_options

options(value) := {"dnsConfig": {"options": value}}

ndots(value) := {"name": "ndots", "value": value}

test_denied if {
	every spec in [
		{},
		{"dnsConfig": null},
		{"dnsConfig": "ndots:2"},
		{"dnsConfig": {"options": null}},
		options([]),
		options("ndots:2"),
		options({"0": ndots("2")}),
		options([null, "ndots", {}, {"name": null, "value": "2"}, {"name": 5, "value": "2"}]),
		options([{"name": "ndots"}]),
		options([ndots(null)]),
		options([ndots("5")]),
		options([ndots(2)]),
		options([{"name": "timeout", "value": "2"}]),
	] {
		found := require_dns_options.violation with input as testing.pod(spec)
		testing.paths(found) == {"/spec/dnsConfig/options"}
		testing.messages(found) == {`Pod "shop/cart" does not set DNS option ndots to 2`}
	}
}

test_allowed if {
	every value in [[ndots("2")], [{"name": "timeout", "value": "1"}, ndots("2")]] {
		count(require_dns_options.violation) == 0 with input as testing.deployment(options(value))
	}
}

test_the_last_entry_holds if {
	count(require_dns_options.violation) == 0 with input as testing.pod(options([ndots("5"), ndots("2")]))
	count(require_dns_options.violation) == 1 with input as testing.pod(options([ndots("2"), ndots("5")]))
	count(require_dns_options.violation) == 1 with input as testing.pod(options([ndots("2"), {"name": "ndots"}]))
}

test_pods_with_another_resolver if {
	every spec in [
		{"dnsPolicy": "Default"},
		{"dnsPolicy": "None"},
		{"hostNetwork": true},
		{"hostNetwork": true, "dnsPolicy": null},
		{"hostNetwork": true, "dnsPolicy": ""},
		{"hostNetwork": true, "dnsPolicy": "ClusterFirst"},
	] {
		count(require_dns_options.violation) == 0 with input as testing.pod(spec)
	}
}

test_pods_with_the_cluster_s_resolver if {
	every spec in [
		{"dnsPolicy": "ClusterFirst"},
		{"dnsPolicy": ["Default"]},
		{"hostNetwork": false},
		{"hostNetwork": "true"},
		{"hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"},
	] {
		count(require_dns_options.violation) == 1 with input as testing.pod(spec)
	}
}

test_what_has_no_pods if {
	count(require_dns_options.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}

test_options_parameter if {
	parameters := {"options": {"timeout": "1", "attempts": "3"}}
	spec := options([{"name": "timeout", "value": "1"}, ndots("5")])
	found := require_dns_options.violation with input as testing.pod_with(parameters, spec)
	testing.messages(found) == {`Pod "shop/cart" does not set DNS option attempts to 3`}
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	count(require_dns_options.violation) == 1 with input as testing.pod_with({"options": ["ndots"]}, {})
	count(require_dns_options.violation) == 0 with input as testing.pod_with({"options": ["ndots"]}, options([ndots("2")]))
	count(require_dns_options.violation) == 0 with input as testing.pod_with({"options": null}, options([ndots("2")]))
}
