package deny_privileged_pods_test

import data.deny_privileged_pods
import data.lib.testing

privileged(value) := {"securityContext": {"privileged": value}}

test_denied if {
	found := deny_privileged_pods.violation with input as testing.container(privileged(true))
	testing.paths(found) == {"/spec/containers/0/securityContext/privileged"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" runs privileged: securityContext.privileged is true`}
}

test_denied_in_every_list if {
	spec := {
		"containers": [{"name": "a"}, privileged(true)],
		"initContainers": [privileged(true)],
		"ephemeralContainers": [privileged(true)],
	}
	found := deny_privileged_pods.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/1/securityContext/privileged",
		"/spec/template/spec/initContainers/0/securityContext/privileged",
		"/spec/template/spec/ephemeralContainers/0/securityContext/privileged",
	}
}

test_a_quoted_value_is_not_trusted if {
	count(deny_privileged_pods.violation) == 1 with input as testing.container(privileged("true"))
}

test_allowed if {
	every fields in [privileged(false), privileged(null), {"securityContext": {}}, {"securityContext": null}, {}] {
		count(deny_privileged_pods.violation) == 0 with input as testing.container(fields)
	}
}

test_exempt_image if {
	fields := object.union(privileged(true), {"image": "registry/cni:1"})
	count(deny_privileged_pods.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_privileged_pods.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
	unlisted := {"exemptImages": {"a": "registry/*"}}
	count(deny_privileged_pods.violation) == 1 with input as testing.container_with(unlisted, fields)
}
