# METADATA
# title: Require an eviction policy for unhealthy pods
# description: A PodDisruptionBudget must set `unhealthyPodEvictionPolicy` to AlwaysAllow.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
#     description: Unhealthy Pod Eviction Policy
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#     description: Disruptions
# custom:
#   id: require-unhealthy-eviction-policy
#   kind: JadeRequireUnhealthyEvictionPolicy
#   severity: low
#   severity_reason: A drain hangs on pods that are broken anyway; it takes a person to see that, and a minute to help.
#   reliability: high
#   tags: [availability, disruption-budget]
#   features: [pdb.unhealthyPodEvictionPolicy=unset]
#   kinds: [policy/PodDisruptionBudget]
#   rationale: >-
#     Where nothing is set, a pod that runs but never became ready is protected like a healthy one as soon as the budget
#     is used up. A release that crashes in a loop then keeps its nodes from being drained, though evicting it harms
#     nobody. `AlwaysAllow` lets the drain go on. Who must give slow starters their time may accept IfHealthyBudget.
#   parameters:
#     accepted:
#       type: array
#       items: {type: string}
#       default: [AlwaysAllow]
#       description: Values of `unhealthyPodEvictionPolicy` that pass; the other one is IfHealthyBudget.
#   remediation:
#     - path: "{resource}/spec/unhealthyPodEvictionPolicy"
#       operation: set
#       value: AlwaysAllow
#       behaviour_changing: true
#       needs_human: false
#       note: A pod that is still starting may then be evicted however little the budget leaves.
package require_unhealthy_eviction_policy

import data.lib.kubernetes as k8s

default accepted := ["AlwaysAllow"]

accepted := input.parameters.accepted if is_array(input.parameters.accepted)

violation contains {"msg": msg, "details": {"path": "/spec/unhealthyPodEvictionPolicy"}} if {
	k8s.group_kind == "policy/PodDisruptionBudget"

	# policy/v1beta1 has no such field.
	k8s.resource.apiVersion == "policy/v1"
	value := object.get(k8s.resource, ["spec", "unhealthyPodEvictionPolicy"], null)
	not value in accepted
	msg := sprintf("%s %s", [k8s.label, said(value)])
}

said(value) := "may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is not set" if {
	value in {null, ""}
} else := sprintf("may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is %v", [value])
