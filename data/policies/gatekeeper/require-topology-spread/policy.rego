# METADATA
# title: Require topology spread constraints
# description: >-
#   A workload of two or more replicas must say with `topologySpreadConstraints` how its own pods spread; where any
#   workload or Pod says so, its constraints must not miss its own pods.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
#     description: Pod Topology Spread Constraints
#   - ref: https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone
#     description: The label that names a node's zone
# custom:
#   id: require-topology-spread
#   kind: JadeRequireTopologySpread
#   severity: low
#   severity_reason: It shows only when a zone or node is lost, and the scheduler spreads pods a little by default.
#   reliability: medium
#   tags: [availability, scheduling]
#   features: [topologySpreadConstraints=false]
#   kinds:
#     - Pod
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
#   rationale: >-
#     Anti-affinity keeps pods apart one by one; a spread constraint keeps the zones even, at ten replicas as at two, and
#     after an autoscaler has been at work. A constraint whose selector misses the workload's own pods counts none of
#     them and spreads nothing. Constraints that the scheduler's own configuration adds are not seen.
#   parameters:
#     minimumReplicas:
#       type: integer
#       minimum: 0
#       default: 2
#       description: From how many replicas on a workload must have a constraint; a bare Pod counts as one.
#     topologyKeys:
#       type: array
#       items: {type: string}
#       default: []
#       description: Node labels over one of which the pods must spread; an empty list takes any label.
#   remediation:
#     - path: "{pod_spec}/topologySpreadConstraints"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         A constraint over topology.kubernetes.io/zone with maxSkew 1, ScheduleAnyway and the workload's own selector
#         suits most. Only the owner knows whether a pod should rather wait than be placed unevenly.
package require_topology_spread

import data.lib.kubernetes as k8s
import data.lib.replicas
import data.lib.selectors

default minimum_replicas := 2

minimum_replicas := input.parameters.minimumReplicas if is_number(input.parameters.minimumReplicas)

default topology_keys := []

topology_keys := input.parameters.topologyKeys if is_array(input.parameters.topologyKeys)

violation contains {"msg": msg, "details": {"path": path}} if {
	expected
	k8s.pod_spec
	not spread
	msg := sprintf(
		"%s does not say how its replicas spread: no entry of topologySpreadConstraints is about its own pods",
		[k8s.label],
	)
	path := concat("", [k8s.pod_spec_pointer, "/topologySpreadConstraints"])
}

expected if pods >= minimum_replicas

# Constraints that miss their own pods are a fault at any number of replicas.
expected if {
	pods >= 0
	is_array(k8s.pod_spec.topologySpreadConstraints)
	k8s.pod_spec.topologySpreadConstraints != []
}

pods := replicas.wanted

pods := 1 if k8s.group_kind == "Pod"

spread if {
	some constraint in k8s.pod_spec.topologySpreadConstraints
	over_a_wanted_label(constraint.topologyKey)

	# Without a selector a constraint counts no pod.
	is_object(constraint.labelSelector)
	selectors.selects(constraint.labelSelector, k8s.pod_labels)
}

over_a_wanted_label(key) if {
	topology_keys == []
	is_string(key)
	key != ""
}

over_a_wanted_label(key) if key in topology_keys
