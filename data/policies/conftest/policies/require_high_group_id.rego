# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_high_group_id

import data.lib.images
import data.lib.kubernetes as k8s

default minimum := 10000

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not high(object.get(container.security_context, "runAsGroup", null))
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s must run with group %v or higher: set securityContext.runAsGroup",
		[container.label, minimum],
	)
	path := concat("/", [container.pointer, "securityContext/runAsGroup"])
}

high(group) if high_number(group)

high_number(value) if {
	is_number(value)
	value >= minimum
}

# The container says nothing, so the pod's group holds.
high(null) if pod_is_high

pod_is_high if high_number(k8s.pod_security_context.runAsGroup)
