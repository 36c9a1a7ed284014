# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_pod_anti_affinity

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
