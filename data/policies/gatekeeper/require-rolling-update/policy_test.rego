package require_rolling_update_test

import data.lib.testing
import data.require_rolling_update

workload(api_version, kind, parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": api_version,
		"kind": kind,
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

deployment(parameters, strategy) := workload("apps/v1", "Deployment", parameters, {"strategy": strategy})

found(asked) := violations if violations := require_rolling_update.violation with input as asked

test_recreate_is_denied if {
	violations := found(deployment({}, {"type": "Recreate"}))
	testing.paths(violations) == {"/spec/strategy/type"}
	testing.messages(violations) == {`Deployment "shop/cart" does not roll its updates out: spec.strategy.type is Recreate`}
	count(found(workload("extensions/v1beta1", "Deployment", {}, {"strategy": {"type": "Recreate"}}))) == 1
}

test_on_delete_is_denied if {
	every kind in ["StatefulSet", "DaemonSet"] {
		violations := found(workload("apps/v1", kind, {}, {"updateStrategy": {"type": "OnDelete"}}))
		testing.paths(violations) == {"/spec/updateStrategy/type"}
		count(found(workload("apps/v1", kind, {}, {"strategy": {"type": "OnDelete"}}))) == 0
	}
}

test_what_is_no_rolling_update_is_denied if {
	every type in ["rollingupdate", "Rolling", true, false, 5, ["RollingUpdate"], {}] {
		count(found(deployment({}, {"type": type}))) == 1
	}
	every strategy in ["Recreate", ["Recreate"], true, false] {
		testing.paths(found(deployment({}, strategy))) == {"/spec/strategy/type"}
	}
}

test_allowed if {
	every strategy in [
		{"type": "RollingUpdate"},
		{"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
		{"type": null},
		{"type": ""},
		{},
		null,
	] {
		count(found(deployment({}, strategy))) == 0
	}
	count(found(workload("apps/v1", "Deployment", {}, null))) == 0
}

test_other_kinds_are_left_alone if {
	every pair in [["argoproj.io/v1alpha1", "Rollout"], ["apps/v1", "ReplicaSet"], ["v1", "Pod"]] {
		count(found(workload(pair[0], pair[1], {"explicit": true}, {"strategy": {"type": "Recreate"}}))) == 0
	}
}

test_explicit if {
	every strategy in [{"type": null}, {"type": ""}, {}, null] {
		violations := found(deployment({"explicit": true}, strategy))
		testing.paths(violations) == {"/spec/strategy/type"}
		testing.messages(violations) == {`Deployment "shop/cart" does not say that it rolls its updates out: spec.strategy.type is not set`}
		count(found(deployment({"explicit": "true"}, strategy))) == 0
	}
	count(found(deployment({"explicit": true}, {"type": "RollingUpdate"}))) == 0
	count(found(deployment({"explicit": true}, {"type": "Recreate"}))) == 1
}
