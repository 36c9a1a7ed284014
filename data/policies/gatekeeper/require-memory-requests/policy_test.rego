package require_memory_requests_test

import data.lib.testing
import data.require_memory_requests

requests(value) := {"resources": {"requests": value}}

pointer := "/spec/containers/0/resources/requests/memory"

test_denied if {
	other := requests({"cpu": "100m"})
	every fields in [{}, {"resources": null}, {"resources": "x"}, requests(null), requests([]), other] {
		found := require_memory_requests.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" requests no memory`}
	}
}

test_denied_where_the_quantity_says_nothing if {
	every value in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		found := require_memory_requests.violation with input as testing.container(requests({"memory": value}))
		testing.paths(found) == {pointer}
	}
}

test_the_other_side_does_not_count if {
	other := {"resources": {"limits": {"memory": "128Mi"}}}
	count(require_memory_requests.violation) == 1 with input as testing.container(other)
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [requests({"memory": 1})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_memory_requests.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/requests/memory"}
}

test_allowed if {
	every value in ["128Mi", "1", "0.5", ".5", 1, 0.5, "1e3", "+1"] {
		count(require_memory_requests.violation) == 0 with input as testing.container(requests({"memory": value}))
	}
}

test_what_the_pod_says_counts if {
	pod := object.union(requests({"memory": "3Gi"}), {"containers": [{}]})
	count(require_memory_requests.violation) == 0 with input as testing.pod(pod)
}

test_a_limit_stands_in_where_that_is_accepted if {
	limited := {"resources": {"limits": {"memory": "128Mi"}}}
	count(require_memory_requests.violation) == 1 with input as testing.container(limited)
	count(require_memory_requests.violation) == 1 with input as testing.container_with({"acceptLimits": "true"}, limited)
	count(require_memory_requests.violation) == 0 with input as testing.container_with({"acceptLimits": true}, limited)
	count(require_memory_requests.violation) == 1 with input as testing.container_with({"acceptLimits": true}, {})
	both := testing.pod_with({"acceptLimits": true}, {"containers": [limited, {}]})
	testing.paths(require_memory_requests.violation) == {"/spec/containers/1/resources/requests/memory"} with input as both
}

test_maximum if {
	parameters := {"maximum": "2Gi"}
	every value in ["128Mi", "2Gi", "2048Mi"] {
		fields := requests({"memory": value})
		count(require_memory_requests.violation) == 0 with input as testing.container_with(parameters, fields)
	}
	high := requests({"memory": "3Gi"})
	found := require_memory_requests.violation with input as testing.container_with(parameters, high)
	testing.paths(found) == {pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" requests 3Gi of memory, more than the 2Gi allowed`}
}

test_a_maximum_that_is_no_quantity_allows_any if {
	every maximum in ["", "lots", 1, null] {
		fields := requests({"memory": "3Gi"})
		count(require_memory_requests.violation) == 0 with input as testing.container_with({"maximum": maximum}, fields)
	}
}

test_exempt_image if {
	parameters := {"maximum": "2Gi", "exemptImages": ["tools/*"]}
	tool := {"image": "tools/a:1"}
	count(require_memory_requests.violation) == 0 with input as testing.container_with(parameters, tool)
	cart := {"image": "cart:1"}
	count(require_memory_requests.violation) == 1 with input as testing.container_with(parameters, cart)
	count(require_memory_requests.violation) == 1 with input as testing.container_with({"exemptImages": {"any": "*"}}, tool)
	too_much := object.union(tool, requests({"memory": "3Gi"}))
	count(require_memory_requests.violation) == 0 with input as testing.container_with(parameters, too_much)
}
