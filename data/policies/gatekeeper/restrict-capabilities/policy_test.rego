package restrict_capabilities_test

import data.lib.testing
import data.restrict_capabilities

capabilities(value) := {"securityContext": {"capabilities": value}}

drop_pointer := "/spec/containers/0/securityContext/capabilities/drop"

test_denied_without_drop_all if {
	every fields in [
		{},
		{"securityContext": null},
		capabilities({}),
		capabilities({"drop": null}),
		capabilities({"drop": "ALL"}),
		capabilities({"drop": {"a": "ALL"}}),
		capabilities({"drop": ["NET_RAW"]}),
	] {
		found := restrict_capabilities.violation with input as testing.container(fields)
		testing.paths(found) == {drop_pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" keeps capabilities: securityContext.capabilities.drop lacks ALL`}
	}
}

test_denied_when_added if {
	fields := capabilities({"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "SYS_ADMIN", null]})
	found := restrict_capabilities.violation with input as testing.container(fields)
	testing.paths(found) == {
		"/spec/containers/0/securityContext/capabilities/add/1",
		"/spec/containers/0/securityContext/capabilities/add/2",
	}
	`Container "cart" of Pod "shop/cart" adds capability SYS_ADMIN` in testing.messages(found)
}

test_denied_when_added_is_no_list if {
	found := restrict_capabilities.violation with input as testing.container(capabilities({"drop": ["ALL"], "add": "SYS_ADMIN"}))
	testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" adds capabilities that are not a list`}
}

test_denied_in_every_list if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	count(restrict_capabilities.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every value in [{"drop": ["ALL"]}, {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, {"drop": ["ALL"], "add": null}] {
		count(restrict_capabilities.violation) == 0 with input as testing.container(capabilities(value))
	}
}

test_windows_has_no_capabilities if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(restrict_capabilities.violation) == 0 with input as testing.pod(spec)
	every value in [["SYS_ADMIN"], "SYS_ADMIN"] {
		adding := object.union(spec, {"containers": [capabilities({"add": value})]})
		count(restrict_capabilities.violation) == 0 with input as testing.pod(adding)
	}
}

test_parameters if {
	parameters := {"requiredDrop": ["NET_RAW", "SETUID"], "allowedAdd": ["CHOWN"]}
	fields := capabilities({"drop": ["NET_RAW"], "add": ["CHOWN", "NET_BIND_SERVICE"]})
	found := restrict_capabilities.violation with input as testing.container_with(parameters, fields)
	testing.messages(found) == {
		`Container "cart" of Pod "shop/cart" keeps capabilities: securityContext.capabilities.drop lacks SETUID`,
		`Container "cart" of Pod "shop/cart" adds capability NET_BIND_SERVICE`,
	}
	all := capabilities({"drop": ["ALL"]})
	count(restrict_capabilities.violation) == 0 with input as testing.container_with(parameters, all)
}

test_capitals_unless_any_case_will_do if {
	fields := capabilities({"drop": ["all"], "add": ["net_bind_service", "Chown", "sys_admin", 5]})
	exact := restrict_capabilities.violation with input as testing.container_with({"anyCase": false}, fields)
	count(exact) == 5
	parameters := {"anyCase": true, "requiredDrop": ["setuid", "KILL"], "allowedAdd": ["net_bind_service", "CHOWN"]}
	found := restrict_capabilities.violation with input as testing.container_with(parameters, fields)
	testing.paths(found) == {
		"/spec/containers/0/securityContext/capabilities/add/2",
		"/spec/containers/0/securityContext/capabilities/add/3",
	}
	some_ := capabilities({"drop": ["SETUID", "kill"]})
	count(restrict_capabilities.violation) == 0 with input as testing.container_with(parameters, some_)
	quoted := restrict_capabilities.violation with input as testing.container_with({"anyCase": "true"}, fields)
	count(quoted) == 5
}

test_exempt_image if {
	parameters := {"exemptImages": ["vpn:*"]}
	count(restrict_capabilities.violation) == 0 with input as testing.container_with(parameters, {"image": "vpn:1"})
	count(restrict_capabilities.violation) == 1 with input as testing.container_with(parameters, {"image": "cart:1"})
	every value in [["SYS_ADMIN"], "SYS_ADMIN"] {
		vpn := object.union(capabilities({"add": value}), {"image": "vpn:1"})
		count(restrict_capabilities.violation) == 0 with input as testing.container_with(parameters, vpn)
	}
	unlisted := {"exemptImages": {"a": "vpn:*"}}
	count(restrict_capabilities.violation) == 1 with input as testing.container_with(unlisted, {"image": "vpn:1"})
}
