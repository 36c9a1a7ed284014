# METADATA
# title: Require a PodDisruptionBudget
# description: A PodDisruptionBudget of its namespace must select the pods of every workload of two or more replicas.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#     description: Specifying a Disruption Budget for your Application
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: require-pod-disruption-budget
#   kind: JadeRequirePodDisruptionBudget
#   severity: low
#   severity_reason: Only planned work can take all replicas at once, and it brings them back on other nodes.
#   reliability: medium
#   tags: [availability, disruption-budget, referential]
#   features: [pdb_present=false]
#   kinds:
#     - ReplicationController
#     - apps.kruise.io/CloneSet
#     - apps.kruise.io/StatefulSet
#     - apps.openshift.io/DeploymentConfig
#     - apps/Deployment
#     - apps/ReplicaSet
#     - apps/StatefulSet
#     - argoproj.io/Rollout
#     - extensions/Deployment
#     - extensions/ReplicaSet
#   inventory: [policy/v1/PodDisruptionBudget]
#   rationale: >-
#     An update of the cluster drains node after node, and evicts every pod it finds. Nothing tells it that these pods
#     are replicas of one service, unless a budget does. A single replica is left alone: a budget that protects it
#     blocks the drain. Budgets on the way but not yet applied are not seen, hence the reliability.
#   parameters:
#     minimumReplicas:
#       type: integer
#       minimum: 0
#       default: 2
#       description: From how many replicas on a workload must have a budget.
#   remediation:
#     - path: "{namespace}/PodDisruptionBudget"
#       operation: create
#       value:
#         apiVersion: policy/v1
#         kind: PodDisruptionBudget
#         spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Its selector must be that of the workload; without one it protects nothing. How many pods the workload can
#         spare at a time is known to its owner.
package require_pod_disruption_budget

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.replicas
import data.lib.selectors

default minimum_replicas := 2

minimum_replicas := input.parameters.minimumReplicas if is_number(input.parameters.minimumReplicas)

violation contains {"msg": msg, "details": {"path": path}} if {
	replicas.wanted >= minimum_replicas
	k8s.pod_spec
	not protected
	msg := sprintf(
		"%s may lose all its replicas to a drain at once: no PodDisruptionBudget in %s selects its labels",
		[k8s.label, k8s.place],
	)
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

protected if {
	some budget in inventory.objects("policy/v1", "PodDisruptionBudget")

	# An empty selector selects every pod of the namespace, one that is missing none.
	is_object(budget.spec.selector)
	selectors.selects(budget.spec.selector, k8s.pod_labels)
}
