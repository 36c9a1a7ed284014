package require_replicas_test

import data.lib.testing
import data.require_replicas

workload(api_version, kind, parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": api_version,
		"kind": kind,
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

deployment(parameters, spec) := workload("apps/v1", "Deployment", parameters, spec)

found(asked) := violations if violations := require_replicas.violation with input as asked

test_one_replica_is_denied if {
	violations := found(deployment({}, {"replicas": 1}))
	testing.paths(violations) == {"/spec/replicas"}
	testing.messages(violations) == {`Deployment "shop/cart" asks for 1 replica, fewer than the 2 that keep it up while a node is drained`}
}

test_unset_is_one_replica if {
	every spec in [{}, {"replicas": null}] {
		testing.messages(found(deployment({}, spec))) == {`Deployment "shop/cart" asks for 1 replica (spec.replicas is not set), fewer than the 2 that keep it up while a node is drained`}
	}
}

test_none_is_denied if {
	testing.messages(found(deployment({}, {"replicas": 0}))) == {`Deployment "shop/cart" asks for 0 replicas, fewer than the 2 that keep it up while a node is drained`}
}

test_two_and_more_are_allowed if {
	every number in [2, 3, 500] {
		count(found(deployment({}, {"replicas": number}))) == 0
	}
}

test_every_kind_is_judged if {
	every pair in [
		["v1", "ReplicationController"],
		["apps.kruise.io/v1alpha1", "CloneSet"],
		["apps.kruise.io/v1beta1", "StatefulSet"],
		["apps.openshift.io/v1", "DeploymentConfig"],
		["apps/v1", "ReplicaSet"],
		["apps/v1", "StatefulSet"],
		["argoproj.io/v1alpha1", "Rollout"],
		["extensions/v1beta1", "Deployment"],
		["extensions/v1beta1", "ReplicaSet"],
	] {
		count(found(workload(pair[0], pair[1], {}, {"replicas": 1}))) == 1
		count(found(workload(pair[0], pair[1], {}, {"replicas": 2}))) == 0
	}
}

test_what_has_no_replicas_is_left_alone if {
	count(found(workload("apps/v1", "DaemonSet", {}, {}))) == 0
	count(found(workload("v1", "Pod", {}, {}))) == 0
	count(found(workload("v1", "Service", {}, {}))) == 0
}

test_minimum if {
	count(found(deployment({"minimum": 3}, {"replicas": 2}))) == 1
	count(found(deployment({"minimum": 3}, {"replicas": 3}))) == 0
	count(found(deployment({"minimum": 1}, {}))) == 0
	count(found(deployment({"minimum": "3"}, {"replicas": 2}))) == 0
}

test_maximum if {
	violations := found(deployment({"maximum": 50}, {"replicas": 51}))
	testing.messages(violations) == {`Deployment "shop/cart" asks for 51 replicas, more than 50`}
	testing.paths(violations) == {"/spec/replicas"}
	count(found(deployment({"maximum": 50}, {"replicas": 50}))) == 0
	count(found(deployment({"maximum": 0}, {"replicas": 51}))) == 0
	count(found(deployment({"maximum": "50"}, {"replicas": 51}))) == 0
}

test_minimum_and_maximum_may_meet if {
	testing.messages(found(deployment({"minimum": 1, "maximum": 1}, {"replicas": 2}))) == {`Deployment "shop/cart" asks for 2 replicas, more than 1`}
	count(found(deployment({"minimum": 1, "maximum": 1}, {"replicas": 1}))) == 0
}

test_unset_may_be_allowed if {
	every spec in [{}, {"replicas": null}] {
		count(found(deployment({"allowUnset": true}, spec))) == 0
		count(found(deployment({"allowUnset": false}, spec))) == 1
		count(found(deployment({"allowUnset": "true"}, spec))) == 1
	}
	count(found(deployment({"allowUnset": true}, {"replicas": 1}))) == 1
}

test_what_is_no_number_is_denied if {
	every value in ["3", true, false, [], {}] {
		every parameters in [{}, {"maximum": 5}, {"allowUnset": true}] {
			count(found(deployment(parameters, {"replicas": value}))) == 1
		}
	}
	testing.messages(found(deployment({}, {"replicas": "3"}))) == {`Deployment "shop/cart" asks for replicas with what is no number: spec.replicas is 3`}
}
