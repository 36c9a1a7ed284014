package deny_blocking_disruption_budgets_test

import data.deny_blocking_disruption_budgets
import data.lib.testing

budget_of(api_version, spec) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "cart", "namespace": "shop"},
	"spec": spec,
}}}

budget(spec) := budget_of("policy/v1", spec)

found(asked) := violations if violations := deny_blocking_disruption_budgets.violation with input as asked

test_none_may_be_away if {
	violations := found(budget({"maxUnavailable": 0}))
	testing.paths(violations) == {"/spec/maxUnavailable"}
	testing.messages(violations) == {`PodDisruptionBudget "shop/cart" refuses every eviction: spec.maxUnavailable is 0`}
	every value in ["0%", "00%", "0", "", "5", "-5%", -1, "%", true, false, [], {}] {
		testing.paths(found(budget({"maxUnavailable": value}))) == {"/spec/maxUnavailable"}
	}
}

test_all_must_stay if {
	violations := found(budget({"minAvailable": "100%"}))
	testing.paths(violations) == {"/spec/minAvailable"}
	testing.messages(violations) == {`PodDisruptionBudget "shop/cart" refuses every eviction: spec.minAvailable is 100%`}
	every value in ["101%", "1000%", "2", "", "%", true, false, [], {}] {
		testing.paths(found(budget({"minAvailable": value}))) == {"/spec/minAvailable"}
	}
}

test_neither_is_said if {
	every spec in [{}, {"maxUnavailable": null}, {"minAvailable": null}, {"selector": {}}, null, "x"] {
		violations := found(budget(spec))
		testing.paths(violations) == {"/spec/maxUnavailable"}
		testing.messages(violations) == {`PodDisruptionBudget "shop/cart" refuses every eviction: it sets neither minAvailable nor maxUnavailable`}
	}
}

test_the_older_api_is_judged if count(found(budget_of("policy/v1beta1", {"maxUnavailable": 0}))) == 1

test_allowed if {
	every value in [1, 5, "1%", "10%", "100%", "010%"] {
		count(found(budget({"maxUnavailable": value}))) == 0
		count(found(budget({"maxUnavailable": value, "minAvailable": null}))) == 0
	}
	every value in [0, 1, 7, "0%", "80%", "99%", "099%"] {
		count(found(budget({"minAvailable": value}))) == 0
	}
}

test_other_kinds_are_left_alone if {
	count(found(testing.deployment({}))) == 0
	count(found(budget_of("example.com/v1", {"maxUnavailable": 0}))) == 0
}
