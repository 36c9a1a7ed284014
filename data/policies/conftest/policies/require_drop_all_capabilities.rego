# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_drop_all_capabilities

import data.lib.capabilities
import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	# Capabilities do not exist on Windows.
	some container in k8s.linux_containers
	dropped := object.get(capabilities.dropped, container.pointer, set())
	not "ALL" in dropped
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s keeps capabilities: securityContext.capabilities.drop lacks ALL",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/capabilities/drop"])
}
