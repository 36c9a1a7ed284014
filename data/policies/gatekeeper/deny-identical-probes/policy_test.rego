package deny_identical_probes_test

import data.deny_identical_probes
import data.lib.testing

health := {"httpGet": {"path": "/health", "port": 8080}}

probes(liveness, readiness) := {"livenessProbe": liveness, "readinessProbe": readiness}

with_health(fields) := object.union(health, fields)

test_denied_whatever_asks if {
	every probe in [
		health,
		{"tcpSocket": {"port": 6379}},
		{"grpc": {"port": 9000}},
		{"exec": {"command": ["redis-cli", "ping"]}},
	] {
		found := deny_identical_probes.violation with input as testing.container(probes(probe, probe))
		testing.paths(found) == {"/spec/containers/0/livenessProbe"}
	}
}

test_message if {
	found := deny_identical_probes.violation with input as testing.container(probes(health, health))
	message := `Container "cart" of Pod "shop/cart" is restarted as soon as it is unready: both probes make the same httpGet check for as long`
	testing.messages(found) == {message}
}

test_a_later_start_is_no_longer_wait if {
	fields := probes(with_health({"initialDelaySeconds": 300}), health)
	count(deny_identical_probes.violation) == 1 with input as testing.container(fields)
}

test_denied_without_a_longer_wait if {
	every pair in [
		[{"periodSeconds": 5}, {}],
		[{"periodSeconds": 5, "failureThreshold": 6}, {}],
		[{"failureThreshold": 4}, {"periodSeconds": 20}],
		[{"periodSeconds": 0, "failureThreshold": null}, {}],
		[{"periodSeconds": "60"}, {}],
		[{"failureThreshold": ["9"]}, {}],
		[{"failureThreshold": 9}, {"periodSeconds": "5"}],
	] {
		fields := probes(with_health(pair[0]), with_health(pair[1]))
		count(deny_identical_probes.violation) == 1 with input as testing.container(fields)
	}
}

test_allowed_with_a_longer_wait if {
	every pair in [
		[{"failureThreshold": 4}, {}],
		[{"periodSeconds": 11}, {}],
		[{"failureThreshold": 4, "periodSeconds": 0}, {}],
		[{}, {"periodSeconds": 9}],
		[{}, {"failureThreshold": 2}],
		[{"periodSeconds": 5, "failureThreshold": 7}, {"failureThreshold": 0}],
	] {
		fields := probes(with_health(pair[0]), with_health(pair[1]))
		count(deny_identical_probes.violation) == 0 with input as testing.container(fields)
	}
}

test_allowed_where_they_ask_differently if {
	every fields in [
		{},
		{"livenessProbe": health},
		{"readinessProbe": health},
		probes(health, {"httpGet": {"path": "/ready", "port": 8080}}),
		probes(health, {"tcpSocket": {"port": 8080}}),
		probes(null, null),
		probes("x", "x"),
		probes({}, {}),
		probes({"httpGet": null}, {"httpGet": null}),
	] {
		count(deny_identical_probes.violation) == 0 with input as testing.container(fields)
	}
}

test_containers_alone_have_probes if {
	pair := probes(health, health)
	spec := {"containers": [{}, pair], "initContainers": [pair], "ephemeralContainers": [pair]}
	found := deny_identical_probes.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/containers/1/livenessProbe"}
}

test_exempt_image if {
	fields := object.union(probes(health, health), {"image": "registry/cart:1"})
	count(deny_identical_probes.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_identical_probes.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"exemptImages": null}, {"exemptImages": {"a": "cart"}}] {
		count(deny_identical_probes.violation) == 1 with input as testing.container_with(parameters, object.union(probes(health, health), {"image": "cart"}))
	}
}
