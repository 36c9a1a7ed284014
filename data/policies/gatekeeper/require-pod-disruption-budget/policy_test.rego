package require_pod_disruption_budget_test

import data.lib.testing
import data.require_pod_disruption_budget

budgets(specs) := {"policy/v1": {"PodDisruptionBudget": {sprintf("b%d", [i]): {"spec": spec} | some i, spec in specs}}}

in_shop(specs) := {"namespace": {"shop": budgets(specs)}}

of_kind(api_version, kind, metadata, replicas) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": metadata,
	"spec": {"replicas": replicas, "template": {"metadata": {"labels": {"app": "cart"}}, "spec": {}}},
}}}

placed := {"name": "cart", "namespace": "shop"}

deployment(replicas) := of_kind("apps/v1", "Deployment", placed, replicas)

unplaced := of_kind("apps/v1", "Deployment", {"name": "cart"}, 2)

found(asked, held) := violations if {
	violations := require_pod_disruption_budget.violation with input as asked with data.inventory as held
}

test_denied_without_a_budget if {
	every held in [
		{},
		{"namespace": {}},
		in_shop([]),
		{"namespace": {"web": budgets([{"selector": {}}])}},
		{"cluster": budgets([{"selector": {}}])},
	] {
		testing.paths(found(deployment(2), held)) == {"/spec/template/metadata/labels"}
	}
}

test_message if testing.messages(found(deployment(2), {})) == {`Deployment "shop/cart" may lose all its replicas to a drain at once: no PodDisruptionBudget in namespace "shop" selects its labels`}

test_denied_where_no_budget_selects_it if {
	every spec in [
		null,
		"x",
		{},
		{"selector": null},
		{"selector": "app"},
		{"selector": {"matchLabels": {"app": "orders"}}},
	] {
		count(found(deployment(2), in_shop([spec]))) == 1
	}
}

test_allowed if {
	every selector in [
		{},
		{"matchLabels": {"app": "cart"}},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["cart"]}]},
	] {
		held := in_shop([{"selector": {"matchLabels": {"app": "orders"}}}, {"selector": selector}])
		count(found(deployment(2), held)) == 0
	}
}

test_few_replicas_are_left_alone if {
	every number in [0, 1, null] {
		count(found(deployment(number), {})) == 0
	}
	count(found(deployment("two"), {})) == 1
}

test_every_kind_is_judged if {
	every pair in [
		["v1", "ReplicationController"],
		["apps.kruise.io/v1alpha1", "CloneSet"],
		["apps/v1", "ReplicaSet"],
		["apps/v1", "StatefulSet"],
		["argoproj.io/v1alpha1", "Rollout"],
	] {
		count(found(of_kind(pair[0], pair[1], placed, 2), {})) == 1
	}
}

test_what_has_no_replicas_is_left_alone if {
	count(found(of_kind("apps/v1", "DaemonSet", placed, 2), {})) == 0
	count(found(of_kind("v1", "Pod", placed, 2), {})) == 0
	count(found({"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 2}}}}, {})) == 0
}

with_parameters(asked, parameters) := object.union(asked, {"parameters": parameters})

test_minimum_replicas if {
	count(found(with_parameters(deployment(null), {"minimumReplicas": 1}), {})) == 1
	count(found(with_parameters(deployment(2), {"minimumReplicas": 3}), {})) == 0
	count(found(with_parameters(deployment(3), {"minimumReplicas": 3}), {})) == 1
	count(found(with_parameters(deployment(2), {"minimumReplicas": "3"}), {})) == 1
}

test_without_a_namespace_the_manifests_belong_together if {
	every held in [{"cluster": budgets([{"selector": {}}])}, {"namespace": {"default": budgets([{"selector": {}}])}}] {
		count(found(unplaced, held)) == 0
	}
	testing.messages(found(unplaced, in_shop([{"selector": {}}]))) == {`Deployment "cart" may lose all its replicas to a drain at once: no PodDisruptionBudget in its namespace selects its labels`}
}
