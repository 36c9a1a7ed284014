# METADATA
# title: Require node affinity
# description: Every pod must say which nodes suit it, by node affinity or by a node selector.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
#     description: Assigning pods to nodes
# custom:
#   id: require-node-affinity
#   kind: JadeRequireNodeAffinity
#   severity: info
#   severity_reason: It matters only in clusters whose nodes differ, and most pods run on any of them.
#   reliability: medium
#   tags: [scheduling]
#   features: [nodeAffinity.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     In a cluster with nodes of several kinds (architectures, systems, GPUs, spot capacity, zones) a pod that says
#     nothing lands on any of them: an image without its architecture does not start there, and cheap work takes the
#     place of what needs the dear node. In a cluster of equal nodes there is nothing to say, hence the reliability.
#   parameters:
#     acceptNodeSelector:
#       type: boolean
#       default: true
#       description: Whether a `nodeSelector` will do in place of node affinity.
#   remediation:
#     - path: "{pod_spec}/affinity/nodeAffinity"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: What the workload needs of a node, and how nodes are labelled, only people know.
package require_node_affinity

import data.lib.kubernetes as k8s

default accept_node_selector := true

accept_node_selector := input.parameters.acceptNodeSelector if is_boolean(input.parameters.acceptNodeSelector)

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not placed
	msg := sprintf("%s does not say which nodes suit it: set node affinity%s", [k8s.label, alternative])
	path := concat("/", [k8s.pod_spec_pointer, "affinity/nodeAffinity"])
}

default alternative := ""

alternative := " or a node selector" if accept_node_selector

# An affinity without terms says nothing.
placed if {
	terms := k8s.pod_spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
	is_array(terms)
	count(terms) > 0
}

placed if {
	terms := k8s.pod_spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution
	is_array(terms)
	count(terms) > 0
}

placed if {
	accept_node_selector
	is_object(k8s.pod_spec.nodeSelector)
	count(k8s.pod_spec.nodeSelector) > 0
}
