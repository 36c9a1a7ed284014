# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_blocking_disruption_budgets

import data.lib.kubernetes as k8s

most_unavailable := object.get(k8s.resource, ["spec", "maxUnavailable"], null) if {
	k8s.group_kind == "policy/PodDisruptionBudget"
}

least_available := object.get(k8s.resource, ["spec", "minAvailable"], null) if {
	k8s.group_kind == "policy/PodDisruptionBudget"
}

violation contains {"msg": msg, "details": {"path": "/spec/maxUnavailable"}} if {
	most_unavailable != null
	not some_may_be_away(most_unavailable)
	msg := sprintf("%s refuses every eviction: spec.maxUnavailable is %v", [k8s.label, most_unavailable])
}

violation contains {"msg": msg, "details": {"path": "/spec/minAvailable"}} if {
	least_available != null
	not some_may_be_spared(least_available)
	msg := sprintf("%s refuses every eviction: spec.minAvailable is %v", [k8s.label, least_available])
}

# The API server takes such a budget, and its controller counts no pod that may be evicted.
violation contains {"msg": msg, "details": {"path": "/spec/maxUnavailable"}} if {
	most_unavailable == null
	least_available == null
	msg := sprintf("%s refuses every eviction: it sets neither minAvailable nor maxUnavailable", [k8s.label])
}

some_may_be_away(value) if {
	is_number(value)
	value > 0
}

some_may_be_away(value) if {
	is_string(value)
	regex.match(`^0*[1-9][0-9]*%$`, value)
}

some_may_be_spared(value) if is_number(value)

some_may_be_spared(value) if {
	is_string(value)
	regex.match(`^0*[0-9]{1,2}%$`, value)
}
