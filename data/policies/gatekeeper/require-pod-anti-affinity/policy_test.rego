package require_pod_anti_affinity_test

import data.lib.testing
import data.require_pod_anti_affinity

deployment(parameters, replicas, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": {"replicas": replicas, "template": {"metadata": {"labels": {"app": "cart"}}, "spec": spec}},
	}},
}

of_kind(api_version, kind) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": {"name": "cart", "namespace": "shop"},
	"spec": {"replicas": 2, "template": {"spec": {}}},
}}}

found(asked) := violations if violations := require_pod_anti_affinity.violation with input as asked

term := {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "cart"}}}

term_with(fields) := object.union(term, fields)

required(terms) := {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}

preferred(terms) := {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
{"weight": 100, "podAffinityTerm": wanted} |
	some wanted in terms
]}}}

spread(fields) := {"topologySpreadConstraints": [object.union(
	term,
	object.union({"maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}, fields),
)]}

test_denied if {
	violations := found(deployment({}, 2, {}))
	testing.paths(violations) == {"/spec/template/spec/affinity/podAntiAffinity"}
	testing.messages(violations) == {`Deployment "shop/cart" may run all its replicas on one node: neither podAntiAffinity nor topologySpreadConstraints keep them apart`}
}

test_one_replica_is_left_alone if {
	every number in [1, 0, null] {
		count(found(deployment({}, number, {}))) == 0
	}
}

test_without_a_pod_spec_there_is_nothing_to_place if {
	every spec in [null, "x", []] {
		count(found(deployment({}, 2, spec))) == 0
	}
}

test_what_is_no_number_excuses_nothing if count(found(deployment({}, "two", {}))) == 1

test_what_has_no_replicas_is_left_alone if {
	count(found(testing.pod({}))) == 0
	count(found(of_kind("apps/v1", "DaemonSet"))) == 0
}

test_every_kind_is_judged if {
	every pair in [
		["v1", "ReplicationController"],
		["apps.kruise.io/v1alpha1", "CloneSet"],
		["apps.openshift.io/v1", "DeploymentConfig"],
		["apps/v1", "ReplicaSet"],
		["apps/v1", "StatefulSet"],
		["argoproj.io/v1alpha1", "Rollout"],
	] {
		count(found(of_kind(pair[0], pair[1]))) == 1
	}
}

test_allowed_by_a_term if {
	every spec in [
		required([term]),
		preferred([term]),
		required([{"topologyKey": "other"}, term]),
		required([term_with({"topologyKey": "topology.kubernetes.io/zone"})]),
		required([term_with({"namespaces": []})]),
		required([term_with({"namespaces": ["shop"]})]),
		required([term_with({"namespaces": ["web"], "namespaceSelector": {}})]),
		required([term_with({"labelSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["cart"]}]}})]),
	] {
		count(found(deployment({}, 3, spec))) == 0
	}
}

test_allowed_by_a_spread_constraint if {
	count(found(deployment({}, 3, spread({})))) == 0
	count(found(deployment({}, 3, spread({"topologyKey": "topology.kubernetes.io/zone"})))) == 0
}

test_a_term_that_keeps_nothing_apart_is_denied if {
	every spec in [
		required([]),
		required([null]),
		required("x"),
		required([term_with({"topologyKey": "node.example.com/rack"})]),
		required([{"labelSelector": {"matchLabels": {"app": "cart"}}}]),
		required([{"topologyKey": "kubernetes.io/hostname"}]),
		required([object.union(object.remove(term, ["labelSelector"]), {"labelSelector": null})]),
		required([object.union(object.remove(term, ["labelSelector"]), {"labelSelector": "app"})]),
		required([object.union(object.remove(term, ["labelSelector"]), {"labelSelector": {"matchLabels": {"app": "orders"}}})]),
		required([term_with({"namespaces": ["web"]})]),
		required([term_with({"namespaces": "shop"})]),
		preferred([null]),
		spread({"topologyKey": "node.example.com/rack"}),
		spread({"labelSelector": {"matchLabels": {"app": "orders"}}}),
		{"topologySpreadConstraints": [null]},
		{"topologySpreadConstraints": "x"},
		{"affinity": null},
		{"affinity": {"podAntiAffinity": []}},
		{"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}},
	] {
		count(found(deployment({}, 3, spec))) == 1
	}
}

test_minimum_replicas if {
	count(found(deployment({"minimumReplicas": 3}, 2, {}))) == 0
	count(found(deployment({"minimumReplicas": 3}, 3, {}))) == 1
	count(found(deployment({"minimumReplicas": "3"}, 2, {}))) == 1
}

test_topology_keys if {
	rack := required([term_with({"topologyKey": "node.example.com/rack"})])
	count(found(deployment({"topologyKeys": ["node.example.com/rack"]}, 2, rack))) == 0
	count(found(deployment({"topologyKeys": ["node.example.com/rack"]}, 2, required([term])))) == 1
	count(found(deployment({"topologyKeys": "node.example.com/rack"}, 2, required([term])))) == 0
}

test_required_only if {
	only := {"requiredOnly": true}
	count(found(deployment(only, 2, required([term])))) == 0
	count(found(deployment(only, 2, preferred([term])))) == 1
	count(found(deployment(only, 2, spread({})))) == 1
	count(found(deployment(only, 2, spread({"whenUnsatisfiable": null})))) == 1
	count(found(deployment(only, 2, spread({"whenUnsatisfiable": "DoNotSchedule"})))) == 0
	count(found(deployment({"requiredOnly": "true"}, 2, preferred([term])))) == 0
}
