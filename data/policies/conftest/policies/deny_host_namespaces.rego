# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_host_namespaces

import data.lib.kubernetes as k8s

default allowed := []

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	value := k8s.pod_spec[field]
	k8s.set(value)
	not field in allowed
	msg := sprintf("%s shares a namespace of its node: %s is %v", [k8s.label, field, value])
	path := concat("/", [k8s.pod_spec_pointer, field])
}
