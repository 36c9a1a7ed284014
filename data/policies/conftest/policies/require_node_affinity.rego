# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_node_affinity

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
