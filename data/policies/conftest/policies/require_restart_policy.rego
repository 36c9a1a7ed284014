# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_restart_policy

import data.lib.kubernetes as k8s

default allowed := ["Always", "OnFailure"]

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	value := object.get(k8s.pod_spec, "restartPolicy", null)
	not value in allowed
	msg := sprintf("%s %s: state one of %v", [k8s.label, problem(value), allowed])
	path := concat("/", [k8s.pod_spec_pointer, "restartPolicy"])
}

problem(value) := "does not state its restartPolicy" if {
	value in {null, ""}
} else := sprintf("has restartPolicy %v", [value])
