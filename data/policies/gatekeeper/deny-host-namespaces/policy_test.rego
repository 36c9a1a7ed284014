package deny_host_namespaces_test

import data.deny_host_namespaces
import data.lib.testing

test_denied if {
	spec := {"hostNetwork": true, "hostPID": true, "hostIPC": true}
	found := deny_host_namespaces.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/hostNetwork",
		"/spec/template/spec/hostPID",
		"/spec/template/spec/hostIPC",
	}
}

test_message if {
	found := deny_host_namespaces.violation with input as testing.pod({"hostPID": "yes"})
	testing.messages(found) == {`Pod "shop/cart" shares a namespace of its node: hostPID is yes`}
}

test_allowed if {
	every spec in [{}, {"hostNetwork": false, "hostPID": null}, {"shareProcessNamespace": true}] {
		count(deny_host_namespaces.violation) == 0 with input as testing.pod(spec)
	}
}

test_allowed_by_parameter if {
	spec := {"hostNetwork": true, "hostPID": true}
	found := deny_host_namespaces.violation with input as testing.pod_with({"allowed": ["hostNetwork"]}, spec)
	testing.paths(found) == {"/spec/hostPID"}
}
