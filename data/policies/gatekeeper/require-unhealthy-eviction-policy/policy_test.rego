package require_unhealthy_eviction_policy_test

import data.lib.testing
import data.require_unhealthy_eviction_policy

budget_of(api_version, kind, parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": api_version,
		"kind": kind,
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

budget(parameters, spec) := budget_of("policy/v1", "PodDisruptionBudget", parameters, spec)

found(asked) := violations if violations := require_unhealthy_eviction_policy.violation with input as asked

test_unset_is_denied if {
	every spec in [{"maxUnavailable": 1}, {}, null, "x", {"unhealthyPodEvictionPolicy": null}, {"unhealthyPodEvictionPolicy": ""}] {
		violations := found(budget({}, spec))
		testing.paths(violations) == {"/spec/unhealthyPodEvictionPolicy"}
		testing.messages(violations) == {`PodDisruptionBudget "shop/cart" may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is not set`}
	}
}

test_the_default_spelt_out_is_denied if {
	violations := found(budget({}, {"unhealthyPodEvictionPolicy": "IfHealthyBudget"}))
	testing.messages(violations) == {`PodDisruptionBudget "shop/cart" may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is IfHealthyBudget`}
}

test_what_is_no_policy_is_denied if {
	every value in ["alwaysallow", true, false, 5, ["AlwaysAllow"], {}] {
		count(found(budget({}, {"unhealthyPodEvictionPolicy": value}))) == 1
	}
}

test_allowed if count(found(budget({}, {"unhealthyPodEvictionPolicy": "AlwaysAllow"}))) == 0

test_accepted if {
	both := {"accepted": ["AlwaysAllow", "IfHealthyBudget"]}
	count(found(budget(both, {"unhealthyPodEvictionPolicy": "IfHealthyBudget"}))) == 0
	count(found(budget(both, {"unhealthyPodEvictionPolicy": "AlwaysAllow"}))) == 0
	count(found(budget(both, {}))) == 1
	count(found(budget({"accepted": ["IfHealthyBudget"]}, {"unhealthyPodEvictionPolicy": "AlwaysAllow"}))) == 1
	count(found(budget({"accepted": "IfHealthyBudget"}, {"unhealthyPodEvictionPolicy": "AlwaysAllow"}))) == 0
}

test_what_has_no_such_field_is_left_alone if {
	count(found(budget_of("policy/v1beta1", "PodDisruptionBudget", {}, {}))) == 0
	count(found(budget_of("policy/v1", "Eviction", {}, {}))) == 0
	count(found(testing.deployment({}))) == 0
}
