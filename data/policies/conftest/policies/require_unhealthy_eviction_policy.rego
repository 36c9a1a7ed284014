# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_unhealthy_eviction_policy

import data.lib.kubernetes as k8s

default accepted := ["AlwaysAllow"]

accepted := input.parameters.accepted if is_array(input.parameters.accepted)

violation contains {"msg": msg, "details": {"path": "/spec/unhealthyPodEvictionPolicy"}} if {
	k8s.group_kind == "policy/PodDisruptionBudget"

	# policy/v1beta1 has no such field.
	k8s.resource.apiVersion == "policy/v1"
	value := object.get(k8s.resource, ["spec", "unhealthyPodEvictionPolicy"], null)
	not value in accepted
	msg := sprintf("%s %s", [k8s.label, said(value)])
}

said(value) := "may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is not set" if {
	value in {null, ""}
} else := sprintf("may keep pods that are not ready from being evicted: spec.unhealthyPodEvictionPolicy is %v", [value])
