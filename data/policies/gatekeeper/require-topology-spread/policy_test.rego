package require_topology_spread_test

import data.lib.testing
import data.require_topology_spread

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

found(asked) := violations if violations := require_topology_spread.violation with input as asked

constraint := {"maxSkew": 1, "topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "cart"}}}

spread(constraints) := {"topologySpreadConstraints": constraints}

selector(value) := object.union(object.remove(constraint, ["labelSelector"]), {"labelSelector": value})

test_denied if {
	violations := found(deployment({}, 2, {}))
	testing.paths(violations) == {"/spec/template/spec/topologySpreadConstraints"}
	testing.messages(violations) == {`Deployment "shop/cart" does not say how its replicas spread: no entry of topologySpreadConstraints is about its own pods`}
}

test_one_replica_is_left_alone if {
	every number in [1, 0, null] {
		count(found(deployment({}, number, {}))) == 0
	}
	count(found(testing.pod({}))) == 0
}

test_without_a_pod_spec_there_is_nothing_to_place if {
	every spec in [null, "x", []] {
		count(found(deployment({}, 2, spec))) == 0
	}
}

test_what_is_no_number_excuses_nothing if count(found(deployment({}, "two", {}))) == 1

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
	count(found(of_kind("apps/v1", "DaemonSet"))) == 0
}

test_allowed if {
	every constraints in [
		[constraint],
		[null, constraint],
		[selector({})],
		[selector({"matchExpressions": [{"key": "app", "operator": "Exists"}]})],
	] {
		count(found(deployment({}, 3, spread(constraints)))) == 0
	}
}

test_a_constraint_that_spreads_nothing_is_denied if {
	every constraints in [
		null,
		"x",
		[],
		[null],
		[object.remove(constraint, ["topologyKey"])],
		[object.union(constraint, {"topologyKey": ""})],
		[object.union(constraint, {"topologyKey": 5})],
		[object.remove(constraint, ["labelSelector"])],
		[selector(null)],
		[selector("app")],
		[selector({"matchLabels": {"app": "orders"}})],
	] {
		count(found(deployment({}, 3, spread(constraints)))) == 1
	}
}

test_minimum_replicas if {
	count(found(deployment({"minimumReplicas": 3}, 2, {}))) == 0
	count(found(deployment({"minimumReplicas": 3}, 3, {}))) == 1
	count(found(deployment({"minimumReplicas": 1}, null, {}))) == 1
	count(found(deployment({"minimumReplicas": 1}, 0, {}))) == 0
	count(found(deployment({"minimumReplicas": "3"}, 2, {}))) == 1
}

test_a_bare_pod_counts_as_one_replica if {
	violations := found(testing.pod_with({"minimumReplicas": 1}, {}))
	testing.paths(violations) == {"/spec/topologySpreadConstraints"}
}

test_constraints_that_miss_their_own_pods_are_denied_at_any_number if {
	missing := spread([selector({"matchLabels": {"app": "orders"}})])
	every number in [0, 1, null] {
		count(found(deployment({}, number, missing))) == 1
		count(found(deployment({}, number, spread([constraint])))) == 0
		count(found(deployment({}, number, spread([])))) == 0
		count(found(deployment({}, number, spread("x")))) == 0
	}
	testing.paths(found(testing.pod(missing))) == {"/spec/topologySpreadConstraints"}
	count(found(testing.pod(spread([selector({})])))) == 0
	daemon_set := of_kind("apps/v1", "DaemonSet")
	count(found(json.patch(daemon_set, [{"op": "replace", "path": "/review/object/spec/template/spec", "value": missing}]))) == 0
}

test_topology_keys if {
	keys := {"topologyKeys": ["rack", "zone"]}
	count(found(deployment(keys, 2, spread([constraint])))) == 0
	count(found(deployment(keys, 2, spread([object.union(constraint, {"topologyKey": "region"})])))) == 1
	count(found(deployment({"topologyKeys": "rack"}, 2, spread([constraint])))) == 0
}
