# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_network_policy

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.selectors

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not selected
	msg := sprintf("%s is open to all pods: no NetworkPolicy in %s selects its labels", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

selected if {
	some policy in inventory.objects("networking.k8s.io/v1", "NetworkPolicy")
	is_object(policy.spec)

	# A NetworkPolicy without a pod selector selects every pod of its namespace.
	selector := object.get(policy.spec, "podSelector", null)
	selectors.selects(selector, k8s.pod_labels)
}
