package require_liveness_probe_test

import data.lib.testing
import data.require_liveness_probe

probed(value) := {"livenessProbe": value}

pointer := "/spec/containers/0/livenessProbe"

test_denied_without_a_probe if {
	every fields in [
		{},
		probed(null),
		probed({}),
		probed("/healthz"),
		probed([{"httpGet": {"port": 8080}}]),
		probed({"httpGet": null, "periodSeconds": 5}),
		probed({"httpGet": "/healthz"}),
		{"readinessProbe": {"httpGet": {"port": 8080}}},
	] {
		found := require_liveness_probe.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
	}
}

test_message if {
	found := require_liveness_probe.violation with input as testing.container({})
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" has no liveness probe: if it hangs, nothing restarts it`}
}

test_allowed_with_any_kind_of_probe if {
	every probe in [
		{"httpGet": {"port": 8080}},
		{"tcpSocket": {"port": "http"}},
		{"exec": {"command": ["true"]}},
		{"grpc": {"port": 9000}},
	] {
		count(require_liveness_probe.violation) == 0 with input as testing.container(probed(probe))
	}
}

test_each_container_needs_its_own if {
	spec := {
		"containers": [{"name": "a"}, object.union({"name": "b"}, probed({"tcpSocket": {"port": 80}})), {"name": "c"}],
		"initContainers": [{}],
		"ephemeralContainers": [{}],
	}
	found := require_liveness_probe.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/0/livenessProbe",
		"/spec/template/spec/containers/2/livenessProbe",
	}
}

test_pods_that_run_to_completion if {
	spec := {"restartPolicy": "OnFailure", "containers": [{"name": "cart"}]}
	count(require_liveness_probe.violation) == 0 with input as testing.pod(spec)
	count(require_liveness_probe.violation) == 0 with input as testing.pod_with({"runToCompletion": "yes"}, spec)
	count(require_liveness_probe.violation) == 1 with input as testing.pod_with({"runToCompletion": true}, spec)
	always := object.union(spec, {"restartPolicy": "Always"})
	count(require_liveness_probe.violation) == 1 with input as testing.pod(always)
}

test_exempt_image if {
	parameters := {"exemptImages": ["registry/queue:*"]}
	count(require_liveness_probe.violation) == 0 with input as testing.container_with(parameters, {"image": "registry/queue:1"})
	count(require_liveness_probe.violation) == 1 with input as testing.container_with(parameters, {"image": "registry/cart:1"})
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"exemptImages": null}, {"exemptImages": {"a": "cart"}}] {
		count(require_liveness_probe.violation) == 1 with input as testing.container_with(parameters, {"image": "cart"})
	}
}
