package restrict_added_capabilities_test

import data.lib.testing
import data.restrict_added_capabilities as policy

adding(value) := {"securityContext": {"capabilities": {"add": value}}}

defaults := [
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
	"SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
]

test_denied if {
	found := policy.violation with input as testing.container(adding(["CHOWN", "NET_RAW", "SYS_ADMIN"]))
	testing.paths(found) == {
		"/spec/containers/0/securityContext/capabilities/add/1",
		"/spec/containers/0/securityContext/capabilities/add/2",
	}
	`Container "cart" of Pod "shop/cart" adds capability NET_RAW, which runtimes do not grant by default` in testing.messages(found)
}

test_names_count_as_they_are_written if {
	every name in ["chown", "CAP_CHOWN", "", 5, ["CHOWN"]] {
		count(policy.violation) == 1 with input as testing.container(adding([name]))
	}
}

test_what_is_no_list_is_denied if {
	every value in ["CHOWN", {"a": 1}, 5] {
		found := policy.violation with input as testing.container(adding(value))
		testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add"}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [adding(["BPF"])], "initContainers": [adding(["BPF"])], "ephemeralContainers": [adding(["BPF"])]}
	count(policy.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every value in [defaults, [], null, [null]] {
		count(policy.violation) == 0 with input as testing.container(adding(value))
	}
	count(policy.violation) == 0 with input as testing.container({})
}

test_allowed_add if {
	parameters := {"allowedAdd": ["SYS_TIME"]}
	found := policy.violation with input as testing.container_with(parameters, adding(["SYS_TIME", "CHOWN"]))
	testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add/1"}
	unlisted := {"allowedAdd": {"a": "SYS_TIME"}}
	count(policy.violation) == 1 with input as testing.container_with(unlisted, adding(["SYS_TIME", "CHOWN"]))
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
