package require_drop_all_capabilities_test

import data.lib.testing
import data.require_drop_all_capabilities as policy

dropping(value) := {"securityContext": {"capabilities": {"drop": value}}}

test_denied if {
	every fields in [
		{},
		{"securityContext": null},
		{"securityContext": {"capabilities": ["ALL"]}},
		dropping(null),
		dropping("ALL"),
		dropping([]),
		dropping(["NET_RAW", null, "CAP_ALL"]),
	] {
		found := policy.violation with input as testing.container(fields)
		testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/drop"}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" keeps capabilities: securityContext.capabilities.drop lacks ALL`}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [dropping(["ALL"])], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := policy.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext/capabilities/drop",
		"/spec/template/spec/ephemeralContainers/0/securityContext/capabilities/drop",
	}
}

test_allowed if {
	every value in [["ALL"], ["all"], ["NET_RAW", "ALL"]] {
		count(policy.violation) == 0 with input as testing.container(dropping(value))
	}
}

test_what_is_added_back_is_no_matter if {
	both := {"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}}
	count(policy.violation) == 0 with input as testing.container(both)
}

test_windows_has_no_capabilities if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(policy.violation) == 0 with input as testing.pod(spec)
}

test_exempt_image if {
	parameters := {"exemptImages": ["vpn:*"]}
	count(policy.violation) == 0 with input as testing.container_with(parameters, {"image": "vpn:1"})
	count(policy.violation) == 1 with input as testing.container_with(parameters, {"image": "cart:1"})
	unlisted := {"exemptImages": {"a": "vpn:*"}}
	count(policy.violation) == 1 with input as testing.container_with(unlisted, {"image": "vpn:1"})
}
