package deny_added_capabilities_test

import data.deny_added_capabilities as policy
import data.lib.testing

adding(value) := {"securityContext": {"capabilities": {"drop": ["ALL"], "add": value}}}

test_denied if {
	found := policy.violation with input as testing.container(adding(["NET_BIND_SERVICE", "sys_admin"]))
	testing.paths(found) == {
		"/spec/containers/0/securityContext/capabilities/add/0",
		"/spec/containers/0/securityContext/capabilities/add/1",
	}
	testing.messages(found) == {
		`Container "cart" of Pod "shop/cart" adds capability NET_BIND_SERVICE`,
		`Container "cart" of Pod "shop/cart" adds capability sys_admin`,
	}
}

test_what_cannot_be_read_is_denied if {
	every value in ["CHOWN", {"a": 1}, 5, false] {
		found := policy.violation with input as testing.container(adding(value))
		testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add"}
	}
	count(policy.violation) == 1 with input as testing.container(adding([["CHOWN"]]))
}

test_denied_in_every_list if {
	spec := {"containers": [adding(["BPF"])], "initContainers": [adding(["BPF"])], "ephemeralContainers": [adding(["BPF"])]}
	count(policy.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every fields in [adding([]), adding(null), adding([null]), {"securityContext": {"capabilities": {}}}, {}] {
		count(policy.violation) == 0 with input as testing.container(fields)
	}
}

test_allowed_add if {
	parameters := {"allowedAdd": ["CAP_CHOWN", "net_bind_service"]}
	fields := adding(["chown", "NET_BIND_SERVICE", "KILL"])
	found := policy.violation with input as testing.container_with(parameters, fields)
	testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add/2"}
	count(policy.violation) == 1 with input as testing.container_with({"allowedAdd": {"a": "KILL"}}, adding(["KILL"]))
}

test_exempt_image if {
	parameters := {"exemptImages": ["vpn:*"]}
	vpn := object.union(adding(["NET_ADMIN"]), {"image": "vpn:1"})
	count(policy.violation) == 0 with input as testing.container_with(parameters, vpn)
	cart := object.union(adding(["NET_ADMIN"]), {"image": "cart:1"})
	count(policy.violation) == 1 with input as testing.container_with(parameters, cart)
	unlisted := {"exemptImages": {"a": "vpn:*"}}
	count(policy.violation) == 1 with input as testing.container_with(unlisted, vpn)
}
