# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_proc_mount

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_types := ["Default"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.procMount
	not type in {null, ""}
	not type in allowed_types
	not images.exempt(container, exempt_images)
	msg := sprintf("%s mounts /proc as %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/procMount"])
}
