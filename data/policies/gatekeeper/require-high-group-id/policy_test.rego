package require_high_group_id_test

import data.lib.testing
import data.require_high_group_id

group(value) := {"securityContext": {"runAsGroup": value}}

pod(pod_fields, container_fields) := testing.pod(object.union(pod_fields, {"containers": [container_fields]}))

pointer := "/spec/containers/0/securityContext/runAsGroup"

test_denied_where_nobody_says_it if {
	every input_ in [
		pod({}, {"name": "cart"}),
		pod(group(null), {"name": "cart"}),
		pod({"securityContext": null}, object.union(group(null), {"name": "cart"})),
		pod({"securityContext": 10001}, {"name": "cart", "securityContext": 10001}),
	] {
		found := require_high_group_id.violation with input as input_
		testing.paths(found) == {pointer}
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" must run with group 10000 or higher: set securityContext.runAsGroup`}
	}
}

test_denied_where_it_is_low if {
	every value in [0, 1000, 9999, -1, "10001", "high", [], {}] {
		own := require_high_group_id.violation with input as pod(group(10001), group(value))
		testing.paths(own) == {pointer}
		inherited := require_high_group_id.violation with input as pod(group(value), {})
		testing.paths(inherited) == {pointer}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [group(10000)], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_high_group_id.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext/runAsGroup",
		"/spec/template/spec/ephemeralContainers/0/securityContext/runAsGroup",
	}
}

test_allowed if {
	every input_ in [
		pod({}, group(10000)),
		pod(group(10000), {}),
		pod(group(10000), group(null)),
		pod(group(0), group(10001)),
	] {
		count(require_high_group_id.violation) == 0 with input as input_
	}
}

test_windows_has_no_group_ids if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(require_high_group_id.violation) == 0 with input as testing.pod(spec)
}

test_minimum if {
	count(require_high_group_id.violation) == 0 with input as testing.container_with({"minimum": "20000"}, group(10000))
	parameters := {"minimum": 2000}
	count(require_high_group_id.violation) == 0 with input as testing.container_with(parameters, group(2000))
	count(require_high_group_id.violation) == 1 with input as testing.container_with(parameters, group(1999))
	low := object.union(group(1999), {"containers": [{}]})
	count(require_high_group_id.violation) == 1 with input as testing.pod_with(parameters, low)
	enough := object.union(group(2000), {"containers": [{}]})
	count(require_high_group_id.violation) == 0 with input as testing.pod_with(parameters, enough)
}

test_exempt_image if {
	parameters := {"exemptImages": ["legacy/*"]}
	count(require_high_group_id.violation) == 0 with input as testing.container_with(parameters, {"image": "legacy/a:1"})
	count(require_high_group_id.violation) == 1 with input as testing.container_with(parameters, {"image": "new/a:1"})
	unlisted := {"exemptImages": {"a": "legacy/*"}}
	count(require_high_group_id.violation) == 1 with input as testing.container_with(unlisted, {"image": "legacy/a:1"})
}

test_what_has_no_pods_is_left_alone if {
	count(require_high_group_id.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}
