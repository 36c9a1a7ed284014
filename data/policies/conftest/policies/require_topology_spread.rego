# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_topology_spread

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
