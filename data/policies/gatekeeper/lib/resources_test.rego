package lib.resources_test

import data.lib.resources
import data.lib.testing

limits(value) := {"name": "cart", "resources": {"limits": value}}

pod(container) := testing.pod({"containers": [container]})

test_requests_and_limits if {
	container := {"name": "cart", "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "50m", "memory": "64Mi"}}}
	found := resources.containers with input as pod(container)
	found == [{
		"label": `Container "cart"`,
		"limits": {"cpu": "1"},
		"pointer": "/spec/containers/0",
		"requests": {"cpu": "50m", "memory": "64Mi"},
		"spec": container,
	}]
}

test_ephemeral_containers_hold_none if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := resources.containers with input as testing.deployment(spec)
	{container.pointer | some container in found} == {
		"/spec/template/spec/containers/0",
		"/spec/template/spec/initContainers/0",
	}
}

test_what_the_pod_says_holds_for_those_that_say_nothing if {
	spec := {
		"resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "1"}},
		"containers": [limits({"cpu": "500m", "memory": "0"})],
	}
	found := resources.containers with input as testing.pod(spec)
	found[0].limits == {"cpu": "500m", "memory": "1Gi"}
	found[0].requests == {"cpu": "1"}
}

test_above_zero if {
	every quantity in [1, 0.5, "1", "+1", "007", ".5", "0.05", "1.", "10.0", "500m", "64Mi", "1e3", "1E-3", "2E"] {
		found := resources.containers with input as pod(limits({"cpu": quantity}))
		found[0].limits == {"cpu": quantity}
	}
}

test_zero_and_what_is_no_quantity_are_unset if {
	every quantity in [null, 0, -1, true, [], {}, "", "0", "0m", "0.0", "-1", "lots", "1 Gi", "1gi", "1..5", "m", "."] {
		found := resources.containers with input as pod(limits({"cpu": quantity}))
		found[0].limits == {}
	}
}

test_wrong_types_hold_nothing if {
	every value in [null, 5, "cpu", [], ["1"], {"limits": null}, {"limits": "1"}] {
		found := resources.containers with input as pod({"name": "cart", "resources": value})
		found[0].limits == {}
		found[0].requests == {}
	}
}
