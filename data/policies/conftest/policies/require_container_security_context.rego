# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_container_security_context

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers

	# A field that is null says as little as none.
	count([1 | some value in container.security_context; value != null]) == 0
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no securityContext of its own", [container.label])
	path := concat("/", [container.pointer, "securityContext"])
}
