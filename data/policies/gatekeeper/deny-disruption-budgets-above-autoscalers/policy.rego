# METADATA
# title: Deny disruption budgets above their autoscaler's minimum
# description: >-
#   The `minAvailable` of a PodDisruptionBudget must be less than the fewest replicas to which an autoscaler may bring
#   the workload that it protects.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#     description: Specifying a Disruption Budget for your Application
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: deny-disruption-budgets-above-autoscalers
#   kind: JadeDenyDisruptionBudgetsAboveAutoscalers
#   severity: medium
#   severity_reason: It stops the drain of a node in quiet hours, and with it updates of the cluster.
#   reliability: medium
#   tags: [availability, autoscaling, disruption-budget, referential]
#   features: [pdb.minAvailable=hpa.minReplicas]
#   kinds: [policy/PodDisruptionBudget]
#   inventory: [apps/v1/Deployment, apps/v1/StatefulSet, autoscaling/v2/HorizontalPodAutoscaler]
#   rationale: >-
#     At night the autoscaler goes down to its minimum. A budget that wants as many pods available refuses every eviction
#     then, although it leaves room by day, so maintenance hangs just when it was planned. A percentage is rounded up:
#     80 % of one pod is one pod. Only Deployments and StatefulSets are seen, hence the reliability.
#   remediation:
#     - path: "{resource}/spec/minAvailable"
#       operation: remove
#       behaviour_changing: true
#       needs_human: false
#       note: Only one of the two fields may be set; `maxUnavailable` says it for any number of replicas.
#     - path: "{resource}/spec/maxUnavailable"
#       operation: set
#       value: 1
#       behaviour_changing: true
#       needs_human: false
#       note: Who needs more pods than the autoscaler's minimum at all times raises that minimum instead.
package deny_disruption_budgets_above_autoscalers

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
