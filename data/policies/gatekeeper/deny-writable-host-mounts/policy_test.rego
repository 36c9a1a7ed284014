package deny_writable_host_mounts_test

import data.deny_writable_host_mounts
import data.lib.testing

volumes := [
	{"name": "scratch", "emptyDir": {}},
	{"name": "logs", "hostPath": {"path": "/var/log"}},
	{"name": "cache", "hostPath": {"path": "/srv/cache"}},
]

pod(parameters, container) := testing.pod_with(parameters, {"volumes": volumes, "containers": [container]})

mounts(listed) := {"name": "cart", "image": "registry/cart:1", "volumeMounts": listed}

logs := {"name": "logs", "mountPath": "/logs"}

test_denied if {
	listed := [{"name": "scratch"}, logs, {"name": "cache", "readOnly": true}, {"name": "cache"}]
	found := deny_writable_host_mounts.violation with input as pod({}, mounts(listed))
	testing.paths(found) == {
		"/spec/containers/0/volumeMounts/1/readOnly",
		"/spec/containers/0/volumeMounts/3/readOnly",
	}
	`Container "cart" of Pod "shop/cart" may write to /var/log of its node` in testing.messages(found)
}

test_denied_in_every_list if {
	container := mounts([logs])
	spec := {
		"volumes": volumes,
		"containers": [container],
		"initContainers": [container],
		"ephemeralContainers": [container],
	}
	count(deny_writable_host_mounts.violation) == 3 with input as testing.deployment(spec)
}

test_only_true_is_read_only if {
	every value in [false, null, "true", 1, {}] {
		mount := object.union(logs, {"readOnly": value})
		count(deny_writable_host_mounts.violation) == 1 with input as pod({}, mounts([mount]))
	}
	mount := object.union(logs, {"readOnly": true})
	count(deny_writable_host_mounts.violation) == 0 with input as pod({}, mounts([mount]))
}

test_denied_without_a_path if {
	every source in [{}, "/srv", {"path": 5}, {"path": "/srv/cache/../.."}] {
		spec := {"volumes": [{"name": "logs", "hostPath": source}], "containers": [mounts([logs])]}
		parameters := {"allowedPaths": ["/srv/cache"]}
		count(deny_writable_host_mounts.violation) == 1 with input as testing.pod_with(parameters, spec)
	}
}

test_allowed if {
	every listed in [null, [], "logs", {"name": "logs"}, [null, "logs", {}, {"name": "scratch"}, {"name": "gone"}]] {
		count(deny_writable_host_mounts.violation) == 0 with input as pod({}, mounts(listed))
	}
	spec := {"volumes": [{"name": "logs", "hostPath": null}], "containers": [mounts([logs])]}
	count(deny_writable_host_mounts.violation) == 0 with input as testing.pod(spec)
}

test_allowed_by_parameter if {
	listed := [logs, {"name": "cache"}]
	found := deny_writable_host_mounts.violation with input as pod({"allowedPaths": ["/srv"]}, mounts(listed))
	testing.paths(found) == {"/spec/containers/0/volumeMounts/0/readOnly"}
}

test_exempt_image if {
	count(deny_writable_host_mounts.violation) == 0 with input as pod({"exemptImages": ["registry/*"]}, mounts([logs]))
	count(deny_writable_host_mounts.violation) == 1 with input as pod({"exemptImages": ["other/*"]}, mounts([logs]))
}
