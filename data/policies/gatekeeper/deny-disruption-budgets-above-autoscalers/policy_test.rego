package deny_disruption_budgets_above_autoscalers_test

import data.deny_disruption_budgets_above_autoscalers
import data.lib.testing

selector := {"matchLabels": {"app": "cart"}}

budget_in(metadata, spec) := {"review": {"object": {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": metadata,
	"spec": spec,
}}}

budget(spec) := budget_in({"name": "cart", "namespace": "shop"}, object.union({"selector": selector}, spec))

least(value) := budget({"minAvailable": value})

workload(kind) := {
	"kind": kind,
	"metadata": {"name": "cart"},
	"spec": {"template": {"metadata": {"labels": {"app": "cart"}}}},
}

autoscaler(spec) := {
	"metadata": {"name": "cart-scaler"},
	"spec": object.union({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}}, spec),
}

objects(deployment, version, scaler) := {
	"apps/v1": {"Deployment": {"cart": deployment}},
	version: {"HorizontalPodAutoscaler": {"cart-scaler": scaler}},
}

in_shop(spec) := {"namespace": {"shop": objects(workload("Deployment"), "autoscaling/v2", autoscaler(spec))}}

found(asked, held) := violations if {
	violations := deny_disruption_budgets_above_autoscalers.violation with input as asked with data.inventory as held
}

test_as_many_as_the_minimum_is_denied if {
	violations := found(least(2), in_shop({"minReplicas": 2}))
	testing.paths(violations) == {"/spec/minAvailable"}
	testing.messages(violations) == {`PodDisruptionBudget "shop/cart" refuses every eviction at the fewest replicas: spec.minAvailable is 2, minReplicas of HorizontalPodAutoscaler cart-scaler is 2`}
	count(found(least(3), in_shop({"minReplicas": 2}))) == 1
}

test_less_than_the_minimum_is_allowed if {
	count(found(least(1), in_shop({"minReplicas": 2}))) == 0
	count(found(least(0), in_shop({"minReplicas": 1}))) == 0
}

test_a_minimum_that_is_not_set_is_one if {
	every spec in [{}, {"minReplicas": null}] {
		count(found(least(1), in_shop(spec))) == 1
		count(found(least(0), in_shop(spec))) == 0
	}
}

test_at_no_replicas_nothing_is_evicted if count(found(least(1), in_shop({"minReplicas": 0}))) == 0

test_a_percentage_is_rounded_up if {
	count(found(least("80%"), in_shop({"minReplicas": 1}))) == 1
	count(found(least("80%"), in_shop({"minReplicas": 4}))) == 1
	count(found(least("80%"), in_shop({"minReplicas": 5}))) == 0
	count(found(least("100%"), in_shop({"minReplicas": 50}))) == 1
	count(found(least("0%"), in_shop({"minReplicas": 1}))) == 0
}

test_what_is_no_number_spares_none if {
	every value in ["2", "", "%", "two", true, false, [], {}] {
		count(found(least(value), in_shop({"minReplicas": 50}))) == 1
	}
}

test_without_min_available_it_is_left_alone if {
	every spec in [{"maxUnavailable": 1}, {}, {"minAvailable": null}] {
		count(found(budget(spec), in_shop({"minReplicas": 1}))) == 0
	}
	count(found(budget_in({"namespace": "shop"}, null), in_shop({}))) == 0
}

test_only_the_pods_that_it_selects_count if {
	every wanted in [{"matchLabels": {"app": "orders"}}, null, "app"] {
		asked := budget_in({"name": "cart", "namespace": "shop"}, {"minAvailable": 1, "selector": wanted})
		count(found(asked, in_shop({}))) == 0
	}
	everything := budget_in({"name": "cart", "namespace": "shop"}, {"minAvailable": 1, "selector": {}})
	count(found(everything, in_shop({}))) == 1
	count(found(budget_in({"namespace": "shop"}, {"minAvailable": 1}), in_shop({}))) == 0
}

test_pods_without_labels if {
	bare := {"kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"template": {"metadata": {"labels": "x"}}}}
	held := {"namespace": {"shop": objects(bare, "autoscaling/v2", autoscaler({}))}}
	count(found(least(1), held)) == 0
	everything := budget_in({"name": "cart", "namespace": "shop"}, {"minAvailable": 1, "selector": {}})
	count(found(everything, held)) == 1
}

test_only_autoscalers_of_the_workload_count if {
	every target in [
		{"kind": "Deployment", "name": "orders"},
		{"kind": "StatefulSet", "name": "cart"},
		{"kind": "Deployment"},
		null,
	] {
		scaler := {"metadata": {"name": "cart-scaler"}, "spec": {"scaleTargetRef": target}}
		held := {"namespace": {"shop": objects(workload("Deployment"), "autoscaling/v2", scaler)}}
		count(found(least(1), held)) == 0
	}
}

test_a_stateful_set_counts if {
	scaler := {
		"metadata": {"name": "cart-scaler"},
		"spec": {"minReplicas": 3, "scaleTargetRef": {"kind": "StatefulSet", "name": "cart"}},
	}
	held := {"namespace": {"shop": {
		"apps/v1": {"StatefulSet": {"cart": workload("StatefulSet")}},
		"autoscaling/v2": {"HorizontalPodAutoscaler": {"cart-scaler": scaler}},
	}}}
	count(found(least(3), held)) == 1
	count(found(least(2), held)) == 0
}

test_the_older_autoscaler_counts if {
	held := {"namespace": {"shop": objects(workload("Deployment"), "autoscaling/v1", autoscaler({"minReplicas": 2}))}}
	count(found(least(2), held)) == 1
}

test_a_minimum_that_is_no_number_says_nothing if count(found(least(2), in_shop({"minReplicas": "2"}))) == 0

test_another_namespace_does_not_count if {
	held := {"namespace": {"web": objects(workload("Deployment"), "autoscaling/v2", autoscaler({}))}}
	count(found(least(1), held)) == 0
	count(found(least(1), {})) == 0
}

test_other_kinds_are_left_alone if {
	other := {"review": {"object": {
		"apiVersion": "example.com/v1",
		"kind": "PodDisruptionBudget",
		"metadata": {"namespace": "shop"},
		"spec": {"minAvailable": 1, "selector": {}},
	}}}
	count(found(other, in_shop({}))) == 0
}
