# METADATA
# title: Deny disruption budgets that block evictions
# description: A PodDisruptionBudget must leave room for at least one eviction.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#     description: Specifying a Disruption Budget for your Application
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/
#     description: Safely Drain a Node
# custom:
#   id: deny-blocking-disruption-budgets
#   kind: JadeDenyBlockingDisruptionBudgets
#   severity: medium
#   severity_reason: It stops the drain of a node, and with it updates of the cluster, until somebody steps in.
#   reliability: high
#   tags: [availability, disruption-budget]
#   features: [pdb.maxUnavailable=0]
#   kinds: [policy/PodDisruptionBudget]
#   rationale: >-
#     A budget of no disruptions refuses every eviction. Nodes are then not drained: security updates wait, autoscalers
#     cannot shrink the cluster, and in the end somebody deletes the pods by force, all at once. The same holds for a
#     budget that says neither `minAvailable` nor `maxUnavailable`. Whether a number in `minAvailable` leaves room
#     depends on the replicas, which are not seen here.
#   remediation:
#     - path: "{resource}/spec/minAvailable"
#       operation: remove
#       behaviour_changing: true
#       needs_human: false
#       note: Only one of the two fields may be set; what the budget allows is said by `maxUnavailable`.
#     - path: "{resource}/spec/maxUnavailable"
#       operation: set
#       value: 1
#       behaviour_changing: true
#       needs_human: false
#       note: A workload of one replica is then down while its pod moves, as it is when its node fails.
package deny_blocking_disruption_budgets

import data.lib.kubernetes as k8s

most_unavailable := object.get(k8s.resource, ["spec", "maxUnavailable"], null) if {
	k8s.group_kind == "policy/PodDisruptionBudget"
}

least_available := object.get(k8s.resource, ["spec", "minAvailable"], null) if {
	k8s.group_kind == "policy/PodDisruptionBudget"
}

violation contains {"msg": msg, "details": {"path": "/spec/maxUnavailable"}} if {
	most_unavailable != null
	not some_may_be_away(most_unavailable)
	msg := sprintf("%s refuses every eviction: spec.maxUnavailable is %v", [k8s.label, most_unavailable])
}

violation contains {"msg": msg, "details": {"path": "/spec/minAvailable"}} if {
	least_available != null
	not some_may_be_spared(least_available)
	msg := sprintf("%s refuses every eviction: spec.minAvailable is %v", [k8s.label, least_available])
}

# The API server takes such a budget, and its controller counts no pod that may be evicted.
violation contains {"msg": msg, "details": {"path": "/spec/maxUnavailable"}} if {
	most_unavailable == null
	least_available == null
	msg := sprintf("%s refuses every eviction: it sets neither minAvailable nor maxUnavailable", [k8s.label])
}

some_may_be_away(value) if {
	is_number(value)
	value > 0
}

some_may_be_away(value) if {
	is_string(value)
	regex.match(`^0*[1-9][0-9]*%$`, value)
}

some_may_be_spared(value) if is_number(value)

some_may_be_spared(value) if {
	is_string(value)
	regex.match(`^0*[0-9]{1,2}%$`, value)
}
