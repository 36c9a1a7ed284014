package deny_dangerous_capabilities_test

import data.deny_dangerous_capabilities as policy
import data.lib.testing

adding(value) := {"securityContext": {"capabilities": {"drop": ["ALL"], "add": value}}}

test_denied if {
	found := policy.violation with input as testing.container(adding(["NET_BIND_SERVICE", "SYS_ADMIN"]))
	testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add/1"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" adds dangerous capability SYS_ADMIN`}
}

test_each_of_the_default_is_denied_however_it_is_spelled if {
	names := [
		"ALL", "BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "MAC_ADMIN", "MAC_OVERRIDE", "NET_ADMIN",
		"PERFMON", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO",
	]
	every name in names {
		every spelled in [name, lower(name), concat("", ["CAP_", name])] {
			count(policy.violation) == 1 with input as testing.container(adding([spelled]))
		}
	}
}

test_what_cannot_be_read_is_denied if {
	every value in ["SYS_ADMIN", {"a": 1}, 5, false] {
		found := policy.violation with input as testing.container(adding(value))
		testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add"}
	}
	count(policy.violation) == 1 with input as testing.container(adding([["SYS_ADMIN"]]))
}

test_denied_in_every_list if {
	spec := {"containers": [adding(["BPF"])], "initContainers": [adding(["BPF"])], "ephemeralContainers": [adding(["BPF"])]}
	count(policy.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every value in [["CHOWN", "NET_RAW", "SYS_TIME", "IPC_LOCK"], [], null, [null]] {
		count(policy.violation) == 0 with input as testing.container(adding(value))
	}
	count(policy.violation) == 0 with input as testing.container({})
}

test_capabilities if {
	parameters := {"capabilities": ["cap_net_raw"]}
	found := policy.violation with input as testing.container_with(parameters, adding(["SYS_ADMIN", "NET_RAW"]))
	testing.paths(found) == {"/spec/containers/0/securityContext/capabilities/add/1"}
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
