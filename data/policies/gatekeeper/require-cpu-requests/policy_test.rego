package require_cpu_requests_test

import data.lib.testing
import data.require_cpu_requests

requests(value) := {"resources": {"requests": value}}

pointer := "/spec/containers/0/resources/requests/cpu"

test_denied if {
	other := requests({"memory": "128Mi"})
	every fields in [{}, {"resources": null}, {"resources": "x"}, requests(null), requests([]), other] {
		found := require_cpu_requests.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" requests no CPU`}
	}
}

test_denied_where_the_quantity_says_nothing if {
	every value in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		found := require_cpu_requests.violation with input as testing.container(requests({"cpu": value}))
		testing.paths(found) == {pointer}
	}
}

test_the_other_side_does_not_count if {
	other := {"resources": {"limits": {"cpu": "100m"}}}
	count(require_cpu_requests.violation) == 1 with input as testing.container(other)
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [requests({"cpu": 1})], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_cpu_requests.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/requests/cpu"}
}

test_allowed if {
	every value in ["100m", "1", "0.5", ".5", 1, 0.5, "1e3", "+1"] {
		count(require_cpu_requests.violation) == 0 with input as testing.container(requests({"cpu": value}))
	}
}

test_what_the_pod_says_counts if {
	pod := object.union(requests({"cpu": "3"}), {"containers": [{}]})
	count(require_cpu_requests.violation) == 0 with input as testing.pod(pod)
}

test_a_limit_stands_in_where_that_is_accepted if {
	limited := {"resources": {"limits": {"cpu": "100m"}}}
	count(require_cpu_requests.violation) == 1 with input as testing.container(limited)
	count(require_cpu_requests.violation) == 1 with input as testing.container_with({"acceptLimits": "true"}, limited)
	count(require_cpu_requests.violation) == 0 with input as testing.container_with({"acceptLimits": true}, limited)
	count(require_cpu_requests.violation) == 1 with input as testing.container_with({"acceptLimits": true}, {})
	both := testing.pod_with({"acceptLimits": true}, {"containers": [limited, {}]})
	testing.paths(require_cpu_requests.violation) == {"/spec/containers/1/resources/requests/cpu"} with input as both
}

test_maximum if {
	parameters := {"maximum": "2"}
	every value in ["100m", "2", "2000m"] {
		fields := requests({"cpu": value})
		count(require_cpu_requests.violation) == 0 with input as testing.container_with(parameters, fields)
	}
	high := requests({"cpu": "3"})
	found := require_cpu_requests.violation with input as testing.container_with(parameters, high)
	testing.paths(found) == {pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" requests 3 CPU, more than the 2 allowed`}
}

test_a_maximum_that_is_no_quantity_allows_any if {
	every maximum in ["", "lots", 1, null] {
		fields := requests({"cpu": "3"})
		count(require_cpu_requests.violation) == 0 with input as testing.container_with({"maximum": maximum}, fields)
	}
}

test_exempt_image if {
	parameters := {"maximum": "2", "exemptImages": ["tools/*"]}
	tool := {"image": "tools/a:1"}
	count(require_cpu_requests.violation) == 0 with input as testing.container_with(parameters, tool)
	cart := {"image": "cart:1"}
	count(require_cpu_requests.violation) == 1 with input as testing.container_with(parameters, cart)
	count(require_cpu_requests.violation) == 1 with input as testing.container_with({"exemptImages": {"any": "*"}}, tool)
	too_much := object.union(tool, requests({"cpu": "3"}))
	count(require_cpu_requests.violation) == 0 with input as testing.container_with(parameters, too_much)
}
