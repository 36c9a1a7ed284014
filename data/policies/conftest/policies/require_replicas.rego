# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_replicas

import data.lib.kubernetes as k8s
import data.lib.replicas

default minimum := 2

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default maximum := 0

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

default allow_unset := false

allow_unset := input.parameters.allowUnset if is_boolean(input.parameters.allowUnset)

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	replicas.wanted < minimum
	not left_open
	msg := sprintf(
		"%s asks for %s, fewer than the %v that keep it up while a node is drained",
		[k8s.label, asked, minimum],
	)
}

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	maximum > 0
	is_number(replicas.stated)
	replicas.stated > maximum
	msg := sprintf("%s asks for %s, more than %v", [k8s.label, asked, maximum])
}

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	value := replicas.stated
	value != null
	not is_number(value)
	msg := sprintf("%s asks for replicas with what is no number: spec.replicas is %v", [k8s.label, value])
}

left_open if {
	allow_unset
	replicas.stated == null
}

asked := "1 replica (spec.replicas is not set)" if replicas.stated == null

asked := "1 replica" if replicas.stated == 1

asked := sprintf("%v replicas", [replicas.stated]) if {
	is_number(replicas.stated)
	replicas.stated != 1
}
