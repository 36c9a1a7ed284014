# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_network_policy

import data.lib.kubernetes as k8s
import data.lib.selectors

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not selected
	msg := sprintf("%s is open to all pods: no NetworkPolicy in %s selects its labels", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

selected if {
	some policy in network_policies
	is_object(policy.spec)

	# A NetworkPolicy without a pod selector selects every pod of its namespace.
	selector := object.get(policy.spec, "podSelector", null)
	selectors.selects(selector, k8s.pod_labels)
}

network_policies contains policy if {
	some policy in data.inventory.namespace[k8s.namespace]["networking.k8s.io/v1"].NetworkPolicy
}

# Manifests that leave their namespace open belong together: replicated without one, a NetworkPolicy stands beside the
# objects of the cluster.
network_policies contains policy if {
	not k8s.namespace
	some policy in data.inventory.cluster["networking.k8s.io/v1"].NetworkPolicy
}

network_policies contains policy if {
	not k8s.namespace
	some policy in data.inventory.namespace["default"]["networking.k8s.io/v1"].NetworkPolicy
}
