# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_privileged_pods

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.privileged
	k8s.set(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s runs privileged: securityContext.privileged is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/privileged"])
}
