package deny_net_raw_capability_test

import data.deny_net_raw_capability as policy
import data.lib.testing

capabilities(value) := {"securityContext": {"capabilities": value}}

drop_pointer := "/spec/containers/0/securityContext/capabilities/drop"

add_pointer := "/spec/containers/0/securityContext/capabilities/add"

test_denied_where_it_is_kept if {
	every fields in [
		{},
		{"securityContext": null},
		capabilities({}),
		capabilities({"drop": null}),
		capabilities({"drop": "NET_RAW"}),
		capabilities({"drop": ["CHOWN", null]}),
		capabilities({"drop": ["CAP_NET_RAW", "CAP_ALL"]}),
	] {
		found := policy.violation with input as testing.container(fields)
		testing.paths(found) == {drop_pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" keeps capability NET_RAW: securityContext.capabilities.drop lacks it`}
	}
}

test_denied_where_it_is_added_back if {
	every name in ["NET_RAW", "net_raw", "CAP_NET_RAW"] {
		fields := capabilities({"drop": ["ALL"], "add": ["CHOWN", name]})
		found := policy.violation with input as testing.container(fields)
		testing.paths(found) == {concat("", [add_pointer, "/1"])}
		testing.messages(found) == {sprintf(`Container "cart" of Pod "shop/cart" adds capability %s`, [name])}
	}
}

test_what_cannot_be_read_is_denied if {
	every value in ["NET_RAW", {"a": 1}, 5] {
		found := policy.violation with input as testing.container(capabilities({"drop": ["ALL"], "add": value}))
		testing.paths(found) == {add_pointer}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [capabilities({"drop": ["NET_RAW"]})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := policy.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext/capabilities/drop",
		"/spec/template/spec/ephemeralContainers/0/securityContext/capabilities/drop",
	}
}

test_allowed if {
	every value in [
		{"drop": ["ALL"]},
		{"drop": ["NET_RAW"]},
		{"drop": ["all"]},
		{"drop": ["net_raw"], "add": ["CHOWN"]},
		{"drop": ["ALL"], "add": null},
	] {
		count(policy.violation) == 0 with input as testing.container(capabilities(value))
	}
}

test_windows_has_no_capabilities if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(policy.violation) == 0 with input as testing.pod(spec)
}

test_exempt_image if {
	parameters := {"exemptImages": ["vpn:*"]}
	added := capabilities({"add": ["NET_RAW"]})
	vpn := object.union(added, {"image": "vpn:1"})
	count(policy.violation) == 0 with input as testing.container_with(parameters, vpn)
	cart := object.union(added, {"image": "cart:1"})
	count(policy.violation) == 2 with input as testing.container_with(parameters, cart)
	unlisted := {"exemptImages": {"a": "vpn:*"}}
	count(policy.violation) == 2 with input as testing.container_with(unlisted, vpn)
}
