# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_pod_disruption_budget

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
