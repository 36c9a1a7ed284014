# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_priority_class

import data.lib.kubernetes as k8s

default allowed := []

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	name := object.get(k8s.pod_spec, "priorityClassName", null)
	message := problem(name)
	msg := sprintf("%s %s", [k8s.label, message])
	path := concat("/", [k8s.pod_spec_pointer, "priorityClassName"])
}

problem(name) := "names no priority class" if {
	not named(name)
} else := sprintf("names priority class %s, which is none of %v", [name, allowed]) if {
	count(allowed) > 0
	not name in allowed
}

named(name) if {
	is_string(name)
	name != ""
}
