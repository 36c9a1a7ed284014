package require_resource_limits_test

import data.lib.testing
import data.require_resource_limits

limits(value) := {"resources": {"limits": value}}

cpu_pointer := "/spec/containers/0/resources/limits/cpu"

memory_pointer := "/spec/containers/0/resources/limits/memory"

test_denied_without_limits if {
	every fields in [{}, {"resources": null}, {"resources": "none"}, limits(null), limits([]), limits({})] {
		found := require_resource_limits.violation with input as testing.container(fields)
		testing.paths(found) == {cpu_pointer, memory_pointer}
	}
}

test_denied_where_a_limit_limits_nothing if {
	every value in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		found := require_resource_limits.violation with input as testing.container(limits({"cpu": "1", "memory": value}))
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no memory limit`}
	}
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [limits({"cpu": 1, "memory": 1})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_resource_limits.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/resources/limits/cpu",
		"/spec/template/spec/initContainers/0/resources/limits/memory",
	}
}

test_allowed if {
	every cpu in ["500m", "1", "0.5", ".5", 1, 0.5, "1e3", "+1"] {
		count(require_resource_limits.violation) == 0 with input as testing.container(limits({"cpu": cpu, "memory": "64Mi"}))
	}
}

test_limits_of_the_pod_count if {
	pod := object.union(limits({"cpu": "1"}), {"containers": [limits({"memory": "64Mi"})]})
	count(require_resource_limits.violation) == 0 with input as testing.pod(pod)
}

test_parameters if {
	parameters := {"resources": ["nvidia.com/gpu", 5], "exemptImages": ["tools/*"]}
	found := require_resource_limits.violation with input as testing.container_with(parameters, {})
	testing.paths(found) == {"/spec/containers/0/resources/limits/nvidia.com~1gpu"}
	count(require_resource_limits.violation) == 0 with input as testing.container_with(parameters, {"image": "tools/a:1"})
	odd := {"resources": {"any": "pods"}, "exemptImages": {"any": "*"}}
	count(require_resource_limits.violation) == 2 with input as testing.container_with(odd, {"image": "tools/a:1"})
}
