# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_pod_security_context

import data.lib.images
import data.lib.kubernetes as k8s

default required_fields := []

required_fields := [field | some field in input.parameters.requiredFields; is_string(field)] if {
	is_array(input.parameters.requiredFields)
}

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# A field that is null says as little as none.
said := {field | some field, value in k8s.pod_security_context; value != null}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	count(said) == 0
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s has no securityContext for its pods", [k8s.label])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	count(said) > 0
	some field in required_fields
	not field in said
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s does not set %v in the securityContext of its pods", [k8s.label, field])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext", k8s.pointer_token(field)])
}
