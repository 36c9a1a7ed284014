# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_high_group_id

import data.lib.images
import data.lib.kubernetes as k8s

default minimum := 10000

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

default pod_group := null

pod_group := k8s.pod_security_context.runAsGroup

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	not k8s.windows
	some container in k8s.containers
	group := object.get(container.security_context, "runAsGroup", null)
	not high(group)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s of %s must run with group %v or higher: set securityContext.runAsGroup",
		[container.label, k8s.label, minimum],
	)
	path := concat("/", [container.pointer, "securityContext/runAsGroup"])
}

high(group) if {
	is_number(group)
	group >= minimum
}

# The container says nothing, so the pod's group holds.
high(null) if {
	is_number(pod_group)
	pod_group >= minimum
}
