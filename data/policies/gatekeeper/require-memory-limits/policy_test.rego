package require_memory_limits_test

import data.lib.testing
import data.require_memory_limits

limits(value) := {"resources": {"limits": value}}

pointer := "/spec/containers/0/resources/limits/memory"

test_denied if {
	other := limits({"cpu": "500m"})
	every fields in [{}, {"resources": null}, {"resources": "x"}, limits(null), limits([]), other] {
		found := require_memory_limits.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no memory limit`}
	}
}

test_denied_where_the_quantity_says_nothing if {
	every value in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		found := require_memory_limits.violation with input as testing.container(limits({"memory": value}))
		testing.paths(found) == {pointer}
	}
}

test_the_other_side_does_not_count if {
	other := {"resources": {"requests": {"memory": "128Mi"}}}
	count(require_memory_limits.violation) == 1 with input as testing.container(other)
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [limits({"memory": 1})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_memory_limits.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/limits/memory"}
}

test_allowed if {
	every value in ["128Mi", "1", "0.5", ".5", 1, 0.5, "1e3", "+1"] {
		count(require_memory_limits.violation) == 0 with input as testing.container(limits({"memory": value}))
	}
}

test_what_the_pod_says_counts if {
	pod := object.union(limits({"memory": "6Gi"}), {"containers": [{}]})
	count(require_memory_limits.violation) == 0 with input as testing.pod(pod)
}

test_maximum if {
	parameters := {"maximum": "4Gi"}
	every value in ["128Mi", "4Gi", "4096Mi"] {
		fields := limits({"memory": value})
		count(require_memory_limits.violation) == 0 with input as testing.container_with(parameters, fields)
	}
	high := limits({"memory": "6Gi"})
	found := require_memory_limits.violation with input as testing.container_with(parameters, high)
	testing.paths(found) == {pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" may use 6Gi of memory, more than the 4Gi allowed`}
}

test_a_maximum_that_is_no_quantity_allows_any if {
	every maximum in ["", "lots", 1, null] {
		fields := limits({"memory": "6Gi"})
		count(require_memory_limits.violation) == 0 with input as testing.container_with({"maximum": maximum}, fields)
	}
}

test_exempt_image if {
	parameters := {"maximum": "4Gi", "exemptImages": ["tools/*"]}
	tool := {"image": "tools/a:1"}
	count(require_memory_limits.violation) == 0 with input as testing.container_with(parameters, tool)
	cart := {"image": "cart:1"}
	count(require_memory_limits.violation) == 1 with input as testing.container_with(parameters, cart)
	count(require_memory_limits.violation) == 1 with input as testing.container_with({"exemptImages": {"any": "*"}}, tool)
	too_much := object.union(tool, limits({"memory": "6Gi"}))
	count(require_memory_limits.violation) == 0 with input as testing.container_with(parameters, too_much)
}
