package restrict_autoscaler_bounds_test

import data.lib.testing
import data.restrict_autoscaler_bounds

autoscaler(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "autoscaling/v2",
		"kind": "HorizontalPodAutoscaler",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

found(asked) := violations if violations := restrict_autoscaler_bounds.violation with input as asked

test_one_replica_is_denied if {
	violations := found(autoscaler({}, {"minReplicas": 1, "maxReplicas": 5}))
	testing.paths(violations) == {"/spec/minReplicas"}
	testing.messages(violations) == {`HorizontalPodAutoscaler "shop/cart" may scale down to 1, below the minimum of 2`}
}

test_unset_is_one_replica if {
	every spec in [{"maxReplicas": 5}, {"minReplicas": null, "maxReplicas": 5}, {}, null, "x"] {
		testing.paths(found(autoscaler({}, spec))) == {"/spec/minReplicas"}
	}
}

test_none_is_denied if count(found(autoscaler({}, {"minReplicas": 0, "maxReplicas": 5}))) == 1

test_allowed if {
	count(found(autoscaler({}, {"minReplicas": 2, "maxReplicas": 3}))) == 0
	count(found(autoscaler({}, {"minReplicas": 20, "maxReplicas": 1000}))) == 0
	count(found(autoscaler({}, {"minReplicas": 2}))) == 0
}

test_no_room_to_scale_is_denied if {
	violations := found(autoscaler({}, {"minReplicas": 3, "maxReplicas": 3}))
	testing.paths(violations) == {"/spec/maxReplicas"}
	testing.messages(violations) == {`HorizontalPodAutoscaler "shop/cart" scales nothing: its most is 3 replicas and its least 3`}
	testing.paths(found(autoscaler({}, {"minReplicas": 4, "maxReplicas": 3}))) == {"/spec/maxReplicas"}
	testing.paths(found(autoscaler({"minimum": 1}, {"maxReplicas": 1}))) == {"/spec/maxReplicas"}
}

test_minimum if {
	count(found(autoscaler({"minimum": 3}, {"minReplicas": 2, "maxReplicas": 5}))) == 1
	count(found(autoscaler({"minimum": 3}, {"minReplicas": 3, "maxReplicas": 5}))) == 0
	count(found(autoscaler({"minimum": 1}, {"maxReplicas": 5}))) == 0
	count(found(autoscaler({"minimum": "3"}, {"minReplicas": 2, "maxReplicas": 5}))) == 0
}

test_maximum if {
	violations := found(autoscaler({"maximum": 10}, {"minReplicas": 2, "maxReplicas": 11}))
	testing.paths(violations) == {"/spec/maxReplicas"}
	testing.messages(violations) == {`HorizontalPodAutoscaler "shop/cart" may scale up to 11, above the maximum of 10`}
	count(found(autoscaler({"maximum": 10}, {"minReplicas": 2, "maxReplicas": 10}))) == 0
	count(found(autoscaler({"maximum": 0}, {"minReplicas": 2, "maxReplicas": 11}))) == 0
	count(found(autoscaler({"maximum": "10"}, {"minReplicas": 2, "maxReplicas": 11}))) == 0
}

test_what_is_no_number_is_denied if {
	every value in ["3", true, false, [], {}] {
		testing.paths(found(autoscaler({}, {"minReplicas": value, "maxReplicas": 5}))) == {"/spec/minReplicas"}
		testing.paths(found(autoscaler({"maximum": 5}, {"minReplicas": 2, "maxReplicas": value}))) == {"/spec/maxReplicas"}
	}
	testing.messages(found(autoscaler({}, {"minReplicas": "3", "maxReplicas": "5"}))) == {
		`HorizontalPodAutoscaler "shop/cart" has no number for its fewest replicas: spec.minReplicas is 3`,
		`HorizontalPodAutoscaler "shop/cart" has no number for its most replicas: spec.maxReplicas is 5`,
	}
}

test_other_kinds_are_left_alone if {
	count(found(testing.deployment({}))) == 0
	other := {"review": {"object": {"apiVersion": "example.com/v1", "kind": "HorizontalPodAutoscaler", "spec": {"maxReplicas": 1}}}}
	count(found(other)) == 0
}
