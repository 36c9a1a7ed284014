# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_read_only_root_filesystem

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	object.get(container.security_context, "readOnlyRootFilesystem", null) != true
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s can write to its root filesystem: set securityContext.readOnlyRootFilesystem to true",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/readOnlyRootFilesystem"])
}
