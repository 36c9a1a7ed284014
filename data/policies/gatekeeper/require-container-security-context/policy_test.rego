package require_container_security_context_test

import data.lib.testing
import data.require_container_security_context as policy

pointer := "/spec/containers/0/securityContext"

context(value) := {"securityContext": value}

test_denied if {
	every fields in [{}, context(null), context({}), context("restricted"), context([]), context({"runAsUser": null})] {
		found := policy.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no securityContext of its own`}
	}
}

test_the_pod_s_is_no_container_s if {
	spec := {"securityContext": {"runAsNonRoot": true}, "containers": [{}]}
	count(policy.violation) == 1 with input as testing.pod(spec)
}

test_denied_in_every_list if {
	spec := {"containers": [context({"privileged": false})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := policy.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext",
		"/spec/template/spec/ephemeralContainers/0/securityContext",
	}
}

test_allowed if {
	every value in [{"privileged": false}, {"runAsUser": 0, "runAsGroup": null}, {"windowsOptions": {}}] {
		count(policy.violation) == 0 with input as testing.container(context(value))
	}
}

test_exempt_image if {
	parameters := {"exemptImages": ["legacy/*"]}
	count(policy.violation) == 0 with input as testing.container_with(parameters, {"image": "legacy/a:1"})
	count(policy.violation) == 1 with input as testing.container_with(parameters, {"image": "new/a:1"})
	unlisted := {"exemptImages": {"a": "legacy/*"}}
	count(policy.violation) == 1 with input as testing.container_with(unlisted, {"image": "legacy/a:1"})
}
