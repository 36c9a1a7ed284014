package require_run_as_non_root_test

import data.lib.testing
import data.require_run_as_non_root

non_root(value) := {"securityContext": {"runAsNonRoot": value}}

pod(pod_fields, container_fields) := testing.pod(object.union(pod_fields, {"containers": [container_fields]}))

container_pointer := "/spec/containers/0/securityContext/runAsNonRoot"

pod_pointer := "/spec/securityContext/runAsNonRoot"

test_denied_where_nobody_says_it if {
	every input_ in [pod({}, {}), pod(non_root(null), {}), pod({}, non_root(null)), pod({"securityContext": 5}, {})] {
		found := require_run_as_non_root.violation with input as input_
		testing.paths(found) == {container_pointer}
		testing.messages(found) == {`Container 0 of Pod "shop/cart" may run as root: set securityContext.runAsNonRoot to true`}
	}
}

test_denied_where_the_container_says_no if {
	every value in [false, "true", 1] {
		found := require_run_as_non_root.violation with input as pod(non_root(true), non_root(value))
		testing.paths(found) == {container_pointer}
	}
}

test_denied_where_the_pod_says_no if {
	found := require_run_as_non_root.violation with input as pod(non_root(false), non_root(true))
	testing.paths(found) == {pod_pointer}
	inherited := require_run_as_non_root.violation with input as pod(non_root("true"), {})
	testing.paths(inherited) == {pod_pointer, container_pointer}
}

test_denied_in_every_list if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	count(require_run_as_non_root.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	count(require_run_as_non_root.violation) == 0 with input as pod(non_root(true), {})
	count(require_run_as_non_root.violation) == 0 with input as pod({}, non_root(true))
	count(require_run_as_non_root.violation) == 0 with input as pod(non_root(true), non_root(null))
}

test_exempt_image if {
	parameters := {"exemptImages": ["legacy/*"]}
	count(require_run_as_non_root.violation) == 0 with input as testing.container_with(parameters, {"image": "legacy/a:1"})
	count(require_run_as_non_root.violation) == 1 with input as testing.container_with(parameters, {"image": "new/a:1"})
	unlisted := {"exemptImages": {"a": "legacy/*"}}
	count(require_run_as_non_root.violation) == 1 with input as testing.container_with(unlisted, {"image": "legacy/a:1"})
}

test_what_has_no_pods_is_left_alone if {
	count(require_run_as_non_root.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}
