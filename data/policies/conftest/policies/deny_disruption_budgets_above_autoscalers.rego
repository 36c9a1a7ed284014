# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_disruption_budgets_above_autoscalers

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.selectors

least_available := object.get(k8s.resource, ["spec", "minAvailable"], null) if {
	k8s.group_kind == "policy/PodDisruptionBudget"
}

violation contains {"msg": msg, "details": {"path": "/spec/minAvailable"}} if {
	least_available != null
	some autoscaler in autoscalers
	lowest := lowest_of(autoscaler)

	# At no replicas at all there is nothing to evict.
	lowest >= 1
	needed(least_available, lowest) >= lowest
	msg := sprintf(
		"%s refuses every eviction at the fewest replicas: spec.minAvailable is %v, minReplicas of HorizontalPodAutoscaler %v is %v",
		[k8s.label, least_available, autoscaler.metadata.name, lowest],
	)
}

# Those that scale a workload whose pods the budget protects.
autoscalers := [autoscaler |
	some version in ["autoscaling/v2", "autoscaling/v1"]
	some autoscaler in inventory.objects(version, "HorizontalPodAutoscaler")
	target := autoscaler.spec.scaleTargetRef
	[target.kind, target.name] in protected
]

protected contains [kind, workload.metadata.name] if {
	# An empty selector selects every pod of the namespace, one that is missing none.
	selector := object.get(k8s.resource, ["spec", "selector"], null)
	is_object(selector)
	some kind in ["Deployment", "StatefulSet"]
	some workload in inventory.objects("apps/v1", kind)
	selectors.selects(selector, labels_of(workload))
}

labels_of(workload) := workload.spec.template.metadata.labels if {
	is_object(workload.spec.template.metadata.labels)
} else := {}

# Kubernetes takes one where nothing is set.
lowest_of(autoscaler) := 1 if object.get(autoscaler, ["spec", "minReplicas"], null) == null

lowest_of(autoscaler) := autoscaler.spec.minReplicas if is_number(autoscaler.spec.minReplicas)

# How many of `lowest` pods must stay. What is neither a number nor a percentage spares none of them.
needed(value, lowest) := value if {
	is_number(value)
} else := hundreds / 100 if {
	is_string(value)
	regex.match(`^[0-9]{1,9}%$`, value)
	percent := to_number(trim_suffix(value, "%"))
	product := percent * lowest
	over := product % 100
	under := 100 - over
	missing := under % 100
	hundreds := product + missing # rounded up
} else := lowest
