# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_privilege_escalation

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	object.get(container.security_context, "allowPrivilegeEscalation", null) != false
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may escalate its privileges: set securityContext.allowPrivilegeEscalation to false",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/allowPrivilegeEscalation"])
}
