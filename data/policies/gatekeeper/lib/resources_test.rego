package lib.resources_test

import data.lib.resources
import data.lib.testing

limits(value) := {"name": "cart", "resources": {"limits": value}}

pod(container) := testing.pod({"containers": [container]})

test_requests_and_limits if {
	container := {"name": "cart", "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "50m", "memory": "64Mi"}}}
	limited := resources.with_limits with input as pod(container)
	limited == [{
		"label": `Container "cart" of Pod "shop/cart"`,
		"limits": {"cpu": "1"},
		"pointer": "/spec/containers/0",
		"spec": container,
	}]
	requested := resources.with_requests with input as pod(container)
	requested == [{
		"label": `Container "cart" of Pod "shop/cart"`,
		"pointer": "/spec/containers/0",
		"requests": {"cpu": "50m", "memory": "64Mi"},
		"spec": container,
	}]
}

test_ephemeral_containers_hold_none if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	places := ["/spec/template/spec/containers/0", "/spec/template/spec/initContainers/0"]
	limited := resources.with_limits with input as testing.deployment(spec)
	[container.pointer | some container in limited] == places
	requested := resources.with_requests with input as testing.deployment(spec)
	[container.pointer | some container in requested] == places
}

test_what_the_pod_says_holds_for_those_that_say_nothing if {
	spec := {
		"resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "1"}},
		"containers": [limits({"cpu": "500m", "memory": "0"})],
	}
	limited := resources.with_limits with input as testing.pod(spec)
	limited[0].limits == {"cpu": "500m", "memory": "1Gi"}
	requested := resources.with_requests with input as testing.pod(spec)
	requested[0].requests == {"cpu": "1"}
}

test_above_zero if {
	every quantity in [1, 0.5, "1", "+1", "007", ".5", "0.05", "1.", "10.0", "500m", "64Mi", "1e3", "1E-3", "2E"] {
		found := resources.with_limits with input as pod(limits({"cpu": quantity}))
		found[0].limits == {"cpu": quantity}
	}
}

test_zero_and_what_is_no_quantity_are_unset if {
	every quantity in [null, 0, -1, true, [], {}, "", "0", "0m", "0.0", "-1", "lots", "1 Gi", "1gi", "1..5", "m", "."] {
		found := resources.with_limits with input as pod(limits({"cpu": quantity}))
		found[0].limits == {}
	}
}

test_wrong_types_hold_nothing if {
	every value in [null, 5, "cpu", [], ["1"], {"limits": null}, {"limits": "1"}] {
		limited := resources.with_limits with input as pod({"name": "cart", "resources": value})
		limited[0].limits == {}
		requested := resources.with_requests with input as pod({"name": "cart", "resources": value})
		requested[0].requests == {}
	}
}
