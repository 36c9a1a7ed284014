package require_cpu_limits_test

import data.lib.testing
import data.require_cpu_limits

limits(value) := {"resources": {"limits": value}}

pointer := "/spec/containers/0/resources/limits/cpu"

test_denied if {
	other := limits({"memory": "128Mi"})
	every fields in [{}, {"resources": null}, {"resources": "x"}, limits(null), limits([]), other] {
		found := require_cpu_limits.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no CPU limit`}
	}
}

test_denied_where_the_quantity_says_nothing if {
	every value in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		found := require_cpu_limits.violation with input as testing.container(limits({"cpu": value}))
		testing.paths(found) == {pointer}
	}
}

test_the_other_side_does_not_count if {
	other := {"resources": {"requests": {"cpu": "500m"}}}
	count(require_cpu_limits.violation) == 1 with input as testing.container(other)
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [limits({"cpu": 1})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_cpu_limits.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/limits/cpu"}
}

test_allowed if {
	every value in ["500m", "1", "0.5", ".5", 1, 0.5, "1e3", "+1"] {
		count(require_cpu_limits.violation) == 0 with input as testing.container(limits({"cpu": value}))
	}
}

test_what_the_pod_says_counts if {
	pod := object.union(limits({"cpu": "6"}), {"containers": [{}]})
	count(require_cpu_limits.violation) == 0 with input as testing.pod(pod)
}

test_maximum if {
	parameters := {"maximum": "4"}
	every value in ["500m", "4", "4000m"] {
		fields := limits({"cpu": value})
		count(require_cpu_limits.violation) == 0 with input as testing.container_with(parameters, fields)
	}
	high := limits({"cpu": "6"})
	found := require_cpu_limits.violation with input as testing.container_with(parameters, high)
	testing.paths(found) == {pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" may use 6 CPU, more than the 4 allowed`}
}

test_a_maximum_that_is_no_quantity_allows_any if {
	every maximum in ["", "lots", 1, null] {
		fields := limits({"cpu": "6"})
		count(require_cpu_limits.violation) == 0 with input as testing.container_with({"maximum": maximum}, fields)
	}
}

test_exempt_image if {
	parameters := {"maximum": "4", "exemptImages": ["tools/*"]}
	tool := {"image": "tools/a:1"}
	count(require_cpu_limits.violation) == 0 with input as testing.container_with(parameters, tool)
	cart := {"image": "cart:1"}
	count(require_cpu_limits.violation) == 1 with input as testing.container_with(parameters, cart)
	count(require_cpu_limits.violation) == 1 with input as testing.container_with({"exemptImages": {"any": "*"}}, tool)
	too_much := object.union(tool, limits({"cpu": "6"}))
	count(require_cpu_limits.violation) == 0 with input as testing.container_with(parameters, too_much)
}
