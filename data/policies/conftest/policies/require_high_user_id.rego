# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_high_user_id

import data.lib.images
import data.lib.kubernetes as k8s

default minimum := 10000

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

default pod_user := null

pod_user := k8s.pod_security_context.runAsUser

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	not k8s.windows
	some container in k8s.containers
	user := object.get(container.security_context, "runAsUser", null)
	not high(user)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s of %s must run as user %v or higher: set securityContext.runAsUser",
		[container.label, k8s.label, minimum],
	)
	path := concat("/", [container.pointer, "securityContext/runAsUser"])
}

high(user) if {
	is_number(user)
	user >= minimum
}

# The container says nothing, so the pod's user holds.
high(null) if {
	is_number(pod_user)
	pod_user >= minimum
}
