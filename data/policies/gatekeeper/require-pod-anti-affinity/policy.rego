# METADATA
# title: Require pod anti-affinity
# description: >-
#   A workload of two or more replicas must keep its pods on different nodes, with `podAntiAffinity` against itself or
#   with a topology spread constraint over nodes or zones.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
#     description: Inter-pod affinity and anti-affinity
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
#     description: Pod Topology Spread Constraints
# custom:
#   id: require-pod-anti-affinity
#   kind: JadeRequirePodAntiAffinity
#   severity: low
#   severity_reason: It shows only when a node is lost, and the scheduler often spreads pods without being asked.
#   reliability: medium
#   tags: [availability, scheduling]
#   features: [podAntiAffinity=false]
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
#   rationale: >-
#     Replicas on one node fall together with it. The scheduler only leans towards spreading them, and a full or freshly
#     grown cluster ends with all of them in one place. A term counts where its selector selects the workload's own pods;
#     one with a typo keeps them apart from nobody. Defaults of the scheduler's own configuration are not seen.
#   parameters:
#     minimumReplicas:
#       type: integer
#       minimum: 1
#       default: 2
#       description: From how many replicas on a workload is judged.
#     topologyKeys:
#       type: array
#       items: {type: string}
#       default: [kubernetes.io/hostname, topology.kubernetes.io/zone]
#       description: Node labels over which the pods may be kept apart; one of them is enough.
#     requiredOnly:
#       type: boolean
#       default: false
#       description: >-
#         Whether only what the scheduler must obey counts (required terms, `DoNotSchedule`), and not what it prefers.
#   remediation:
#     - path: "{pod_spec}/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         One term of weight 100 over kubernetes.io/hostname whose label selector is the workload's own. Only the owner
#         knows whether a pod that finds no node of its own should wait for one, which a required term makes it do.
package require_pod_anti_affinity

import data.lib.kubernetes as k8s
import data.lib.replicas
import data.lib.selectors

default minimum_replicas := 2

minimum_replicas := input.parameters.minimumReplicas if is_number(input.parameters.minimumReplicas)

default topology_keys := ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]

topology_keys := input.parameters.topologyKeys if is_array(input.parameters.topologyKeys)

default required_only := false

required_only := input.parameters.requiredOnly if is_boolean(input.parameters.requiredOnly)

violation contains {"msg": msg, "details": {"path": path}} if {
	replicas.wanted >= minimum_replicas
	k8s.pod_spec
	not kept_apart
	msg := sprintf(
		"%s may run all its replicas on one node: neither podAntiAffinity nor topologySpreadConstraints keep them apart",
		[k8s.label],
	)
	path := concat("", [k8s.pod_spec_pointer, "/affinity/podAntiAffinity"])
}

kept_apart if {
	some term in array.concat(terms, spread_constraints)
	some key in topology_keys
	term.topologyKey == key

	# Without a selector a term is about no pod at all.
	is_object(term.labelSelector)
	selectors.selects(term.labelSelector, k8s.pod_labels)
}

anti_affinity := k8s.pod_spec.affinity.podAntiAffinity

terms := [term |
	some term in array.concat(required_terms, preferred_terms)
	is_object(term)
	reaches_own_namespace(term)
]

required_terms := [term | some term in anti_affinity.requiredDuringSchedulingIgnoredDuringExecution]

preferred_terms := [preferred.podAffinityTerm |
	not required_only
	some preferred in anti_affinity.preferredDuringSchedulingIgnoredDuringExecution
]

spread_constraints := [constraint |
	some constraint in k8s.pod_spec.topologySpreadConstraints
	hard_enough(constraint)
]

# A term without namespaces is about the pod's own. Which namespaces a selector selects is not known here.
reaches_own_namespace(term) if object.get(term, "namespaces", null) in {null, []}

reaches_own_namespace(term) if k8s.namespace in term.namespaces

reaches_own_namespace(term) if is_object(term.namespaceSelector)

hard_enough(_) if not required_only

hard_enough(constraint) if constraint.whenUnsatisfiable == "DoNotSchedule"
