# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_egress_policy

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.selectors

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	count(limits) == 0
	msg := sprintf("%s may call everything: no NetworkPolicy in %s is for its egress", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	lets_out_everything
	msg := sprintf("%s may call everything: a NetworkPolicy in %s has an egress rule without limits", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

# The specs of the NetworkPolicies for the egress of the workload's pods.
limits := [spec |
	some policy in inventory.objects("networking.k8s.io/v1", "NetworkPolicy")
	spec := policy.spec
	is_object(spec)
	for_egress(spec)

	# A NetworkPolicy without a pod selector selects every pod of its namespace.
	selectors.selects(object.get(spec, "podSelector", null), k8s.pod_labels)
]

for_egress(spec) if "Egress" in spec.policyTypes

# Where a NetworkPolicy names no types, Kubernetes goes by whether it has egress rules.
for_egress(spec) if {
	object.get(spec, "policyTypes", null) in {[], null}
	count(spec.egress) > 0
}

lets_out_everything if {
	some spec in limits
	is_array(spec.egress)
	some entry in spec.egress
	rule := k8s.object_or_empty(entry)
	object.get(rule, "ports", null) in {[], null}
	to_everybody(rule)
}

to_everybody(rule) if object.get(rule, "to", null) in {[], null}

to_everybody(rule) if {
	some peer in rule.to
	endswith(peer.ipBlock.cidr, "/0")
	object.get(peer.ipBlock, "except", null) in {[], null}
}
