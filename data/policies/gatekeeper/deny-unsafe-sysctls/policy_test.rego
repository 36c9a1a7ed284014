package deny_unsafe_sysctls_test

import data.deny_unsafe_sysctls
import data.lib.testing

pod(names) := {"securityContext": {"sysctls": [{"name": name, "value": "1"} | some name in names]}}

test_denied if {
	names := ["kernel.shm_rmid_forced", "kernel.msgmax", "net.core.somaxconn"]
	found := deny_unsafe_sysctls.violation with input as testing.deployment(pod(names))
	testing.paths(found) == {
		"/spec/template/spec/securityContext/sysctls/1",
		"/spec/template/spec/securityContext/sysctls/2",
	}
	`Deployment "shop/cart" sets the unsafe sysctl kernel.msgmax` in testing.messages(found)
}

test_denied_without_a_name if {
	found := deny_unsafe_sysctls.violation with input as testing.pod({"securityContext": {"sysctls": [{"value": "1"}]}})
	testing.messages(found) == {`Pod "shop/cart" sets the unsafe sysctl (unnamed)`}
}

test_every_default_is_allowed if {
	count(deny_unsafe_sysctls.violation) == 0 with input as testing.pod(pod(deny_unsafe_sysctls.allowed_sysctls))
}

test_allowed if {
	every context in [{}, null, {"sysctls": []}, {"sysctls": null}, {"sysctls": {"name": "kernel.msgmax"}}, {"sysctls": [null, 5]}] {
		count(deny_unsafe_sysctls.violation) == 0 with input as testing.pod({"securityContext": context})
	}
}

test_parameters_take_the_place_of_the_default if {
	spec := pod(["kernel.msgmax", "kernel.shm_rmid_forced"])
	found := deny_unsafe_sysctls.violation with input as testing.pod_with({"allowedSysctls": ["kernel.msgmax"]}, spec)
	testing.paths(found) == {"/spec/securityContext/sysctls/1"}
}

test_a_parameter_of_another_type_is_not_given if {
	spec := {"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}}
	every value in ["kernel.msgmax", null, {"a": "kernel.msgmax"}] {
		count(deny_unsafe_sysctls.violation) == 0 with input as testing.pod_with({"allowedSysctls": value}, spec)
	}
}

test_what_is_no_list_of_sysctls_sets_none if {
	every value in [{"a": {"name": "kernel.msgmax"}}, "kernel.msgmax", ["kernel.msgmax"]] {
		count(deny_unsafe_sysctls.violation) == 0 with input as testing.pod({"securityContext": {"sysctls": value}})
	}
}
