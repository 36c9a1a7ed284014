package lib.replicas_test

import data.lib.replicas

input_of(api_version, kind, spec) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": {"name": "cart"},
	"spec": spec,
}}}

owned(kind, api_version, owners) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": {"name": "cart", "ownerReferences": owners},
	"spec": {"replicas": 1},
}}}

test_every_kind_that_has_replicas if {
	every group_kind in replicas.kinds {
		parts := split(group_kind, "/")
		kind := parts[count(parts) - 1]
		api_version := concat("/", array.concat(array.slice(parts, 0, count(parts) - 1), ["v1"]))
		replicas.wanted == 3 with input as input_of(api_version, kind, {"replicas": 3})
	}
}

test_other_kinds_have_none if {
	not replicas.wanted with input as input_of("apps/v1", "DaemonSet", {"replicas": 3})
	not replicas.wanted with input as input_of("v1", "Pod", {"replicas": 3})
	not replicas.wanted with input as input_of("example.com/v1", "Deployment", {"replicas": 3})
}

test_unset_is_one if {
	every spec in [{}, {"replicas": null}, null, "x"] {
		replicas.wanted == 1 with input as input_of("apps/v1", "Deployment", spec)
		replicas.stated == null with input as input_of("apps/v1", "Deployment", spec)
	}
}

test_zero_is_zero if replicas.wanted == 0 with input as input_of("apps/v1", "Deployment", {"replicas": 0})

test_what_is_no_number_is_many if {
	every value in ["3", true, false, [], {}] {
		replicas.wanted == 2147483647 with input as input_of("apps/v1", "Deployment", {"replicas": value})
		replicas.stated == value with input as input_of("apps/v1", "Deployment", {"replicas": value})
	}
}

test_what_a_controller_scales_is_left_to_it if {
	owners := [{"kind": "Deployment", "name": "cart", "controller": true}]
	not replicas.wanted with input as owned("ReplicaSet", "apps/v1", owners)
	not replicas.wanted with input as owned("ReplicationController", "v1", owners)
	replicas.wanted == 1 with input as owned("Deployment", "apps/v1", owners)
}

test_other_owners_scale_nothing if {
	every owners in [null, "x", [], [null], [{"kind": "App"}], [{"controller": false}], [{"controller": "true"}]] {
		replicas.wanted == 1 with input as owned("ReplicaSet", "apps/v1", owners)
	}
}
