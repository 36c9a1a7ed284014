package restrict_limit_ratio_test

import data.lib.testing
import data.restrict_limit_ratio

sized(requests, limits) := {"resources": {"requests": requests, "limits": limits}}

cpu_pointer := "/spec/containers/0/resources/limits/cpu"

memory_pointer := "/spec/containers/0/resources/limits/memory"

denied(parameters, fields) := testing.paths(found) if {
	found := restrict_limit_ratio.violation with input as testing.container_with(parameters, fields)
}

test_denied if {
	denied({}, sized({"cpu": "100m"}, {"cpu": "1001m"})) == {cpu_pointer}
	denied({}, sized({"cpu": "100m"}, {"cpu": 2})) == {cpu_pointer}
	denied({}, sized({"memory": "1Gi"}, {"memory": "2049Mi"})) == {memory_pointer}
	denied({}, sized({"memory": "1G"}, {"memory": "2Gi"})) == {memory_pointer}
	denied({}, sized({"cpu": "1m", "memory": "1"}, {"cpu": "1", "memory": "1k"})) == {cpu_pointer, memory_pointer}
}

test_message if {
	fields := sized({"memory": "1Gi"}, {"memory": "3Gi"})
	found := restrict_limit_ratio.violation with input as testing.container(fields)
	testing.messages(found) == {concat("", [
		`Container "cart" of Pod "shop/cart" has a memory limit of 3Gi, `,
		`more than 2 times its request of 1Gi`,
	])}
}

test_allowed if {
	denied({}, sized({"cpu": "100m", "memory": "1Gi"}, {"cpu": "1", "memory": "2048Mi"})) == set()
	denied({}, sized({"cpu": "0.1"}, {"cpu": 1})) == set()
	denied({}, sized({"cpu": "1", "memory": "1Gi"}, {"cpu": "1", "memory": "1Gi"})) == set()
}

test_one_side_alone_has_no_ratio if {
	every fields in [
		{},
		{"resources": null},
		{"resources": "x"},
		sized({}, {"cpu": "4", "memory": "4Gi"}),
		sized({"cpu": "1m", "memory": "1Mi"}, {}),
		sized({"cpu": "0"}, {"cpu": "4"}),
		sized({"cpu": "lots"}, {"cpu": "4"}),
		sized({"cpu": "1m"}, {"cpu": null}),
	] {
		denied({}, fields) == set()
	}
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	container := sized({"cpu": "1m"}, {"cpu": "1"})
	spec := {"initContainers": [container], "ephemeralContainers": [container]}
	found := restrict_limit_ratio.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/limits/cpu"}
}

test_ratios if {
	parameters := {"maximumCpuRatio": 1.5, "maximumMemoryRatio": 4}
	denied(parameters, sized({"cpu": "1", "memory": "1Gi"}, {"cpu": "1500m", "memory": "4Gi"})) == set()
	denied(parameters, sized({"cpu": "1", "memory": "1Gi"}, {"cpu": "1501m", "memory": "4097Mi"})) == {
		cpu_pointer,
		memory_pointer,
	}
}

test_ratios_that_are_no_numbers_do_not_count if {
	parameters := {"maximumCpuRatio": "1000", "maximumMemoryRatio": "1000", "exemptImages": {"any": "*"}}
	fields := sized({"cpu": "1m", "memory": "1"}, {"cpu": 1, "memory": 9})
	denied(parameters, object.union(fields, {"image": "cart:1"})) == {cpu_pointer, memory_pointer}
}

test_a_missing_limit_is_denied_where_asked if {
	parameters := {"denyUnset": true}
	denied(parameters, {}) == {cpu_pointer, memory_pointer}
	denied(parameters, sized({"cpu": "1", "memory": "1Gi"}, {"cpu": "1"})) == {memory_pointer}
	denied(parameters, sized({}, {"cpu": "1", "memory": "1Gi"})) == set()
	denied({"denyUnset": "true"}, {}) == set()
	found := restrict_limit_ratio.violation with input as testing.container_with(parameters, sized({}, {"cpu": "1"}))
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no memory limit to compare with its request`}
}

test_exempt_image if {
	parameters := {"exemptImages": ["tools/*"], "denyUnset": true}
	too_much := sized({"cpu": "1m"}, {"cpu": "1", "memory": "1Gi"})
	denied(parameters, object.union(too_much, {"image": "tools/a:1"})) == set()
	denied(parameters, object.union(too_much, {"image": "cart:1"})) == {cpu_pointer}
	denied(parameters, {"image": "tools/a:1"}) == set()
}
